//! From what a spec says to what progenitor can carry, and a [`Model`] of all the rest.
//!
//! progenitor gets a spec of our making: named objects with required properties, plain enums, one success answer an
//! operation, no context headers. Everything it would drop, panic at or get wrong (error answers, nullability,
//! defaults, bounds, descriptions, our own `x-` keys) goes into the model, from which the later passes work.

mod operations;
mod schemas;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::finding::{Finding, Severity};
use crate::lint::rules;
use crate::model::{Model, TypeKind};
use crate::names;
use crate::read::Document;

/// A spec on its way to progenitor.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// What progenitor reads.
    pub(crate) spec: Value,
    /// What the later passes read.
    pub(crate) model: Model,
    /// Where each named type stands in the spec.
    pub(crate) origins: BTreeMap<String, String>,
}

/// Lowers a spec that the lint has passed.
///
/// # Errors
///
/// What only shows once references are followed, such as two schemas that come to one name.
pub(crate) fn lower(document: &Document) -> Result<Lowered, Vec<Finding>> {
    let mut lowering = Lowering::new(document);
    lowering.components();
    let (paths, operations) = lowering.operations();
    let error_type = lowering.error_type();
    lowering.security();
    if !lowering.findings.is_empty() {
        return Err(lowering.findings);
    }
    let root = &document.value;
    let info = &root["info"];
    let model = Model {
        title: text(info, "title"),
        version: text(info, "version"),
        description: text(info, "description"),
        server: server(root),
        error_type,
        error_code: document
            .value_at("/x-codegen/error-code")
            .and_then(Value::as_str)
            .map(|path| path.split('.').map(str::to_owned).collect())
            .unwrap_or_default(),
        types: lowering.types,
        operations,
    };
    let spec = json!({
        "openapi": "3.0.3",
        "info": { "title": model.title, "version": model.version },
        "paths": paths,
        "components": { "schemas": lowering.schemas },
    });
    Ok(Lowered { spec, model, origins: lowering.origins })
}

/// The work in progress of [`lower`].
struct Lowering<'a> {
    document: &'a Document,
    /// Component schemas for progenitor, by Rust name.
    schemas: Map<String, Value>,
    types: BTreeMap<String, crate::model::TypeModel>,
    /// Where each Rust name comes from, to tell twins apart.
    origins: BTreeMap<String, String>,
    /// References that are being followed, so that a circle is noticed.
    following: Vec<String>,
    /// Types that request bodies hold.
    requested: BTreeSet<String>,
    context_headers: Vec<String>,
    request_id: Option<String>,
    findings: Vec<Finding>,
}

impl<'a> Lowering<'a> {
    fn new(document: &'a Document) -> Self {
        let context_headers = document
            .value_at("/x-codegen/context-headers")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default();
        Self {
            document,
            schemas: Map::new(),
            types: BTreeMap::new(),
            origins: BTreeMap::new(),
            following: Vec::new(),
            requested: BTreeSet::new(),
            context_headers,
            request_id: document.value_at("/x-codegen/request-id-header").and_then(Value::as_str).map(str::to_owned),
            findings: Vec::new(),
        }
    }

    /// The type of error answers, which has to be an object.
    fn error_type(&mut self) -> Option<String> {
        let pointer = "/x-codegen/error-schema";
        let name = names::type_name(self.document.value_at(pointer)?.as_str()?);
        if !matches!(self.types.get(&name).map(|model| &model.kind), Some(TypeKind::Object(_))) {
            let message = format!("`{name}` is no object with properties, which error answers have to be");
            self.refuse(pointer, rules::BAD_EXTENSION, message, "name another schema, or take it out");
        }
        Some(name)
    }

    /// Names of headers become parts of requests: each has to be one.
    fn security(&mut self) {
        let schemes = self.document.value_at("/components/securitySchemes").and_then(Value::as_object);
        for (name, scheme) in schemes.into_iter().flatten().filter(|(_, scheme)| scheme["type"] == "apiKey") {
            let header = text(scheme, "name");
            let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            let own = ["accept", "api-version", "content-type", "user-agent"];
            let is_ours = own.iter().any(|name| header.eq_ignore_ascii_case(name));
            if header.is_empty() || !header.bytes().all(is_token) || is_ours {
                let pointer = format!("/components/securitySchemes/{}/name", token(name));
                self.refuse(
                    &pointer,
                    rules::UNSUPPORTED_SECURITY,
                    "no header can have this name".to_owned(),
                    "name a header",
                );
            }
        }
    }

    fn refuse(&mut self, pointer: &str, rule: &'static str, message: String, fix: &str) {
        self.findings.push(self.document.finding(Severity::Error, pointer, rule, message, fix.to_owned()));
    }

    /// Follows references from a node to what it stands for; where they lead nowhere, the node itself.
    fn resolve(&self, mut pointer: String) -> (String, &'a Value) {
        static NOTHING: Value = Value::Null;
        for _ in 0..32 {
            let Some(value) = self.document.value_at(&pointer) else { return (pointer, &NOTHING) };
            match value.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#')) {
                Some(target) => pointer = target.to_owned(),
                None => return (pointer, value),
            }
        }
        (pointer, &NOTHING)
    }
}

/// The first server, with its variables at their defaults; none where the URL only makes sense beside the spec's own.
fn server(root: &Value) -> Option<String> {
    let server = root.pointer("/servers/0")?;
    let mut url = text(server, "url");
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), variable["default"].as_str().unwrap_or_default());
    }
    let is_whole = url.starts_with("https://") || url.starts_with("http://");
    (is_whole && !url.contains('{')).then_some(url)
}

/// The text under a key, or nothing.
fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or_default()
}

/// One text, or a list of them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A key as a token of a JSON pointer.
fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
