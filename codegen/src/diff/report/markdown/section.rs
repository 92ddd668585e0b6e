//! The findings of a comment by their effect, with as many details as fit.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::escape::{clipped, code, escaped};
use crate::diff::report::groups::{Group, counts, grouped};
use crate::diff::report::{Direction, Finding, Place, Report, Rust, Wire};

/// The largest number of findings in a report all of which are shown without a click.
const MAX_OPEN: usize = 10;

/// The largest number of names of operations in a list.
const MAX_NAMES: usize = 150;

/// The largest number of names that a line about several findings has.
const MAX_PROPERTIES: usize = 12;

/// The largest number of effects on Rust that a finding lists.
const MAX_EFFECTS: usize = 8;

/// The largest number of characters of a message on one line.
const MAX_LINE: usize = 200;

/// The amount of details, the most first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Level {
    /// Effects on Rust, both places, and the operations of each group.
    Operations,
    /// The same without the operations.
    Details,
    /// One line for each finding, with its place.
    Line,
    /// One line for each finding, without its place.
    Message,
    /// One line for all findings of a component by one rule.
    Rule,
    /// The number of findings.
    Count,
}

/// The steps in which sections lose details: those whose findings are always listed, and the others. Each step is for the
/// section with the least effect first.
const STEPS: &[(Level, bool)] = &[
    // JSON has the operations, and their names are most of the text.
    (Level::Details, false),
    (Level::Details, true),
    (Level::Line, false),
    (Level::Line, true),
    (Level::Message, false),
    (Level::Rule, false),
    (Level::Count, false),
    (Level::Message, true),
    (Level::Rule, true),
];

/// Findings that are listed together.
pub(super) struct Section<'a> {
    title: &'static str,
    findings: Vec<&'a Finding>,
    /// Set if the list is shown without a click.
    is_open: bool,
    /// Set if no finding may be left out while a section below has any.
    is_listed: bool,
}

impl<'a> Section<'a> {
    /// The sections of a report, the one with the worst findings first.
    pub(super) fn all(report: &'a Report) -> Vec<Self> {
        type Test = fn(&Finding) -> bool;
        let kinds: [(&'static str, Test, bool); 6] = [
            ("Breaking", |finding| finding.wire == Wire::Breaking, true),
            ("Potentially breaking", |finding| finding.wire == Wire::Potential, true),
            ("Compatible", |finding| finding.wire == Wire::Compatible && finding.rule != "operation-added", false),
            ("New operations", |finding| finding.wire == Wire::Compatible && finding.rule == "operation-added", false),
            (
                "Without an effect on the wire",
                |finding| finding.wire > Wire::Compatible && !finding.is_documentation(),
                false,
            ),
            ("Documentation only", Finding::is_documentation, false),
        ];
        let is_short = report.findings.len() <= MAX_OPEN;
        let sections = kinds.into_iter().map(|(title, test, is_listed)| {
            let findings = report.findings.iter().filter(|finding| test(finding)).collect();
            Self { title, findings, is_open: is_short || title == "Breaking", is_listed }
        });
        sections.filter(|section| !section.findings.is_empty()).collect()
    }

    fn title(&self) -> String {
        format!("{}: {}", self.title, self.findings.len())
    }

    /// The section with details of a level.
    fn print(&self, level: Level) -> String {
        let lines = match level {
            Level::Count => return format!("**{}** (`cargo xtask diff` lists them)\n\n", self.title()),
            Level::Rule => by_rule(&self.findings),
            _ if self.findings.iter().all(|finding| finding.is_documentation()) => {
                self.findings.iter().map(|finding| item(finding)).collect()
            }
            _ => self.groups(level),
        };
        self.frame(&lines.concat())
    }

    fn frame(&self, list: &str) -> String {
        match self.is_open {
            true => format!("**{}**\n\n{list}\n", self.title()),
            false => format!("<details>\n<summary>{}</summary>\n\n{list}\n</details>\n\n", self.title()),
        }
    }

    /// The groups of operations, each with its findings.
    fn groups(&self, level: Level) -> Vec<String> {
        let groups = grouped(self.findings.clone());
        let print = |group: &Group<'_>| {
            let mut text = format!("{}: {}\n", code(&group.title()), counts(group.findings.iter().copied()));
            if level == Level::Operations && group.operations.len() > 1 {
                let _ = write!(text, "{}", operations(group));
            }
            text.push('\n');
            for finding in &group.findings {
                text.push_str(&match level {
                    Level::Operations | Level::Details => details(finding),
                    Level::Line => line(finding, true),
                    _ => line(finding, false),
                });
            }
            text.push('\n');
            text
        };
        groups.iter().map(print).collect()
    }

    /// The lines that fit, and the number of findings that do not.
    fn part(&self, room: usize) -> String {
        let mut list = String::new();
        let mut left = self.findings.len();
        for (count, line) in lines_by_rule(&self.findings) {
            if list.len() + line.len() > room.saturating_sub(300) {
                break;
            }
            list.push_str(&line);
            left -= count;
        }
        let more = if left == 1 { "1 more finding does" } else { &format!("{left} more findings do") };
        let _ = write!(list, "\n{more} not fit here: `cargo xtask diff` lists all of them.\n");
        self.frame(&list)
    }
}

/// All sections, with as many details as fit into `room` bytes.
pub(super) fn fitted(sections: Vec<Section<'_>>, room: usize) -> String {
    let mut levels = vec![Level::Operations; sections.len()];
    let mut printed: Vec<_> = sections.iter().map(|section| section.print(Level::Operations)).collect();
    for (level, listed) in STEPS {
        for nth in (0..sections.len()).rev() {
            let is_short = printed.iter().map(String::len).sum::<usize>() <= room;
            if !is_short && sections[nth].is_listed == *listed && levels[nth] < *level {
                levels[nth] = *level;
                printed[nth] = sections[nth].print(*level);
            }
        }
    }
    let mut page = String::new();
    let mut below: usize = printed.iter().map(String::len).sum();
    for (section, text) in sections.iter().zip(printed) {
        below -= text.len();
        let left = room.saturating_sub(page.len());
        // Counts of what follows have to fit too.
        let own = left.saturating_sub(if section.is_listed { 2_000.min(below) } else { below });
        page.push_str(&if text.len() <= own.max(400) { text } else { section.part(own) });
    }
    page
}

/// The operations of a group, behind a click.
fn operations(group: &Group<'_>) -> String {
    let names: Vec<_> = group.operations.listed().take(MAX_NAMES).map(code).collect();
    let more = match group.operations.len() - names.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("<details><summary>the operations</summary>\n\n{}{more}\n</details>\n", names.join(", "))
}

fn facts(finding: &Finding) -> String {
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
    if facts.is_empty() { String::new() } else { format!(" ({})", facts.join("; ")) }
}

fn details(finding: &Finding) -> String {
    let mut lines = vec![format!("- {}{}: {}", code(finding.rule), facts(finding), escaped(&finding.message))];
    lines.extend(finding.rust_changes.iter().take(MAX_EFFECTS).map(|change| format!("Rust: {}", escaped(change))));
    if let Some(more @ 1..) = finding.rust_changes.len().checked_sub(MAX_EFFECTS) {
        lines.push(format!("Rust: and {more} more changes"));
    }
    if finding.is_worse_in_reverse() {
        lines.push("For a new client, the old service is breaking.".to_owned());
    }
    if let Some(reason) = &finding.acknowledged {
        lines.push(format!("Acknowledged: {}", escaped(reason)));
    }
    lines.extend(places(finding));
    lines.join("<br>\n  ") + "\n"
}

fn line(finding: &Finding, has_place: bool) -> String {
    let place = place(finding).filter(|_| has_place).map(|place| format!(", {}", code(&place.to_string())));
    let accepted = if finding.acknowledged.is_some() { " (acknowledged)" } else { "" };
    let message = escaped(&clipped(&finding.message, MAX_LINE));
    format!("- {}: {message}{}{accepted}\n", code(finding.rule), place.unwrap_or_default())
}

fn item(finding: &Finding) -> String {
    let place = place(finding).map(|place| format!("{} ", code(&place.to_string()))).unwrap_or_default();
    format!("- {place}{}\n", escaped(&finding.message))
}

fn by_rule(findings: &[&Finding]) -> Vec<String> {
    lines_by_rule(findings).into_iter().map(|(_, line)| line).collect()
}

/// A line for all findings of a component by one rule, with their number.
fn lines_by_rule(findings: &[&Finding]) -> Vec<(usize, String)> {
    let mut groups: Vec<(&str, &str, Vec<&Finding>)> = Vec::new();
    let mut index: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in findings {
        let component = finding.schemas.first().map_or("", String::as_str);
        let nth = *index.entry((component, finding.rule)).or_insert(groups.len());
        match groups.get_mut(nth) {
            Some((.., all)) => all.push(finding),
            None => groups.push((component, finding.rule, vec![finding])),
        }
    }
    let line = |(component, rule, all): (&str, &str, Vec<&Finding>)| {
        let name = if component.is_empty() { String::new() } else { format!("{}: ", code(component)) };
        let text = match all.as_slice() {
            [only] => format!("- {name}{}: {}\n", code(rule), escaped(&clipped(&only.message, MAX_LINE))),
            several => {
                let last = |finding: &&Finding| finding.pointer.rsplit('/').next().map(|name| code(&clipped(name, 40)));
                let shown: Vec<_> = several.iter().filter_map(last).take(MAX_PROPERTIES).collect();
                let more = if several.len() > shown.len() { ", …" } else { "" };
                format!("- {name}{} {} times ({}{more})\n", code(rule), several.len(), shown.join(", "))
            }
        };
        (all.len(), text)
    };
    groups.into_iter().map(line).collect()
}

fn place(finding: &Finding) -> Option<&Place> {
    finding.head.as_ref().or(finding.base.as_ref())
}

fn places(finding: &Finding) -> Option<String> {
    let sides = [("base", &finding.base), ("head", &finding.head)];
    let places =
        sides.iter().filter_map(|(side, place)| Some(format!("{side} {}", code(&place.as_ref()?.to_string()))));
    let pointer = Some(format!("at {}", code(&finding.pointer))).filter(|_| !finding.pointer.is_empty());
    let also = Some(format!("and {} more places", finding.also.len())).filter(|_| !finding.also.is_empty());
    let all: Vec<_> = places.chain(pointer).chain(also).collect();
    (!all.is_empty()).then(|| all.join(", "))
}
