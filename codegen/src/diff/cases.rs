//! Schemas that are one of several: `oneOf`, `anyOf`, and discriminators.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use super::directions::Directions;
use super::graph::Kind;
use super::quote::case_name;
use super::revision::Revision;
use super::rules;
use super::unions::is_plain;
use super::walk::Walk;
use crate::pointer::Pointer;
use crate::spec::{FlattenedSchema, NodeRef};

/// The number of pairs of cases that are tried to find those that differ least.
const MAX_TRIED: usize = 400;

/// The pairs of cases that are revisions of one case, the removed cases, and the added ones.
type Matched<'a> = (Vec<(NodeRef<'a>, NodeRef<'a>)>, Vec<NodeRef<'a>>, Vec<NodeRef<'a>>);

impl<'a> Walk<'a> {
    /// Compares a schema with one that has it as a case.
    pub(super) fn is_one_of_several(
        &mut self,
        base: &NodeRef<'a>,
        head: &NodeRef<'a>,
        old: &FlattenedSchema<'a>,
        new: &FlattenedSchema<'a>,
    ) -> bool {
        let (was, is) = (old.cases(), new.cases());
        // What limits all cases has to be compared as well.
        match (was.is_empty(), is.is_empty()) {
            (true, false) if is_plain(new) => {
                let Some(nth) = is.iter().position(|case| self.is_revision(base, case)) else { return false };
                self.cases_added(&others(&is, nth));
                if let Some(case) = is.get(nth) {
                    self.edge(Kind::Schema, base.clone(), self.head.schema(case).core, Directions::BOTH);
                }
                true
            }
            (false, true) if is_plain(old) => {
                let Some(nth) = was.iter().position(|case| self.is_revision(case, head)) else { return false };
                self.cases_removed(&others(&was, nth));
                if let Some(case) = was.get(nth) {
                    self.edge(Kind::Schema, self.base.schema(case).core, head.clone(), Directions::BOTH);
                }
                true
            }
            _ => false,
        }
    }

    /// Returns whether two schemas are one component, or mean the same.
    fn is_revision(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) -> bool {
        let (old, new) = (self.base.schema(base).core, self.head.schema(head).core);
        if old.pointer.is_schema_component() && old.pointer == new.pointer {
            return true;
        }
        self.is_same(base, head)
    }

    fn is_same(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) -> bool {
        base.value() == head.value() && !base.has("$ref")
            || self.speculate(base, head).is_some_and(|found| found.is_equal())
    }

    /// Compares the lists of cases: one with one, several by their kind and order.
    pub(super) fn cases(&mut self, old: &FlattenedSchema<'a>, new: &FlattenedSchema<'a>) {
        let (mut was, mut is) = (old.lists(), new.lists());
        if !was.iter().chain(&is).any(|(_, cases)| cases.len() > 1) {
            // A single case has been merged into the schema.
            return;
        }
        let names_cases = old.has("discriminator") || new.has("discriminator");
        if let ([(was_key, _)], [(is_key, _)]) = (was.as_slice(), is.as_slice())
            && was_key != is_key
        {
            let (rule, message) = match *is_key {
                "oneOf" => (&rules::CASES_NARROWED, "only one of the cases may fit, no longer several at once"),
                _ => (&rules::CASES_WIDENED, "several of the cases may fit at once, no longer only one"),
            };
            self.changed(rule, &old.get(was_key), &new.get(is_key), message.to_owned());
            let (was, is) = (was.remove(0).1, is.remove(0).1);
            return self.list(was, is, names_cases);
        }
        for (key, cases) in was {
            match is.iter().position(|(other, _)| *other == key) {
                Some(nth) => self.list(cases, is.remove(nth).1, names_cases),
                None => self.replaced(&rules::BOUND_DROPPED, "the list of cases", &old.get(key), &new.get(key)),
            }
        }
        for (key, _) in is {
            self.replaced(&rules::BOUND_SET, "the list of cases", &old.get(key), &new.get(key));
        }
    }

    /// Compares two lists of cases, whose order has no meaning.
    fn list(&mut self, old: Vec<NodeRef<'a>>, new: Vec<NodeRef<'a>>, names_cases: bool) {
        let (matched, gone, fresh) = self.matched(old, new, names_cases);
        for (case, other) in matched {
            self.schema(&case, &other, Directions::BOTH);
        }
        gone.iter().for_each(|case| self.case_removed(case));
        fresh.iter().for_each(|case| self.case_added(case));
    }

    fn matched(&mut self, old: Vec<NodeRef<'a>>, mut new: Vec<NodeRef<'a>>, names_cases: bool) -> Matched<'a> {
        let mut pairs = Vec::new();
        let mut left = old;
        // Cases are matched by name first if a discriminator uses the names, and by meaning first otherwise.
        for by_name in [names_cases, !names_cases] {
            let keys: Vec<Rc<str>> = new.iter().map(|case| key(&self.head, case, by_name)).collect();
            let mut known: BTreeMap<Rc<str>, Vec<NodeRef<'a>>> = BTreeMap::new();
            for (key, case) in keys.into_iter().zip(std::mem::take(&mut new)).rev() {
                known.entry(key).or_default().push(case);
            }
            for case in std::mem::take(&mut left) {
                match known.get_mut(&key(&self.base, &case, by_name)).and_then(Vec::pop) {
                    Some(other) => pairs.push((case, other)),
                    None => left.push(case),
                }
            }
            new = known.into_values().flatten().collect();
        }
        new.sort_by_key(|case| nth(&case.pointer));
        let (near, gone, fresh) = self.nearest(left, new);
        pairs.extend(near);
        (pairs, gone, fresh)
    }

    /// Pairs the cases that are left with those that differ least from them.
    fn nearest(&mut self, old: Vec<NodeRef<'a>>, mut new: Vec<NodeRef<'a>>) -> Matched<'a> {
        let mut found = Vec::new();
        for (nth, case) in old.iter().enumerate() {
            for (other_nth, other) in new.iter().enumerate() {
                if old.len() * new.len() <= MAX_TRIED && self.may_be_revision(case, other) {
                    let differences = self.speculate(case, other);
                    let is_even = old.len() == new.len();
                    let fits = differences.filter(|differences| is_even || differences.is_equal());
                    found.extend(fits.map(|differences| (differences.messages.len(), nth, other_nth)));
                }
            }
        }
        found.sort_unstable();
        let (mut taken, mut taken_new, mut pairs) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (_, nth, other_nth) in found {
            if !taken.contains(&nth)
                && !taken_new.contains(&other_nth)
                && let (Some(case), Some(other)) = (old.get(nth), new.get(other_nth))
            {
                pairs.push((case.clone(), other.clone()));
                taken.insert(nth);
                taken_new.insert(other_nth);
            }
        }
        let rest = |all: &mut Vec<NodeRef<'a>>, taken: &BTreeSet<usize>| -> Vec<_> {
            let all = all.drain(..).enumerate().filter(|(nth, _)| !taken.contains(nth));
            all.map(|(_, case)| case).collect()
        };
        let mut old = old;
        (pairs, rest(&mut old, &taken), rest(&mut new, &taken_new))
    }

    /// Returns whether two cases of different names or texts may be one. They are not if both names still exist.
    fn may_be_revision(&self, old: &NodeRef<'a>, new: &NodeRef<'a>) -> bool {
        let exists = |revision: &Revision<'a>, target: &'a str| revision.follow(target).is_some();
        match (old.text("$ref"), new.text("$ref")) {
            (Some(was), Some(is)) => !exists(&self.head, was) && !exists(&self.base, is),
            _ => true,
        }
    }

    /// Reports the cases beside the one that a schema was before as one change.
    fn cases_added(&mut self, cases: &[NodeRef<'a>]) {
        match cases {
            [case] => self.case_added(case),
            [first, ..] => {
                let message = format!("the cases {} are new", names(cases));
                self.change(&rules::CASE_ADDED, None, Some(first), message, Directions::BOTH);
            }
            [] => {}
        }
        self.mention(cases, true);
    }

    fn cases_removed(&mut self, cases: &[NodeRef<'a>]) {
        match cases {
            [case] => self.case_removed(case),
            [first, ..] => {
                let message = format!("the cases {} are gone", names(cases));
                self.change(&rules::CASE_REMOVED, Some(first), None, message, Directions::BOTH);
            }
            [] => {}
        }
        self.mention(cases, false);
    }

    fn case_removed(&mut self, case: &NodeRef<'a>) {
        self.change(
            &rules::CASE_REMOVED,
            Some(case),
            None,
            format!("the case {} is gone", case_name(case)),
            Directions::BOTH,
        );
    }

    fn case_added(&mut self, case: &NodeRef<'a>) {
        self.change(
            &rules::CASE_ADDED,
            None,
            Some(case),
            format!("the case {} is new", case_name(case)),
            Directions::BOTH,
        );
    }

    /// Compares discriminators, but not those that a schema inherits from its parent.
    pub(super) fn discriminators(
        &mut self,
        base: &NodeRef<'a>,
        head: &NodeRef<'a>,
        old: &FlattenedSchema<'a>,
        new: &FlattenedSchema<'a>,
    ) {
        let (was, is) = (base.get("discriminator"), head.get("discriminator"));
        match (was.exists(), is.exists()) {
            (false, false) => return,
            (true, true) => {}
            (false, true) => {
                let message = "a discriminator is new".to_owned();
                return self.change(&rules::DISCRIMINATOR_ADDED, None, Some(&is), message, Directions::BOTH);
            }
            (true, false) => {
                let message = "the discriminator is gone".to_owned();
                return self.change(&rules::DISCRIMINATOR_REMOVED, Some(&was), None, message, Directions::BOTH);
            }
        }
        let (key, key_now) = (was.get("propertyName"), is.get("propertyName"));
        if !key.means(&key_now) {
            self.replaced(&rules::DISCRIMINATOR_CHANGED, "the property that tells the case", &key, &key_now);
        }
        let (values, mut fresh) = (self.base.mapping(base, old, &was), self.head.mapping(head, new, &is));
        let mut gone = BTreeMap::new();
        for (value, target) in values {
            match fresh.remove(&value) {
                Some(other) => self.schema(&target, &other, Directions::BOTH),
                None => drop(gone.insert(value, target)),
            }
        }
        for (value, target) in gone {
            let renamed =
                fresh.iter().find(|(_, other)| target.pointer == other.pointer || self.are_paired(&target, other));
            if let Some(now) = renamed.map(|(now, _)| now.clone()) {
                fresh.remove(&now);
                let message = format!("the case `{value}` of the discriminator is called `{now}`");
                self.changed(&rules::DISCRIMINATOR_CHANGED, &was, &is, message);
            } else if old.cases().is_empty()
                || new.cases().iter().any(|case| self.head.schema(case).core.pointer == target.pointer)
            {
                let message = format!("the value `{value}` of the discriminator is gone");
                self.change(&rules::CASE_REMOVED, Some(&was), None, message, Directions::BOTH);
            }
        }
        for (value, target) in fresh {
            if new.cases().is_empty()
                || old.cases().iter().any(|case| self.base.schema(case).core.pointer == target.pointer)
            {
                let message = format!("the value `{value}` of the discriminator is new");
                self.change(&rules::CASE_ADDED, None, Some(&is), message, Directions::BOTH);
            }
        }
    }
}

impl<'a> Revision<'a> {
    /// The schema of each value of a discriminator, from its `mapping` or by the name of a component.
    fn mapping(
        &self,
        owner: &NodeRef<'a>,
        layers: &FlattenedSchema<'a>,
        discriminator: &NodeRef<'a>,
    ) -> BTreeMap<String, NodeRef<'a>> {
        let said = discriminator.get("mapping");
        let mut all: BTreeMap<String, NodeRef<'a>> = BTreeMap::new();
        for (value, target) in said.children() {
            let Some(target) = target.node.and_then(|node| node.as_str()) else { continue };
            let target = match Pointer::of_reference(target) {
                Some(pointer) => self.at(&pointer),
                None => self.components("schemas").get(target),
            };
            all.insert(value.to_owned(), target);
        }
        let mut implied: Vec<NodeRef<'a>> = layers.cases().iter().map(|case| self.schema(case).core).collect();
        if implied.is_empty() {
            implied = self.subtypes(&owner.pointer);
        }
        let mut said: HashSet<Pointer> = all.values().map(|place| place.pointer.clone()).collect();
        for place in implied.into_iter().filter(|place| place.pointer.is_schema_component()) {
            if let Some(name) = place.pointer.last().filter(|_| said.insert(place.pointer.clone())) {
                all.entry(name.to_owned()).or_insert(place);
            }
        }
        all
    }
}

fn others<'a>(cases: &[NodeRef<'a>], nth: usize) -> Vec<NodeRef<'a>> {
    cases.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, case)| case.clone()).collect()
}

fn names(cases: &[NodeRef<'_>]) -> String {
    cases.iter().map(case_name).collect::<Vec<_>>().join(", ")
}

/// A key that identifies a case: its name or its text, or its meaning.
fn key<'a>(revision: &Revision<'a>, case: &NodeRef<'a>, by_name: bool) -> Rc<str> {
    match (by_name, case.text("$ref")) {
        (true, Some(target)) => target.into(),
        (true, None) => case.value().to_string().into(),
        (false, _) => revision.meaning(case),
    }
}

fn nth(pointer: &Pointer) -> usize {
    pointer.last().and_then(|nth| nth.parse().ok()).unwrap_or_default()
}
