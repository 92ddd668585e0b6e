//! Our requests, as the generator's model describes them.

use openbanking_codegen::api::{self, Api, MediaKind, Operation, Parameter};
use openbanking_codegen::{Compiled, Finding, Job, compile};

use crate::document::Place;
use crate::request::{BodyKind, Field, Request};
use crate::source::Source;
use crate::theirs::Location;

/// Generates our client of a document.
///
/// # Errors
///
/// Returns the findings of the lint if it has errors.
pub fn generate(source: &Source, command: &str) -> Result<Compiled, Vec<Finding>> {
    compile(Job::new(&source.file, &source.text).with_client_path(&source.name).with_command(command))
}

/// An operation of our client.
#[derive(Clone, Debug)]
pub struct Ours {
    /// The operation's place in the document.
    pub place: Place,
    /// The name of the method.
    pub name: String,
    /// The request that it makes.
    pub request: Request,
    /// The headers that the client adds.
    pub context_headers: Vec<String>,
    /// The arguments of the method in order.
    pub arguments: Vec<Value>,
    /// The setters of the request by name, each with its argument.
    pub setters: Vec<(String, Value)>,
}

/// A value that a caller gives.
#[derive(Clone, Debug)]
pub struct Value {
    /// The part of the request that it becomes.
    pub location: Location,
    /// The name on the wire, or `body`.
    pub name: String,
    /// The Rust type of the argument.
    pub ty: String,
}

/// Returns the operations of a client.
pub fn operations(api: &Api) -> Vec<Ours> {
    api.operations.iter().map(operation).collect()
}

fn operation(operation: &Operation) -> Ours {
    let place = Place { path: operation.path.clone(), method: operation.method.to_ascii_lowercase() };
    let value =
        |parameter: &Parameter, ty| Value { location: location(parameter.location), name: parameter.wire.clone(), ty };
    let arguments = operation.arguments().map(|parameter| value(parameter, parameter.ty.argument()));
    let body = |ty| Value { location: Location::Body, name: "body".to_owned(), ty };
    let setters = operation.setters().into_iter();
    let setters = setters.map(|parameter| (parameter.setter(), value(parameter, parameter.ty.setter_argument())));
    let optional = operation.optional_body().map(|ty| ("body".to_owned(), body(ty.setter_argument())));
    Ours {
        place,
        name: operation.name.clone(),
        request: request(operation),
        context_headers: operation.context_headers.clone(),
        arguments: arguments.chain(operation.required_body().map(|ty| body(ty.argument()))).collect(),
        setters: setters.chain(optional).collect(),
    }
}

fn request(operation: &Operation) -> Request {
    let fields = |wanted: api::Location| {
        let those = operation.parameters.iter().filter(move |parameter| parameter.location == wanted);
        those.map(|parameter| Field { name: parameter.wire.clone(), required: Some(parameter.required) })
    };
    let context = operation.context_headers.iter().map(|name| Field { name: name.clone(), required: None });
    let headers = fields(api::Location::Header).chain(context);
    let mut headers: Vec<_> = headers.map(|field| Field { name: field.name.to_ascii_lowercase(), ..field }).collect();
    headers.sort();
    let content = operation.body.as_ref().and_then(|body| body.spoken());
    Request {
        method: operation.method.clone(),
        path: operation.path.clone(),
        query: fields(api::Location::Query).collect(),
        headers,
        accept: Some(operation.accepts().join(", ")).filter(|media_types| !media_types.is_empty()),
        body: content.map(|content| match content.media_type.kind {
            MediaKind::Json | MediaKind::JsonSuffix => BodyKind::Json,
            MediaKind::Form => BodyKind::Form,
            MediaKind::Text => BodyKind::Text,
            MediaKind::Multipart | MediaKind::Bytes => BodyKind::Bytes,
        }),
    }
}

fn location(location: api::Location) -> Location {
    match location {
        api::Location::Path => Location::Path,
        api::Location::Query => Location::Query,
        // The lint refuses cookies.
        api::Location::Header | api::Location::Cookie => Location::Header,
    }
}
