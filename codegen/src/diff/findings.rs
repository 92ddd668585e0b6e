//! Findings from the changes that were recorded.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::directions::Directions;
use super::graph::Change;
use super::reach::{Reach, Reached};
use super::report::{Finding, Rust, Wire};
use super::revision::Revision;
use super::rules::{self, Subject};
use super::subject::{owner, subject};
use super::walk::Walk;
use crate::pointer::Pointer;

/// A finding with the pointers that it is about.
#[derive(Debug)]
pub(super) struct LocatedFinding {
    pub(super) finding: Finding,
    pub(super) base: Option<Pointer>,
    pub(super) head: Option<Pointer>,
}

impl Walk<'_> {
    /// The changes as findings: each change once, with all operations that it reaches.
    pub(super) fn findings(&self, reach: &mut Reach) -> Vec<LocatedFinding> {
        let nodes = self.graph.nodes.iter().enumerate();
        let mut changes: Vec<_> =
            nodes.flat_map(|(nth, node)| node.changes.iter().map(move |change| (nth, change))).collect();
        changes.sort_by(|(_, one), (_, other)| order(one, other));
        let same = changes.chunk_by(|(_, one), (_, other)| order(one, other) == Ordering::Equal);
        let located = same.filter_map(|same| {
            let (_, first) = same.first()?;
            let mut reached = Reached::default();
            same.iter().for_each(|(node, change)| reached.extend(&reach.of(*node), change.directions));
            Some(self.finding(first, &reached, reach))
        });
        located.collect()
    }

    fn finding(&self, change: &Change, reached: &Reached, reach: &mut Reach) -> LocatedFinding {
        let Change { rule, base, head, verdicts, .. } = change;
        let mut message = change.message.clone();
        let directions = reached.directions();
        if rule.id == rules::ENUM_VALUE_ADDED.id && directions.contains(Directions::RESPONSE) {
            message.push_str("; clients that keep unknown values, as ours do, go on working");
        }
        let (request, response) = (verdicts.request, verdicts.response);
        if directions == Directions::BOTH && request != response && request != Wire::None && response != Wire::None {
            message.push_str(&format!(" (in requests {}, in responses {})", request.phrase(), response.phrase()));
        }
        if let Some(subject) = self.subject(change) {
            message = format!("{subject}: {message}");
        }
        let schemas: BTreeSet<_> = base.iter().chain(head).filter_map(Pointer::schema_name).collect();
        let place = |revision: &Revision<'_>, pointer: &Option<Pointer>| pointer.as_ref().map(|it| revision.place(it));
        let pointer = head.clone().or_else(|| base.clone()).unwrap_or_default();
        let finding = Finding {
            rule: rule.id,
            wire: verdicts.wire(directions),
            reverse: verdicts.reverse(directions),
            rust: Rust::None,
            direction: if verdicts.is_silent() { Directions::NONE } else { directions }.into(),
            operations: reach.operations(reached),
            schemas: schemas.into_iter().map(str::to_owned).collect(),
            spec: self.head.document.file.clone(),
            base: place(&self.base, base),
            head: place(&self.head, head),
            pointer: pointer.to_string(),
            message,
            rust_changes: Vec::new(),
            nearest: self.head.line(&pointer),
            acknowledged: None,
            also: Vec::new(),
        };
        LocatedFinding { finding, base: base.clone(), head: head.clone() }
    }

    /// The subject of a message, unless the message names it itself.
    fn subject(&self, change: &Change) -> Option<String> {
        let (revision, pointer) = match (&change.base, &change.head) {
            (_, Some(pointer)) => (&self.head, pointer),
            (Some(pointer), None) => (&self.base, pointer),
            (None, None) => return None,
        };
        let subject = match change.rule.subject {
            Subject::Named => return None,
            Subject::Owner => owner(revision, pointer),
            Subject::Place => subject(revision, pointer),
        };
        Some(subject).filter(|subject| !subject.is_empty())
    }
}

/// The order of changes by rule, place and message. Equal ones are one change that several pairs have.
fn order(one: &Change, other: &Change) -> Ordering {
    (one.rule.id, &one.base, &one.head, &one.message).cmp(&(other.rule.id, &other.base, &other.head, &other.message))
}
