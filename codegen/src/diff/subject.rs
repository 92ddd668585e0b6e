//! What a place of a spec is called in a message.

use super::resolve::View;
use crate::read::Node;

/// What has the property that a place is.
pub(super) fn owner(view: &View<'_>, pointer: &str) -> String {
    match pointer.rsplit_once("/properties/") {
        Some((above, name)) if !name.contains('/') => subject(view, above),
        _ => subject(view, pointer),
    }
}

/// A component's property as `Account.iban`; a part of an operation as `response 200`, with the path to what is in it.
pub(super) fn subject(view: &View<'_>, pointer: &str) -> String {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let mut part = String::new();
    let mut path = String::new();
    let mut operation = String::new();
    let mut node = Some(&view.document.root);
    let mut rest = steps.iter().map(String::as_str);
    while let Some(step) = rest.next() {
        node = node.and_then(|node| below(node, step));
        let is_one_of_several = node.is_some_and(|node| node.entries().len() > 1);
        let mut next = || {
            let step = rest.next();
            node = step.and_then(|step| node.and_then(|node| below(node, step)));
            step.unwrap_or_default()
        };
        match step {
            "components" => {
                let section = next();
                let name = next();
                match section {
                    "schemas" => path.push_str(name),
                    "requestBodies" => part = "the request body".to_owned(),
                    "responses" => part = format!("the response {name}"),
                    "headers" => part = format!("the header `{name}`"),
                    "parameters" => part = parameter(node),
                    _ => return String::new(),
                }
            }
            "paths" => next().clone_into(&mut operation),
            "content" => {
                let name = next();
                if is_one_of_several && !part.is_empty() {
                    part = format!("{part} as {name}");
                }
            }
            "callbacks" => part = format!("the callback `{}`", next()),
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
                if !operation.is_empty() && !operation.contains(' ') =>
            {
                operation = format!("{} {operation}", step.to_uppercase());
            }
            "parameters" => {
                next();
                part = parameter(node);
            }
            "requestBody" => part = "the request body".to_owned(),
            "responses" => part = format!("the response {}", next()),
            "headers" => part = format!("the header `{}`", next()),
            "properties" => {
                path.push('.');
                path.push_str(next());
            }
            "items" => path.push_str("[]"),
            "additionalProperties" => path.push_str("{}"),
            "allOf" | "enum" => drop(next()),
            "oneOf" | "anyOf" => {
                let is_value = |node: Option<&Node>| node.is_some_and(|node| node.get("enum").is_some());
                let nth = next().parse::<usize>().unwrap_or_default();
                if !is_value(node) {
                    path.push_str(&format!("[case {}]", nth + 1));
                }
            }
            _ => {}
        }
    }
    let path = path.strip_prefix('.').unwrap_or(&path);
    match (part.is_empty(), path.is_empty()) {
        (true, true) => operation,
        (true, false) => format!("`{path}`"),
        (false, true) => part,
        (false, false) => format!("{part}, `{path}`"),
    }
}

fn parameter(node: Option<&Node>) -> String {
    let name = node.and_then(|node| node.get("name")?.as_str()).unwrap_or_default();
    format!("the parameter `{name}`")
}

fn below<'a>(node: &'a Node, step: &str) -> Option<&'a Node> {
    node.get(step).or_else(|| node.items().get(step.parse::<usize>().ok()?))
}
