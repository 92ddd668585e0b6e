//! The client that progenitor makes of a document on its own, which our clients are measured against.

use progenitor::Generator;
use syn::Attribute;
use syn::visit_mut::{VisitMut, visit_file_mut};

use crate::{document, theirs};

/// Returns the source of the client that progenitor makes of a document with all settings at their defaults, as its
/// documentation shows it for a build script, without doc comments: an edit of descriptions leaves it as it is.
///
/// # Errors
///
/// Returns the message if the text is not an OpenAPI 3.0 document, or if progenitor refuses it or panics.
pub fn baseline(text: &str) -> Result<String, String> {
    let mut file = theirs::run(Generator::default(), &document::parse(text)?)?;
    visit_file_mut(&mut WithoutDocs, &mut file);
    Ok(prettyplease::unparse(&file))
}

/// Removes doc comments.
struct WithoutDocs;

impl VisitMut for WithoutDocs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use super::*;

    const SPEC: &str = "\
openapi: 3.0.3
info: {title: Things, version: 1.0.0, description: An API.}
paths:
  /things:
    get:
      operationId: things
      summary: List things
      description: All of them.
      parameters: [{name: kind, in: query, description: A kind., schema: {type: string}}]
      responses:
        '200': {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing: {type: object, description: A thing., properties: {name: {type: string, description: A name.}}}
";

    #[test]
    fn only_requests_and_types_change_it() {
        let before = baseline(SPEC).unwrap();
        for (from, to) in [
            ("An API.", "One API."),
            ("List things", "All things"),
            ("All of them.", "Every one."),
            ("A kind.", "Its kind."),
            ("Fine.", "Good."),
            ("A thing.", "One thing."),
            ("A name.", "Its name."),
        ] {
            assert!(SPEC.contains(from), "{from}");
            assert_eq!(baseline(&SPEC.replace(from, to)).unwrap(), before, "{from}");
        }
        for (from, to) in [("/things:", "/other:"), ("name: {type: string", "name: {type: integer"), ("kind,", "sort,")]
        {
            assert_ne!(baseline(&SPEC.replacen(from, to, 1)).unwrap(), before, "{from}");
        }
    }
}
