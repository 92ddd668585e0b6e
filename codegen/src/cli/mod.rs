//! The commands `generate`, `lint` and `diff`: arguments, files, output and exit codes.
//!
//! The program `openbanking-codegen` and `cargo xtask` of this project's workspace are made of them.

mod command;
pub mod diff;
pub mod files;
pub mod generate;
pub mod input;
mod license;
pub mod links;
pub mod lint;
mod options;
mod output;
mod place;

pub use self::output::{Outcome, complain, counted, exit, put, report, report_others, say};
