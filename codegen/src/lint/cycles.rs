//! Schemas that contain themselves: fine through an optional property or a list, endless otherwise.

use std::collections::{BTreeSet, HashMap};

use super::report::Report;
use super::rules;
use super::spec::Spec;
use crate::pointer::Pointer;
use crate::spec::NodeRef;

/// A way in which a schema can contain itself without end.
struct Circle {
    message: &'static str,
    fix: &'static str,
    /// Returns the schemas inside one that are on such a way.
    inner: for<'a> fn(&NodeRef<'a>) -> Vec<NodeRef<'a>>,
}

const CIRCLES: &[Circle] = &[
    Circle {
        message: "this schema contains itself with no object in between",
        fix: "put an object with named properties in between",
        inner: unnamed,
    },
    Circle {
        message: "a value of this schema contains another one of the same schema, and so on without end",
        fix: "make one of the properties on the way optional or nullable",
        inner: required,
    },
];

/// No component contains itself without a place where a value can end.
pub(super) fn endless(spec: &Spec<'_>, report: &mut Report<'_>) {
    if report.has(&[rules::CYCLIC_REFERENCE]) {
        return;
    }
    let components: Vec<_> = spec.view.root().get("components").get("schemas").children().collect();
    let indices: HashMap<_, _> =
        components.iter().enumerate().map(|(index, (_, schema))| (schema.pointer.clone(), index)).collect();
    let mut reported = BTreeSet::new();
    for circle in CIRCLES {
        let edges: Vec<_> =
            components.iter().map(|(_, schema)| contained(spec, schema, circle.inner, &indices)).collect();
        for members in circles(&edges) {
            // One finding for each circle, at its first schema.
            let first = members.iter().min().and_then(|first| components.get(*first));
            if let Some((_, schema)) = first.filter(|_| members.iter().all(|member| !reported.contains(member))) {
                report.error(schema, rules::ENDLESS_SCHEMA, circle.message, circle.fix);
                reported.extend(members);
            }
        }
    }
}

/// The components that a component contains on the given ways.
fn contained<'a>(
    spec: &Spec<'a>,
    component: &NodeRef<'a>,
    inner: fn(&NodeRef<'a>) -> Vec<NodeRef<'a>>,
    indices: &HashMap<Pointer, usize>,
) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![component.clone()];
    while let Some(place) = open.pop() {
        match place.text("$ref") {
            Some(target) => {
                let target = spec.view.follow(target);
                found.extend(target.and_then(|target| indices.get(&target.pointer)));
            }
            None => open.extend(inner(&place)),
        }
    }
    found
}

/// The groups of nodes of a graph that lead to one another: its strongly connected components, by Tarjan's algorithm,
/// without those of one node that does not lead to itself.
fn circles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    // The earliest node on the stack that a node leads to.
    let mut low = vec![UNSEEN; edges.len()];
    let mut is_on_stack = vec![false; edges.len()];
    let (mut stack, mut count, mut found) = (Vec::new(), 0, Vec::new());
    for start in 0..edges.len() {
        // A list of open calls instead of recursion: a chain may be as long as the document.
        let mut calls = if order[start] == UNSEEN { vec![(start, 0)] } else { Vec::new() };
        while let Some((node, next)) = calls.pop() {
            if next == 0 {
                (order[node], low[node], is_on_stack[node]) = (count, count, true);
                stack.push(node);
                count += 1;
            }
            let Some(&child) = edges[node].get(next) else {
                if low[node] == order[node] {
                    let at = stack.iter().rposition(|other| *other == node).unwrap_or_default();
                    let members = stack.split_off(at);
                    members.iter().for_each(|member| is_on_stack[*member] = false);
                    if members.len() > 1 || edges[node].contains(&node) {
                        found.push(members);
                    }
                }
                if let Some((parent, _)) = calls.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
                continue;
            };
            calls.push((node, next + 1));
            if order[child] == UNSEEN {
                calls.push((child, 0));
            } else if is_on_stack[child] {
                low[node] = low[node].min(order[child]);
            }
        }
    }
    found
}

/// Into the schema that stands for this one, and into lists and maps, which have no name of their own.
fn unnamed<'a>(schema: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let has_properties = !schema.get("properties").entries().is_empty();
    let mut inner: Vec<_> = schema.get("allOf").items().chain([schema.get("items")]).collect();
    if !has_properties {
        inner.push(schema.get("additionalProperties"));
    }
    inner.retain(NodeRef::exists);
    inner
}

/// Into the schema that stands for this one, and into properties that must be there.
fn required<'a>(schema: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    if schema.flag("nullable") {
        return Vec::new();
    }
    let branches = schema.get("allOf").items();
    let list = schema.get("required");
    let required: BTreeSet<&str> = list.texts().into_iter().collect();
    let properties = schema.get("properties").children();
    let is_required =
        |name: &str, property: &NodeRef<'_>| required.contains(name) && !property.has("x-observed-optional");
    let properties = properties.filter(|(name, property)| is_required(name, property)).map(|(_, property)| property);
    branches.chain(properties).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_of_a_graph_are_found_once() {
        let sorted = |edges: &[Vec<usize>]| {
            let mut circles = circles(edges);
            circles.iter_mut().for_each(|members| members.sort_unstable());
            circles.sort();
            circles
        };
        assert_eq!(sorted(&[vec![1], vec![2], vec![]]), Vec::<Vec<usize>>::new());
        assert_eq!(sorted(&[vec![1], vec![2], vec![0]]), [vec![0, 1, 2]]);
        assert_eq!(sorted(&[vec![0, 1], vec![1, 0, 2], vec![3], vec![2, 2]]), [vec![0, 1], vec![2, 3]]);
        assert_eq!(sorted(&[vec![1, 3], vec![2], vec![1], vec![3]]), [vec![1, 2], vec![3]]);
        assert_eq!(sorted(&[vec![2, 1], vec![0], vec![]]), [vec![0, 1]]);
        let long: Vec<_> = (0..200_000).map(|node| vec![(node + 1) % 200_000]).collect();
        assert_eq!(sorted(&long).len(), 1);
    }
}
