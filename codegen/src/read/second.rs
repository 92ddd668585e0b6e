//! A second opinion: YAML has corners that its readers understand differently.

use serde_json::Value;

use super::child;

/// Where the usual reader of YAML sees something else than what was read. One that cannot read the file at all does
/// not count.
pub(super) fn disagreement(read: &Value, text: &str) -> Option<String> {
    let other: Value = serde_yaml::from_str(text).ok()?;
    difference(read, &other)
}

/// The pointer of the first difference, put together on the way back: mostly there is none.
fn difference(a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            // Mostly both have the same keys, and need not be asked for one.
            a.iter().zip(b).find_map(|((key, value), (same, other))| {
                let Some(other) = (if key == same { Some(other) } else { b.get(key) }) else {
                    return Some(String::new());
                };
                difference(value, other).map(|rest| child("", key) + &rest)
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(index, (a, b))| difference(a, b).map(|rest| child("", index) + &rest)),
        (a, b) => (a != b).then(String::new),
    }
}
