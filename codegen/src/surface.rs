//! The public surface of a generated client as data, types included.
//!
//! The code is printed from it, the snapshots show it, and the spec diff compares it: one description, so that the
//! three cannot disagree.

use std::fmt::{self, Display, Formatter};

/// Everything public that a spec generates.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Surface {
    /// The title of the API.
    pub title: String,
    /// The version of the API, as the spec states it.
    pub version: String,
    /// What the API is.
    pub docs: String,
    /// The URL of the first server.
    pub server: Option<String>,
    /// The type that error answers carry, if the spec names one.
    pub error: Option<String>,
    /// The wire names that lead from there to the error code, where it is not the one code that the type holds.
    pub error_code: Vec<String>,
    /// Objects and codes, by name.
    pub types: Vec<TypeItem>,
    /// Operations, by name.
    pub operations: Vec<Operation>,
}

/// A type of the module `types`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TypeItem {
    /// A struct.
    Object(Object),
    /// An enum of strings.
    Code(Code),
}

impl TypeItem {
    /// Its Rust name.
    pub fn name(&self) -> &str {
        match self {
            Self::Object(object) => &object.name,
            Self::Code(code) => &code.name,
        }
    }
}

/// A JSON object.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Object {
    /// Its Rust name.
    pub name: String,
    /// Its description.
    pub docs: String,
    /// Its fields, by wire name.
    pub fields: Vec<Field>,
}

/// A property of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// Its Rust name.
    pub name: String,
    /// Its name on the wire.
    pub wire: String,
    /// Other names that are decoded too.
    pub aliases: Vec<String>,
    /// Its description.
    pub docs: String,
    /// The type of one value, with no `Option` around it; that of a list's or a map's element.
    pub inner: String,
    /// Whether and how it may be missing.
    pub presence: Presence,
    /// Whether `Debug` keeps its value to itself.
    pub hidden: bool,
    /// Whether a decimal travels as a JSON number.
    pub number: bool,
    /// Whether the spec says that it will go away.
    pub deprecated: bool,
}

/// Whether and how a property may be missing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Presence {
    /// Always there.
    Required,
    /// A list that is always there.
    RequiredList,
    /// A map that is always there.
    RequiredMap,
    /// Always written, as null where there is nothing.
    Nullable,
    /// Left out where there is nothing.
    Optional,
    /// Nothing where it cannot be read: what an error answer says is kept piece by piece.
    Salvaged,
    /// A list that is left out where it is empty.
    List,
    /// A map that is left out where it is empty.
    Map,
}

impl Presence {
    /// The kind's name in `openbanking_client_runtime::object!`.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::RequiredList => "required_list",
            Self::RequiredMap => "required_map",
            Self::Nullable => "nullable",
            Self::Optional => "optional",
            Self::Salvaged => "salvaged",
            Self::List => "list",
            Self::Map => "map",
        }
    }

    /// Whether a value must be given to build the object.
    pub fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::RequiredList | Self::RequiredMap)
    }
}

impl Field {
    /// The type of the field.
    pub fn ty(&self) -> String {
        let inner = &self.inner;
        match self.presence {
            Presence::Required => inner.clone(),
            Presence::RequiredList | Presence::List => format!("Vec<{inner}>"),
            Presence::RequiredMap | Presence::Map => format!("BTreeMap<String, {inner}>"),
            Presence::Nullable | Presence::Optional | Presence::Salvaged => format!("Option<{inner}>"),
        }
    }

    /// The type that the constructor and the setter take.
    pub fn given(&self) -> String {
        match self.presence {
            Presence::Nullable | Presence::Optional | Presence::Salvaged => into(&self.inner),
            _ => into(&self.ty()),
        }
    }

    /// The name of the setter of a field that the constructor does not ask for.
    pub fn setter(&self) -> String {
        // Names that objects have already. No field's own name ends like this, but that of a keyword.
        match self.name.as_str() {
            taken @ ("clone" | "new") => format!("{taken}_"),
            name => name.to_owned(),
        }
    }
}

/// An enum of strings.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Code {
    /// Its Rust name.
    pub name: String,
    /// Its description.
    pub docs: String,
    /// The variant for values that are not listed; none where the enum is closed.
    pub unlisted: Option<String>,
    /// Its values, by wire value.
    pub variants: Vec<Variant>,
}

/// A value of a code.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Variant {
    /// Its Rust name.
    pub name: String,
    /// Its value on the wire.
    pub wire: String,
    /// Its description.
    pub docs: String,
}

/// A method of the client, with the request that it makes.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The method's name.
    pub name: String,
    /// `GET`, `POST` …
    pub method: String,
    /// The URL template.
    pub path: String,
    /// Its one-line summary.
    pub summary: String,
    /// Its description.
    pub docs: String,
    /// What the caller has to give, in the order of the arguments.
    pub arguments: Vec<Parameter>,
    /// What the caller may give, by name.
    pub setters: Vec<Parameter>,
    /// The type of a success.
    pub returns: String,
    /// Status and description of each documented answer.
    pub responses: Vec<(String, String)>,
    /// Wire names of the headers that it takes from the client.
    pub context_headers: Vec<String>,
    /// The one of them that gets a new value for every request, where none is set.
    pub request_id: Option<String>,
    /// How it shows who calls, if it does.
    pub authorization: Option<Authorization>,
    /// Whether what it sends can be used once, so that it is never signed anew and sent again.
    pub single_use: bool,
    /// The error codes by which the service says that what is to be deleted is gone.
    pub gone: Vec<String>,
    /// Whether the spec says that it will go away.
    pub deprecated: bool,
}

/// How an operation shows who calls.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Authorization {
    /// The header that says it, in lower case.
    pub header: String,
    /// Whether it may be left out.
    pub optional: bool,
}

/// Something that goes out with a request.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its Rust name.
    pub name: String,
    /// Its name on the wire; empty for the body.
    pub wire: String,
    /// `path`, `query`, `header` or `body`.
    pub location: &'static str,
    /// Its description.
    pub docs: String,
    /// The type that is kept of it.
    pub ty: String,
    /// The type that the argument or the setter takes.
    pub given: String,
    /// Its place among the arguments of progenitor's own method.
    pub(crate) place: usize,
}

/// What to ask for where a type is kept: texts are easier to give as `impl Into<String>`.
pub(crate) fn into(ty: &str) -> String {
    if ty == "String" { "impl Into<String>".to_owned() } else { ty.to_owned() }
}

/// What the surface says of the API itself; its types and operations are shown one by one.
impl Display for Surface {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        writeln!(f, "{} {}", self.title, self.version)?;
        writeln!(f, "  server {}", self.server.as_deref().unwrap_or("none"))?;
        writeln!(f, "  errors {}", self.error.as_deref().unwrap_or("none"))?;
        if self.error_code.is_empty() { Ok(()) } else { writeln!(f, "  error code {}", self.error_code.join(".")) }
    }
}

/// The surface of one item, as a reviewer reads it.
impl Display for TypeItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(f),
            Self::Code(code) => code.fmt(f),
        }
    }
}

impl Display for Object {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        let required: Vec<_> = self.fields.iter().filter(|field| field.presence.is_required()).collect();
        writeln!(f, "struct {}", self.name)?;
        for field in &self.fields {
            writeln!(f)?;
            docs(f, "  ", &field.docs)?;
            write!(f, "  {}: {}  {:?}", field.name, field.ty(), field.wire)?;
            for alias in &field.aliases {
                write!(f, " | {alias:?}")?;
            }
            write!(f, "  {}", field.presence.keyword())?;
            for (holds, word) in [(field.number, "number"), (field.hidden, "hidden"), (field.deprecated, "deprecated")]
            {
                if holds {
                    write!(f, " {word}")?;
                }
            }
            writeln!(f)?;
        }
        writeln!(f)?;
        write!(f, "  new(")?;
        for (index, field) in required.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}: {}", field.name, field.given())?;
        }
        writeln!(f, ")")?;
        for field in self.fields.iter().filter(|field| !field.presence.is_required()) {
            writeln!(f, "  .{}({})", field.setter(), field.given())?;
        }
        Ok(())
    }
}

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.docs)?;
        writeln!(f, "enum {}", self.name)?;
        for variant in &self.variants {
            writeln!(f)?;
            docs(f, "  ", &variant.docs)?;
            writeln!(f, "  {}  {:?}", variant.name, variant.wire)?;
        }
        match &self.unlisted {
            Some(unlisted) => writeln!(f, "\n  {unlisted}(Unlisted)"),
            None => writeln!(f, "\n  closed"),
        }
    }
}

impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        docs(f, "", &self.summary)?;
        docs(f, "", &self.docs)?;
        writeln!(f, "{} {}", self.method, self.path)?;
        write!(f, "client.{}(", self.name)?;
        for (index, argument) in self.arguments.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}: {}", argument.name, argument.given)?;
        }
        writeln!(f, ") -> {}", self.returns)?;
        for (kind, parameters) in [("argument", &self.arguments), ("setter", &self.setters)] {
            for parameter in parameters {
                writeln!(f)?;
                docs(f, "  ", &parameter.docs)?;
                let Parameter { name, wire, location, given, .. } = parameter;
                writeln!(f, "  {kind} {name}: {given}  {location} {wire:?}")?;
            }
        }
        writeln!(f)?;
        for (status, description) in &self.responses {
            writeln!(f, "  {status}  {description}")?;
        }
        if !self.context_headers.is_empty() {
            writeln!(f, "  headers of the client: {}", self.context_headers.join(", "))?;
        }
        if let Some(header) = &self.request_id {
            writeln!(f, "  a new id in `{header}`, where none is set")?;
        }
        match &self.authorization {
            None => writeln!(f, "  without authorization")?,
            Some(Authorization { header, optional: true }) => writeln!(f, "  authorization may be in `{header}`")?,
            Some(Authorization { header, .. }) if header != "authorization" => {
                writeln!(f, "  authorization in `{header}`")?
            }
            Some(_) => {}
        }
        if self.single_use {
            writeln!(f, "  sends what can be used once")?;
        }
        if !self.gone.is_empty() {
            writeln!(f, "  gone: {}", self.gone.join(", "))?;
        }
        if self.deprecated { writeln!(f, "  deprecated") } else { Ok(()) }
    }
}

fn docs(f: &mut Formatter<'_>, indent: &str, text: &str) -> fmt::Result {
    text.lines().try_for_each(|line| writeln!(f, "{}", format!("{indent}/// {line}").trim_end()))
}
