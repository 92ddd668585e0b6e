//! The findings of a report by the operations that they reach, the worst first.

use std::collections::BTreeMap;

use super::{Finding, Operations, Report, Rust, Verdict, Versions, Wire};

/// Findings that reach the same operations.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) operations: &'a Operations,
    pub(super) findings: Vec<&'a Finding>,
}

impl Group<'_> {
    /// The name of the group: `GET /sessions`, `3 operations`, or `no operation`.
    pub(super) fn title(&self) -> String {
        match (self.operations.iter().next(), self.operations.len()) {
            (None, _) => "no operation".to_owned(),
            (Some(only), 1) => only.to_owned(),
            (_, several) => format!("{several} operations"),
        }
    }
}

/// Returns the findings in groups, and those about documentation.
pub(super) fn groups(report: &Report) -> (Vec<Group<'_>>, Vec<&Finding>) {
    let (words, others): (Vec<_>, Vec<_>) = report.findings.iter().partition(|finding| finding.is_documentation());
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut index: BTreeMap<&Operations, usize> = BTreeMap::new();
    // Findings are in the report's order, so that each group starts with its worst one, and the worst group is first.
    for finding in others {
        let operations = &finding.operations;
        let nth = *index.entry(operations).or_insert(groups.len());
        match groups.get_mut(nth) {
            Some(group) => group.findings.push(finding),
            None => groups.push(Group { operations, findings: vec![finding] }),
        }
    }
    (groups, words)
}

/// The verdict as a phrase.
pub(super) fn verdict(report: &Report) -> &'static str {
    match report.verdict {
        Verdict::Breaking => "breaking on the wire",
        Verdict::Potential => "potentially breaking on the wire",
        Verdict::NonBreaking => "compatible on the wire",
        Verdict::None if report.findings.is_empty() => "nothing changes",
        Verdict::None => "nothing changes on the wire",
    }
}

/// The number of findings by their effect on the wire: `1 breaking, 2 without an effect on the wire`.
pub(super) fn counts<'a>(findings: impl Iterator<Item = &'a Finding> + Clone) -> String {
    let kinds = [Wire::Breaking, Wire::Potential, Wire::Compatible, Wire::Docs, Wire::None];
    let counts = kinds.iter().filter_map(|kind| {
        let count = findings.clone().filter(|finding| finding.wire == *kind).count();
        let phrase = if *kind == Wire::None { "without an effect on the wire" } else { kind.phrase() };
        (count > 0).then(|| format!("{count} {phrase}"))
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// A comparison of a version with the one that is needed, as a phrase.
pub(super) fn standing(versions: &Versions) -> String {
    let Versions { base, head, needed, enough, bump } = versions;
    let (old, new) = match (base, head) {
        (Some(old), Some(new)) => (old, new),
        (None, Some(new)) => return format!("{new}, the first version"),
        (Some(old), None) => return format!("{old}, the last version"),
        (None, None) => return "no version".to_owned(),
    };
    let change = if old == new { format!("still {new}") } else { format!("{old} → {new}") };
    match (enough, needed) {
        (Some(true), _) => format!("{change}: enough"),
        (Some(false), Some(needed)) => format!("{change}: not enough, {needed} is needed"),
        (Some(false), None) => format!("{change}: lower than before"),
        (None, _) => format!("{change}: not a semantic version, so check that it announces {}", bump.explain()),
    }
}

impl Wire {
    /// The verdict as words say it.
    pub(in crate::diff) fn phrase(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Potential => "potentially breaking",
            Self::Compatible => "compatible",
            Self::Docs => "documentation",
            Self::None => "no wire effect",
        }
    }
}

impl Rust {
    /// The verdict as words say it.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Refused => "refused by the generator",
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Docs => "documentation or internals",
            Self::None => "no change",
        }
    }
}
