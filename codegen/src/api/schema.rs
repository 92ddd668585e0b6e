//! Objects, codes, unions and newtypes.

use super::ty::into_argument;
use super::{Scalar, Ty};
use crate::directions::Directions;
use crate::names;

/// A type of the module `types`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TypeItem {
    /// A struct.
    Object(Object),
    /// An enum of plain values.
    Code(Code),
    /// An enum of types.
    Union(Union),
    /// A struct around one value.
    Newtype(Newtype),
}

impl TypeItem {
    /// The Rust name.
    pub fn name(&self) -> &str {
        match self {
            Self::Object(object) => &object.name,
            Self::Code(code) => &code.name,
            Self::Union(union) => &union.name,
            Self::Newtype(newtype) => &newtype.name,
        }
    }

    /// The directions in which values of the type travel. Empty where no operation uses it.
    pub fn directions(&self) -> Directions {
        match self {
            Self::Object(object) => object.directions,
            Self::Code(code) => code.directions,
            Self::Union(union) => union.directions,
            Self::Newtype(newtype) => newtype.directions,
        }
    }

    pub(super) fn directions_mut(&mut self) -> &mut Directions {
        match self {
            Self::Object(object) => &mut object.directions,
            Self::Code(code) => &mut code.directions,
            Self::Union(union) => &mut union.directions,
            Self::Newtype(newtype) => &mut newtype.directions,
        }
    }
}

/// A JSON object with described properties.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Object {
    /// The Rust name.
    pub name: String,
    /// The description.
    pub docs: String,
    /// The properties, by wire name.
    pub fields: Vec<Field>,
    /// Properties beside the described ones.
    pub extras: Extras,
    /// The directions in which values travel.
    pub directions: Directions,
    /// Set if a request that changes parts of a resource (`PATCH`) carries the object: a property that may be left out or null
    /// has three states.
    pub is_patch: bool,
    /// Set for a form of several parts, which may hold files: it is not JSON, and has no unlisted properties.
    pub is_multipart: bool,
}

impl Object {
    /// Returns whether a request carries the object, so that unlisted properties can be set.
    pub fn is_in_request(&self) -> bool {
        self.directions.contains(Directions::REQUEST)
    }
}

/// Properties beside the described ones (`additionalProperties`). Whatever the document says, objects keep those that
/// come with a response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Extras {
    /// The document does not mention them.
    Unspecified,
    /// They are allowed, with any value.
    Allowed,
    /// They are refused.
    Refused,
    /// They have values of this type.
    Typed(Ty),
}

/// A property of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The Rust name.
    pub name: String,
    /// The name on the wire.
    pub wire: String,
    /// Other names that are decoded too (`x-alias`).
    pub aliases: Vec<String>,
    /// The description.
    pub docs: String,
    /// The type of a value that is there.
    pub ty: Ty,
    /// Whether the property may be left out or null, by the document.
    pub presence: Presence,
    /// Whether a property that the document requires was seen to be left out (`x-observed-optional`).
    pub observed_optional: bool,
    /// The directions in which the property travels (`readOnly`, `writeOnly`).
    pub access: Directions,
    /// The way in which the field keeps a missing value.
    pub kind: FieldKind,
    /// Whether the value is in a box of its own: `x-boxed`, or a type that holds itself.
    pub boxed: bool,
    /// Whether `Debug` hides the value.
    pub hidden: bool,
    /// Whether the document announces the property's removal.
    pub deprecated: bool,
}

/// Whether a property may be left out or null.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    /// Always there, never null.
    Required,
    /// May be left out, never null.
    Optional,
    /// Always there, may be null.
    Nullable,
    /// May be left out or null.
    OptionalNullable,
}

impl Presence {
    /// The presence of a property by its two flags.
    pub fn new(required: bool, nullable: bool) -> Self {
        match (required, nullable) {
            (true, false) => Self::Required,
            (false, false) => Self::Optional,
            (true, true) => Self::Nullable,
            (false, true) => Self::OptionalNullable,
        }
    }

    /// Whether the key has to be there.
    pub fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::Nullable)
    }

    /// Whether the value may be null.
    pub fn is_nullable(self) -> bool {
        matches!(self, Self::Nullable | Self::OptionalNullable)
    }
}

/// The way in which a field keeps a missing value, and in which it is written then.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FieldKind {
    /// A value that is always there.
    Required,
    /// A list that is always there.
    RequiredList,
    /// A map that is always there.
    RequiredMap,
    /// `None` is written as null.
    Nullable,
    /// `None` is left out.
    Optional,
    /// `None` is left out, and `Some(None)` is written as null.
    Patched,
    /// `None` where the value cannot be decoded: error bodies are kept as far as they can be read.
    Lenient,
    /// An empty list is left out.
    List,
    /// An empty map is left out.
    Map,
}

impl FieldKind {
    /// The kind of a field.
    ///
    /// A request distinguishes a list that is absent from an empty one. In a response both mean the same, and the plain
    /// `Vec` is easier to use.
    pub(super) fn new(ty: &Ty, presence: Presence, observed_optional: bool, in_request: bool) -> Self {
        let required = presence.is_required() && !observed_optional;
        let is_list = matches!(ty, Ty::List(_));
        let is_map = ty.is_typed_map();
        match (required, presence.is_nullable()) {
            (true, false) if is_list => Self::RequiredList,
            (true, false) if is_map => Self::RequiredMap,
            (true, false) => Self::Required,
            (false, _) if is_list && !in_request => Self::List,
            (false, _) if is_map && !in_request => Self::Map,
            // The document writes null for a missing value here, even if the key was seen to be left out.
            _ if presence == Presence::Nullable => Self::Nullable,
            _ => Self::Optional,
        }
    }

    /// The kind's name in `openbanking_client_runtime::object!`.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::RequiredList => "required_list",
            Self::RequiredMap => "required_map",
            Self::Nullable => "nullable",
            Self::Optional => "optional",
            Self::Patched => "patched",
            Self::Lenient => "salvaged",
            Self::List => "list",
            Self::Map => "map",
        }
    }

    /// Whether the constructor of the object takes the value.
    pub fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::RequiredList | Self::RequiredMap)
    }

    /// Whether the field is an `Option`.
    pub fn is_option(self) -> bool {
        matches!(self, Self::Nullable | Self::Optional | Self::Lenient)
    }
}

impl Field {
    /// The type of a value in the field, without the `Option` around it.
    fn value(&self) -> String {
        if self.boxed { format!("Box<{}>", self.ty.rust()) } else { self.ty.rust() }
    }

    /// The type of the field.
    pub fn rust(&self) -> String {
        match self.kind {
            FieldKind::Patched => format!("Option<Option<{}>>", self.value()),
            kind if kind.is_option() => format!("Option<{}>", self.value()),
            _ => self.value(),
        }
    }

    /// The type that the constructor and the setter take. A box is the field's own business.
    pub fn argument(&self) -> String {
        into_argument(self.ty.rust())
    }

    /// The name of the setter.
    pub fn setter(&self) -> String {
        names::field_setter(&self.name)
    }
}

/// An enum of plain values.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Code {
    /// The Rust name.
    pub name: String,
    /// The description.
    pub docs: String,
    /// The JSON type of the values.
    pub kind: CodeKind,
    /// The variant for values that are not listed; `None` where the enum is closed (`x-closed`).
    pub unlisted: Option<String>,
    /// The values, by wire value.
    pub variants: Vec<Variant>,
    /// The directions in which values travel.
    pub directions: Directions,
}

/// The JSON type of an enum's values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CodeKind {
    /// Strings.
    Text,
    /// Whole numbers.
    Integer,
    /// Values of several types, or of another one.
    Mixed,
}

/// A value of a code.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// The Rust name.
    pub name: String,
    /// The value on the wire: the text of a string, the JSON of anything else.
    pub wire: String,
    /// The description.
    pub docs: String,
}

/// A value of one of several types (`oneOf`, `anyOf`).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Union {
    /// The Rust name.
    pub name: String,
    /// The description.
    pub docs: String,
    /// The types, by name.
    pub cases: Vec<Case>,
    /// The tests that recognize a case by the form of a value, in the order in which they are tried. Empty if the form does
    /// not decide: then the value is kept as JSON, with a method for each case that parses it.
    pub tests: Vec<(String, CaseTest)>,
    /// The variant for values of none of the cases.
    pub unlisted: String,
    /// Whether a value fits exactly one case (`oneOf`).
    pub exclusive: bool,
    /// The property that names the case.
    pub discriminator: Option<Discriminator>,
    /// The directions in which values travel.
    pub directions: Directions,
}

/// A case of a union.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Case {
    /// The Rust name of the variant.
    pub name: String,
    /// The description.
    pub docs: String,
    /// The type of its values.
    pub ty: Ty,
    /// Set if the variant boxes the value, because its type contains the union.
    pub boxed: bool,
}

impl Case {
    /// The Rust type of the value in the variant.
    pub fn rust(&self) -> String {
        if self.boxed { format!("Box<{}>", self.ty.rust()) } else { self.ty.rust() }
    }
}

/// A test that recognizes a case of a union.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CaseTest {
    /// A JSON value of this type.
    Json(JsonType),
    /// An object in which a property has one of these values, as JSON text.
    Constant(String, Vec<String>),
    /// An object with all of these properties.
    Keys(Vec<String>),
}

/// The type of a JSON value, except for null.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum JsonType {
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    List,
    /// An object.
    Object,
}

/// The property that names the case of a union.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Discriminator {
    /// The wire name of the property.
    pub property: String,
    /// Its values, each with the Rust name of the variant.
    pub values: Vec<(String, String)>,
}

/// A type around one value (`x-newtype`), which is no other type's.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Newtype {
    /// The Rust name.
    pub name: String,
    /// The description.
    pub docs: String,
    /// The value: a UUID or a string.
    pub scalar: Scalar,
    /// The directions in which values travel.
    pub directions: Directions,
}
