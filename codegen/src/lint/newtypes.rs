//! Newtypes: the places of `x-newtype`, and the names in it.

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::names;
use crate::spec::NodeRef;

/// The longest chain of lists and maps around a value that is followed. A chain without end is another rule's finding.
const MAX_NESTED: usize = 32;

/// `x-newtype` is a key of strings and UUIDs.
pub(super) fn places(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in newtypes(spec) {
        let key = place.node.get("x-newtype");
        if let Some(message) = unused(spec, place) {
            report.tolerated(&key, rules::MISPLACED_EXTENSION, message, "take it out");
        } else if let Some((message, fix)) = misplaced(&place.node) {
            report.error(&key, rules::MISPLACED_EXTENSION, message, fix);
        }
    }
    for place in spec.of(Kind::Schema).filter(|place| place.node.get("x-sensitive").as_bool() == Some(false)) {
        if holds_newtype(spec, &place.node) {
            let message = "`x-sensitive: false` on a newtype, whose value `Debug` always hides";
            report.error(&place.node.get("x-sensitive"), rules::BAD_EXTENSION, message, "take it out");
        }
    }
}

fn newtypes<'s, 'a>(spec: &'s Spec<'a>) -> impl Iterator<Item = &'s Place<'a>> {
    spec.places.iter().filter(|place| place.kind == Kind::Schema && place.node.has("x-newtype"))
}

/// Returns the reason if no code is made for the value of a schema.
fn unused<'a>(spec: &Spec<'a>, place: &Place<'a>) -> Option<&'static str> {
    let owner = spec.parent(place).filter(|owner| owner.kind == Kind::Parameter);
    let is_in_context = owner.is_some_and(|owner| {
        owner.node.text("in") == Some("header") && spec.is_context_header(owner.node.text("name").unwrap_or_default())
    });
    match (place.is_silent, is_in_context) {
        (true, _) => Some("`x-newtype` on a value that no code is made for"),
        (_, true) => Some("`x-newtype` on a header of the client, which is set as text"),
        _ => None,
    }
}

fn misplaced(schema: &NodeRef<'_>) -> Option<(&'static str, &'static str)> {
    if schema.has("$ref") || schema.has("allOf") {
        let fix =
            "move it to the schema that the reference leads to, or write `type: string` in place of the reference";
        return Some(("`x-newtype` beside a reference", fix));
    }
    if is_uuid(schema).is_some() {
        return None;
    }
    let message = "`x-newtype` on something other than a string or a UUID";
    Some((message, "use `type: string`, without `format` or with `format: uuid`, or take `x-newtype` out"))
}

/// Returns whether a newtype of the schema is around a UUID or a string. `None` for a schema that cannot be a newtype.
fn is_uuid(schema: &NodeRef<'_>) -> Option<bool> {
    let is_string = schema.text("type") == Some("string");
    let is_composed = ["$ref", "allOf", "oneOf", "enum"].iter().any(|key| schema.has(key));
    match schema.text("format") {
        _ if !is_string || is_composed => None,
        None if schema.has("format") => None,
        None => Some(false),
        Some("uuid" | "uuid4") => Some(true),
        Some(_) => None,
    }
}

/// Returns whether the value of a schema, or the elements of its lists and maps, are newtypes.
fn holds_newtype<'a>(spec: &Spec<'a>, schema: &NodeRef<'a>) -> bool {
    let mut place = schema.clone();
    for _ in 0..MAX_NESTED {
        let Some(schema) = spec.schema(&place) else { return false };
        place = match (schema.has("items"), schema.has("additionalProperties")) {
            (true, _) => schema.get("items"),
            (_, true) => schema.get("additionalProperties"),
            _ => return schema.has("x-newtype"),
        };
    }
    false
}

/// Newtypes have names that types can have, and that generated code does not use otherwise.
pub(super) fn names(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in newtypes(spec).filter(|place| !place.is_silent) {
        let key = place.node.get("x-newtype");
        let Some(name) = key.as_str() else { continue };
        let is_type_name = |name: &str| {
            let is_camel = name.starts_with(|first: char| first.is_ascii_uppercase());
            is_camel && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && names::type_name(name) == name
        };
        if name.len() > names::MAX_TYPE_NAME {
            let message = format!("the newtype would have a name of {} bytes", name.len());
            report.error(&key, rules::LONG_NAME, message, "choose a shorter name");
        } else if !is_type_name(name) {
            let meant = names::type_name(name);
            let fix = match is_type_name(&meant) && meant != "X" {
                true => format!("write `{meant}`"),
                false => "write a name such as `AccountUid`".to_owned(),
            };
            report.error(&key, rules::BAD_EXTENSION, format!("`{name}` is not the name of a newtype"), fix);
        } else if names::is_reserved_newtype(name) {
            let message = format!("the newtype `{name}` has a name that generated code uses already");
            report.error(&key, rules::RESERVED_NAME, message, "choose another name");
        }
    }
}
