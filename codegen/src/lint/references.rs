//! References: within the file, to components of the right kind, and with an end.

use super::report::Report;
use super::rules;
use super::spec::Spec;
use crate::pointer::Pointer;

/// References lead to components of the right kind.
pub(super) fn targets(spec: &Spec<'_>, report: &mut Report<'_>) {
    let components = spec.view.root().get("components");
    for place in &spec.places {
        let (Some(target), Some(section)) = (place.reference, place.kind.section()) else { continue };
        let reference = place.node.get("$ref");
        let pointer = Pointer::of_reference(target);
        let Some(pointer) = pointer else {
            let message = format!("`{target}` is in another file, or is an anchor; only this file is read");
            let fix = format!("bundle the files into one, or copy it to `components/{section}`");
            report.error(&reference, rules::DANGLING_REFERENCE, message, fix);
            continue;
        };
        let steps = pointer.steps();
        let is_of_other_kind = matches!(steps.as_slice(), ["components", found, _] if *found != section);
        if is_of_other_kind {
            let message = format!("`{target}` cannot be used as {}", place.kind.name());
            report.error(&reference, rules::WRONG_REFERENCE, message, format!("refer to `#/components/{section}/…`"));
        } else if spec.view.follow(target).is_none() {
            let known = components.get(section).entries().iter().map(|entry| entry.key.as_str());
            let fix = match report.nearest(pointer.last().unwrap_or_default(), known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("add it to `components/{section}`"),
            };
            report.error(&reference, rules::DANGLING_REFERENCE, format!("there is no `{target}`"), fix);
        }
    }
}

/// Chains of references end.
pub(super) fn circles(spec: &Spec<'_>, report: &mut Report<'_>) {
    for place in spec.places.iter().filter(|place| place.reference.is_some()) {
        // A chain that ends at a missing target has a finding already.
        let end = spec.view.resolve(&place.node);
        if end.text("$ref").is_some_and(|target| spec.view.follow(target).is_some()) {
            let fix = "replace one of the references on the way by what it should mean";
            report.error(
                &place.node.get("$ref"),
                rules::CYCLIC_REFERENCE,
                "this reference leads in a circle, or too far",
                fix,
            );
        }
    }
}
