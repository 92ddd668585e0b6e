//! Compares the requests of generated clients with those of [progenitor](https://github.com/oxidecomputer/progenitor).
//!
//! progenitor reads the same documents and is written by other people, so where the two agree on a request, a
//! misreading on our side is unlikely. It sees one operation at a time, with its responses reduced to one
//! ([`reduced`](document::reduced)), because it refuses many documents for reasons that have nothing to do with requests.

pub mod baseline;
pub mod calls;
pub mod case;
pub mod clients;
pub mod difference;
pub mod document;
pub mod ours;
pub mod request;
pub mod source;
pub mod theirs;
pub mod threads;
pub mod values;

mod extract;
mod panics;
mod scalars;
