//! Objects that become one of several cases, and the reverse.

use super::directions::Directions;
use super::quote::case_name;
use super::report::Wire;
use super::rules;
use super::speculation::Speculation;
use super::verdicts::Verdicts;
use super::walk::Walk;
use crate::spec::{FlattenedSchema, NodeRef};

/// The number of differences that a message lists.
const MAX_DIFFERENCES: usize = 3;

/// Keys that do not limit the values that all cases share.
const AROUND: &[&str] = &["oneOf", "anyOf", "discriminator", "type", "description", "title", "nullable", "example"];

/// Returns whether only the cases of a schema limit its values.
pub(super) fn is_plain(layers: &FlattenedSchema<'_>) -> bool {
    layers.keys().all(|key| AROUND.contains(&key) || key.starts_with("x-"))
}

impl<'a> Walk<'a> {
    /// Reports an object that becomes one of several cases, or the reverse, as one change. Returns whether it did.
    ///
    /// Compared property by property, each property that moves into the cases would be a change of its own.
    pub(super) fn becomes_union(
        &mut self,
        base: &NodeRef<'a>,
        head: &NodeRef<'a>,
        old: &FlattenedSchema<'a>,
        new: &FlattenedSchema<'a>,
    ) -> bool {
        let (was, is) = (old.cases(), new.cases());
        let is_union = !is.is_empty();
        let (object, union, cases) = match (was.is_empty(), is.is_empty()) {
            (true, false) => (old, new, is),
            (false, true) => (new, old, was),
            _ => return false,
        };
        let (kept, is_plain) = (union.properties(), is_plain(union));
        let has_moved = object.properties().keys().any(|name| !kept.contains_key(name));
        if self.base.kind(base) != "object" || !(is_plain || has_moved) {
            return false;
        }
        let (verdicts, differences) = if is_plain {
            self.differences_of_cases(base, head, &cases, is_union)
        } else {
            (verdicts_of_moved(object, union, is_union), Vec::new())
        };
        let names: Vec<_> = cases.iter().map(case_name).collect();
        let mut message = match is_union {
            true => format!("the object becomes one of {} cases: {}", names.len(), names.join(", ")),
            false => format!("it is one object, no longer one of {} cases: {}", names.len(), names.join(", ")),
        };
        if let Some(first) = differences.first() {
            message.push_str(&format!("; differences: {first}"));
            let some = differences.iter().skip(1).take(MAX_DIFFERENCES - 1);
            some.for_each(|other| message.push_str(&format!("; {other}")));
        }
        if let Some(more @ 1..) = differences.len().checked_sub(MAX_DIFFERENCES) {
            message.push_str(&format!("; and {more} more"));
        }
        let rule = if is_union { &rules::BECAME_ONE_OF } else { &rules::BECAME_SINGLE };
        self.judged(rule, Some(base), Some(head), message, (Directions::BOTH, verdicts));
        self.mention(&cases, is_union);
        true
    }

    /// Compares the object with each case. A value of the object has to fit one case, and a value of any case has to fit
    /// the object.
    fn differences_of_cases(
        &mut self,
        base: &NodeRef<'a>,
        head: &NodeRef<'a>,
        cases: &[NodeRef<'a>],
        is_union: bool,
    ) -> (Verdicts, Vec<String>) {
        let mut all = Vec::new();
        for case in cases {
            let compared = if is_union { self.speculate(base, case) } else { self.speculate(case, head) };
            match compared {
                Some(compared) => all.push(compared),
                None => return (UNKNOWN, Vec::new()),
            }
        }
        let worst = |verdict: fn(&Speculation) -> Wire| all.iter().map(|found| verdict(found)).min();
        let best = |verdict: fn(&Speculation) -> Wire| all.iter().map(|found| verdict(found)).max();
        // Which of them the sender may choose from decides: all cases on the side of the union, one object on the other.
        let [request, response, request_back, response_back] = match is_union {
            true => [
                best(|found| found.verdicts.request),
                worst(|found| found.verdicts.response),
                worst(|found| found.verdicts.reverse.0),
                best(|found| found.verdicts.reverse.1),
            ],
            false => [
                worst(|found| found.verdicts.request),
                best(|found| found.verdicts.response),
                best(|found| found.verdicts.reverse.0),
                worst(|found| found.verdicts.reverse.1),
            ],
        }
        .map(|wire| wire.unwrap_or(Wire::Breaking).min(Wire::Compatible));
        let mut messages: Vec<String> = Vec::new();
        for message in all.iter().flat_map(|found| &found.messages) {
            if !messages.contains(message) {
                messages.push(message.clone());
            }
        }
        (Verdicts { request, response, reverse: (request_back, response_back) }, messages)
    }

    /// Notes that a finding names the schemas of these cases.
    pub(super) fn mention(&mut self, cases: &[NodeRef<'a>], is_head: bool) {
        let revision = if is_head { &self.head } else { &self.base };
        let mentioned: Vec<_> = cases.iter().map(|case| revision.schema(case).core.pointer).collect();
        self.mentioned.extend(mentioned);
    }
}

/// The verdicts of a comparison that was not possible.
const UNKNOWN: Verdicts =
    Verdicts { request: Wire::Breaking, response: Wire::Breaking, reverse: (Wire::Breaking, Wire::Breaking) };

/// The verdicts where some properties move into the cases, and others are shared by all cases.
fn verdicts_of_moved(object: &FlattenedSchema<'_>, union: &FlattenedSchema<'_>, is_union: bool) -> Verdicts {
    let (kept, required) = (union.properties(), object.required());
    let is_required = object.properties().keys().any(|name| !kept.contains_key(name) && required.contains(name));
    // Some case may lack the property, and some case may have it.
    let lacking = if is_required { Wire::Breaking } else { Wire::Potential };
    match is_union {
        true => Verdicts { request: Wire::Potential, response: lacking, reverse: (lacking, Wire::Potential) },
        false => Verdicts { request: lacking, response: Wire::Potential, reverse: (Wire::Potential, lacking) },
    }
}
