//! Schemas: types, formats, enums, properties.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::Layers;
use super::resolve::{Use, View};
use super::rules::{self, Rule};
use super::spot::Spot;
use super::walk::{BOTH, Kind, REQUEST, RESPONSE, Walk};

/// Keys that are compared where a schema is used, with what stands around it there.
const NOTES: &[&str] = &["description", "title", "example", "externalDocs", "default"];

/// Keys of a schema that rules of their own look at.
const HANDLED: &[&str] = &[
    "type",
    "format",
    "enum",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "x-closed",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "maxItems",
    "minItems",
    "maxProperties",
    "minProperties",
    "multipleOf",
    "uniqueItems",
    "pattern",
    "not",
    "discriminator",
    "description",
    "title",
    "example",
    "externalDocs",
    "default",
];

/// Formats that take all that another takes.
const WIDER: &[(&str, &str)] = &[
    ("int32", "int64"),
    ("float", "double"),
    ("uuid4", "uuid"),
    ("ipv4", "ip"),
    ("ipv6", "ip"),
    ("uri", "uri-reference"),
    ("url", "uri"),
    ("url", "uri-reference"),
];

impl<'a> Walk<'a> {
    /// Compares two schemas where they are used.
    pub(super) fn schema(&mut self, base: &Spot<'a>, head: &Spot<'a>, ways: u8) {
        let (old, new) = (self.base.schema(base), self.head.schema(head));
        if !self.is_swapped(base, head, &old.core, &new.core, ways) {
            self.notes(base, head, &old, &new, ways);
            self.edge(Kind::Schema, old.core, new.core, ways);
        }
    }

    /// Tells it at once where a reference leads to another component that both sides have.
    fn is_swapped(&mut self, base: &Spot<'a>, head: &Spot<'a>, old: &Spot<'a>, new: &Spot<'a>, ways: u8) -> bool {
        let (Some(was), Some(is)) = (old.component(), new.component()) else { return false };
        let is_other = old.is_component() && new.is_component() && was != is;
        let are_both = self.head.at(&old.pointer).exists() && self.base.at(&new.pointer).exists();
        if !is_other || !are_both || !self.is_outermost() {
            return false;
        }
        let Some(trial) = self.trial(old, new).filter(|trial| !trial.is_equal()) else { return false };
        let mut message = format!("the schema changes from `{was}` to `{is}`");
        let mut all = trial.messages.iter();
        let some: Vec<_> = all.by_ref().take(3).map(String::as_str).collect();
        message.push_str(&format!(", which differ: {}", some.join("; ")));
        if let more @ 1.. = all.count() {
            message.push_str(&format!("; and {more} more"));
        }
        self.judged(&rules::SCHEMA_SWAPPED, Some(base), Some(head), message, (ways, trial.verdicts));
        true
    }

    /// Compares what may stand around a schema. Two components say what is theirs themselves.
    fn notes(&mut self, base: &Spot<'a>, head: &Spot<'a>, old: &Use<'a>, new: &Use<'a>, ways: u8) {
        let is_shared = old.core.is_component() && new.core.is_component();
        if is_shared && old.around.is_empty() && new.around.is_empty() {
            return;
        }
        let (old_core, new_core) = (self.base.layers(&old.core), self.head.layers(&new.core));
        let mut keys: BTreeSet<&str> = NOTES.iter().copied().collect();
        let around = old.around.iter().chain(&new.around).chain([&old.core, &new.core]);
        keys.extend(around.flat_map(|spot| spot.entries()).map(|entry| entry.key.as_str()).filter(|key| is_ours(key)));
        for key in keys {
            let (own_old, own_new) = (first(&old.around, key), first(&new.around, key));
            let is_theirs = is_shared && own_old.is_none() && own_new.is_none();
            let at_old = own_old.unwrap_or_else(|| old_core.get(key));
            let at_new = own_new.unwrap_or_else(|| new_core.get(key));
            if is_theirs {
                continue;
            }
            if key == "default" && at_old.value() != at_new.value() {
                let (was, is) = at_old.show_both(&at_new);
                let message = format!("`default` changes from {was} to {is}");
                self.change(&rules::DEFAULT_CHANGED, Some(&at_old), Some(&at_new), message, ways);
            } else {
                self.note(key, &at_old, &at_new);
            }
        }
        for (key, set, unset) in [
            ("nullable", &rules::BECAME_NULLABLE, &rules::BECAME_NOT_NULLABLE),
            ("deprecated", &rules::DEPRECATED_SET, &rules::DEPRECATED_UNSET),
        ] {
            let all = |found: &Use<'a>, core: bool| core || found.around.iter().any(|spot| spot.flag(key));
            let cores = match key {
                "nullable" => (self.base.takes_null(&old.core), self.head.takes_null(&new.core)),
                _ => (old_core.flag(key), new_core.flag(key)),
            };
            let flags = (all(old, cores.0), all(new, cores.1));
            if !(is_shared && flags == cores) {
                self.flag(key, flags, (&base.get(key), &head.get(key)), (set, unset), ways);
            }
        }
    }

    fn flag(
        &mut self,
        key: &str,
        flags: (bool, bool),
        (base, head): (&Spot<'a>, &Spot<'a>),
        (set, unset): (&'static Rule, &'static Rule),
        ways: u8,
    ) {
        let (rule, verb) = match flags {
            (false, true) => (set, "becomes"),
            (true, false) => (unset, "is no longer"),
            _ => return,
        };
        self.change(rule, Some(base), Some(head), format!("it {verb} {key}"), ways);
    }

    /// Compares two schemas as such.
    pub(super) fn schemas(&mut self, base: &Spot<'a>, head: &Spot<'a>) {
        let (old, new) = (self.base.layers(base), self.head.layers(head));
        if base.is_component() && head.is_component() {
            let keys: BTreeSet<&str> = old.keys().chain(new.keys()).collect();
            for key in keys.into_iter().filter(|key| NOTES.contains(key) || is_ours(key)) {
                self.note(key, &old.get(key), &new.get(key));
            }
            for (key, set, unset) in [
                ("nullable", &rules::BECAME_NULLABLE, &rules::BECAME_NOT_NULLABLE),
                ("deprecated", &rules::DEPRECATED_SET, &rules::DEPRECATED_UNSET),
            ] {
                let spots = (&base.get(key), &head.get(key));
                let flags = match key {
                    "nullable" => (self.base.takes_null(base), self.head.takes_null(head)),
                    _ => (old.flag(key), new.flag(key)),
                };
                self.flag(key, flags, spots, (set, unset), BOTH);
            }
        }
        self.rest_of_schema(&old, &new);
        if self.is_one_of_several(base, head, &old, &new) || !self.types(&old, &new) {
            return;
        }
        self.formats(&old, &new);
        self.enums(&old, &new);
        self.bounds(&old, &new);
        self.properties(base, head, &old, &new);
        self.extras(&old, &new);
        if old.has("items") || new.has("items") {
            self.schema(&old.merged("items"), &new.merged("items"), BOTH);
        }
        self.cases(&old, &new);
        self.discriminators(base, head, &old, &new);
    }

    fn rest_of_schema(&mut self, old: &Layers<'a>, new: &Layers<'a>) {
        let mut handled = HANDLED.to_vec();
        // Our own keys say something about the place where a schema is used.
        handled.extend(old.keys().chain(new.keys()).filter(|key| is_ours(key)));
        self.rest(old, new, &handled);
    }

    fn types(&mut self, old: &Layers<'a>, new: &Layers<'a>) -> bool {
        let (was, is) = (self.base.kind(old), self.head.kind(new));
        if was == is {
            return true;
        }
        let rule = match (was, is) {
            (_, "any") | ("integer", "number") => &rules::TYPE_WIDENED,
            ("any", _) | ("number", "integer") => &rules::TYPE_NARROWED,
            _ => &rules::TYPE_CHANGED,
        };
        let message = format!("the type changes from `{was}` to `{is}`");
        self.changed(rule, &old.get("type"), &new.get("type"), message);
        // The limits of a number count whether it is whole or not.
        matches!((was, is), ("integer", "number") | ("number", "integer"))
    }

    fn formats(&mut self, old: &Layers<'a>, new: &Layers<'a>) {
        // How a value is shown, and not which values there are.
        let format = |layers: &Layers<'a>| layers.text("format").filter(|format| *format != "password");
        let rule = match (format(old), format(new)) {
            (was, is) if was == is => return,
            (None, _) => &rules::FORMAT_SET,
            (_, None) => &rules::FORMAT_DROPPED,
            (Some(was), Some(is)) if WIDER.contains(&(was, is)) => &rules::FORMAT_WIDENED,
            (Some(was), Some(is)) if WIDER.contains(&(is, was)) => &rules::FORMAT_NARROWED,
            _ => &rules::FORMAT_CHANGED,
        };
        self.replaced(rule, "the format", &old.get("format"), &new.get("format"));
    }

    fn enums(&mut self, old: &Layers<'a>, new: &Layers<'a>) {
        let key = if old.has("oneOf") || new.has("oneOf") && !old.has("enum") { "oneOf" } else { "enum" };
        let place = |layers: &Layers<'a>| layers.get(if layers.has("enum") { "enum" } else { key });
        let (was, is) = match (old.values(), new.values()) {
            (None, None) => return,
            (None, Some(values)) => {
                let message = format!("the value must be one of {}, no longer any", list(&values));
                return self.changed(&rules::ENUM_SET, &place(old), &place(new), message);
            }
            (Some(values), None) => {
                let message = format!("the value may be any, no longer one of {}", list(&values));
                return self.changed(&rules::ENUM_DROPPED, &place(old), &place(new), message);
            }
            (Some(was), Some(is)) => (was, is),
        };
        let closed = (old.flag("x-closed"), new.flag("x-closed"));
        if closed.0 != closed.1 {
            let message = if closed.1 { "the enum is declared closed" } else { "the enum is declared open" };
            let (base, head) = (old.get("x-closed"), new.get("x-closed"));
            self.changed(&rules::ENUM_OPENNESS_CHANGED, &base, &head, message.to_owned());
        }
        let is_closed = closed.0 || closed.1;
        for (value, spot) in is.iter().filter(|(value, _)| !was.contains_key(*value)) {
            let (rule, note) = if is_closed {
                (&rules::CLOSED_ENUM_VALUE_ADDED, "")
            } else {
                (&rules::ENUM_VALUE_ADDED, "; clients that keep unknown values, as ours do, go on working")
            };
            let message = format!("the value `{}` is new{note}", value.trim_matches('"'));
            self.change(rule, None, Some(spot), message, BOTH);
        }
        for (value, spot) in was.iter().filter(|(value, _)| !is.contains_key(*value)) {
            let rule = if is_closed { &rules::CLOSED_ENUM_VALUE_REMOVED } else { &rules::ENUM_VALUE_REMOVED };
            self.change(rule, Some(spot), None, format!("the value `{}` is gone", value.trim_matches('"')), BOTH);
        }
        for (value, was) in &was {
            if let Some(is) = is.get(value) {
                self.rest(&was.into(), &is.into(), &["enum", "type"]);
            }
        }
    }

    fn properties(&mut self, base: &Spot<'a>, head: &Spot<'a>, old: &Layers<'a>, new: &Layers<'a>) {
        let (was, is) = (old.properties(), new.properties());
        let (must, must_now) = (old.required(), new.required());
        for (name, spot) in was.iter().filter(|(name, _)| !is.contains_key(*name)) {
            let ways = self.base.ways(spot);
            if must.contains(name) {
                let message = format!("the required property `{name}` is gone");
                self.change(&rules::REQUIRED_PROPERTY_REMOVED, Some(spot), None, message, ways);
            } else {
                let message = format!("the optional property `{name}` is gone");
                self.change(&rules::PROPERTY_REMOVED, Some(spot), None, message, ways);
            }
        }
        for (name, spot) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
            let ways = self.head.ways(spot);
            if must_now.contains(name) {
                let message = format!("the required property `{name}` is new");
                self.change(&rules::REQUIRED_PROPERTY_ADDED, None, Some(spot), message, ways);
            } else {
                let message = format!("the optional property `{name}` is new");
                self.change(&rules::PROPERTY_ADDED, None, Some(spot), message, ways);
            }
        }
        for (name, was) in &was {
            let Some(is) = is.get(name) else { continue };
            let (before, after) = (self.base.ways(was), self.head.ways(is));
            self.access(name, (was, is), (before, after), must.contains(name) || must_now.contains(name));
            let ways = before | after;
            let rule = match (must.contains(name), must_now.contains(name)) {
                (false, true) => Some((&rules::PROPERTY_BECAME_REQUIRED, "required")),
                (true, false) => Some((&rules::PROPERTY_BECAME_OPTIONAL, "optional")),
                _ => None,
            };
            if let Some((rule, word)) = rule {
                self.change(rule, Some(was), Some(is), format!("`{name}` becomes {word}"), ways);
            }
            self.schema(was, is, ways);
        }
        // What is required without being declared is required all the same.
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

    /// Compares the directions in which a property travels.
    fn access(&mut self, name: &str, (was, is): (&Spot<'a>, &Spot<'a>), (before, after): (u8, u8), required: bool) {
        let (lost, gained) = (before & !after, after & !before);
        let word = |ways: u8| if ways == REQUEST { "requests" } else { "responses" };
        if lost != 0 {
            let rule = if required { &rules::REQUIRED_ACCESS_LOST } else { &rules::ACCESS_LOST };
            let message = format!("`{name}` is no longer part of {}", word(lost));
            self.change(rule, Some(was), Some(is), message, lost);
        }
        if gained != 0 {
            let rule = if required { &rules::REQUIRED_ACCESS_GAINED } else { &rules::ACCESS_GAINED };
            let message = format!("`{name}` becomes part of {}", word(gained));
            self.change(rule, Some(was), Some(is), message, gained);
        }
    }

    /// Compares what an object may hold besides its properties.
    fn extras(&mut self, old: &Layers<'a>, new: &Layers<'a>) {
        let (was, is) = (old.merged("additionalProperties"), new.merged("additionalProperties"));
        let all = |spot: &Spot<'a>| [spot.clone()].into_iter().chain(spot.more.iter().cloned()).collect::<Vec<_>>();
        let closed =
            |spot: &Spot<'a>| all(spot).iter().any(|spot| spot.node.and_then(|node| node.as_bool()) == Some(false));
        let says = |view: &View<'a>, spot: &Spot<'a>| {
            let meaning = view.meaning(spot);
            meaning.as_object().is_some_and(|keys| keys.keys().any(|key| key != "nullable" && key != "deprecated"))
        };
        let types = |view: &View<'a>, spot: &Spot<'a>| all(spot).iter().any(|spot| says(view, spot));
        let typed = (types(&self.base, &was), types(&self.head, &is));
        let (rule, message) = match ((closed(&was), typed.0), (closed(&is), typed.1)) {
            ((false, _), (true, _)) => (&rules::PROPERTIES_CLOSED, "other properties are refused"),
            ((true, _), (false, _)) => (&rules::PROPERTIES_OPENED, "other properties are accepted"),
            ((false, true), (false, true)) => return self.schema(&was, &is, BOTH),
            ((_, false), (_, true)) => (&rules::PROPERTIES_TYPED, "other properties have a type"),
            ((_, true), (_, false)) => (&rules::PROPERTIES_UNTYPED, "other properties may be anything"),
            _ => return,
        };
        self.changed(rule, &was, &is, message.to_owned());
    }
}

impl<'a> View<'a> {
    /// The directions in which a property travels.
    fn ways(&self, property: &Spot<'a>) -> u8 {
        let used = self.schema(property);
        let layers = self.layers(&used.core);
        let flag = |key: &str| layers.flag(key) || used.around.iter().any(|spot| spot.flag(key));
        match (flag("readOnly"), flag("writeOnly")) {
            (true, false) => RESPONSE,
            (false, true) => REQUEST,
            _ => BOTH,
        }
    }
}

/// A few values of an enum.
fn list(values: &BTreeMap<String, Spot<'_>>) -> String {
    let mut some: Vec<_> = values.keys().take(5).map(|value| format!("`{}`", value.trim_matches('"'))).collect();
    if values.len() > some.len() {
        some.push(format!("{} more", values.len() - some.len()));
    }
    some.join(", ")
}

/// Keys for which no other rule of schemas looks.
fn is_ours(key: &str) -> bool {
    key.starts_with("x-") && key != "x-closed"
}

/// The first of the places around a schema that says something under a key.
fn first<'a>(around: &[Spot<'a>], key: &str) -> Option<Spot<'a>> {
    around.iter().find(|spot| spot.has(key)).map(|spot| spot.get(key))
}
