//! The findings of a report by the operations that they reach, the worst first.

use std::collections::BTreeMap;

use super::{Bump, Finding, Operations, Report, Rust, Verdict, Versions, Wire};

/// Findings that reach the same operations.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) operations: &'a Operations,
    pub(super) findings: Vec<&'a Finding>,
    /// The component that all findings are in.
    component: Option<&'a str>,
    /// Set if another group would have the same title.
    is_twin: bool,
}

impl<'a> Group<'a> {
    fn new(operations: &'a Operations, findings: Vec<&'a Finding>) -> Self {
        let only = |finding: &&'a Finding| match finding.schemas.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        };
        let component = findings.first().and_then(only);
        let is_shared = findings.iter().all(|finding| only(finding) == component);
        Self { operations, findings, component: component.filter(|_| is_shared), is_twin: false }
    }

    /// The name of the group: `GET /sessions`, or the common component and path of several operations.
    pub(super) fn title(&self) -> String {
        let first = self.operations.iter().next();
        let (first, count) = match (first, self.operations.len()) {
            (None, _) => return "no operation".to_owned(),
            (Some(only), 1) => return only.to_owned(),
            (Some(first), several) => (first, several),
        };
        let mut title = self.component.map(|name| format!("{name}, in ")).unwrap_or_default();
        title.push_str(&format!("{count} operations"));
        match common_path(self.operations) {
            Some(path) => title.push_str(&format!(" under {path}")),
            None if self.component.is_none() || self.is_twin => title.push_str(&format!(", {first} and others")),
            None => {}
        }
        title
    }
}

/// Returns the longest prefix of whole segments that the paths of all operations share, or `None` if they share none.
fn common_path(operations: &Operations) -> Option<String> {
    let path = |name: &'_ str| name.split_once(' ').map_or(String::new(), |(_, path)| path.to_owned());
    let mut paths = operations.iter().map(path);
    let first = paths.next()?;
    let mut common: Vec<&str> = first.split('/').collect();
    for path in paths {
        let equal = common.iter().zip(path.split('/')).take_while(|(own, other)| *own == other).count();
        common.truncate(equal);
    }
    Some(common.join("/")).filter(|path| !path.is_empty())
}

/// Returns the findings in groups, and those about documentation.
pub(super) fn groups(report: &Report) -> (Vec<Group<'_>>, Vec<&Finding>) {
    let (words, others): (Vec<_>, Vec<_>) = report.findings.iter().partition(|finding| finding.is_documentation());
    (grouped(others), words)
}

/// Findings in groups. They are in the report's order, so that each group starts with its worst one, and the worst group is
/// first.
pub(super) fn grouped(findings: Vec<&Finding>) -> Vec<Group<'_>> {
    let mut parts: Vec<(&Operations, Vec<&Finding>)> = Vec::new();
    let mut index: BTreeMap<&Operations, usize> = BTreeMap::new();
    for finding in findings {
        let operations = &finding.operations;
        let nth = *index.entry(operations).or_insert(parts.len());
        match parts.get_mut(nth) {
            Some((_, all)) => all.push(finding),
            None => parts.push((operations, vec![finding])),
        }
    }
    let mut groups: Vec<_> = parts.into_iter().map(|(operations, findings)| Group::new(operations, findings)).collect();
    let mut titles: BTreeMap<String, usize> = BTreeMap::new();
    groups.iter().for_each(|group| *titles.entry(group.title()).or_default() += 1);
    for group in &mut groups {
        group.is_twin = titles.get(&group.title()).is_some_and(|count| *count > 1);
    }
    groups
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
        (None, _) if *bump == Bump::None => format!("{change}: not a semantic version"),
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
            Self::Unknown => "not known",
            Self::None => "no change",
        }
    }
}
