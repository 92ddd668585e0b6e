//! What the passes after progenitor need to know of a spec, and progenitor does not carry.

use std::collections::BTreeMap;

use crate::surface::Authorization;

/// A spec, resolved: every object and every enum has a Rust name, every reference is followed.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) description: String,
    /// The URL of the first server.
    pub(crate) server: Option<String>,
    /// The Rust name of the schema that error answers carry.
    pub(crate) error_type: Option<String>,
    /// The wire names that lead from there to the error code.
    pub(crate) error_code: Vec<String>,
    /// Rust name to type.
    pub(crate) types: BTreeMap<String, TypeModel>,
    /// Method name to operation.
    pub(crate) operations: BTreeMap<String, Operation>,
}

#[derive(Clone, Debug)]
pub(crate) struct TypeModel {
    pub(crate) description: String,
    pub(crate) kind: TypeKind,
    /// Whether a request body holds it.
    pub(crate) in_request: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeKind {
    /// Wire name to property.
    Object(BTreeMap<String, Property>),
    /// Wire value to description.
    Code { closed: bool, values: BTreeMap<String, String> },
}

#[derive(Clone, Debug)]
pub(crate) struct Property {
    /// The Rust name, where the spec chooses one.
    pub(crate) field_name: Option<String>,
    pub(crate) aliases: Vec<String>,
    pub(crate) description: String,
    /// Evidence that the service leaves it out, although it is listed as required.
    pub(crate) observed_optional: Option<String>,
    pub(crate) required: bool,
    pub(crate) nullable: bool,
    pub(crate) shape: Shape,
    /// A free text or an identifier is, unless the spec says otherwise; a code, a date and a flag are not.
    pub(crate) sensitive: bool,
    /// A decimal that the wire carries as a number.
    pub(crate) number: bool,
    /// Whether it has a place of its own in memory.
    pub(crate) boxed: bool,
    pub(crate) deprecated: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    One,
    List,
    Map,
}

#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// `GET`, `POST` …
    pub(crate) method: String,
    /// The URL template.
    pub(crate) path: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    /// Rust name of the argument to what it is.
    pub(crate) arguments: BTreeMap<String, Argument>,
    /// Status to description, success and errors alike.
    pub(crate) responses: BTreeMap<String, String>,
    pub(crate) context_headers: Vec<String>,
    /// The one of them that gets a new value for every request, where none is set.
    pub(crate) request_id: Option<String>,
    /// How it shows who calls, if a security requirement applies.
    pub(crate) authorization: Option<Authorization>,
    /// Whether what it sends can be used once.
    pub(crate) single_use: bool,
    /// The error codes by which the service says that what is to be deleted is gone.
    pub(crate) gone: Vec<String>,
    pub(crate) deprecated: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Argument {
    /// The name on the wire; empty for the body.
    pub(crate) wire: String,
    pub(crate) location: Location,
    pub(crate) description: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
    Body,
}
