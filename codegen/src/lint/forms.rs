//! Forms: bodies of requests in which each property is a text or a list of texts.

use super::parameters::is_scalar;
use super::report::Report;
use super::rules;
use super::spec::{Spec, Spoken};
use crate::spec::NodeRef;

/// A form has properties, each with one text or a list of them.
pub(super) fn properties(spec: &Spec<'_>, report: &mut Report<'_>) {
    let bodies = spec.operations.iter().filter_map(|operation| operation.body.as_ref());
    for body in bodies.filter(|body| body.spoken() == Some(Spoken::Form)) {
        for described in body.generated().map(|media_type| media_type.get("schema")) {
            form(spec, &described, report);
        }
    }
}

fn form<'a>(spec: &Spec<'a>, described: &NodeRef<'a>, report: &mut Report<'_>) {
    // A missing schema is another rule's finding, and so is a reference that leads nowhere.
    let Some(schema) = spec.schema(described) else { return };
    let properties = schema.get("properties");
    if properties.entries().is_empty() {
        let message = "a form that is not an object with properties";
        let fix = "describe each of its fields as a property";
        return report.error(described, rules::UNSUPPORTED_FORM, message, fix);
    }
    for (name, property) in properties.children() {
        let Some(schema) = spec.schema(&property) else { continue };
        if let Some(kind) = unwritable(spec, &schema) {
            let message = format!("`{name}` is {kind}, which has no place in a form");
            let fix = "describe its parts as properties of the form, or the text that is sent as a string";
            report.error(&property, rules::UNSUPPORTED_FORM, message, fix);
        }
    }
}

/// Describes a value that is neither a text nor a list of them. `None` for a value that is.
fn unwritable<'a>(spec: &Spec<'a>, schema: &NodeRef<'a>) -> Option<&'static str> {
    if is_scalar(schema) {
        return None;
    }
    match schema.text("type") {
        Some("array") => {
            let items = spec.schema(&schema.get("items"))?;
            (!is_scalar(&items)).then_some("a list of other values than texts")
        }
        Some("object") => Some("an object"),
        _ => Some("a value of any type"),
    }
}
