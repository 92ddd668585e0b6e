//! The subject of a message: a node as people refer to it.

use super::revision::Revision;
use crate::pointer::Pointer;
use crate::read::Node;
use crate::spec::METHODS;

/// The subject that a property belongs to.
pub(super) fn owner(revision: &Revision<'_>, pointer: &Pointer) -> String {
    match pointer.parent().filter(|parent| parent.last() == Some("properties")).and_then(Pointer::parent) {
        Some(above) => subject(revision, above),
        None => subject(revision, pointer),
    }
}

/// A property of a component as `Account.iban`; a part of an operation as `response 200`, with the path inside of it.
pub(super) fn subject(revision: &Revision<'_>, pointer: &Pointer) -> String {
    let mut part = String::new();
    let mut callback = String::new();
    let mut path = String::new();
    let mut operation = String::new();
    let mut node = Some(&revision.document.root);
    let mut rest = pointer.steps().into_iter();
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
                    "callbacks" => callback = format!("the callback `{name}`"),
                    _ => return String::new(),
                }
            }
            "paths" => next().clone_into(&mut operation),
            "x-webhooks" => callback = format!("the webhook `{}`", next()),
            "content" => {
                let name = next();
                if is_one_of_several && !part.is_empty() {
                    part = format!("{part} as {name}");
                }
            }
            "callbacks" => {
                callback = format!("the callback `{}`", next());
                part.clear();
            }
            method if METHODS.contains(&method) && !operation.is_empty() && !operation.contains(' ') => {
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
                // Without a number, the place is the whole list.
                let nth = next().parse::<usize>();
                if let Some(nth) = nth.ok().filter(|_| !is_value(node)) {
                    path.push_str(&format!("[case {}]", nth + 1));
                }
            }
            _ => {}
        }
    }
    let path = path.strip_prefix('.').unwrap_or(&path);
    if !callback.is_empty() {
        part = if part.is_empty() { callback } else { format!("{callback}, {part}") };
    }
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
