//! Schemas that are one of several: `oneOf`, `anyOf`, and the discriminator that tells which.

use std::collections::BTreeMap;

use super::layers::Layers;
use super::rules;
use super::spot::Spot;
use super::walk::{BOTH, Kind, Walk};

/// The pairs of cases that are editions of one, those that are gone, and those that are new.
type Matched<'a> = (Vec<(Spot<'a>, Spot<'a>)>, Vec<Spot<'a>>, Vec<Spot<'a>>);

impl<'a> Walk<'a> {
    /// Compares a schema with one that has it as a case.
    pub(super) fn is_one_of_several(
        &mut self,
        base: &Spot<'a>,
        head: &Spot<'a>,
        old: &Layers<'a>,
        new: &Layers<'a>,
    ) -> bool {
        let (was, is) = (old.cases(), new.cases());
        // What limits all cases has to be compared as well.
        let is_plain = |layers: &Layers<'a>| {
            let around = ["oneOf", "anyOf", "discriminator", "type", "description", "title", "nullable", "example"];
            layers.keys().all(|key| around.contains(&key) || key.starts_with("x-"))
        };
        match (was.is_empty(), is.is_empty()) {
            (true, false) if is_plain(new) => {
                let Some(nth) = is.iter().position(|case| self.is_edition(base, case)) else { return false };
                for (_, case) in is.iter().enumerate().filter(|(other, _)| *other != nth) {
                    self.case_added(case);
                }
                if let Some(case) = is.get(nth) {
                    self.edge(Kind::Schema, base.clone(), self.head.schema(case).core, BOTH);
                }
                true
            }
            (false, true) if is_plain(old) => {
                let Some(nth) = was.iter().position(|case| self.is_edition(case, head)) else { return false };
                for (_, case) in was.iter().enumerate().filter(|(other, _)| *other != nth) {
                    self.case_removed(case);
                }
                if let Some(case) = was.get(nth) {
                    self.edge(Kind::Schema, self.base.schema(case).core, head.clone(), BOTH);
                }
                true
            }
            _ => false,
        }
    }

    /// Whether two schemas are one component, or mean the same.
    fn is_edition(&mut self, base: &Spot<'a>, head: &Spot<'a>) -> bool {
        let (old, new) = (self.base.schema(base).core, self.head.schema(head).core);
        if old.is_component() && old.pointer == new.pointer {
            return true;
        }
        self.is_same(base, head)
    }

    fn is_same(&mut self, base: &Spot<'a>, head: &Spot<'a>) -> bool {
        base.value() == head.value() && !base.has("$ref")
            || self.trial(base, head).is_some_and(|trial| trial.is_equal())
    }

    /// Compares the cases of a `oneOf` or `anyOf`, whose order says nothing.
    pub(super) fn cases(&mut self, old: &Layers<'a>, new: &Layers<'a>) {
        if old.values().is_some() || new.values().is_some() {
            return;
        }
        let place = |layers: &Layers<'a>| layers.get(if layers.has("oneOf") { "oneOf" } else { "anyOf" });
        let (was, is) = (old.cases(), new.cases());
        match (was.is_empty(), is.is_empty()) {
            (true, true) => return,
            (true, false) => return self.replaced(&rules::BOUND_SET, "the list of cases", &place(old), &place(new)),
            (false, true) => {
                return self.replaced(&rules::BOUND_DROPPED, "the list of cases", &place(old), &place(new));
            }
            (false, false) => {}
        }
        let (matched, gone, fresh) = self.matched(was, is);
        let all = matched.len();
        for (case, other) in matched {
            self.schema(&case, &other, BOTH);
        }
        gone.iter().for_each(|case| self.case_removed(case));
        fresh.iter().for_each(|case| self.case_added(case));
        if all > 0 && old.has("oneOf") != new.has("oneOf") {
            let (rule, message) = if new.has("oneOf") {
                (&rules::CASES_NARROWED, "only one of the cases may fit, no longer several at once")
            } else {
                (&rules::CASES_WIDENED, "several of the cases may fit at once, no longer only one")
            };
            self.changed(rule, &place(old), &place(new), message.to_owned());
        }
    }

    fn matched(&mut self, old: Vec<Spot<'a>>, mut new: Vec<Spot<'a>>) -> Matched<'a> {
        let (mut pairs, mut left) = (Vec::new(), Vec::new());
        // What has the same name or the same text first, then what means the same.
        let target = |spot: &Spot<'a>| spot.text("$ref");
        let is_written_alike = |a: &Spot<'a>, b: &Spot<'a>| match (target(a), target(b)) {
            (Some(a), Some(b)) => a == b,
            (None, None) => a.value() == b.value(),
            _ => false,
        };
        for case in old {
            match new.iter().position(|other| is_written_alike(&case, other)) {
                Some(nth) => pairs.push((case, new.remove(nth))),
                None => left.push(case),
            }
        }
        let mut rest = Vec::new();
        for case in left {
            match new.iter().position(|other| self.is_same(&case, other)) {
                Some(nth) => pairs.push((case, new.remove(nth))),
                None => rest.push(case),
            }
        }
        // Then components whose names are gone with those whose names are new, and what has no name, by their order.
        let is_renamed = |old: &Spot<'a>, new: &Spot<'a>| match (target(old), target(new)) {
            (Some(was), Some(is)) => {
                let at =
                    |view: &super::resolve::View<'a>, target: &str| view.at(target.trim_start_matches('#')).exists();
                !at(&self.head, was) && !at(&self.base, is)
            }
            (None, None) => true,
            _ => false,
        };
        let is_even = rest.len() == new.len();
        let mut gone = Vec::new();
        for case in rest {
            match new.iter().position(|other| is_even && is_renamed(&case, other)) {
                Some(nth) => pairs.push((case, new.remove(nth))),
                None => gone.push(case),
            }
        }
        (pairs, gone, new)
    }

    fn case_removed(&mut self, case: &Spot<'a>) {
        self.change(&rules::CASE_REMOVED, Some(case), None, format!("the case {} is gone", name(case)), BOTH);
    }

    fn case_added(&mut self, case: &Spot<'a>) {
        self.change(&rules::CASE_ADDED, None, Some(case), format!("the case {} is new", name(case)), BOTH);
    }

    /// Compares what tells of which case a value is.
    pub(super) fn discriminators(&mut self, base: &Spot<'a>, head: &Spot<'a>, old: &Layers<'a>, new: &Layers<'a>) {
        let (was, is) = (old.get("discriminator"), new.get("discriminator"));
        match (was.exists(), is.exists()) {
            (false, false) => return,
            (true, true) => {}
            (false, true) => {
                let message = "a discriminator is new".to_owned();
                return self.change(&rules::DISCRIMINATOR_ADDED, None, Some(&is), message, BOTH);
            }
            (true, false) => {
                let message = "the discriminator is gone".to_owned();
                return self.change(&rules::DISCRIMINATOR_REMOVED, Some(&was), None, message, BOTH);
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
                Some(other) => self.schema(&target, &other, BOTH),
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
                self.change(&rules::CASE_REMOVED, Some(&was), None, message, BOTH);
            }
        }
        for (value, target) in fresh {
            if new.cases().is_empty()
                || old.cases().iter().any(|case| self.base.schema(case).core.pointer == target.pointer)
            {
                let message = format!("the value `{value}` of the discriminator is new");
                self.change(&rules::CASE_ADDED, None, Some(&is), message, BOTH);
            }
        }
    }
}

impl<'a> super::resolve::View<'a> {
    /// The schema that each value of a discriminator stands for, said or by the name of its component.
    fn mapping(&self, owner: &Spot<'a>, layers: &Layers<'a>, discriminator: &Spot<'a>) -> BTreeMap<String, Spot<'a>> {
        let section = "/components/schemas";
        let said = discriminator.get("mapping");
        let mut all: BTreeMap<String, Spot<'a>> = BTreeMap::new();
        for (value, target) in said.children() {
            let Some(target) = target.node.and_then(|node| node.as_str()) else { continue };
            let target = match target.strip_prefix('#') {
                Some(pointer) => self.at(pointer),
                None => self.at(section).get(target),
            };
            all.insert(value.to_owned(), target);
        }
        let mut implied: Vec<Spot<'a>> = layers.cases().iter().map(|case| self.schema(case).core).collect();
        if implied.is_empty() {
            implied.extend(self.children(&owner.pointer).iter().map(|pointer| self.at(pointer)));
        }
        for spot in implied.into_iter().filter(Spot::is_component) {
            let is_said = all.values().any(|other| other.pointer == spot.pointer);
            if let Some(name) = spot.component().filter(|_| !is_said) {
                all.entry(name).or_insert(spot);
            }
        }
        all
    }
}

fn name(case: &Spot<'_>) -> String {
    match case.text("$ref").and_then(|target| target.rsplit('/').next()) {
        Some(name) => format!("`{name}`"),
        None => case.show(),
    }
}
