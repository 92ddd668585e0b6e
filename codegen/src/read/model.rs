//! From the tree to the types of `openapiv3`, with what those types lose on the way.

use openapiv3::{OpenAPI, PathItem, ReferenceOr, Schema};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Document, child};
use crate::finding::{Finding, Severity};
use crate::lint::rules;

/// Keys that OpenAPI knows where the model does not; none of them makes client code.
const NOT_MODELLED: &[&str] = &["allowEmptyValue", "allowReserved", "explode", "xml"];

/// Reads the tree as OpenAPI 3.0, and reports every key that got lost on the way.
pub fn model(document: &Document) -> Result<OpenAPI, Vec<Finding>> {
    let model = OpenAPI::deserialize(&document.value).map_err(|error| vec![misread(document, &error)])?;
    let read = serde_json::to_value(&model).map_err(|error| vec![misread(document, &error)])?;
    let mut findings = Vec::new();
    compare(document, Way::Root, &document.value, &read, &mut findings);
    findings.sort_by_key(|finding| (finding.line, finding.column));
    if findings.is_empty() { Ok(model) } else { Err(findings) }
}

fn misread(document: &Document, error: &serde_json::Error) -> Finding {
    let pointer = culprit(&document.value);
    let message = format!("this is not OpenAPI 3.0: {error}");
    document.finding(
        Severity::Error,
        &pointer,
        rules::NOT_OPENAPI,
        message,
        "compare with the OpenAPI 3.0 specification",
    )
}

/// The smallest path item or schema that cannot be read on its own; serde tells no place.
fn culprit(value: &Value) -> String {
    unreadable::<ReferenceOr<PathItem>>(value, "/paths")
        .or_else(|| unreadable::<ReferenceOr<Schema>>(value, "/components/schemas"))
        .unwrap_or_default()
}

fn unreadable<T: DeserializeOwned>(value: &Value, pointer: &str) -> Option<String> {
    let items = value.pointer(pointer)?.as_object()?;
    let (name, _) = items
        .iter()
        .filter(|(name, _)| !name.starts_with("x-"))
        .find(|(_, item)| serde_json::from_value::<T>((*item).clone()).is_err())?;
    Some(child(pointer, name))
}

/// The way from the root to a value. It becomes a pointer where something is found, which is hardly ever.
#[derive(Clone, Copy)]
enum Way<'a> {
    Root,
    Key(&'a Way<'a>, &'a str),
    Index(&'a Way<'a>, usize),
}

impl Way<'_> {
    fn pointer(self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Key(way, key) => child(&way.pointer(), key),
            Self::Index(way, index) => child(&way.pointer(), index),
        }
    }
}

fn compare(document: &Document, way: Way<'_>, written: &Value, read: &Value, findings: &mut Vec<Finding>) {
    match (written, read) {
        (Value::Object(written), Value::Object(read)) => {
            for (key, value) in written {
                let way = Way::Key(&way, key);
                match read.get(key) {
                    Some(read) => compare(document, way, value, read, findings),
                    // What stands beside a reference is the lint's to judge.
                    None if written.contains_key("$ref") => {}
                    None if is_default(value) || NOT_MODELLED.contains(&key.as_str()) => {}
                    None => findings.push(document.finding(
                        Severity::Error,
                        &way.pointer(),
                        rules::UNKNOWN_KEY,
                        format!("`{key}` means nothing here"),
                        "check the spelling, or take it out",
                    )),
                }
            }
        }
        (Value::Array(written), Value::Array(read)) if written.len() == read.len() => {
            for (index, (written, read)) in written.iter().zip(read).enumerate() {
                compare(document, Way::Index(&way, index), written, read, findings);
            }
        }
        (Value::Number(written), Value::Number(read)) if written.as_f64() == read.as_f64() => {}
        (written, read) if written == read => {}
        _ => findings.push(document.finding(
            Severity::Error,
            &way.pointer(),
            rules::NOT_OPENAPI,
            "the reader of OpenAPI understands another value than the one written here",
            "compare with the OpenAPI 3.0 specification",
        )),
    }
}

/// The model leaves out what says the same as saying nothing.
fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Number(_) | Value::String(_) => false,
    }
}
