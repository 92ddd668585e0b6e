//! Our own `x-` keys: where they mean something, and what they must hold.

use std::collections::BTreeMap;

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::names;
use crate::read::{Node, child};

/// Keys that say something about a property.
const OF_PROPERTIES: &[&str] = &["x-field-name", "x-alias", "x-boxed", "x-observed-optional", "x-sensitive"];

/// Our keys stand on properties, and on enums, as each of them asks.
pub(super) fn places(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        for key in OF_PROPERTIES.iter().filter(|key| place.node.get(key).is_some()) {
            let (message, fix) = if place.slot != "properties" {
                (format!("`{key}` on something other than a property"), "move it to the property it is about")
            } else if *key == "x-observed-optional" && !is_required(spec, place) {
                (
                    format!("`{key}` on a property that is not required"),
                    "take it out, or list the property in `required`",
                )
            } else if *key == "x-boxed" && (is_required(spec, place) || !is_object(spec, place)) {
                (
                    format!("`{key}` on a property that is required, or is no object"),
                    "take it out: only what may be missing is worth a box",
                )
            } else {
                continue;
            };
            report.house(&child(&place.pointer, key), rules::MISPLACED_EXTENSION, message, fix);
        }
        let is_enum = place.node.get("enum").is_some() || place.node.get("oneOf").is_some();
        if place.node.get("x-closed").is_some() && (!is_enum || place.slot == "oneOf") {
            let message = "`x-closed` on something other than an enum";
            let pointer = child(&place.pointer, "x-closed");
            report.house(&pointer, rules::MISPLACED_EXTENSION, message, "move it to the enum it is about");
        }
    }
    for place in spec.of(Kind::Operation).filter(|place| place.slot != "delete" && place.node.get("x-gone").is_some()) {
        let message = "`x-gone` on something other than a DELETE";
        let pointer = child(&place.pointer, "x-gone");
        report.house(&pointer, rules::MISPLACED_EXTENSION, message, "take it out: nothing else is gone afterwards");
    }
}

fn is_object(spec: &Spec<'_>, place: &Place<'_>) -> bool {
    spec.schema(&place.pointer).is_some_and(|(_, schema)| schema.get("properties").is_some())
}

fn is_required(spec: &Spec<'_>, place: &Place<'_>) -> bool {
    let required = spec.parent(place).and_then(|object| object.node.get("required"));
    required.is_some_and(|required| required.items().iter().any(|name| name.as_str() == Some(&place.name())))
}

/// Our keys hold what they must.
pub(super) fn values(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let text = |key: &str| place.node.get(key).and_then(Node::as_str);
        if text("x-observed-optional").is_some_and(|evidence| evidence.trim().is_empty()) {
            let pointer = child(&place.pointer, "x-observed-optional");
            report.error(&pointer, rules::BAD_EXTENSION, "no evidence", "say where it was seen to be absent or null");
        }
        if let Some(name) = text("x-field-name").filter(|name| names::field_name(name) != **name) {
            let message = format!("`{name}` is not the name of a field");
            let fix = format!("write `{}`", names::field_name(name));
            report.error(&child(&place.pointer, "x-field-name"), rules::BAD_EXTENSION, message, &fix);
        }
        aliases(place, report);
    }
    for place in spec.of(Kind::Operation) {
        let Some(node) = place.node.get("x-gone") else { continue };
        let mut codes = node.as_str().into_iter().chain(node.items().iter().filter_map(Node::as_str)).peekable();
        if codes.peek().is_none() || codes.any(str::is_empty) {
            let fix = "name the error codes that mean it, or take the key out";
            report.error(&child(&place.pointer, "x-gone"), rules::BAD_EXTENSION, "no error code", fix);
        }
    }
}

/// A name on the wire is decoded into one property.
fn aliases(object: &Place<'_>, report: &mut Report<'_>) {
    let properties = object.node.get("properties").map(Node::entries).unwrap_or_default();
    let mut owners: BTreeMap<&str, &str> =
        properties.iter().map(|property| (property.key.as_str(), property.key.as_str())).collect();
    let all = child(&object.pointer, "properties");
    for property in properties {
        let Some(node) = property.value.get("x-alias") else { continue };
        let pointer = child(&child(&all, &property.key), "x-alias");
        for alias in node.as_str().into_iter().chain(node.items().iter().filter_map(Node::as_str)) {
            let message = match owners.insert(alias, &property.key) {
                _ if alias.is_empty() => "an empty alias".to_owned(),
                Some(owner) => format!("the name `{alias}` is decoded into `{owner}` already"),
                None => continue,
            };
            report.error(&pointer, rules::BAD_EXTENSION, message, "take it out");
        }
    }
}

/// `x-codegen` names headers and a schema of the spec.
pub(super) fn codegen(spec: &Spec<'_>, report: &mut Report<'_>) {
    let headers: Vec<_> = spec
        .of(Kind::Parameter)
        .filter(|place| place.node.get("in").and_then(Node::as_str) == Some("header"))
        .filter_map(|place| place.node.get("name").and_then(Node::as_str))
        .collect();
    let mut seen: Vec<&str> = Vec::new();
    for (index, name) in spec.context_headers().into_iter().enumerate() {
        let pointer = child("/x-codegen/context-headers", index);
        if !headers.iter().any(|header| header.eq_ignore_ascii_case(name)) {
            let message = format!("no operation has a header `{name}`");
            report.error(&pointer, rules::BAD_EXTENSION, message, "add the parameter, or take the name out");
        }
        if seen.iter().any(|header| header.eq_ignore_ascii_case(name)) {
            let message = format!("the header `{name}` stands in this list twice");
            report.error(&pointer, rules::DUPLICATE_VALUE, message, "take one of the two out");
        }
        seen.push(name);
    }
    let text = |key: &str| spec.document.at(&child("/x-codegen", key)).and_then(Node::as_str);
    if let Some(name) = text("request-id-header").filter(|name| !seen.iter().any(|it| it.eq_ignore_ascii_case(name))) {
        let message = format!("the header `{name}` is not one of `context-headers`");
        report.error(
            "/x-codegen/request-id-header",
            rules::BAD_EXTENSION,
            message,
            "add it there, or take it out here",
        );
    }
    if let Some(path) = text("error-code")
        && !leads_to_code(spec, path)
    {
        let message = format!("`{path}` leads to no enum that may be extended, from the schema of error bodies");
        let fix = "name properties, one after the other with dots between them, from `error-schema` to the error code";
        report.error("/x-codegen/error-code", rules::BAD_EXTENSION, message, fix);
    }
    if let Some(name) = text("error-schema") {
        let schema = spec.schema(&child("/components/schemas", name));
        if schema.is_none_or(|(_, schema)| schema.get("properties").is_none()) {
            let message = format!("there is no component schema `{name}` that is an object with properties");
            report.error("/x-codegen/error-schema", rules::BAD_EXTENSION, message, "name the schema of error bodies");
        }
    }
}

/// Whether a path of property names leads from the schema of error bodies to an open enum; lists stand for their first
/// element.
fn leads_to_code(spec: &Spec<'_>, path: &str) -> bool {
    let Some(name) = spec.document.at("/x-codegen/error-schema").and_then(Node::as_str) else { return false };
    let mut place = child("/components/schemas", name);
    for segment in path.split('.') {
        let Some((pointer, schema)) = spec.schema(&place) else { return false };
        if schema.get("properties").and_then(|properties| properties.get(segment)).is_none() {
            return false;
        }
        place = child(&child(&pointer, "properties"), segment);
        if let Some((pointer, _)) = spec.schema(&place).filter(|(_, schema)| schema.get("items").is_some()) {
            place = child(&pointer, "items");
        }
    }
    let is_open = |schema: &Node| {
        let is_enum = schema.get("enum").is_some() || schema.get("oneOf").is_some();
        is_enum && schema.get("x-closed").and_then(Node::as_bool) != Some(true)
    };
    spec.schema(&place).is_some_and(|(_, schema)| is_open(schema))
}
