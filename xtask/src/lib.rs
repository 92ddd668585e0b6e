//! The commands behind `cargo xtask`: arguments, files and exit codes. The work on specs is in `openbanking-codegen`.

pub mod bench;
pub mod ci;
pub mod codegen;
pub mod diff;
pub mod faults;
pub mod input;
pub mod layers;
pub mod lexer;
pub mod links;
pub mod lint;
pub mod members;
pub mod oracle;
pub mod package;
pub mod targets;
pub mod words;

use std::path::{Path, PathBuf};

/// The result of a command that could run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The checks passed. Warnings do not count.
    Fine,
    /// There are findings, or stale files.
    Findings,
}

/// Formats a count with its noun: `1 type`, `2 types`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Returns the folder of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
