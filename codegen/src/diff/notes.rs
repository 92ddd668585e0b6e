//! Keys without rules of their own: documentation, extensions, and anything else.

use std::collections::BTreeSet;

use super::rules;
use super::walk::Walk;
use crate::spec::{FlattenedSchema, NodeRef};

impl<'a> Walk<'a> {
    /// Compares `deprecated` of two parts.
    pub(super) fn deprecated(&mut self, what: &str, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        let (old, new) = (base.get("deprecated"), head.get("deprecated"));
        match (base.flag("deprecated"), head.flag("deprecated")) {
            (false, true) => self.changed(&rules::DEPRECATED_SET, &old, &new, format!("{what} is deprecated")),
            (true, false) => {
                self.changed(&rules::DEPRECATED_UNSET, &old, &new, format!("{what} is no longer deprecated"));
            }
            _ => {}
        }
    }

    /// Compares the keys that no other rule handles: documentation, extensions, and anything else.
    pub(super) fn rest(&mut self, base: &FlattenedSchema<'a>, head: &FlattenedSchema<'a>, handled: &[&str]) {
        let keys: BTreeSet<&str> = base.keys().chain(head.keys()).collect();
        for key in keys.into_iter().filter(|key| !handled.contains(key)) {
            self.note(key, &base.get(key), &head.get(key));
        }
    }

    /// Compares the values of a key that has no rules of its own.
    pub(super) fn note(&mut self, key: &str, old: &NodeRef<'a>, new: &NodeRef<'a>) {
        // Here, `false` differs from a missing value.
        let is_plain = matches!(key, "default" | "example" | "examples") || key.starts_with("x-");
        let is_equal = match is_plain {
            true => old.value() == new.value(),
            // Equal references may have targets that differ.
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
            "x-newtype" if !old.exists() => &rules::NEWTYPE_ADDED,
            "x-newtype" if !new.exists() => &rules::NEWTYPE_REMOVED,
            "x-newtype" => &rules::NEWTYPE_CHANGED,
            "x-sensitive" => &rules::SENSITIVITY_CHANGED,
            "default" => &rules::DEFAULT_CHANGED,
            _ if key.starts_with("x-") => &rules::EXTENSION_CHANGED,
            _ if self.base.meaning(old) == self.head.meaning(new) => {
                // The targets of references have the same meaning, or only texts differ.
                if old.refers() || new.refers() {
                    return;
                }
                &rules::NOTE_CHANGED
            }
            _ => &rules::OTHER_CHANGED,
        };
        self.replaced(rule, &format!("`{key}`"), old, new);
    }
}

/// The names in a list, or the one name that stands for a list of one. Their order has no meaning.
fn names(place: &NodeRef<'_>) -> Option<BTreeSet<String>> {
    let name = |place: &NodeRef<'_>| Some(place.value().to_string()).filter(|_| place.exists());
    match place.items().count() {
        0 => Some(name(place).into_iter().collect()),
        _ => place.items().map(|item| name(&item)).collect(),
    }
}
