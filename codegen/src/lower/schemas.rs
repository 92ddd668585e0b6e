//! Schemas: objects and enums get names, everything else is written out where it is used.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Lowering, flag, text, texts, token};
use crate::lint::rules;
use crate::model::{Property, Shape, TypeKind, TypeModel};
use crate::names;

impl Lowering<'_> {
    /// Lowers every component schema, used or not: an unused one is still part of the surface.
    pub(super) fn components(&mut self) {
        let Some(components) = self.document.value_at("/components/schemas").and_then(Value::as_object) else {
            return;
        };
        for name in components.keys() {
            self.schema(&format!("/components/schemas/{}", token(name)), &names::type_name(name));
        }
    }

    /// What progenitor sees of the schema at a pointer. `name` is the type it becomes, if it becomes one.
    pub(super) fn schema(&mut self, pointer: &str, name: &str) -> Value {
        let (pointer, schema) = self.resolve(pointer.to_owned());
        if schema.get("allOf").is_some() {
            return self.schema(&format!("{pointer}/allOf/0"), name);
        }
        // A component keeps its own name, whoever refers to it.
        let component = pointer.strip_prefix("/components/schemas/").filter(|rest| !rest.contains('/'));
        let name = names::type_name(component.unwrap_or(name));
        if has_values(schema) {
            return self.named(&pointer, &name, Self::code);
        }
        // What has properties is an object, said or not.
        let kind = schema.get("type").and_then(Value::as_str).or_else(|| has_properties(schema).then_some("object"));
        match kind {
            Some("object") if has_properties(schema) => self.named(&pointer, &name, Self::object),
            Some("object") => match schema.get("additionalProperties") {
                Some(values) if values.is_object() => {
                    let inner = self.unnamed(&pointer, "additionalProperties", &format!("{name}Value"));
                    // A map of anything is what an object without a word on its properties is, for progenitor too.
                    match inner.as_object().is_some_and(Map::is_empty) {
                        true => json!({ "type": "object" }),
                        false => json!({ "type": "object", "additionalProperties": inner }),
                    }
                }
                _ => json!({ "type": "object" }),
            },
            Some("array") => {
                let items = self.unnamed(&pointer, "items", &format!("{name}Item"));
                json!({ "type": "array", "items": items })
            }
            Some(scalar) => scalar_schema(scalar, schema.get("format").and_then(Value::as_str)),
            None => json!({}),
        }
    }

    /// The schema inside a list or map, with a guard against lists of themselves.
    fn unnamed(&mut self, pointer: &str, key: &str, name: &str) -> Value {
        if self.following.iter().any(|open| open == pointer) {
            self.refuse(
                pointer,
                rules::ENDLESS_SCHEMA,
                "this schema holds itself with no object in between".to_owned(),
                "put an object with named properties in between",
            );
            return json!({});
        }
        self.following.push(pointer.to_owned());
        let inner = self.schema(&format!("{pointer}/{key}"), name);
        self.following.pop();
        inner
    }

    /// Gives a schema a name of its own, once, and refers to it.
    fn named(&mut self, pointer: &str, name: &str, make: fn(&mut Self, &str, &str) -> (Value, TypeModel)) -> Value {
        match self.origins.get(name) {
            Some(origin) if origin == pointer => {}
            Some(origin) => {
                let message = format!("two schemas become the type `{name}`: this one and `{origin}`");
                self.refuse(pointer, rules::NAME_COLLISION, message, "make one a component with a name of its own");
            }
            None => {
                self.origins.insert(name.to_owned(), pointer.to_owned());
                // An object in between: what it holds may lead back to it.
                let following = std::mem::take(&mut self.following);
                let (schema, model) = make(self, pointer, name);
                self.following = following;
                self.schemas.insert(name.to_owned(), schema);
                self.types.insert(name.to_owned(), model);
            }
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    fn code(&mut self, pointer: &str, _name: &str) -> (Value, TypeModel) {
        let schema = self.document.value_at(pointer).unwrap_or(&Value::Null);
        let values = code_values(schema);
        let lowered = json!({ "type": "string", "enum": values.keys().collect::<Vec<_>>() });
        let kind = TypeKind::Code { closed: flag(schema, "x-closed"), values };
        (lowered, TypeModel { description: text(schema, "description"), kind, in_request: false })
    }

    fn object(&mut self, pointer: &str, name: &str) -> (Value, TypeModel) {
        let schema = self.document.value_at(pointer).unwrap_or(&Value::Null);
        let mut lowered = Map::new();
        let mut properties = BTreeMap::new();
        for wire in schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let place = format!("{pointer}/properties/{}", token(wire));
            let inner = self.schema(&place, &format!("{name}{}", names::type_name(wire)));
            properties.insert(wire.clone(), self.property(&place, schema, wire, &inner));
            lowered.insert(wire.clone(), inner);
        }
        // Whether a key may be missing is ours to say: progenitor sees the bare type of every property.
        let required: Vec<_> = lowered.keys().cloned().collect();
        let lowered = json!({ "type": "object", "properties": lowered, "required": required });
        let kind = TypeKind::Object(properties);
        (lowered, TypeModel { description: text(schema, "description"), kind, in_request: false })
    }

    fn property(&self, pointer: &str, object: &Value, wire: &str, lowered: &Value) -> Property {
        let schema = self.document.value_at(pointer).unwrap_or(&Value::Null);
        let required = object["required"].as_array().is_some_and(|names| names.iter().any(|name| name == wire));
        Property {
            field_name: schema["x-field-name"].as_str().map(names::field_name),
            aliases: texts(&schema["x-alias"]),
            description: self.description(pointer),
            observed_optional: schema["x-observed-optional"].as_str().map(str::to_owned),
            required,
            nullable: self.any_on_the_way(pointer, "nullable"),
            shape: match lowered["type"].as_str() {
                Some("array") => Shape::List,
                Some("object") if lowered.get("additionalProperties").is_some() => Shape::Map,
                _ => Shape::One,
            },
            sensitive: schema["x-sensitive"].as_bool().unwrap_or_else(|| is_personal(lowered)),
            number: is_number(lowered),
            boxed: flag(schema, "x-boxed") && lowered.get("$ref").is_some(),
            deprecated: self.any_on_the_way(pointer, "deprecated"),
        }
    }

    /// A schema's own description, else that of what it refers to.
    pub(super) fn description(&self, pointer: &str) -> String {
        self.way(pointer)
            .iter()
            .map(|schema| text(schema, "description"))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    fn any_on_the_way(&self, pointer: &str, key: &str) -> bool {
        self.way(pointer).iter().any(|schema| flag(schema, key))
    }

    /// A schema and what it stands for, through references and one-element `allOf`.
    fn way(&self, pointer: &str) -> Vec<&Value> {
        let mut way = Vec::new();
        let mut pointer = pointer.to_owned();
        while way.len() < 32 {
            let Some(schema) = self.document.value_at(&pointer) else { break };
            way.push(schema);
            if let Some(target) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
                pointer = target.to_owned();
            } else if schema.get("allOf").is_some() {
                pointer.push_str("/allOf/0");
            } else {
                break;
            }
        }
        way
    }
}

fn has_values(schema: &Value) -> bool {
    schema.get("enum").is_some() || schema.get("oneOf").is_some()
}

fn has_properties(schema: &Value) -> bool {
    schema["properties"].as_object().is_some_and(|properties| !properties.is_empty())
}

/// The values of an enum with their descriptions, however it is written.
fn code_values(schema: &Value) -> BTreeMap<String, String> {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter_map(Value::as_str).map(|value| (value.to_owned(), String::new())).collect();
    }
    let variants = schema["oneOf"].as_array().into_iter().flatten();
    variants
        .filter_map(|variant| Some((variant["enum"][0].as_str()?.to_owned(), text(variant, "description"))))
        .collect()
}

/// Bounds, patterns and defaults stay behind: they document, they do not make a bank's answer unreadable.
fn scalar_schema(kind: &str, format: Option<&str>) -> Value {
    let format = match (kind, format) {
        ("string", Some("uuid" | "uuid4")) => Some("uuid"),
        ("string", Some(known @ ("date" | "date-time" | "decimal" | "ip" | "ipv4" | "ipv6")))
        | ("number", Some(known @ ("decimal" | "float" | "double")))
        | ("integer", Some(known @ ("int32" | "int64"))) => Some(known),
        _ => None,
    };
    match format {
        Some(format) => json!({ "type": kind, "format": format }),
        None => json!({ "type": kind }),
    }
}

/// Whether this is a decimal that travels as a number, or a list or map of them.
fn is_number(lowered: &Value) -> bool {
    match lowered["type"].as_str() {
        Some("array") => is_number(&lowered["items"]),
        Some("object") => lowered.get("additionalProperties").is_some_and(is_number),
        kind => kind == Some("number") && lowered["format"] == "decimal",
    }
}

/// Whether a value of this schema may say something about a person: text, identifiers, money, free-form data.
fn is_personal(lowered: &Value) -> bool {
    if lowered.get("$ref").is_some() {
        return false;
    }
    match lowered["type"].as_str() {
        Some("string") => !matches!(lowered["format"].as_str(), Some("date" | "date-time")),
        Some("number") => true,
        Some("array") => is_personal(&lowered["items"]),
        Some("boolean" | "integer") => false,
        _ => true,
    }
}
