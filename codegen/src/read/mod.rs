//! Reads a spec: text to a tree that knows where each of its nodes stands, and from there to the typed model.

mod builder;
mod model;
mod scalar;
mod second;

use std::borrow::Cow;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::panic::catch_unwind;

use serde_json::{Number, Value};

pub use self::model::model;
use crate::finding::{Finding, Severity};
use crate::lint::rules;
use crate::pointer::Pointer;

/// The most text that is read, in bytes.
pub const MAX_TEXT: usize = 8 * 1024 * 1024;

/// How deep mappings and sequences may nest.
pub const MAX_DEPTH: usize = 64;

/// How many keys and values a spec may have.
pub const MAX_NODES: usize = 500_000;

/// A spec as it was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The spec as it was named to the generator.
    pub file: String,
    /// The tree, each node with its place in the text.
    pub root: Node,
    /// The same tree without places.
    pub value: Value,
}

/// A value and where it starts.
#[derive(Clone, Debug)]
pub struct Node {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// What stands there.
    pub value: NodeValue,
}

/// The values that YAML and JSON share.
#[derive(Clone, Debug)]
pub enum NodeValue {
    /// Nothing, or one of the spellings of `null`.
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

/// A key of a mapping, where it stands, and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The line of the key, counted from 1.
    pub line: usize,
    /// The column of the key, counted in characters from 1.
    pub column: usize,
    /// What the key stands for.
    pub value: Node,
}

/// Reads YAML or JSON text into a tree.
///
/// Size and depth are limited while the text is read. What different readers of YAML understand differently (anchors,
/// tags, merge keys, duplicate keys, …) is refused.
pub fn load(file: &str, text: &str) -> Result<Document, Vec<Finding>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    catch_unwind(|| read(file, text)).unwrap_or_else(|_| {
        Err(vec![Finding {
            severity: Severity::Error,
            file: file.to_owned(),
            line: 1,
            column: 1,
            pointer: String::new(),
            rule: rules::NOT_YAML,
            message: "the YAML reader gave up on this file".to_owned(),
            fix: "take out parts until it can be read, and report what was left out".to_owned(),
        }])
    })
}

fn read(file: &str, text: &str) -> Result<Document, Vec<Finding>> {
    let root = builder::read(file, text)?;
    let document = Document { file: file.to_owned(), value: root.to_json(), root };
    let Some(pointer) = second::disagreement(&document.value, text) else { return Ok(document) };
    let message = "readers of YAML understand this differently";
    let fix = "quote strings, and put spaces after `:`, `,`, `?` and `-`";
    Err(vec![document.finding(Severity::Error, &pointer, rules::AMBIGUOUS_YAML, message, fix)])
}

/// The JSON pointer of what `key` stands for inside of `pointer`.
pub fn child(pointer: &str, key: impl std::fmt::Display) -> String {
    let mut child = String::with_capacity(pointer.len() + 32);
    child.push_str(pointer);
    child.push('/');
    let start = child.len();
    // Writing to a string does not fail.
    let _ = write!(child, "{key}");
    if child[start..].contains(['~', '/']) {
        let escaped = child.split_off(start).replace('~', "~0").replace('/', "~1");
        child.push_str(&escaped);
    }
    child
}

impl Document {
    /// The node that a pointer leads to.
    pub(crate) fn node(&self, pointer: &Pointer) -> Option<&Node> {
        let steps = pointer.steps();
        steps.iter().try_fold(&self.root, |node, step| node.step(step).map(|(_, value)| value))
    }

    /// The node that a JSON pointer names.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        if pointer.is_empty() {
            return Some(&self.root);
        }
        steps(pointer).try_fold(&self.root, |node, step| node.step(&step).map(|(_, value)| value))
    }

    /// The value that a JSON pointer names, as [`Value::pointer`] has it, without a copy of each step.
    #[cfg(test)]
    pub(crate) fn value_at(&self, pointer: &str) -> Option<&Value> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        steps(pointer).try_fold(&self.value, |value, step| match value {
            Value::Object(entries) => entries.get(&*step),
            Value::Array(items) => {
                let is_index = !step.starts_with('+') && (step == "0" || !step.starts_with('0'));
                items.get(step.parse::<usize>().ok().filter(|_| is_index)?)
            }
            _ => None,
        })
    }

    /// Line and column of what a JSON pointer names: of the key where there is one, and of the nearest node above where
    /// the pointer leads nowhere.
    pub fn position(&self, pointer: &str) -> (usize, usize) {
        let mut node = &self.root;
        let mut position = (node.line, node.column);
        for step in steps(pointer) {
            let Some((place, value)) = node.step(&step) else { break };
            (position, node) = (place, value);
        }
        position
    }

    /// A finding about what a JSON pointer names.
    pub fn finding(
        &self,
        severity: Severity,
        pointer: &str,
        rule: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Finding {
        let (line, column) = self.position(pointer);
        Finding {
            severity,
            file: self.file.clone(),
            line,
            column,
            pointer: pointer.to_owned(),
            rule,
            message: message.into(),
            fix: fix.into(),
        }
    }

    /// The node that a local `$ref` names, such as `#/components/schemas/Account`.
    pub fn follow(&self, reference: &str) -> Option<&Node> {
        self.at(reference.strip_prefix('#')?)
    }
}

/// The entries of a mapping, in their order, and by their keys.
#[derive(Clone, Debug)]
pub struct Mapping {
    entries: Vec<Entry>,
    /// Hashes of the keys in order, with the places of the entries, where there are too many to look through. Keys
    /// themselves lie all over the memory: comparing with a dozen of them takes longer the larger a spec is.
    hashed: Vec<(u64, usize)>,
}

/// How many entries are looked through one by one.
const FEW: usize = 16;

impl Mapping {
    /// A mapping of these entries, whose keys differ.
    pub(crate) fn new(entries: Vec<Entry>) -> Self {
        let indexed = if entries.len() > FEW { entries.as_slice() } else { &[] };
        let mut hashed: Vec<_> = indexed.iter().enumerate().map(|(place, entry)| (hash(&entry.key), place)).collect();
        hashed.sort_unstable();
        Self { entries, hashed }
    }

    /// The entry of a key.
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

/// The keys and indices of a JSON pointer.
fn steps(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let plain = |step: &str| step.replace("~1", "/").replace("~0", "~");
    pointer.split('/').skip(1).map(move |step| if step.contains('~') { plain(step).into() } else { step.into() })
}

impl Node {
    /// What a key of a mapping stands for.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            NodeValue::Mapping(entries) => entries.find(key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none of anything else.
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

    fn step(&self, step: &str) -> Option<((usize, usize), &Self)> {
        match &self.value {
            NodeValue::Mapping(entries) => {
                let entry = entries.find(step)?;
                Some(((entry.line, entry.column), &entry.value))
            }
            NodeValue::Sequence(items) => {
                let item = items.get(step.parse::<usize>().ok()?)?;
                Some(((item.line, item.column), item))
            }
            _ => None,
        }
    }

    /// The value without places.
    pub(crate) fn to_json(&self) -> Value {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn pointers_lead_where_those_of_json_lead() {
        let keys: String = (0..40).map(|nth| format!("\"key{nth}\": [{nth}], ")).collect();
        let document = load("s", &format!("{{{keys} \"a/b\": {{\"~\": {{\"\": true}}}}}}")).unwrap();
        for pointer in
            ["", "/", "/key0", "/key39/0", "/key39/00", "/key39/+0", "/key39/1", "/key40", "key0", "/a~1b/~0/"]
        {
            assert_eq!(document.value_at(pointer), document.value.pointer(pointer), "{pointer}");
        }
        for entry in document.root.entries() {
            let pointer = child("", &entry.key);
            assert_eq!(document.at(&pointer).map(Node::to_json), document.value_at(&pointer).cloned(), "{pointer}");
        }
    }
}
