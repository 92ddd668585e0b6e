//! Operations: parameters, bodies, responses, security.

use super::Ty;
use super::returns::{Outcome, Returns};
use crate::media::{MediaKind, MediaType};
use crate::names;
use crate::status::{Status, Success};

/// A method of the client, with the request that it sends.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The method's name.
    pub name: String,
    /// The first of its tags.
    pub tag: Option<Tag>,
    /// The handle that has the method, if methods are grouped by tag. `None` for a method of the client itself.
    pub group: Option<Group>,
    /// The HTTP method: `GET`, `POST`, …
    pub method: String,
    /// The path template.
    pub path: String,
    /// The one-line summary.
    pub summary: String,
    /// The description.
    pub docs: String,
    /// Path parameters in the order of the template, then query parameters and headers, each by wire name. Context
    /// headers are not among them.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The documented responses, by status.
    pub responses: Vec<Response>,
    /// The value of a success.
    pub returns: Returns,
    /// The type of error bodies.
    pub errors: Returns,
    /// The headers of a success that the document describes. `None` if it describes none.
    pub headers: Option<Headers>,
    /// Wire names of the headers that are set once on the client (`x-codegen: context-headers`).
    pub context_headers: Vec<String>,
    /// The one of them that gets a new value for every request unless one is set.
    pub request_id: Option<String>,
    /// The alternative security requirements, in the order of the document. Empty where none apply.
    pub security: Vec<Requirement>,
    /// The credentials of a request; `None` where no requirement applies.
    pub authorization: Option<Authorization>,
    /// Whether the request can be processed only once (`x-single-use`), so that it is never signed again and repeated.
    pub single_use: bool,
    /// The error codes that mean "already deleted" (`x-gone`).
    pub gone: Vec<String>,
    /// Set if the document announces the operation's removal.
    pub deprecated: bool,
}

/// A tag of operations.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Tag {
    /// The name in the document.
    pub name: String,
    /// The description.
    pub docs: String,
}

/// A handle whose methods are the operations of a tag.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub struct Group {
    /// The name of the method that returns the handle.
    pub method: String,
    /// The name of its type.
    pub name: String,
    /// The name of the tag in the document.
    pub tag: String,
    /// The description of the tag.
    pub docs: String,
}

impl Operation {
    /// The call of the method on a client, without its arguments: `pets().list` for a method of a handle.
    pub fn call(&self) -> String {
        match &self.group {
            Some(group) => format!("{}().{}", group.method, self.name),
            None => self.name.clone(),
        }
    }

    /// The method as a link of rustdoc in the module `operations`.
    pub(crate) fn link(&self) -> String {
        let name = &self.name;
        match &self.group {
            Some(Group { name: owner, .. }) => format!("[`{owner}::{name}`](super::tags::{owner}::{name})"),
            None => format!("[`Client::{name}`](super::Client::{name})"),
        }
    }

    /// The required arguments of the method, in their order.
    pub fn arguments(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.required)
    }

    /// The optional parameters, by the names of their setters.
    pub fn setters(&self) -> Vec<&Parameter> {
        let mut setters: Vec<_> = self.parameters.iter().filter(|parameter| !parameter.required).collect();
        setters.sort_by(|left, right| left.name.cmp(&right.name));
        setters
    }

    /// The responses that are the operation's success.
    pub fn success(&self) -> Success {
        Success::of(self.responses.iter().map(|response| response.status))
    }

    /// The responses of success that the document describes by status, or the default where it stands for them.
    pub fn successes(&self) -> impl Iterator<Item = &Response> {
        let success = self.success();
        self.responses.iter().filter(move |response| success.includes(response.status))
    }

    /// The successes with their bodies. One status comes before a range.
    pub fn outcomes(&self) -> Vec<Outcome<'_>> {
        let has_body = self.success() != Success::Between && self.method != "HEAD";
        let mut outcomes: Vec<_> = self.successes().map(|response| response.outcome(has_body)).collect();
        outcomes.sort_by_key(|outcome| outcome.status);
        outcomes
    }

    /// The responses with statuses of error whose body is JSON or text. One status comes before a range, and the default is
    /// the last.
    pub fn error_outcomes(&self) -> Vec<Outcome<'_>> {
        let success = self.success();
        let is_error =
            |status: Status| status.is_error() || status == Status::Default && !success.includes(Status::Default);
        let errors = self.responses.iter().filter(|response| is_error(response.status));
        let is_decoded =
            |outcome: &Outcome<'_>| outcome.body.is_some_and(|(kind, _)| kind.is_json() || kind == MediaKind::Text);
        let mut outcomes: Vec<_> = errors.map(|response| response.outcome(true)).filter(is_decoded).collect();
        outcomes.sort_by_key(|outcome| outcome.status);
        outcomes
    }

    /// The media types of a success that are asked for.
    pub fn accepts(&self) -> Vec<String> {
        let decoded = self.outcomes();
        let is_decoded = |response: &&Response| {
            decoded.iter().any(|outcome| outcome.status == response.status && outcome.body.is_some())
        };
        let mut accepted: Vec<String> = Vec::new();
        for content in self.successes().filter(is_decoded).filter_map(Response::spoken) {
            let media_type = content.media_type.accept();
            if !accepted.contains(&media_type) {
                accepted.push(media_type);
            }
        }
        accepted
    }

    /// The way in which the request body is sent.
    pub fn sends(&self) -> Option<MediaKind> {
        Some(self.body.as_ref()?.spoken()?.media_type.kind)
    }

    /// Returns whether the request body is sent as a form.
    pub fn sends_form(&self) -> bool {
        self.sends() == Some(MediaKind::Form)
    }

    /// Returns whether the request body is sent as a form of several parts.
    pub fn sends_multipart(&self) -> bool {
        self.sends() == Some(MediaKind::Multipart)
    }

    /// The type of the request body in the media type that is sent.
    pub fn body_ty(&self) -> Option<&Ty> {
        self.body.as_ref()?.spoken()?.ty.as_ref()
    }

    /// The type of a request body that every request has: the last argument of the method.
    pub fn required_body(&self) -> Option<&Ty> {
        self.body_ty().filter(|_| self.body.as_ref().is_some_and(|body| body.required))
    }

    /// The type of a request body that a request may have, which a setter sets.
    pub fn optional_body(&self) -> Option<&Ty> {
        self.body_ty().filter(|_| self.body.as_ref().is_some_and(|body| !body.required))
    }
}

/// A value that goes into the path, the query or a header.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The Rust name.
    pub name: String,
    /// The name on the wire.
    pub wire: String,
    /// The part of the request.
    pub location: Location,
    /// The description.
    pub docs: String,
    /// The type.
    pub ty: Ty,
    /// The way in which the value becomes text.
    pub style: ParameterStyle,
    /// Set if a value is required.
    pub required: bool,
    /// Set if the document announces the parameter's removal.
    pub deprecated: bool,
}

/// The way in which a parameter becomes text (`style`, `explode` and `content`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ParameterStyle {
    /// One text, or one for each element of a list.
    Plain,
    /// All elements of a list in one text, with this character between them.
    Joined(char),
    /// An object with a parameter for each property.
    Form,
    /// An object whose properties are named `name[property]` (`deepObject`).
    Deep,
    /// JSON text.
    Json,
}

impl Parameter {
    /// Returns the name of the setter. It differs from that of the parameter if requests have a method of that name already.
    pub fn setter(&self) -> String {
        names::parameter_setter(&self.name)
    }
}

/// A part of a request.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

impl Location {
    /// The part of a name that distinguishes a parameter from one with the same name elsewhere.
    pub(super) fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Path => &["path"],
            Self::Query => &["query"],
            Self::Header => &["header"],
            Self::Cookie => &["cookie"],
        }
    }

    /// The word for it in OpenAPI.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A request body.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Body {
    /// The description.
    pub docs: String,
    /// Whether a request has to have it.
    pub required: bool,
    /// The media types that it may have.
    pub contents: Vec<Content>,
}

impl Body {
    /// The content that the client sends.
    pub fn spoken(&self) -> Option<&Content> {
        spoken(&self.contents)
    }
}

/// The first content of the best kind.
fn spoken(contents: &[Content]) -> Option<&Content> {
    contents.iter().min_by_key(|content| content.media_type.rank())
}

/// A body in one media type.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// The media type.
    pub media_type: MediaType,
    /// The type of the value; `None` where the document has no schema.
    pub ty: Option<Ty>,
    /// The ways in which the fields of a form are written, where the document describes them (`encoding`).
    pub encodings: Vec<Encoding>,
}

impl Content {
    /// The way in which a field of a form is written, if the document describes it.
    pub fn encoding(&self, wire: &str) -> Option<&Encoding> {
        self.encodings.iter().find(|encoding| encoding.wire == wire)
    }
}

/// The way in which a field of a form is written.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Encoding {
    /// The name of the field on the wire.
    pub wire: String,
    /// The media type of its parts. The first one, if there are several.
    pub content_type: Option<String>,
    /// The style of its pairs.
    pub style: Option<FormStyle>,
}

/// The pairs of a form that a list or an object becomes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FormStyle {
    /// One for each element or member (`style: form`, `explode: true`).
    Exploded,
    /// One for all elements, with this text between them (`explode: false`).
    Joined(&'static str),
    /// One for each scalar inside, under the way to it (`style: deepObject`).
    Deep,
}

/// A documented response.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The status or statuses that it stands for.
    pub status: Status,
    /// The description.
    pub docs: String,
    /// The media types that it may have.
    pub contents: Vec<Content>,
    /// The described headers.
    pub headers: Vec<ResponseHeader>,
}

impl Response {
    /// The content that the client decodes.
    pub fn spoken(&self) -> Option<&Content> {
        spoken(&self.contents)
    }

    /// The response as a success.
    fn outcome(&self, has_body: bool) -> Outcome<'_> {
        let spoken = self.spoken().filter(|_| has_body);
        let body = spoken.and_then(|content| Some((content.media_type.kind, content.ty.as_ref()?)));
        Outcome { status: self.status, docs: &self.docs, body }
    }
}

/// The headers of successes as a type.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Headers {
    /// The name of the type in the module `operations`.
    pub name: String,
    /// The headers, in the order of the document.
    pub fields: Vec<HeaderField>,
}

/// A header of a success as a field.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct HeaderField {
    /// The Rust name.
    pub name: String,
    /// The name on the wire.
    pub wire: String,
    /// The description.
    pub docs: String,
    /// The type: a scalar, a code, or a list of them.
    pub ty: Ty,
}

/// A header of a response.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ResponseHeader {
    /// The name on the wire.
    pub wire: String,
    /// The description.
    pub docs: String,
    /// The type of the value.
    pub ty: Ty,
    /// Whether the header is always there.
    pub required: bool,
}

/// Security schemes that apply together, each with the scopes that it needs.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Requirement {
    /// Scheme names with scopes. Empty where nothing is needed.
    pub schemes: Vec<(String, Vec<String>)>,
}

/// The credentials that a request of an operation carries.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Authorization {
    /// Those of the first alternative that has any, by the names of their schemes. Empty where a client certificate is all
    /// that is needed.
    pub credentials: Vec<Credential>,
    /// Whether the operation can be called without credentials.
    pub optional: bool,
}

/// A security scheme, and the part of a request that carries its value.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Credential {
    /// The name of the scheme.
    pub scheme: String,
    /// A header, the query or a cookie.
    pub location: Location,
    /// The name there. That of a header is in lower case.
    pub name: String,
}

/// A security scheme.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The name that requirements refer to.
    pub name: String,
    /// The description.
    pub docs: String,
    /// The way in which credentials are sent.
    pub kind: SecurityKind,
}

/// The way in which credentials are sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SecurityKind {
    /// The header `Authorization` with this HTTP scheme in lower case, such as `bearer` or `basic`.
    Http(String),
    /// A value under a name in the query, a header or a cookie.
    ApiKey(Location, String),
    /// A bearer token from one of these flows, each with the URL of its tokens.
    OAuth2(Vec<(String, String)>),
    /// A bearer token from the provider whose configuration is at this URL.
    OpenIdConnect(String),
    /// A client certificate.
    MutualTls,
}
