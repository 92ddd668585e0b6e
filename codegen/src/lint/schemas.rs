//! Schemas: the shapes that have a Rust type.

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use super::words;
use crate::read::{Node, NodeValue, child};

const TYPES: &[&str] = &["string", "number", "integer", "boolean", "object", "array"];

/// Keys that document a schema without changing its Rust type.
const NOTES: &[&str] =
    &["description", "title", "default", "example", "deprecated", "readOnly", "writeOnly", "externalDocs", "xml"];

/// Keys that go with some types only. Those that shape the Rust type are wrong elsewhere, the others idle.
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

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::as_str)
}

/// Whether a schema takes its shape from `allOf` or `oneOf`.
fn is_composed(node: &Node) -> bool {
    node.get("allOf").is_some() || node.get("oneOf").is_some()
}

/// The type, said or seen: what has properties is an object.
fn kind(node: &Node) -> Option<&str> {
    let is_object = node.get("properties").is_some() && !is_composed(node);
    text(node, "type").or_else(|| is_object.then_some("object"))
}

/// Whether the schema is one value of a documented enum.
pub(super) fn is_enum_value(place: &Place<'_>) -> bool {
    place.slot == "oneOf"
}

/// `type` is one of the six, and left out only where anything may stand.
pub(super) fn types(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema).filter(|place| !is_enum_value(place)) {
        match text(place.node, "type") {
            Some(name) if !TYPES.contains(&name) => {
                let fix = match words::nearest(name, TYPES.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("use one of {}", TYPES.join(", ")),
                };
                let message = format!("there is no type `{name}`");
                report.error(&child(&place.pointer, "type"), rules::UNKNOWN_TYPE, message, &fix);
            }
            None if !is_composed(place.node) => typeless(place, report),
            _ => {}
        }
    }
}

fn typeless(place: &Place<'_>, report: &mut Report<'_>) {
    if kind(place.node) == Some("object") {
        let pointer = child(&place.pointer, "properties");
        let message = "`properties` without `type` is taken for an object";
        return report.house(&pointer, rules::MISPLACED_KEY, message, "add `type: object`");
    }
    let shaping = TYPED.iter().map(|(key, types, _)| (*key, types.first().copied().unwrap_or_default()));
    let shaping = shaping.chain([("enum", "string"), ("format", "string")]);
    if let Some((key, kind)) = shaping.into_iter().find(|(key, _)| place.node.get(key).is_some()) {
        let message = format!("`{key}` without `type`");
        report.error(&place.pointer, rules::UNSUPPORTED_SCHEMA, message, &format!("add `type: {kind}`"));
    }
}

/// Keys go with the `type`.
pub(super) fn typed_keys(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let Some(name) = kind(place.node).filter(|name| TYPES.contains(name)) else { continue };
        let misplaced = TYPED.iter().filter(|(key, types, _)| !types.contains(&name) && place.node.get(key).is_some());
        for (key, types, shapes) in misplaced {
            let pointer = child(&place.pointer, key);
            let message = format!("`{key}` means nothing for type `{name}`");
            let fix = format!("take it out, or use `type: {}`", types.join("` or `type: "));
            if *shapes {
                report.error(&pointer, rules::MISPLACED_KEY, message, &fix);
            } else {
                report.house(&pointer, rules::MISPLACED_KEY, message, &fix);
            }
        }
        if name == "array" && place.node.get("items").is_none() {
            let fix = "say what its elements are; `items: {}` for anything";
            report.error(&place.pointer, rules::MISSING_KEY, "an array needs `items`", fix);
        }
    }
}

/// Formats are known ones.
pub(super) fn formats(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let (Some(kind), Some(format)) = (kind(place.node), text(place.node, "format")) else { continue };
        let known = FORMATS.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, formats)| formats);
        if known.contains(&format) {
            continue;
        }
        let fix = match words::nearest(format, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "take it out".to_owned(),
        };
        let message = format!("the format `{format}` is not known for type `{kind}`");
        report.house(&child(&place.pointer, "format"), rules::UNKNOWN_FORMAT, message, &fix);
    }
}

/// Objects have properties, or are maps; not both.
pub(super) fn objects(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let properties = place.node.get("properties").map(Node::entries).unwrap_or_default();
        let extras = place.node.get("additionalProperties");
        if extras.is_some_and(|extras| !extras.entries().is_empty()) && !properties.is_empty() {
            let pointer = child(&place.pointer, "additionalProperties");
            let fix = "take out one of the two, or give the map a property of its own";
            let message = "an object with properties cannot be a map as well";
            report.error(&pointer, rules::UNSUPPORTED_SCHEMA, message, fix);
        }
        for (index, name) in place.node.get("required").map(Node::items).unwrap_or_default().iter().enumerate() {
            let Some(name) = name.as_str() else { continue };
            if !properties.iter().any(|property| property.key == name) {
                let known = properties.iter().map(|property| property.key.as_str());
                let fix = match words::nearest(name, known) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "add the property, or take the name out".to_owned(),
                };
                let pointer = child(&child(&place.pointer, "required"), index);
                report.error(&pointer, rules::UNKNOWN_REQUIRED, format!("there is no property `{name}`"), &fix);
            }
        }
    }
}

/// `allOf` has one element: it describes a reference.
pub(super) fn all_of(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let Some(all_of) = place.node.get("allOf") else { continue };
        if all_of.items().len() != 1 {
            let fix = "write one object with the properties of all";
            let message = format!("`allOf` of {} schemas", all_of.items().len());
            report.error(&child(&place.pointer, "allOf"), rules::UNSUPPORTED_SCHEMA, message, fix);
        }
        only_notes_beside(place, "allOf", &["nullable"], report);
    }
}

/// `oneOf` is an enum whose values have descriptions.
pub(super) fn one_of(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let Some(one_of) = place.node.get("oneOf") else { continue };
        let pointer = child(&place.pointer, "oneOf");
        if one_of.items().is_empty() || !one_of.items().iter().all(is_value) {
            let message = "`oneOf` of something other than one-value string enums";
            let fix = "use one object in which the properties of all cases are optional";
            report.error(&pointer, rules::UNSUPPORTED_SCHEMA, message, fix);
            continue;
        }
        if text(place.node, "type").is_some_and(|name| name != "string") {
            let message = "an enum is made of strings";
            report.error(&child(&place.pointer, "type"), rules::BAD_ENUM, message, "take `type` out");
        }
        only_notes_beside(place, "oneOf", &["nullable", "type"], report);
    }
}

/// `{ type: string, enum: [one value] }` with notes.
fn is_value(node: &Node) -> bool {
    let is_single =
        node.get("enum").is_some_and(|values| matches!(values.items(), [value] if value.as_str().is_some()));
    let rest = node.entries().iter().map(|entry| entry.key.as_str());
    let is_plain = rest.into_iter().all(|key| matches!(key, "type" | "enum") || NOTES.contains(&key) || is_ours(key));
    is_single && is_plain && text(node, "type") == Some("string")
}

fn is_ours(key: &str) -> bool {
    key.starts_with("x-")
}

fn only_notes_beside(place: &Place<'_>, key: &str, also: &[&str], report: &mut Report<'_>) {
    for entry in place.node.entries() {
        let name = entry.key.as_str();
        let is_fine = name == key || also.contains(&name) || NOTES.contains(&name) || is_ours(name);
        if !is_fine && Kind::Schema.keys().iter().any(|known| known.name == name) {
            let message = format!("`{name}` beside `{key}`");
            let fix = format!("move it to the schema in `{key}`, or take it out");
            report.error(&child(&place.pointer, name), rules::UNSUPPORTED_SCHEMA, message, &fix);
        }
    }
}

/// Enums list distinct, non-empty strings.
pub(super) fn enums(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Schema) {
        let Some(values) = place.node.get("enum") else { continue };
        let pointer = child(&place.pointer, "enum");
        let kind = kind(place.node);
        if kind.is_some_and(|kind| kind != "string" && TYPES.contains(&kind)) {
            report.error(&pointer, rules::BAD_ENUM, "an enum of something other than strings", "take the enum out");
            continue;
        }
        if values.items().is_empty() {
            report.error(&pointer, rules::BAD_ENUM, "an enum without values", "list the values, or take it out");
        }
        let is_nullable = place.node.get("nullable").and_then(Node::as_bool) == Some(true);
        let has_values = values.items().iter().any(|value| value.as_str().is_some());
        for (index, value) in values.items().iter().enumerate() {
            if matches!(value.value, NodeValue::Null) && is_nullable && has_values {
                let message = "`null` among the values of an enum is passed over";
                let fix = "take it out: `nullable: true` says it already";
                report.house(&child(&pointer, index), rules::BAD_ENUM, message, fix);
                continue;
            }
            let fault = match &value.value {
                NodeValue::String(value) if !value.is_empty() => continue,
                NodeValue::String(_) => ("an empty enum value", "take it out, and make the value optional"),
                NodeValue::Null => ("`null` among the values of an enum", "take it out, and write `nullable: true`"),
                _ => ("an enum value that is not a string", "quote it"),
            };
            report.error(&child(&pointer, index), rules::BAD_ENUM, fault.0, fault.1);
        }
    }
}

/// The values of an enum, however it is written, with a pointer to each.
pub(super) fn enum_values<'a>(place: &Place<'a>) -> Vec<(&'a str, String)> {
    if is_enum_value(place) {
        return Vec::new();
    }
    let listed = |key: &str| place.node.get(key).map(Node::items).unwrap_or_default().iter().enumerate();
    let plain = listed("enum")
        .filter_map(|(index, value)| Some((value.as_str()?, child(&child(&place.pointer, "enum"), index))));
    let documented = listed("oneOf").filter_map(|(index, variant)| {
        let value = variant.get("enum")?.items().first()?.as_str()?;
        Some((value, child(&child(&place.pointer, "oneOf"), index)))
    });
    plain.chain(documented).collect()
}
