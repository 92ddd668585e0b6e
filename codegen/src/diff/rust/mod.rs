//! Effects on the users of the generated crate, from a comparison of both public surfaces.
//!
//! An effect is part of the finding about the change that causes it. An effect without a known cause is a finding.

mod causes;
mod effects;
mod outcomes;
mod places;
mod signature;

use std::collections::HashMap;

use self::causes::{Causes, alone};
use self::effects::{Effect, effects};
use self::places::Places;
use super::directions::Directions;
use super::findings::LocatedFinding;
use super::reach::{Reach, Reached};
use super::report::{Direction, Finding, Operations, Place, Rust, Wire};
use super::rules;
use super::walk::Walk;
use crate::api::Api;
use crate::compile::{Outcome, outcome};
use crate::emit::{Style, emit};
use crate::finding::{Finding as Fault, Severity};
use crate::omitted::LeftOut;
use crate::pointer::Pointer;
use crate::read::Document;

/// A side with all findings of the lint about it.
type Read = (Document, Vec<Fault>);

/// Adds the effects on Rust to the findings about the wire, and as findings of their own.
pub(super) fn judge(old: &Read, new: &Read, (walk, reach): (&Walk<'_>, &mut Reach), located: &mut Vec<LocatedFinding>) {
    let (was, is) = match (outcome(&old.0, old.1.clone()), outcome(&new.0, new.1.clone())) {
        (Ok(was), Ok(is)) => (was, is),
        (was, is) => {
            let is_changed = !located.is_empty();
            if was.is_err() && is.is_err() {
                let others = located.iter_mut().filter(|located| !located.finding.is_documentation());
                others.for_each(|located| located.finding.rust = Rust::Unknown);
            }
            let refused = refusals(&new.0.file, (was.err(), is.err()), is_changed);
            return located.extend(refused.map(|finding| LocatedFinding { base: None, head: None, finding }));
        }
    };
    let (base, head) = (Places::new(&old.0, &was), Places::new(&new.0, &is));
    located.extend(left_out(&was, &is, (&base, &head)));
    let mut causes = Causes::new(located, &base, &head);
    let effects = effects(&was.api, &is.api, &base, &head).into_iter();
    let mut own: Vec<_> = effects.filter_map(|effect| causes.attach(effect, located)).collect();
    causes.finish(located);
    if !own.is_empty() {
        add_operations(&mut own, walk, reach);
    }
    located.extend(own);
    // What requests look like is behind the signatures.
    let encodings = located.iter_mut().filter(|located| located.finding.rule == rules::ENCODING_CHANGED.id);
    encodings.for_each(|located| located.finding.rust = located.finding.rust.min(Rust::Docs));
    let is_noticed = located.iter().any(|located| located.finding.rust != Rust::None);
    if !is_noticed && differs(&was.api, &is.api) {
        let message = "the generated code changes, and no rule says why".to_owned();
        let effect = Effect {
            rule: &rules::RUST_CODE_CHANGED,
            rust: Rust::Docs,
            base: vec![Pointer::ROOT],
            head: vec![Pointer::ROOT],
            is_exact: true,
            operation: None,
            message,
        };
        located.push(alone(effect, &base, &head));
    }
}

/// Returns findings about operations that only one of the two sides leaves out, of those that both have.
fn left_out<'a>(was: &Outcome, is: &Outcome, (base, head): (&Places<'a>, &Places<'a>)) -> Vec<LocatedFinding> {
    let pairs = [
        (&is.left_out, &was.api, &rules::OPERATION_LEFT_OUT, Rust::Breaking),
        (&was.left_out, &is.api, &rules::OPERATION_GENERATED, Rust::Additive),
    ];
    let mut found = Vec::new();
    for (left, api, rule, rust) in pairs {
        let is_new = rule.id == rules::OPERATION_LEFT_OUT.id;
        for LeftOut { method, path, pointer, reason } in left {
            let other = api.operations.iter().find(|other| other.method == *method && other.path == *path);
            let Some(other) =
                other.and_then(|other| if is_new { base } else { head }.operation(&other.name).into_iter().next())
            else {
                continue;
            };
            let (base_pointer, head_pointer) = if is_new { (&other, pointer) } else { (pointer, &other) };
            let said = if is_new { "the generator leaves it out" } else { "the generator left it out" };
            let finding = Finding {
                rule: rule.id,
                wire: Wire::None,
                reverse: Wire::None,
                rust,
                direction: Direction::None,
                operations: std::iter::once(format!("{method} {path}")).collect(),
                schemas: Vec::new(),
                spec: head.file().to_owned(),
                pointer: head_pointer.to_string(),
                message: format!("{said}: {reason}"),
                rust_changes: Vec::new(),
                base: Some(base.place(base_pointer)),
                head: Some(head.place(head_pointer)),
                nearest: head.place(head_pointer).line,
                acknowledged: None,
                also: Vec::new(),
            };
            found.push(LocatedFinding { base: Some(base_pointer.clone()), head: Some(head_pointer.clone()), finding });
        }
    }
    found
}

/// Returns whether two APIs make different files. Some parts of the model aren't printed.
fn differs(was: &Api, is: &Api) -> bool {
    let style = Style { spec: "", command: "", client_path: "client", max_file: usize::MAX };
    was != is && emit(was, style) != emit(is, style)
}

/// Returns a finding if the generator refuses a spec without an old side.
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
            (&rules::GENERATOR_REFUSES_BOTH, Rust::Unknown, "the generator takes neither side", faults)
        }
        _ => return None,
    };
    let errors: Vec<_> = faults.iter().filter(|fault| fault.severity == Severity::Error).collect();
    let first = *errors.first()?;
    let place = Some(Place { file: first.file.clone(), line: first.line });
    let schema = first.pointer.schema_name();
    let is_old = rule.id == rules::GENERATOR_ACCEPTS.id;
    Some(Finding {
        rule: rule.id,
        wire: Wire::None,
        reverse: Wire::None,
        rust,
        direction: Direction::None,
        operations: Operations::default(),
        schemas: schema.map(str::to_owned).into_iter().collect(),
        spec: spec.to_owned(),
        pointer: first.pointer.to_string(),
        message: match (rust, errors.len()) {
            (Rust::Unknown, several @ 2..) => format!("{said}: {several} places, the first of which is {first}"),
            _ => format!("{said}: {first}"),
        },
        rust_changes: match rust {
            Rust::Unknown => Vec::new(),
            _ => errors.iter().skip(1).map(|fault| format!("the generator says too: {fault}")).collect(),
        },
        base: place.clone().filter(|_| is_old),
        head: place.filter(|_| !is_old),
        nearest: first.line,
        acknowledged: None,
        also: Vec::new(),
    })
}

/// Adds the operations that lead to the schemas that findings without operations are about.
fn add_operations(all: &mut [LocatedFinding], walk: &Walk<'_>, reach: &mut Reach) {
    let mut schemas: HashMap<&Pointer, Reached> = HashMap::new();
    for (node, (base, head)) in walk.graph.schemas() {
        let reached = reach.of(node);
        for pointer in [base, head] {
            schemas.entry(pointer).or_default().extend(&reached, Directions::BOTH);
        }
    }
    for located in all.iter_mut().filter(|located| located.finding.operations.is_empty()) {
        let mut reached = Reached::default();
        for place in located.base.iter().chain(&located.head) {
            if let Some(found) = place.ancestors().find_map(|place| schemas.get(place)) {
                reached.extend(found, Directions::BOTH);
            }
        }
        located.finding.operations = reach.operations(&reached);
    }
}
