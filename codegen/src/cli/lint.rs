//! The command `lint`: findings about documents.

use std::path::{Path, PathBuf};

use clap::Args;

use super::input::{self, Text};
use super::output::{Outcome, report_others};
use crate::compile::{Job, check};
use crate::finding::Finding;
use crate::lint::Rules;

/// The arguments of the command, without the files.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Change the files by this OpenAPI overlay first. It can be given several times.
    #[arg(long, value_name = "FILE", requires = "files")]
    pub overlay: Vec<PathBuf>,
    /// Hold the files to the conventions of the specs of this project, too.
    #[arg(long, requires = "files")]
    pub house: bool,
    /// List each finding, in place of one line for each kind.
    #[arg(long, requires = "files")]
    pub all: bool,
}

/// Prints the findings about files.
///
/// # Errors
///
/// A file that cannot be read.
pub fn run(files: &[PathBuf], options: &Options) -> anyhow::Result<Outcome> {
    let overlays = input::texts(&options.overlay)?;
    let rules = if options.house { Rules::House } else { Rules::Stranger };
    let mut findings = Vec::new();
    for file in files {
        findings.extend(one(file, &file.display().to_string(), &overlays, rules)?);
    }
    Ok(report_others(&findings, options.all))
}

/// Returns the findings about a file. `name` is the file in messages.
///
/// # Errors
///
/// A file that cannot be read.
pub fn one(path: &Path, name: &str, overlays: &[Text], rules: Rules) -> anyhow::Result<Vec<Finding>> {
    let text = input::text(path, name)?;
    let overlays: Vec<_> = overlays.iter().map(Text::source).collect();
    Ok(check(Job::new(name, &text).with_overlays(&overlays).with_rules(rules)))
}
