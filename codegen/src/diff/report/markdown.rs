//! A report as the comment on a pull request: a table at the top, what it sums up folded below.

use std::fmt::Write;

use super::groups::{Group, counts, groups, standing, verdict};
use super::visible::visible;
use super::{Bump, Direction, Finding, Report, Rust, State, Wire};
use crate::diff::acknowledge::Why;

/// The first line, by which a later run finds the comment of an earlier one.
const MARK: &str = "<!-- cargo xtask diff -->";

/// GitHub takes comments of 65,536 characters; some room is kept for what closes a page.
const MAX_PAGE: usize = 60_000;

/// How many rows a table has at most.
const MAX_ROWS: usize = 60;

/// A page that fits a comment; what does not fit is counted at its end.
pub fn markdown(report: &Report) -> String {
    let mut page = String::new();
    heading(&mut page, report);
    let (groups, words) = groups(report);
    table(&mut page, &groups);
    let mut left_out = 0;
    for group in &groups {
        let title = format!("{}: {}", code(&group.title()), counts(group.findings.iter().copied()));
        left_out += fold(&mut page, &title, &group.findings, details);
    }
    if !words.is_empty() {
        let title = format!("Documentation only: {}", words.len());
        left_out += fold(&mut page, &title, &words, item);
    }
    unused(&mut page, report);
    if left_out > 0 {
        let _ = writeln!(page, "\n{left_out} findings more do not fit here: `cargo xtask diff` shows them all.");
    }
    page
}

fn heading(page: &mut String, report: &Report) {
    let needs = match report.bump {
        Bump::None => "the crate needs no new version".to_owned(),
        bump => format!("the crate needs {}", bump.explain()),
    };
    let _ = writeln!(page, "{MARK}\n### Spec review: {}\n\nIn Rust, {needs}.", verdict(report));
    if !report.findings.is_empty() {
        let acknowledged = report.findings.len() - report.open().count();
        let note = if acknowledged > 0 { format!("; {acknowledged} of them acknowledged") } else { String::new() };
        let _ = writeln!(page, "On the wire: {}{note}.", counts(report.findings.iter()));
    }
    let mut rows = Vec::new();
    for spec in report.specs.iter().filter(|compared| compared.state != State::Equal) {
        rows.push(format!("| {} | `info.version` {} |", code(&spec.spec), escaped(&standing(&spec.info_version))));
    }
    for package in report.packages.iter().filter(|package| package.version.bump != Bump::None) {
        rows.push(format!("| {} | {} |", code(&package.name), escaped(&standing(&package.version))));
    }
    if !rows.is_empty() {
        let _ = writeln!(page, "\n| spec or crate | version |\n| --- | --- |\n{}", rows.join("\n"));
    }
}

fn table(page: &mut String, groups: &[Group<'_>]) {
    if groups.is_empty() {
        return;
    }
    page.push_str("\n| reaches | wire | Rust | findings |\n| --- | --- | --- | ---: |\n");
    for group in groups.iter().take(MAX_ROWS) {
        let wire = group.findings.iter().map(|finding| finding.wire).min().unwrap_or(Wire::None);
        let rust = group.findings.iter().map(|finding| finding.rust).min().unwrap_or(Rust::None);
        let count = group.findings.len();
        let (wire, rust) = (emphasis(wire), rust.phrase());
        let _ = writeln!(page, "| {} | {wire} | {rust} | {count} |", code(&group.title()));
    }
    if groups.len() > MAX_ROWS {
        let _ = writeln!(page, "| … and {} rows more | | | |", groups.len() - MAX_ROWS);
    }
    page.push('\n');
}

/// Writes a folded list, and says how many of its items did not fit.
fn fold(page: &mut String, title: &str, findings: &[&Finding], item: impl Fn(&Finding) -> String) -> usize {
    if page.len() > MAX_PAGE {
        return findings.len();
    }
    let _ = writeln!(page, "<details>\n<summary>{title}</summary>\n");
    let mut written = 0;
    for finding in findings {
        let item = item(finding);
        if page.len() + item.len() > MAX_PAGE {
            break;
        }
        let _ = writeln!(page, "{item}");
        written += 1;
    }
    page.push_str("\n</details>\n");
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
        let names: Vec<_> = finding.operations.iter().map(|name| code(name)).collect();
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
    let place =
        |word: &str, place: &Option<super::Place>| Some(format!("{word} {}", code(&place.as_ref()?.to_string())));
    let places: Vec<_> = [place("base", &finding.base), place("head", &finding.head)].into_iter().flatten().collect();
    (!places.is_empty()).then(|| places.join(", "))
}

fn unused(page: &mut String, report: &Report) {
    if report.unused_acknowledgements.is_empty() {
        return;
    }
    page.push_str("\nAcknowledgements that acknowledge nothing:\n\n");
    for left in report.unused_acknowledgements.iter().take(MAX_ROWS) {
        let why = match left.why {
            Why::Unused => "unused".to_owned(),
            Why::Expired => format!("expired, it counted until {}", escaped(&left.until)),
        };
        let _ = writeln!(page, "- {} {why}: {} at {}", code(&left.place), code(&left.rule), code(&left.pointer));
    }
}

fn emphasis(wire: Wire) -> String {
    match wire {
        Wire::Breaking | Wire::Potential => format!("**{}**", wire.phrase()),
        _ => wire.phrase().to_owned(),
    }
}

/// Text that is shown letter for letter.
///
/// Neither Markdown nor names of people and issues mean anything in it, and it stays in its cell of a table.
fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(text))
}

/// A message: what stands between backticks is shown letter for letter, and the rest means nothing to Markdown either.
fn escaped(text: &str) -> String {
    let mut result = String::new();
    for (nth, part) in text.split('`').enumerate() {
        if nth % 2 == 1 {
            result.push_str(&code(part));
        } else {
            // GitHub looks for names and numbers in the finished page, where an entity is what it stands for.
            result.push_str(&entities(part).replace("&#64;", "&#64;<!-- -->").replace("&#35;", "&#35;<!-- -->"));
        }
    }
    result
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
    result
}
