//! The properties of objects.

use std::collections::{BTreeMap, BTreeSet};

use super::directions::Directions;
use super::revision::Revision;
use super::rules;
use super::walk::Walk;
use crate::spec::{FlattenedSchema, NodeRef};

/// The properties of an object by name.
type Properties<'a> = BTreeMap<&'a str, NodeRef<'a>>;

impl<'a> Walk<'a> {
    /// Compares the properties of two objects.
    pub(super) fn properties(
        &mut self,
        base: &NodeRef<'a>,
        head: &NodeRef<'a>,
        old: &FlattenedSchema<'a>,
        new: &FlattenedSchema<'a>,
    ) {
        let (was, is) = (old.properties(), new.properties());
        let (must, must_now) = (old.required(), new.required());
        let renamed = self.renames(&was, &is);
        for (name, place) in was.iter().filter(|(name, _)| !is.contains_key(*name) && !renamed.contains_key(*name)) {
            let directions = self.base.access(place);
            if must.contains(name) {
                let message = format!("the required property `{name}` is gone");
                self.change(&rules::REQUIRED_PROPERTY_REMOVED, Some(place), None, message, directions);
            } else {
                let message = format!("the optional property `{name}` is gone");
                self.change(&rules::PROPERTY_REMOVED, Some(place), None, message, directions);
            }
        }
        let is_new = |name: &str| !was.contains_key(name) && !renamed.values().any(|now| *now == name);
        for (name, place) in is.iter().filter(|(name, _)| is_new(name)) {
            let directions = self.head.access(place);
            if must_now.contains(name) {
                let message = format!("the required property `{name}` is new");
                self.change(&rules::REQUIRED_PROPERTY_ADDED, None, Some(place), message, directions);
            } else {
                let message = format!("the optional property `{name}` is new");
                self.change(&rules::PROPERTY_ADDED, None, Some(place), message, directions);
            }
        }
        for (name, was) in &was {
            let now = renamed.get(name).unwrap_or(name);
            let Some(is) = is.get(now) else { continue };
            let (before, after) = (self.base.access(was), self.head.access(is));
            let directions = before.union(after);
            if now != name {
                self.renamed((name, was), (now, is), directions);
            }
            self.access(now, (was, is), (before, after), must.contains(name) || must_now.contains(now));
            let rule = match (must.contains(name), must_now.contains(now)) {
                (false, true) => Some((&rules::PROPERTY_BECAME_REQUIRED, "required")),
                (true, false) => Some((&rules::PROPERTY_BECAME_OPTIONAL, "optional")),
                _ => None,
            };
            if let Some((rule, word)) = rule {
                self.change(rule, Some(was), Some(is), format!("`{now}` becomes {word}"), directions);
            }
            let names: &[&str] = if now == name { &[] } else { &["x-alias", "x-field-name"] };
            self.schema_without(was, is, directions, names);
        }
        // A property may be required without being declared.
        for name in must.symmetric_difference(&must_now).filter(|name| !was.contains_key(*name)) {
            if !is.contains_key(name) {
                let rule = if must.contains(name) {
                    &rules::PROPERTY_BECAME_OPTIONAL
                } else {
                    &rules::PROPERTY_BECAME_REQUIRED
                };
                let word = if must.contains(name) { "optional" } else { "required" };
                let message = format!("`{name}`, which is declared nowhere, becomes {word}");
                self.changed(rule, &base.get("required"), &head.get("required"), message);
            }
        }
    }

    /// The properties that have another name now, with the new name: one of the two revisions reads both names.
    fn renames(&self, was: &Properties<'a>, is: &Properties<'a>) -> BTreeMap<&'a str, &'a str> {
        let mut fresh: Vec<_> = is.iter().filter(|(name, _)| !was.contains_key(*name)).collect();
        let mut renames = BTreeMap::new();
        for (name, place) in was.iter().filter(|(name, _)| !is.contains_key(*name)) {
            let known = self.base.aliases(place);
            let reads_both = |(now, other): &(&&'a str, &NodeRef<'a>)| {
                known.contains(*now) || self.head.aliases(other).contains(name)
            };
            if let Some(nth) = fresh.iter().position(reads_both) {
                let (now, _) = fresh.remove(nth);
                renames.insert(*name, *now);
            }
        }
        renames
    }

    /// Reports a property that has another name now.
    fn renamed(&mut self, (name, was): (&str, &NodeRef<'a>), (now, is): (&str, &NodeRef<'a>), directions: Directions) {
        let (rule, message) = if self.head.aliases(is).contains(name) {
            (&rules::PROPERTY_RENAMED, format!("`{name}` is called `{now}`, and is still read under its old name"))
        } else {
            (&rules::PROPERTY_NAME_DROPPED, format!("`{name}` is called `{now}`, and is no longer read as `{name}`"))
        };
        self.change(rule, Some(was), Some(is), message, directions);
        let (before, after) = (self.base.aliases(was), self.head.aliases(is));
        let others = |names: &BTreeSet<&'a str>| -> BTreeSet<String> {
            names.iter().filter(|alias| **alias != name && **alias != now).map(|alias| (*alias).to_owned()).collect()
        };
        if others(&before) != others(&after) {
            self.replaced(&rules::ALIAS_CHANGED, "`x-alias`", &was.get("x-alias"), &is.get("x-alias"));
        }
    }

    /// Compares the directions in which a property travels.
    fn access(
        &mut self,
        name: &str,
        (was, is): (&NodeRef<'a>, &NodeRef<'a>),
        (before, after): (Directions, Directions),
        required: bool,
    ) {
        let (lost, gained) = (before.difference(after), after.difference(before));
        if !lost.is_empty() {
            let rule = if required { &rules::REQUIRED_ACCESS_LOST } else { &rules::ACCESS_LOST };
            let message = format!("`{name}` is no longer part of {}", lost.name());
            self.change(rule, Some(was), Some(is), message, lost);
        }
        if !gained.is_empty() {
            let rule = if required { &rules::REQUIRED_ACCESS_GAINED } else { &rules::ACCESS_GAINED };
            let message = format!("`{name}` becomes part of {}", gained.name());
            self.change(rule, Some(was), Some(is), message, gained);
        }
    }
}

impl<'a> Revision<'a> {
    /// The other names under which a property is decoded.
    fn aliases(&self, property: &NodeRef<'a>) -> BTreeSet<&'a str> {
        let used = self.schema(property);
        used.around.iter().chain([&used.core]).flat_map(|place| place.get("x-alias").texts()).collect()
    }
}
