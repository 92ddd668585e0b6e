//! A side as the rules look at it: references followed, `allOf` taken together.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use super::layers::Layers;
use super::spot::Spot;
use crate::pointer::Pointer;
use crate::read::{Document, Node, child};

/// How many references are followed in a row.
const MAX_STEPS: usize = 32;

/// Keys whose one element is the schema that decides.
const WRAPPERS: &[&str] = &["allOf", "oneOf", "anyOf"];

/// Keys that may stand around such an element without making another schema of it.
const AROUND: &[&str] = &[
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

/// How many values are written out to see what a place means; a larger one is known by its references.
const MAX_MEANING: usize = 2_000;

/// Keys whose list has no order.
const UNORDERED: &[&str] = &["required", "enum", "oneOf", "anyOf", "allOf", "tags"];

/// Keys that hold words for people.
const WORDS: &[&str] = &["description", "summary", "title", "example", "examples"];

/// Where a schema is used: what stands around it there, and the schema that decides.
#[derive(Clone, Debug)]
pub(super) struct Use<'a> {
    pub(super) around: Vec<Spot<'a>>,
    pub(super) core: Spot<'a>,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(super) struct View<'a> {
    pub(super) document: &'a Document,
    components: Rc<BTreeMap<String, &'a Node>>,
    /// The component schemas that have another one in their `allOf`, by its pointer.
    children: Rc<BTreeMap<String, Vec<String>>>,
    /// What components mean, as far as somebody asked.
    meanings: Rc<RefCell<BTreeMap<String, String>>>,
}

impl<'a> View<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut components = BTreeMap::new();
        let mut children: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for section in document.at("/components").map(Node::entries).unwrap_or_default() {
            for component in section.value.entries() {
                let pointer = child(&child("/components", &section.key), &component.key);
                let parents = component.value.get("allOf").map(Node::items).unwrap_or_default();
                let mut open: Vec<_> = parents.iter().collect();
                while let Some(parent) = open.pop() {
                    open.extend(parent.get("allOf").map(Node::items).unwrap_or_default());
                    let target = parent.get("$ref").and_then(Node::as_str).and_then(|target| target.strip_prefix('#'));
                    if let Some(target) = target {
                        children.entry(target.to_owned()).or_default().push(pointer.clone());
                    }
                }
                components.insert(pointer, &component.value);
            }
        }
        Self { document, components: Rc::new(components), children: Rc::new(children), meanings: Rc::default() }
    }

    /// The component schemas that have a schema in their `allOf`.
    pub(super) fn children(&self, pointer: &str) -> &[String] {
        self.children.get(pointer).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn root(&self) -> Spot<'a> {
        Spot::new(String::new(), Some(&self.document.root))
    }

    pub(super) fn at(&self, pointer: &str) -> Spot<'a> {
        let node = self.components.get(pointer).copied().or_else(|| self.document.at(pointer));
        Spot::new(pointer.to_owned(), node)
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
        // What several branches say of one thing is a schema of its own.
        let steps = if spot.more.is_empty() { MAX_STEPS } else { 0 };
        for _ in 0..steps {
            if let Some(next) = self.target(&found.core) {
                // The generator reads what stands beside a reference, though OpenAPI does not.
                if found.core.entries().len() > 1 {
                    found.around.push(found.core);
                }
                found.core = next;
            } else if let Some(next) = wrapped(&found.core) {
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
        let mut open: Vec<_> = core.more.iter().rev().cloned().collect();
        open.push(Spot::new(core.pointer.clone(), core.node));
        while let Some(next) = open.pop() {
            let Use { around, core } = self.schema(&next);
            if !seen.insert(core.pointer.clone()) {
                continue;
            }
            layers.extend(around);
            let mut branches: Vec<_> = core.get("allOf").items().collect();
            branches.extend(["oneOf", "anyOf"].iter().filter_map(|key| only_case(&core, key)));
            branches.reverse();
            open.extend(branches);
            layers.push(core);
        }
        Layers(layers)
    }

    /// The type of a schema, said or plain from the keys around it.
    pub(super) fn kind(&self, layers: &Layers<'a>) -> &'a str {
        let mut kinds = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![layers.clone()];
        while let Some(next) = open.pop() {
            let cases = next.cases();
            match next.kind() {
                Some(kind) => drop(kinds.insert(kind)),
                None if cases.is_empty() => drop(kinds.insert("any")),
                None => {
                    let cores = cases.iter().map(|case| self.schema(case).core);
                    let fresh: Vec<_> = cores.filter(|core| seen.insert(core.pointer.clone())).collect();
                    open.extend(fresh.iter().map(|core| self.layers(core)));
                }
            }
            if kinds.len() > 1 {
                return "one of several";
            }
        }
        kinds.first().copied().unwrap_or("any")
    }

    /// Whether a schema takes null: it says so, or every branch of its `allOf` does, or one of its cases.
    pub(super) fn takes_null(&self, spot: &Spot<'a>) -> bool {
        self.takes_null_too(spot, &mut BTreeSet::new())
    }

    fn takes_null_too(&self, spot: &Spot<'a>, seen: &mut BTreeSet<String>) -> bool {
        let Use { around, core } = self.schema(spot);
        let says = |spot: &Spot<'a>| spot.flag("nullable");
        if says(&core) || core.more.iter().any(says) || around.iter().any(says) {
            return true;
        }
        // One that has been looked at says nothing new.
        if !seen.insert(core.key()) {
            return false;
        }
        let branches: Vec<_> = core.get("allOf").items().collect();
        let is_all = !branches.is_empty() && branches.iter().all(|branch| self.takes_null_too(branch, seen));
        is_all || Layers::from(&core).cases().iter().any(|case| self.takes_null_too(case, seen))
    }

    /// What a place says when every reference is written out, what has no order is sorted, and words are left out.
    pub(super) fn meaning(&self, spot: &Spot<'a>) -> Value {
        let mut value = spot.value();
        self.write_out(&mut value, &mut Vec::new(), &mut MAX_MEANING.to_owned());
        value
    }

    /// The same as text. A component that many refer to is written out once.
    pub(super) fn meaning_text(&self, spot: &Spot<'a>) -> String {
        let Some(target) = spot.text("$ref") else { return self.meaning(spot).to_string() };
        if let Some(known) = self.meanings.borrow().get(target) {
            return known.clone();
        }
        let text = self.meaning(spot).to_string();
        self.meanings.borrow_mut().insert(target.to_owned(), text.clone());
        text
    }

    fn write_out(&self, value: &mut Value, within: &mut Vec<String>, left: &mut usize) {
        *left = left.saturating_sub(1);
        let target = value.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        if let Some(target) = target.map(str::to_owned) {
            if let Some(up) = within.iter().rev().position(|other| *other == target) {
                // A circle is the same under another name.
                *value = Value::from(format!("{up} levels up"));
                return;
            }
            let spot = self.at(&target);
            if spot.exists() && within.len() < MAX_STEPS && *left > 0 {
                *value = spot.value();
                within.push(target);
                self.write_out(value, within, left);
                within.pop();
            }
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.write_out(item, within, left)),
            Value::Object(entries) => {
                entries.retain(|key, value| {
                    !(key.starts_with("x-") || WORDS.contains(&key.as_str()) && value.is_string())
                });
                for (key, value) in entries.iter_mut() {
                    self.write_out(value, within, left);
                    if let (true, Value::Array(items)) = (UNORDERED.contains(&key.as_str()), value) {
                        items.sort_by_key(Value::to_string);
                    }
                }
                let only = match entries.get("allOf") {
                    Some(Value::Array(items)) if items.len() == 1 && entries.len() == 1 => items.first().cloned(),
                    _ => None,
                };
                if let Some(only) = only {
                    *value = only;
                }
            }
            _ => {}
        }
    }

    /// The line of what a pointer names.
    pub(super) fn line(&self, pointer: &str) -> usize {
        self.document.position(&Pointer::parse(pointer).unwrap_or_default()).0
    }
}

/// The one element of a schema that consists of nothing else.
fn wrapped<'a>(spot: &Spot<'a>) -> Option<Spot<'a>> {
    let mut keys = spot.entries().iter().map(|entry| entry.key.as_str());
    let key = WRAPPERS.iter().find(|key| spot.has(key))?;
    if !keys.all(|other| other == *key || AROUND.contains(&other) || other.starts_with("x-")) {
        return None;
    }
    if *key != "allOf" {
        return only_case(spot, key);
    }
    let list = spot.get(key);
    let mut items = list.items();
    items.next().filter(|_| items.next().is_none())
}

/// The one case of a `oneOf` or `anyOf`, unless it is the one value of an enum.
fn only_case<'a>(spot: &Spot<'a>, key: &str) -> Option<Spot<'a>> {
    let list = spot.get(key);
    let mut items = list.items();
    items.next().filter(|case| items.next().is_none() && !case.has("enum"))
}
