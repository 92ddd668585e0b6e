//! Output and exit codes.

use std::io::{ErrorKind, Write};
use std::panic;
use std::process::ExitCode;

use anyhow::Context;

use crate::finding::{Finding, Severity};
use crate::panics::is_panic_caught;
use crate::summary::grouped;
use crate::visible::visible;

/// The result of a command that could run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The checks passed. Warnings do not count.
    Fine,
    /// There are findings, or stale files.
    Findings,
}

impl Outcome {
    /// The outcome of a check with these findings.
    pub fn of(findings: &[Finding]) -> Self {
        match findings.iter().any(|finding| finding.severity == Severity::Error) {
            true => Self::Findings,
            false => Self::Fine,
        }
    }
}

/// Runs a command and returns its exit code: 0 for success, 1 for findings, 2 if it could not run.
///
/// Panics that the library catches and reports as findings are not shown.
pub fn exit(run: impl FnOnce() -> anyhow::Result<Outcome>) -> ExitCode {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !is_panic_caught() {
            print(info);
        }
    }));
    match run() {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            complain(&visible(&format!("error: {error:#}")));
            ExitCode::from(2)
        }
    }
}

/// Formats a count with its noun: `1 type`, `2 types`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Prints findings about documents of other people, those of one kind on one line unless all are wanted.
pub fn report_others(findings: &[Finding], all: bool) -> Outcome {
    if all {
        return report(findings);
    }
    grouped(findings).iter().for_each(|line| complain(line));
    Outcome::of(findings)
}

/// Prints findings to standard error.
pub fn report(findings: &[Finding]) -> Outcome {
    for finding in findings {
        complain(&finding.to_string());
    }
    Outcome::of(findings)
}

/// Prints a line.
///
/// # Errors
///
/// The same as for [`put`].
pub fn say(line: &str) -> anyhow::Result<()> {
    put(&format!("{line}\n"))
}

/// Prints text. A closed pipe, as with `| head`, isn't an error.
///
/// # Errors
///
/// Output that cannot be written.
pub fn put(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write the output"),
        _ => Ok(()),
    }
}

/// Prints a line to standard error. If that fails, the line is lost: there is nowhere to report it.
pub fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
