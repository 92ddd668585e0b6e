//! Parts of an API that cannot be printed yet.

use std::collections::BTreeMap;

use crate::api::{Api, Location, Newtype, Operation, ParameterStyle, Scalar, Ty, TypeItem};
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
        TypeItem::Newtype(Newtype { scalar: Scalar::Uuid | Scalar::String, .. }) => None,
        TypeItem::Newtype(newtype) => {
            Some(format!("the newtype `{}` of something other than a UUID or a string is not supported", newtype.name))
        }
        TypeItem::Object(_) | TypeItem::Code(_) | TypeItem::Union(_) => None,
    }
}

fn unsupported_parts(operation: &Operation) -> Vec<String> {
    let mut messages = Vec::new();
    for parameter in &operation.parameters {
        let (wire, location) = (&parameter.wire, parameter.location.keyword());
        let is_text = match &parameter.ty {
            // A server knows a cookie by its name, which occurs once.
            Ty::List(_) if parameter.location == Location::Cookie => false,
            Ty::List(inner) => inner.is_text(),
            // The value decides.
            Ty::Union(_) | Ty::Any => parameter.style == ParameterStyle::Form,
            ty => ty.is_text(),
        };
        let has_text = matches!(parameter.style, ParameterStyle::Plain | ParameterStyle::Joined(_));
        if !is_text && (has_text || parameter.location != Location::Query) {
            messages.push(format!("`{wire}` in the {location} has parts, and no style that writes them"));
        }
    }
    messages
}

/// Forms have properties.
fn unsupported_form(api: &Api, operation: &Operation) -> Option<String> {
    let is_form = operation.sends_form() || operation.sends_multipart();
    let is_supported = !is_form || api.form(operation).is_some();
    (!is_supported).then(|| "a form without properties is not supported".to_owned())
}
