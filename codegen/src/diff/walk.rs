//! What is compared with what, and which operations reach it.
//!
//! Each pair of parts is compared once, however often it is used; pairs that use each other form a graph. Operations
//! are its roots, and a change is told with every root that leads to it, and with the direction of the way there.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::layers::Layers;
use super::report::{Direction, Finding, Place, Rust, Wire};
use super::resolve::View;
use super::rules::{self, Rule};
use super::spot::{Spot, component};
use super::subject::{owner, subject};
use super::trial::{MAX_STEPS, Trial, Verdicts};

pub(super) const REQUEST: u8 = 1;
pub(super) const RESPONSE: u8 = 2;
pub(super) const BOTH: u8 = REQUEST | RESPONSE;

/// What is compared.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    Parameter,
    Body,
    Response,
    Header,
    Schema,
}

/// A change of one pair.
#[derive(Clone, Debug)]
struct Change {
    rule: &'static Rule,
    base: Option<String>,
    head: Option<String>,
    message: String,
    /// The directions in which it counts.
    ways: u8,
    /// What it does, where that hangs on what it consists of.
    verdicts: Verdicts,
}

/// A finding, with the places that it comes from.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) finding: Finding,
    pub(super) base: Option<String>,
    pub(super) head: Option<String>,
}

/// A pair that has been compared.
#[derive(Debug, Default)]
struct Knot {
    changes: Vec<Change>,
    edges: Vec<(usize, u8)>,
    /// The operations that lead here, and in which direction.
    reached: BTreeMap<usize, u8>,
}

/// A comparison in progress.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) base: View<'a>,
    pub(super) head: View<'a>,
    knots: Vec<Knot>,
    index: BTreeMap<(Kind, String, String), usize>,
    open: VecDeque<(usize, Kind, Spot<'a>, Spot<'a>)>,
    roots: Vec<(usize, String)>,
    current: usize,
    has_reached: bool,
    /// How many trials this walk is within.
    pub(super) depth: usize,
    pub(super) trials: BTreeMap<(String, String), Trial>,
    /// How many more pairs may be compared on trial.
    pub(super) steps: Rc<Cell<usize>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(base: View<'a>, head: View<'a>) -> Self {
        Self {
            base,
            head,
            knots: vec![Knot::default()],
            index: BTreeMap::new(),
            open: VecDeque::new(),
            roots: Vec::new(),
            current: 0,
            has_reached: false,
            depth: 0,
            trials: BTreeMap::new(),
            steps: Rc::new(Cell::new(MAX_STEPS)),
        }
    }

    /// What is recorded from here on belongs to an operation.
    pub(super) fn start(&mut self, name: String) {
        self.current = self.knots.len();
        self.knots.push(Knot::default());
        self.roots.push((self.current, name));
    }

    /// What is recorded from here on belongs to a pair of schemas that have been compared.
    pub(super) fn enter(&mut self, base: &Spot<'a>, head: &Spot<'a>) {
        let key = (Kind::Schema, base.key(), head.key());
        self.current = self.index.get(&key).copied().unwrap_or_default();
    }

    /// What is recorded from here on belongs to no operation.
    pub(super) fn leave(&mut self) {
        self.current = 0;
    }

    /// Compares all pairs that have been met.
    pub(super) fn finish(&mut self) {
        while let Some((knot, kind, base, head)) = self.open.pop_front() {
            if !self.is_outermost() && !self.take_step() {
                break;
            }
            self.current = knot;
            match kind {
                Kind::Schema => self.schemas(&base, &head),
                Kind::Parameter => self.parameter(&base, &head),
                Kind::Body => self.body(&base, &head),
                Kind::Response => self.response(&base, &head),
                Kind::Header => self.header(&base, &head),
            }
        }
        self.current = 0;
    }

    /// Uses a pair, which is compared once.
    pub(super) fn edge(&mut self, kind: Kind, base: Spot<'a>, head: Spot<'a>, ways: u8) {
        let key = (kind, base.key(), head.key());
        let next = match self.index.get(&key) {
            Some(&known) => known,
            None => {
                let new = self.knots.len();
                self.knots.push(Knot::default());
                self.index.insert(key, new);
                self.open.push_back((new, kind, base, head));
                new
            }
        };
        if let Some(knot) = self.knots.get_mut(self.current) {
            knot.edges.push((next, ways));
        }
    }

    /// Whether two schemas have been met as editions of one.
    pub(super) fn are_paired(&self, base: &Spot<'a>, head: &Spot<'a>) -> bool {
        self.index.contains_key(&(Kind::Schema, base.key(), head.key()))
    }

    /// Every change, with the directions in which it counts.
    pub(super) fn changes(&mut self) -> Vec<(Verdicts, u8, String)> {
        self.reach();
        let ways = |knot: &Knot| knot.reached.values().fold(0, |all, ways| all | ways);
        let of = |knot: &Knot| -> Vec<_> {
            let all = knot.changes.iter();
            all.map(|change| (change.verdicts, change.ways & ways(knot), change.message.clone())).collect()
        };
        self.knots.iter().flat_map(of).collect()
    }

    /// The schemas that have been compared, by their pointers.
    pub(super) fn compared(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.index.keys().filter(|(kind, ..)| *kind == Kind::Schema);
        pairs.map(|(_, base, head)| (base.as_str(), head.as_str()))
    }

    pub(super) fn change(
        &mut self,
        rule: &'static Rule,
        base: Option<&Spot<'a>>,
        head: Option<&Spot<'a>>,
        message: String,
        ways: u8,
    ) {
        self.judged(rule, base, head, message, (ways, Verdicts::of(rule)));
    }

    /// A change whose verdicts hang on what it consists of.
    pub(super) fn judged(
        &mut self,
        rule: &'static Rule,
        base: Option<&Spot<'a>>,
        head: Option<&Spot<'a>>,
        message: String,
        (ways, verdicts): (u8, Verdicts),
    ) {
        let pointer = |spot: &Spot<'a>| spot.pointer.clone();
        let change = Change { rule, base: base.map(pointer), head: head.map(pointer), message, ways, verdicts };
        if let Some(knot) = self.knots.get_mut(self.current) {
            knot.changes.push(change);
        }
    }

    /// A change of something that stands on both sides.
    pub(super) fn changed(&mut self, rule: &'static Rule, base: &Spot<'a>, head: &Spot<'a>, message: String) {
        self.change(rule, Some(base), Some(head), message, BOTH);
    }

    /// A change from one value to another, either of which may be missing.
    pub(super) fn replaced(&mut self, rule: &'static Rule, what: &str, base: &Spot<'a>, head: &Spot<'a>) {
        let (was, is) = base.show_both(head);
        let message = format!("{what} changes from {was} to {is}");
        self.changed(rule, base, head, message);
    }

    /// Compares `deprecated` of two parts.
    pub(super) fn deprecated(&mut self, what: &str, base: &Spot<'a>, head: &Spot<'a>) {
        let (old, new) = (base.get("deprecated"), head.get("deprecated"));
        match (base.flag("deprecated"), head.flag("deprecated")) {
            (false, true) => self.changed(&rules::DEPRECATED_SET, &old, &new, format!("{what} is deprecated")),
            (true, false) => {
                self.changed(&rules::DEPRECATED_UNSET, &old, &new, format!("{what} is no longer deprecated"));
            }
            _ => {}
        }
    }

    /// Compares what no other rule has looked at: notes, extensions, and all that is left.
    pub(super) fn rest(&mut self, base: &Layers<'a>, head: &Layers<'a>, handled: &[&str]) {
        let keys: BTreeSet<&str> = base.keys().chain(head.keys()).collect();
        for key in keys.into_iter().filter(|key| !handled.contains(key)) {
            self.note(key, &base.get(key), &head.get(key));
        }
    }

    /// Compares the values of a key that has no rules of its own.
    pub(super) fn note(&mut self, key: &str, old: &Spot<'a>, new: &Spot<'a>) {
        // A default of `false` is one, and so is the word of an extension.
        let is_plain = matches!(key, "default" | "example" | "examples") || key.starts_with("x-");
        let is_equal = match is_plain {
            true => old.value() == new.value(),
            // Equal references may lead to what differs.
            false => old.means(new) && (!old.refers() || self.base.meaning(old) == self.head.meaning(new)),
        };
        if is_equal || key == "x-alias" && names(old) == names(new) || key == "tags" && names(old) == names(new) {
            return;
        }
        let rule = match key {
            "description" => &rules::DESCRIPTION_CHANGED,
            "summary" => &rules::SUMMARY_CHANGED,
            "title" => &rules::TITLE_CHANGED,
            "example" | "examples" => &rules::EXAMPLE_CHANGED,
            "tags" | "externalDocs" | "contact" | "license" | "termsOfService" => &rules::NOTE_CHANGED,
            "x-alias" => &rules::ALIAS_CHANGED,
            "x-field-name" => &rules::FIELD_NAME_CHANGED,
            "x-observed-optional" => &rules::OBSERVED_OPTIONAL_CHANGED,
            "x-boxed" => &rules::BOXED_CHANGED,
            "x-sensitive" => &rules::SENSITIVITY_CHANGED,
            "default" => &rules::DEFAULT_CHANGED,
            _ if key.starts_with("x-") => &rules::EXTENSION_CHANGED,
            _ if self.base.meaning(old) == self.head.meaning(new) => {
                // References lead to the same, or only words differ.
                if old.refers() || new.refers() {
                    return;
                }
                &rules::NOTE_CHANGED
            }
            _ => &rules::OTHER_CHANGED,
        };
        self.replaced(rule, &format!("`{key}`"), old, new);
    }

    /// The findings: each change once, with all operations that it reaches.
    pub(super) fn findings(&mut self) -> Vec<Told> {
        if self.knots.iter().all(|knot| knot.changes.is_empty()) {
            return Vec::new();
        }
        self.reach();
        let mut merged: BTreeMap<_, (Change, BTreeMap<usize, u8>)> = BTreeMap::new();
        for knot in &self.knots {
            for change in &knot.changes {
                let key = (change.rule.id, change.base.clone(), change.head.clone(), change.message.clone());
                let (_, all) = merged.entry(key).or_insert_with(|| (change.clone(), BTreeMap::new()));
                for (operation, ways) in &knot.reached {
                    let ways = ways & change.ways;
                    if ways != 0 {
                        *all.entry(*operation).or_default() |= ways;
                    }
                }
            }
        }
        merged.into_values().map(|(change, reached)| self.finding(change, &reached)).collect()
    }

    /// The operations that lead to each schema, by its pointer on either side.
    pub(super) fn reaching(&mut self) -> BTreeMap<String, BTreeSet<String>> {
        self.reach();
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for ((_, base, head), knot) in self.index.iter().filter(|((kind, ..), _)| *kind == Kind::Schema) {
            let reached = self.knots.get(*knot).into_iter().flat_map(|knot| knot.reached.keys());
            let names: Vec<_> =
                reached.filter_map(|root| self.roots.get(*root)).map(|(_, name)| name.clone()).collect();
            for pointer in [base, head] {
                all.entry(pointer.clone()).or_default().extend(names.iter().cloned());
            }
        }
        all
    }

    fn reach(&mut self) {
        if std::mem::replace(&mut self.has_reached, true) {
            return;
        }
        for operation in 0..self.roots.len() {
            let Some((root, _)) = self.roots.get(operation) else { continue };
            let mut open = vec![(*root, BOTH)];
            while let Some((at, ways)) = open.pop() {
                let Some(knot) = self.knots.get_mut(at) else { continue };
                let seen = knot.reached.entry(operation).or_default();
                if *seen | ways == *seen {
                    continue;
                }
                *seen |= ways;
                open.extend(knot.edges.iter().map(|(next, on)| (*next, ways & on)).filter(|(_, ways)| *ways != 0));
            }
        }
    }

    fn finding(&self, change: Change, reached: &BTreeMap<usize, u8>) -> Told {
        let Change { rule, base, head, mut message, verdicts, .. } = change;
        let ways = reached.values().fold(0, |all, ways| all | ways);
        let (request, response) = (verdicts.request, verdicts.response);
        if ways == BOTH && request != response && request != Wire::None && response != Wire::None {
            message.push_str(&format!(" (in requests {}, in responses {})", request.phrase(), response.phrase()));
        }
        if let Some(subject) = self.subject(rule, &base, &head) {
            message = format!("{subject}: {message}");
        }
        let is_silent = request == Wire::None && response == Wire::None;
        let names: BTreeSet<String> =
            reached.keys().filter_map(|index| self.roots.get(*index)).map(|(_, name)| name.clone()).collect();
        let schemas: BTreeSet<String> = base.iter().chain(&head).filter_map(|pointer| component(pointer)).collect();
        let place = |view: &View<'_>, pointer: &Option<String>| {
            let pointer = pointer.as_ref()?;
            Some(Place { file: view.document.file.clone(), line: view.line(pointer) })
        };
        let finding = Finding {
            rule: rule.id,
            wire: verdict((request, response), ways),
            reverse: verdict(verdicts.reverse, ways),
            rust: Rust::None,
            direction: match ways {
                _ if is_silent => Direction::None,
                REQUEST => Direction::Request,
                RESPONSE => Direction::Response,
                BOTH => Direction::Both,
                _ => Direction::None,
            },
            operations: names.into_iter().collect(),
            schemas: schemas.into_iter().collect(),
            spec: self.head.document.file.clone(),
            base: place(&self.base, &base),
            head: place(&self.head, &head),
            pointer: head.clone().or_else(|| base.clone()).unwrap_or_default(),
            message,
            rust_changes: Vec::new(),
            nearest: self.head.line(head.as_deref().or(base.as_deref()).unwrap_or_default()),
            acknowledged: None,
        };
        Told { finding, base, head }
    }

    /// What a message is about, unless it says so itself.
    fn subject(&self, rule: &Rule, base: &Option<String>, head: &Option<String>) -> Option<String> {
        let (view, pointer) = match (base, head) {
            (_, Some(pointer)) => (&self.head, pointer),
            (Some(pointer), None) => (&self.base, pointer),
            (None, None) => return None,
        };
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| rule.id.starts_with(prefix));
        if begins(&[
            "operation-",
            "parameter-",
            "required-parameter-",
            "path-parameter-",
            "schema-renamed",
            "schema-added",
            "schema-removed",
            "security-",
            "servers-",
        ]) || rule.id.ends_with("response-header-added")
            || rule.id.ends_with("response-header-removed")
        {
            return None;
        }
        let names_property = begins(&["property-", "required-property-", "access-", "required-access-"]);
        let subject = if names_property { owner(view, pointer) } else { subject(view, pointer) };
        Some(subject).filter(|subject| !subject.is_empty())
    }
}

/// The worse of the directions that count; what no operation reaches is not on the wire.
fn verdict((request, response): (Wire, Wire), ways: u8) -> Wire {
    match ways {
        REQUEST => request,
        RESPONSE => response,
        BOTH => request.min(response),
        _ if request == Wire::Docs => Wire::Docs,
        _ => Wire::None,
    }
}

/// The names in a list, or the one name that stands for a list of one; their order says nothing.
fn names(spot: &Spot<'_>) -> Option<BTreeSet<String>> {
    let name = |spot: &Spot<'_>| Some(spot.value().to_string()).filter(|_| spot.exists());
    match spot.items().count() {
        0 => Some(name(spot).into_iter().collect()),
        _ => spot.items().map(|item| name(&item)).collect(),
    }
}
