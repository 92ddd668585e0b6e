//! The command `diff`: a report on the changes between two files.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::input::{self, Text, text as read};
use super::output::{Outcome, put, report as print_findings};
use crate::diff::{self, Acknowledgements, Colour, Failure, Report, Side, Wire};
use crate::finding::Finding as Fault;

/// The arguments of the command.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// The older revision.
    #[arg(long, value_name = "FILE", required_unless_present = "schema")]
    pub base: Option<PathBuf>,
    /// The newer revision.
    #[arg(long, value_name = "FILE", required_unless_present = "schema")]
    pub head: Option<PathBuf>,
    /// The other arguments.
    #[command(flatten)]
    pub options: Options,
    /// Print the JSON Schema of `--format json` instead.
    #[arg(long, conflicts_with_all = ["base", "head", "overlay", "acknowledged"])]
    pub schema: bool,
}

/// The arguments that do not depend on how the revisions are named.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Change both files by this OpenAPI overlay first. It can be given several times.
    #[arg(long, value_name = "FILE", requires = "base")]
    pub overlay: Vec<PathBuf>,
    /// Format of the report.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Exit with 1 for wire changes of this severity or higher; acknowledged changes do not count.
    #[arg(long, value_enum, default_value_t)]
    pub fail_on: FailOn,
    /// File of acknowledged changes, instead of the `acknowledged.yaml` next to the newer revision.
    #[arg(long, value_name = "FILE")]
    pub acknowledged: Option<PathBuf>,
}

/// Prints the report on two files.
///
/// # Errors
///
/// A file that cannot be read, or documents that cannot be compared.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let (Some(base), Some(head)) = (&arguments.base, &arguments.head) else {
        put(&schema()?)?;
        return Ok(Outcome::Fine);
    };
    let options = &arguments.options;
    let accepted = match &options.acknowledged {
        Some(file) => {
            let name = file.display().to_string();
            Some((name.clone(), read(file, &name)?))
        }
        None => beside(head)?,
    };
    let compared = files(base, head, &input::texts(&options.overlay)?)?;
    match compared.and_then(|report| acknowledge(report, accepted)) {
        Ok(report) => {
            put(&print(&report, options.format, colour())?)?;
            Ok(outcome(&report, options.fail_on))
        }
        Err(findings) => {
            print_findings(&findings);
            bail!("there is no report (see the findings above)");
        }
    }
}

/// Returns whether standard output takes colours.
pub fn colour() -> Colour {
    match anstream::AutoStream::choice(&std::io::stdout()) {
        anstream::ColorChoice::Never => Colour::Never,
        _ => Colour::Always,
    }
}

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For people, in colour on a terminal.
    #[default]
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For scripts.
    Json,
    /// Workflow commands that GitHub turns into annotations.
    Github,
}

/// The severity from which on the command exits with 1.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum FailOn {
    /// Requests or responses that worked will fail.
    Breaking,
    /// Some requests or responses that worked may fail.
    #[default]
    Potential,
    /// Any change.
    Any,
}

/// Compares two files, both with the same overlays. The inner error has the findings about them.
///
/// # Errors
///
/// A file that cannot be read.
pub fn files(base: &Path, head: &Path, overlays: &[Text]) -> anyhow::Result<Result<Report, Vec<Fault>>> {
    let (old, new) = (base.display().to_string(), head.display().to_string());
    let (old_text, new_text) = (read(base, &old)?, read(head, &new)?);
    let overlays: Vec<_> = overlays.iter().map(Text::source).collect();
    let (base, head) = (Side { file: &old, text: &old_text }, Side { file: &new, text: &new_text });
    Ok(diff::compare_with(base, head, &overlays).map_err(faults))
}

/// Reads the acknowledgements next to a file, if there are any.
///
/// # Errors
///
/// A file that cannot be read.
pub fn beside(head: &Path) -> anyhow::Result<Option<(String, String)>> {
    let file = head.with_file_name("acknowledged.yaml");
    if !file.exists() {
        return Ok(None);
    }
    let name = file.display().to_string();
    Ok(Some((name.clone(), read(&file, &name)?)))
}

/// Returns all findings. An overlay that cannot be applied is a fault of both sides.
fn faults(failures: Vec<Failure>) -> Vec<Fault> {
    let mut all: Vec<Fault> = Vec::new();
    for finding in failures.into_iter().flat_map(|failure| failure.findings) {
        if !all.contains(&finding) {
            all.push(finding);
        }
    }
    all
}

/// Applies acknowledgements to a report.
///
/// # Errors
///
/// The findings about them.
pub fn acknowledge(mut report: Report, accepted: Option<(String, String)>) -> Result<Report, Vec<Fault>> {
    if let Some((file, text)) = accepted {
        Acknowledgements::read(&file, &text)?.apply(&mut report)?;
    }
    Ok(report)
}

/// Formats a report.
///
/// # Errors
///
/// Returns an error if the report cannot be written as JSON, which no report is known to cause.
pub fn print(report: &Report, format: Format, colour: Colour) -> anyhow::Result<String> {
    Ok(match format {
        Format::Text => diff::text(report, colour),
        Format::Markdown => diff::markdown(report),
        Format::Json => serde_json::to_string_pretty(report).context("cannot write the report as JSON")? + "\n",
        Format::Github => diff::github(report),
    })
}

/// Returns the JSON Schema of reports.
///
/// # Errors
///
/// Returns an error if the schema cannot be written as JSON, which callers cannot cause.
pub fn schema() -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&diff::json_schema()).context("cannot write the schema as JSON")? + "\n")
}

/// Returns [`Outcome::Findings`] if a change that isn't acknowledged reaches the threshold.
pub fn outcome(report: &Report, fail_on: FailOn) -> Outcome {
    let counts = |wire: Wire| match fail_on {
        FailOn::Breaking => wire == Wire::Breaking,
        FailOn::Potential => matches!(wire, Wire::Breaking | Wire::Potential),
        FailOn::Any => true,
    };
    match report.open().any(|finding| counts(finding.wire)) {
        true => Outcome::Findings,
        false => Outcome::Fine,
    }
}
