//! Walks the tree by the tables: unknown keys, missing keys, wrong types. On the way it lists what stands where, for
//! the other rules to work on.

use super::report::Report;
use super::rules;
use super::spec::{Place, is_json};
use super::tables::{Key, Kind, OURS, Shape};
use super::words;
use crate::read::{Node, NodeValue, child};

/// Checks the document against the tables, and lists its objects in the order of the text.
///
/// What stands in components of `silent` responses makes no client code, and may be anything that OpenAPI knows.
pub(super) fn walk<'a>(report: &mut Report<'a>, silent: &[&str]) -> Vec<Place<'a>> {
    let root = &report.document.root;
    let mut walk = Walk { report, silent, places: Vec::new(), is_silent: false };
    walk.object(Kind::Document, "", root, "", None);
    walk.places
}

struct Walk<'r, 'a> {
    report: &'r mut Report<'a>,
    silent: &'r [&'r str],
    places: Vec<Place<'a>>,
    /// Whether what is walked makes no client code.
    is_silent: bool,
}

impl<'a> Walk<'_, 'a> {
    fn object(&mut self, kind: Kind, pointer: &str, node: &'a Node, slot: &'static str, parent: Option<usize>) {
        let NodeValue::Mapping(entries) = &node.value else {
            return self.wrong_type(pointer, node, &format!("{} must be a mapping", kind.name()));
        };
        let reference = kind.section().and_then(|_| node.get("$ref"));
        let index = self.places.len();
        self.places.push(Place {
            kind,
            pointer: pointer.to_owned(),
            node,
            slot,
            parent,
            is_silent: self.is_silent,
            reference: reference.and_then(Node::as_str),
        });
        if let Some(target) = reference {
            return self.reference(pointer, node, target);
        }
        for entry in entries {
            let place = child(pointer, &entry.key);
            match kind.keys().iter().find(|key| key.name == entry.key) {
                Some(key) => self.value(key, &place, &entry.value, index),
                None if entry.key.starts_with("x-") => self.extension(kind, &place, &entry.key, &entry.value, index),
                None => self.unknown_key(kind, &place, &entry.key),
            }
        }
        self.missing_keys(kind, pointer, node);
    }

    fn missing_keys(&mut self, kind: Kind, pointer: &str, node: &Node) {
        if kind == Kind::Header && node.get("schema").is_none() && node.get("content").is_none() {
            self.report.error(pointer, rules::MISSING_KEY, "a header needs `schema`", "add `schema`");
        }
        for key in kind.keys().iter().filter(|key| key.is_required && node.get(key.name).is_none()) {
            let message = format!("{} needs `{}`", kind.name(), key.name);
            self.report.error(pointer, rules::MISSING_KEY, message, &format!("add `{}`", key.name));
        }
    }

    fn reference(&mut self, pointer: &str, node: &Node, target: &Node) {
        if target.as_str().is_none() {
            self.wrong_type(&child(pointer, "$ref"), target, "`$ref` must be a string");
        }
        for entry in node.entries().iter().filter(|entry| entry.key != "$ref" && entry.key != "x-source") {
            let fix = "write `allOf: [{ $ref: … }]` beside it, or take it out";
            let message = format!("`{}` beside `$ref` is ignored", entry.key);
            self.report.house(&child(pointer, &entry.key), rules::REFERENCE_SIBLING, message, fix);
        }
    }

    fn value(&mut self, key: &Key, pointer: &str, node: &'a Node, parent: usize) {
        let name = key.name;
        match key.shape {
            Shape::One(kind) => self.object(kind, pointer, node, name, Some(parent)),
            Shape::List(kind) => match &node.value {
                NodeValue::Sequence(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.object(kind, &child(pointer, index), item, name, Some(parent));
                    }
                }
                _ => self.wrong_type(pointer, node, &format!("`{name}` must be a list")),
            },
            Shape::Map(kind) | Shape::Patterned(kind) => self.map(key, kind, pointer, node, parent),
            Shape::Extras if node.as_bool().is_none() => self.object(Kind::Schema, pointer, node, name, Some(parent)),
            Shape::Ignored => {
                let fix = "take it out, or do without";
                self.report.warning(pointer, rules::IGNORED, format!("`{name}` has no effect on the client"), fix);
            }
            // Where no code is made, only the spelling matters.
            Shape::Unsupported(_) if self.is_silent => match name {
                "anyOf" => self.value(&Key { shape: Shape::List(Kind::Schema), ..*key }, pointer, node, parent),
                "not" => self.object(Kind::Schema, pointer, node, name, Some(parent)),
                _ => self.leaf(Shape::Opaque, name, pointer, node),
            },
            Shape::Unsupported(fix) => {
                self.report.error(pointer, rules::UNSUPPORTED, format!("`{name}` is not supported"), fix);
            }
            Shape::Requirements => self.requirements(pointer, node),
            _ => self.leaf(key.shape, name, pointer, node),
        }
    }

    fn map(&mut self, key: &Key, kind: Kind, pointer: &str, node: &'a Node, parent: usize) {
        let NodeValue::Mapping(entries) = &node.value else {
            return self.wrong_type(pointer, node, &format!("`{}` must be a mapping", key.name));
        };
        for entry in entries {
            if matches!(key.shape, Shape::Patterned(_)) && entry.key.starts_with("x-") {
                continue;
            }
            let was_silent = self.is_silent;
            self.is_silent |= self.makes_no_code(kind, key.name, &entry.key, node, parent);
            self.object(kind, &child(pointer, &entry.key), &entry.value, key.name, Some(parent));
            self.is_silent = was_silent;
        }
    }

    /// Headers of answers, answers other than successes, and what stands beside JSON generate nothing.
    fn makes_no_code(&self, kind: Kind, slot: &str, name: &str, siblings: &Node, parent: usize) -> bool {
        match (kind, slot) {
            (Kind::Header, _) => true,
            (Kind::MediaType, _) => !is_json(name) && siblings.entries().iter().any(|entry| is_json(&entry.key)),
            (Kind::Response, "responses") => match self.places.get(parent).map(|place| place.kind) {
                Some(Kind::Components) => self.silent.contains(&name),
                _ => !name.starts_with('2'),
            },
            _ => false,
        }
    }

    fn requirements(&mut self, pointer: &str, node: &Node) {
        let NodeValue::Sequence(items) = &node.value else {
            return self.wrong_type(pointer, node, "`security` must be a list");
        };
        for (index, item) in items.iter().enumerate() {
            let pointer = child(pointer, index);
            if !matches!(item.value, NodeValue::Mapping(_)) {
                self.wrong_type(&pointer, item, "a security requirement must be a mapping");
            }
            for entry in item.entries() {
                self.leaf(Shape::Texts, &entry.key, &child(&pointer, &entry.key), &entry.value);
            }
        }
    }

    fn leaf(&mut self, shape: Shape, name: &str, pointer: &str, node: &Node) {
        if let Some(expected) = mismatch(shape, &node.value) {
            self.wrong_type(pointer, node, &format!("`{name}` must be {expected}"));
        }
    }

    fn extension(&mut self, kind: Kind, pointer: &str, name: &str, node: &'a Node, parent: usize) {
        let Some((name, kinds, shape)) = OURS.iter().find(|(ours, ..)| *ours == name) else { return };
        if !kinds.contains(&kind) {
            let message = format!("`{name}` means nothing in {}", kind.name());
            let fix = "move it to where it means something, or take it out";
            return self.report.house(pointer, rules::MISPLACED_EXTENSION, message, fix);
        }
        match shape {
            Shape::One(kind) => self.object(*kind, pointer, node, name, Some(parent)),
            shape => self.leaf(*shape, name, pointer, node),
        }
    }

    fn unknown_key(&mut self, kind: Kind, pointer: &str, key: &str) {
        let known = kind.keys().iter().map(|key| key.name);
        let fix = match words::nearest(key, known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "take it out, or start it with `x-`".to_owned(),
        };
        let message = format!("{} has no key `{key}`", kind.name());
        self.report.error(pointer, rules::UNKNOWN_KEY, message, &fix);
    }

    fn wrong_type(&mut self, pointer: &str, node: &Node, message: &str) {
        let message = format!("{message}, not {}", describe(&node.value));
        self.report.error(pointer, rules::WRONG_TYPE, message, "compare with the OpenAPI 3.0 specification");
    }
}

/// What a value should have been, if it is something else.
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
