//! Every key that may stand in an OpenAPI 3.0 document, and what it may hold.

/// The objects that OpenAPI describes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    AuthorizationCodeFlow,
    Codegen,
    Components,
    Contact,
    Discriminator,
    Document,
    Encoding,
    ExternalDocs,
    Flows,
    Header,
    ImplicitFlow,
    Info,
    License,
    MediaType,
    Operation,
    Parameter,
    PathItem,
    RequestBody,
    Response,
    Schema,
    SecurityScheme,
    Server,
    ServerVariable,
    Tag,
    TokenFlow,
}

/// What a key may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Any,
    Text,
    Flag,
    Number,
    /// A whole number from 0.
    Count,
    Texts,
    TextOrTexts,
    /// A list of anything; rules of their own look at the items.
    Anys,
    One(Kind),
    List(Kind),
    /// Any keys.
    Map(Kind),
    /// Any keys but `x-` ones, which are extensions here.
    Patterned(Kind),
    /// Any keys with strings.
    TextMap,
    /// Any keys, with unchecked values.
    Opaque,
    /// `true`, `false`, or a schema.
    Extras,
    /// Scheme names with lists of scopes.
    Requirements,
    /// Understood, without effect.
    Ignored,
}

#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) is_required: bool,
}

const fn may(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, is_required: false }
}

const fn must(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, is_required: true }
}

use Shape::{Any, Anys, Count, Extras, Flag, Ignored, List, Map, Number, One, Opaque, Patterned, Requirements, Text};
use Shape::{TextMap, TextOrTexts, Texts};

impl Kind {
    /// The keys that may stand in such an object.
    pub(super) fn keys(self) -> &'static [Key] {
        match self {
            Self::Codegen => {
                const {
                    &[
                        may("context-headers", Texts),
                        may("error-code", Text),
                        may("error-schema", Text),
                        may("request-id-header", Text),
                    ]
                }
            }
            Self::Components => COMPONENTS,
            Self::Contact => const { &[may("name", Text), may("url", Text), may("email", Text)] },
            Self::Discriminator => const { &[must("propertyName", Text), may("mapping", TextMap)] },
            Self::Document => DOCUMENT,
            Self::Encoding => ENCODING,
            Self::ExternalDocs => const { &[may("description", Text), must("url", Text)] },
            Self::Flows => FLOWS,
            Self::AuthorizationCodeFlow => AUTHORIZATION_CODE_FLOW,
            Self::ImplicitFlow => IMPLICIT_FLOW,
            Self::TokenFlow => TOKEN_FLOW,
            Self::Header => HEADER,
            Self::Info => INFO,
            Self::License => const { &[must("name", Text), may("url", Text)] },
            Self::MediaType => MEDIA_TYPE,
            Self::Operation => OPERATION,
            Self::Parameter => PARAMETER,
            Self::PathItem => PATH_ITEM,
            Self::RequestBody => {
                const { &[may("description", Text), must("content", Map(Kind::MediaType)), may("required", Flag)] }
            }
            Self::Response => RESPONSE,
            Self::Schema => SCHEMA,
            Self::SecurityScheme => SECURITY_SCHEME,
            Self::Server => {
                const { &[must("url", Text), may("description", Text), may("variables", Map(Kind::ServerVariable))] }
            }
            Self::ServerVariable => const { &[may("enum", Texts), must("default", Text), may("description", Text)] },
            Self::Tag => {
                const { &[must("name", Text), may("description", Text), may("externalDocs", One(Kind::ExternalDocs))] }
            }
        }
    }

    /// How people call such an object.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Codegen => "`x-codegen`",
            Self::Components => "`components`",
            Self::Contact => "the contact",
            Self::Discriminator => "a discriminator",
            Self::Document => "the document",
            Self::Encoding => "an encoding",
            Self::ExternalDocs => "`externalDocs`",
            Self::Flows => "`flows`",
            Self::AuthorizationCodeFlow | Self::ImplicitFlow | Self::TokenFlow => "a flow",
            Self::Header => "a header",
            Self::Info => "`info`",
            Self::License => "the license",
            Self::MediaType => "a media type",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::PathItem => "a path",
            Self::RequestBody => "a request body",
            Self::Response => "a response",
            Self::Schema => "a schema",
            Self::SecurityScheme => "a security scheme",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::Tag => "a tag",
        }
    }

    /// Where components of this kind stand, if they can be referred to.
    pub(super) fn section(self) -> Option<&'static str> {
        match self {
            Self::Header => Some("headers"),
            Self::Parameter => Some("parameters"),
            Self::RequestBody => Some("requestBodies"),
            Self::Response => Some("responses"),
            Self::Schema => Some("schemas"),
            Self::SecurityScheme => Some("securitySchemes"),
            _ => None,
        }
    }
}

const DOCUMENT: &[Key] = &[
    must("openapi", Text),
    must("info", One(Kind::Info)),
    must("paths", Patterned(Kind::PathItem)),
    may("servers", List(Kind::Server)),
    may("components", One(Kind::Components)),
    may("security", Requirements),
    may("tags", List(Kind::Tag)),
    may("externalDocs", One(Kind::ExternalDocs)),
];

const INFO: &[Key] = &[
    must("title", Text),
    must("version", Text),
    may("description", Text),
    may("termsOfService", Text),
    may("contact", One(Kind::Contact)),
    may("license", One(Kind::License)),
];

const PATH_ITEM: &[Key] = &[
    may("get", One(Kind::Operation)),
    may("put", One(Kind::Operation)),
    may("post", One(Kind::Operation)),
    may("delete", One(Kind::Operation)),
    may("head", One(Kind::Operation)),
    may("patch", One(Kind::Operation)),
    may("parameters", List(Kind::Parameter)),
    may("summary", Text),
    may("description", Text),
    may("servers", Ignored),
    may("options", One(Kind::Operation)),
    may("trace", One(Kind::Operation)),
    may("$ref", Text),
];

const OPERATION: &[Key] = &[
    may("operationId", Text),
    may("summary", Text),
    may("description", Text),
    may("tags", Texts),
    may("parameters", List(Kind::Parameter)),
    may("requestBody", One(Kind::RequestBody)),
    must("responses", Patterned(Kind::Response)),
    may("deprecated", Flag),
    may("security", Requirements),
    may("externalDocs", One(Kind::ExternalDocs)),
    may("servers", Ignored),
    may("callbacks", Any),
];

const PARAMETER: &[Key] = &[
    must("name", Text),
    must("in", Text),
    may("schema", One(Kind::Schema)),
    may("description", Text),
    may("required", Flag),
    may("deprecated", Flag),
    may("style", Text),
    may("explode", Flag),
    may("example", Any),
    may("examples", Opaque),
    may("allowReserved", Ignored),
    may("allowEmptyValue", Ignored),
    may("content", Map(Kind::MediaType)),
];

/// Headers of responses generate nothing, so whatever OpenAPI knows may stand there.
const HEADER: &[Key] = &[
    may("description", Text),
    may("schema", One(Kind::Schema)),
    may("required", Flag),
    may("deprecated", Flag),
    may("style", Text),
    may("explode", Flag),
    may("example", Any),
    may("examples", Opaque),
    may("content", Map(Kind::MediaType)),
    may("allowReserved", Flag),
    may("allowEmptyValue", Flag),
];

const RESPONSE: &[Key] = &[
    must("description", Text),
    may("content", Map(Kind::MediaType)),
    may("headers", Map(Kind::Header)),
    may("links", Any),
];

const MEDIA_TYPE: &[Key] = &[
    may("schema", One(Kind::Schema)),
    may("example", Any),
    may("examples", Opaque),
    may("encoding", Map(Kind::Encoding)),
];

const ENCODING: &[Key] = &[
    may("contentType", Text),
    may("headers", Ignored),
    may("style", Text),
    may("explode", Flag),
    may("allowReserved", Flag),
];

const SCHEMA: &[Key] = &[
    may("type", Text),
    may("format", Text),
    may("description", Text),
    may("nullable", Flag),
    may("properties", Map(Kind::Schema)),
    may("required", Texts),
    may("additionalProperties", Extras),
    may("items", One(Kind::Schema)),
    may("enum", Anys),
    may("allOf", List(Kind::Schema)),
    may("oneOf", List(Kind::Schema)),
    may("anyOf", List(Kind::Schema)),
    may("not", One(Kind::Schema)),
    may("$defs", Map(Kind::Schema)),
    may("discriminator", One(Kind::Discriminator)),
    may("title", Text),
    may("default", Any),
    may("example", Any),
    may("deprecated", Flag),
    may("readOnly", Flag),
    may("writeOnly", Flag),
    may("externalDocs", One(Kind::ExternalDocs)),
    may("xml", Opaque),
    may("minimum", Number),
    may("maximum", Number),
    may("exclusiveMinimum", Flag),
    may("exclusiveMaximum", Flag),
    may("multipleOf", Number),
    may("minLength", Count),
    may("maxLength", Count),
    may("pattern", Text),
    may("minItems", Count),
    may("maxItems", Count),
    may("uniqueItems", Flag),
    may("minProperties", Count),
    may("maxProperties", Count),
];

const SECURITY_SCHEME: &[Key] = &[
    must("type", Text),
    may("description", Text),
    may("name", Text),
    may("in", Text),
    may("scheme", Text),
    may("bearerFormat", Text),
    may("flows", One(Kind::Flows)),
    may("openIdConnectUrl", Text),
];

const FLOWS: &[Key] = &[
    may("implicit", One(Kind::ImplicitFlow)),
    may("password", One(Kind::TokenFlow)),
    may("clientCredentials", One(Kind::TokenFlow)),
    may("authorizationCode", One(Kind::AuthorizationCodeFlow)),
];

const AUTHORIZATION_CODE_FLOW: &[Key] =
    &[must("authorizationUrl", Text), must("tokenUrl", Text), must("scopes", TextMap), may("refreshUrl", Text)];

const IMPLICIT_FLOW: &[Key] = &[must("authorizationUrl", Text), must("scopes", TextMap), may("refreshUrl", Text)];

const TOKEN_FLOW: &[Key] = &[must("tokenUrl", Text), must("scopes", TextMap), may("refreshUrl", Text)];

const COMPONENTS: &[Key] = &[
    may("schemas", Map(Kind::Schema)),
    may("responses", Map(Kind::Response)),
    may("parameters", Map(Kind::Parameter)),
    may("requestBodies", Map(Kind::RequestBody)),
    may("headers", Map(Kind::Header)),
    may("securitySchemes", Map(Kind::SecurityScheme)),
    may("examples", Opaque),
    may("links", Any),
    may("callbacks", Any),
    may("pathItems", Map(Kind::PathItem)),
];

/// Our own keys: the objects they stand in, and what they hold. [`super::extensions`] says more.
pub(super) const OURS: &[(&str, &[Kind], Shape)] = &[
    ("x-codegen", &[Kind::Document], One(Kind::Codegen)),
    ("x-field-name", &[Kind::Schema], Text),
    ("x-alias", &[Kind::Schema], TextOrTexts),
    ("x-closed", &[Kind::Schema], Flag),
    ("x-observed-optional", &[Kind::Schema], Text),
    ("x-sensitive", &[Kind::Schema], Flag),
    ("x-boxed", &[Kind::Schema], Flag),
    ("x-newtype", &[Kind::Schema], Text),
    ("x-single-use", &[Kind::Operation], Flag),
    ("x-gone", &[Kind::Operation], TextOrTexts),
    ("x-source", EVERYWHERE, Text),
];

const EVERYWHERE: &[Kind] = &[
    Kind::Document,
    Kind::Header,
    Kind::Info,
    Kind::MediaType,
    Kind::Operation,
    Kind::Parameter,
    Kind::PathItem,
    Kind::RequestBody,
    Kind::Response,
    Kind::Schema,
    Kind::SecurityScheme,
    Kind::Server,
    Kind::Tag,
];
