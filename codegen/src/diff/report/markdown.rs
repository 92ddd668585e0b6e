//! A report as the comment on a pull request: all breaking findings before any other, and tables below.

mod escape;
mod section;

use std::fmt::Write;

use self::escape::{code, escaped};
use self::section::{Section, fitted};
use super::groups::{Group, counts, groups, standing, verdict};
use super::{Bump, Left, Report, Rust, State, Why, Wire};

/// The first line, by which a later run finds the comment of an earlier one.
const MARK: &str = "<!-- cargo xtask diff -->";

/// The longest page up to the end of its findings, in bytes. The rest is room for tables and acknowledgements.
const MAX_FINDINGS: usize = 50_000;

/// The longest page up to the end of its versions.
const MAX_VERSIONS: usize = 54_000;

/// The longest page up to the end of its table.
const MAX_TABLE: usize = 61_000;

/// The longest page up to the end of its acknowledgements. GitHub refuses comments of more than 65,536 characters.
const MAX_END: usize = 65_000;

/// The largest number of rows of a table.
const MAX_ROWS: usize = 60;

/// Returns a page that fits a comment.
///
/// If not all findings fit in full, those with the least effect lose details first, and then their place; the page says how
/// many it lacks.
pub fn markdown(report: &Report) -> String {
    let mut page = String::new();
    heading(&mut page, report);
    let room = MAX_FINDINGS.saturating_sub(page.len());
    page.push_str(&fitted(Section::all(report), room));
    versions(&mut page, report);
    table(&mut page, &groups(report).0);
    unused(&mut page, report);
    warnings(&mut page, report);
    page
}

fn heading(page: &mut String, report: &Report) {
    let needs = match report.bump {
        Bump::None if report.is_rust_unknown() => {
            "The generator takes neither side, so that the version that the crate needs is not known.".to_owned()
        }
        Bump::None => "The crate needs no new version.".to_owned(),
        bump => format!("The crate needs {}.", bump.explain()),
    };
    let _ = writeln!(page, "{MARK}\n### Spec review: {}\n", verdict(report));
    if !report.findings.is_empty() {
        let acknowledged = report.findings.len() - report.open().count();
        let note = if acknowledged > 0 { format!("; {acknowledged} of them acknowledged") } else { String::new() };
        let _ = writeln!(page, "Findings: {}{note}.", counts(report.findings.iter()));
    }
    let _ = writeln!(page, "{needs}\n");
}

fn versions(page: &mut String, report: &Report) {
    let mut rows = Vec::new();
    for spec in report.specs.iter().filter(|compared| compared.state != State::Equal) {
        rows.push(format!("| {} | `info.version` {} |", code(&spec.spec), escaped(&standing(&spec.info_version))));
    }
    for package in report.packages.iter().filter(|package| package.version.bump != Bump::None) {
        rows.push(format!("| {} | {} |", code(&package.name), escaped(&standing(&package.version))));
    }
    if !rows.is_empty() {
        page.push_str("\n| spec or crate | version |\n| --- | --- |\n");
        let left_out = fill(page, rows.into_iter(), MAX_VERSIONS);
        if left_out > 0 {
            let _ = writeln!(page, "| … and {left_out} more rows | |");
        }
    }
    if let Some(since) = report.versions_since.as_ref().filter(|_| !report.findings.is_empty()) {
        let _ = writeln!(page, "\nNote: {}.", escaped(&since.sentence()));
    }
}

/// Writes the lines that fit. Returns the number of the others.
fn fill(page: &mut String, lines: impl ExactSizeIterator<Item = String>, limit: usize) -> usize {
    let all = lines.len();
    let mut written = 0;
    for line in lines.take(MAX_ROWS) {
        if page.len() + line.len() > limit {
            break;
        }
        let _ = writeln!(page, "{line}");
        written += 1;
    }
    all - written
}

fn table(page: &mut String, groups: &[Group<'_>]) {
    if groups.is_empty() {
        return;
    }
    page.push_str("\n| reaches | wire | Rust | findings |\n| --- | --- | --- | ---: |\n");
    let row = |group: &Group<'_>| {
        let wire = group.findings.iter().map(|finding| finding.wire).min().unwrap_or(Wire::None);
        let rust = group.findings.iter().map(|finding| finding.rust).min().unwrap_or(Rust::None);
        let count = group.findings.len();
        let (wire, rust) = (emphasis(wire), rust.phrase());
        format!("| {} | {wire} | {rust} | {count} |", code(&group.title()))
    };
    let left_out = fill(page, groups.iter().map(row), MAX_TABLE);
    if left_out > 0 {
        let _ = writeln!(page, "| … and {left_out} more rows | | | |");
    }
    page.push('\n');
}

fn unused(page: &mut String, report: &Report) {
    if report.unused_acknowledgements.is_empty() {
        return;
    }
    page.push_str("\nUnused acknowledgements:\n\n");
    let item = |left: &Left| {
        let why = match left.why {
            Why::Unused => "unused".to_owned(),
            Why::Expired => format!("expired, it counted until {}", escaped(&left.until)),
        };
        format!("- {} {why}: {} at {}", code(&left.place), code(&left.rule), code(&left.pointer))
    };
    let left_out = fill(page, report.unused_acknowledgements.iter().map(item), MAX_END);
    if left_out > 0 {
        let _ = writeln!(page, "- … and {left_out} more");
    }
}

fn warnings(page: &mut String, report: &Report) {
    if let Some(first) = report.warnings.first() {
        let count = report.warnings.len();
        let text = format!("\nFaults that both sides have: {count}, the first of which is {}\n", escaped(first));
        if page.len() + text.len() <= MAX_END + 400 {
            page.push_str(&text);
        }
    }
}

fn emphasis(wire: Wire) -> String {
    match wire {
        Wire::Breaking | Wire::Potential => format!("**{}**", wire.phrase()),
        _ => wire.phrase().to_owned(),
    }
}
