//! `cargo xtask diff`: compares two revisions of the specs. This module reads both sides, from git or from files;
//! `openbanking_codegen::diff` compares them.

mod git;
mod packages;
mod released;
mod revisions;
mod specs;
mod tree;

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use openbanking_codegen::Finding as Fault;
pub use openbanking_codegen::cli::diff::{FailOn, Format, Options, outcome, print, schema};
use openbanking_codegen::cli::diff::{acknowledge, beside, files};
use openbanking_codegen::cli::input;
use openbanking_codegen::cli::input::text as read;
use openbanking_codegen::diff::{self, Failure, Report, Side};

use self::tree::Tree;

/// The arguments of `cargo xtask diff`.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// `REV` to compare it with the working tree, `REV1..REV2` to compare these two, `REV1...REV2` to compare the second
    /// with their merge base [default: compare the merge base of `main` and `HEAD` with the working tree]
    #[arg(value_name = "REV", conflicts_with_all = ["base", "head"])]
    pub revisions: Option<String>,
    /// The older revision, to compare files instead of git revisions.
    #[arg(long, value_name = "FILE", requires = "head")]
    pub base: Option<PathBuf>,
    /// The newer revision.
    #[arg(long, value_name = "FILE", requires = "base")]
    pub head: Option<PathBuf>,
    /// Released revision whose versions are compared with the new ones [default: the newest tag `v*` that the newer
    /// revision contains]
    #[arg(long, value_name = "REV", conflicts_with_all = ["base", "head"])]
    pub released: Option<String>,
    /// The other arguments.
    #[command(flatten)]
    pub options: Options,
    /// Print the JSON Schema of `--format json` instead.
    #[arg(long, conflicts_with_all = ["revisions", "base", "head", "released", "acknowledged"])]
    pub schema: bool,
}

/// The result of a comparison.
#[derive(Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The names of the two sides.
    pub sides: String,
    /// The changes between them.
    pub report: Report,
}

/// Compares the two sides that the arguments name, in the workspace at `root`.
///
/// # Errors
///
/// Returns an error if a side cannot be read. The inner error has the findings about a side that isn't usable
/// OpenAPI 3.0, or about the acknowledgements.
pub fn compare(root: &Path, arguments: &Arguments) -> anyhow::Result<Result<Comparison, Vec<Fault>>> {
    let named = arguments.options.acknowledged.as_deref().map(|file| {
        let name = file.display().to_string();
        read(file, &name).map(|text| (name, text))
    });
    let named = named.transpose()?;
    let (sides, report, accepted) = match (&arguments.base, &arguments.head) {
        (Some(base), Some(head)) => {
            let sides = format!("{} with {}", base.display(), head.display());
            let accepted = if named.is_some() { named } else { beside(head)? };
            (sides, files(base, head, &input::texts(&arguments.options.overlay)?)?, accepted)
        }
        _ => {
            let sides = revisions::sides(root, arguments.revisions.as_deref())?;
            let file = specs::ACKNOWLEDGED;
            let beside = || Ok::<_, anyhow::Error>(sides.head.text(file)?.map(|text| (file.to_owned(), text)));
            let accepted = if named.is_some() { named } else { beside()? };
            let report = match trees(&sides.base, &sides.head)? {
                Ok(report) => released::compare_versions(report, root, &sides, arguments.released.as_deref())?,
                Err(findings) => Err(findings),
            };
            (sides.description, report, accepted)
        }
    };
    Ok(report.and_then(|report| acknowledge(report, accepted)).map(|report| Comparison { sides, report }))
}

/// Compares every spec of two trees.
fn trees(base: &Tree, head: &Tree) -> anyhow::Result<Result<Report, Vec<Fault>>> {
    let (mut reports, mut wrong) = (Vec::new(), Vec::new());
    for pair in specs::pairs(base, head)? {
        let file = pair.name.as_str();
        let compared = match (&pair.base, &pair.head) {
            (Some(base), Some(head)) => diff::compare(Side { file, text: base }, Side { file, text: head }),
            (None, Some(text)) => diff::added(Side { file, text }),
            (Some(text), None) => diff::removed(Side { file, text }),
            (None, None) => continue,
        };
        match compared {
            Ok(report) => reports.push(report),
            Err(failures) => {
                let both = [("base", base), ("head", head)];
                let named = both.map(|(side, tree)| (side, tree.name()));
                wrong.extend(failures.into_iter().flat_map(|failure| at(failure, &named)));
            }
        }
    }
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    if reports.is_empty() {
        bail!("neither side has a spec (looked for OpenAPI documents in `{}/`)", specs::FOLDER);
    }
    Ok(Ok(Report::together(reports)))
}

/// Returns the findings about a side, and adds its revision to their messages.
fn at(failure: Failure, sides: &[(&str, String)]) -> Vec<Fault> {
    let name = sides.iter().find(|(side, _)| *side == failure.side).map(|(_, name)| name.as_str()).unwrap_or_default();
    let mut findings = failure.findings;
    for finding in &mut findings {
        finding.message = format!("{} (in {name})", finding.message);
    }
    findings
}
