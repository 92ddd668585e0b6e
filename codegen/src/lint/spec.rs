//! A spec as the rules see it: its objects by kind, and its operations with everything that they refer to.

use std::collections::BTreeSet;

use super::tables::{Kind, Shape};
use crate::media::{self, Entry, MediaKind};
use crate::read::{Document, Node};
use crate::spec::{NodeRef, Operation as Method, Parameter, View};
use crate::status;

/// An object of the document.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) kind: Kind,
    pub(super) node: NodeRef<'a>,
    /// The key that leads here from the parent, such as `properties`.
    pub(super) slot: &'static str,
    pub(super) parent: Option<usize>,
    /// Whether no client code comes from it.
    pub(super) is_silent: bool,
    pub(super) reference: Option<&'a str>,
}

impl Place<'_> {
    /// The name of a property or a component.
    pub(super) fn name(&self) -> &str {
        self.node.pointer.last().unwrap_or_default()
    }
}

/// The document, its objects and its operations.
pub(super) struct Spec<'a> {
    pub(super) view: View<'a>,
    pub(super) places: Vec<Place<'a>>,
    pub(super) operations: Vec<Operation<'a>>,
    /// The headers that are set once on a client, in lower case.
    context_headers: BTreeSet<String>,
}

/// A method of a path, with references followed.
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) node: NodeRef<'a>,
    /// The parameters of the operation and of its path.
    pub(super) parameters: Vec<Parameter<'a>>,
    pub(super) body: Option<Part<'a>>,
    /// The responses by status.
    pub(super) responses: Vec<(&'a str, Part<'a>)>,
}

impl<'a> Operation<'a> {
    /// The responses of success whose body is decoded, in the order of the document.
    pub(super) fn successes(&self) -> impl Iterator<Item = &(&'a str, Part<'a>)> {
        let is_decoded = status::decoded(self.responses.iter().map(|(status, _)| *status));
        self.responses.iter().filter(move |(status, _)| is_decoded(status))
    }
}

/// A body or a response of an operation: the place where it is used, and the place where it is described.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) used: NodeRef<'a>,
    pub(super) node: NodeRef<'a>,
    /// The media types.
    pub(super) content: Vec<Entry<'a>>,
    /// The place of the media type that is sent or decoded.
    chosen: Option<usize>,
}

impl<'a> Part<'a> {
    /// The media type that is sent or decoded.
    pub(super) fn spoken(&self) -> Option<&Entry<'a>> {
        self.content.get(self.chosen?)
    }

    /// The way in which the body is sent or decoded.
    pub(super) fn kind(&self) -> Option<MediaKind> {
        Some(self.spoken()?.media_type.as_ref()?.kind)
    }

    /// The schema that a type is made for: that of JSON or of a form.
    pub(super) fn schema(&self) -> Option<NodeRef<'a>> {
        let is_typed = self.kind()?.is_typed();
        self.spoken().filter(|_| is_typed).map(|entry| entry.place.get("schema")).filter(NodeRef::exists)
    }

    /// The media types that are passed over.
    pub(super) fn others(&self) -> impl Iterator<Item = &Entry<'a>> {
        let chosen = self.chosen;
        self.content.iter().enumerate().filter(move |(nth, _)| Some(*nth) != chosen).map(|(_, entry)| entry)
    }
}

impl<'a> Spec<'a> {
    pub(super) fn new(document: &'a Document, view: View<'a>, places: Vec<Place<'a>>) -> Self {
        let root = document.root.get("x-codegen").and_then(|ours| ours.get("context-headers"));
        let names = root.map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str);
        let context_headers = names.map(str::to_ascii_lowercase).collect();
        let mut spec = Self { view, places, operations: Vec::new(), context_headers };
        spec.operations = methods(&spec.view).into_iter().map(|method| spec.operation(&method)).collect();
        spec
    }

    fn operation(&self, method: &Method<'a>) -> Operation<'a> {
        let part = |used: NodeRef<'a>, is_request| {
            let node = self.resolve(&used)?;
            let content = media::entries(&self.view, &node.get("content"), is_request);
            // The response to a HEAD request has no body, whatever its headers say about one.
            let chosen = media::used(&content).filter(|_| is_request || method.method != "head");
            Some(Part { used, node, content, chosen })
        };
        let responses = method.node.get("responses").members();
        Operation {
            path: method.path,
            method: method.method,
            parameters: self.view.parameters(method),
            body: part(method.node.get("requestBody"), true),
            responses: responses.filter_map(|(status, used)| Some((status, part(used, false)?))).collect(),
            node: method.node.clone(),
        }
    }

    /// The objects of a kind that client code comes from, without references.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Place<'a>> {
        self.places.iter().filter(move |place| place.kind == kind && place.reference.is_none() && !place.is_silent)
    }

    pub(super) fn parent(&self, place: &Place<'a>) -> Option<&Place<'a>> {
        self.places.get(place.parent?)
    }

    /// Follows references to their end.
    pub(super) fn resolve(&self, place: &NodeRef<'a>) -> Option<NodeRef<'a>> {
        ended(self.view.resolve(place))
    }

    /// Follows references and wrappers of one schema to the schema that they stand for.
    pub(super) fn schema(&self, place: &NodeRef<'a>) -> Option<NodeRef<'a>> {
        ended(self.view.schema(place).core)
    }

    /// The component schema of a name.
    pub(super) fn schema_component(&self, name: &str) -> NodeRef<'a> {
        self.view.root().get("components").get("schemas").get(name)
    }

    pub(super) fn is_context_header(&self, name: &str) -> bool {
        self.context_headers.contains(&name.to_ascii_lowercase())
    }
}

/// A place that no reference leads on from; `None` at the end of a chain that is broken or too long.
fn ended(place: NodeRef<'_>) -> Option<NodeRef<'_>> {
    Some(place).filter(|place| place.exists() && !place.has("$ref"))
}

/// The methods that become operations.
pub(super) fn methods<'a>(view: &View<'a>) -> Vec<Method<'a>> {
    let is_generated = |method: &Method<'_>| {
        let mut keys = Kind::PathItem.keys().iter();
        keys.any(|key| key.name == method.method && matches!(key.shape, Shape::One(Kind::Operation)))
    };
    let items = view.root().get("paths").members();
    items.flat_map(|(path, item)| view.operations_of(path, &item)).filter(is_generated).collect()
}
