//! Compiles a curated OpenAPI description into a Rust client: spec text in, files out.
//!
//! [`compile`] runs the passes in this order: [`read`], [`lint`], lower, progenitor, polish, render. Nothing here reads
//! or writes a disk, prints, or panics on what a spec holds: what is wrong with one comes back as [`Finding`]s. (Should
//! progenitor or a pass panic, that is caught and becomes a finding too; its message goes to standard error first.)
//!
//! [`diff::compare`] says what changes between two editions of a spec, on the wire and for the users of the crate.

mod baseline;
mod compile;
pub mod diff;
mod finding;
mod generate;
pub mod lint;
mod lower;
mod model;
pub mod names;
pub mod package;
pub mod pointer;
mod polish;
pub mod read;
mod render;
#[allow(dead_code, unused_imports, reason = "the passes move to it one by one")]
mod spec;
pub mod surface;

pub use baseline::baseline;
pub use compile::{Compiled, Job, check, compile};
pub use finding::{Finding, Severity};
