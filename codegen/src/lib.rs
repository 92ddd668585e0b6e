//! Compiles a curated OpenAPI description into a Rust client: spec text in, files out.
//!
//! [`compile`] runs the passes in this order: [`read`], [`lint`], [`mod@api`], emit. The library does no I/O and does not
//! print; problems of a spec are returned as [`Finding`]s. A panic would be a bug, and is caught and returned as a finding
//! too; a program's panic hook finds out by [`is_panic_caught`].
//!
//! [`diff::compare`] reports the changes between two revisions of a spec, on the wire and for users of the crate.
//!
//! The feature `cli` adds the command `openbanking-codegen`, whose parts are in the module `cli`.

pub mod api;
#[cfg(feature = "cli")]
pub mod cli;
mod compile;
pub mod diff;
pub mod directions;
mod emit;
mod finding;
mod findings;
pub mod lint;
mod media;
pub mod names;
mod omitted;
pub mod package;
mod panics;
pub mod pointer;
mod prose;
pub mod read;
pub mod rules;
#[allow(dead_code, unused_imports, reason = "the passes move to it one by one")]
mod spec;
mod status;
mod summary;
mod vendored;
mod visible;

pub use compile::{Compiled, Job, api, check, compile};
pub use finding::{Finding, Severity};
pub use omitted::LeftOut;
pub use panics::is_panic_caught;
pub use summary::grouped;
pub use visible::visible;

/// The example of `README.md`.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
