//! Walks the tree by the tables: unknown keys, missing keys, wrong types. On the way it lists the objects, which the
//! other rules check.

use std::collections::BTreeSet;

use super::report::Report;
use super::rules;
use super::spec::Place;
use super::tables::{Key, Kind, OURS, Shape};
use crate::media::{self, Entry};
use crate::read::{Node, NodeValue};
use crate::spec::{NodeRef, View};
use crate::status;

/// Checks the document against the tables, and returns its objects in the order of the text.
///
/// No client code comes from the components of `silent` responses; they may hold anything that OpenAPI knows.
pub(super) fn walk<'a>(view: &View<'a>, report: &mut Report<'_>, silent: &BTreeSet<String>) -> Vec<Place<'a>> {
    let mut walk = Walk { view, report, silent, places: Vec::new(), is_silent: false };
    walk.object(Kind::Document, view.root(), "", None);
    walk.places
}

/// Keys without whose values no code can be made.
const SHAPING: &[&str] = &["$ref", "enum", "in", "name", "openapi", "scheme", "type"];

struct Walk<'r, 'd, 'a> {
    view: &'r View<'a>,
    report: &'r mut Report<'d>,
    silent: &'r BTreeSet<String>,
    places: Vec<Place<'a>>,
    /// Whether no client code comes from the current object.
    is_silent: bool,
}

impl<'a> Walk<'_, '_, 'a> {
    fn object(&mut self, kind: Kind, node: NodeRef<'a>, slot: &'static str, parent: Option<usize>) {
        if !is_mapping(&node) {
            return self.wrong_type(&node, &format!("{} must be a mapping", kind.name()));
        }
        let has_reference = kind.section().is_some() && node.has("$ref");
        let reference = node.text("$ref").filter(|_| has_reference);
        let index = self.places.len();
        self.places.push(Place { kind, node: node.clone(), slot, parent, is_silent: self.is_silent, reference });
        if has_reference {
            return self.reference(&node);
        }
        for (key, value) in node.children() {
            match kind.keys().iter().find(|known| known.name == key) {
                Some(known) => self.value(known, value, index),
                None if key.starts_with("x-") => self.extension(kind, key, value, index),
                None => self.unknown_key(kind, key, &value),
            }
        }
        self.missing_keys(kind, &node);
    }

    fn missing_keys(&mut self, kind: Kind, node: &NodeRef<'a>) {
        if matches!(kind, Kind::Header | Kind::Parameter) && !node.has("schema") && !node.has("content") {
            let message = format!("{} needs `schema`", kind.name());
            self.report.tolerated(node, rules::MISSING_KEY, message, "add `schema`");
        }
        for key in kind.keys().iter().filter(|key| key.is_required && !node.has(key.name)) {
            let message = format!("{} needs `{}`", kind.name(), key.name);
            let fix = format!("add `{}`", key.name);
            match kind {
                Kind::Document | Kind::SecurityScheme => self.report.error(node, rules::MISSING_KEY, message, fix),
                _ => self.report.tolerated(node, rules::MISSING_KEY, message, fix),
            }
        }
    }

    fn reference(&mut self, node: &NodeRef<'a>) {
        if node.text("$ref").is_none() {
            self.wrong_type(&node.get("$ref"), "`$ref` must be a string");
        }
        for (key, sibling) in node.children().filter(|(key, _)| *key != "$ref" && *key != "x-source") {
            let fix = "write `allOf: [{ $ref: … }]` beside it, or take it out";
            self.report.tolerated(&sibling, rules::REFERENCE_SIBLING, format!("`{key}` beside `$ref` is ignored"), fix);
        }
    }

    fn value(&mut self, key: &Key, node: NodeRef<'a>, parent: usize) {
        let name = key.name;
        match key.shape {
            Shape::One(kind) => self.object(kind, node, name, Some(parent)),
            Shape::List(kind) if is_sequence(&node) => {
                node.items().for_each(|item| self.object(kind, item, name, Some(parent)));
            }
            Shape::List(_) => self.wrong_type(&node, &format!("`{name}` must be a list")),
            Shape::Map(kind) | Shape::Patterned(kind) => self.map(key, kind, &node, parent),
            Shape::Extras if node.as_bool().is_none() => self.object(Kind::Schema, node, name, Some(parent)),
            Shape::Ignored => {
                let fix = "take it out, or do without";
                self.report.warning(&node, rules::IGNORED, format!("`{name}` has no effect on the client"), fix);
            }
            Shape::Requirements => self.requirements(&node),
            _ => self.leaf(key.shape, name, &node),
        }
    }

    fn map(&mut self, key: &Key, kind: Kind, node: &NodeRef<'a>, parent: usize) {
        if !is_mapping(node) {
            return self.wrong_type(node, &format!("`{}` must be a mapping", key.name));
        }
        let silent = self.entries_without_code(kind, key.name, node, parent);
        for (name, value) in node.children() {
            if matches!(key.shape, Shape::Patterned(_)) && name.starts_with("x-") {
                continue;
            }
            let was_silent = self.is_silent;
            self.is_silent |= silent.contains(name);
            self.object(kind, value, key.name, Some(parent));
            self.is_silent = was_silent;
        }
    }

    /// Returns the entries that no code comes from: headers of responses, responses other than successes, and media types
    /// beside the one that is used.
    fn entries_without_code(&self, kind: Kind, slot: &str, node: &NodeRef<'a>, parent: usize) -> BTreeSet<&'a str> {
        let names = node.children().map(|(name, _)| name);
        let owner = self.places.get(parent);
        match (kind, slot) {
            (Kind::Header, _) => names.collect(),
            (Kind::MediaType, _) => {
                let is_request = owner.is_some_and(|place| place.kind == Kind::RequestBody);
                let entries = media::entries(self.view, node, is_request);
                let used = media::used(&entries);
                let is_typed = |entry: &Entry<'_>| entry.media_type.as_ref().is_some_and(|it| it.kind.is_typed());
                let others = entries.iter().enumerate().filter(|(nth, entry)| used != Some(*nth) || !is_typed(entry));
                others.map(|(_, entry)| entry.name).collect()
            }
            (Kind::Response, "responses") => match owner {
                Some(owner) if owner.kind == Kind::Components => {
                    names.filter(|name| self.silent.contains(*name)).collect()
                }
                Some(owner) if owner.slot == "head" => names.collect(),
                _ => {
                    let is_decoded = status::decoded(node.entries().iter().map(|entry| entry.key.as_str()));
                    names.filter(|name| !is_decoded(name)).collect()
                }
            },
            _ => BTreeSet::new(),
        }
    }

    fn requirements(&mut self, node: &NodeRef<'a>) {
        if !is_sequence(node) {
            return self.wrong_type(node, "`security` must be a list");
        }
        for item in node.items() {
            if !is_mapping(&item) {
                self.wrong_type(&item, "a security requirement must be a mapping");
            }
            item.children().for_each(|(key, scopes)| self.leaf(Shape::Texts, key, &scopes));
        }
    }

    fn leaf(&mut self, shape: Shape, name: &str, node: &NodeRef<'a>) {
        let Some(expected) = node.node.and_then(|node| mismatch(shape, &node.value)) else { return };
        let message = format!("`{name}` must be {expected}");
        if SHAPING.contains(&name) || name.starts_with("x-") {
            return self.wrong_type(node, &message);
        }
        let found = node.node.map(|node| describe(&node.value)).unwrap_or_default();
        let message = format!("{message}, not {found}");
        self.report.tolerated(node, rules::WRONG_TYPE, message, "compare with the OpenAPI 3.0 specification");
    }

    fn extension(&mut self, kind: Kind, name: &str, node: NodeRef<'a>, parent: usize) {
        let Some((name, kinds, shape)) = OURS.iter().find(|(ours, ..)| *ours == name) else { return };
        if !kinds.contains(&kind) {
            let message = format!("`{name}` means nothing in {}", kind.name());
            let fix = "move it to where it means something, or take it out";
            return self.report.tolerated(&node, rules::MISPLACED_EXTENSION, message, fix);
        }
        match shape {
            Shape::One(kind) => self.object(*kind, node, name, Some(parent)),
            shape => self.leaf(*shape, name, &node),
        }
    }

    fn unknown_key(&mut self, kind: Kind, key: &str, node: &NodeRef<'a>) {
        let fix = match self.report.nearest(key, kind.keys().iter().map(|key| key.name)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "take it out, or start it with `x-`".to_owned(),
        };
        let message = format!("{} has no key `{key}`", kind.name());
        self.report.tolerated(node, rules::UNKNOWN_KEY, message, fix);
    }

    fn wrong_type(&mut self, node: &NodeRef<'a>, message: &str) {
        let found = node.node.map(|node| describe(&node.value)).unwrap_or_default();
        let message = format!("{message}, not {found}");
        self.report.error(node, rules::WRONG_TYPE, message, "compare with the OpenAPI 3.0 specification");
    }
}

fn is_mapping(node: &NodeRef<'_>) -> bool {
    matches!(node.node.map(|node| &node.value), Some(NodeValue::Mapping(_)))
}

fn is_sequence(node: &NodeRef<'_>) -> bool {
    matches!(node.node.map(|node| &node.value), Some(NodeValue::Sequence(_)))
}

/// Returns the expected type of a value that is of another one.
fn mismatch(shape: Shape, value: &NodeValue) -> Option<&'static str> {
    let is_text = |node: &Node| matches!(node.value, NodeValue::String(_));
    let is_texts = matches!(value, NodeValue::Sequence(items) if items.iter().all(is_text));
    let (fits, expected) = match shape {
        Shape::Text => (matches!(value, NodeValue::String(_)), "a string"),
        Shape::Flag => (matches!(value, NodeValue::Bool(_)), "`true` or `false`"),
        Shape::Number => (matches!(value, NodeValue::Number(_)), "a number"),
        Shape::Count => (matches!(value, NodeValue::Number(number) if number.is_u64()), "a whole number from 0"),
        Shape::Texts => (is_texts, "a list of strings"),
        Shape::TextOrTexts => (is_texts || matches!(value, NodeValue::String(_)), "a string or a list of strings"),
        Shape::Anys => (matches!(value, NodeValue::Sequence(_)), "a list"),
        Shape::TextMap => {
            let is_map =
                matches!(value, NodeValue::Mapping(entries) if entries.iter().all(|entry| is_text(&entry.value)));
            (is_map, "a mapping to strings")
        }
        Shape::Opaque => (matches!(value, NodeValue::Mapping(_)), "a mapping"),
        _ => return None,
    };
    (!fits).then_some(expected)
}

fn describe(value: &NodeValue) -> String {
    match value {
        NodeValue::Null => "nothing".to_owned(),
        NodeValue::Bool(value) => format!("`{value}`"),
        NodeValue::Number(number) => format!("the number `{number}`"),
        NodeValue::String(_) => "a string".to_owned(),
        NodeValue::Sequence(_) => "this list".to_owned(),
        NodeValue::Mapping(_) => "a mapping".to_owned(),
    }
}
