//! The commands behind `cargo xtask`: arguments, files and exit codes. The work on specs is in `openbanking-codegen`.

pub mod bench;
pub mod ci;
pub mod clients;
pub mod codegen;
pub mod diff;
pub mod faults;
pub mod layers;
pub mod lexer;
pub mod lint;
pub mod members;
pub mod oracle;
pub mod targets;
pub mod vendored;
pub mod words;

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context;
pub use openbanking_codegen::cli::{Outcome, counted};

/// Returns the folder of the workspace: that of the package that cargo runs, or else the one around the current folder or
/// around this program.
///
/// It is not the folder that this program was built in: clones that share a target folder share the program too.
///
/// # Errors
///
/// Returns an error if none of these is in a clone of this project.
pub fn workspace() -> anyhow::Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let places = [package, env::current_dir().ok(), env::current_exe().ok()];
    let found = places.iter().flatten().find_map(|place| around(place));
    found.context("there is no clone of this project around the current folder (run `cargo xtask` inside of one)")
}

/// Returns the workspace that a folder is in.
fn around(place: &Path) -> Option<PathBuf> {
    let is_member = |folder: &Path, member: &str| folder.join(member).join("Cargo.toml").is_file();
    let is_ours = |folder: &&Path| ["", "xtask", "client-runtime"].iter().all(|member| is_member(folder, member));
    place.ancestors().find(is_ours).map(Path::to_path_buf)
}
