//! The commands `generate`, `lint` and `diff`: arguments, files, output and exit codes.
//!
//! The program `openbanking-codegen` and `cargo xtask` of this project's workspace are made of them.

pub mod diff;
pub mod files;
pub mod generate;
pub mod input;
pub mod links;
pub mod lint;
mod output;

pub use self::output::{Outcome, complain, counted, exit, put, report, report_others, say};
