//! References that a comparison cannot follow.

use crate::finding::{Finding as Fault, Severity};
use crate::lint::rules;
use crate::pointer::Pointer;
use crate::read::{Document, Node};
use crate::spec::{MAX_REFERENCES, View};

/// Keys of example values, in which `$ref` is data.
const DATA: &[&str] = &["example", "examples", "default", "enum"];

/// Keys of mappings whose keys are names, so that `$ref` may be one.
const NAMED: &[&str] = &["properties", "responses", "headers", "callbacks", "links", "mapping", "content", "paths"];

/// Returns a finding for each reference that leads out of the document, to no node, or in a circle.
///
/// The lint checks the references that the generator follows; a comparison follows all of them.
pub(super) fn unfollowed(document: &Document) -> Vec<Fault> {
    let view = View::new(document);
    let components = Pointer::ROOT.child("components");
    let mut faults = Vec::new();
    let mut open = vec![(view.root(), false)];
    while let Some((place, are_names)) = open.pop() {
        if let Some(target) = place.text("$ref").filter(|_| !are_names)
            && let Some((rule, message, fix)) = complaint(&view, target)
        {
            let pointer = place.pointer.child("$ref");
            faults.push(document.finding(Severity::Error, &pointer, rule, message, fix));
        }
        let is_components = place.pointer == components;
        let is_data = |key: &str| !are_names && (DATA.contains(&key) || key.starts_with("x-"));
        let children = place.children().filter(|(key, _)| !is_data(key));
        open.extend(children.map(|(key, child)| (child, is_components || !are_names && NAMED.contains(&key))));
        open.extend(place.items().map(|item| (item, false)));
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    faults
}

fn complaint<'a>(view: &View<'a>, target: &'a str) -> Option<(&'static str, String, &'static str)> {
    if !target.starts_with('#') {
        let message = format!("`{target}` is in another file, which is not read");
        return Some((rules::DANGLING_REFERENCE, message, "bundle the description into one file first"));
    }
    let mut next = target;
    for _ in 0..MAX_REFERENCES {
        let Some(place) = view.follow(next) else {
            let message = format!("there is no `{next}`");
            return Some((rules::DANGLING_REFERENCE, message, "mend the reference, or add what it names"));
        };
        match place.node.and_then(|node| node.get("$ref")).and_then(Node::as_str) {
            Some(further) => next = further,
            None => return None,
        }
    }
    let message = format!("`{target}` leads in a circle, or too far");
    Some((rules::CYCLIC_REFERENCE, message, "let one of the references on the way be something of its own"))
}
