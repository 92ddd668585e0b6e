//! A second opinion: YAML has corners that its readers understand differently.

use serde_json::Value;

use super::child;

/// Where the usual reader of YAML sees something else than what was read. One that cannot read the file at all does
/// not count.
pub(super) fn disagreement(read: &Value, text: &str) -> Option<String> {
    let other: Value = serde_yaml::from_str(text).ok()?;
    difference("", read, &other)
}

fn difference(pointer: &str, a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => a.iter().find_map(|(key, value)| {
            b.get(key).map_or_else(|| Some(pointer.to_owned()), |other| difference(&child(pointer, key), value, other))
        }),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(index, (a, b))| difference(&child(pointer, index), a, b))
        }
        (a, b) => (a != b).then(|| pointer.to_owned()),
    }
}
