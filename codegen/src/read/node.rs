//! The tree that a document is read into.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;

use serde_json::{Number, Value};

/// A value and where it starts.
#[derive(Clone, Debug)]
pub struct Node {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// The value.
    pub value: NodeValue,
}

/// The values that YAML and JSON share.
#[derive(Clone, Debug)]
pub enum NodeValue {
    /// No text, or one of the spellings of `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A finite number.
    Number(Number),
    /// Text, quoted or not.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys with their values, in the order of the text.
    Mapping(Mapping),
}

/// A key of a mapping, its place, and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The line of the key, counted from 1.
    pub line: usize,
    /// The column of the key, counted in characters from 1.
    pub column: usize,
    /// The value.
    pub value: Node,
}

impl Node {
    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            NodeValue::Mapping(entries) => entries.find(key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The entries of a mapping; empty for other values.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; empty for other values.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            NodeValue::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            NodeValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            NodeValue::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The value that a step of a JSON pointer leads to, with its place: that of the key where there is one.
    pub(super) fn step(&self, step: &str) -> Option<((usize, usize), &Self)> {
        match &self.value {
            NodeValue::Mapping(entries) => {
                let entry = entries.find(step)?;
                Some(((entry.line, entry.column), &entry.value))
            }
            NodeValue::Sequence(items) => {
                // RFC 6901 allows neither signs nor leading zeros, which `parse` takes.
                let is_index = step == "0" || step.starts_with(|digit| matches!(digit, '1'..='9'));
                let item = items.get(step.parse::<usize>().ok().filter(|_| is_index)?)?;
                Some(((item.line, item.column), item))
            }
            _ => None,
        }
    }

    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match &self.value {
            NodeValue::Null => Value::Null,
            NodeValue::Bool(value) => Value::Bool(*value),
            NodeValue::Number(number) => Value::Number(number.clone()),
            NodeValue::String(text) => Value::String(text.clone()),
            NodeValue::Sequence(items) => items.iter().map(Self::to_json).collect(),
            NodeValue::Mapping(entries) => {
                entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect()
            }
        }
    }
}

/// Nodes are equal if their values are, whatever their places and the order of their keys.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (NodeValue::Null, NodeValue::Null) => true,
            (NodeValue::Bool(one), NodeValue::Bool(other)) => one == other,
            (NodeValue::Number(one), NodeValue::Number(other)) => one == other,
            (NodeValue::String(one), NodeValue::String(other)) => one == other,
            (NodeValue::Sequence(one), NodeValue::Sequence(other)) => one == other,
            (NodeValue::Mapping(one), NodeValue::Mapping(other)) => {
                let has_same = |entry: &Entry| other.find(&entry.key).is_some_and(|same| same.value == entry.value);
                one.len() == other.len() && one.iter().all(has_same)
            }
            _ => false,
        }
    }
}

/// The entries of a mapping, in the order of the text.
#[derive(Clone, Debug)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// Sorted hashes of the keys, with the indices of the entries, if there are more than [`FEW`]. Comparing hashes
    /// touches less memory than comparing keys.
    hashed: Vec<(u64, usize)>,
}

/// The most entries that are searched one by one.
const FEW: usize = 16;

impl Mapping {
    /// Creates a mapping of these entries, whose keys differ.
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let indexed = if entries.len() > FEW { entries.as_slice() } else { &[] };
        let mut hashed: Vec<_> = indexed.iter().enumerate().map(|(place, entry)| (hash(&entry.key), place)).collect();
        hashed.sort_unstable();
        Self { entries, hashed }
    }

    /// Returns the entries without their index.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// Returns the entry of a key.
    pub fn find(&self, key: &str) -> Option<&Entry> {
        if self.hashed.is_empty() {
            return self.entries.iter().find(|entry| entry.key == key);
        }
        let wanted = hash(key);
        let start = self.hashed.partition_point(|(hash, _)| *hash < wanted);
        let same = self.hashed[start..].iter().take_while(|(hash, _)| *hash == wanted);
        same.map(|(_, place)| &self.entries[*place]).find(|entry| entry.key == key)
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

impl Deref for Mapping {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        &self.entries
    }
}

impl<'a> IntoIterator for &'a Mapping {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}
