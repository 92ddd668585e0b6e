//! What progenitor alone makes of `spec/tilisy.yaml`. Our clients are measured against it; nothing else uses it.

#[allow(warnings, clippy::all, clippy::unwrap_used, reason = "as progenitor made it")]
#[rustfmt::skip]
mod generated;

pub use generated::*;
