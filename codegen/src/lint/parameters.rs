//! Parameters: what can be written into a URL or a header.

use std::collections::BTreeMap;

use super::report::Report;
use super::rules;
use super::spec::{Place, Spec};
use super::tables::Kind;
use crate::read::{Node, child};

/// Headers that the client decides on. OpenAPI says that parameters of the first three names are ignored; the fourth is
/// one that progenitor adds to every request, and that the runtime takes out again.
const OWN_HEADERS: &[&str] = &["accept", "content-type", "authorization", "api-version"];

fn text<'a>(place: &Place<'a>, key: &str) -> &'a str {
    place.node.get(key).and_then(Node::as_str).unwrap_or_default()
}

/// Parameters stand in the path, the query or a header.
pub(super) fn locations(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let Some(location) = place.node.get("in").and_then(Node::as_str) else { continue };
        let (message, fix) = match location {
            "path" | "query" | "header" => continue,
            "cookie" => ("cookies are not sent".to_owned(), "take the parameter out, or describe a header"),
            _ => (format!("a parameter cannot stand in `{location}`"), "use `path`, `query` or `header`"),
        };
        report.error(&child(&place.pointer, "in"), rules::UNSUPPORTED_PARAMETER, message, fix);
    }
}

/// Headers have names that headers can have, and that the client does not need itself.
pub(super) fn headers(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter).filter(|place| text(place, "in") == "header") {
        let name = text(place, "name");
        let pointer = child(&place.pointer, "name");
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !name.bytes().all(is_token) {
            let message = format!("`{name}` is no header name");
            report.error(&pointer, rules::UNSUPPORTED_PARAMETER, message, "use letters, digits and hyphens");
        }
        if OWN_HEADERS.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            let message = format!("the client decides on the header `{name}` itself");
            let fix = "take it out; for authorization there are security schemes";
            report.error(&pointer, rules::RESERVED_HEADER, message, fix);
        }
    }
}

/// Parameters are scalars, and lists of scalars in the query.
pub(super) fn shapes(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let pointer = child(&place.pointer, "schema");
        let Some((at, schema)) = spec.schema(&pointer) else { continue };
        if is_scalar(schema) {
            continue;
        }
        let is_list = schema.get("type").and_then(Node::as_str) == Some("array");
        let has_scalars = spec.schema(&child(&at, "items")).is_some_and(|(_, items)| is_scalar(items));
        if !(is_list && has_scalars && text(place, "in") == "query") {
            let message = "a parameter that is neither a scalar nor, in a query, a list of scalars";
            let fix = "describe the text that is sent as a string";
            report.error(&pointer, rules::UNSUPPORTED_PARAMETER, message, fix);
        } else if place.node.get("explode").and_then(Node::as_bool) == Some(false) {
            let message = "a list in one query parameter, separated by commas";
            let fix = "describe it as a string, if the service does not take a parameter for each element";
            report.error(&child(&place.pointer, "explode"), rules::UNSUPPORTED_PARAMETER, message, fix);
        }
    }
}

fn is_scalar(schema: &Node) -> bool {
    let kind = schema.get("type").and_then(Node::as_str);
    schema.get("oneOf").is_some() || matches!(kind, Some("string" | "number" | "integer" | "boolean"))
}

/// Parameters are written the way their location suggests.
pub(super) fn styles(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let usual = if text(place, "in") == "query" { "form" } else { "simple" };
        let style = text(place, "style");
        if !style.is_empty() && style != usual {
            let message = format!("the style `{style}`");
            let fix = format!("use `{usual}`, or describe the text that is sent as a string");
            report.error(&child(&place.pointer, "style"), rules::UNSUPPORTED_PARAMETER, message, &fix);
        }
    }
}

/// A list of parameters names each once.
pub(super) fn duplicates(spec: &Spec<'_>, report: &mut Report<'_>) {
    let paths = spec.document.at("/paths").map(Node::entries).unwrap_or_default().iter();
    let items = paths.map(|path| child("/paths", &path.key));
    let operations = spec.operations().into_iter().map(|operation| operation.pointer);
    for owner in items.chain(operations) {
        let mut seen = BTreeMap::new();
        for parameter in spec.listed_parameters(&owner) {
            // Header names have no case.
            let name = match parameter.text("in") {
                "header" => parameter.text("name").to_ascii_lowercase(),
                _ => parameter.text("name").to_owned(),
            };
            if seen.insert((parameter.text("in"), name), ()).is_some() {
                let message = format!("the parameter `{}` stands in this list twice", parameter.text("name"));
                report.error(&parameter.used, rules::DUPLICATE_PARAMETER, message, "take one of the two out");
            }
        }
    }
}
