//! Operations: ids, bodies, and what success looks like.

use std::collections::BTreeMap;

use super::report::Report;
use super::rules;
use super::spec::{Operation, Part, Spec, is_json};
use crate::read::{Node, child};

/// Operations have ids of their own.
pub(super) fn ids(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for operation in spec.operations() {
        let pointer = child(&operation.pointer, "operationId");
        match operation.node.get("operationId").map(Node::as_str) {
            None | Some(Some("")) => {
                let message = "an operation without `operationId`";
                let fix = "add one; it becomes the name of the method";
                report.error(&operation.pointer, rules::MISSING_OPERATION_ID, message, fix);
            }
            Some(Some(id)) => {
                if let Some(first) = seen.insert(id, format!("{} {}", operation.method.to_uppercase(), operation.path))
                {
                    let message = format!("`{id}` is already the id of {first}");
                    report.error(&pointer, rules::DUPLICATE_OPERATION_ID, message, "give it an id of its own");
                }
            }
            Some(None) => {}
        }
    }
}

/// Request bodies are JSON, of methods that have one.
pub(super) fn request_bodies(spec: &Spec<'_>, report: &mut Report<'_>) {
    for operation in spec.operations() {
        let Some(body) = spec.request_body(&operation) else { continue };
        if matches!(operation.method, "get" | "head" | "delete") {
            let message = format!("a {} request has no body", operation.method.to_uppercase());
            let fix = "take it out, or send the values as query parameters";
            report.error(&body.used, rules::UNEXPECTED_BODY, message, fix);
        }
        if body.node.get("required").and_then(Node::as_bool) != Some(true) {
            let fix = "add `required: true`";
            report.warning(&body.used, rules::IGNORED, "an optional body is always sent", fix);
        }
        if body.content().is_empty() {
            let fix = "add `application/json`, or take the body out";
            report.error(&body.used, rules::UNSUPPORTED_MEDIA_TYPE, "a body without a media type", fix);
        }
        media_types(&body, report);
    }
}

/// Responses are keyed by statuses, and successes have one JSON body or none.
pub(super) fn responses(spec: &Spec<'_>, report: &mut Report<'_>) {
    for operation in spec.operations() {
        let responses = spec.responses(&operation);
        let all = child(&operation.pointer, "responses");
        for (status, response) in responses.iter().filter(|(status, _)| !is_status(status)) {
            if *status == "default" {
                let message = "`default` stands for successes and errors alike, and is ignored";
                report.house(&response.used, rules::DEFAULT_RESPONSE, message, "list the statuses");
            } else {
                let message = format!("`{status}` is no status");
                let fix = "use three digits, or a range such as `4XX`";
                report.error(&child(&all, status), rules::BAD_STATUS, message, fix);
            }
        }
        let successes: Vec<_> =
            responses.iter().filter(|(status, _)| is_status(status) && status.starts_with('2')).collect();
        if successes.is_empty() && operation.node.get("responses").is_some() {
            let fix = "add the response with status 200, or whatever success looks like";
            report.error(&all, rules::NO_SUCCESS, "no response for success", fix);
        }
        for (_, response) in &successes {
            media_types(response, report);
        }
        agreement(&operation, &successes, report);
    }
}

fn is_status(status: &str) -> bool {
    match status.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [first, rest @ ..] => matches!(first, b'1'..=b'5') && rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
        [] => false,
    }
}

/// A schema without an `allOf` of one around it, which adds words alone.
fn said(schema: &Node) -> &Node {
    match schema.get("allOf").map(Node::items) {
        Some([only]) => said(only),
        _ => schema,
    }
}

/// All successes have the same body, because a method has one return type.
fn agreement(operation: &Operation<'_>, successes: &[&(&str, Part<'_>)], report: &mut Report<'_>) {
    let body = |response: &Part<'_>| {
        response
            .spoken()
            .first()
            .map(|(_, _, media_type)| media_type.get("schema").map(|schema| said(schema).to_json()))
    };
    let Some(((first_status, first), rest)) =
        successes.split_first().map(|((status, first), rest)| ((status, first), rest))
    else {
        return;
    };
    for (status, response) in rest {
        if body(first) != body(response) {
            let message = format!("the bodies of {first_status} and {status} differ");
            let fix = "describe one of them, or one schema for both";
            report.error(&response.used, rules::SEVERAL_SUCCESSES, message, fix);
        }
    }
    if operation.method == "head" && body(first).is_some() {
        let fix = "take `content` out";
        report.error(&first.used, rules::UNEXPECTED_BODY, "the answer to a HEAD request has no body", fix);
    }
}

/// At most one kind of JSON, with a schema; whatever else is offered is passed over.
fn media_types(part: &Part<'_>, report: &mut Report<'_>) {
    let content = part.content();
    let has_json = content.iter().any(|(name, ..)| is_json(name));
    for (name, pointer, media_type) in &content {
        if !is_json(name) && has_json {
            let fix = "take it out, or leave it to other clients";
            report.warning(pointer, rules::IGNORED, format!("`{name}` is passed over"), fix);
        } else if !is_json(name) {
            let message = format!("bodies of type `{name}` are not supported");
            report.error(pointer, rules::UNSUPPORTED_MEDIA_TYPE, message, "use `application/json`");
        } else if media_type.get("schema").is_none() {
            let fix = "add `schema`; an empty one stands for anything";
            report.error(pointer, rules::MISSING_KEY, "a media type needs `schema`", fix);
        }
    }
    if content.iter().filter(|(name, ..)| is_json(name)).count() > 1 {
        let pointer = child(&part.pointer, "content");
        report.error(&pointer, rules::UNSUPPORTED_MEDIA_TYPE, "several kinds of JSON", "keep `application/json`");
    }
}

/// Error answers have a type only where the spec names it.
pub(super) fn error_schema(spec: &Spec<'_>, report: &mut Report<'_>) {
    if spec.document.at("/x-codegen/error-schema").is_some() {
        return;
    }
    let operations = spec.operations();
    let mut errors = operations.iter().flat_map(|operation| spec.responses(operation));
    let has_json = |(status, response): &(&str, Part<'_>)| {
        status.starts_with(['4', '5']) && response.content().iter().any(|(name, ..)| is_json(name))
    };
    if let Some((_, response)) = errors.find(has_json) {
        let fix = "name their schema in `x-codegen: { error-schema: … }`";
        report.advice(&response.used, rules::IGNORED, "error answers are not decoded", fix);
    }
}
