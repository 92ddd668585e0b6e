//! A node of a document with its pointer.

use serde_json::{Number, Value};

use crate::pointer::Pointer;
use crate::read::{Entry, Node, NodeValue};

/// A place in a document, and the node there, if there is one.
///
/// A key that is left out has a place too, so that a message can point at where it would be.
#[derive(Clone, Debug)]
pub(crate) struct NodeRef<'a> {
    pub(crate) pointer: Pointer,
    pub(crate) node: Option<&'a Node>,
    /// The same key in other branches of an `allOf`, whose values apply as well.
    pub(crate) more: Vec<Self>,
}

/// Identifies a node, including the `allOf` branches that are merged into it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct NodeKey {
    first: Pointer,
    more: Vec<Pointer>,
}

impl<'a> NodeRef<'a> {
    pub(crate) fn new(pointer: Pointer, node: Option<&'a Node>) -> Self {
        Self { pointer, node, more: Vec::new() }
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Self {
        Self::new(self.pointer.child(key), self.node.and_then(|node| node.get(key)))
    }

    /// The element with an index.
    pub(crate) fn item(&self, index: usize) -> Self {
        Self::new(self.pointer.child(index), self.node.and_then(|node| node.items().get(index)))
    }

    pub(crate) fn key(&self) -> NodeKey {
        let more = self.more.iter().map(|other| other.pointer.clone()).collect();
        NodeKey { first: self.pointer.clone(), more }
    }

    pub(crate) fn exists(&self) -> bool {
        self.node.is_some()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.node.is_some_and(|node| node.get(key).is_some())
    }

    pub(crate) fn as_str(&self) -> Option<&'a str> {
        self.node?.as_str()
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        self.node?.as_bool()
    }

    /// The text of a key.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.node?.get(key)?.as_str()
    }

    /// Whether a key is `true`.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.node.and_then(|node| node.get(key)).and_then(Node::as_bool).unwrap_or_default()
    }

    pub(crate) fn entries(&self) -> &'a [Entry] {
        self.node.map(Node::entries).unwrap_or_default()
    }

    /// The entries of a mapping, without extensions (`x-…`).
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        self.children().filter(|(key, _)| !key.starts_with("x-"))
    }

    /// The entries of a mapping.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let pointer = self.pointer.clone();
        let child =
            move |entry: &'a Entry| (entry.key.as_str(), Self::new(pointer.child(&entry.key), Some(&entry.value)));
        self.entries().iter().map(child)
    }

    /// The elements of a list.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.node.map(Node::items).unwrap_or_default();
        items.iter().enumerate().map(move |(index, node)| Self::new(pointer.child(index), Some(node)))
    }

    /// The texts in a list, or the one text that stands for a list of one.
    pub(crate) fn texts(&self) -> Vec<&'a str> {
        match self.node.map(|node| &node.value) {
            Some(NodeValue::String(text)) => vec![text],
            Some(NodeValue::Sequence(items)) => items.iter().filter_map(Node::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The value as JSON. Neither the order of keys nor a fraction of zero (`1.0`) makes a difference.
    pub(crate) fn value(&self) -> Value {
        let mut value = self.node.map(Node::to_json).unwrap_or_default();
        normalize_numbers(&mut value);
        value
    }
}

fn normalize_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            // Above 2^53, not every whole number is a float.
            let whole = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15);
            if let Some(whole) = whole {
                *number = Number::from(whole as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalize_numbers),
        Value::Object(entries) => entries.values_mut().for_each(normalize_numbers),
        _ => {}
    }
}

/// A schema at a place where it is used.
#[derive(Clone, Debug)]
pub(crate) struct SchemaUse<'a> {
    /// The references and wrappers on the way to the schema that say something themselves, the outermost first.
    pub(crate) around: Vec<NodeRef<'a>>,
    /// The schema that they lead to.
    pub(crate) core: NodeRef<'a>,
}
