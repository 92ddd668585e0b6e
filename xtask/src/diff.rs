//! `cargo xtask diff --base FILE --head FILE`: what changes between two editions of a spec.

use std::fmt::Write;
use std::path::Path;

use clap::ValueEnum;
use openbanking_codegen::Finding;
use openbanking_codegen::diff::{self, Report, Side, Verdict, Wire};

use crate::lint::read;
use crate::{Outcome, counted};

/// From which finding on the command exits with 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum FailOn {
    /// What worked fails.
    Breaking,
    /// What worked fails for some, or worse.
    Potential,
    /// Anything.
    Any,
}

/// Compares two files.
///
/// # Errors
///
/// A file that cannot be read. Findings about a side that is no usable OpenAPI 3.0 are the inner error.
pub fn compare(base: &Path, head: &Path) -> anyhow::Result<Result<Report, Vec<Finding>>> {
    let (old, new) = (base.display().to_string(), head.display().to_string());
    let (old_text, new_text) = (read(base, &old)?, read(head, &new)?);
    let compared = diff::compare(Side { file: &old, text: &old_text }, Side { file: &new, text: &new_text });
    Ok(compared.map_err(|failures| failures.into_iter().flat_map(|failure| failure.findings).collect()))
}

/// Whether a report has what the threshold asks for.
pub fn outcome(report: &Report, fail_on: FailOn) -> Outcome {
    let counts = |wire: Wire| match fail_on {
        FailOn::Breaking => wire == Wire::Breaking,
        FailOn::Potential => matches!(wire, Wire::Breaking | Wire::Potential),
        FailOn::Any => true,
    };
    match report.findings.iter().any(|finding| counts(finding.wire)) {
        true => Outcome::Findings,
        false => Outcome::Fine,
    }
}

/// A report as people read it: the verdict, then the findings in the report's order.
pub fn text(report: &Report) -> String {
    let verdict = match report.verdict {
        Verdict::Breaking => "breaking on the wire",
        Verdict::NonBreaking => "nothing breaks on the wire",
        Verdict::None => "nothing changes on the wire",
    };
    let count = counted(report.findings.len(), "finding");
    let mut text = format!("{verdict}; the crate needs {} ({count})\n", report.bump.explain());
    for finding in &report.findings {
        let (wire, rust) = (format!("{:?}", finding.wire), format!("{:?}", finding.rust));
        let _ = writeln!(text, "\n{}  wire {}, Rust {}", finding.rule, wire.to_lowercase(), rust.to_lowercase());
        let _ = writeln!(text, "  {}", finding.message);
        for (side, place) in [("base", &finding.base), ("head", &finding.head)] {
            if let Some(place) = place {
                let _ = writeln!(text, "  {side}: {place}");
            }
        }
        if !finding.operations.is_empty() {
            let _ = writeln!(text, "  reaches: {}", finding.operations.join(", "));
        }
    }
    text
}
