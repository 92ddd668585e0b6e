//! progenitor's client for a document.

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator};

pub use crate::extract::{Argument, Location, Method, methods};
use crate::panics::catch_panics;

/// Generates the client of a document in progenitor's default style.
///
/// One setting is not the default: maps are ordered, because a body of a `HashMap` has other bytes in every run.
///
/// # Errors
///
/// Returns the message if progenitor refuses the document or panics.
pub fn generate(spec: &OpenAPI) -> Result<syn::File, String> {
    let mut settings = GenerationSettings::new();
    settings.with_map_type("::std::collections::BTreeMap");
    run(Generator::new(&settings), spec)
}

/// Runs a generator. A panic is an error, because that is how progenitor refuses many documents.
pub(crate) fn run(mut generator: Generator, spec: &OpenAPI) -> Result<syn::File, String> {
    let tokens = catch_panics(|| generator.generate_tokens(spec))?;
    let tokens = tokens.map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::document;
    use crate::request::{BodyKind, Field, Request};

    const SPEC: &str = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{type}:{id}/b:
    post:
      operationId: makeB
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: type, in: path, required: true, schema: {type: string}}
        - {name: 'z[]', in: query, required: true, schema: {type: array, items: {type: string}}}
        - {name: A, in: query, schema: {type: string, format: date}}
        - {name: X-B, in: header, schema: {type: string}}
        - {name: X-A, in: header, required: true, schema: {type: boolean}}
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'200': {description: '', content: {application/json: {schema: {type: string}}}}}
";

    #[test]
    fn every_part_of_a_request_is_read() {
        let spec = document::parse(SPEC).unwrap();
        let file = generate(&document::reduced(&spec, |_| true)).unwrap();
        let [method] = methods(&file).unwrap().try_into().unwrap();
        let field = |name: &str, required| Field { name: name.to_owned(), required: Some(required) };
        let request = Request {
            method: "POST".to_owned(),
            path: "/a/{type}:{id}/b".to_owned(),
            query: vec![field("A", false), field("z[]", true)],
            headers: vec![field("x-a", true), field("x-b", false)],
            accept: Some("application/json".to_owned()),
            body: Some(BodyKind::Json),
        };
        assert_eq!(method.request, request);
        let places: Vec<_> = method.arguments.iter().map(|it| (it.location, it.name.as_str())).collect();
        use Location::{Body, Header, Path, Query};
        let wanted = [
            (Path, "type"),
            (Path, "id"),
            (Query, "A"),
            (Query, "z[]"),
            (Header, "X-A"),
            (Body, "body"),
            (Header, "X-B"),
        ];
        let sorted = |mut places: Vec<_>| {
            places.sort();
            places
        };
        assert_eq!(sorted(places), sorted(wanted.to_vec()));
    }
}
