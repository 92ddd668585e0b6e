//! A request as a client's source describes it.

use std::fmt::Debug;

/// The parts of a request that are known without sending it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Request {
    /// The method in upper case.
    pub method: String,
    /// The path template with the names of the document.
    pub path: String,
    /// The query parameters in the order in which they are sent.
    pub query: Vec<Field>,
    /// The header parameters in order of their names, which are in lower case.
    pub headers: Vec<Field>,
    /// The media type that is asked for, if any.
    pub accept: Option<String>,
    /// The kind of the body, if there is one.
    pub body: Option<BodyKind>,
}

/// A query or header parameter.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// `true` if callers have to give a value; `None` if it does not come from the caller.
    pub required: Option<bool>,
}

/// The encoding of a body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BodyKind {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `text/plain`, or another kind of text.
    Text,
    /// `application/octet-stream`.
    Bytes,
}

/// A part in which two requests for the same operation differ.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mismatch {
    /// The part.
    pub part: Part,
    /// The part of our request.
    pub ours: String,
    /// The part of progenitor's request.
    pub theirs: String,
}

/// A part of a request that is compared.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Part {
    /// The whole request: one of the two sides cannot make it.
    Request,
    /// The method.
    Method,
    /// The path template.
    Path,
    /// The query parameters.
    Query,
    /// The header parameters, or the headers that were sent.
    Headers,
    /// The kind of the body, or the bytes that were sent.
    Body,
    /// The request target that was sent.
    Target,
}

impl Request {
    /// Returns the parts in which `self`, our request, differs from `theirs`.
    pub fn mismatches(&self, theirs: &Self) -> Vec<Mismatch> {
        [
            mismatch(Part::Method, &self.method, &theirs.method),
            mismatch(Part::Path, &self.path, &theirs.path),
            mismatch(Part::Query, &self.query, &theirs.query),
            mismatch(Part::Headers, &(&self.headers, &self.accept), &(&theirs.headers_like(self), &theirs.accept)),
            mismatch(Part::Body, &self.body, &theirs.body),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Returns the headers without `required` for those that have none in `ours`, which come from the client there.
    fn headers_like(&self, ours: &Self) -> Vec<Field> {
        let is_from_client =
            |field: &&Field| ours.headers.iter().any(|other| other.name == field.name && other.required.is_none());
        let required = |field: &Field| field.required.filter(|_| !is_from_client(&field));
        self.headers.iter().map(|field| Field { required: required(field), ..field.clone() }).collect()
    }
}

/// Returns how two values of one part differ.
pub fn mismatch<T: Debug + PartialEq>(part: Part, ours: &T, theirs: &T) -> Option<Mismatch> {
    (ours != theirs).then(|| Mismatch { part, ours: format!("{ours:?}"), theirs: format!("{theirs:?}") })
}
