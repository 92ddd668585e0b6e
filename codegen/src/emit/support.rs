//! Parts of an API that cannot be printed yet.

use std::collections::BTreeMap;

use crate::api::{Api, Code, CodeKind, Field, Location, Newtype, Operation, Scalar, Ty, TypeItem};
use crate::finding::{Finding, Severity};
use crate::pointer::Pointer;
use crate::read::Document;
use crate::rules;

/// Findings about everything in an API that no printer supports.
///
/// The lint refuses the same constructs with more advice. This is the guard behind it: the model describes more than is
/// printed, and a construct must never be left out silently.
pub(crate) fn unsupported(document: &Document, api: &Api, origins: &BTreeMap<String, Vec<Pointer>>) -> Vec<Finding> {
    let finding = |pointer: &Pointer, message: String| {
        let fix = "leave it out, or describe it in another way";
        document.finding(Severity::Error, pointer, rules::UNSUPPORTED, message, fix)
    };
    let mut findings = Vec::new();
    for item in &api.types {
        let Some(message) = unsupported_type(item) else { continue };
        let origin = origins.get(item.name()).and_then(|all| all.first()).cloned().unwrap_or_default();
        findings.push(finding(&origin, message));
    }
    for operation in &api.operations {
        let place = Pointer::ROOT.child("paths").child(&operation.path).child(operation.method.to_lowercase());
        let messages = unsupported_parts(operation).into_iter().chain(unsupported_form(api, operation));
        findings.extend(messages.map(|message| finding(&place, message)));
    }
    findings
}

fn unsupported_type(item: &TypeItem) -> Option<String> {
    match item {
        TypeItem::Union(union) => Some(format!("`{}` is one of several types, which is not supported", union.name)),
        TypeItem::Code(Code { name, kind: CodeKind::Integer | CodeKind::Mixed, .. }) => {
            Some(format!("`{name}` is an enum of other values than strings, which is not supported"))
        }
        TypeItem::Newtype(Newtype { scalar: Scalar::Uuid | Scalar::String, .. }) => None,
        TypeItem::Newtype(newtype) => {
            Some(format!("the newtype `{}` of something other than a UUID or a string is not supported", newtype.name))
        }
        TypeItem::Object(_) | TypeItem::Code(_) => None,
    }
}

fn unsupported_parts(operation: &Operation) -> Vec<String> {
    let mut messages = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Cookie) {
        messages.push(format!("the cookie `{}` is not supported", parameter.wire));
    }
    if operation.body.as_ref().is_some_and(|body| !body.contents.is_empty() && body.spoken().is_none()) {
        messages.push("a request body that is neither JSON nor a form is not supported".to_owned());
    }
    let mut bodies = operation.successes().map(|response| response.spoken().and_then(|content| content.ty.as_ref()));
    if let Some(first) = bodies.next()
        && bodies.any(|other| other != first)
    {
        messages.push("successes with different bodies are not supported".to_owned());
    }
    if operation.successes().any(|response| !response.contents.is_empty() && response.spoken().is_none()) {
        messages.push("a response without JSON is not supported".to_owned());
    }
    messages
}

/// Forms have properties, and each has one text or a list of them.
fn unsupported_form(api: &Api, operation: &Operation) -> Option<String> {
    let is_text = |ty: &Ty| matches!(ty, Ty::Scalar(_) | Ty::Code(_) | Ty::Newtype(..));
    let is_written = |field: &&Field| is_text(&field.ty) || matches!(&field.ty, Ty::List(inner) if is_text(inner));
    if !operation.sends_form() {
        return None;
    }
    let Some(form) = api.form(operation) else {
        return Some("a form without properties is not supported".to_owned());
    };
    let field = form.fields.iter().find(|field| !is_written(field))?;
    Some(format!("`{}` in a form is neither a scalar nor a list of scalars, which is not supported", field.wire))
}
