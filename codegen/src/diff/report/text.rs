//! A report for people at a terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::groups::{counts, groups, standing, verdict};
use super::{Bump, Direction, Finding, Report, Rust, State, Why, Wire};
use crate::visible::visible;

/// The most bytes of a list of operations.
const MAX_OPERATIONS: usize = 1_000;

/// The most faults that are listed.
const MAX_WARNINGS: usize = 5;

/// The most effects on Rust that a finding lists.
const MAX_EFFECTS: usize = 8;

/// The use of terminal codes for colours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// With codes.
    Always,
}

/// The verdict, the versions, then the findings by operation, the worst first.
pub fn text(report: &Report, colour: Colour) -> String {
    let mut page = Page { text: String::new(), colour };
    page.heading(report);
    let (groups, words) = groups(report);
    for group in groups {
        page.title(&visible(&group.title()));
        if group.operations.len() > 1 {
            page.line(2, &format!("reaches: {}", visible(&group.operations.summary(MAX_OPERATIONS))));
        }
        group.findings.iter().for_each(|finding| page.finding(finding));
    }
    if !words.is_empty() {
        page.title("documentation");
        words.iter().for_each(|finding| page.words(finding));
    }
    page.unused(report);
    page.warnings(report);
    page.text
}

struct Page {
    text: String,
    colour: Colour,
}

impl Page {
    fn heading(&mut self, report: &Report) {
        let style = match report.findings.first() {
            None => green(),
            Some(finding) => tint(finding.wire),
        };
        let needs = match report.bump {
            Bump::None if report.is_rust_unknown() => {
                "the generator takes neither side, so that the version that the crate needs is not known".to_owned()
            }
            Bump::None => "the crate needs no new version".to_owned(),
            bump => format!("the crate needs {}", bump.explain()),
        };
        let line = format!("{}; {needs}", self.painted(verdict(report), style.bold()));
        self.line(0, &line);
        if !report.findings.is_empty() {
            let mut line = counts(report.findings.iter());
            let acknowledged = report.findings.len() - report.open().count();
            if acknowledged > 0 {
                let _ = write!(line, "; {acknowledged} of them acknowledged");
            }
            self.line(0, &line);
        }
        self.versions(report);
    }

    fn versions(&mut self, report: &Report) {
        let specs = report.specs.iter().filter(|compared| compared.state != State::Equal);
        let mut rows: Vec<_> = specs.map(|spec| (&spec.spec, "info.version ", &spec.info_version)).collect();
        rows.extend(report.packages.iter().map(|package| (&package.name, "", &package.version)));
        rows.retain(|(.., versions)| versions.bump != Bump::None || versions.enough == Some(false));
        let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or_default();
        for (name, word, versions) in rows {
            let style = match versions.enough {
                Some(true) => green(),
                Some(false) => red(),
                None => yellow(),
            };
            let standing = format!("{word}{}", standing(versions));
            let line = format!("{:width$}  {}", visible(name), self.painted(&visible(&standing), style));
            self.line(0, &line);
        }
        if let Some(since) = report.versions_since.as_ref().filter(|_| !report.findings.is_empty()) {
            self.line(0, &visible(&since.sentence()));
        }
    }

    fn title(&mut self, title: &str) {
        self.text.push('\n');
        let title = self.painted(title, Style::new().bold());
        self.line(0, &title);
    }

    fn finding(&mut self, finding: &Finding) {
        let mut facts = Vec::new();
        match finding.direction {
            Direction::Request => facts.push("request".to_owned()),
            Direction::Response => facts.push("response".to_owned()),
            Direction::Both => facts.push("request and response".to_owned()),
            Direction::None => {}
        }
        if finding.rust != Rust::None {
            facts.push(format!("Rust: {}", finding.rust.phrase()));
        }
        let label = self.painted(finding.wire.phrase(), tint(finding.wire).bold());
        let facts = if facts.is_empty() { String::new() } else { format!("  ({})", facts.join("; ")) };
        self.line(2, &format!("{label}  {}{facts}", finding.rule));
        self.line(4, &visible(&finding.message));
        for change in finding.rust_changes.iter().take(MAX_EFFECTS) {
            self.line(4, &format!("Rust: {}", visible(change)));
        }
        if let Some(more @ 1..) = finding.rust_changes.len().checked_sub(MAX_EFFECTS) {
            self.line(4, &format!("Rust: and {more} more changes (`--format json` lists them)"));
        }
        if finding.is_worse_in_reverse() {
            self.line(4, "for a new client, the old service is breaking");
        }
        self.places(finding);
        if let Some(reason) = &finding.acknowledged {
            let line = self.painted(&format!("acknowledged: {}", visible(reason)), green());
            self.line(4, &line);
        }
    }

    fn places(&mut self, finding: &Finding) {
        let sides = [("base", &finding.base), ("head", &finding.head)];
        let places = sides.iter().filter_map(|(side, place)| Some(format!("{side} {}", place.as_ref()?)));
        let pointer = Some(format!("at {}", finding.pointer)).filter(|_| !finding.pointer.is_empty());
        let line = places.chain(pointer).collect::<Vec<_>>().join(", ");
        if !line.is_empty() {
            let line = self.painted(&visible(&line), Style::new().dimmed());
            self.line(4, &line);
        }
    }

    /// Adds a line about a change of documentation.
    fn words(&mut self, finding: &Finding) {
        let place = finding.head.as_ref().or(finding.base.as_ref());
        let place = place.map(|place| format!("{place}  ")).unwrap_or_default();
        self.line(2, &format!("{}{}", visible(&place), visible(&finding.message)));
    }

    fn unused(&mut self, report: &Report) {
        if report.unused_acknowledgements.is_empty() {
            return;
        }
        self.title("unused acknowledgements");
        for left in &report.unused_acknowledgements {
            let why = match left.why {
                Why::Unused => "unused".to_owned(),
                Why::Expired => format!("expired, it counted until {}", left.until),
            };
            let line = format!("{}  {why}: {} at `{}`", left.place, left.rule, left.pointer);
            self.line(2, &visible(&line));
        }
    }

    fn warnings(&mut self, report: &Report) {
        if report.warnings.is_empty() {
            return;
        }
        self.title("faults of both sides");
        for warning in report.warnings.iter().take(MAX_WARNINGS) {
            self.line(2, &visible(warning));
        }
        if let Some(more @ 1..) = report.warnings.len().checked_sub(MAX_WARNINGS) {
            self.line(2, &format!("and {more} more (`--format json` lists them)"));
        }
    }

    fn line(&mut self, indent: usize, line: &str) {
        let _ = writeln!(self.text, "{:indent$}{line}", "");
    }

    fn painted(&self, text: &str, style: Style) -> String {
        match self.colour {
            Colour::Never => text.to_owned(),
            Colour::Always => format!("{style}{text}{style:#}"),
        }
    }
}

fn tint(wire: Wire) -> Style {
    match wire {
        Wire::Breaking => red(),
        Wire::Potential => yellow(),
        Wire::Compatible => green(),
        Wire::Docs | Wire::None => Style::new(),
    }
}

fn red() -> Style {
    AnsiColor::Red.on_default()
}

fn yellow() -> Style {
    AnsiColor::Yellow.on_default()
}

fn green() -> Style {
    AnsiColor::Green.on_default()
}
