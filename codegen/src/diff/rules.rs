//! Every kind of change as data: its effect on requests and on responses, and its reversal.

use super::report::Rust::{self, Additive as Adds, Breaking as Breaks, Docs as Words, None as Nothing};
use super::report::Wire::{self, Breaking as B, Compatible as C, Docs as D, None as N, Potential as P};

/// The part of a document that begins a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    /// The message names its subject itself.
    Named,
    /// The object that has the property at the place of the change.
    Owner,
    /// The place of the change.
    Place,
}

/// A kind of change.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its short name, such as `property-removed`.
    pub id: &'static str,
    pub(super) subject: Subject,
    /// Its meaning in one sentence.
    pub says: &'static str,
    /// The verdict where the value travels to the service.
    pub request: Wire,
    /// The verdict where the value travels to the client.
    pub response: Wire,
    /// The worst effect on the users of the generated crate. A comparison of both surfaces finds the actual one.
    pub rust: Rust,
    /// The rule that finds the same change done backwards.
    pub inverse: &'static str,
}

/// Defines a static for each rule, and the table of all of them.
macro_rules! rules {
    ($($name:ident $id:literal $subject:ident $request:ident $response:ident $rust:ident <-> $inverse:literal $says:literal;)+) => {
        $(pub(super) static $name: Rule =
            Rule { id: $id, subject: Subject::$subject, says: $says, request: $request, response: $response, rust: $rust, inverse: $inverse };)+

        /// Every rule.
        pub static RULES: &[&Rule] = &[$(&$name),+];
    };
}

/// Returns the rule with a name.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

// The parameters and bodies of a callback travel to the client, and its responses to the service.
// Name, id, verdict on requests, on responses, in Rust at most, inverse, meaning.
rules! {
    SPEC_ADDED "spec-added" Place C C Adds <-> "spec-removed"
        "A whole spec is new.";
    SPEC_REMOVED "spec-removed" Place B B Breaks <-> "spec-added"
        "A whole spec is gone.";
    OPERATION_REMOVED "operation-removed" Named B B Breaks <-> "operation-added"
        "An operation is gone.";
    OPERATION_ADDED "operation-added" Named C C Breaks <-> "operation-removed"
        "An operation is new.";
    OPERATION_MOVED "operation-moved" Named B B Breaks <-> "operation-moved"
        "An operation has another path or method.";
    OPERATION_ID_CHANGED "operation-id-changed" Named N N Breaks <-> "operation-id-changed"
        "An operation has another name.";
    PATH_PARAMETER_RENAMED "path-parameter-renamed" Named N N Words <-> "path-parameter-renamed"
        "A path parameter has another name; nothing on the wire shows it.";

    PARAMETER_REMOVED "parameter-removed" Named P P Breaks <-> "parameter-added"
        "An optional parameter is gone.";
    PARAMETER_ADDED "parameter-added" Named C C Breaks <-> "parameter-removed"
        "An optional parameter is new.";
    REQUIRED_PARAMETER_REMOVED "required-parameter-removed" Named P B Breaks <-> "required-parameter-added"
        "A required parameter is gone.";
    REQUIRED_PARAMETER_ADDED "required-parameter-added" Named B C Breaks <-> "required-parameter-removed"
        "A required parameter is new.";
    PARAMETER_BECAME_REQUIRED "parameter-became-required" Named B C Breaks <-> "parameter-became-optional"
        "A parameter must be given.";
    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" Named C B Breaks <-> "parameter-became-required"
        "A parameter may be left out.";
    PARAMETER_LOCATION_CHANGED "parameter-location-changed" Named P P Breaks <-> "parameter-location-changed"
        "A parameter travels in another part of the request.";
    REQUIRED_PARAMETER_MOVED "required-parameter-moved" Named B B Breaks <-> "required-parameter-moved"
        "A required parameter travels in another part of the request.";
    PARAMETER_STYLE_CHANGED "parameter-style-changed" Named B B Breaks <-> "parameter-style-changed"
        "A parameter is written in another way.";

    ENCODING_CHANGED "encoding-changed" Place B B Breaks <-> "encoding-changed"
        "A property of a form is written in another way.";
    BODY_ADDED "body-added" Place C C Breaks <-> "body-removed"
        "An optional request body is new.";
    BODY_REMOVED "body-removed" Place B P Breaks <-> "body-added"
        "An optional request body is gone.";
    REQUIRED_BODY_ADDED "required-body-added" Place B C Breaks <-> "required-body-removed"
        "A required request body is new.";
    REQUIRED_BODY_REMOVED "required-body-removed" Place B B Breaks <-> "required-body-added"
        "A required request body is gone.";
    BODY_BECAME_REQUIRED "body-became-required" Place B C Breaks <-> "body-became-optional"
        "A request body must be given.";
    BODY_BECAME_OPTIONAL "body-became-optional" Place C B Breaks <-> "body-became-required"
        "A request body may be left out.";
    MEDIA_TYPE_ADDED "media-type-added" Place C C Breaks <-> "media-type-removed"
        "A body may have another media type.";
    MEDIA_TYPE_REMOVED "media-type-removed" Place B B Breaks <-> "media-type-added"
        "A body no longer has a media type.";

    SUCCESS_STATUS_ADDED "success-status-added" Place C C Breaks <-> "success-status-removed"
        "A status of success is new.";
    SUCCESS_STATUS_REMOVED "success-status-removed" Place B B Breaks <-> "success-status-added"
        "A status of success is gone.";
    ERROR_STATUS_ADDED "error-status-added" Place C C Breaks <-> "error-status-removed"
        "A status of an error is new.";
    ERROR_STATUS_REMOVED "error-status-removed" Place C C Breaks <-> "error-status-added"
        "A status of an error is gone.";
    STATUS_RANGE_CHANGED "status-range-changed" Place C C Words <-> "status-range-changed"
        "A status is described by a range or the default, or no longer.";
    LINK_ADDED "link-added" Place C C Nothing <-> "link-removed"
        "A link to another call is new.";
    LINK_REMOVED "link-removed" Place P P Nothing <-> "link-added"
        "A link to another call is gone.";
    CALLBACK_ADDED "callback-added" Named C C Nothing <-> "callback-removed"
        "The service makes another call.";
    CALLBACK_REMOVED "callback-removed" Named P P Nothing <-> "callback-added"
        "The service no longer makes a call.";
    WEBHOOK_ADDED "webhook-added" Named C C Nothing <-> "webhook-removed"
        "The service makes another call of its own.";
    WEBHOOK_REMOVED "webhook-removed" Named P P Nothing <-> "webhook-added"
        "The service no longer makes a call of its own.";
    HEADER_ADDED "response-header-added" Named C C Breaks <-> "response-header-removed"
        "An optional header of a response is new.";
    HEADER_REMOVED "response-header-removed" Named C P Breaks <-> "response-header-added"
        "An optional header of a response is gone.";
    REQUIRED_HEADER_ADDED "required-response-header-added" Named B C Breaks <-> "required-response-header-removed"
        "A required header of a response is new.";
    REQUIRED_HEADER_REMOVED "required-response-header-removed" Named C B Breaks <-> "required-response-header-added"
        "A required header of a response is gone.";
    HEADER_BECAME_REQUIRED "response-header-became-required" Place B C Nothing <-> "response-header-became-optional"
        "A header of a response is always there.";
    HEADER_BECAME_OPTIONAL "response-header-became-optional" Place C B Nothing <-> "response-header-became-required"
        "A header of a response may be missing.";

    PROPERTY_ADDED "property-added" Owner C C Breaks <-> "property-removed"
        "An optional property is new.";
    PROPERTY_REMOVED "property-removed" Owner P P Breaks <-> "property-added"
        "An optional property is gone.";
    REQUIRED_PROPERTY_ADDED "required-property-added" Owner B C Breaks <-> "required-property-removed"
        "A required property is new.";
    REQUIRED_PROPERTY_REMOVED "required-property-removed" Owner P B Breaks <-> "required-property-added"
        "A required property is gone.";
    PROPERTY_BECAME_REQUIRED "property-became-required" Owner B C Breaks <-> "property-became-optional"
        "A property is always there.";
    PROPERTY_BECAME_OPTIONAL "property-became-optional" Owner C B Breaks <-> "property-became-required"
        "A property may be missing.";
    PROPERTY_RENAMED "property-renamed" Owner C C Breaks <-> "property-name-dropped"
        "A property has another name, and is still read under the old one (`x-alias`).";
    PROPERTY_NAME_DROPPED "property-name-dropped" Owner P C Breaks <-> "property-renamed"
        "A property is only read under the name that was its `x-alias` before.";
    BECAME_NULLABLE "became-nullable" Place C B Breaks <-> "became-not-nullable"
        "A value may be null.";
    BECAME_NOT_NULLABLE "became-not-nullable" Place B C Breaks <-> "became-nullable"
        "A value is never null.";
    ACCESS_LOST "access-lost" Owner P P Breaks <-> "access-gained"
        "An optional property no longer travels one of the ways: `readOnly` or `writeOnly`.";
    ACCESS_GAINED "access-gained" Owner C C Breaks <-> "access-lost"
        "An optional property travels another way too.";
    REQUIRED_ACCESS_LOST "required-access-lost" Owner P B Breaks <-> "required-access-gained"
        "A required property no longer travels one of the ways: `readOnly` or `writeOnly`.";
    REQUIRED_ACCESS_GAINED "required-access-gained" Owner B C Breaks <-> "required-access-lost"
        "A required property travels another way too.";
    TYPE_CHANGED "type-changed" Place B B Breaks <-> "type-changed"
        "A value has another type.";
    TYPE_WIDENED "type-widened" Place C B Breaks <-> "type-narrowed"
        "A value may have more types.";
    TYPE_NARROWED "type-narrowed" Place B C Breaks <-> "type-widened"
        "A value may have fewer types.";
    FORMAT_CHANGED "format-changed" Place B B Breaks <-> "format-changed"
        "A value is written in another format.";
    FORMAT_SET "format-set" Place B C Breaks <-> "format-dropped"
        "A value must have a format.";
    FORMAT_DROPPED "format-dropped" Place C B Breaks <-> "format-set"
        "A value need not have a format.";
    FORMAT_WIDENED "format-widened" Place C B Breaks <-> "format-narrowed"
        "A format takes more values.";
    FORMAT_NARROWED "format-narrowed" Place B C Breaks <-> "format-widened"
        "A format takes fewer values.";
    ENUM_SET "enum-set" Place B C Breaks <-> "enum-dropped"
        "A value must be one of a list.";
    ENUM_DROPPED "enum-dropped" Place C P Breaks <-> "enum-set"
        "A value need not be one of a list.";
    ENUM_VALUE_ADDED "enum-value-added" Place C P Breaks <-> "enum-value-removed"
        "An open enum has another value.";
    ENUM_VALUE_REMOVED "enum-value-removed" Place B C Breaks <-> "enum-value-added"
        "An open enum lacks a value.";
    CLOSED_ENUM_VALUE_ADDED "closed-enum-value-added" Place C B Breaks <-> "closed-enum-value-removed"
        "A closed enum has another value.";
    CLOSED_ENUM_VALUE_REMOVED "closed-enum-value-removed" Place B C Breaks <-> "closed-enum-value-added"
        "A closed enum lacks a value.";
    ENUM_OPENNESS_CHANGED "enum-openness-changed" Place N N Breaks <-> "enum-openness-changed"
        "An enum is declared open or closed.";
    BOUND_SET "bound-set" Place P C Nothing <-> "bound-dropped"
        "A value has a bound.";
    BOUND_DROPPED "bound-dropped" Place C B Nothing <-> "bound-set"
        "A value has no bound.";
    BOUND_TIGHTENED "bound-tightened" Place B C Nothing <-> "bound-loosened"
        "A bound takes fewer values.";
    BOUND_LOOSENED "bound-loosened" Place C B Nothing <-> "bound-tightened"
        "A bound takes more values.";
    CONSTRAINT_CHANGED "constraint-changed" Place P P Nothing <-> "constraint-changed"
        "A value is limited in another way.";
    PROPERTIES_CLOSED "additional-properties-closed" Place B C Breaks <-> "additional-properties-opened"
        "An object takes no other properties.";
    PROPERTIES_OPENED "additional-properties-opened" Place C C Breaks <-> "additional-properties-closed"
        "An object takes other properties.";
    PROPERTIES_TYPED "additional-properties-typed" Place B C Breaks <-> "additional-properties-untyped"
        "The other properties of an object have a type.";
    PROPERTIES_UNTYPED "additional-properties-untyped" Place C B Breaks <-> "additional-properties-typed"
        "The other properties of an object may be anything.";
    CASE_ADDED "case-added" Place C P Breaks <-> "case-removed"
        "A `oneOf` or `anyOf` has another case.";
    CASE_REMOVED "case-removed" Place B C Breaks <-> "case-added"
        "A `oneOf` or `anyOf` lacks a case.";
    BECAME_ONE_OF "became-one-of" Place B B Breaks <-> "became-single"
        "An object becomes one of several cases; the verdict is that of what differs between it and the cases.";
    BECAME_SINGLE "became-single" Place B B Breaks <-> "became-one-of"
        "One of several cases becomes one object; the verdict is that of what differs between it and the cases.";
    CASES_NARROWED "cases-narrowed" Place P C Nothing <-> "cases-widened"
        "Only one case may fit where several might: `oneOf`, no longer `anyOf`.";
    CASES_WIDENED "cases-widened" Place C P Nothing <-> "cases-narrowed"
        "Several cases may fit at once: `anyOf`, no longer `oneOf`.";
    DISCRIMINATOR_CHANGED "discriminator-changed" Place B B Breaks <-> "discriminator-changed"
        "What tells the case of a value is called something else.";
    DISCRIMINATOR_ADDED "discriminator-added" Place P C Breaks <-> "discriminator-removed"
        "A property tells the case of a value.";
    DISCRIMINATOR_REMOVED "discriminator-removed" Place C P Breaks <-> "discriminator-added"
        "No property tells the case of a value any more.";
    SCHEMA_SWAPPED "schema-swapped" Place P P Breaks <-> "schema-swapped"
        "A reference leads to another component; the verdict is that of what differs between the two.";
    DEFAULT_CHANGED "default-changed" Place P D Nothing <-> "default-changed"
        "A value left out means something else.";

    SECURITY_TIGHTENED "security-tightened" Named B N Breaks <-> "security-relaxed"
        "A request needs more authorization.";
    SECURITY_RELAXED "security-relaxed" Named C N Breaks <-> "security-tightened"
        "A request needs less authorization.";
    SECURITY_CHANGED "security-changed" Named B N Breaks <-> "security-changed"
        "A request needs another authorization.";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" Named B N Breaks <-> "security-scheme-changed"
        "A security scheme works in another way.";
    AUTHORIZATION_URL_CHANGED "authorization-url-changed" Named P N Nothing <-> "authorization-url-changed"
        "Users log in at another address.";
    SECURITY_SCHEME_RENAMED "security-scheme-renamed" Named N N Words <-> "security-scheme-renamed"
        "A security scheme has another name, which programs use to set several credentials.";
    SERVERS_CHANGED "servers-changed" Named C N Breaks <-> "servers-changed"
        "The service is found elsewhere.";
    DEPRECATED_SET "deprecated-set" Place C C Breaks <-> "deprecated-unset"
        "Something is announced to go.";
    DEPRECATED_UNSET "deprecated-unset" Place C C Breaks <-> "deprecated-set"
        "Something is no longer announced to go.";

    SCHEMA_ADDED "schema-added" Named N N Breaks <-> "schema-removed"
        "A component schema is new.";
    SCHEMA_REMOVED "schema-removed" Named N N Breaks <-> "schema-added"
        "A component schema is gone.";
    SCHEMA_RENAMED "schema-renamed" Named N N Breaks <-> "schema-renamed"
        "A component schema has another name; nothing on the wire shows it.";
    DESCRIPTION_CHANGED "description-changed" Place D D Words <-> "description-changed"
        "A description is worded differently.";
    SUMMARY_CHANGED "summary-changed" Place D D Words <-> "summary-changed"
        "A summary is worded differently.";
    TITLE_CHANGED "title-changed" Place D D Words <-> "title-changed"
        "A title is worded differently.";
    EXAMPLE_CHANGED "example-changed" Place D D Nothing <-> "example-changed"
        "An example is another.";
    NOTE_CHANGED "note-changed" Place D D Words <-> "note-changed"
        "A tag, contact, licence or link is another.";
    VERSION_CHANGED "version-changed" Place D D Words <-> "version-changed"
        "The description has another version.";
    EXTENSION_CHANGED "extension-changed" Place D D Nothing <-> "extension-changed"
        "An `x-` key that means nothing to the generator is another.";

    OBSERVED_OPTIONAL_CHANGED "observed-optional-changed" Place N N Breaks <-> "observed-optional-changed"
        "The evidence that a required property is missing at times is another.";
    ALIAS_CHANGED "alias-changed" Place N N Words <-> "alias-changed"
        "A property is decoded under other names too.";
    FIELD_NAME_CHANGED "field-name-changed" Place N N Breaks <-> "field-name-changed"
        "A property has another name in Rust.";
    SENSITIVITY_CHANGED "sensitivity-changed" Place N N Words <-> "sensitivity-changed"
        "`Debug` shows a value, or hides it.";
    NEWTYPE_ADDED "newtype-added" Place N N Breaks <-> "newtype-removed"
        "A value has a type of its own in Rust.";
    NEWTYPE_REMOVED "newtype-removed" Place N N Breaks <-> "newtype-added"
        "A value no longer has a type of its own in Rust.";
    NEWTYPE_CHANGED "newtype-changed" Place N N Breaks <-> "newtype-changed"
        "A value has another type of its own in Rust.";
    BOXED_CHANGED "boxed-changed" Place N N Breaks <-> "boxed-changed"
        "A property's value has a place of its own in memory, or no longer.";
    CONTEXT_HEADERS_CHANGED "context-headers-changed" Place N N Breaks <-> "context-headers-changed"
        "Other headers are set once on a client.";
    ERROR_SCHEMA_CHANGED "error-schema-changed" Place N N Breaks <-> "error-schema-changed"
        "Errors carry another type.";
    ERROR_CODE_PLACE_CHANGED "error-code-place-changed" Place N N Words <-> "error-code-place-changed"
        "What an error shows of its body is another code.";
    REQUEST_ID_CHANGED "request-id-changed" Place N N Words <-> "request-id-changed"
        "Another header, or none, gets a new id for every request.";
    OTHER_CHANGED "other-changed" Place P P Breaks <-> "other-changed"
        "Something changes that no rule looks at.";

    GENERATOR_REFUSES "generator-refuses" Place N N Breaks <-> "generator-accepts"
        "The generator took the old side, and does not take the new one.";
    GENERATOR_ACCEPTS "generator-accepts" Place N N Breaks <-> "generator-refuses"
        "The generator takes the new side, and did not take the old one.";
    GENERATOR_REFUSES_BOTH "generator-refuses-both" Place N N Breaks <-> "generator-refuses-both"
        "The generator takes neither side.";
    OPERATION_LEFT_OUT "operation-left-out" Place N N Breaks <-> "operation-generated"
        "The generator took an operation of the old side, and leaves it out on the new one.";
    OPERATION_GENERATED "operation-generated" Place N N Breaks <-> "operation-left-out"
        "The generator takes an operation of the new side, and left it out on the old one.";
    RUST_ITEM_REMOVED "rust-item-removed" Place N N Breaks <-> "rust-item-added"
        "Something is gone from the generated crate.";
    RUST_ITEM_ADDED "rust-item-added" Place N N Breaks <-> "rust-item-removed"
        "Something is new in the generated crate.";
    RUST_TYPE_CHANGED "rust-type-changed" Place N N Breaks <-> "rust-type-changed"
        "Something has another type in the generated crate.";
    RUST_CODE_CHANGED "rust-code-changed" Place N N Breaks <-> "rust-code-changed"
        "Generated code changes behind its signatures, or in its documentation.";
}
