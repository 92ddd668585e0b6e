//! The arguments of the command `generate`.

use std::path::PathBuf;

use clap::Args;

use super::license;
use crate::package::Runtime;

/// The arguments of the command, without the file and the folder.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Change the file by this OpenAPI overlay first. It can be given several times.
    #[arg(long, value_name = "FILE", requires = "spec")]
    pub overlay: Vec<PathBuf>,
    /// The name of the crate [default: the name of the folder]
    #[arg(long, requires = "spec")]
    pub name: Option<String>,
    /// The runtime that the crate uses: `vendored` (a copy in the crate), `version` (the release of this version),
    /// `git=REV`, `git=URL#REV` or `path=DIR` (a folder, written relative to the crate unless it is absolute).
    #[arg(long, value_name = "RUNTIME", requires = "spec", default_value = "vendored")]
    pub runtime: Runtime,
    /// Generate the types of bodies alone, without a client.
    #[arg(long, requires = "spec")]
    pub types_only: bool,
    /// Group the methods of operations by their first tag: `client.pets().list()` in place of `client.list()`.
    #[arg(long, requires = "spec", conflicts_with = "types_only")]
    pub by_tag: bool,
    /// The licence of the crate, as an SPDX expression such as `MIT`.
    #[arg(long, value_name = "SPDX", requires = "spec", value_parser = license::parse)]
    pub license: Option<String>,
    /// Refuse a file with an operation that cannot be generated, in place of leaving the operation out.
    #[arg(long, requires = "spec")]
    pub strict: bool,
    /// List each finding, in place of one line for each kind.
    #[arg(long, requires = "spec")]
    pub all: bool,
}
