//! A second opinion on accepted specs: the types of `openapiv3`, which drop what they do not know.

use openapiv3::OpenAPI;
use openbanking_codegen::pointer::Pointer;
use serde::Deserialize;
use serde_json::Value;

/// Keys of OpenAPI that the types lack. No code is generated from them.
const NOT_MODELLED: &[&str] = &["allowEmptyValue", "allowReserved", "explode", "xml"];

/// Returns the places that get lost when the types of `openapiv3` read a spec and write it again.
pub(crate) fn losses(spec: &Value) -> Vec<String> {
    let model = match OpenAPI::deserialize(spec) {
        Ok(model) => model,
        Err(error) => return vec![format!("the spec cannot be read: {error}")],
    };
    let mut lost = Vec::new();
    compare(&Pointer::ROOT, spec, &serde_json::to_value(&model).unwrap(), &mut lost);
    lost
}

fn compare(pointer: &Pointer, written: &Value, read: &Value, lost: &mut Vec<String>) {
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => {
            for (key, value) in written {
                match read.get(key) {
                    Some(read) => compare(&pointer.child(key), value, read, lost),
                    // The lint refuses these in our own specs, and warns of them in others.
                    None if written.contains_key("$ref") => {}
                    None if is_default(value) || NOT_MODELLED.contains(&key.as_str()) => {}
                    None => lost.push(format!("{}: the key is dropped", pointer.child(key))),
                }
            }
        }
        (Value::Array(written), Value::Array(read)) if written.len() == read.len() => {
            for (index, (written, read)) in written.iter().zip(read).enumerate() {
                compare(&pointer.child(index), written, read, lost);
            }
        }
        (Value::Number(written), Value::Number(read)) if written.as_f64() == read.as_f64() => {}
        (written, read) if written == read => {}
        _ => lost.push(format!("{pointer}: {written} is read as {read}")),
    }
}

/// Whether the types leave a value out that means the same as no value.
fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Number(_) | Value::String(_) => false,
    }
}
