//! Findings about one change at many places, as one finding.

use std::collections::BTreeMap;

use super::report::{Finding, Operations};

/// The fewest places of a change that are one finding. Fewer are clearer on their own.
const MIN_PLACES: usize = 3;

/// Merges findings that say the same about several operations, such as a status that becomes part of all of them, or a
/// change of many equal copies of a schema.
pub(super) fn merged(findings: Vec<Finding>) -> Vec<Finding> {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (nth, finding) in findings.iter().enumerate() {
        let Finding { rule, wire, reverse, rust, direction, message, operations, .. } = finding;
        if operations.is_empty() || names_operation(finding) {
            continue;
        }
        // Copies that become one component have its place on the new side. Documentation is shown by place.
        let is_one_place = finding.head.is_some() && !finding.schemas.is_empty() || finding.is_documentation();
        let place = if is_one_place { finding.pointer.as_str() } else { "" };
        groups.entry((*rule, *wire, *reverse, *rust, *direction, message.as_str(), place)).or_default().push(nth);
    }
    let is_one = |place: &str, all: &[usize]| all.len() >= if place.is_empty() { MIN_PLACES } else { 2 };
    let groups: Vec<_> =
        groups.into_iter().filter(|((.., place), all)| is_one(place, all)).map(|(_, all)| all).collect();
    let mut findings: Vec<_> = findings.into_iter().map(Some).collect();
    for group in groups {
        let mut all: Vec<_> = group.iter().filter_map(|nth| findings.get_mut(*nth)?.take()).collect();
        all.sort_by(|one, other| (one.nearest, &one.pointer).cmp(&(other.nearest, &other.pointer)));
        let names = all.iter().flat_map(|finding| finding.operations.iter()).map(str::to_owned);
        let operations: Operations = names.collect();
        let effects = all.iter_mut().flat_map(|finding| std::mem::take(&mut finding.rust_changes)).collect();
        let mut all = all.into_iter();
        if let (Some(first), Some(place)) = (all.next(), group.first().and_then(|nth| findings.get_mut(*nth))) {
            let also = all.map(|finding| finding.pointer).filter(|pointer| *pointer != first.pointer).collect();
            *place = Some(Finding { operations, rust_changes: effects, also, ..first });
        }
    }
    findings.into_iter().flatten().collect()
}

/// Returns whether the message is about the operation itself, so that it differs from all others.
fn names_operation(finding: &Finding) -> bool {
    finding.operations.iter().next().is_some_and(|name| finding.message.contains(name))
}
