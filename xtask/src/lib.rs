//! The commands behind `cargo xtask`: arguments, files and exit codes. What they do with a spec is in `codegen`.

pub mod bench;
pub mod ci;
pub mod codegen;
pub mod diff;
pub mod faults;
pub mod layers;
pub mod lexer;
pub mod lint;
pub mod members;
pub mod package;
pub mod targets;
pub mod words;

use std::path::{Path, PathBuf};

/// How a command ended, when it could run at all.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Nothing to complain of; warnings do not count.
    Fine,
    /// Findings, or files that are not as they should be.
    Findings,
}

/// A count with its noun: `1 type`, `2 types`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
