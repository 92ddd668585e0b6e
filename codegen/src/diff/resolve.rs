//! A side as the rules look at it: references followed, `allOf` taken together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::load::{Document, Entry, Node, NodeValue, child};

/// How many references are followed in a row.
const MAX_STEPS: usize = 32;

/// How many schemas an `allOf` may take together.
const MAX_LAYERS: usize = 256;

/// Keys that may stand around a one-element `allOf` without making another schema of it.
const AROUND: &[&str] = &[
    "allOf",
    "description",
    "title",
    "example",
    "externalDocs",
    "default",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "xml",
];

/// A place of a side, and what stands there, if anything does.
#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    pub(super) pointer: String,
    pub(super) node: Option<&'a Node>,
}

impl<'a> Spot<'a> {
    pub(super) fn get(&self, key: &str) -> Self {
        Self { pointer: child(&self.pointer, key), node: self.node.and_then(|node| node.get(key)) }
    }

    pub(super) fn exists(&self) -> bool {
        self.node.is_some()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.node.is_some_and(|node| node.get(key).is_some())
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.node?.get(key)?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.node.and_then(|node| node.get(key)).and_then(Node::as_bool).unwrap_or_default()
    }

    pub(super) fn entries(&self) -> &'a [Entry] {
        self.node.map(Node::entries).unwrap_or_default()
    }

    /// The entries that are no extensions.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Spot<'a>)> + '_ {
        self.children().filter(|(key, _)| !key.starts_with("x-"))
    }

    pub(super) fn children(&self) -> impl Iterator<Item = (&'a str, Spot<'a>)> + '_ {
        self.entries().iter().map(|entry| {
            let spot = Spot { pointer: child(&self.pointer, &entry.key), node: Some(&entry.value) };
            (entry.key.as_str(), spot)
        })
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Spot<'a>> + '_ {
        let items = self.node.map(Node::items).unwrap_or_default();
        items.iter().enumerate().map(|(index, node)| Spot { pointer: child(&self.pointer, index), node: Some(node) })
    }

    /// The value, the order of keys aside.
    pub(super) fn value(&self) -> Value {
        self.node.map(Node::to_json).unwrap_or_default()
    }

    /// Whether both say the same; what is left out says the same as `false` and as an empty list.
    pub(super) fn means(&self, other: &Self) -> bool {
        let meaning = |spot: &Self| match spot.value() {
            Value::Bool(false) => Value::Null,
            Value::Array(items) if items.is_empty() => Value::Null,
            Value::Object(entries) if entries.is_empty() => Value::Null,
            Value::String(text) => Value::String(text.trim().to_owned()),
            other => other,
        };
        meaning(self) == meaning(other)
    }

    /// The value as a message quotes it.
    pub(super) fn show(&self) -> String {
        let shown = match self.node.map(|node| &node.value) {
            None => return "nothing".to_owned(),
            Some(NodeValue::String(text)) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Some(_) => self.value().to_string(),
        };
        quoted(&shown)
    }

    /// The component schema that the place belongs to.
    pub(super) fn component(&self) -> Option<String> {
        component(&self.pointer)
    }

    pub(super) fn is_component(&self) -> bool {
        self.pointer.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'))
    }
}

pub(super) fn component(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?.split('/').next()?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// Text between backticks, cut where it gets long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((cut, _)) => format!("`{}…`", text.get(..cut).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// Where a schema is used: what stands around it there, and the schema that decides.
#[derive(Clone, Debug)]
pub(super) struct Use<'a> {
    pub(super) around: Vec<Spot<'a>>,
    pub(super) core: Spot<'a>,
}

/// One side of a comparison.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) document: &'a Document,
    components: BTreeMap<String, &'a Node>,
}

impl<'a> View<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut components = BTreeMap::new();
        for section in document.at("/components").map(Node::entries).unwrap_or_default() {
            for component in section.value.entries() {
                let pointer = child(&child("/components", &section.key), &component.key);
                components.insert(pointer, &component.value);
            }
        }
        Self { document, components }
    }

    pub(super) fn root(&self) -> Spot<'a> {
        Spot { pointer: String::new(), node: Some(&self.document.root) }
    }

    pub(super) fn at(&self, pointer: &str) -> Spot<'a> {
        let node = self.components.get(pointer).copied().or_else(|| self.document.at(pointer));
        Spot { pointer: pointer.to_owned(), node }
    }

    fn target(&self, spot: &Spot<'a>) -> Option<Spot<'a>> {
        Some(self.at(spot.text("$ref")?.strip_prefix('#')?))
    }

    /// Follows references.
    pub(super) fn resolve(&self, spot: &Spot<'a>) -> Spot<'a> {
        let mut spot = spot.clone();
        for _ in 0..MAX_STEPS {
            let Some(next) = self.target(&spot) else { break };
            spot = next;
        }
        spot
    }

    /// Follows references and one-element `allOf`s to the schema that decides.
    pub(super) fn schema(&self, spot: &Spot<'a>) -> Use<'a> {
        let mut found = Use { around: Vec::new(), core: spot.clone() };
        for _ in 0..MAX_STEPS {
            if let Some(next) = self.target(&found.core) {
                found.core = next;
            } else if is_wrapper(&found.core) {
                let next = found.core.get("allOf").items().next();
                let Some(next) = next else { break };
                found.around.push(std::mem::replace(&mut found.core, next));
            } else {
                break;
            }
        }
        found
    }

    /// A schema with all that its `allOf` adds to it.
    pub(super) fn layers(&self, core: &Spot<'a>) -> Layers<'a> {
        let mut layers = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![core.clone()];
        while let Some(next) = open.pop() {
            let Use { around, core } = self.schema(&next);
            if layers.len() >= MAX_LAYERS || !seen.insert(core.pointer.clone()) {
                continue;
            }
            layers.extend(around);
            let mut branches: Vec<_> = core.get("allOf").items().collect();
            branches.reverse();
            open.extend(branches);
            layers.push(core);
        }
        Layers(layers)
    }

    /// The line of what a pointer names.
    pub(super) fn line(&self, pointer: &str) -> usize {
        self.document.position(pointer).0
    }
}

fn is_wrapper(spot: &Spot<'_>) -> bool {
    spot.get("allOf").items().count() == 1
        && spot.entries().iter().all(|entry| AROUND.contains(&entry.key.as_str()) || entry.key.starts_with("x-"))
}

/// A schema's own keys, and after them those of its `allOf`.
#[derive(Clone, Debug)]
pub(super) struct Layers<'a>(Vec<Spot<'a>>);

impl<'a> From<&Spot<'a>> for Layers<'a> {
    fn from(spot: &Spot<'a>) -> Self {
        Self(vec![spot.clone()])
    }
}

impl<'a> Layers<'a> {
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.0.iter().flat_map(|spot| spot.entries()).map(|entry| entry.key.as_str())
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|spot| spot.has(key))
    }

    /// The first place that says something under a key; where none does, the place that could.
    pub(super) fn get(&self, key: &str) -> Spot<'a> {
        let spot = self.0.iter().find(|spot| spot.has(key)).or(self.0.first());
        spot.map_or(Spot { pointer: String::new(), node: None }, |spot| spot.get(key))
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).node?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.0.iter().any(|spot| spot.flag(key))
    }

    pub(super) fn properties(&self) -> BTreeMap<&'a str, Spot<'a>> {
        let mut all = BTreeMap::new();
        for (name, spot) in self.0.iter().flat_map(|spot| spot.get("properties").children().collect::<Vec<_>>()) {
            all.entry(name).or_insert(spot);
        }
        all
    }

    pub(super) fn required(&self) -> BTreeSet<&'a str> {
        let lists = self.0.iter().filter_map(|spot| spot.node?.get("required"));
        lists.flat_map(Node::items).filter_map(Node::as_str).collect()
    }

    /// The type, said or plain from the keys around it.
    pub(super) fn kind(&self) -> &'a str {
        match self.text("type") {
            Some(kind) => kind,
            None if self.has("properties") || self.has("additionalProperties") => "object",
            None if self.has("items") => "array",
            None if self.values().is_some_and(|values| values.keys().all(|value| value.starts_with('"'))) => "string",
            None if self.has("oneOf") || self.has("anyOf") => "one of several",
            None => "any",
        }
    }

    /// The values of an enum as JSON, each with its place, however the enum is written.
    pub(super) fn values(&self) -> Option<BTreeMap<String, Spot<'a>>> {
        let list = self.get("enum");
        if list.exists() {
            let values = list.items().filter(|value| !value.value().is_null());
            return Some(values.map(|value| (value.value().to_string(), value)).collect());
        }
        let list = self.get("oneOf");
        let variants: Vec<_> = list.items().collect();
        let value = |spot: &Spot<'a>| {
            let values = spot.get("enum");
            let first = values.items().next()?;
            (values.items().count() == 1).then(|| first.value().to_string())
        };
        let values: Option<BTreeMap<_, _>> =
            variants.iter().map(|variant| Some((value(variant)?, variant.clone()))).collect();
        values.filter(|values| !values.is_empty())
    }
}
