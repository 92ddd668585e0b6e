//! Parameters: their places, names and shapes, which must fit into a URL or a header.

use std::collections::BTreeSet;

use super::report::Report;
use super::rules;
use super::spec::Spec;
use super::tables::Kind;
use crate::names;
use crate::spec::NodeRef;

/// Parameters are in the path, the query, a header or a cookie.
pub(super) fn locations(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let Some(location) = place.node.text("in") else { continue };
        if !["path", "query", "header", "cookie"].contains(&location) {
            let (message, fix) =
                (format!("a parameter cannot be in `{location}`"), "use `path`, `query`, `header` or `cookie`");
            report.error(&place.node.get("in"), rules::UNSUPPORTED_PARAMETER, message, fix);
        }
    }
}

/// Headers and cookies have names that they can have, by the same grammar.
pub(super) fn tokens(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let Some(location @ ("header" | "cookie")) = place.node.text("in") else { continue };
        let name = place.node.text("name").unwrap_or_default();
        if !names::is_header(name) {
            let message = format!("`{name}` cannot be the name of a {location}");
            let fix = "use letters, digits and hyphens";
            report.error(&place.node.get("name"), rules::UNSUPPORTED_PARAMETER, message, fix);
        }
    }
}

/// Headers are not those that the client sets itself.
pub(super) fn headers(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter).filter(|place| place.node.text("in") == Some("header")) {
        let name = place.node.text("name").unwrap_or_default();
        if names::is_reserved_header(name) {
            let message = format!("the client sets the header `{name}` itself");
            let fix = "take it out; for authorization there are security schemes";
            report.tolerated(&place.node.get("name"), rules::RESERVED_HEADER, message, fix);
        }
    }
}

/// Returns whether values of a schema are written as one text.
pub(super) fn is_scalar(schema: &NodeRef<'_>) -> bool {
    schema.has("oneOf") || matches!(schema.text("type"), Some("string" | "number" | "integer" | "boolean"))
}

/// Parameters are written in a style that their location has.
pub(super) fn styles(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.of(Kind::Parameter) {
        let usual: &[&str] = match place.node.text("in") {
            Some("query") => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
            Some("cookie") => &["form"],
            _ => &["simple"],
        };
        let style = place.node.text("style").unwrap_or_default();
        if !style.is_empty() && !usual.contains(&style) {
            let message = format!("the style `{style}`");
            let fix = format!("use `{}`, or describe the text that is sent as a string", usual.join("` or `"));
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
                report.tolerated(&parameter.used, rules::DUPLICATE_PARAMETER, message, "take one of the two out");
            }
        }
    }
}
