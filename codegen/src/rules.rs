//! The rules by name, each with the sentence that says what it demands.

/// Defines a constant for each rule, and the table of all of them.
macro_rules! rules {
    ($($(#[doc = $sentence:literal])+ $name:ident = $id:literal;)+) => {
        $($(#[doc = $sentence])+ pub const $name: &str = $id;)+

        /// Every rule with the sentence that says what it demands.
        pub const RULES: &[(&str, &str)] = &[$(($id, concat!($($sentence),+).trim_ascii())),+];
    };
}

// Reading.
rules! {
    /// The file is YAML or JSON.
    NOT_YAML = "not-yaml";
    /// The file holds a spec.
    EMPTY_DOCUMENT = "empty-document";
    /// The file holds one YAML document.
    SEVERAL_DOCUMENTS = "several-documents";
    /// The file stays below the limits on bytes, on values, and on the length of a key.
    TOO_LARGE = "too-large";
    /// The findings about the file are few enough to be listed.
    TOO_MANY_FINDINGS = "too-many-findings";
    /// Lists, mappings and references do not nest beyond the limit.
    TOO_DEEP = "too-deep";
    /// No control character, and no line break that readers of YAML disagree on.
    DOUBTFUL_CHARACTER = "doubtful-character";
    /// No tags; aliases come after their anchors, and merge keys name mappings.
    YAML_FEATURE = "yaml-feature";
    /// All readers of YAML understand the same.
    AMBIGUOUS_YAML = "ambiguous-yaml";
    /// Keys are strings.
    KEY_NOT_STRING = "key-not-string";
    /// A key stands once in its mapping.
    DUPLICATE_KEY = "duplicate-key";
    /// An overlay is a document of OpenAPI Overlay 1.0 or 1.1.
    BAD_OVERLAY = "bad-overlay";
    /// The target of an overlay's action is a JSONPath (RFC 9535).
    OVERLAY_TARGET = "overlay-target";
    /// The target of an overlay's action selects a part of the spec.
    OVERLAY_WITHOUT_EFFECT = "overlay-without-effect";
    /// An overlay merges mappings with mappings, lists with lists, and other values with their like.
    OVERLAY_MISMATCH = "overlay-mismatch";
    /// Numbers are finite.
    UNSUPPORTED_NUMBER = "unsupported-number";
    /// The spec is OpenAPI 3.0 or 3.1.
    UNSUPPORTED_VERSION = "unsupported-version";
    /// Every key is one that OpenAPI knows at its place.
    UNKNOWN_KEY = "unknown-key";
    /// What OpenAPI demands is there.
    MISSING_KEY = "missing-key";
    /// A value has the type that its key asks for.
    WRONG_TYPE = "wrong-type";
    /// No key for something that a client cannot be generated from.
    UNSUPPORTED = "unsupported";
    /// No key that is read and then has no effect.
    IGNORED = "ignored";
    /// A list names each thing once.
    DUPLICATE_VALUE = "duplicate-value";
    /// One of our own `x-` keys holds what it must.
    BAD_EXTENSION = "bad-extension";
    /// One of our own `x-` keys stands where it means something.
    MISPLACED_EXTENSION = "misplaced-extension";
    /// A reference leads to a place in this file.
    DANGLING_REFERENCE = "dangling-reference";
    /// A reference leads to a component of the right kind.
    WRONG_REFERENCE = "wrong-reference";
    /// References end at something that is no reference.
    CYCLIC_REFERENCE = "cyclic-reference";
    /// Nothing stands beside a reference.
    REFERENCE_SIBLING = "reference-sibling";
    /// A value of a schema can be finite.
    ENDLESS_SCHEMA = "endless-schema";
    /// A schema is of a shape that has a Rust type.
    UNSUPPORTED_SCHEMA = "unsupported-schema";
    /// A schema's `type` is one that JSON has.
    UNKNOWN_TYPE = "unknown-type";
    /// A schema's `format` is a known one.
    UNKNOWN_FORMAT = "unknown-format";
    /// A key of a schema goes with its `type`.
    MISPLACED_KEY = "misplaced-key";
    /// What is required is declared.
    UNKNOWN_REQUIRED = "unknown-required";
    /// An enum lists distinct values without parts.
    BAD_ENUM = "bad-enum";
    /// Answers may gain properties.
    CLOSED_OBJECT = "closed-object";
    /// A path is a slash, and literal text and distinct parameters after it.
    BAD_PATH = "bad-path";
    /// Two paths differ in more than the names of their parameters.
    TWIN_PATH = "twin-path";
    /// A path declares exactly the parameters in its braces.
    PATH_PARAMETER = "path-parameter";
    /// An operation has an id.
    MISSING_OPERATION_ID = "missing-operation-id";
    /// An operation has an id of its own.
    DUPLICATE_OPERATION_ID = "duplicate-operation-id";
    /// Responses are keyed by a status, or by a range of them.
    BAD_STATUS = "bad-status";
    /// An operation declares what success looks like.
    NO_SUCCESS = "no-success";
    /// A body has a media type that exists.
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type";
    /// A form has properties, each with one text or a list of them.
    UNSUPPORTED_FORM = "unsupported-form";
    /// A request or a response has a body only where its method gives it a meaning.
    UNEXPECTED_BODY = "unexpected-body";
    /// A parameter can be sent as it is described.
    UNSUPPORTED_PARAMETER = "unsupported-parameter";
    /// A parameter is declared once.
    DUPLICATE_PARAMETER = "duplicate-parameter";
    /// A header of a request is not one that the client writes itself.
    RESERVED_HEADER = "reserved-header";
    /// A component's name is made of letters, digits, dots, hyphens and underscores.
    BAD_COMPONENT_NAME = "bad-component-name";
    /// The name of a type is short enough to be read.
    LONG_NAME = "long-name";
    /// Two names of a spec stay two names in Rust.
    NAME_COLLISION = "name-collision";
    /// A name is not one that generated code needs itself.
    RESERVED_NAME = "reserved-name";
    /// A security scheme is one that a client can serve with a header.
    UNSUPPORTED_SECURITY = "unsupported-security";
    /// A security requirement names a scheme of the spec.
    UNKNOWN_SECURITY_SCHEME = "unknown-security-scheme";
    /// Operations, parameters, properties and schemas say what they mean.
    MISSING_DESCRIPTION = "missing-description";
    /// Operations have a summary.
    MISSING_SUMMARY = "missing-summary";
    /// The values of an enum say what they mean.
    UNDOCUMENTED_ENUM_VALUE = "undocumented-enum-value";
    /// Money is a decimal.
    MONEY_FORMAT = "money-format";
    /// A context header is described alike wherever it stands.
    CONTEXT_HEADER_DIFFERS = "context-header-differs";
    /// A header that every operation requires is set once.
    REQUIRED_HEADER = "required-header";
    /// Every operation can be generated.
    OPERATION_LEFT_OUT = "operation-left-out";
    /// Every status has a response of its own.
    DEFAULT_RESPONSE = "default-response";
}
