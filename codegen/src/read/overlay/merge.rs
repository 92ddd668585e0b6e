//! Merges values of an overlay into a tree, and removes parts of it.

use std::collections::HashMap;
use std::mem;

use super::actions::Action;
use super::target::Selection;
use crate::finding::{Finding, Severity};
use crate::findings::{Findings, Rank};
use crate::pointer::Pointer;
use crate::read::{Document, Entry, Mapping, Node, NodeValue};
use crate::rules;

/// Removes parts of a tree. The selection must not have the root.
pub(super) fn without(node: Node, selection: &Selection) -> Node {
    let kept = |step: &str, node: Node| match selection.below.get(step) {
        None => Some(node),
        Some(below) if below.is_selected => None,
        Some(below) => Some(without(node, below)),
    };
    changed(node, kept)
}

/// Changes each child of a node, or removes it.
fn changed(node: Node, mut change: impl FnMut(&str, Node) -> Option<Node>) -> Node {
    let value = match node.value {
        NodeValue::Sequence(items) => {
            let items = items.into_iter().enumerate().filter_map(|(nth, item)| change(&nth.to_string(), item));
            NodeValue::Sequence(items.collect())
        }
        NodeValue::Mapping(entries) => {
            let entries = entries.into_entries().into_iter().filter_map(|mut entry| {
                let value = mem::replace(&mut entry.value, Node { line: 0, column: 0, value: NodeValue::Null });
                change(&entry.key, value).map(|value| Entry { value, ..entry })
            });
            NodeValue::Mapping(Mapping::new(entries.collect()))
        }
        scalar => scalar,
    };
    Node { value, ..node }
}

/// Merges the value of an action.
pub(super) struct Merging<'a> {
    overlay: &'a Document,
    action: &'a Action<'a>,
    /// The value's place in the overlay.
    update: Pointer,
    /// Added to the lines of the value.
    lines: usize,
    findings: Findings,
}

impl<'a> Merging<'a> {
    pub(super) fn new(overlay: &'a Document, action: &'a Action<'a>, key: &str, lines: usize) -> Self {
        Self { overlay, action, update: action.pointer.child(key), lines, findings: Findings::default() }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_sorted()
    }

    /// Merges the value into each selected part of a tree.
    pub(super) fn merged_at(&mut self, node: Node, selection: &Selection, update: &Node) -> Node {
        let node = if selection.is_selected { self.at_target(node, update) } else { node };
        if selection.below.is_empty() {
            return node;
        }
        changed(node, |step, child| {
            Some(match selection.below.get(step) {
                Some(below) => self.merged_at(child, below, update),
                None => child,
            })
        })
    }

    fn at_target(&mut self, node: Node, update: &Node) -> Node {
        match (node.value, &update.value) {
            (NodeValue::Sequence(items), NodeValue::Sequence(more)) if self.action.is_1_1 => {
                let more = more.iter().map(|item| self.moved(item));
                Node { value: NodeValue::Sequence(items.into_iter().chain(more).collect()), ..node }
            }
            (NodeValue::Sequence(items), _) => {
                let items = items.into_iter().chain([self.moved(update)]);
                Node { value: NodeValue::Sequence(items.collect()), ..node }
            }
            (NodeValue::Mapping(entries), _) => {
                self.merged(Node { value: NodeValue::Mapping(entries), ..node }, update, &self.update.clone())
            }
            (value, _) if !self.action.is_1_1 => {
                let message = "the target selects a value that is neither a mapping nor a list";
                let fix = "select the mapping around it, and give the value by its key; or use `overlay: 1.1.0`";
                let place = self.action.pointer.child("target");
                let finding = self.overlay.finding(Severity::Error, &place, rules::OVERLAY_MISMATCH, message, fix);
                self.findings.add(finding, Rank::Error);
                Node { value, ..node }
            }
            (value, _) => self.merged(Node { value, ..node }, update, &self.update.clone()),
        }
    }

    /// Merges a value into another of the same kind.
    fn merged(&mut self, node: Node, update: &Node, place: &Pointer) -> Node {
        match (node.value, &update.value) {
            (NodeValue::Mapping(entries), NodeValue::Mapping(more)) => {
                let value = NodeValue::Mapping(self.merged_entries(entries, more, place));
                Node { value, ..node }
            }
            (NodeValue::Sequence(items), NodeValue::Sequence(more)) => {
                let more = more.iter().map(|item| self.moved(item));
                Node { value: NodeValue::Sequence(items.into_iter().chain(more).collect()), ..node }
            }
            // A key without a value, as in the structured example of the specification.
            (value @ (NodeValue::Mapping(_) | NodeValue::Sequence(_)), NodeValue::Null) => Node { value, ..node },
            (value, other) if is_collection(&value) || is_collection(other) => {
                let (here, there) = (kind(other), kind(&value));
                let message = format!("the spec has {there} where the overlay has {here}");
                let fix = "remove it by an action of its own, and add the new value by the next one";
                let finding = self.overlay.finding(Severity::Error, place, rules::OVERLAY_MISMATCH, message, fix);
                self.findings.add(finding, Rank::Error);
                Node { value, ..node }
            }
            _ => self.moved(update),
        }
    }

    fn merged_entries(&mut self, entries: Mapping, more: &Mapping, place: &Pointer) -> Mapping {
        let mut entries = entries.into_entries();
        let known: HashMap<_, _> = entries.iter().enumerate().map(|(nth, entry)| (entry.key.clone(), nth)).collect();
        for update in more {
            let Some(entry) = known.get(&update.key).and_then(|nth| entries.get_mut(*nth)) else {
                entries.push(self.moved_entry(update));
                continue;
            };
            let old = mem::replace(&mut entry.value, Node { line: 0, column: 0, value: NodeValue::Null });
            if !is_collection(&old.value) {
                (entry.line, entry.column) = (update.line + self.lines, update.column);
            }
            entry.value = self.merged(old, &update.value, &place.child(&update.key));
        }
        Mapping::new(entries)
    }

    /// Copies a value, with lines that are counted on from those of the spec.
    fn moved(&self, node: &Node) -> Node {
        let value = match &node.value {
            NodeValue::Sequence(items) => NodeValue::Sequence(items.iter().map(|item| self.moved(item)).collect()),
            NodeValue::Mapping(entries) => {
                NodeValue::Mapping(Mapping::new(entries.iter().map(|entry| self.moved_entry(entry)).collect()))
            }
            scalar => scalar.clone(),
        };
        Node { line: node.line + self.lines, column: node.column, value }
    }

    fn moved_entry(&self, entry: &Entry) -> Entry {
        Entry {
            key: entry.key.clone(),
            line: entry.line + self.lines,
            column: entry.column,
            value: self.moved(&entry.value),
        }
    }
}

fn is_collection(value: &NodeValue) -> bool {
    matches!(value, NodeValue::Mapping(_) | NodeValue::Sequence(_))
}

fn kind(value: &NodeValue) -> &'static str {
    match value {
        NodeValue::Mapping(_) => "a mapping",
        NodeValue::Sequence(_) => "a list",
        _ => "another value",
    }
}
