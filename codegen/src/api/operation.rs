//! Operations: parameters, bodies, responses, security.

use std::fmt;

use super::Ty;
use crate::names;

/// A method of the client, with the request that it sends.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The method's name.
    pub name: String,
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
    /// Wire names of the headers that are set once on the client (`x-codegen: context-headers`).
    pub context_headers: Vec<String>,
    /// The one of them that gets a new value for every request unless one is set.
    pub request_id: Option<String>,
    /// The alternative security requirements, in the order of the document. Empty where none apply.
    pub security: Vec<Requirement>,
    /// The header that carries the credentials; `None` where no requirement applies.
    pub authorization: Option<Authorization>,
    /// Whether the request can be processed only once (`x-single-use`), so that it is never signed again and repeated.
    pub single_use: bool,
    /// The error codes that mean "already deleted" (`x-gone`).
    pub gone: Vec<String>,
    /// Set if the document announces the operation's removal.
    pub deprecated: bool,
}

impl Operation {
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

    /// The responses of success that the document describes by status.
    pub fn successes(&self) -> impl Iterator<Item = &Response> {
        self.responses.iter().filter(|response| response.status.is_success())
    }

    /// The type of a success, as modules beside `types` write it.
    pub fn returns(&self) -> String {
        let body = self.successes().find_map(|response| response.spoken()?.ty.as_ref());
        body.map_or_else(|| "()".to_owned(), Ty::path)
    }

    /// Returns whether the request body is sent as a form.
    pub fn sends_form(&self) -> bool {
        self.body.as_ref().and_then(Body::spoken).is_some_and(|content| content.media_type.kind == MediaKind::Form)
    }

    /// The type of the request body in the media type that is sent.
    pub fn body_ty(&self) -> Option<&Ty> {
        self.body.as_ref()?.spoken()?.ty.as_ref()
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
    /// Set if a value is required.
    pub required: bool,
    /// Set if the document announces the parameter's removal.
    pub deprecated: bool,
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
    /// The content that the client sends: JSON, or else a form.
    pub fn spoken(&self) -> Option<&Content> {
        let form = || self.contents.iter().find(|content| content.media_type.kind == MediaKind::Form);
        json(&self.contents).or_else(form)
    }
}

/// A body in one media type.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// The media type.
    pub media_type: MediaType,
    /// The type of the value; `None` where the document has no schema.
    pub ty: Option<Ty>,
}

/// The JSON content, if there is one.
fn json(contents: &[Content]) -> Option<&Content> {
    contents.iter().find(|content| content.media_type.kind == MediaKind::Json)
}

/// A media type as the document writes it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct MediaType {
    /// The text, parameters included.
    pub text: String,
    /// The way in which such a body is written.
    pub kind: MediaKind,
}

/// The way in which a body is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MediaKind {
    /// `application/json`.
    Json,
    /// Another JSON, such as `application/problem+json`.
    JsonSuffix,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// `text/…`.
    Text,
    /// Anything else.
    Bytes,
}

impl MediaKind {
    /// The word for it in the name of a type.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Json | Self::JsonSuffix => "Json",
            Self::Form => "Form",
            Self::Multipart => "Multipart",
            Self::Text => "Text",
            Self::Bytes => "Bytes",
        }
    }
}

impl MediaType {
    /// Classifies a media type. Case, parameters and spaces make no difference.
    pub fn new(text: &str) -> Self {
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let kind = match essence.as_str() {
            "application/json" => MediaKind::Json,
            "application/x-www-form-urlencoded" => MediaKind::Form,
            "multipart/form-data" => MediaKind::Multipart,
            json if json.ends_with("+json") => MediaKind::JsonSuffix,
            text if text.starts_with("text/") => MediaKind::Text,
            _ => MediaKind::Bytes,
        };
        Self { text: text.to_owned(), kind }
    }
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
        json(&self.contents)
    }
}

/// The status of a response.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Status {
    /// One status.
    Code(u16),
    /// All statuses with this first digit, such as `4XX`.
    Range(u16),
    /// Every status that is not listed.
    Default,
}

impl Status {
    /// Parses the key of a response. Returns `None` for a key that OpenAPI does not know.
    pub fn parse(key: &str) -> Option<Self> {
        match key.as_bytes() {
            b"default" => Some(Self::Default),
            [first @ b'1'..=b'5', b'X', b'X'] => Some(Self::Range(u16::from(first - b'0'))),
            [b'1'..=b'5', rest @ ..] if rest.len() == 2 => key.parse().ok().map(Self::Code),
            _ => None,
        }
    }

    /// Whether it is a success.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }

    /// The first and the last status that it stands for; `None` for the default.
    pub fn bounds(self) -> Option<(u16, u16)> {
        match self {
            Self::Code(code) => Some((code, code)),
            Self::Range(digit) => Some((digit * 100, digit * 100 + 99)),
            Self::Default => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(digit) => write!(f, "{digit}XX"),
            Self::Default => f.write_str("default"),
        }
    }
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

/// The header that carries an operation's credentials.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Authorization {
    /// The header's name in lower case.
    pub header: String,
    /// Whether the operation can be called without credentials.
    pub optional: bool,
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
