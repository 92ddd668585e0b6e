//! Paths: their syntax, their twins, and the parameters in their braces.

use std::collections::BTreeMap;

use super::report::Report;
use super::rules;
use super::spec::{Operation, Spec};
use super::tables::Kind;
use crate::visible::is_hidden;

/// Paths are literal text and parameters, and no two are the same but for parameter names.
pub(super) fn templates(spec: &Spec<'_>, report: &mut Report<'_>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (path, item) in spec.view.root().get("paths").members() {
        match template(path) {
            Err((message, fix)) => report.error(&item, rules::BAD_PATH, message, fix),
            Ok(template) => {
                if path.contains('#') {
                    let message = "a request has no part from `#` on; it only makes this path differ from others";
                    report.tolerated(&item, rules::BAD_PATH, message, "take it out");
                }
                if let Some(twin) = seen.insert(template.shape, path) {
                    let message = format!("this is the path `{twin}` with other parameter names");
                    report.tolerated(&item, rules::TWIN_PATH, message, "move its operations to the other path");
                }
            }
        }
    }
}

/// Each parameter in braces is declared, and each declared one is in braces.
pub(super) fn parameters(spec: &Spec<'_>, report: &mut Report<'_>) {
    for operation in &spec.operations {
        let Ok(template) = template(operation.path) else { continue };
        missing(operation, &template, report);
        for parameter in &operation.parameters {
            let name = parameter.name();
            if parameter.location() == "path" && !template.names.iter().any(|known| known == name) {
                let message = format!("`{}` has no `{{{name}}}`", operation.path);
                let fix = "put it into the path, or take the parameter out";
                report.tolerated(&parameter.used, rules::PATH_PARAMETER, message, fix);
            }
        }
    }
    for place in spec.of(Kind::Parameter) {
        if place.node.text("in") == Some("path") && !place.node.flag("required") {
            let message = "a path parameter is always required";
            report.tolerated(&place.node, rules::PATH_PARAMETER, message, "add `required: true`");
        }
    }
}

fn missing(operation: &Operation<'_>, template: &Template, report: &mut Report<'_>) {
    for name in &template.names {
        let mut declared = operation.parameters.iter().filter(|parameter| parameter.location() == "path");
        if !declared.any(|parameter| parameter.name() == name) {
            let message = format!("the path parameter `{name}` is not declared");
            let fix = "add it to `parameters`, with `in: path`";
            report.tolerated(&operation.node, rules::PATH_PARAMETER, message, fix);
        }
    }
}

struct Template {
    /// The path without the names in its braces.
    shape: String,
    names: Vec<String>,
}

fn template(path: &str) -> Result<Template, (String, &'static str)> {
    let Some(rest) = path.strip_prefix('/') else {
        return Err(("a path starts with `/`".to_owned(), "put a slash before it"));
    };
    let mut template = Template { shape: "/".to_owned(), names: Vec::new() };
    // Documents that describe two operations of one path and method distinguish them by a fragment.
    let (mut rest, fragment) = match rest.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (rest, None),
    };
    while let Some((literal, after)) = rest.split_once('{') {
        check_literal(literal)?;
        let Some((name, after)) = after.split_once('}') else {
            return Err(("a brace is not closed".to_owned(), "close it"));
        };
        if name.is_empty() || name.contains(['{', '/']) {
            return Err((format!("`{{{name}}}` is no parameter"), "write one name between the braces"));
        }
        if name.trim() != name || name.contains(is_hidden) {
            let message = format!("the parameter `{name}` has white space at an end, or a character that isn't shown");
            return Err((message, "rename it, here and in `parameters`"));
        }
        if template.names.iter().any(|known| known == name) {
            return Err((format!("the parameter `{name}` stands in the path twice"), "give one of them another name"));
        }
        template.shape.push_str(literal);
        template.shape.push_str("{}");
        template.names.push(name.to_owned());
        rest = after;
    }
    check_literal(rest)?;
    template.shape.push_str(rest);
    let segments: Vec<_> = template.shape.split('/').skip(1).collect();
    let inner = segments.split_last().map_or(&[][..], |(_, inner)| inner);
    if inner.contains(&"") || segments.iter().any(|segment| matches!(*segment, "." | "..")) {
        return Err(("a segment of the path is empty or made of dots".to_owned(), "take the segment out"));
    }
    if let Some(fragment) = fragment {
        check_literal(fragment)?;
        template.shape.extend(["#", fragment]);
    }
    Ok(template)
}

fn check_literal(text: &str) -> Result<(), (String, &'static str)> {
    let is_fine = |character: char| character.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%?".contains(character);
    match text.chars().find(|character| !is_fine(*character)) {
        None => Ok(()),
        Some(character) => Err((format!("`{character}` cannot stand in a path"), "take it out, or percent-encode it")),
    }
}
