//! What we ask of our own specs, and suggest to others: everything is documented, money is exact.

use std::collections::{BTreeMap, BTreeSet};

use super::report::Report;
use super::rules;
use super::schemas::is_enum_value;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::read::{Node, child};

fn says(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::as_str).is_some_and(|text| !text.trim().is_empty())
}

/// Descriptions become the documentation of the client.
pub(super) fn descriptions(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.places.iter().filter(|place| !place.is_silent) {
        let Some((rule, what)) = wants_description(spec, place) else { continue };
        if says(place.node, "description") {
            continue;
        }
        let fix = match (place.kind, place.reference) {
            (Kind::Schema, Some(_)) => "write `allOf: [{ $ref: … }]` with a `description` beside it",
            _ => "add `description`; it becomes the documentation",
        };
        report.house(&place.pointer, rule, format!("{what} without a description"), fix);
    }
    for operation in spec.operations() {
        if !says(operation.node, "summary") {
            let fix = "add `summary`; it becomes the first line of the documentation";
            report.house(&operation.pointer, rules::MISSING_SUMMARY, "an operation without a summary", fix);
        }
    }
}

/// The rule that asks for a description of this object.
fn wants_description(spec: &Spec<'_>, place: &Place<'_>) -> Option<(&'static str, &'static str)> {
    match (place.kind, place.slot) {
        (Kind::Operation, _) => Some((rules::MISSING_DESCRIPTION, "an operation")),
        (Kind::Parameter, _) if place.reference.is_none() => Some((rules::MISSING_DESCRIPTION, "a parameter")),
        (Kind::Schema, "properties") => Some((rules::MISSING_DESCRIPTION, "a property")),
        (Kind::Schema, "schemas") => Some((rules::MISSING_DESCRIPTION, "a schema")),
        (Kind::Schema, "oneOf") if spec.parent(place).is_some() => {
            Some((rules::UNDOCUMENTED_ENUM_VALUE, "an enum value"))
        }
        _ => None,
    }
}

/// A plain list of values has no room for their descriptions.
pub(super) fn enum_values(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.node.get("enum").is_some() && !is_enum_value(place)) {
        let fix = "write `oneOf` with `{ type: string, enum: [value], description: … }` for each";
        let message = "the values of this enum are not described";
        report.house(&child(&place.pointer, "enum"), rules::UNDOCUMENTED_ENUM_VALUE, message, fix);
    }
}

/// Words that end the name of a sum of money.
const MONEY: &[&str] = &["amount", "balance", "price", "fee"];

/// Money is never a float.
pub(super) fn money(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.slot == "properties") {
        let text = |key: &str| place.node.get(key).and_then(Node::as_str);
        let name = crate::names::field_name(&place.name());
        let last = name.trim_end_matches('_').rsplit('_').next().unwrap_or_default();
        let is_money = MONEY.contains(&last) || name.starts_with("amount_") || name.starts_with("balance_");
        let is_inexact = match text("type") {
            Some("number") => is_money,
            Some("string") => last == "amount" && place.node.get("enum").is_none(),
            _ => false,
        };
        if is_inexact && text("format") != Some("decimal") {
            let message = format!("`{}` is money, and not a decimal", place.name());
            report.house(&place.pointer, rules::MONEY_FORMAT, message, "add `format: decimal`");
        }
    }
}

/// A context header is set once, so it must mean the same on every operation.
pub(super) fn context_headers(spec: &Spec<'_>, report: &mut Report<'_>) {
    let context = spec.context_headers();
    let mut first: BTreeMap<String, &Place<'_>> = BTreeMap::new();
    for place in spec.of(Kind::Parameter) {
        let text = |key: &str| place.node.get(key).and_then(Node::as_str).unwrap_or_default();
        let name = text("name");
        if text("in") != "header" || !context.iter().any(|header| header.eq_ignore_ascii_case(name)) {
            continue;
        }
        let known = *first.entry(name.to_ascii_lowercase()).or_insert(place);
        if known.node.to_json() != place.node.to_json() {
            let message = format!("the context header `{name}` differs from the one at `{}`", known.pointer);
            let fix = "describe it once in `components/parameters`, and refer to it";
            report.house(&place.pointer, rules::CONTEXT_HEADER_DIFFERS, message, fix);
        }
    }
}

/// Objects in answers may gain properties, whatever the spec says today.
pub(super) fn closed_objects(spec: &Spec<'_>, report: &mut Report<'_>) {
    let answered = answered(spec);
    for place in spec.of(Kind::Schema) {
        let extras = place.node.get("additionalProperties").and_then(Node::as_bool);
        if extras != Some(false) {
            continue;
        }
        let pointer = child(&place.pointer, "additionalProperties");
        if answered.contains(&place.pointer) {
            let message = "an answer that must not have further properties";
            report.house(&pointer, rules::CLOSED_OBJECT, message, "take it out");
        } else {
            report.warning(&pointer, rules::IGNORED, "`additionalProperties: false` has no effect", "take it out");
        }
    }
}

/// The schemas that success answers hold.
fn answered(spec: &Spec<'_>) -> BTreeSet<String> {
    let mut children: BTreeMap<&str, Vec<&Place<'_>>> = BTreeMap::new();
    for place in spec.places.iter().filter(|place| place.kind == Kind::Schema) {
        if let Some(parent) = spec.parent(place) {
            children.entry(&parent.pointer).or_default().push(place);
        }
    }
    let mut open: Vec<String> = spec
        .of(Kind::MediaType)
        .filter_map(|place| {
            let owner = spec.parent(place)?;
            (owner.kind == Kind::Response).then(|| child(&place.pointer, "schema"))
        })
        .collect();
    let mut answered = BTreeSet::new();
    while let Some(pointer) = open.pop() {
        let Some((target, _)) = spec.resolve(&pointer) else { continue };
        if answered.insert(target.clone()) {
            open.extend(children.get(target.as_str()).into_iter().flatten().map(|place| place.pointer.clone()));
        }
    }
    answered
}
