//! The changes of a document that effects on Rust come from.

use std::collections::{BTreeMap, BTreeSet};

use super::super::findings::LocatedFinding;
use super::super::report::{Direction, Finding, Operations, Rust, Wire};
use super::super::rules;
use super::effects::Effect;
use super::places::Places;
use crate::pointer::Pointer;

/// Indices of findings by their places on one side.
type Side = BTreeMap<Pointer, Vec<usize>>;

/// The findings about the wire that effects on Rust may come from.
#[derive(Debug)]
pub(super) struct Causes<'p, 'a> {
    base: Side,
    head: Side,
    places: (&'p Places<'a>, &'p Places<'a>),
    shared: Vec<Shared>,
}

/// Findings that reach the same operations, and may change the documentation in the code.
#[derive(Debug)]
struct Shared {
    operations: Operations,
    findings: Vec<usize>,
    /// `true` if an effect comes from them.
    is_cause: bool,
}

impl<'p, 'a> Causes<'p, 'a> {
    pub(super) fn new(located: &[LocatedFinding], base: &'p Places<'a>, head: &'p Places<'a>) -> Self {
        let by = |pointer: fn(&LocatedFinding) -> Option<&Pointer>| {
            let mut side = Side::new();
            for (nth, located) in located.iter().enumerate() {
                if let Some(pointer) = pointer(located) {
                    side.entry(pointer.clone()).or_default().push(nth);
                }
            }
            side
        };
        let (by_base, by_head) = (by(|located| located.base.as_ref()), by(|located| located.head.as_ref()));
        Self { base: by_base, head: by_head, places: (base, head), shared: shared(located) }
    }

    /// Adds an effect to the findings that cause it. Returns a finding about the effect if there is none.
    pub(super) fn attach(&mut self, effect: Effect, located: &mut [LocatedFinding]) -> Option<LocatedFinding> {
        let fits = |nth: &usize| located.get(*nth).is_some_and(|located| may_cause(located, effect.rust));
        let mut causes = self.near(&effect);
        causes.retain(fits);
        if causes.is_empty() {
            causes = self.referred(&effect);
            causes.retain(fits);
        }
        if causes.is_empty() {
            causes = self.above(&effect);
            causes.retain(|nth| fits(nth) && located.get(*nth).is_some_and(is_whole));
        }
        let is_docs = effect.rust == Rust::Docs;
        if causes.is_empty() && !(is_docs && self.mark_shared(&effect)) {
            return Some(alone(effect, self.places.0, self.places.1));
        }
        for (nth, cause) in causes.into_iter().enumerate() {
            let Some(located) = located.get_mut(cause) else { continue };
            located.finding.rust = located.finding.rust.min(effect.rust);
            if nth == 0 && !is_docs {
                located.finding.rust_changes.push(effect.message.clone());
            }
        }
        None
    }

    /// Adds the effects that come from findings elsewhere that reach the same operation.
    pub(super) fn finish(self, located: &mut [LocatedFinding]) {
        for nth in self.shared.iter().filter(|shared| shared.is_cause).flat_map(|shared| &shared.findings) {
            if let Some(located) = located.get_mut(*nth) {
                located.finding.rust = located.finding.rust.min(Rust::Docs);
            }
        }
    }

    /// The findings about the places of an effect, and about parts of them.
    fn near(&self, effect: &Effect) -> BTreeSet<usize> {
        self.both(effect, |side, place, _, found| {
            if effect.is_exact {
                return found.extend(side.get(place).into_iter().flatten());
            }
            let near = side.range(place.clone()..).take_while(|(pointer, _)| pointer.strip_prefix(place).is_some());
            found.extend(near.filter(|(pointer, _)| is_part(pointer, place)).flat_map(|(_, all)| all));
        })
    }

    /// The findings about targets of references at the places of an effect.
    fn referred(&self, effect: &Effect) -> BTreeSet<usize> {
        self.both(effect, |side, place, places, found| {
            found.extend(places.causes(place).iter().filter_map(|pointer| side.get(pointer)).flatten());
        })
    }

    /// The findings about what the places of an effect are part of.
    fn above(&self, effect: &Effect) -> BTreeSet<usize> {
        self.both(effect, |side, place, _, found| {
            for above in place.ancestors().skip(1) {
                let renamed = above.child("operationId");
                found.extend([above, &renamed].into_iter().filter_map(|pointer| side.get(pointer)).flatten());
            }
        })
    }

    fn both(
        &self,
        effect: &Effect,
        search: impl Fn(&Side, &Pointer, &Places<'a>, &mut BTreeSet<usize>),
    ) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let sides = [(&self.base, &effect.base, self.places.0), (&self.head, &effect.head, self.places.1)];
        for (side, pointers, places) in sides {
            pointers.iter().for_each(|place| search(side, place, places, &mut found));
        }
        found
    }

    /// Marks the findings that reach the operation of an effect. Returns whether there are any.
    fn mark_shared(&mut self, effect: &Effect) -> bool {
        let Some(operation) = &effect.operation else { return false };
        let mut is_any = false;
        for shared in self.shared.iter_mut().filter(|shared| shared.operations.contains(operation)) {
            shared.is_cause = true;
            is_any = true;
        }
        is_any
    }
}

fn shared(located: &[LocatedFinding]) -> Vec<Shared> {
    let mut all: BTreeMap<&Operations, Vec<usize>> = BTreeMap::new();
    for (nth, located) in located.iter().enumerate().filter(|(_, located)| may_cause(located, Rust::Docs)) {
        all.entry(&located.finding.operations).or_default().push(nth);
    }
    let shared =
        |(operations, findings): (&Operations, _)| Shared { operations: operations.clone(), findings, is_cause: false };
    all.into_iter().map(shared).collect()
}

/// Returns whether a change may have an effect of this kind on users of the crate.
fn may_cause(located: &LocatedFinding, rust: Rust) -> bool {
    rules::find(located.finding.rule).is_some_and(|rule| rule.rust <= rust)
}

/// Returns whether a change affects everything below its place.
fn is_whole(located: &LocatedFinding) -> bool {
    let is_one_sided = located.base.is_none() || located.head.is_none();
    is_one_sided || matches!(located.finding.rule, "schema-renamed" | "operation-id-changed")
}

/// Returns whether a pointer leads to a place or into it, but not into a property.
fn is_part(pointer: &Pointer, place: &Pointer) -> bool {
    let is_property = |rest: Vec<&str>| rest.iter().rev().skip(1).any(|step| *step == "properties");
    pointer.strip_prefix(place).is_some_and(|rest| !is_property(rest))
}

/// A finding about Rust alone.
pub(super) fn alone(effect: Effect, base: &Places<'_>, head: &Places<'_>) -> LocatedFinding {
    let Effect { rule, rust, mut message, operation, .. } = effect;
    if rule.id == rules::RUST_TYPE_CHANGED.id && !effect.base.is_empty() && !effect.head.is_empty() {
        message.push_str(" (nothing changes where it is described, but where it is used does)");
    }
    let (old, new) = (effect.base.into_iter().next(), effect.head.into_iter().next());
    let schemas: BTreeSet<String> =
        old.iter().chain(&new).filter_map(Pointer::schema_name).map(str::to_owned).collect();
    let pointer = new.clone().or_else(|| old.clone()).unwrap_or_default();
    let place = |places: &Places<'_>, pointer: &Option<Pointer>| Some(places.place(pointer.as_ref()?));
    LocatedFinding {
        finding: Finding {
            rule: rule.id,
            wire: Wire::None,
            reverse: Wire::None,
            rust,
            direction: Direction::None,
            operations: operation.into_iter().collect(),
            schemas: schemas.into_iter().collect(),
            spec: head.file().to_owned(),
            pointer: pointer.to_string(),
            message,
            rust_changes: Vec::new(),
            base: place(base, &old),
            head: place(head, &new),
            nearest: head.place(&pointer).line,
            acknowledged: None,
            also: Vec::new(),
        },
        base: old,
        head: new,
    }
}
