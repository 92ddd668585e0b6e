//! The arguments and setters of a method, as a caller sees them.

use crate::api::{Operation, Parameter};

/// An argument of a method, or a setter of its request.
#[derive(Debug)]
pub(super) struct Argument<'a> {
    pub(super) name: String,
    /// The name on the wire; empty for the body.
    pub(super) wire: &'a str,
    /// `path`, `query`, `header` or `body`.
    pub(super) location: &'static str,
    pub(super) docs: &'a str,
    /// The type that the request keeps.
    pub(super) ty: String,
    /// The type that the caller gives.
    pub(super) given: String,
}

/// The arguments of a method in their order, the body last.
pub(super) fn arguments(operation: &Operation) -> Vec<Argument<'_>> {
    let parameters = operation.arguments().map(|parameter| {
        let (ty, given) = (parameter.ty.kept(), parameter.ty.argument());
        argument(parameter, parameter.name.clone(), ty, given)
    });
    let body = operation.body.as_ref().zip(operation.body_ty()).map(|(body, ty)| Argument {
        name: "body".to_owned(),
        wire: "",
        location: "body",
        docs: &body.docs,
        ty: ty.kept(),
        given: ty.argument(),
    });
    parameters.chain(body).collect()
}

/// The setters of a request, by the names that they have in Rust.
pub(super) fn setters(operation: &Operation) -> Vec<Argument<'_>> {
    let setters = operation.setters().into_iter().map(|parameter| {
        let (ty, given) = (parameter.ty.path(), parameter.ty.setter_argument());
        argument(parameter, parameter.setter(), ty, given)
    });
    setters.collect()
}

fn argument(parameter: &Parameter, name: String, ty: String, given: String) -> Argument<'_> {
    let location = parameter.location.keyword();
    Argument { name, wire: &parameter.wire, location, docs: &parameter.docs, ty, given }
}
