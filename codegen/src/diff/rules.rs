//! Every kind of change, as data: what it does to requests, to responses, and what its reversal is.

use super::report::Rust::{self, Additive as Adds, Breaking as Breaks, Docs as RustDocs, None as NoRust};
use super::report::Wire::{self, Breaking as B, Compatible as C, Docs as D, None as N, Potential as P};

/// A kind of change.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its short name, such as `property-removed`.
    pub id: &'static str,
    /// What it means.
    pub says: &'static str,
    /// The verdict where the value travels to the service.
    pub request: Wire,
    /// The verdict where the value travels to the client.
    pub response: Wire,
    /// What the generated crate shows of it at least; the surfaces tell the rest.
    pub rust: Rust,
    /// The rule that finds the same change done backwards.
    pub mirror: &'static str,
}

/// Defines a static for each rule, and the table of all of them.
macro_rules! rules {
    ($($name:ident $id:literal $request:ident $response:ident $rust:ident <-> $mirror:literal $says:literal;)+) => {
        $(pub(super) static $name: Rule =
            Rule { id: $id, says: $says, request: $request, response: $response, rust: $rust, mirror: $mirror };)+

        /// Every rule.
        pub static RULES: &[&Rule] = &[$(&$name),+];
    };
}

/// The rule of a name.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

// Name, id, verdict on requests, on responses, in Rust at least, mirror, meaning.
rules! {
    SPEC_ADDED "spec-added" C C Adds <-> "spec-removed"
        "A whole spec is new.";
    SPEC_REMOVED "spec-removed" B B Breaks <-> "spec-added"
        "A whole spec is gone.";
    OPERATION_REMOVED "operation-removed" B B NoRust <-> "operation-added"
        "An operation is gone.";
    OPERATION_ADDED "operation-added" C C NoRust <-> "operation-removed"
        "An operation is new.";
    OPERATION_MOVED "operation-moved" B B RustDocs <-> "operation-moved"
        "An operation has another path or method.";
    OPERATION_ID_CHANGED "operation-id-changed" N N NoRust <-> "operation-id-changed"
        "An operation has another name.";
    PATH_PARAMETER_RENAMED "path-parameter-renamed" N N RustDocs <-> "path-parameter-renamed"
        "A path parameter has another name; nothing on the wire shows it.";

    PARAMETER_REMOVED "parameter-removed" P N NoRust <-> "parameter-added"
        "An optional parameter is gone.";
    PARAMETER_ADDED "parameter-added" C N NoRust <-> "parameter-removed"
        "An optional parameter is new.";
    REQUIRED_PARAMETER_REMOVED "required-parameter-removed" P N NoRust <-> "required-parameter-added"
        "A required parameter is gone.";
    REQUIRED_PARAMETER_ADDED "required-parameter-added" B N NoRust <-> "required-parameter-removed"
        "A required parameter is new.";
    PARAMETER_BECAME_REQUIRED "parameter-became-required" B N NoRust <-> "parameter-became-optional"
        "A parameter must be given.";
    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" C N NoRust <-> "parameter-became-required"
        "A parameter may be left out.";
    PARAMETER_LOCATION_CHANGED "parameter-location-changed" P N NoRust <-> "parameter-location-changed"
        "A parameter travels in another part of the request.";
    PARAMETER_STYLE_CHANGED "parameter-style-changed" B N NoRust <-> "parameter-style-changed"
        "A parameter is written in another way.";

    BODY_ADDED "body-added" C N NoRust <-> "body-removed"
        "An optional request body is new.";
    BODY_REMOVED "body-removed" B N NoRust <-> "body-added"
        "An optional request body is gone.";
    REQUIRED_BODY_ADDED "required-body-added" B N NoRust <-> "required-body-removed"
        "A required request body is new.";
    REQUIRED_BODY_REMOVED "required-body-removed" B N NoRust <-> "required-body-added"
        "A required request body is gone.";
    BODY_BECAME_REQUIRED "body-became-required" B N NoRust <-> "body-became-optional"
        "A request body must be given.";
    BODY_BECAME_OPTIONAL "body-became-optional" C N NoRust <-> "body-became-required"
        "A request body may be left out.";
    MEDIA_TYPE_ADDED "media-type-added" C C NoRust <-> "media-type-removed"
        "A body may have another media type.";
    MEDIA_TYPE_REMOVED "media-type-removed" B B NoRust <-> "media-type-added"
        "A body no longer has a media type.";

    SUCCESS_STATUS_ADDED "success-status-added" N C NoRust <-> "success-status-removed"
        "A status of success is new.";
    SUCCESS_STATUS_REMOVED "success-status-removed" N B NoRust <-> "success-status-added"
        "A status of success is gone.";
    ERROR_STATUS_ADDED "error-status-added" N C NoRust <-> "error-status-removed"
        "A status of an error is new.";
    ERROR_STATUS_REMOVED "error-status-removed" N C NoRust <-> "error-status-added"
        "A status of an error is gone.";
    HEADER_ADDED "response-header-added" N C NoRust <-> "response-header-removed"
        "An optional header of a response is new.";
    HEADER_REMOVED "response-header-removed" N P NoRust <-> "response-header-added"
        "An optional header of a response is gone.";
    REQUIRED_HEADER_ADDED "required-response-header-added" N C NoRust <-> "required-response-header-removed"
        "A required header of a response is new.";
    REQUIRED_HEADER_REMOVED "required-response-header-removed" N B NoRust <-> "required-response-header-added"
        "A required header of a response is gone.";
    HEADER_BECAME_REQUIRED "response-header-became-required" N C NoRust <-> "response-header-became-optional"
        "A header of a response is always there.";
    HEADER_BECAME_OPTIONAL "response-header-became-optional" N B NoRust <-> "response-header-became-required"
        "A header of a response may be missing.";

    PROPERTY_ADDED "property-added" C C NoRust <-> "property-removed"
        "An optional property is new.";
    PROPERTY_REMOVED "property-removed" P P NoRust <-> "property-added"
        "An optional property is gone.";
    REQUIRED_PROPERTY_ADDED "required-property-added" B C NoRust <-> "required-property-removed"
        "A required property is new.";
    REQUIRED_PROPERTY_REMOVED "required-property-removed" P B NoRust <-> "required-property-added"
        "A required property is gone.";
    PROPERTY_BECAME_REQUIRED "property-became-required" B C NoRust <-> "property-became-optional"
        "A property is always there.";
    PROPERTY_BECAME_OPTIONAL "property-became-optional" C B NoRust <-> "property-became-required"
        "A property may be missing.";
    BECAME_NULLABLE "became-nullable" C B NoRust <-> "became-not-nullable"
        "A value may be null.";
    BECAME_NOT_NULLABLE "became-not-nullable" B C NoRust <-> "became-nullable"
        "A value is never null.";
    ACCESS_CHANGED "access-changed" P P NoRust <-> "access-changed"
        "A property travels another way: `readOnly` or `writeOnly`.";
    TYPE_CHANGED "type-changed" B B NoRust <-> "type-changed"
        "A value has another type.";
    TYPE_WIDENED "type-widened" C B NoRust <-> "type-narrowed"
        "A value may have more types.";
    TYPE_NARROWED "type-narrowed" B C NoRust <-> "type-widened"
        "A value may have fewer types.";
    FORMAT_CHANGED "format-changed" B B NoRust <-> "format-changed"
        "A value is written in another format.";
    FORMAT_SET "format-set" B C NoRust <-> "format-dropped"
        "A value must have a format.";
    FORMAT_DROPPED "format-dropped" C B NoRust <-> "format-set"
        "A value need not have a format.";
    FORMAT_WIDENED "format-widened" C B NoRust <-> "format-narrowed"
        "A format takes more values.";
    FORMAT_NARROWED "format-narrowed" B C NoRust <-> "format-widened"
        "A format takes fewer values.";
    ENUM_SET "enum-set" B C NoRust <-> "enum-dropped"
        "A value must be one of a list.";
    ENUM_DROPPED "enum-dropped" C P NoRust <-> "enum-set"
        "A value need not be one of a list.";
    ENUM_VALUE_ADDED "enum-value-added" C P NoRust <-> "enum-value-removed"
        "An open enum has another value.";
    ENUM_VALUE_REMOVED "enum-value-removed" B C NoRust <-> "enum-value-added"
        "An open enum lacks a value.";
    CLOSED_ENUM_VALUE_ADDED "closed-enum-value-added" C B NoRust <-> "closed-enum-value-removed"
        "A closed enum has another value.";
    CLOSED_ENUM_VALUE_REMOVED "closed-enum-value-removed" B C NoRust <-> "closed-enum-value-added"
        "A closed enum lacks a value.";
    ENUM_OPENNESS_CHANGED "enum-openness-changed" N N NoRust <-> "enum-openness-changed"
        "An enum is declared open or closed.";
    BOUND_SET "bound-set" P C NoRust <-> "bound-dropped"
        "A value has a bound.";
    BOUND_DROPPED "bound-dropped" C B NoRust <-> "bound-set"
        "A value has no bound.";
    BOUND_TIGHTENED "bound-tightened" B C NoRust <-> "bound-loosened"
        "A bound takes fewer values.";
    BOUND_LOOSENED "bound-loosened" C B NoRust <-> "bound-tightened"
        "A bound takes more values.";
    CONSTRAINT_CHANGED "constraint-changed" P P NoRust <-> "constraint-changed"
        "A value is limited in another way.";
    PROPERTIES_CLOSED "additional-properties-closed" B C NoRust <-> "additional-properties-opened"
        "An object takes no other properties.";
    PROPERTIES_OPENED "additional-properties-opened" C C NoRust <-> "additional-properties-closed"
        "An object takes other properties.";
    PROPERTIES_TYPED "additional-properties-typed" B C NoRust <-> "additional-properties-untyped"
        "The other properties of an object have a type.";
    PROPERTIES_UNTYPED "additional-properties-untyped" C B NoRust <-> "additional-properties-typed"
        "The other properties of an object may be anything.";
    CASE_ADDED "case-added" C P NoRust <-> "case-removed"
        "A `oneOf` or `anyOf` has another case.";
    CASE_REMOVED "case-removed" B C NoRust <-> "case-added"
        "A `oneOf` or `anyOf` lacks a case.";
    DEFAULT_CHANGED "default-changed" P D RustDocs <-> "default-changed"
        "A value left out means something else.";

    SECURITY_TIGHTENED "security-tightened" B N NoRust <-> "security-relaxed"
        "A request needs more authorization.";
    SECURITY_RELAXED "security-relaxed" C N NoRust <-> "security-tightened"
        "A request needs less authorization.";
    SECURITY_CHANGED "security-changed" B N NoRust <-> "security-changed"
        "A request needs another authorization.";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" B N NoRust <-> "security-scheme-changed"
        "A security scheme works in another way.";
    SERVERS_CHANGED "servers-changed" C N RustDocs <-> "servers-changed"
        "The service is found elsewhere.";
    DEPRECATED_SET "deprecated-set" C C NoRust <-> "deprecated-unset"
        "Something is announced to go.";
    DEPRECATED_UNSET "deprecated-unset" C C NoRust <-> "deprecated-set"
        "Something is no longer announced to go.";

    SCHEMA_ADDED "schema-added" N N NoRust <-> "schema-removed"
        "A component schema is new.";
    SCHEMA_REMOVED "schema-removed" N N NoRust <-> "schema-added"
        "A component schema is gone.";
    SCHEMA_RENAMED "schema-renamed" N N NoRust <-> "schema-renamed"
        "A component schema has another name; nothing on the wire shows it.";
    DESCRIPTION_CHANGED "description-changed" D D RustDocs <-> "description-changed"
        "A description is worded differently.";
    SUMMARY_CHANGED "summary-changed" D D RustDocs <-> "summary-changed"
        "A summary is worded differently.";
    TITLE_CHANGED "title-changed" D D RustDocs <-> "title-changed"
        "A title is worded differently.";
    EXAMPLE_CHANGED "example-changed" D D NoRust <-> "example-changed"
        "An example is another.";
    NOTE_CHANGED "note-changed" D D NoRust <-> "note-changed"
        "A tag, contact, licence or link is another.";
    VERSION_CHANGED "version-changed" D D RustDocs <-> "version-changed"
        "The description has another version.";
    EXTENSION_CHANGED "extension-changed" D D NoRust <-> "extension-changed"
        "An `x-` key that means nothing to the generator is another.";

    OBSERVED_OPTIONAL_CHANGED "observed-optional-changed" N N RustDocs <-> "observed-optional-changed"
        "The evidence that a required property is missing at times is another.";
    ALIAS_CHANGED "alias-changed" N N RustDocs <-> "alias-changed"
        "A property is decoded under other names too.";
    FIELD_NAME_CHANGED "field-name-changed" N N NoRust <-> "field-name-changed"
        "A property has another name in Rust.";
    SENSITIVITY_CHANGED "sensitivity-changed" N N RustDocs <-> "sensitivity-changed"
        "`Debug` shows a value, or hides it.";
    CONTEXT_HEADERS_CHANGED "context-headers-changed" N N NoRust <-> "context-headers-changed"
        "Other headers are set once on a client.";
    ERROR_SCHEMA_CHANGED "error-schema-changed" N N NoRust <-> "error-schema-changed"
        "Errors carry another type.";
    OTHER_CHANGED "other-changed" P P NoRust <-> "other-changed"
        "Something changes that no rule looks at.";

    GENERATOR_REFUSES "generator-refuses" N N NoRust <-> "generator-accepts"
        "The generator took the old side, and does not take the new one.";
    GENERATOR_ACCEPTS "generator-accepts" N N NoRust <-> "generator-refuses"
        "The generator takes the new side, and did not take the old one.";
    GENERATOR_REFUSES_BOTH "generator-refuses-both" N N NoRust <-> "generator-refuses-both"
        "The generator takes neither side.";
    RUST_ITEM_REMOVED "rust-item-removed" N N NoRust <-> "rust-item-added"
        "Something is gone from the generated crate.";
    RUST_ITEM_ADDED "rust-item-added" N N NoRust <-> "rust-item-removed"
        "Something is new in the generated crate.";
    RUST_TYPE_CHANGED "rust-type-changed" N N NoRust <-> "rust-type-changed"
        "Something has another type in the generated crate.";
    RUST_CODE_CHANGED "rust-code-changed" N N RustDocs <-> "rust-code-changed"
        "Generated code changes behind its signatures, or in its documentation.";
}
