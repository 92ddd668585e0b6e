//! Schemas: shapes that have a Rust type.

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::read::NodeValue;
use crate::spec::NodeRef;

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "object", "array"];

/// Keys that document a schema without changing its Rust type.
const NOTES: &[&str] =
    &["description", "title", "default", "example", "deprecated", "readOnly", "writeOnly", "externalDocs", "xml"];

/// Keys that go with some types only, and whether they shape the Rust type. Those that do are errors elsewhere.
const TYPED: &[(&str, &[&str], bool)] = &[
    ("properties", &["object"], true),
    ("required", &["object"], true),
    ("additionalProperties", &["object"], true),
    ("minProperties", &["object"], false),
    ("maxProperties", &["object"], false),
    ("items", &["array"], true),
    ("minItems", &["array"], false),
    ("maxItems", &["array"], false),
    ("uniqueItems", &["array"], false),
    ("minLength", &["string"], false),
    ("maxLength", &["string"], false),
    ("pattern", &["string"], false),
    ("minimum", &["number", "integer"], false),
    ("maximum", &["number", "integer"], false),
    ("exclusiveMinimum", &["number", "integer"], false),
    ("exclusiveMaximum", &["number", "integer"], false),
    ("multipleOf", &["number", "integer"], false),
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
    ("integer", &["int32", "int64"]),
];

/// Whether a schema takes its shape from `allOf` or `oneOf`.
fn is_composed(schema: &NodeRef<'_>) -> bool {
    schema.has("allOf") || schema.has("oneOf")
}

/// The type, also where only `properties` imply it.
fn kind<'a>(schema: &NodeRef<'a>) -> Option<&'a str> {
    let is_object = schema.has("properties") && !is_composed(schema);
    schema.text("type").or_else(|| is_object.then_some("object"))
}

/// Whether the schema is one value of a documented enum.
pub(super) fn is_enum_value(place: &Place<'_>) -> bool {
    place.slot == "oneOf"
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
                report.error(&place.node.get("type"), rules::UNKNOWN_TYPE, format!("there is no type `{name}`"), fix);
            }
            None if !is_composed(&place.node) => typeless(&place.node, report),
            _ => {}
        }
    }
}

fn typeless(schema: &NodeRef<'_>, report: &mut Report<'_>) {
    if kind(schema) == Some("object") {
        let message = "`properties` without `type` is taken for an object";
        return report.house(&schema.get("properties"), rules::MISPLACED_KEY, message, "add `type: object`");
    }
    let shaping = TYPED.iter().map(|(key, types, _)| (*key, types.first().copied().unwrap_or_default()));
    let shaping = shaping.chain([("enum", "string"), ("format", "string")]);
    if let Some((key, kind)) = shaping.into_iter().find(|(key, _)| schema.has(key)) {
        let message = format!("`{key}` without `type`");
        report.error(schema, rules::UNSUPPORTED_SCHEMA, message, format!("add `type: {kind}`"));
    }
}

/// Keys go with the `type`.
pub(super) fn typed_keys(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let Some(name) = kind(&place.node).filter(|name| TYPES.contains(name)) else { continue };
        let misplaced = TYPED.iter().filter(|(key, types, _)| !types.contains(&name) && place.node.has(key));
        for (key, types, shapes) in misplaced {
            let value = place.node.get(key);
            let message = format!("`{key}` means nothing for type `{name}`");
            let fix = format!("take it out, or use `type: {}`", types.join("` or `type: "));
            if *shapes {
                report.error(&value, rules::MISPLACED_KEY, message, fix);
            } else {
                report.house(&value, rules::MISPLACED_KEY, message, fix);
            }
        }
        if name == "array" && !place.node.has("items") {
            let fix = "say what its elements are; `items: {}` for anything";
            report.error(&place.node, rules::MISSING_KEY, "an array needs `items`", fix);
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
        report.house(&place.node.get("format"), rules::UNKNOWN_FORMAT, message, fix);
    }
}

/// Objects have properties, or are maps; not both.
pub(super) fn objects(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let properties = place.node.get("properties");
        let extras = place.node.get("additionalProperties");
        if !extras.entries().is_empty() && !properties.entries().is_empty() {
            let fix = "take out one of the two, or give the map a property of its own";
            let message = "an object with properties cannot be a map as well";
            report.error(&extras, rules::UNSUPPORTED_SCHEMA, message, fix);
        }
        for required in place.node.get("required").items() {
            let Some(name) = required.as_str().filter(|name| !properties.has(name)) else { continue };
            let known = properties.entries().iter().map(|property| property.key.as_str());
            let fix = match report.nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "add the property, or take the name out".to_owned(),
            };
            report.error(&required, rules::UNKNOWN_REQUIRED, format!("there is no property `{name}`"), fix);
        }
    }
}

/// `allOf` has one element: it describes a reference.
pub(super) fn all_of(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.node.has("allOf")) {
        let all_of = place.node.get("allOf");
        let count = all_of.items().count();
        if count != 1 {
            let fix = "write one object with the properties of all";
            report.error(&all_of, rules::UNSUPPORTED_SCHEMA, format!("`allOf` of {count} schemas"), fix);
        }
        only_notes_beside(&place.node, "allOf", &["nullable"], report);
    }
}

/// `oneOf` is an enum whose values have descriptions.
pub(super) fn one_of(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.node.has("oneOf")) {
        let one_of = place.node.get("oneOf");
        if one_of.items().next().is_none() || !one_of.items().all(|case| is_value(&case)) {
            let message = "`oneOf` of something other than one-value string enums";
            let fix = "use one object in which the properties of all cases are optional";
            report.error(&one_of, rules::UNSUPPORTED_SCHEMA, message, fix);
            continue;
        }
        if place.node.text("type").is_some_and(|name| name != "string") {
            let message = "an enum is made of strings";
            report.error(&place.node.get("type"), rules::BAD_ENUM, message, "take `type` out");
        }
        only_notes_beside(&place.node, "oneOf", &["nullable", "type"], report);
    }
}

/// Whether a schema is `{ type: string, enum: [one value] }` with notes.
fn is_value(schema: &NodeRef<'_>) -> bool {
    let mut values = schema.get("enum").items();
    let is_single = values.next().is_some_and(|value| value.as_str().is_some()) && values.next().is_none();
    let mut keys = schema.entries().iter().map(|entry| entry.key.as_str());
    let is_plain = keys.all(|key| matches!(key, "type" | "enum") || NOTES.contains(&key) || is_ours(key));
    is_single && is_plain && schema.text("type") == Some("string")
}

fn is_ours(key: &str) -> bool {
    key.starts_with("x-")
}

fn only_notes_beside(schema: &NodeRef<'_>, key: &str, also: &[&str], report: &mut Report<'_>) {
    for (name, value) in schema.children() {
        let is_fine = name == key || also.contains(&name) || NOTES.contains(&name) || is_ours(name);
        if !is_fine && Kind::Schema.keys().iter().any(|known| known.name == name) {
            let fix = format!("move it to the schema in `{key}`, or take it out");
            report.error(&value, rules::UNSUPPORTED_SCHEMA, format!("`{name}` beside `{key}`"), fix);
        }
    }
}

/// Enums list distinct, non-empty strings.
pub(super) fn enums(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| place.node.has("enum")) {
        let values = place.node.get("enum");
        if kind(&place.node).is_some_and(|kind| kind != "string" && TYPES.contains(&kind)) {
            report.error(&values, rules::BAD_ENUM, "an enum of something other than strings", "take the enum out");
            continue;
        }
        if values.items().next().is_none() {
            report.error(&values, rules::BAD_ENUM, "an enum without values", "list the values, or take it out");
        }
        let may_be_null = place.node.flag("nullable") && values.items().any(|value| value.as_str().is_some());
        values.items().for_each(|value| enum_value(&value, may_be_null, report));
    }
}

fn enum_value(value: &NodeRef<'_>, may_be_null: bool, report: &mut Report<'_>) {
    let (message, fix) = match value.node.map(|node| &node.value) {
        Some(NodeValue::String(text)) if !text.is_empty() => return,
        Some(NodeValue::String(_)) => ("an empty enum value", "take it out, and make the value optional"),
        Some(NodeValue::Null) if may_be_null => {
            let message = "`null` among the values of an enum is passed over";
            return report.house(value, rules::BAD_ENUM, message, "take it out: `nullable: true` says it already");
        }
        Some(NodeValue::Null) => ("`null` among the values of an enum", "take it out, and write `nullable: true`"),
        _ => ("an enum value that is not a string", "quote it"),
    };
    report.error(value, rules::BAD_ENUM, message, fix);
}

/// The values of an enum in either of the two ways to write one, each with its place.
pub(super) fn enum_values<'a>(place: &Place<'a>) -> Vec<(&'a str, NodeRef<'a>)> {
    if is_enum_value(place) {
        return Vec::new();
    }
    let listed = place.node.get("enum").items().filter_map(|value| Some((value.as_str()?, value)));
    let cases = place.node.get("oneOf").items();
    let documented = cases.filter_map(|case| Some((case.get("enum").item(0).as_str()?, case)));
    listed.chain(documented).collect()
}
