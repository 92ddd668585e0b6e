//! Specs of any size.

use std::collections::BTreeMap;

use openbanking_codegen::read::load;
use serde_json::{Value, json};

/// Our spec many times over, each time under other names.
pub(crate) fn larger(text: &str, times: usize) -> Value {
    let original = load("spec.yaml", text).unwrap().root.to_json();
    let mut all = original.clone();
    let mut components: BTreeMap<String, Value> = BTreeMap::new();
    let mut paths = serde_json::Map::new();
    for nth in 0..times {
        let copy = renamed(&original, nth);
        paths.extend(copy["paths"].as_object().unwrap().clone());
        for (section, entries) in copy["components"].as_object().unwrap() {
            let all = components.entry(section.clone()).or_insert_with(|| json!({}));
            all.as_object_mut().unwrap().extend(entries.as_object().unwrap().clone());
        }
    }
    all["paths"] = Value::Object(paths);
    all["components"] = json!(components);
    all["x-codegen"]["error-schema"] = json!("ErrorResponse0");
    all
}

fn renamed(original: &Value, nth: usize) -> Value {
    let mut copy = original.clone();
    for (section, entries) in copy["components"].as_object_mut().unwrap() {
        if section == "securitySchemes" {
            continue;
        }
        let named = std::mem::take(entries.as_object_mut().unwrap());
        *entries = named.into_iter().map(|(name, value)| (format!("{name}{nth}"), value)).collect();
    }
    let paths = std::mem::take(copy["paths"].as_object_mut().unwrap());
    copy["paths"] = paths.into_iter().map(|(path, item)| (format!("/v{nth}{path}"), item)).collect();
    suffix(&mut copy, nth);
    copy
}

fn suffix(value: &mut Value, nth: usize) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "$ref" || key == "operationId" => text.push_str(&nth.to_string()),
                    value => suffix(value, nth),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| suffix(value, nth)),
        _ => {}
    }
}
