//! Operations: only what a caller gives and a success brings goes on to progenitor.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Lowering, flag, text, texts, token};
use crate::lint::rules;
use crate::lint::spec::METHODS;
use crate::model::{Argument, Location, Operation, TypeKind};
use crate::names;
use crate::surface::Authorization;

impl Lowering<'_> {
    /// The paths for progenitor, and the operations by method name.
    pub(super) fn operations(&mut self) -> (Map<String, Value>, BTreeMap<String, Operation>) {
        let mut paths = Map::new();
        let mut operations = BTreeMap::new();
        for (path, item) in self.document.value["paths"].as_object().into_iter().flatten() {
            let mut lowered = Map::new();
            for method in METHODS {
                let Some(id) = item[*method]["operationId"].as_str() else { continue };
                let name = names::method_name(id);
                let place = format!("/paths/{}", token(path));
                let (spec, operation) = self.operation(&place, method, path, id);
                lowered.insert((*method).to_owned(), spec);
                operations.insert(name, operation);
            }
            paths.insert(path.clone(), Value::Object(lowered));
        }
        self.mark_requested();
        (paths, operations)
    }

    fn operation(&mut self, item: &str, method: &str, path: &str, id: &str) -> (Value, Operation) {
        let pointer = format!("{item}/{method}");
        let source = self.document.value_at(&pointer).unwrap_or(&Value::Null);
        let prefix = names::type_name(id);
        let mut operation = Operation {
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(source, "summary"),
            description: text(source, "description"),
            arguments: BTreeMap::new(),
            responses: BTreeMap::new(),
            context_headers: Vec::new(),
            request_id: None,
            authorization: self.authorization(source),
            single_use: flag(source, "x-single-use"),
            gone: texts(&source["x-gone"]),
            deprecated: flag(source, "deprecated"),
        };
        let mut spec = json!({ "operationId": names::method_name(id) });
        spec["parameters"] = self.parameters(item, &pointer, &prefix, &mut operation);
        if let Some(body) = self.request_body(&pointer, &prefix, &mut operation) {
            spec["requestBody"] = body;
        }
        spec["responses"] = self.responses(&pointer, &prefix, &mut operation);
        (spec, operation)
    }

    /// An operation's own list of requirements, an empty one included, stands before that of the document. Of several
    /// alternatives the first is served; one that asks for nothing makes the others optional.
    fn authorization(&self, operation: &Value) -> Option<Authorization> {
        let root = &self.document.value;
        let alternatives = operation.get("security").or_else(|| root.get("security"))?.as_array()?;
        let schemes = alternatives.iter().filter_map(Value::as_object);
        let scheme = schemes.clone().find_map(|schemes| schemes.keys().next())?;
        let (_, scheme) = self.resolve(format!("/components/securitySchemes/{}", token(scheme)));
        let header = match scheme["type"].as_str() {
            Some("apiKey") => text(scheme, "name").to_ascii_lowercase(),
            _ => "authorization".to_owned(),
        };
        Some(Authorization { header, optional: schemes.clone().any(Map::is_empty) })
    }

    fn parameters(&mut self, item: &str, operation: &str, prefix: &str, model: &mut Operation) -> Value {
        let mut found: BTreeMap<(String, String), (String, &Value)> = BTreeMap::new();
        for owner in [item, operation] {
            let list = self.document.value_at(&format!("{owner}/parameters")).and_then(Value::as_array);
            for index in 0..list.map_or(0, Vec::len) {
                let (pointer, parameter) = self.resolve(format!("{owner}/parameters/{index}"));
                // The operation's own replaces the one of its path.
                found.insert((text(parameter, "in"), text(parameter, "name")), (pointer, parameter));
            }
        }
        let mut lowered = Vec::new();
        for ((location, name), (pointer, parameter)) in found {
            let context = self.context_headers.iter().find(|header| header.eq_ignore_ascii_case(&name));
            if let (Some(header), "header") = (context, location.as_str()) {
                model.context_headers.push(header.clone());
                if self.request_id.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(header)) {
                    model.request_id = Some(header.clone());
                }
                continue;
            }
            let argument = names::field_name(&name);
            let mut schema = self.schema(&format!("{pointer}/schema"), &format!("{prefix}{}", names::type_name(&name)));
            write_decimals_as_text(&mut schema);
            lowered.push(json!({
                "name": name, "in": location, "required": flag(parameter, "required"), "schema": schema,
            }));
            let location = match location.as_str() {
                "path" => Location::Path,
                "header" => Location::Header,
                _ => Location::Query,
            };
            model
                .arguments
                .insert(argument, Argument { wire: name, location, description: text(parameter, "description") });
        }
        model.context_headers.sort_by_key(|name| self.context_headers.iter().position(|header| header == name));
        Value::Array(lowered)
    }

    fn request_body(&mut self, operation: &str, prefix: &str, model: &mut Operation) -> Option<Value> {
        let (pointer, body) = self.resolve(format!("{operation}/requestBody"));
        let media_type = json_media_type(body)?;
        let schema = format!("{pointer}/content/{}/schema", token(media_type));
        let description = match text(body, "description") {
            none if none.is_empty() => self.description(&schema),
            description => description,
        };
        let place = schema;
        let schema = self.schema(&place, &format!("{prefix}Body"));
        if holds_decimal(&schema) {
            let message = "a body that is a bare decimal, or a list or map of them".to_owned();
            self.refuse(&place, rules::UNSUPPORTED_SCHEMA, message, "put it into an object with a named property");
        }
        collect_types(&schema, &mut |name| {
            self.requested.insert(name);
        });
        model
            .arguments
            .insert("body".to_owned(), Argument { wire: String::new(), location: Location::Body, description });
        Some(json!({ "required": true, "content": { "application/json": { "schema": schema } } }))
    }

    fn responses(&mut self, operation: &str, prefix: &str, model: &mut Operation) -> Value {
        let mut lowered = Map::new();
        let responses = self.document.value_at(&format!("{operation}/responses")).and_then(Value::as_object);
        for status in responses.into_iter().flat_map(Map::keys).filter(|status| !status.starts_with("x-")) {
            let (pointer, response) = self.resolve(format!("{operation}/responses/{}", token(status)));
            model.responses.insert(status.clone(), text(response, "description"));
            if !status.starts_with('2') {
                continue;
            }
            let mut answer = json!({ "description": "" });
            if let Some(media_type) = json_media_type(response) {
                let schema = format!("{pointer}/content/{}/schema", token(media_type));
                let schema = self.schema(&schema, &format!("{prefix}Response"));
                answer["content"] = json!({ "application/json": { "schema": schema } });
            }
            lowered.insert(status.clone(), answer);
        }
        Value::Object(lowered)
    }

    /// Marks what request bodies hold, however deep.
    fn mark_requested(&mut self) {
        let mut open: Vec<_> = self.requested.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let Some(model) = self.types.get_mut(&name) else { continue };
            if std::mem::replace(&mut model.in_request, true) {
                continue;
            }
            if let (TypeKind::Object(_), Some(schema)) = (&model.kind, self.schemas.get(&name)) {
                collect_types(schema, &mut |name| open.push(name));
            }
        }
    }
}

fn holds_decimal(schema: &Value) -> bool {
    let inner = schema.get("items").or_else(|| schema.get("additionalProperties"));
    schema["format"] == "decimal" || inner.is_some_and(holds_decimal)
}

/// A decimal has no one spelling in a query or a header: the caller writes it.
fn write_decimals_as_text(schema: &mut Value) {
    if schema["format"] == "decimal" {
        *schema = json!({ "type": "string" });
    } else if schema["type"] == "array" {
        write_decimals_as_text(&mut schema["items"]);
    }
}

/// Calls back with every type that a lowered schema names.
fn collect_types(schema: &Value, found: &mut impl FnMut(String)) {
    match schema {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next()) {
                found(name.to_owned());
            }
            map.values().for_each(|inner| collect_types(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| collect_types(inner, found)),
        _ => {}
    }
}

/// The media type that is spoken: JSON, whatever stands beside it.
fn json_media_type(message: &Value) -> Option<&String> {
    let content = message.get("content")?.as_object()?;
    content.keys().find(|media_type| {
        let kind = media_type.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("application/json")
    })
}
