//! Documents for progenitor: a document with some of its operations, and only what these refer to.

use std::collections::BTreeSet;

use openapiv3::{
    Components, MediaType, OpenAPI, Operation, PathItem, ReferenceOr, Response, Responses, Schema, StatusCode,
};
use serde::Serialize;
use serde_json::Value;

/// An operation's place in a document.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The path template.
    pub path: String,
    /// The method in lower case.
    pub method: String,
}

/// Reads a document.
///
/// # Errors
///
/// Returns the parser's message if the text is not an OpenAPI 3.0 document.
pub fn parse(text: &str) -> Result<OpenAPI, String> {
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

/// Lists the operations of a document, in its order.
pub fn operations(spec: &OpenAPI) -> Vec<(Place, &Operation)> {
    let items = spec.paths.iter().filter_map(|(path, item)| Some((path, item.as_item()?)));
    items
        .flat_map(|(path, item)| {
            item.iter().map(|(method, operation)| (Place { path: path.clone(), method: method.to_owned() }, operation))
        })
        .collect()
}

/// Returns a document of the operations for which `keeps` is true, with their responses reduced to one and without the
/// components that they do not need.
///
/// The response is a 204. It has a body of any JSON if one of the operation's successes has a JSON body, so that the
/// request asks for the media type that it would ask for otherwise.
pub fn reduced(spec: &OpenAPI, keeps: impl Fn(&Place) -> bool) -> OpenAPI {
    let mut reduced = OpenAPI { openapi: spec.openapi.clone(), info: spec.info.clone(), ..OpenAPI::default() };
    for (path, item) in &spec.paths.paths {
        let Some(item) = item.as_item() else { continue };
        let mut kept = PathItem { parameters: item.parameters.clone(), ..PathItem::default() };
        let mut is_empty = true;
        for (method, operation) in item.iter() {
            if keeps(&Place { path: path.clone(), method: method.to_owned() }) {
                *slot(&mut kept, method) = Some(with_one_response(spec, operation));
                is_empty = false;
            }
        }
        if !is_empty {
            reduced.paths.paths.insert(path.clone(), ReferenceOr::Item(kept));
        }
    }
    reduced.components = needed(spec, &reduced);
    reduced
}

fn slot<'a>(item: &'a mut PathItem, method: &str) -> &'a mut Option<Operation> {
    match method {
        "put" => &mut item.put,
        "post" => &mut item.post,
        "delete" => &mut item.delete,
        "options" => &mut item.options,
        "head" => &mut item.head,
        "patch" => &mut item.patch,
        "trace" => &mut item.trace,
        _ => &mut item.get,
    }
}

fn with_one_response(spec: &OpenAPI, operation: &Operation) -> Operation {
    let mut response = Response::default();
    if accepts_json(spec, operation) {
        let media_type = MediaType { schema: Some(ReferenceOr::Item(anything())), ..MediaType::default() };
        response.content.insert("application/json".to_owned(), media_type);
    }
    let mut responses = Responses::default();
    responses.responses.insert(StatusCode::Code(204), ReferenceOr::Item(response));
    Operation { responses, ..operation.clone() }
}

fn anything() -> Schema {
    let schema_kind = openapiv3::SchemaKind::Any(openapiv3::AnySchema::default());
    Schema { schema_data: openapiv3::SchemaData::default(), schema_kind }
}

/// Returns whether one of the operation's successes has a JSON body.
pub fn accepts_json(spec: &OpenAPI, operation: &Operation) -> bool {
    let is_success = |status: &StatusCode| matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2));
    let successes = operation.responses.responses.iter().filter(|(status, _)| is_success(status));
    successes.filter_map(|(_, response)| resolved(spec, response)).any(|response| {
        response.content.keys().any(|name| name.split(';').next().unwrap_or_default().trim() == "application/json")
    })
}

fn resolved<'a>(spec: &'a OpenAPI, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            spec.components.as_ref()?.responses.get(name)?.as_item()
        }
    }
}

/// Returns the components that the paths of `reduced` refer to, directly or not.
fn needed(spec: &OpenAPI, reduced: &OpenAPI) -> Option<Components> {
    let all = spec.components.as_ref()?;
    let mut found = BTreeSet::new();
    let mut open = references(&reduced.paths);
    while let Some(reference) = open.pop() {
        if found.insert(reference.clone()) {
            open.extend(component(all, &reference).map(|component| references(&component)).unwrap_or_default());
        }
    }
    let is_needed = |kind: &str, name: &str| found.contains(&format!("#/components/{kind}/{name}"));
    let mut components = Components::default();
    components.schemas.extend(all.schemas.clone().into_iter().filter(|(name, _)| is_needed("schemas", name)));
    components.parameters.extend(all.parameters.clone().into_iter().filter(|(name, _)| is_needed("parameters", name)));
    let bodies = all.request_bodies.clone().into_iter();
    components.request_bodies.extend(bodies.filter(|(name, _)| is_needed("requestBodies", name)));
    Some(components)
}

fn component(components: &Components, reference: &str) -> Option<Value> {
    let (kind, name) = reference.strip_prefix("#/components/")?.split_once('/')?;
    match kind {
        "schemas" => json(components.schemas.get(name)?),
        "parameters" => json(components.parameters.get(name)?),
        "requestBodies" => json(components.request_bodies.get(name)?),
        _ => None,
    }
}

fn json(value: &impl Serialize) -> Option<Value> {
    serde_json::to_value(value).ok()
}

/// Collects the target of every `$ref`.
fn references(value: &impl Serialize) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = Vec::from_iter(json(value));
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                open.extend(map.into_iter().map(|(_, value)| value));
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    found
}
