//! Parameters: their places, names and shapes, which must fit into a URL or a header.

use std::collections::BTreeSet;

use super::report::Report;
use super::rules;
use super::spec::Spec;
use super::tables::Kind;
use crate::names;
use crate::spec::NodeRef;

/// Parameters are in the path, the query or a header.
pub(super) fn locations(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let Some(location) = place.node.text("in") else { continue };
        let (message, fix) = match location {
            "path" | "query" | "header" => continue,
            "cookie" => ("cookies are not sent".to_owned(), "take the parameter out, or describe a header"),
            _ => (format!("a parameter cannot be in `{location}`"), "use `path`, `query` or `header`"),
        };
        report.error(&place.node.get("in"), rules::UNSUPPORTED_PARAMETER, message, fix);
    }
}

/// Headers have names that headers can have, and that the client does not need itself.
pub(super) fn headers(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter).filter(|place| place.node.text("in") == Some("header")) {
        let name = place.node.text("name").unwrap_or_default();
        if !names::is_header(name) {
            let message = format!("`{name}` cannot be the name of a header");
            let fix = "use letters, digits and hyphens";
            report.error(&place.node.get("name"), rules::UNSUPPORTED_PARAMETER, message, fix);
        }
        if names::is_reserved_header(name) {
            let message = format!("the client sets the header `{name}` itself");
            let fix = "take it out; for authorization there are security schemes";
            report.error(&place.node.get("name"), rules::RESERVED_HEADER, message, fix);
        }
    }
}

/// Parameters are scalars, and lists of scalars in the query.
pub(super) fn shapes(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let described = place.node.get("schema");
        let Some(schema) = spec.schema(&described) else { continue };
        if is_scalar(&schema) {
            continue;
        }
        let has_scalars = spec.schema(&schema.get("items")).is_some_and(|items| is_scalar(&items));
        let is_list = schema.text("type") == Some("array") && has_scalars;
        if !is_list || place.node.text("in") != Some("query") {
            let message = "a parameter that is neither a scalar nor, in a query, a list of scalars";
            let fix = "describe the text that is sent as a string";
            report.error(&described, rules::UNSUPPORTED_PARAMETER, message, fix);
        } else if place.node.get("explode").as_bool() == Some(false) {
            let message = "a list in one query parameter, separated by commas";
            let fix = "describe it as a string, if the service does not take a parameter for each element";
            report.error(&place.node.get("explode"), rules::UNSUPPORTED_PARAMETER, message, fix);
        }
    }
}

/// Returns whether values of a schema are written as one text.
pub(super) fn is_scalar(schema: &NodeRef<'_>) -> bool {
    schema.has("oneOf") || matches!(schema.text("type"), Some("string" | "number" | "integer" | "boolean"))
}

/// Parameters are written in the usual style of their location.
pub(super) fn styles(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let usual = if place.node.text("in") == Some("query") { "form" } else { "simple" };
        let style = place.node.text("style").unwrap_or_default();
        if !style.is_empty() && style != usual {
            let message = format!("the style `{style}`");
            let fix = format!("use `{usual}`, or describe the text that is sent as a string");
            report.error(&place.node.get("style"), rules::UNSUPPORTED_PARAMETER, message, fix);
        }
    }
}

/// A list of parameters has each once.
pub(super) fn duplicates(spec: &Spec<'_>, report: &mut Report<'_>) {
    let items = spec.view.root().get("paths").members().map(|(_, item)| item);
    let operations = spec.operations.iter().map(|operation| operation.node.clone());
    for owner in items.chain(operations) {
        let mut seen = BTreeSet::new();
        for parameter in spec.view.listed_parameters(&owner) {
            // Header names have no case.
            let name = match parameter.location() {
                "header" => parameter.name().to_ascii_lowercase(),
                _ => parameter.name().to_owned(),
            };
            if !seen.insert((parameter.location(), name)) {
                let message = format!("the parameter `{}` is in this list twice", parameter.name());
                report.error(&parameter.used, rules::DUPLICATE_PARAMETER, message, "take one of the two out");
            }
        }
    }
}
