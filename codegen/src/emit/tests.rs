//! The layout of what is written as text.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use super::source::tests::check_layout;
use super::{client, codes, objects, operations};
use crate::api::{
    Api, Authorization, Body, Code, CodeKind, Content, Credential, Extras, Field, FieldKind, Location, MediaType,
    Object, Operation, Parameter, ParameterStyle, Presence, Response, Returns, Scalar, Status, Ty, Variant,
};
use crate::directions::Directions;

const KINDS: [FieldKind; 8] = [
    FieldKind::Required,
    FieldKind::RequiredList,
    FieldKind::RequiredMap,
    FieldKind::Nullable,
    FieldKind::Optional,
    FieldKind::Lenient,
    FieldKind::List,
    FieldKind::Map,
];

fn scalars() -> [Ty; 5] {
    let newtype = Ty::Newtype("Id".to_owned(), Scalar::Uuid);
    [Ty::Scalar(Scalar::String), Ty::Scalar(Scalar::Bool), Ty::Object("Name".to_owned()), Ty::Any.map(), newtype]
}

fn field(name: &str, ty: Ty, kind: FieldKind) -> Field {
    let ty = match kind {
        FieldKind::RequiredList | FieldKind::List => ty.list(),
        FieldKind::RequiredMap | FieldKind::Map => ty.map(),
        _ => ty,
    };
    Field {
        name: name.to_owned(),
        wire: name.to_owned(),
        aliases: Vec::new(),
        docs: "One line.\n\nAnd one more, with `code`: //".to_owned(),
        boxed: matches!(ty, Ty::Object(_)),
        ty,
        presence: Presence::Required,
        observed_optional: false,
        access: Directions::BOTH,
        kind,
        hidden: false,
        deprecated: false,
    }
}

fn parameter(name: String, ty: Ty, required: bool) -> Parameter {
    let (location, docs) = (if required { Location::Path } else { Location::Query }, "A part\nof it.".to_owned());
    let style = ParameterStyle::Plain;
    Parameter { wire: name.clone(), name, location, docs, ty, style, required, deprecated: false }
}

fn json(ty: Ty) -> Content {
    Content { media_type: MediaType::json(), ty: Some(ty), encodings: Vec::new() }
}

fn response(status: u16, ty: Option<Ty>) -> Response {
    let contents = ty.map(json);
    let (docs, headers) = ("A result.".to_owned(), Vec::new());
    Response { status: Status::Code(status), docs, contents: contents.into_iter().collect(), headers }
}

fn operation(name: String, parameters: Vec<Parameter>, returns: Option<Ty>) -> Operation {
    Operation {
        name,
        tag: None,
        group: None,
        method: "GET".to_owned(),
        path: "/a/{b}".to_owned(),
        summary: "One".to_owned(),
        docs: "More\n\n```\nx\n```".to_owned(),
        parameters,
        body: Some(Body { docs: String::new(), required: true, contents: vec![json(Ty::Object("Body".to_owned()))] }),
        returns: returns.clone().map_or(Returns::Nothing, Returns::One),
        errors: Returns::Nothing,
        headers: None,
        responses: vec![response(200, returns), response(404, None)],
        context_headers: vec!["Psu-Ip-Address".to_owned()],
        request_id: None,
        security: Vec::new(),
        authorization: None,
        single_use: false,
        gone: Vec::new(),
        deprecated: true,
    }
}

fn authorized(count: usize, scheme: &str) -> Operation {
    let locations = [Location::Header, Location::Query, Location::Cookie].into_iter().take(count);
    let credential = |location| Credential { scheme: scheme.to_owned(), location, name: "x-key".to_owned() };
    let authorization = Authorization { credentials: locations.map(credential).collect(), optional: false };
    Operation { authorization: Some(authorization), ..operation("keyed".to_owned(), Vec::new(), None) }
}

fn api(operations: Vec<Operation>) -> Api {
    Api {
        title: "API".to_owned(),
        version: "1".to_owned(),
        docs: String::new(),
        server: None,
        error: Some("Failure".to_owned()),
        error_code: Vec::new(),
        types: Vec::new(),
        operations,
        security_schemes: Vec::new(),
    }
}

#[test]
fn calls_are_laid_out_as_the_formatter_lays_them_out() {
    for length in 1..100 {
        let name = |start: &str| format!("{start}{}", "n".repeat(length));
        let id = || parameter(name("id_"), Ty::Scalar(Scalar::Uuid), true);
        let text = || parameter(name("text_"), Ty::Scalar(Scalar::String), true);
        let newtype = |scalar: Scalar| parameter(name(scalar.rust()), Ty::Newtype(name("Id"), scalar), true);
        let setter = || parameter(name("setter_"), Ty::Scalar(Scalar::Bool), false);
        let operations = [
            operation(name("method_"), Vec::new(), None),
            operation("one".to_owned(), vec![id()], Some(Ty::Object(name("N")))),
            operation("two".to_owned(), vec![text(), setter()], Some(Ty::Scalar(Scalar::String).list())),
            operation("m".to_owned(), vec![text(), id()], None),
            operation("of_newtypes".to_owned(), vec![newtype(Scalar::Uuid), newtype(Scalar::String)], None),
            authorized(0, &name("scheme_")),
            authorized(1, &name("scheme_")),
            authorized(3, &name("scheme_")),
        ];
        for operations in [&operations[..0], &operations[..1], &operations[1..4], &operations[4..]] {
            let api = api(operations.to_vec());
            check_layout(api.operations.iter().map(|operation| client::block(&api, operation, "k")));
            api.operations.iter().for_each(|operation| check_layout(operations::print(&api, operation)));
        }
    }
}

#[test]
fn types_are_laid_out_as_the_formatter_lays_them_out() {
    for length in 1..100 {
        let name = "n".repeat(length);
        for (kind, ty) in KINDS.iter().flat_map(|kind| scalars().map(|ty| (*kind, ty))) {
            for others in 0..3 {
                let mut fields = vec![field(&name, ty.clone(), kind)];
                fields.extend((0..others).map(|nth| field(&format!("other{nth}"), ty.clone(), kind)));
                check_layout(objects::print(&Object {
                    name: "Name".to_owned(),
                    docs: String::new(),
                    fields,
                    extras: Extras::Unspecified,
                    is_patch: false,
                    directions: Directions::BOTH,
                    is_multipart: false,
                }));
            }
        }
        for unlisted in [None, Some("Unknown".to_owned())] {
            let variants = vec![Variant { name: "N".repeat(length), wire: String::new(), docs: String::new() }];
            check_layout(codes::print(&Code {
                name: "N".repeat(length),
                docs: "A code.".to_owned(),
                kind: CodeKind::Text,
                unlisted,
                variants,
                directions: Directions::BOTH,
            }));
        }
    }
}
