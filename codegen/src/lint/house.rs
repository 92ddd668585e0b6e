//! What we ask of our own specs, and suggest to others: everything is documented, money is exact.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::report::Report;
use super::rules;
use super::schemas::is_enum_value;
use super::spec::{Operation, Place, Spec};
use super::tables::Kind;
use crate::names;
use crate::pointer::Pointer;
use crate::spec::{NodeRef, Parameter};

fn says(node: &NodeRef<'_>, key: &str) -> bool {
    node.text(key).is_some_and(|text| !text.trim().is_empty())
}

/// Descriptions become the documentation of the client.
pub(super) fn descriptions(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.places.iter().filter(|place| !place.is_silent) {
        let Some((rule, what)) = wants_description(spec, place) else { continue };
        if says(&place.node, "description") {
            continue;
        }
        let fix = match (place.kind, place.reference) {
            (Kind::Schema, Some(_)) => "write `allOf: [{ $ref: … }]` with a `description` beside it",
            _ => "add `description`; it becomes the documentation",
        };
        report.house(&place.node, rule, format!("{what} without a description"), fix);
    }
    for operation in &spec.operations {
        if !says(&operation.node, "summary") {
            let fix = "add `summary`; it becomes the first line of the documentation";
            report.house(&operation.node, rules::MISSING_SUMMARY, "an operation without a summary", fix);
        }
    }
}

/// The rule that asks for a description of this object.
fn wants_description<'a>(spec: &Spec<'a>, place: &Place<'a>) -> Option<(&'static str, &'static str)> {
    match (place.kind, place.slot) {
        (Kind::Operation, _) => Some((rules::MISSING_DESCRIPTION, "an operation")),
        (Kind::Parameter, _) if place.reference.is_none() => Some((rules::MISSING_DESCRIPTION, "a parameter")),
        (Kind::Schema, "properties") => Some((rules::MISSING_DESCRIPTION, "a property")),
        (Kind::Schema, "schemas") => Some((rules::MISSING_DESCRIPTION, "a schema")),
        (Kind::Schema, "oneOf") if spec.parent(place).is_some() && place.node.has("enum") => {
            Some((rules::UNDOCUMENTED_ENUM_VALUE, "an enum value"))
        }
        _ => None,
    }
}

/// The values of an enum are described, which a plain list has no room for.
pub(super) fn enum_values(spec: &Spec<'_>, report: &mut Report<'_>) {
    // The description of an enum with one value is that of the value.
    let says_its_value =
        |place: &Place<'_>| place.node.get("enum").items().count() == 1 && place.node.has("description");
    let is_undescribed = |place: &&Place<'_>| place.node.has("enum") && !is_enum_value(place) && !says_its_value(place);
    for place in spec.of(Kind::Schema).filter(is_undescribed) {
        let fix = "write `oneOf` with `{ type: string, enum: [value], description: … }` for each";
        let message = "the values of this enum are not described";
        report.house(&place.node.get("enum"), rules::UNDOCUMENTED_ENUM_VALUE, message, fix);
    }
}

/// Words that end the name of a sum of money.
const MONEY: &[&str] = &["amount", "balance", "price", "fee"];

/// Money is never a float.
pub(super) fn money(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.slot == "properties") {
        let name = names::field_name(place.name());
        let last = name.trim_end_matches('_').rsplit('_').next().unwrap_or_default();
        let is_money = MONEY.contains(&last) || name.starts_with("amount_") || name.starts_with("balance_");
        let is_inexact = match place.node.text("type") {
            Some("number") => is_money,
            Some("string") => last == "amount" && !place.node.has("enum"),
            _ => false,
        };
        if is_inexact && place.node.text("format") != Some("decimal") {
            let message = format!("`{}` is money, and not a decimal", place.name());
            report.tolerated(&place.node, rules::MONEY_FORMAT, message, "add `format: decimal`");
        }
    }
}

/// A context header is set once, so it must mean the same on every operation.
pub(super) fn context_headers(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut first: BTreeMap<String, &Place<'_>> = BTreeMap::new();
    for place in spec.of(Kind::Parameter).filter(|place| place.node.text("in") == Some("header")) {
        let name = place.node.text("name").unwrap_or_default();
        if !spec.is_context_header(name) {
            continue;
        }
        let known = *first.entry(name.to_ascii_lowercase()).or_insert(place);
        if known.node.node != place.node.node {
            let message = format!("the context header `{name}` differs from the one at `{}`", known.node.pointer);
            let fix = "describe it once in `components/parameters`, and refer to it";
            report.house(&place.node, rules::CONTEXT_HEADER_DIFFERS, message, fix);
        }
    }
}

/// The fewest operations for which a header is worth being set once.
const SEVERAL: usize = 3;

/// A header that every operation requires is better set once.
pub(super) fn required_headers(spec: &Spec<'_>, report: &mut Report<'_>) {
    let Some((first, others)) = spec.operations.split_first() else { return };
    let is_required = |parameter: &Parameter<'_>| {
        parameter.location() == "header"
            && parameter.node.get("required").as_bool() == Some(true)
            && !names::is_reserved_header(parameter.name())
            && !spec.is_context_header(parameter.name())
    };
    if others.len() + 1 < SEVERAL {
        return;
    }
    for parameter in first.parameters.iter().filter(|parameter| is_required(parameter)) {
        let is_same = |other: &&Parameter<'_>| other.name().eq_ignore_ascii_case(parameter.name());
        let is_everywhere = |operation: &Operation<'_>| operation.parameters.iter().filter(is_same).any(&is_required);
        if others.iter().all(is_everywhere) {
            let name = parameter.name();
            let message = format!("every operation requires the header `{name}`");
            let fix = format!("set it once: `x-codegen: {{ context-headers: [{name}] }}`; an overlay can add it");
            report.advice(&parameter.used, rules::REQUIRED_HEADER, &message, &fix);
        }
    }
}

/// Objects in responses may gain properties later.
pub(super) fn closed_objects(spec: &Spec<'_>, report: &mut Report<'_>) {
    let answered = in_responses(spec);
    for place in spec.of(Kind::Schema) {
        let extras = place.node.get("additionalProperties");
        if extras.as_bool() != Some(false) {
            continue;
        }
        if answered.contains(&place.node.pointer) {
            let message = "an object in a response that must not have further properties";
            report.house(&extras, rules::CLOSED_OBJECT, message, "take it out");
        } else {
            report.house_warning(&extras, rules::IGNORED, "`additionalProperties: false` has no effect", "take it out");
        }
    }
}

/// The schemas that successful responses contain.
fn in_responses<'a>(spec: &Spec<'a>) -> HashSet<Pointer> {
    let mut children: HashMap<&Pointer, Vec<&Place<'_>>> = HashMap::new();
    for place in spec.places.iter().filter(|place| place.kind == Kind::Schema) {
        if let Some(parent) = spec.parent(place) {
            children.entry(&parent.node.pointer).or_default().push(place);
        }
    }
    let is_of_response = |place: &Place<'a>| spec.parent(place).is_some_and(|owner| owner.kind == Kind::Response);
    let media_types = spec.of(Kind::MediaType).filter(|place| is_of_response(place));
    let mut open: Vec<_> = media_types.map(|place| place.node.get("schema")).collect();
    let mut found = HashSet::new();
    while let Some(place) = open.pop() {
        let Some(target) = spec.resolve(&place) else { continue };
        if found.insert(target.pointer.clone()) {
            open.extend(children.get(&target.pointer).into_iter().flatten().map(|place| place.node.clone()));
        }
    }
    found
}
