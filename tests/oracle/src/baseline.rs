//! The client that progenitor makes of a document on its own, which our clients are measured against.

use progenitor::Generator;

use crate::{document, theirs};

/// Returns the source of the client that progenitor makes of a document with all settings at their defaults, as its
/// documentation shows it for a build script.
///
/// # Errors
///
/// Returns the message if the text is not an OpenAPI 3.0 document, or if progenitor refuses it or panics.
pub fn baseline(text: &str) -> Result<String, String> {
    let file = theirs::run(Generator::default(), &document::parse(text)?)?;
    Ok(prettyplease::unparse(&file))
}
