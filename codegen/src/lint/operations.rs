//! Operations: ids, bodies, and successes.

use std::collections::{BTreeMap, HashSet};

use super::report::Report;
use super::rules;
use super::spec::{Operation, Part, Spec};
use crate::media::{Entry, MediaKind};
use crate::pointer::Pointer;
use crate::status::{Status, Success};

/// Operations have ids of their own.
pub(super) fn ids(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut seen: BTreeMap<&str, &Operation<'_>> = BTreeMap::new();
    for operation in &spec.operations {
        let place = operation.node.get("operationId");
        match place.node.map(|node| node.as_str()) {
            None | Some(Some("")) => {
                let message = "an operation without `operationId`";
                let fix = "add one; it becomes the name of the method";
                report.tolerated(&operation.node, rules::MISSING_OPERATION_ID, message, fix);
            }
            Some(Some(id)) => {
                if let Some(first) = seen.insert(id, operation) {
                    let message = format!("`{id}` is already the id of `{} {}`", method(first), first.path);
                    report.tolerated(&place, rules::DUPLICATE_OPERATION_ID, message, "give it an id of its own");
                }
            }
            Some(None) => {}
        }
    }
}

fn method(operation: &Operation<'_>) -> String {
    operation.method.to_uppercase()
}

/// Request bodies have a media type, and belong to methods that have one.
pub(super) fn request_bodies(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut checked = HashSet::new();
    for operation in &spec.operations {
        let Some(body) = &operation.body else { continue };
        if matches!(operation.method, "get" | "head" | "delete") {
            let message = format!("a body has no meaning in a {} request; it is sent all the same", method(operation));
            let fix = "take it out, or send the values as query parameters";
            report.tolerated(&body.used, rules::UNEXPECTED_BODY, message, fix);
        }
        if body.content.is_empty() {
            let message = "a body without a media type is never sent";
            let fix = "add `application/json`, or take the body out";
            report.tolerated(&body.used, rules::UNSUPPORTED_MEDIA_TYPE, message, fix);
        }
        media_types(body, &mut checked, report);
    }
}

/// Responses are keyed by statuses, and one of them is a success.
pub(super) fn responses(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut checked = HashSet::new();
    for operation in &spec.operations {
        let statuses = operation.responses.iter().filter_map(|(status, _)| Status::parse(status));
        let success = Success::of(statuses);
        for (status, response) in &operation.responses {
            match Status::parse(status) {
                Some(Status::Default) if success == Success::Default => {}
                Some(Status::Default) => {
                    let message = "`default` stands for successes and errors alike";
                    report.house(&response.used, rules::DEFAULT_RESPONSE, message, "list the statuses");
                }
                Some(_) => {}
                None => {
                    let message = format!("`{status}` is not a status");
                    let fix = "use three digits, or a range such as `4XX`";
                    report.tolerated(&response.used, rules::BAD_STATUS, message, fix);
                }
            }
        }
        if operation.node.has("responses") {
            no_success(operation, success, report);
        }
        for (_, response) in operation.successes() {
            if operation.method == "head" && !response.content.is_empty() {
                let message = "the response to a HEAD request has no body";
                report.tolerated(&response.used, rules::UNEXPECTED_BODY, message, "take `content` out");
            } else {
                media_types(response, &mut checked, report);
            }
        }
    }
}

/// Reports an operation that lists no status of success.
fn no_success(operation: &Operation<'_>, success: Success, report: &mut Report<'_>) {
    let message = match success {
        Success::Listed => return,
        Success::Default => "no response for success; `default` stands for it",
        Success::Between => "no response for success; those listed stand for it, without a body",
        Success::Undescribed => "no response for success; any status from 200 to 299 stands for it, without a body",
    };
    let fix = "add the response with status 200, or whatever success looks like";
    report.tolerated(&operation.node.get("responses"), rules::NO_SUCCESS, message, fix);
}

/// One media type of a body is used; the others are ignored.
fn media_types(part: &Part<'_>, checked: &mut HashSet<Pointer>, report: &mut Report<'_>) {
    if !checked.insert(part.node.pointer.clone()) {
        return;
    }
    for Entry { name, media_type, place } in part.others() {
        match media_type {
            Some(_) => {
                let fix = "take it out, or leave it to other clients";
                report.warning(place, rules::IGNORED, format!("`{name}` is passed over"), fix);
            }
            None => {
                let message = format!("`{name}` is not a media type");
                let fix = "write a type and a subtype, such as `application/json`";
                report.error(place, rules::UNSUPPORTED_MEDIA_TYPE, message, fix);
            }
        }
    }
    let Some(Entry { name, place, .. }) = part.spoken() else { return };
    let Some(kind) = part.kind() else { return };
    if place.has("encoding") && !matches!(kind, MediaKind::Form | MediaKind::Multipart) {
        let message = "`encoding` has no effect on a body that is not a form";
        report.warning(&place.get("encoding"), rules::IGNORED, message, "take it out");
    }
    if !place.has("schema") {
        let meaning = if kind.is_json() { "any JSON" } else { "any bytes" };
        let fix = "add `schema`; an empty one stands for anything";
        report.tolerated(place, rules::MISSING_KEY, format!("`{name}` without `schema` is {meaning}"), fix);
    }
}
