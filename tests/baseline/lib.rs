//! What our clients are measured against: what progenitor alone makes of `spec/tilisy.yaml`, and a client written by
//! hand. Nothing but tests and benchmarks uses it.

#[allow(warnings, clippy::all, clippy::unwrap_used, reason = "as progenitor made it")]
#[rustfmt::skip]
mod generated;
pub mod handwritten;

pub use generated::*;
