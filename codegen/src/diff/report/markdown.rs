//! A report as the comment on a pull request: the findings first, open if they are few, and tables below.

use std::borrow::Cow;
use std::fmt::Write;

use super::groups::{Group, counts, groups, standing, verdict};
use super::{Bump, Direction, Finding, Left, Report, Rust, State, Why, Wire};
use crate::visible::visible;

/// The first line, by which a later run finds the comment of an earlier one.
const MARK: &str = "<!-- cargo xtask diff -->";

/// The largest number of findings that are shown without a click.
const MAX_OPEN: usize = 5;

/// The longest page up to the end of its findings, in bytes. The rest is room for tables, acknowledgements and the number
/// of findings that do not fit.
const MAX_FINDINGS: usize = 40_000;

/// The longest page up to the end of its versions.
const MAX_VERSIONS: usize = 47_000;

/// The longest page up to the end of its table.
const MAX_TABLE: usize = 60_000;

/// The longest page up to the end of its acknowledgements. GitHub refuses comments of more than 65,536 characters.
const MAX_END: usize = 65_000;

/// The largest number of rows of a table.
const MAX_ROWS: usize = 60;

/// The largest number of characters of a name.
const MAX_NAME: usize = 200;

/// The largest number of characters of a message.
const MAX_MESSAGE: usize = 1_000;

/// Returns a page that fits a comment. It ends with the number of findings that do not fit.
pub fn markdown(report: &Report) -> String {
    let mut page = String::new();
    heading(&mut page, report);
    let (groups, words) = groups(report);
    let is_short = report.findings.len() - words.len() <= MAX_OPEN;
    let mut left_out = 0;
    for group in &groups {
        let title = format!("{}: {}", code(&group.title()), counts(group.findings.iter().copied()));
        left_out += list(&mut page, &title, &group.findings, is_short, details);
    }
    if !words.is_empty() {
        let title = format!("Documentation only: {}", words.len());
        left_out += list(&mut page, &title, &words, report.findings.len() <= MAX_OPEN, item);
    }
    match left_out {
        0 => {}
        1 => page.push_str("\n1 more finding does not fit here: `cargo xtask diff` shows it.\n"),
        _ => {
            let _ = writeln!(page, "\n{left_out} more findings do not fit here: `cargo xtask diff` shows them all.");
        }
    }
    versions(&mut page, report);
    table(&mut page, &groups);
    unused(&mut page, report);
    page
}

fn heading(page: &mut String, report: &Report) {
    let needs = match report.bump {
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

/// Writes a list, open or folded. Returns the number of items that do not fit.
fn list(
    page: &mut String,
    title: &str,
    findings: &[&Finding],
    is_open: bool,
    item: impl Fn(&Finding) -> String,
) -> usize {
    let mut list = String::new();
    let mut written = 0;
    for finding in findings {
        let item = item(finding);
        if page.len() + title.len() + list.len() + item.len() <= MAX_FINDINGS {
            let _ = writeln!(list, "{item}");
            written += 1;
        }
    }
    if written > 0 && is_open {
        let _ = writeln!(page, "**{title}**\n\n{list}");
    } else if written > 0 {
        let _ = writeln!(page, "<details>\n<summary>{title}</summary>\n\n{list}\n</details>");
    }
    findings.len() - written
}

fn details(finding: &Finding) -> String {
    let mut facts = Vec::new();
    match finding.direction {
        Direction::Request => facts.push("request"),
        Direction::Response => facts.push("response"),
        Direction::Both => facts.push("request and response"),
        Direction::None => {}
    }
    let rust = format!("Rust: {}", finding.rust.phrase());
    if finding.rust != Rust::None {
        facts.push(&rust);
    }
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join("; ")) };
    let mut lines =
        vec![format!("- {} {}{facts}: {}", emphasis(finding.wire), code(finding.rule), escaped(&finding.message))];
    lines.extend(finding.rust_changes.iter().map(|change| format!("Rust: {}", escaped(change))));
    if finding.is_worse_in_reverse() {
        lines.push("For a new client, the old service is breaking.".to_owned());
    }
    if finding.operations.len() > 1 {
        let mut names: Vec<_> = finding.operations.listed().map(code).collect();
        if let more @ 1.. = finding.operations.left_out() {
            names.push(format!("and {more} more"));
        }
        lines.push(format!("Reaches {}", names.join(", ")));
    }
    if let Some(reason) = &finding.acknowledged {
        lines.push(format!("Acknowledged: {}", escaped(reason)));
    }
    lines.extend(places(finding));
    lines.join("<br>\n  ")
}

fn item(finding: &Finding) -> String {
    let place = finding.head.as_ref().or(finding.base.as_ref());
    let place = place.map(|place| format!("{} ", code(&place.to_string()))).unwrap_or_default();
    format!("- {place}{}", escaped(&finding.message))
}

fn places(finding: &Finding) -> Option<String> {
    let sides = [("base", &finding.base), ("head", &finding.head)];
    let places =
        sides.iter().filter_map(|(side, place)| Some(format!("{side} {}", code(&place.as_ref()?.to_string()))));
    let pointer = Some(format!("at {}", code(&finding.pointer))).filter(|_| !finding.pointer.is_empty());
    let all: Vec<_> = places.chain(pointer).collect();
    (!all.is_empty()).then(|| all.join(", "))
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

fn emphasis(wire: Wire) -> String {
    match wire {
        Wire::Breaking | Wire::Potential => format!("**{}**", wire.phrase()),
        _ => wire.phrase().to_owned(),
    }
}

/// Text that is shown literally, in one cell of a table, without Markdown and without mentions of users and issues.
fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(&clipped(text, MAX_NAME)))
}

/// A message without Markdown of its own. Text between backticks becomes code.
fn escaped(text: &str) -> String {
    let mut result = String::new();
    for (nth, part) in clipped(text, MAX_MESSAGE).split('`').enumerate() {
        if nth % 2 == 1 {
            result.push_str(&code(part));
        } else {
            // GitHub looks for mentions in the rendered page, in which entities are characters again.
            let part = entities(part);
            let parts = ["&#64;", "&#35;", "GH-", "gh-"].iter();
            result.push_str(&parts.fold(part, |part, mark| part.replace(mark, &format!("{mark}<!-- -->"))));
        }
    }
    result
}

/// The beginning of a text that is too long.
fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

fn entities(text: &str) -> String {
    let mut result = String::new();
    for character in visible(text).chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' | '`' | '*' | '_' | '~' | '|' | '[' | ']' | '\\' | '#' | '@' | '!' | '$' => {
                let _ = write!(result, "&#{};", u32::from(character));
            }
            other => result.push(other),
        }
    }
    // Reports have no links, but GitHub makes one of each address, in `<code>` too.
    result.replace("://", ":<!-- -->//").replace("www.", "www.<!-- -->")
}
