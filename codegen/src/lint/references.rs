//! References: within the file, to what exists, of the right kind, and ending somewhere.

use super::report::Report;
use super::rules;
use super::spec::Spec;
use super::words;
use crate::read::{Node, child};

/// References lead to components of the right kind.
pub(super) fn targets(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in &spec.places {
        let (Some(target), Some(section)) = (place.reference, place.kind.section()) else { continue };
        let pointer = child(&place.pointer, "$ref");
        let Some((found, name)) = target.strip_prefix("#/components/").and_then(|rest| rest.split_once('/')) else {
            let message = format!("`{target}` is not a component of this file");
            let fix = format!("copy it to `components/{section}`, and refer to it there");
            report.error(&pointer, rules::DANGLING_REFERENCE, message, &fix);
            continue;
        };
        if found != section || name.contains('/') {
            let message = format!("`{target}` cannot stand for {}", place.kind.name());
            report.error(&pointer, rules::WRONG_REFERENCE, message, &format!("refer to `#/components/{section}/…`"));
        } else if spec.document.follow(target).is_none() {
            let known = spec.document.at(&format!("/components/{section}")).map(Node::entries).unwrap_or_default();
            let fix = match words::nearest(name, known.iter().map(|entry| entry.key.as_str())) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("add it to `components/{section}`"),
            };
            report.error(&pointer, rules::DANGLING_REFERENCE, format!("there is no `{target}`"), &fix);
        }
    }
}

/// References of references end.
pub(super) fn circles(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.places.iter().filter(|place| place.reference.is_some()) {
        let exists = place.reference.is_some_and(|target| spec.document.follow(target).is_some());
        if exists && ends_nowhere(spec, place.reference) {
            let pointer = child(&place.pointer, "$ref");
            let fix = "let one of the references on the way be something of its own";
            report.error(&pointer, rules::CYCLIC_REFERENCE, "this reference leads in a circle, or too far", fix);
        }
    }
}

/// Whether a way of references comes to no end, other than at a missing target, which is a finding of its own.
fn ends_nowhere(spec: &Spec<'_>, reference: Option<&str>) -> bool {
    let mut reference = reference;
    for _ in 0..super::spec::MAX_STEPS {
        let Some(node) = reference.and_then(|target| spec.document.follow(target)) else { return false };
        match node.get("$ref") {
            Some(next) => reference = next.as_str(),
            None => return false,
        }
    }
    true
}
