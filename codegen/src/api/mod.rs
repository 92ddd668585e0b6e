//! The API of a client as typed data: types, operations, bodies by media type, responses by status, security.
//!
//! Code is printed from it, snapshots show it, and the diff compares it, so that the three cannot disagree. It describes
//! more than is printed today: what `emit` does not support is refused there, with a finding.

mod build;
mod display;
mod groups;
mod operation;
mod returns;
mod schema;
mod ty;

use std::collections::BTreeSet;

pub(crate) use self::build::{Built, build};
pub use self::operation::{
    Authorization, Body, Content, Credential, Encoding, FormStyle, Group, HeaderField, Headers, Location, Operation,
    Parameter, ParameterStyle, Requirement, Response, ResponseHeader, SecurityKind, SecurityScheme, Tag,
};
pub use self::returns::{Outcome, Returns};
pub use self::schema::{
    Case, CaseTest, Code, CodeKind, Discriminator, Extras, Field, FieldKind, JsonType, Newtype, Object, Presence,
    TypeItem, Union, Variant,
};
pub use self::ty::{Scalar, Ty};
pub use crate::media::{MediaKind, MediaType};
pub use crate::status::{Status, Success};

/// Everything public that a document generates.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Api {
    /// The title of the API.
    pub title: String,
    /// The version of the API, as the document states it.
    pub version: String,
    /// The description of the API.
    pub docs: String,
    /// The URL of the first server, with its variables at their defaults.
    pub server: Option<String>,
    /// The type of error bodies, if the document names one (`x-codegen`).
    pub error: Option<String>,
    /// The wire names that lead from there to the error code. Empty where the type has a single code.
    pub error_code: Vec<String>,
    /// Objects, codes, unions and newtypes, by name.
    pub types: Vec<TypeItem>,
    /// Operations, by name.
    pub operations: Vec<Operation>,
    /// Security schemes, by name.
    pub security_schemes: Vec<SecurityScheme>,
}

impl Api {
    /// The type of error bodies that `Error` has if no other is given.
    pub fn default_errors(&self) -> Returns {
        if let Some(name) = &self.error {
            return Returns::One(Ty::Object(name.clone()));
        }
        let mut all = self.operations.iter().map(|operation| &operation.errors);
        match all.next() {
            Some(first @ Returns::One(_)) if all.all(|other| other == first) => first.clone(),
            _ => Returns::Nothing,
        }
    }

    /// The types that are the only one of an operation's errors, by name. None if the document names one for all.
    pub fn plain_errors(&self) -> BTreeSet<&str> {
        let all = self.operations.iter().filter(|_| self.error.is_none());
        let named = all.filter_map(|operation| match &operation.errors {
            Returns::One(ty) => ty.name(),
            _ => None,
        });
        named.collect()
    }

    /// The object whose properties an operation sends as a form, in pairs or in parts. `None` for operations that send no
    /// form, and for a form of another type.
    pub fn form(&self, operation: &Operation) -> Option<&Object> {
        let is_form = operation.sends_form() || operation.sends_multipart();
        let name = operation.body_ty().filter(|_| is_form)?.name()?;
        self.types.iter().find_map(|item| match item {
            TypeItem::Object(object) if object.name == name => Some(object),
            _ => None,
        })
    }
}
