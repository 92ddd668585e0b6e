//! The findings about one document, of which a limited number is kept.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::finding::{Finding, Severity};
use crate::pointer::Pointer;
use crate::rules;

/// The most findings about one document that are kept.
pub(crate) const MAX_FINDINGS: usize = 200;

/// How many rules are counted by name in the finding about those that are left out.
const MAX_COUNTED: usize = 5;

/// The order in which findings are kept where there are too many.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Rank {
    /// One that the caller must see.
    Decisive,
    Error,
    Warning,
}

impl From<Severity> for Rank {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
        }
    }
}

/// Collects findings about one document.
///
/// Each is kept once. Where there are more than [`MAX_FINDINGS`], errors are kept before warnings, and the rest is
/// counted.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    kept: BTreeMap<Rank, Vec<Finding>>,
    /// The numbers of findings that were left out, by rule.
    left_out: BTreeMap<&'static str, usize>,
    has_left_out_errors: bool,
    /// Hashes of all findings so far.
    seen: HashSet<u64>,
    hasher: RandomState,
    rules: BTreeSet<&'static str>,
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding, rank: Rank) {
        let Finding { severity, ref file, line, column, rule, ref message, .. } = finding;
        self.rules.insert(rule);
        if !self.seen.insert(self.hasher.hash_one((severity, file, line, column, rule, message))) {
            return;
        }
        if !self.is_full() {
            return self.kept.entry(rank).or_default().push(finding);
        }
        let least = self.kept.iter_mut().next_back().filter(|(least, _)| rank < **least);
        let Some((&least, kept)) = least else { return self.leave_out(&finding) };
        let replaced = kept.pop();
        if kept.is_empty() {
            self.kept.remove(&least);
        }
        self.kept.entry(rank).or_default().push(finding);
        if let Some(replaced) = replaced {
            self.leave_out(&replaced);
        }
    }

    /// Whether any of these rules was broken, also by a finding that was left out.
    pub(crate) fn has(&self, rules: &[&str]) -> bool {
        rules.iter().any(|rule| self.rules.contains(rule))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether another finding of this rank would be kept.
    pub(crate) fn would_keep(&self, rank: Rank) -> bool {
        !self.is_full() || self.kept.last_key_value().is_some_and(|(least, _)| rank < *least)
    }

    fn is_full(&self) -> bool {
        self.kept.values().map(Vec::len).sum::<usize>() >= MAX_FINDINGS
    }

    /// Returns the findings in the order of the text, with one at the end that counts those left out.
    pub(crate) fn into_sorted(self) -> Vec<Finding> {
        let count = self.count();
        let mut all: Vec<_> = self.kept.into_values().flatten().collect();
        let order = |finding: &Finding| (finding.line, finding.column, finding.rule);
        all.sort_by(|a, b| (&a.file, order(a), &a.message).cmp(&(&b.file, order(b), &b.message)));
        if let (Some(last), Some((severity, message))) = (all.last(), count) {
            // At the place of the last one, so that it stays there however they are sorted by place.
            let fix = "fix those that are listed first";
            let more = Finding::new(severity, &last.file, rules::TOO_MANY_FINDINGS, &message, fix);
            all.push(more.at((last.line, last.column), Pointer::ROOT));
        }
        all
    }

    fn leave_out(&mut self, finding: &Finding) {
        *self.left_out.entry(finding.rule).or_default() += 1;
        self.has_left_out_errors |= finding.severity == Severity::Error;
    }

    fn count(&self) -> Option<(Severity, String)> {
        let more: usize = self.left_out.values().sum();
        let mut counts: Vec<_> = self.left_out.iter().map(|(rule, count)| (count, rule)).collect();
        counts.sort_by(|a, b| b.cmp(a));
        let mut counts: Vec<_> = counts.into_iter().map(|(count, rule)| format!("{count} {rule}")).collect();
        if counts.len() > MAX_COUNTED {
            counts.truncate(MAX_COUNTED);
            counts.push("…".to_owned());
        }
        let severity = if self.has_left_out_errors { Severity::Error } else { Severity::Warning };
        (more > 0).then(|| (severity, format!("{more} more findings are not listed ({})", counts.join(", "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(findings: &mut Findings, count: usize, severity: Severity, rule: &'static str) {
        for line in 1..=count {
            let finding = Finding::new(severity, "a.yaml", rule, "message", "fix").at((line, 1), Pointer::ROOT);
            findings.add(finding, severity.into());
        }
    }

    #[test]
    fn findings_are_kept_once_and_sorted() {
        let mut findings = Findings::default();
        add(&mut findings, 2, Severity::Warning, "b");
        add(&mut findings, 2, Severity::Error, "a");
        add(&mut findings, 2, Severity::Error, "a");
        let all: Vec<_> = findings.into_sorted().iter().map(|finding| (finding.line, finding.rule)).collect();
        assert_eq!(all, [(1, "a"), (1, "b"), (2, "a"), (2, "b")]);
    }

    #[test]
    fn errors_are_kept_before_warnings_and_the_rest_is_counted() {
        let mut findings = Findings::default();
        add(&mut findings, 3 * MAX_FINDINGS, Severity::Warning, "some-warning");
        add(&mut findings, 10, Severity::Error, "some-error");
        assert!(findings.has(&["some-error"]));
        assert!(findings.would_keep(Rank::Error) && !findings.would_keep(Rank::Warning));
        let all = findings.into_sorted();
        assert_eq!(all.len(), MAX_FINDINGS + 1);
        assert_eq!(all.iter().filter(|finding| finding.severity == Severity::Error).count(), 10);
        let last = all.last().map(ToString::to_string).unwrap_or_default();
        let counted = format!("{} more findings are not listed ({0} some-warning)", 2 * MAX_FINDINGS + 10);
        assert!(last.contains(&counted) && last.starts_with("a.yaml:190:1  warning: too-many-findings"), "{last}");
    }

    #[test]
    fn a_document_with_too_many_errors_ends_with_an_error() {
        let mut findings = Findings::default();
        for rule in ["a", "b", "c", "d", "e", "f", "g"] {
            add(&mut findings, MAX_FINDINGS, Severity::Error, rule);
        }
        let decisive = Finding::new(Severity::Error, "a.yaml", "z", "message", "fix");
        findings.add(decisive.clone(), Rank::Decisive);
        let all = findings.into_sorted();
        assert!(all.len() == MAX_FINDINGS + 1 && all.contains(&decisive));
        let last = all.last().map(ToString::to_string).unwrap_or_default();
        assert!(last.contains("  too-many-findings  1201 more findings are not listed (200 g, 200 f, "), "{last}");
        assert!(last.contains(", …)"), "{last}");
    }
}
