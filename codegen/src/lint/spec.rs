//! A spec as the rules see it: its objects by kind, and its operations with everything that they refer to.

use std::collections::BTreeSet;

use super::tables::{Kind, Shape};
use crate::read::{Document, Node};
use crate::spec::{NodeRef, Operation as Method, Parameter, View};

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

/// A body or a response of an operation: the place where it is used, and the place where it is described.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) used: NodeRef<'a>,
    pub(super) node: NodeRef<'a>,
    is_request: bool,
}

impl<'a> Part<'a> {
    /// The media types.
    pub(super) fn content(&self) -> impl Iterator<Item = (&'a str, NodeRef<'a>)> + use<'a> {
        self.node.get("content").children()
    }

    /// The kind of media type that the client speaks, if it is among those of the body.
    pub(super) fn spoken(&self) -> Option<Spoken> {
        let content = self.node.node.and_then(|node| node.get("content")).map(Node::entries).unwrap_or_default();
        Spoken::among(content.iter().map(|entry| entry.key.as_str()), self.is_request)
    }

    /// The media types that code is made for: only those that the client speaks, if there are any.
    pub(super) fn generated(&self) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
        let spoken = self.spoken();
        let is_generated = move |name: &str| spoken.is_none_or(|spoken| spoken.is(name));
        self.content().filter(move |(name, _)| is_generated(name)).map(|(_, media_type)| media_type)
    }
}

/// A kind of media type that code is made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Spoken {
    Json,
    /// A form, which only requests have.
    Form,
}

impl Spoken {
    /// Returns the kind that the client speaks among the media types of a body: JSON, or else a form in a request.
    pub(super) fn among<'n>(names: impl Iterator<Item = &'n str> + Clone, is_request: bool) -> Option<Self> {
        let has = |kind: Self| names.clone().any(|name| kind.is(name));
        match (has(Self::Json), is_request && has(Self::Form)) {
            (true, _) => Some(Self::Json),
            (false, true) => Some(Self::Form),
            (false, false) => None,
        }
    }

    /// Returns whether a media type is of this kind, with or without parameters.
    pub(super) fn is(self, media_type: &str) -> bool {
        let name = media_type.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        })
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
        let part = |used: NodeRef<'a>, is_request| Some(Part { node: self.resolve(&used)?, used, is_request });
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

    /// Whether a parameter is a header that is set once on a client.
    pub(super) fn is_in_context(&self, parameter: &Parameter<'a>) -> bool {
        parameter.location() == "header" && self.is_context_header(parameter.name())
    }
}

/// A place that no reference leads on from; `None` at the end of a chain that is broken or too long.
fn ended(place: NodeRef<'_>) -> Option<NodeRef<'_>> {
    Some(place).filter(|place| place.exists() && !place.has("$ref"))
}

/// The methods that become operations. The grammar refuses the others, and path items that are references.
pub(super) fn methods<'a>(view: &View<'a>) -> Vec<Method<'a>> {
    let is_generated = |method: &Method<'_>| {
        let mut keys = Kind::PathItem.keys().iter();
        keys.any(|key| key.name == method.method && matches!(key.shape, Shape::One(Kind::Operation)))
    };
    let items = view.root().get("paths").members().filter(|(_, item)| !item.has("$ref"));
    items.flat_map(|(path, item)| view.operations_of(path, &item)).filter(is_generated).collect()
}
