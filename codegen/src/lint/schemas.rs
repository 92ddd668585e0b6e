//! Schemas: shapes that have a Rust type.

use std::collections::BTreeSet;

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::read::NodeValue;
use crate::spec::NodeRef;

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "object", "array", "null"];

/// Keys that go with some types only.
const TYPED: &[(&str, &[&str])] = &[
    ("properties", &["object"]),
    ("required", &["object"]),
    ("additionalProperties", &["object"]),
    ("minProperties", &["object"]),
    ("maxProperties", &["object"]),
    ("items", &["array"]),
    ("minItems", &["array"]),
    ("maxItems", &["array"]),
    ("uniqueItems", &["array"]),
    ("minLength", &["string"]),
    ("maxLength", &["string"]),
    ("pattern", &["string"]),
    ("minimum", &["number", "integer"]),
    ("maximum", &["number", "integer"]),
    ("exclusiveMinimum", &["number", "integer"]),
    ("exclusiveMaximum", &["number", "integer"]),
    ("multipleOf", &["number", "integer"]),
];

/// Formats that have a Rust type of their own, and formats known to be plain strings.
const FORMATS: &[(&str, &[&str])] = &[
    (
        "string",
        &[
            "date",
            "date-time",
            "uuid",
            "uuid4",
            "decimal",
            "ip",
            "ipv4",
            "ipv6",
            "uri",
            "uri-reference",
            "url",
            "email",
            "byte",
            "binary",
            "password",
            "hostname",
            "time",
            "duration",
            "iban",
            "bic",
        ],
    ),
    ("number", &["float", "double", "decimal"]),
    ("integer", &["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]),
];

/// Returns whether a schema takes its shape from others.
fn is_composed(schema: &NodeRef<'_>) -> bool {
    ["allOf", "oneOf", "anyOf", "not", "$ref"].iter().any(|key| schema.has(key))
}

/// The type, also where only `properties` imply it.
fn kind<'a>(schema: &NodeRef<'a>) -> Option<&'a str> {
    let is_object = schema.has("properties") && !is_composed(schema);
    schema.text("type").or_else(|| is_object.then_some("object"))
}

/// Whether the schema is one value of a documented enum.
pub(super) fn is_enum_value(place: &Place<'_>) -> bool {
    matches!(place.slot, "oneOf" | "anyOf") && place.node.has("enum")
}

/// `type` is one of the six, and left out only where any value is allowed.
pub(super) fn types(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| !is_enum_value(place)) {
        match place.node.text("type") {
            Some(name) if !TYPES.contains(&name) => {
                let fix = match report.nearest(name, TYPES.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("use one of {}", TYPES.join(", ")),
                };
                report.tolerated(
                    &place.node.get("type"),
                    rules::UNKNOWN_TYPE,
                    format!("there is no type `{name}`"),
                    fix,
                );
            }
            None if !is_composed(&place.node) => typeless(&place.node, report),
            _ => {}
        }
    }
}

fn typeless(schema: &NodeRef<'_>, report: &mut Report<'_>) {
    if kind(schema) == Some("object") {
        let message = "`properties` without `type` is taken for an object";
        return report.tolerated(&schema.get("properties"), rules::MISPLACED_KEY, message, "add `type: object`");
    }
    let shaping = TYPED.iter().map(|(key, types)| (*key, types.first().copied().unwrap_or_default()));
    // The values of an enum say what type they have.
    let shaping = shaping.chain([("format", "string")]).filter(|_| !schema.has("enum"));
    if let Some((key, kind)) = shaping.into_iter().find(|(key, _)| schema.has(key)) {
        let message = format!("`{key}` without `type`");
        report.tolerated(schema, rules::UNSUPPORTED_SCHEMA, message, format!("add `type: {kind}`"));
    }
}

/// Keys go with the `type`.
pub(super) fn typed_keys(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let Some(name) = kind(&place.node).filter(|name| TYPES.contains(name)) else { continue };
        let misplaced = TYPED.iter().filter(|(key, types)| !types.contains(&name) && place.node.has(key));
        for (key, types) in misplaced {
            let value = place.node.get(key);
            let message = format!("`{key}` means nothing for type `{name}`");
            let fix = format!("take it out, or use `type: {}`", types.join("` or `type: "));
            report.tolerated(&value, rules::MISPLACED_KEY, message, fix);
        }
        if name == "array" && !place.node.has("items") {
            let fix = "say what its elements are; `items: {}` for anything";
            report.tolerated(&place.node, rules::MISSING_KEY, "an array needs `items`", fix);
        }
    }
}

/// Formats are known ones.
pub(super) fn formats(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let (Some(kind), Some(format)) = (kind(&place.node), place.node.text("format")) else { continue };
        let known = FORMATS.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, formats)| formats);
        if known.contains(&format) {
            continue;
        }
        let fix = match report.nearest(format, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "take it out".to_owned(),
        };
        let message = format!("the format `{format}` is not known for type `{kind}`");
        report.tolerated(&place.node.get("format"), rules::UNKNOWN_FORMAT, message, fix);
    }
}

/// Checks that an object declares every property that it requires.
pub(super) fn objects(spec: &Spec<'_>, report: &mut Report<'_>) {
    // The branches of a schema may require properties of one another.
    let is_branch = |place: &Place<'_>| matches!(place.slot, "allOf" | "oneOf" | "anyOf" | "not");
    for place in spec.of(Kind::Schema).filter(|place| place.node.has("required") && !is_branch(place)) {
        let properties = spec.view.flattened(&place.node).properties();
        let cases = ["oneOf", "anyOf"].iter().any(|key| place.node.has(key));
        for required in place.node.get("required").items().filter(|_| !cases) {
            let Some(name) = required.as_str().filter(|name| !properties.contains_key(name)) else { continue };
            let fix = match report.nearest(name, properties.keys().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "add the property, or take the name out".to_owned(),
            };
            report.tolerated(&required, rules::UNKNOWN_REQUIRED, format!("there is no property `{name}`"), fix);
        }
    }
}

/// Lists of schemas are not empty.
pub(super) fn branches(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        for key in ["allOf", "oneOf", "anyOf"].iter().filter(|key| place.node.has(key)) {
            let list = place.node.get(key);
            if list.items().next().is_none() {
                report.tolerated(&list, rules::UNSUPPORTED_SCHEMA, format!("`{key}` without a schema"), "take it out");
            }
        }
        if place.node.has("not") {
            let fix = "say what the value may be";
            report.tolerated(&place.node.get("not"), rules::IGNORED, "`not` has no effect on the client", fix);
        }
    }
}

/// A property travels in one direction at most by its own words.
pub(super) fn directions(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.node.flag("readOnly") && place.node.flag("writeOnly")) {
        let message = "`readOnly` and `writeOnly` exclude each other, and have no effect together";
        report.tolerated(&place.node.get("writeOnly"), rules::IGNORED, message, "take one of the two out");
    }
}

/// Enums list distinct values.
pub(super) fn enums(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.node.has("enum")) {
        let values = place.node.get("enum");
        if values.items().next().is_none() {
            report.tolerated(&values, rules::BAD_ENUM, "an enum without values", "list the values, or take it out");
        }
        let mut seen = BTreeSet::new();
        for value in values.items() {
            enum_value(&place.node, &value, report);
            let json = value.value().to_string();
            if !seen.insert(json.clone()) {
                let message = format!("the value `{json}` is in this enum twice");
                report.tolerated(&value, rules::DUPLICATE_VALUE, message, "take one of the two out");
            }
        }
    }
}

fn enum_value(schema: &NodeRef<'_>, value: &NodeRef<'_>, report: &mut Report<'_>) {
    match value.node.map(|node| &node.value) {
        Some(NodeValue::Null) => {
            let message = "`null` among the values of an enum";
            report.tolerated(value, rules::BAD_ENUM, message, "take it out, and write `nullable: true`");
        }
        Some(NodeValue::Sequence(_) | NodeValue::Mapping(_)) => {
            report.error(value, rules::BAD_ENUM, "an enum value that is a list or an object", "describe its parts");
        }
        Some(other) if kind(schema) == Some("string") && !matches!(other, NodeValue::String(_)) => {
            report.tolerated(value, rules::BAD_ENUM, "a value other than a string in an enum of strings", "quote it");
        }
        _ => {}
    }
}
