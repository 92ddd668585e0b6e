//! A report as commands that GitHub turns into annotations of a pull request's files.

use std::borrow::Cow;
use std::fmt::Write;

use super::groups::verdict;
use super::{Finding, Report, Rust, Wire};
use crate::visible::visible;

/// The length of a message in UTF-16 units. The runner of GitHub Actions cuts longer ones silently
/// (`_maxIssueMessageLength`).
const MAX_MESSAGE: usize = 4_096;

/// The length of a list of operations, in bytes. It leaves room for the rest of a message.
const MAX_OPERATIONS: usize = 2_000;

/// Returns a workflow command for each finding, the worst first, and one for the verdict. Findings about documentation
/// have none.
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
    if let Some(first) = report.warnings.first() {
        let message = format!("faults that both sides have: {}, the first of which is {first}", report.warnings.len());
        let _ = writeln!(text, "::notice title=spec diff::{}", data(&message));
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
    // Annotations are on the new side, where a removed part has no line.
    let (file, line) = match &finding.head {
        Some(place) => (&place.file, place.line),
        None => (&finding.spec, finding.nearest.max(1)),
    };
    let mut message = finding.message.clone();
    for change in &finding.rust_changes {
        let _ = write!(message, "\nRust: {change}");
    }
    if !finding.operations.is_empty() {
        let _ = write!(message, "\nreaches: {}", finding.operations.summary(MAX_OPERATIONS));
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
    clipped(&lines.join("\n")).replace('%', "%25").replace('\n', "%0A")
}

/// The beginning of a message that is too long, which says that there is more.
fn clipped(message: &str) -> Cow<'_, str> {
    const END: &str = "\n… (`cargo xtask diff` shows the rest)";
    if message.encode_utf16().count() <= MAX_MESSAGE {
        return Cow::Borrowed(message);
    }
    let mut room = MAX_MESSAGE - END.len();
    let fits = |character: &char| {
        let rest = room.checked_sub(character.len_utf16());
        room = rest.unwrap_or_default();
        rest.is_some()
    };
    let mut beginning: String = message.chars().take_while(fits).collect();
    beginning.push_str(END);
    Cow::Owned(beginning)
}

/// A property of a command.
fn property(text: &str) -> String {
    visible(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}
