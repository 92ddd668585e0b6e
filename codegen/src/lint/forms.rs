//! Forms: bodies of requests in which each property is a pair or a part, or several.

use super::parameters::is_scalar;
use super::report::Report;
use super::rules;
use super::spec::Spec;
use super::tables::Kind;
use crate::media::MediaKind;
use crate::spec::NodeRef;

const STYLES: &[&str] = &["form", "spaceDelimited", "pipeDelimited", "deepObject"];

/// A form has properties, and those of a form of pairs are texts, lists of texts, or written in a described way.
pub(super) fn properties(spec: &Spec<'_>, report: &mut Report<'_>) {
    let bodies = spec.operations.iter().filter_map(|operation| operation.body.as_ref());
    for body in bodies {
        let is_multipart = body.kind() == Some(MediaKind::Multipart);
        if !is_multipart && body.kind() != Some(MediaKind::Form) {
            continue;
        }
        match body.schema() {
            Some(described) => {
                let encoding = body.spoken().map(|entry| entry.place.get("encoding"));
                form(spec, &described, encoding.filter(|_| !is_multipart), report);
            }
            None => no_properties(&body.used, report),
        }
    }
}

/// The style of a field is one that OpenAPI knows.
pub(super) fn styles(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.places.iter().filter(|place| place.kind == Kind::Encoding) {
        let style = place.node.text("style").filter(|style| !STYLES.contains(style));
        if let Some(style) = style {
            let message = format!("`{style}` is not a style of a form");
            let fix = format!("use one of `{}`", STYLES.join("`, `"));
            report.error(&place.node.get("style"), rules::UNSUPPORTED_FORM, message, fix);
        }
    }
}

fn form<'a>(spec: &Spec<'a>, described: &NodeRef<'a>, encoding: Option<NodeRef<'a>>, report: &mut Report<'_>) {
    // A reference that leads nowhere is another rule's finding.
    let Some(schema) = spec.schema(described) else { return };
    let properties = spec.view.flattened(&schema).properties();
    if properties.is_empty() {
        return no_properties(described, report);
    }
    // Parts have media types of their own.
    let Some(encoding) = encoding else { return };
    let is_described = |name: &str| ["style", "explode"].iter().any(|key| encoding.get(name).has(key));
    for (name, property) in properties.into_iter().filter(|(name, _)| !is_described(name)) {
        let Some(schema) = spec.schema(&property) else { continue };
        if let Some(kind) = unwritable(spec, &schema) {
            let message = format!("`{name}` is {kind}, which a form holds as JSON");
            let fix =
                "describe how it is written with `encoding`, such as `style: deepObject`, or its parts as properties";
            report.tolerated(&property, rules::UNSUPPORTED_FORM, message, fix);
        }
    }
}

fn no_properties(place: &NodeRef<'_>, report: &mut Report<'_>) {
    let message = "a form that is not an object with properties";
    let fix = "describe each of its fields as a property";
    report.error(place, rules::UNSUPPORTED_FORM, message, fix);
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
