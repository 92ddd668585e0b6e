//! A spec as the rules look at it: objects by kind, references followed.

use super::tables::Kind;
use crate::read::{Document, Node, child};

/// How many references, and `allOf`s of one, are followed in a row; the rule on circles refuses more references than
/// that, and [`Spec::schema`] finds nothing behind them.
pub(super) const MAX_STEPS: usize = 32;

/// The methods that become operations.
pub(crate) const METHODS: &[&str] = &["get", "put", "post", "delete", "head", "patch"];

/// An object of the document.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) kind: Kind,
    pub(super) pointer: String,
    pub(super) node: &'a Node,
    /// The key that leads here from the parent, such as `properties`.
    pub(super) slot: &'static str,
    pub(super) parent: Option<usize>,
    /// Whether it makes no client code.
    pub(super) is_silent: bool,
    pub(super) reference: Option<&'a str>,
}

impl Place<'_> {
    /// The last step of the pointer: a property's or a component's name.
    pub(super) fn name(&self) -> String {
        let last = self.pointer.rsplit('/').next().unwrap_or_default();
        last.replace("~1", "/").replace("~0", "~")
    }
}

/// The document and its objects.
pub(super) struct Spec<'a> {
    pub(super) document: &'a Document,
    pub(super) places: Vec<Place<'a>>,
}

/// A method of a path.
#[derive(Clone, Debug)]
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    /// Where the path item stands.
    pub(super) item: String,
    pub(super) pointer: String,
    pub(super) node: &'a Node,
}

/// A part of an operation, which may be a reference: where it is used, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) used: String,
    pub(super) pointer: String,
    pub(super) node: &'a Node,
}

impl<'a> Part<'a> {
    pub(super) fn text(&self, key: &str) -> &'a str {
        self.node.get(key).and_then(Node::as_str).unwrap_or_default()
    }

    /// The media types, with a pointer to each.
    pub(super) fn content(&self) -> Vec<(&'a str, String, &'a Node)> {
        let content = child(&self.pointer, "content");
        let entries = self.node.get("content").map(Node::entries).unwrap_or_default().iter();
        entries.map(|entry| (entry.key.as_str(), child(&content, &entry.key), &entry.value)).collect()
    }

    /// The media types that code is made for: JSON where it is among them.
    pub(super) fn spoken(&self) -> Vec<(&'a str, String, &'a Node)> {
        let mut content = self.content();
        if content.iter().any(|(name, ..)| is_json(name)) {
            content.retain(|(name, ..)| is_json(name));
        }
        content
    }
}

/// Whether a media type is `application/json`, with or without parameters.
pub(super) fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default();
    name.trim().eq_ignore_ascii_case("application/json")
}

impl<'a> Spec<'a> {
    /// The objects of a kind that make client code, references left out.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Place<'a>> {
        self.places.iter().filter(move |place| place.kind == kind && place.reference.is_none() && !place.is_silent)
    }

    pub(super) fn parent(&self, place: &Place<'a>) -> Option<&Place<'a>> {
        self.places.get(place.parent?)
    }

    /// Follows references.
    pub(super) fn resolve(&self, pointer: &str) -> Option<(String, &'a Node)> {
        self.follow(pointer, false)
    }

    /// Follows references and one-element `allOf`s to the schema that decides.
    pub(super) fn schema(&self, pointer: &str) -> Option<(String, &'a Node)> {
        self.follow(pointer, true)
    }

    fn follow(&self, pointer: &str, through_all_of: bool) -> Option<(String, &'a Node)> {
        let mut pointer = pointer.to_owned();
        for _ in 0..MAX_STEPS {
            let node = self.document.at(&pointer)?;
            if let Some(target) = node.get("$ref") {
                target.as_str()?.strip_prefix('#')?.clone_into(&mut pointer);
            } else if through_all_of && node.get("allOf").is_some() {
                pointer.push_str("/allOf/0");
            } else {
                return Some((pointer, node));
            }
        }
        None
    }

    pub(super) fn operations(&self) -> Vec<Operation<'a>> {
        let paths = self.document.at("/paths").map(Node::entries).unwrap_or_default().iter();
        let paths = paths.filter(|path| !path.key.starts_with("x-"));
        let operations = paths.flat_map(|path| {
            let item = child("/paths", &path.key);
            let methods = path.value.entries().iter().filter(|entry| METHODS.contains(&entry.key.as_str()));
            methods.map(move |method| Operation {
                path: path.key.as_str(),
                method: method.key.as_str(),
                pointer: child(&item, &method.key),
                item: item.clone(),
                node: &method.value,
            })
        });
        operations.collect()
    }

    /// The parameters that an operation's path and the operation itself list, an overridden one left out.
    pub(super) fn parameters(&self, operation: &Operation<'a>) -> Vec<Part<'a>> {
        let own = self.listed_parameters(&operation.pointer);
        let mut all = self.listed_parameters(&operation.item);
        let key = |part: &Part<'a>| (part.text("in").to_owned(), part.text("name").to_owned());
        all.retain(|shared| !own.iter().any(|own| key(own) == key(shared)));
        all.extend(own);
        all
    }

    /// The parameters that stand in one list.
    pub(super) fn listed_parameters(&self, owner: &str) -> Vec<Part<'a>> {
        let list = child(owner, "parameters");
        let count = self.document.at(&list).map_or(0, |list| list.items().len());
        let parts = (0..count).filter_map(|index| self.part(child(&list, index)));
        // A reference to something else is another rule's finding.
        parts.filter(|part| part.node.get("name").is_some()).collect()
    }

    /// The statuses of an operation with their responses.
    pub(super) fn responses(&self, operation: &Operation<'a>) -> Vec<(&'a str, Part<'a>)> {
        let list = child(&operation.pointer, "responses");
        let entries = operation.node.get("responses").map(Node::entries).unwrap_or_default().iter();
        let entries = entries.filter(|entry| !entry.key.starts_with("x-"));
        entries.filter_map(|entry| Some((entry.key.as_str(), self.part(child(&list, &entry.key))?))).collect()
    }

    pub(super) fn request_body(&self, operation: &Operation<'a>) -> Option<Part<'a>> {
        self.part(child(&operation.pointer, "requestBody"))
    }

    /// The component schemas with their pointers.
    pub(super) fn component_schemas(&self) -> Vec<(&'a str, String)> {
        let entries = self.document.at("/components/schemas").map(Node::entries).unwrap_or_default().iter();
        entries.map(|entry| (entry.key.as_str(), child("/components/schemas", &entry.key))).collect()
    }

    /// The headers that are set once on a client.
    pub(super) fn context_headers(&self) -> Vec<&'a str> {
        let names = self.document.at("/x-codegen/context-headers").map(Node::items).unwrap_or_default();
        names.iter().filter_map(Node::as_str).collect()
    }

    fn part(&self, used: String) -> Option<Part<'a>> {
        let (pointer, node) = self.resolve(&used)?;
        Some(Part { used, pointer, node })
    }
}
