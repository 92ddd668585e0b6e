//! A report as commands that GitHub turns into annotations of a pull request's files.

use std::fmt::Write;

use super::groups::verdict;
use super::{Finding, Report, Rust, Wire};
use crate::visible::visible;

/// One workflow command for each finding that is more than words, the worst first, and one for the verdict.
pub fn github(report: &Report) -> String {
    let mut text = String::new();
    for finding in report.findings.iter().filter(|finding| !finding.is_documentation()) {
        annotation(&mut text, finding);
    }
    for left in &report.unused_acknowledgements {
        let (file, line) = left.place.rsplit_once(':').unwrap_or((&left.place, "1"));
        let message = format!("this acknowledges nothing: {} at {}", left.rule, left.pointer);
        let _ = writeln!(text, "::warning file={},line={line},title=spec diff::{}", property(file), data(&message));
    }
    let message = format!("{}; the crate needs {}", verdict(report), report.bump.explain());
    let _ = writeln!(text, "::notice title=spec diff::{}", data(&message));
    text
}

fn annotation(text: &mut String, finding: &Finding) {
    let level = match finding.wire {
        _ if finding.acknowledged.is_some() => "notice",
        Wire::Breaking => "error",
        Wire::Potential => "warning",
        _ if finding.rust == Rust::Refused => "error",
        _ => "notice",
    };
    // What is gone has no line of its own on the new side, and annotations stand on that side.
    let (file, line) = match &finding.head {
        Some(place) => (&place.file, place.line),
        None => (&finding.spec, finding.nearest.max(1)),
    };
    let mut message = finding.message.clone();
    for change in &finding.rust_changes {
        let _ = write!(message, "\nRust: {change}");
    }
    if !finding.operations.is_empty() {
        let _ = write!(message, "\nreaches: {}", finding.operations.summary());
    }
    if let Some(reason) = &finding.acknowledged {
        let _ = write!(message, "\nacknowledged: {reason}");
    }
    let title = format!("{} ({}; Rust: {})", finding.rule, finding.wire.phrase(), finding.rust.phrase());
    let (file, title) = (property(file), property(&title));
    let _ = writeln!(text, "::{level} file={file},line={line},title={title}::{}", data(&message));
}

/// The message of a command.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    visible(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}
