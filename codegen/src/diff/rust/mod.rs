//! What a change does to the users of the generated crate: read off the surfaces of both sides, types included.
//!
//! An effect on Rust is told with the change of the spec that it comes from, where one is found; else on its own.

mod effects;
mod places;
mod signature;

use std::collections::{BTreeMap, BTreeSet};

use self::effects::effects;
use self::places::Places;
use super::report::{Direction, Finding, Place, Rust, Wire};
use super::rules::{self, Rule};
use super::spot::component;
use super::walk::{Told, Walk};
use crate::api::Api;
use crate::compile::outcome;
use crate::emit::{Style, emit};
use crate::finding::{Finding as Fault, Severity};
use crate::read::Document;

/// Something that a side of the surface lacks, or has differently.
#[derive(Debug)]
struct Effect {
    rule: &'static Rule,
    rust: Rust,
    /// Where it may come from on the old side.
    base: Vec<String>,
    /// Where it may come from on the new side.
    head: Vec<String>,
    /// Whether a change below one of the places does not count.
    is_exact: bool,
    operation: Option<String>,
    message: String,
}

/// A side, with all that the lint has to say about it.
type Read = (Document, Vec<Fault>);

/// Adds what the surfaces tell to what is told already.
pub(super) fn judge(old: &Read, new: &Read, walk: &mut Walk<'_>, told: &mut Vec<Told>) {
    let (was, is) = match (outcome(&old.0, old.1.clone()), outcome(&new.0, new.1.clone())) {
        (Ok(was), Ok(is)) => (was, is),
        (was, is) => {
            let is_changed = !told.is_empty();
            let refused = refusals(&new.0.file, (was.err(), is.err()), is_changed);
            return told.extend(refused.map(|finding| Told { base: None, head: None, finding }));
        }
    };
    let (base, head) = (Places::new(&old.0, &was.origins), Places::new(&new.0, &is.origins));
    // Effects are told with changes of the spec, not with one another.
    let (index, mut own) = (Index::new(told), Vec::new());
    for effect in effects(&was.api, &is.api, &base, &head) {
        own.extend(attach(effect, (&base, &head), &index, told));
    }
    if !own.is_empty() {
        let reaching = walk.reaching();
        own.iter_mut().for_each(|told| reach(told, &reaching));
    }
    told.extend(own);
    let is_noticed = told.iter().any(|told| told.finding.rust != Rust::None);
    if !is_noticed && differs(&was.api, &is.api) {
        let message = "the generated code changes, and no rule says why".to_owned();
        let effect = Effect {
            rule: &rules::RUST_CODE_CHANGED,
            rust: Rust::Docs,
            base: vec![String::new()],
            head: vec![String::new()],
            is_exact: true,
            operation: None,
            message,
        };
        told.push(alone(effect, &base, &head));
    }
}

/// Whether two APIs make different files. The model also describes what is not printed.
fn differs(was: &Api, is: &Api) -> bool {
    let style = Style { spec: "", command: "", client_path: "client" };
    was != is && emit(was, style) != emit(is, style)
}

/// What the generator says of a spec that it does not take, on its own.
pub(super) fn refusal(new: &Read) -> Option<Finding> {
    refusals(&new.0.file, (None, outcome(&new.0, new.1.clone()).err()), true)
}

fn refusals(spec: &str, errors: (Option<Vec<Fault>>, Option<Vec<Fault>>), is_changed: bool) -> Option<Finding> {
    let (rule, rust, said, faults) = match errors {
        (None, Some(faults)) => {
            (&rules::GENERATOR_REFUSES, Rust::Refused, "the generator does not take the new side", faults)
        }
        (Some(faults), None) => {
            (&rules::GENERATOR_ACCEPTS, Rust::Additive, "the generator did not take the old side", faults)
        }
        (Some(_), Some(faults)) if is_changed => {
            (&rules::GENERATOR_REFUSES_BOTH, Rust::Refused, "the generator takes neither side", faults)
        }
        _ => return None,
    };
    let errors: Vec<_> = faults.iter().filter(|fault| fault.severity == Severity::Error).collect();
    let first = *errors.first()?;
    let place = Some(Place { file: first.file.clone(), line: first.line });
    let is_old = rule.id == rules::GENERATOR_ACCEPTS.id;
    Some(Finding {
        rule: rule.id,
        wire: Wire::None,
        reverse: Wire::None,
        rust,
        direction: Direction::None,
        operations: Vec::new(),
        schemas: component(&first.pointer.to_string()).into_iter().collect(),
        spec: spec.to_owned(),
        pointer: first.pointer.to_string(),
        message: format!("{said}: {first}"),
        rust_changes: errors.iter().skip(1).map(|fault| format!("the generator says too: {fault}")).collect(),
        base: place.clone().filter(|_| is_old),
        head: place.filter(|_| !is_old),
        nearest: first.line,
        acknowledged: None,
    })
}

/// Adds the operations that lead to the schema in which an effect stands.
fn reach(told: &mut Told, reaching: &BTreeMap<String, BTreeSet<String>>) {
    if !told.finding.operations.is_empty() {
        return;
    }
    let mut names = BTreeSet::new();
    for place in told.base.iter().chain(&told.head) {
        let ends = place.match_indices('/').map(|(end, _)| end).chain([place.len()]);
        let above: Vec<_> = ends.filter_map(|end| place.get(..end)).collect();
        names.extend(above.iter().rev().find_map(|place| reaching.get(*place)).into_iter().flatten().cloned());
    }
    told.finding.operations = names.into_iter().collect();
}

/// The changes of the spec by their places on either side, so that many effects find their causes soon.
struct Index {
    base: BTreeMap<String, Vec<usize>>,
    head: BTreeMap<String, Vec<usize>>,
}

impl Index {
    fn new(told: &[Told]) -> Self {
        let by = |pointer: fn(&Told) -> Option<&String>| {
            let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (nth, told) in told.iter().enumerate() {
                if let Some(pointer) = pointer(told) {
                    all.entry(pointer.clone()).or_default().push(nth);
                }
            }
            all
        };
        Self { base: by(|told| told.base.as_ref()), head: by(|told| told.head.as_ref()) }
    }

    /// The changes that a search of each side finds.
    fn both(
        &self,
        effect: &Effect,
        search: impl Fn(&BTreeMap<String, Vec<usize>>, &str, bool, &mut BTreeSet<usize>),
    ) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (side, places, is_base) in [(&self.base, &effect.base, true), (&self.head, &effect.head, false)] {
            places.iter().for_each(|place| search(side, place, is_base, &mut found));
        }
        found
    }
}

/// Tells an effect with the changes that cause it; alone where there is none.
fn attach(effect: Effect, (base, head): (&Places<'_>, &Places<'_>), index: &Index, told: &mut [Told]) -> Option<Told> {
    let is_docs = effect.rust == Rust::Docs;
    let fits = |nth: &usize| told.get(*nth).is_some_and(|told| may_cause(told, effect.rust));
    // What stands at the place, and what says how the value there looks.
    let mut causes = index.both(&effect, |side, place, _, found| {
        let near = side.range(place.to_owned()..).take_while(|(pointer, _)| pointer.starts_with(place));
        let near =
            near.filter(|(pointer, _)| if effect.is_exact { *pointer == place } else { is_part(pointer, place) });
        found.extend(near.flat_map(|(_, all)| all));
    });
    causes.retain(fits);
    if causes.is_empty() {
        // What the place refers to.
        causes = index.both(&effect, |side, place, is_base, found| {
            let places = if is_base { base } else { head };
            found.extend(places.causes(place).iter().filter_map(|pointer| side.get(pointer)).flatten());
        });
        causes.retain(fits);
    }
    if causes.is_empty() {
        // What the place came with, or went with.
        causes = index.both(&effect, |side, place, _, found| {
            for above in place.match_indices('/').filter_map(|(end, _)| place.get(..end)) {
                let renamed = format!("{above}/operationId");
                found.extend([above, &renamed].into_iter().filter_map(|pointer| side.get(pointer)).flatten());
            }
        });
        let is_whole = |nth: &usize| {
            told.get(*nth).is_some_and(|told| {
                let is_one_sided = told.base.is_none() || told.head.is_none();
                is_one_sided || matches!(told.finding.rule, "schema-renamed" | "operation-id-changed")
            })
        };
        causes.retain(|nth| fits(nth) && is_whole(nth));
    }
    if causes.is_empty() && is_docs {
        // What an operation shares with others stands elsewhere.
        let reaches =
            |told: &Told| effect.operation.as_ref().is_some_and(|name| told.finding.operations.contains(name));
        causes = told.iter().enumerate().filter(|(_, told)| reaches(told)).map(|(nth, _)| nth).collect();
        causes.retain(fits);
    }
    if causes.is_empty() {
        return Some(alone(effect, base, head));
    }
    for (nth, cause) in causes.into_iter().enumerate() {
        let Some(told) = told.get_mut(cause) else { continue };
        told.finding.rust = told.finding.rust.min(effect.rust);
        if nth == 0 && !is_docs {
            told.finding.rust_changes.push(effect.message.clone());
        }
    }
    None
}

/// Whether users of the crate may notice so much of a change.
fn may_cause(told: &Told, rust: Rust) -> bool {
    rules::find(told.finding.rule).is_some_and(|rule| rule.rust <= rust)
}

/// Whether a pointer names a place, or something of it that is no property of its own.
fn is_part(pointer: &str, place: &str) -> bool {
    pointer
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') && !rest.contains("/properties/"))
}

/// A finding about Rust alone.
fn alone(effect: Effect, base: &Places<'_>, head: &Places<'_>) -> Told {
    let Effect { rule, rust, mut message, operation, .. } = effect;
    if rule.id == rules::RUST_TYPE_CHANGED.id && !effect.base.is_empty() && !effect.head.is_empty() {
        message.push_str(" (nothing changes where it is described, but where it is used does)");
    }
    let (old, new) = (effect.base.into_iter().next(), effect.head.into_iter().next());
    let schemas: BTreeSet<String> = old.iter().chain(&new).filter_map(|pointer| component(pointer)).collect();
    let place = |places: &Places<'_>, pointer: &Option<String>| Some(places.place(pointer.as_ref()?));
    Told {
        finding: Finding {
            rule: rule.id,
            wire: Wire::None,
            reverse: Wire::None,
            rust,
            direction: Direction::None,
            operations: operation.into_iter().collect(),
            schemas: schemas.into_iter().collect(),
            spec: head.file().to_owned(),
            pointer: new.clone().or_else(|| old.clone()).unwrap_or_default(),
            message,
            rust_changes: Vec::new(),
            base: place(base, &old),
            head: place(head, &new),
            nearest: head.place(new.as_deref().or(old.as_deref()).unwrap_or_default()).line,
            acknowledged: None,
        },
        base: old,
        head: new,
    }
}
