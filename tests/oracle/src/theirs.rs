//! progenitor's client for a document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator};

pub use crate::extract::{Argument, Location, Method, methods};

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
    let tokens = catch_unwind(AssertUnwindSafe(|| generator.generate_tokens(spec))).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        text.unwrap_or("a panic without a message").to_owned()
    })?;
    let tokens = tokens.map_err(|error| error.to_string())?;
    syn::parse2(tokens).map_err(|error| error.to_string())
}
