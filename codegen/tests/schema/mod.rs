//! As much of JSON Schema as the schema of reports uses; a keyword beyond that is an error, so that none goes unchecked.

use serde_json::{Map, Value};

/// What a value has that its schema does not say, or the other way round.
pub(crate) fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, schema, value, "", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, pointer: &str, found: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else { return found.push(format!("no schema for {pointer}")) };
    for (keyword, argument) in schema {
        let is_met = match keyword.as_str() {
            "$schema" | "title" | "description" | "definitions" | "format" | "required" => true,
            "properties" => {
                object(root, schema, value, pointer, found);
                true
            }
            "items" => {
                for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, argument, item, &format!("{pointer}/{nth}"), found);
                }
                true
            }
            "type" => types(argument).any(|name| is(name, value)),
            "enum" => argument.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= argument.as_f64().unwrap()),
            "$ref" => {
                let target = argument.as_str().unwrap().strip_prefix('#').unwrap();
                check(root, root.pointer(target).unwrap(), value, pointer, found);
                true
            }
            "allOf" => matching(root, argument, value) == argument.as_array().unwrap().len(),
            "anyOf" => matching(root, argument, value) > 0,
            "oneOf" => matching(root, argument, value) == 1,
            _ => panic!("`{keyword}` is a keyword that this check does not know"),
        };
        if !is_met {
            found.push(format!("{pointer} does not keep to `{keyword}`"));
        }
    }
}

fn matching(root: &Value, schemas: &Value, value: &Value) -> usize {
    let is_met = |schema: &&Value| {
        let mut found = Vec::new();
        check(root, schema, value, "", &mut found);
        found.is_empty()
    };
    schemas.as_array().unwrap().iter().filter(is_met).count()
}

fn object(root: &Value, schema: &Map<String, Value>, value: &Value, pointer: &str, found: &mut Vec<String>) {
    let Some(object) = value.as_object() else { return };
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            found.push(format!("{pointer}/{name} is missing"));
        }
    }
    for (name, value) in object {
        match schema["properties"].get(name) {
            Some(schema) => check(root, schema, value, &format!("{pointer}/{name}"), found),
            None => found.push(format!("{pointer}/{name} is not described")),
        }
    }
}

fn types(argument: &Value) -> impl Iterator<Item = &str> {
    let list = argument.as_array().map_or(std::slice::from_ref(argument), Vec::as_slice);
    list.iter().filter_map(Value::as_str)
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("`{other}` is no type"),
    }
}
