//! Collects findings.

use super::Rules;
use crate::finding::{Finding, Severity};
use crate::read::Document;

/// Findings about one document.
pub(super) struct Report<'a> {
    pub(super) document: &'a Document,
    rules: Rules,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(super) fn new(document: &'a Document, rules: Rules) -> Self {
        Self { document, rules, findings: Vec::new() }
    }

    /// What keeps any spec from being generated.
    pub(super) fn error(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>, fix: &str) {
        self.add(Severity::Error, pointer, rule, message.into(), fix);
    }

    /// What we do not let pass in our own specs.
    pub(super) fn house(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>, fix: &str) {
        let severity = match self.rules {
            Rules::House => Severity::Error,
            Rules::Stranger => Severity::Warning,
        };
        self.add(severity, pointer, rule, message.into(), fix);
    }

    /// What others are told, and we know about our own specs.
    pub(super) fn advice(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>, fix: &str) {
        if self.rules == Rules::Stranger {
            self.add(Severity::Warning, pointer, rule, message.into(), fix);
        }
    }

    /// What is worth knowing.
    pub(super) fn warning(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>, fix: &str) {
        self.add(Severity::Warning, pointer, rule, message.into(), fix);
    }

    pub(super) fn has(&self, rules: &[&str]) -> bool {
        self.findings.iter().any(|finding| rules.contains(&finding.rule))
    }

    /// The findings in the order of the text, each once.
    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        self.findings
            .sort_by(|a, b| (a.line, a.column, a.rule, &a.message).cmp(&(b.line, b.column, b.rule, &b.message)));
        self.findings.dedup();
        self.findings
    }

    fn add(&mut self, severity: Severity, pointer: &str, rule: &'static str, message: String, fix: &str) {
        self.findings.push(self.document.finding(severity, pointer, rule, message, fix));
    }
}
