//! Our own `x-` keys: the objects that they belong to, and their values.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::names;
use crate::spec::NodeRef;

/// Keys of properties.
const OF_PROPERTIES: &[&str] = &["x-field-name", "x-alias", "x-boxed", "x-observed-optional", "x-sensitive"];

/// Our keys belong to properties, and to enums.
pub(super) fn places(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut required = Required::default();
    for place in spec.of(Kind::Schema) {
        for key in OF_PROPERTIES.iter().filter(|key| place.node.has(key)) {
            if let Some((message, fix)) = misplaced(spec, place, key, &mut required) {
                report.tolerated(&place.node.get(key), rules::MISPLACED_EXTENSION, message, fix);
            }
        }
        let is_enum = place.node.has("enum") || place.node.has("oneOf");
        if place.node.has("x-closed") && (!is_enum || place.slot == "oneOf") {
            let message = "`x-closed` on something other than an enum";
            let fix = "move it to the enum it is about";
            report.tolerated(&place.node.get("x-closed"), rules::MISPLACED_EXTENSION, message, fix);
        }
    }
    for place in spec.of(Kind::Operation).filter(|place| place.slot != "delete" && place.node.has("x-gone")) {
        let message = "`x-gone` on something other than a DELETE";
        let fix = "take it out: nothing else is gone afterwards";
        report.tolerated(&place.node.get("x-gone"), rules::MISPLACED_EXTENSION, message, fix);
    }
}

fn misplaced<'a>(
    spec: &Spec<'a>,
    place: &Place<'a>,
    key: &str,
    required: &mut Required<'a>,
) -> Option<(String, &'static str)> {
    let is_object = || spec.schema(&place.node).is_some_and(|schema| schema.has("properties"));
    if place.slot != "properties" {
        let fix = "move it to the property it is about";
        return Some((format!("`{key}` on something other than a property"), fix));
    }
    if key == "x-observed-optional" && !required.has(spec, place) {
        let fix = "take it out, or list the property in `required`";
        return Some((format!("`{key}` on a property that is not required"), fix));
    }
    if key == "x-boxed" && (required.has(spec, place) || !is_object()) {
        let fix = "take it out: only optional objects are worth a box";
        return Some((format!("`{key}` on a property that is required, or not an object"), fix));
    }
    None
}

/// The `required` lists of objects, by the index of the object.
#[derive(Default)]
struct Required<'a>(HashMap<usize, HashSet<&'a str>>);

impl<'a> Required<'a> {
    /// Whether a property is in the list of its object.
    fn has(&mut self, spec: &Spec<'a>, property: &Place<'a>) -> bool {
        let Some(parent) = property.parent else { return false };
        let names = self.0.entry(parent).or_insert_with(|| {
            let list = spec.places.get(parent).map(|object| object.node.get("required"));
            list.iter().flat_map(NodeRef::texts).collect()
        });
        names.contains(property.name())
    }
}

/// Our keys have values of the right form.
pub(super) fn values(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        if place.node.text("x-observed-optional").is_some_and(|evidence| evidence.trim().is_empty()) {
            let evidence = place.node.get("x-observed-optional");
            report.error(&evidence, rules::BAD_EXTENSION, "no evidence", "say where it was seen to be absent or null");
        }
        if let Some(name) = place.node.text("x-field-name").filter(|name| names::field_name(name) != **name) {
            let message = format!("`{name}` is not the name of a field");
            let fix = format!("write `{}`", names::field_name(name));
            report.error(&place.node.get("x-field-name"), rules::BAD_EXTENSION, message, fix);
        }
        aliases(&place.node, report);
    }
    for place in spec.of(Kind::Operation).filter(|place| place.node.has("x-gone")) {
        let gone = place.node.get("x-gone");
        let codes = gone.texts();
        if codes.is_empty() || codes.contains(&"") {
            let fix = "name the error codes that mean it, or take the key out";
            report.error(&gone, rules::BAD_EXTENSION, "no error code", fix);
        }
    }
}

/// A name on the wire is decoded into one property.
fn aliases(object: &NodeRef<'_>, report: &mut Report<'_>) {
    let properties = object.get("properties");
    let mut owners: BTreeMap<&str, &str> = properties.children().map(|(name, _)| (name, name)).collect();
    for (name, property) in properties.children() {
        let place = property.get("x-alias");
        for alias in place.texts() {
            let message = match owners.insert(alias, name) {
                _ if alias.is_empty() => "an empty alias".to_owned(),
                Some(owner) => format!("the name `{alias}` is decoded into `{owner}` already"),
                None => continue,
            };
            report.error(&place, rules::BAD_EXTENSION, message, "take it out");
        }
    }
}

/// `x-codegen` names headers and a schema of the spec.
pub(super) fn codegen(spec: &Spec<'_>, report: &mut Report<'_>) {
    let ours = spec.view.root().get("x-codegen");
    context_headers(spec, &ours.get("context-headers"), report);
    if let Some(name) = ours.text("request-id-header").filter(|name| !spec.is_context_header(name)) {
        let message = format!("the header `{name}` is not one of `context-headers`");
        let fix = "add it there, or take it out here";
        report.error(&ours.get("request-id-header"), rules::BAD_EXTENSION, message, fix);
    }
    let schema = ours.text("error-schema").map(|name| spec.schema_component(name));
    if let Some(path) = ours.text("error-code")
        && !schema.as_ref().is_some_and(|schema| leads_to_code(spec, schema, path))
    {
        let message = format!("`{path}` leads to no enum that may be extended, from the schema of error bodies");
        let fix = "name properties, one after the other with dots between them, from `error-schema` to the error code";
        report.error(&ours.get("error-code"), rules::BAD_EXTENSION, message, fix);
    }
    if let Some(schema) = schema
        && !spec.schema(&schema).is_some_and(|schema| schema.has("properties"))
    {
        let name = schema.pointer.last().unwrap_or_default();
        let message = format!("there is no component schema `{name}` that is an object with properties");
        report.error(&ours.get("error-schema"), rules::BAD_EXTENSION, message, "name the schema of error bodies");
    }
}

fn context_headers(spec: &Spec<'_>, list: &NodeRef<'_>, report: &mut Report<'_>) {
    let parameters = spec.of(Kind::Parameter).filter(|place| place.node.text("in") == Some("header"));
    let headers: HashSet<_> =
        parameters.filter_map(|place| place.node.text("name")).map(str::to_ascii_lowercase).collect();
    let mut seen = HashSet::new();
    for place in list.items() {
        let Some(name) = place.as_str() else { continue };
        let key = name.to_ascii_lowercase();
        if !headers.contains(&key) {
            let message = format!("no operation has a header `{name}`");
            report.error(&place, rules::BAD_EXTENSION, message, "add the parameter, or take the name out");
        }
        if !seen.insert(key) {
            let message = format!("the header `{name}` is in this list twice");
            report.error(&place, rules::DUPLICATE_VALUE, message, "take one of the two out");
        }
    }
}

/// Whether a path of property names leads from the schema of error bodies to an open enum; lists stand for their first
/// element.
fn leads_to_code<'a>(spec: &Spec<'a>, schema: &NodeRef<'a>, path: &str) -> bool {
    let mut place = schema.clone();
    for name in path.split('.') {
        let Some(schema) = spec.schema(&place) else { return false };
        place = schema.get("properties").get(name);
        if let Some(list) = spec.schema(&place).filter(|schema| schema.has("items")) {
            place = list.get("items");
        }
    }
    let is_open = |schema: NodeRef<'_>| (schema.has("enum") || schema.has("oneOf")) && !schema.flag("x-closed");
    spec.schema(&place).is_some_and(is_open)
}
