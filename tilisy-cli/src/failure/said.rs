//! The texts in which the service explains an error.

use enablebanking_client::{Error, ErrorKind};
use serde_json::Value;

use crate::text::excerpt;

/// The names of texts that need no name in front of them.
const TEXTS: [&str; 9] =
    ["message", "msg", "detail", "details", "description", "error_description", "reason", "text", "title"];

/// The most texts of a `detail` that are shown, and the deepest level that is read.
const MOST: usize = 8;
const DEEPEST: usize = 6;

/// Returns the message and the detail of an error, made safe to print.
pub(crate) fn said(error: &Error) -> Option<String> {
    // The body of a success is data, also if it cannot be decoded.
    let body = || error.body().filter(|_| error.kind() == ErrorKind::Api).and_then(said_in);
    let Some(api) = error.api() else { return body() };
    let mut texts = Vec::new();
    texts.extend(api.message.clone());
    api.detail.iter().for_each(|detail| collect(detail, None, 0, &mut texts));
    // Bodies of banks are passed on, and name the reason where the service has a number.
    if texts.is_empty() && api.error.is_none() {
        return body();
    }
    joined(&texts)
}

/// Returns the texts of a body that the API description does not describe.
pub(crate) fn said_in(body: &[u8]) -> Option<String> {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return None };
    let mut texts = Vec::new();
    for name in TEXTS.iter().chain(&["error", "code"]) {
        // Numbers repeat the status.
        let value = body.get(*name).filter(|value| !value.is_number());
        value.into_iter().for_each(|value| collect(value, None, 0, &mut texts));
    }
    joined(&texts)
}

fn collect(value: &Value, name: Option<&str>, depth: usize, texts: &mut Vec<String>) {
    if texts.len() >= MOST || depth > DEEPEST {
        return;
    }
    let named = |text: &str| name.map_or_else(|| text.to_owned(), |name| format!("{name}: {text}"));
    match value {
        Value::Null => {}
        Value::String(text) if text.trim().is_empty() => {}
        Value::String(text) => texts.push(named(text)),
        Value::Bool(_) | Value::Number(_) => texts.push(named(&value.to_string())),
        Value::Array(values) => values.iter().for_each(|value| collect(value, name, depth + 1, texts)),
        Value::Object(values) => {
            for (name, value) in values {
                let name = Some(name.as_str()).filter(|name| !TEXTS.contains(name));
                collect(value, name, depth + 1, texts);
            }
        }
    }
}

/// Joins texts that are not the same, and hides tokens and continuation keys, which are JSON in base64.
fn joined(texts: &[String]) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    for text in texts {
        let words = text.split_whitespace().map(|word| match word.find("eyJ") {
            Some(start) if word.len() - start > 20 => format!("{}…", &word[..start]),
            _ => word.to_owned(),
        });
        let text = words.collect::<Vec<_>>().join(" ");
        if !text.is_empty() && !said.iter().any(|earlier| earlier.contains(&text)) {
            said.push(text);
        }
    }
    Some(excerpt(&said.join(": "))).filter(|said| !said.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_of_any_shape_are_read() {
        for (body, expected) in [
            (r#"{"message": "m"}"#, Some("m")),
            (r#"{"message": "m", "detail": "d"}"#, Some("m: d")),
            (r#"{"message": "m", "detail": "m"}"#, Some("m")),
            (
                r#"{"detail": {"message": "too long", "date_from": "2026-01-01"}}"#,
                Some("date_from: 2026-01-01: too long"),
            ),
            (
                r#"{"detail": [{"loc": ["body", "access"], "msg": "required"}]}"#,
                Some("loc: body: loc: access: required"),
            ),
            (r#"{"message": null, "detail": {"a": {"b": 1, "c": null, "d": ""}}}"#, Some("b: 1")),
            (r#"{"code": "PERIOD_INVALID"}"#, Some("PERIOD_INVALID")),
            (r#"{"message": "a\n\u001b[2Jb \u202e"}"#, Some("a \u{fffd}[2Jb \u{fffd}")),
            (r#"{"detail": "key eyJhIjoxfQeyJhIjoxfQeyJh, gone"}"#, Some("key … gone")),
            (r#"{"code": 400}"#, None),
            (r#"{"message": " "}"#, None),
            ("[]", None),
            ("<html>", None),
        ] {
            assert_eq!(said_in(body.as_bytes()).as_deref(), expected, "{body}");
        }
        let many = format!(r#"{{"detail": [{}0]}}"#, "\"abcdefghijkl\", 1, ".repeat(1_000));
        assert!(said_in(many.as_bytes()).is_some_and(|said| said.chars().count() < 301));
        let deep = format!(r#"{{"detail": {}1{}}}"#, "[".repeat(100), "]".repeat(100));
        assert_eq!(said_in(deep.as_bytes()), None);
    }
}
