//! Compiles a curated OpenAPI description into a Rust client: spec text in, files out.

pub mod finding;
pub mod names;
