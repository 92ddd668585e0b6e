//! Schemas that others extend: a base with a discriminator stands for all component schemas that have it in their `allOf`.

use std::collections::BTreeSet;

use super::view::Children;
use super::{NodeRef, View};
use crate::pointer::Pointer;
use crate::read::Node;

impl<'a> View<'a> {
    /// The component schemas that have a schema in their `allOf`, directly or through another one, in the order of the
    /// document.
    pub(crate) fn subtypes(&self, base: &Pointer) -> Vec<NodeRef<'a>> {
        let children = self.children.get_or_init(|| children(self));
        let mut seen = BTreeSet::from([base]);
        let mut open = vec![base];
        let mut found = Vec::new();
        while let Some(pointer) = open.pop() {
            for child in children.get(pointer).into_iter().flatten().filter(|child| seen.insert(child)) {
                open.push(child);
                found.push(self.at(child));
            }
        }
        found.sort_by_key(|place| place.node.map(|node| (node.line, node.column)));
        found
    }

    /// The schema that a value in the `mapping` of a discriminator means: a reference, or the bare name of a component.
    pub(crate) fn mapped(&self, target: &'a str) -> Option<NodeRef<'a>> {
        let component = self.root().get("components").get("schemas").get(target);
        if component.exists() { Some(component) } else { self.follow(target) }
    }
}

fn children(view: &View<'_>) -> Children {
    let mut found = Children::new();
    for (_, component) in view.root().get("components").get("schemas").children() {
        for parent in parents(view, &component) {
            found.entry(parent).or_default().push(component.pointer.clone());
        }
    }
    found
}

/// The schemas that the `allOf` of a schema refers to, with those in nested lists.
fn parents<'a>(view: &View<'a>, schema: &NodeRef<'a>) -> Vec<Pointer> {
    let branches = |node: &'a Node| node.get("allOf").map(Node::items).unwrap_or_default();
    let mut open: Vec<&Node> = schema.node.map(branches).unwrap_or_default().iter().collect();
    let mut found = Vec::new();
    while let Some(branch) = open.pop() {
        open.extend(branches(branch));
        let target = branch.get("$ref").and_then(Node::as_str).and_then(|reference| view.follow(reference));
        found.extend(target.map(|target| target.pointer));
    }
    found
}
