//! The meaning of nodes, independent of how they are written.

use std::rc::Rc;

use serde_json::Value;

use super::revision::Revision;
use crate::pointer::Pointer;
use crate::read::{Entry, Node, NodeValue};
use crate::spec::{MAX_REFERENCES, NodeRef};

/// The number of values that are written out for the meaning of a node. Beyond it, references stay as they are, since a
/// few dozen references to one another can stand for more values than fit into memory.
const MAX_VALUES: usize = 2_000;

/// Keys of lists whose order has no meaning.
const UNORDERED: &[&str] = &["required", "enum", "oneOf", "anyOf", "allOf", "tags"];

/// Keys of texts for people.
const WORDS: &[&str] = &["description", "summary", "title", "example", "examples"];

impl NodeRef<'_> {
    /// Returns whether there is a reference anywhere in the value.
    pub(super) fn refers(&self) -> bool {
        self.value().to_string().contains("\"$ref\":")
    }

    /// Returns whether both values are equal. A missing value equals `false` and empty lists and objects.
    pub(super) fn means(&self, other: &Self) -> bool {
        let meaning = |node: &Self| match node.value() {
            Value::Bool(false) => Value::Null,
            Value::Array(items) if items.is_empty() => Value::Null,
            Value::Object(entries) if entries.is_empty() => Value::Null,
            Value::String(text) => Value::String(text.trim().to_owned()),
            other => other,
        };
        meaning(self) == meaning(other)
    }
}

impl<'a> Revision<'a> {
    /// The value of a node as JSON, with references written out, lists without an order sorted, and texts for people
    /// left out.
    pub(super) fn meaning(&self, place: &NodeRef<'a>) -> Rc<str> {
        let Some(reference) = place.text("$ref") else { return self.meaning_of(place).into() };
        if let Some(known) = self.known.meanings.borrow().get(reference) {
            return known.clone();
        }
        let text: Rc<str> = self.meaning_of(place).into();
        self.known.meanings.borrow_mut().insert(reference, text.clone());
        text
    }

    fn meaning_of(&self, place: &NodeRef<'a>) -> String {
        let mut left = MAX_VALUES;
        place.node.map_or_else(|| "null".to_owned(), |node| self.written_out(node, &mut Vec::new(), &mut left))
    }

    fn written_out(&self, node: &'a Node, within: &mut Vec<&'a str>, left: &mut usize) -> String {
        *left = left.saturating_sub(1);
        if let Some(reference) = node.get("$ref").and_then(Node::as_str).filter(|text| text.starts_with('#')) {
            if let Some(up) = within.iter().rev().position(|other| *other == reference) {
                // Equal cycles are equal whatever their schemas are called.
                return format!("\"{up} levels up\"");
            }
            let target = self.follow(reference).and_then(|target| target.node);
            let Some(target) = target.filter(|_| within.len() < MAX_REFERENCES && *left > 0) else {
                return text_of(node);
            };
            within.push(reference);
            let text = self.written_out(target, within, left);
            within.pop();
            return text;
        }
        match &node.value {
            NodeValue::Sequence(items) => list(self.items_written_out(items, within, left)),
            NodeValue::Mapping(entries) => self.entries_written_out(entries, within, left),
            _ => text_of(node),
        }
    }

    fn items_written_out(&self, items: &'a [Node], within: &mut Vec<&'a str>, left: &mut usize) -> Vec<String> {
        items.iter().map(|item| self.written_out(item, within, left)).collect()
    }

    fn entries_written_out(&self, entries: &'a [Entry], within: &mut Vec<&'a str>, left: &mut usize) -> String {
        let mut entries: Vec<_> = entries.iter().filter(|entry| has_meaning(entry)).collect();
        // Where the limit is reached does not depend on the order of the text.
        entries.sort_by_key(|entry| &entry.key);
        let is_only = entries.len() == 1;
        let mut all = Vec::with_capacity(entries.len());
        for entry in entries {
            let text = match &entry.value.value {
                NodeValue::Sequence(items) if UNORDERED.contains(&entry.key.as_str()) => {
                    *left = left.saturating_sub(1);
                    let mut items = self.items_written_out(items, within, left);
                    if is_only && entry.key == "allOf" && items.len() == 1 {
                        return items.pop().unwrap_or_default();
                    }
                    items.sort_unstable();
                    list(items)
                }
                _ => self.written_out(&entry.value, within, left),
            };
            all.push(format!("{}:{text}", Value::from(entry.key.as_str())));
        }
        format!("{{{}}}", all.join(","))
    }

    /// Returns whether the schema of other properties has keys besides `nullable` and `deprecated`.
    pub(super) fn is_typed(&self, schema: &NodeRef<'a>) -> bool {
        let mut node = self.resolve(schema).node;
        for _ in 0..MAX_REFERENCES {
            let entries = node.map(Node::entries).unwrap_or_default().iter();
            let entries: Vec<_> = entries.filter(|entry| has_meaning(entry)).collect();
            node = match (entries.as_slice(), entries.first().map(|entry| entry.value.items())) {
                ([only], Some([branch])) if only.key == "allOf" => {
                    self.resolve(&NodeRef::new(Pointer::ROOT, Some(branch))).node
                }
                _ => return entries.iter().any(|entry| !matches!(entry.key.as_str(), "nullable" | "deprecated")),
            };
        }
        false
    }
}

/// Returns whether an entry has a meaning to programs.
fn has_meaning(entry: &Entry) -> bool {
    let is_text = WORDS.contains(&entry.key.as_str()) && entry.value.as_str().is_some();
    !entry.key.starts_with("x-") && !is_text
}

fn list(items: Vec<String>) -> String {
    format!("[{}]", items.join(","))
}

fn text_of(node: &Node) -> String {
    NodeRef::new(Pointer::ROOT, Some(node)).value().to_string()
}
