//! OpenAPI 3.1 in the form of OpenAPI 3.0, so that later passes know one form. Nodes keep their places in the text.

use super::{Entry, Mapping, Node, NodeValue};

/// Keys whose values are data.
const DATA: &[&str] = &["default", "example", "examples"];

/// Keys of JSON Schema that restrict values, or name schemas, and do not change the type of a value.
const DROPPED: &[&str] = &[
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "contains",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "if",
    "maxContains",
    "minContains",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keys of the document that OpenAPI 3.0 does not have.
const DROPPED_OF_DOCUMENT: &[&str] = &["jsonSchemaDialect"];

/// The key of webhooks, and the extension that documents of OpenAPI 3.0 have for them.
const WEBHOOKS: (&str, &str) = ("webhooks", "x-webhooks");

/// The JSON types that each key goes with, if a schema allows several.
const TYPED: &[(&str, &[&str])] = &[
    ("properties", &["object"]),
    ("required", &["object"]),
    ("additionalProperties", &["object"]),
    ("items", &["array"]),
    ("format", &["string", "number", "integer"]),
];

/// Rewrites a document of OpenAPI 3.1. Any other document stays as it is.
pub(super) fn normalized(root: Node) -> Node {
    if !root.get("openapi").and_then(Node::as_str).is_some_and(|version| version.starts_with("3.1.")) {
        return root;
    }
    let place = (root.line, root.column);
    let mut root = other(root);
    if let NodeValue::Mapping(entries) = root.value {
        let mut entries: Vec<_> = entries.into_entries();
        entries.retain(|entry| !DROPPED_OF_DOCUMENT.contains(&entry.key.as_str()));
        let has_extension = entries.iter().any(|entry| entry.key == WEBHOOKS.1);
        for entry in entries.iter_mut().filter(|entry| entry.key == WEBHOOKS.0 && !has_extension) {
            entry.key = WEBHOOKS.1.to_owned();
        }
        if !entries.iter().any(|entry| entry.key == "paths") {
            entries.push(made(place, "paths", mapping(Vec::new())));
        }
        root.value = mapping(entries);
    }
    root
}

/// Rewrites the schemas in a node that isn't one.
fn other(node: Node) -> Node {
    let (line, column) = (node.line, node.column);
    let value = match node.value {
        NodeValue::Sequence(items) => NodeValue::Sequence(items.into_iter().map(other).collect()),
        NodeValue::Mapping(entries) => {
            let is_info = entries.find("title").is_some() && entries.find("version").is_some();
            let entries = entries.into_entries().into_iter().filter(|entry| !(is_info && entry.key == "summary"));
            let rewritten = entries.map(|entry| match entry.key.as_str() {
                "schema" => Entry { value: schema(entry.value), ..entry },
                "schemas" => Entry { value: each(entry.value), ..entry },
                "license" => Entry { value: without(entry.value, "identifier"), ..entry },
                key if DATA.contains(&key) || key.starts_with("x-") => entry,
                _ => Entry { value: other(entry.value), ..entry },
            });
            mapping(rewritten.collect())
        }
        scalar => scalar,
    };
    Node { line, column, value }
}

/// Rewrites the schemas that are the values of a mapping.
fn each(node: Node) -> Node {
    let value = match node.value {
        NodeValue::Mapping(entries) => {
            let entries = entries.into_entries().into_iter();
            mapping(entries.map(|entry| Entry { value: schema(entry.value), ..entry }).collect())
        }
        other => other,
    };
    Node { value, ..node }
}

fn without(node: Node, key: &str) -> Node {
    let value = match node.value {
        NodeValue::Mapping(entries) => {
            mapping(entries.into_entries().into_iter().filter(|entry| entry.key != key).collect())
        }
        other => other,
    };
    Node { value, ..node }
}

/// Rewrites a schema and everything in it.
fn schema(node: Node) -> Node {
    let place = (node.line, node.column);
    let entries = match node.value {
        NodeValue::Mapping(entries) => entries.into_entries(),
        // `true` allows any value, and `false` none.
        NodeValue::Bool(true) => Vec::new(),
        NodeValue::Bool(false) => vec![made(place, "not", mapping(Vec::new()))],
        value => return Node { value, ..node },
    };
    let mut rewriting = Schema { entries: Vec::with_capacity(entries.len()), is_nullable: false };
    let patterns = rewriting.patterns(&entries);
    for entry in entries {
        rewriting.entry(entry);
    }
    rewriting.entries.extend(patterns);
    rewriting.references();
    rewriting.types();
    if rewriting.is_nullable && !rewriting.has("nullable") {
        rewriting.entries.push(made(place, "nullable", NodeValue::Bool(true)));
    }
    Node { value: mapping(rewriting.entries), ..node }
}

/// A schema that is being rewritten.
struct Schema {
    entries: Vec<Entry>,
    is_nullable: bool,
}

impl Schema {
    fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    fn take(&mut self, key: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    /// The schema of additional properties, if names are described by one pattern and by no name.
    fn patterns(&self, entries: &[Entry]) -> Option<Entry> {
        let find = |key: &str| entries.iter().find(|entry| entry.key == key);
        let patterns = find("patternProperties")?;
        let [only] = patterns.value.entries() else { return None };
        let is_free = find("properties").is_none()
            && find("additionalProperties").is_none_or(|extras| extras.value.as_bool() == Some(false));
        let value = schema(only.value.clone());
        is_free.then(|| Entry { key: "additionalProperties".to_owned(), value, ..patterns.clone() })
    }

    fn entry(&mut self, entry: Entry) {
        let Entry { key, line, column, value } = entry;
        let value = match key.as_str() {
            dropped if DROPPED.contains(&dropped) => return,
            "patternProperties" => return,
            "properties" | "$defs" | "definitions" => each(value),
            "items" | "not" => schema(value),
            "additionalProperties" if value.as_bool().is_none() => schema(value),
            "allOf" => all(value, schema),
            "oneOf" | "anyOf" => self.cases(value),
            "const" => return self.constant((line, column), value),
            "enum" => self.values(value),
            "exclusiveMinimum" | "exclusiveMaximum" if matches!(value.value, NodeValue::Number(_)) => {
                return self.exclusive(&key, (line, column), value);
            }
            "contentEncoding" => return self.encoding((line, column), &value),
            _ => value,
        };
        // A bound that is exclusive has replaced the other one, or comes first.
        if !(matches!(key.as_str(), "minimum" | "maximum") && self.has(&key)) {
            self.entries.push(Entry { key, line, column, value });
        }
    }

    /// The cases of a union without the one that is null.
    fn cases(&mut self, list: Node) -> Node {
        let NodeValue::Sequence(cases) = list.value else { return list };
        let count = cases.len();
        let cases: Vec<_> = cases.into_iter().filter(|case| !is_null(case)).map(schema).collect();
        self.is_nullable |= cases.len() < count;
        Node { value: NodeValue::Sequence(cases), ..list }
    }

    fn constant(&mut self, place: (usize, usize), value: Node) {
        if matches!(value.value, NodeValue::Null) {
            self.is_nullable = true;
        } else {
            self.entries.push(made(place, "enum", NodeValue::Sequence(vec![value])));
        }
    }

    /// The values of an enum without null.
    fn values(&mut self, list: Node) -> Node {
        let NodeValue::Sequence(values) = list.value else { return list };
        let count = values.len();
        let values: Vec<_> = values.into_iter().filter(|value| !matches!(value.value, NodeValue::Null)).collect();
        self.is_nullable |= values.len() < count;
        Node { value: NodeValue::Sequence(values), ..list }
    }

    /// Replaces an exclusive bound that is a number by a bound and a flag.
    fn exclusive(&mut self, key: &str, place: (usize, usize), value: Node) {
        let inclusive = if key == "exclusiveMinimum" { "minimum" } else { "maximum" };
        drop(self.take(inclusive));
        self.entries.push(made(place, inclusive, value.value));
        self.entries.push(made(place, key, NodeValue::Bool(true)));
    }

    fn encoding(&mut self, place: (usize, usize), value: &Node) {
        if value.as_str().is_some_and(|text| text.starts_with("base64")) && !self.has("format") {
            self.entries.push(made(place, "format", NodeValue::String("byte".to_owned())));
        }
    }

    /// Makes a reference with keys beside it a branch of `allOf`: OpenAPI 3.0 ignores what stands beside `$ref`.
    fn references(&mut self) {
        if self.entries.len() < 2 {
            return;
        }
        let Some(reference) = self.take("$ref") else { return };
        let (line, column) = (reference.line, reference.column);
        let branch = Node { line, column, value: mapping(vec![reference]) };
        match self.entries.iter_mut().find(|entry| entry.key == "allOf").map(|entry| &mut entry.value.value) {
            Some(NodeValue::Sequence(branches)) => branches.push(branch),
            _ => self.entries.push(made((line, column), "allOf", NodeValue::Sequence(vec![branch]))),
        }
    }

    /// Replaces a list of types by one type, or by a union of them.
    fn types(&mut self) {
        let Some(types) = self.take("type") else { return };
        let NodeValue::Sequence(listed) = types.value.value else { return self.entries.insert(0, types) };
        self.is_nullable |= listed.iter().any(|name| name.as_str() == Some("null"));
        let mut names: Vec<_> = listed.iter().filter_map(Node::as_str).filter(|name| *name != "null").collect();
        if names.contains(&"number") {
            names.retain(|name| *name != "integer");
        }
        let place = (types.line, types.column);
        match names.as_slice() {
            [only] => self.entries.insert(0, made(place, "type", NodeValue::String((*only).to_owned()))),
            // The values say what type they have.
            _ if self.has("enum") => {}
            [] => self.entries.insert(0, made(place, "type", NodeValue::String("null".to_owned()))),
            several => {
                let cases = several.iter().map(|name| self.of_type(place, name)).collect();
                self.entries.retain(|entry| !TYPED.iter().any(|(key, _)| *key == entry.key));
                self.entries.push(made(place, "anyOf", NodeValue::Sequence(cases)));
            }
        }
    }

    /// The schema of one of several types.
    fn of_type(&self, (line, column): (usize, usize), name: &str) -> Node {
        let is_typed = |entry: &&Entry| TYPED.iter().any(|(key, types)| *key == entry.key && types.contains(&name));
        let kind = made((line, column), "type", NodeValue::String(name.to_owned()));
        let entries = std::iter::once(kind).chain(self.entries.iter().filter(is_typed).cloned()).collect();
        Node { line, column, value: mapping(entries) }
    }
}

fn all(list: Node, rewrite: fn(Node) -> Node) -> Node {
    let value = match list.value {
        NodeValue::Sequence(items) => NodeValue::Sequence(items.into_iter().map(rewrite).collect()),
        other => other,
    };
    Node { value, ..list }
}

fn is_null(case: &Node) -> bool {
    let is_word = |node: &Node| node.as_str() == Some("null");
    let is_constant = case.get("const").is_some_and(|value| matches!(value.value, NodeValue::Null));
    is_constant || case.get("type").is_some_and(|kind| is_word(kind) || matches!(kind.items(), [only] if is_word(only)))
}

fn mapping(entries: Vec<Entry>) -> NodeValue {
    NodeValue::Mapping(Mapping::new(entries))
}

fn made((line, column): (usize, usize), key: &str, value: NodeValue) -> Entry {
    Entry { key: key.to_owned(), line, column, value: Node { line, column, value } }
}
