//! From progenitor's output to the code that people see.
//!
//! [`read`] takes names, types and signatures off the syntax tree and joins them with the model; the other passes print
//! one file each from the surface that comes out.

pub(crate) mod client;
pub(crate) mod codes;
pub(crate) mod docs;
mod layout;
pub(crate) mod objects;
pub(crate) mod operations;
pub(crate) mod raw;
pub(crate) mod read;
pub(crate) mod short;
