//! Operations: ids, bodies, and successes.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::report::Report;
use super::rules;
use super::spec::{Operation, Part, Spec, Spoken};
use crate::pointer::Pointer;
use crate::spec::NodeRef;

/// Operations have ids of their own.
pub(super) fn ids(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut seen: BTreeMap<&str, &Operation<'_>> = BTreeMap::new();
    for operation in &spec.operations {
        let place = operation.node.get("operationId");
        match place.node.map(|node| node.as_str()) {
            None | Some(Some("")) => {
                let message = "an operation without `operationId`";
                let fix = "add one; it becomes the name of the method";
                report.error(&operation.node, rules::MISSING_OPERATION_ID, message, fix);
            }
            Some(Some(id)) => {
                if let Some(first) = seen.insert(id, operation) {
                    let message = format!("`{id}` is already the id of `{} {}`", method(first), first.path);
                    report.error(&place, rules::DUPLICATE_OPERATION_ID, message, "give it an id of its own");
                }
            }
            Some(None) => {}
        }
    }
}

fn method(operation: &Operation<'_>) -> String {
    operation.method.to_uppercase()
}

/// Request bodies are JSON or forms, of methods that have one.
pub(super) fn request_bodies(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut checked = HashSet::new();
    for operation in &spec.operations {
        let Some(body) = &operation.body else { continue };
        if matches!(operation.method, "get" | "head" | "delete") {
            let message = format!("a {} request has no body", method(operation));
            let fix = "take it out, or send the values as query parameters";
            report.error(&body.used, rules::UNEXPECTED_BODY, message, fix);
        }
        if !body.node.flag("required") {
            let fix = "add `required: true`";
            report.warning(&body.used, rules::IGNORED, "an optional body is always sent", fix);
        }
        if body.content().next().is_none() {
            let fix = "add `application/json`, or take the body out";
            report.error(&body.used, rules::UNSUPPORTED_MEDIA_TYPE, "a body without a media type", fix);
        }
        media_types(body, &mut checked, report);
    }
}

/// Responses are keyed by statuses, and successes have one JSON body or none.
pub(super) fn responses(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut checked = HashSet::new();
    let mut agreements = Agreements::default();
    for operation in &spec.operations {
        for (status, response) in operation.responses.iter().filter(|(status, _)| !is_status(status)) {
            if *status == "default" {
                let message = "`default` stands for successes and errors alike, and is ignored";
                report.house(&response.used, rules::DEFAULT_RESPONSE, message, "list the statuses");
            } else {
                let message = format!("`{status}` is not a status");
                let fix = "use three digits, or a range such as `4XX`";
                report.error(&response.used, rules::BAD_STATUS, message, fix);
            }
        }
        let statuses = operation.responses.iter().filter(|(status, _)| is_status(status));
        let successes: Vec<_> = statuses.filter(|(status, _)| status.starts_with('2')).collect();
        if successes.is_empty() && operation.node.has("responses") {
            let fix = "add the response with status 200, or whatever success looks like";
            report.error(&operation.node.get("responses"), rules::NO_SUCCESS, "no response for success", fix);
        }
        for (_, response) in &successes {
            media_types(response, &mut checked, report);
        }
        agreements.check(operation, &successes, report);
    }
}

fn is_status(status: &str) -> bool {
    match status.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [first, rest @ ..] => matches!(first, b'1'..=b'5') && rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
        [] => false,
    }
}

/// Which bodies are the same. Operations may share responses, so that each pair is compared once.
#[derive(Default)]
struct Agreements(HashMap<(Pointer, Pointer), bool>);

impl Agreements {
    /// All successes have the same body, because a method has one return type.
    fn check<'a>(&mut self, operation: &Operation<'a>, successes: &[&(&'a str, Part<'a>)], report: &mut Report<'_>) {
        let Some(((first_status, first), rest)) = successes.split_first() else { return };
        for (status, response) in rest {
            if !self.are_same(first, response) {
                let message = format!("the bodies of {first_status} and {status} differ");
                let fix = "describe one of them, or one schema for both";
                report.error(&response.used, rules::SEVERAL_SUCCESSES, message, fix);
            }
        }
        if operation.method == "head" && first.generated().next().is_some() {
            let message = "the response to a HEAD request has no body";
            report.error(&first.used, rules::UNEXPECTED_BODY, message, "take `content` out");
        }
    }

    fn are_same<'a>(&mut self, one: &Part<'a>, other: &Part<'a>) -> bool {
        let pair = (one.node.pointer.clone(), other.node.pointer.clone());
        *self.0.entry(pair).or_insert_with(|| match (one.generated().next(), other.generated().next()) {
            (Some(one), Some(other)) => body(&one).node == body(&other).node,
            (one, other) => one.is_none() == other.is_none(),
        })
    }
}

/// The schema of a media type, without any `allOf` of one around it, which only adds annotations.
fn body<'a>(media_type: &NodeRef<'a>) -> NodeRef<'a> {
    let mut schema = media_type.get("schema");
    while let Some([_]) = schema.get("allOf").node.map(|node| node.items()) {
        schema = schema.get("allOf").item(0);
    }
    schema
}

/// Bodies have at most one media type that the client speaks, with a schema; others beside it are ignored.
fn media_types(part: &Part<'_>, checked: &mut HashSet<Pointer>, report: &mut Report<'_>) {
    if !checked.insert(part.node.pointer.clone()) {
        return;
    }
    let spoken = part.spoken();
    for (name, media_type) in part.content() {
        let Some(spoken) = spoken else {
            let message = format!("bodies of type `{name}` are not supported");
            report.error(&media_type, rules::UNSUPPORTED_MEDIA_TYPE, message, "use `application/json`");
            continue;
        };
        if !spoken.is(name) {
            let fix = "take it out, or leave it to other clients";
            report.warning(&media_type, rules::IGNORED, format!("`{name}` is passed over"), fix);
        } else if !media_type.has("schema") {
            let fix = "add `schema`; an empty one stands for anything";
            report.error(&media_type, rules::MISSING_KEY, "a media type needs `schema`", fix);
        }
    }
    if let Some(spoken) = spoken
        && part.content().filter(|(name, _)| spoken.is(name)).count() > 1
    {
        let (message, fix) = match spoken {
            Spoken::Json => ("several kinds of JSON", "keep `application/json`"),
            Spoken::Form => ("several kinds of forms", "keep `application/x-www-form-urlencoded`"),
        };
        report.error(&part.node.get("content"), rules::UNSUPPORTED_MEDIA_TYPE, message, fix);
    }
}

/// Errors have a type only where the spec names it.
pub(super) fn error_schema(spec: &Spec<'_>, report: &mut Report<'_>) {
    if spec.view.root().get("x-codegen").has("error-schema") {
        return;
    }
    let mut checked = HashSet::new();
    let mut responses = spec.operations.iter().flat_map(|operation| &operation.responses);
    let error = responses.find(|(status, response)| {
        status.starts_with(['4', '5']) && checked.insert(&response.node.pointer) && response.spoken().is_some()
    });
    if let Some((_, response)) = error {
        let fix = "name their schema in `x-codegen: { error-schema: … }`";
        report.advice(&response.used, rules::IGNORED, "error responses are not decoded", fix);
    }
}
