//! Accepted changes, with the reason for each: `acknowledged.yaml`.

use super::report::{Finding, Left, Report, Why, parse};
use super::rules;
use crate::finding::{Finding as Fault, Severity};
use crate::lint::nearest;
use crate::pointer::Pointer;
use crate::read::{Document, Node, NodeValue, load};

/// The required keys of an entry, and the optional one.
const KEYS: &[&str] = &["rule", "pointer", "reason", "until", "spec"];

const MALFORMED: &str = "malformed-acknowledgement";

const UNKNOWN_RULE: &str = "unknown-rule";

/// One accepted change.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Acknowledgement {
    /// The rule of the finding.
    pub rule: String,
    /// The pointer of the finding.
    pub pointer: String,
    /// The reason for accepting the change.
    pub reason: String,
    /// The `info.version` of the new side from which on the change is no longer accepted.
    pub until: String,
    /// The file name of the spec; `None` for any spec.
    pub spec: Option<String>,
    /// The line of the entry.
    pub line: usize,
}

/// The content of an `acknowledged.yaml`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Acknowledgements {
    /// The file as messages name it.
    pub file: String,
    /// Its entries.
    pub entries: Vec<Acknowledgement>,
}

impl Acknowledgements {
    /// Parses the list.
    ///
    /// # Errors
    ///
    /// Returns all errors in it, such as invalid YAML, an unknown key or rule, or a missing reason.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        // A file that has only comments is an empty list.
        let is_comment = |line: &str| matches!(line.trim(), "" | "---" | "...") || line.trim_start().starts_with('#');
        if text.trim_start_matches('\u{feff}').lines().all(is_comment) {
            return Ok(Self { file: file.to_owned(), entries: Vec::new() });
        }
        let document = load(file, text)?;
        let mut reader = Reader { document: &document, faults: Vec::new() };
        let entries = reader.entries();
        if reader.faults.is_empty() { Ok(Self { file: file.to_owned(), entries }) } else { Err(reader.faults) }
    }

    /// Marks the acknowledged findings of a report, and adds the entries that do not apply to a finding.
    ///
    /// # Errors
    ///
    /// Returns the entries whose `until` cannot be compared with the version of the spec.
    pub fn apply(&self, report: &mut Report) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for entry in &self.entries {
            match entry.apply(report) {
                Ok(None) => {}
                Ok(Some(why)) => report.unused_acknowledgements.push(self.left(entry, why)),
                Err(version) => faults.push(self.incomparable(entry, &version)),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn left(&self, entry: &Acknowledgement, why: Why) -> Left {
        let Acknowledgement { rule, pointer, reason, until, line, .. } = entry.clone();
        Left { why, rule, pointer, reason, until, place: format!("{}:{line}", self.file) }
    }

    fn incomparable(&self, entry: &Acknowledgement, version: &str) -> Fault {
        let message = format!("`until: {}` cannot be compared with the spec's `version: {version}`", entry.until);
        let fix = "give the spec a semantic version, such as `1.2.0`, or take the entry out";
        Fault::new(Severity::Error, &self.file, MALFORMED, &message, fix).at((entry.line, 1), Pointer::ROOT)
    }
}

impl Acknowledgement {
    /// Acknowledges the findings that the entry names, and returns why it matches no finding, if it does not.
    ///
    /// # Errors
    ///
    /// Returns the version of the spec if it cannot be compared.
    fn apply(&self, report: &mut Report) -> Result<Option<Why>, String> {
        let mut why = Some(Why::Unused);
        for nth in 0..report.findings.len() {
            let Some(finding) = report.findings.get(nth).filter(|finding| self.names(finding)) else { continue };
            if self.is_over(report, &finding.spec)? {
                why = why.map(|_| Why::Expired);
            } else if let Some(finding) = report.findings.get_mut(nth) {
                finding.acknowledged = Some(self.reason.clone());
                why = None;
            }
        }
        Ok(why)
    }

    fn names(&self, finding: &Finding) -> bool {
        let file = finding.spec.rsplit(['/', '\\']).next();
        let is_spec = self.spec.as_deref().is_none_or(|spec| Some(spec) == file);
        is_spec && finding.rule == self.rule && finding.pointer == self.pointer
    }

    /// Returns whether the new side has reached the version, which a removed spec never does.
    fn is_over(&self, report: &Report, spec: &str) -> Result<bool, String> {
        let compared = report.specs.iter().find(|compared| compared.spec == spec);
        let Some(head) = compared.and_then(|compared| compared.info_version.head.as_deref()) else { return Ok(false) };
        match (parse(head), parse(&self.until)) {
            (Some(head), Some(until)) => Ok(head >= until),
            _ => Err(head.to_owned()),
        }
    }
}

struct Reader<'a> {
    document: &'a Document,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, pointer: &Pointer, rule: &'static str, message: String, fix: &str) {
        self.faults.push(self.document.finding(Severity::Error, pointer, rule, message, fix));
    }

    fn entries(&mut self) -> Vec<Acknowledgement> {
        let NodeValue::Sequence(items) = &self.document.root.value else {
            let message = "this is no list of acknowledgements".to_owned();
            self.fault(
                &Pointer::ROOT,
                MALFORMED,
                message,
                "write `- rule: …` with `pointer`, `reason` and `until` below it",
            );
            return Vec::new();
        };
        items.iter().enumerate().filter_map(|(nth, item)| self.entry(&Pointer::ROOT.child(nth), item)).collect()
    }

    fn entry(&mut self, pointer: &Pointer, item: &Node) -> Option<Acknowledgement> {
        for entry in item.entries().iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
            let message = format!("the key `{}` means nothing here", entry.key);
            self.fault(
                &pointer.child(&entry.key),
                MALFORMED,
                message,
                "an entry has `rule`, `pointer`, `reason`, `until` and `spec`",
            );
        }
        let rule = self.text(pointer, item, "rule", "name the rule of the finding");
        let target = self.text(pointer, item, "pointer", "copy the pointer of the finding (`--format json` has it)");
        let reason = self.text(pointer, item, "reason", "say why the change is acceptable");
        let until = self.text(pointer, item, "until", "quote the `info.version` from which on it must be gone");
        let spec = match item.get("spec") {
            Some(_) => {
                Some(self.text(pointer, item, "spec", "give the file name of the spec, such as `tilisy.yaml`")?)
            }
            None => None,
        };
        // Existing keys are checked even if others are missing, so that all errors are found at once.
        let or_fine = |text: &Option<String>, fine: &str| text.clone().unwrap_or_else(|| fine.to_owned());
        let (any_rule, any_version) = (rules::SPEC_ADDED.id, "0.0.0");
        self.check(pointer, &or_fine(&rule, any_rule), &or_fine(&target, ""), &or_fine(&until, any_version));
        let (rule, target, reason, until) = (rule?, target?, reason?, until?);
        Some(Acknowledgement { rule, pointer: target, reason, until, spec, line: item.line })
    }

    fn text(&mut self, pointer: &Pointer, item: &Node, key: &str, fix: &str) -> Option<String> {
        match item.get(key).and_then(Node::as_str) {
            // The pointer of the whole document is the empty text.
            Some(text) if key == "pointer" || !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                let place = if item.get(key).is_some() { pointer.child(key) } else { pointer.clone() };
                self.fault(&place, MALFORMED, format!("an acknowledgement needs `{key}`, a text"), fix);
                None
            }
        }
    }

    fn check(&mut self, pointer: &Pointer, rule: &str, target: &str, until: &str) {
        if rules::find(rule).is_none() {
            let fix = match nearest(rule, rules::RULES.iter().map(|rule| rule.id)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "copy the rule of the finding".to_owned(),
            };
            self.fault(&pointer.child("rule"), UNKNOWN_RULE, format!("there is no rule `{rule}`"), &fix);
        }
        if !target.is_empty() && !target.starts_with('/') {
            let message = format!("`{target}` is no JSON pointer");
            self.fault(
                &pointer.child("pointer"),
                MALFORMED,
                message,
                "it begins with `/`, as in `/paths/~1sessions/post`",
            );
        }
        if parse(until).is_none() {
            let message = format!("`{until}` is no semantic version");
            self.fault(&pointer.child("until"), MALFORMED, message, "write one, such as `1.2.0`");
        }
    }
}
