//! Schemas that hold themselves: fine through an optional property or a list of one, endless otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::report::Report;
use super::rules;
use super::spec::Spec;
use crate::read::{Node, child};

/// A way in which a schema can hold itself without end.
struct Circle {
    message: &'static str,
    fix: &'static str,
    /// The schemas inside of one that lie on such a way, as steps of a pointer.
    steps: fn(&Node) -> Vec<Vec<String>>,
}

const CIRCLES: &[Circle] = &[
    Circle {
        message: "this schema holds itself with no object in between",
        fix: "put an object with named properties in between",
        steps: unnamed_steps,
    },
    Circle {
        message: "a value of this schema holds another one of the same schema, and so on without end",
        fix: "make one of the properties on the way optional or nullable",
        steps: required_steps,
    },
];

/// No component holds itself without a place where it can end.
pub(super) fn endless(spec: &Spec<'_>, report: &mut Report<'_>) {
    if report.has(&[rules::CYCLIC_REFERENCE]) {
        return;
    }
    let mut reported = BTreeSet::new();
    for circle in CIRCLES {
        report_circles(spec, report, circle, &mut reported);
    }
}

fn report_circles(spec: &Spec<'_>, report: &mut Report<'_>, circle: &Circle, reported: &mut BTreeSet<String>) {
    let components = spec.component_schemas();
    let edges: BTreeMap<String, BTreeSet<String>> =
        components.iter().map(|(_, pointer)| (pointer.clone(), components_held(spec, pointer, circle.steps))).collect();
    for (_, pointer) in &components {
        let reached = reach(&edges, pointer);
        if reached.contains(pointer) && reached.is_disjoint(reported) {
            report.error(pointer, rules::ENDLESS_SCHEMA, circle.message, circle.fix);
            reported.insert(pointer.clone());
        }
    }
}

/// The components that a component holds, as far as the steps lead.
fn components_held(spec: &Spec<'_>, component: &str, steps: fn(&Node) -> Vec<Vec<String>>) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    let mut open = vec![component.to_owned()];
    while let Some(pointer) = open.pop() {
        let Some(node) = spec.document.at(&pointer) else { continue };
        match node.get("$ref").and_then(Node::as_str) {
            Some(target) => held.extend(target.strip_prefix('#').map(str::to_owned)),
            None => {
                open.extend(steps(node).iter().map(|way| way.iter().fold(pointer.clone(), |at, step| child(&at, step))))
            }
        }
    }
    held
}

fn reach(edges: &BTreeMap<String, BTreeSet<String>>, start: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&String> = edges.get(start).into_iter().flatten().collect();
    while let Some(pointer) = open.pop() {
        if reached.insert(pointer.clone()) {
            open.extend(edges.get(pointer).into_iter().flatten());
        }
    }
    reached
}

fn way(steps: &[&str]) -> Vec<String> {
    steps.iter().map(|step| (*step).to_owned()).collect()
}

/// Into the schema that stands for this one, and into lists and maps, which have no name of their own.
fn unnamed_steps(node: &Node) -> Vec<Vec<String>> {
    let has_properties = node.get("properties").is_some_and(|properties| !properties.entries().is_empty());
    let mut steps = Vec::new();
    if node.get("allOf").is_some() {
        steps.push(way(&["allOf", "0"]));
    }
    if node.get("items").is_some() {
        steps.push(way(&["items"]));
    }
    if node.get("additionalProperties").is_some() && !has_properties {
        steps.push(way(&["additionalProperties"]));
    }
    steps
}

/// Into the schema that stands for this one, and into properties that must be there.
fn required_steps(node: &Node) -> Vec<Vec<String>> {
    if node.get("nullable").and_then(Node::as_bool) == Some(true) {
        return Vec::new();
    }
    if node.get("allOf").is_some() {
        return vec![way(&["allOf", "0"])];
    }
    let required: BTreeSet<&str> =
        node.get("required").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str).collect();
    let properties = node.get("properties").map(Node::entries).unwrap_or_default().iter();
    properties
        .filter(|property| required.contains(property.key.as_str()))
        .filter(|property| property.value.get("x-observed-optional").is_none())
        .map(|property| way(&["properties", &property.key]))
        .collect()
}
