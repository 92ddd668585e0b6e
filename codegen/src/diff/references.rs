//! Whether a side can be compared at all: what it refers to must be in it.

use crate::finding::{Finding as Fault, Severity};
use crate::lint::rules;
use crate::pointer::Pointer;
use crate::read::{Document, Node, child};

/// How many references are followed in a row.
const MAX_STEPS: usize = 32;

/// Keys below which a `$ref` is somebody's data.
const DATA: &[&str] = &["example", "examples", "default", "enum"];

/// Keys below which the next keys are names that people chose.
const NAMED: &[&str] = &["properties", "responses", "headers", "callbacks", "links", "mapping", "content", "paths"];

/// Every reference that leads out of the document, to nothing, or in a circle, wherever it stands.
///
/// The lint looks at those that the generator would follow; a comparison follows all of them.
pub(super) fn unfollowed(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut open = vec![(String::new(), &document.root, false)];
    while let Some((pointer, node, are_names)) = open.pop() {
        if let Some(target) = node.get("$ref").and_then(Node::as_str).filter(|_| !are_names)
            && let Some((rule, message, fix)) = complaint(document, target)
        {
            let place = Pointer::parse(&pointer).unwrap_or_default().child("$ref");
            faults.push(document.finding(Severity::Error, &place, rule, message, fix));
        }
        for entry in node.entries() {
            let key = entry.key.as_str();
            let is_data = !are_names && (DATA.contains(&key) || key.starts_with("x-"));
            if !is_data {
                let is_components = pointer == "/components";
                open.push((child(&pointer, key), &entry.value, is_components || !are_names && NAMED.contains(&key)));
            }
        }
        open.extend(node.items().iter().enumerate().map(|(nth, item)| (child(&pointer, nth), item, false)));
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults
}

fn complaint(document: &Document, target: &str) -> Option<(&'static str, String, &'static str)> {
    if !target.starts_with('#') {
        let message = format!("`{target}` is in another file, which is not read");
        return Some((rules::DANGLING_REFERENCE, message, "bundle the description into one file first"));
    }
    let mut next = target;
    for _ in 0..MAX_STEPS {
        let Some(node) = document.follow(next) else {
            let message = format!("there is no `{next}`");
            return Some((rules::DANGLING_REFERENCE, message, "mend the reference, or add what it names"));
        };
        match node.get("$ref").and_then(Node::as_str) {
            Some(further) => next = further,
            None => return None,
        }
    }
    let message = format!("`{target}` leads in a circle, or too far");
    Some((rules::CYCLIC_REFERENCE, message, "let one of the references on the way be something of its own"))
}
