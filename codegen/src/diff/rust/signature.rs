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
    let body = operation.required_body().map(|ty| body(operation, ty.kept(), ty.argument()));
    parameters.chain(body).collect()
}

/// The setters of a request, by the names that they have in Rust.
pub(super) fn setters(operation: &Operation) -> Vec<Argument<'_>> {
    let setters = operation.setters().into_iter().map(|parameter| {
        let (ty, given) = (parameter.ty.path(), parameter.ty.setter_argument());
        argument(parameter, parameter.setter(), ty, given)
    });
    let body = operation.optional_body().map(|ty| body(operation, ty.path(), ty.setter_argument()));
    setters.chain(body).collect()
}

fn body(operation: &Operation, ty: String, given: String) -> Argument<'_> {
    let docs = operation.body.as_ref().map(|body| body.docs.as_str()).unwrap_or_default();
    Argument { name: "body".to_owned(), wire: "", location: "body", docs, ty, given }
}

fn argument(parameter: &Parameter, name: String, ty: String, given: String) -> Argument<'_> {
    let location = parameter.location.keyword();
    Argument { name, wire: &parameter.wire, location, docs: &parameter.docs, ty, given }
}
