//! Collects findings.

use super::strictness::Rules;
use super::words;
use crate::finding::{Finding, Severity};
use crate::findings::{Findings, Rank};
use crate::read::Document;
use crate::spec::NodeRef;

/// The most known words among which a misspelt one is searched.
const MAX_KNOWN: usize = 500;

/// Findings about one document.
pub(super) struct Report<'a> {
    document: &'a Document,
    rules: Rules,
    /// Whether the caller must see a finding, however many there are.
    is_decisive: &'a dyn Fn(&Finding) -> bool,
    findings: Findings,
}

impl<'a> Report<'a> {
    pub(super) fn new(document: &'a Document, rules: Rules, is_decisive: &'a dyn Fn(&Finding) -> bool) -> Self {
        Self { document, rules, is_decisive, findings: Findings::default() }
    }

    /// Reports what keeps any spec from being generated.
    pub(super) fn error(
        &mut self,
        place: &NodeRef<'_>,
        rule: &'static str,
        message: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) {
        self.add(Severity::Error, place, rule, message.as_ref(), fix.as_ref());
    }

    /// Reports an error in one of our own specs. Others have conventions of their own.
    pub(super) fn house(
        &mut self,
        place: &NodeRef<'_>,
        rule: &'static str,
        message: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) {
        if self.rules == Rules::House {
            self.add(Severity::Error, place, rule, message.as_ref(), fix.as_ref());
        }
    }

    /// Reports an error in one of our own specs, and a warning in others: a fault that generation can do without.
    pub(super) fn tolerated(
        &mut self,
        place: &NodeRef<'_>,
        rule: &'static str,
        message: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) {
        let severity = match self.rules {
            Rules::House => Severity::Error,
            Rules::Stranger | Rules::Strict => Severity::Warning,
        };
        self.add(severity, place, rule, message.as_ref(), fix.as_ref());
    }

    /// Reports a warning in one of our own specs only.
    pub(super) fn house_warning(&mut self, place: &NodeRef<'_>, rule: &'static str, message: &str, fix: &str) {
        if self.rules == Rules::House {
            self.add(Severity::Warning, place, rule, message, fix);
        }
    }

    /// Reports a warning in specs other than our own, of which we know.
    pub(super) fn advice(&mut self, place: &NodeRef<'_>, rule: &'static str, message: &str, fix: &str) {
        if self.rules != Rules::House {
            self.add(Severity::Warning, place, rule, message, fix);
        }
    }

    /// Reports a warning.
    pub(super) fn warning(
        &mut self,
        place: &NodeRef<'_>,
        rule: &'static str,
        message: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) {
        self.add(Severity::Warning, place, rule, message.as_ref(), fix.as_ref());
    }

    /// Returns the known word that a misspelt one was probably meant to be, unless the finding would not be kept.
    pub(super) fn nearest<'k>(&self, word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
        if !self.findings.would_keep(Rank::Error) {
            return None;
        }
        words::nearest(word, known.take(MAX_KNOWN))
    }

    /// Whether any of these rules was broken.
    pub(super) fn has(&self, rules: &[&str]) -> bool {
        self.findings.has(rules)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Returns the findings in the order of the text, each once.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_sorted()
    }

    fn add(&mut self, severity: Severity, place: &NodeRef<'_>, rule: &'static str, message: &str, fix: &str) {
        let finding = self.document.finding(severity, &place.pointer, rule, message, fix);
        let rank = if (self.is_decisive)(&finding) { Rank::Decisive } else { severity.into() };
        self.findings.add(finding, rank);
    }
}
