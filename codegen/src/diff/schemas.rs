//! Schemas: types, formats, enums, properties.

use std::collections::{BTreeMap, BTreeSet};

use super::directions::Directions;
use super::graph::Kind;
use super::quote::value_name;
use super::report::Wire;
use super::revision::Revision;
use super::rules::{self, Rule};
use super::values::Listed;
use super::verdicts::Verdicts;
use super::walk::Walk;
use crate::spec::{FlattenedSchema, NodeRef, SchemaUse};

/// Keys that are compared where a schema is used, including those beside the reference.
const NOTES: &[&str] = &["description", "title", "example", "externalDocs", "default"];

/// Keys of a schema that have rules of their own.
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

/// The number of values that a message lists.
const MAX_VALUES: usize = 40;

/// Formats of the registry of OpenAPI that limit values, and `decimal`, which ours have. `binary` and `byte` say how a
/// string is made.
const REGISTERED: &[&str] = &[
    "date",
    "date-time",
    "decimal",
    "double",
    "duration",
    "email",
    "float",
    "hostname",
    "idn-email",
    "idn-hostname",
    "int8",
    "int16",
    "int32",
    "int64",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uri",
    "uri-reference",
    "uri-template",
    "url",
    "uuid",
    "uuid4",
    "ip",
    "byte",
];

/// Formats with another that has all of their values.
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
    pub(super) fn schema(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>, directions: Directions) {
        self.schema_without(base, head, directions, &[]);
    }

    /// Compares two schemas where they are used, without some of the keys there.
    pub(super) fn schema_without(
        &mut self,
        base: &NodeRef<'a>,
        head: &NodeRef<'a>,
        directions: Directions,
        without: &[&str],
    ) {
        let (old, new) = (self.base.schema(base), self.head.schema(head));
        if !self.is_swapped(base, head, &old.core, &new.core, directions) {
            self.notes((base, head), &old, &new, directions, without);
            self.edge(Kind::Schema, old.core, new.core, directions);
        }
    }

    /// Reports a reference that leads to another component which both sides have. Returns whether it did.
    fn is_swapped(
        &mut self,
        base: &NodeRef<'a>,
        head: &NodeRef<'a>,
        old: &NodeRef<'a>,
        new: &NodeRef<'a>,
        directions: Directions,
    ) -> bool {
        let (Some(was), Some(is)) = (component(old), component(new)) else { return false };
        let are_both = self.head.at(&old.pointer).exists() && self.base.at(&new.pointer).exists();
        if was == is || !are_both || self.is_speculative() {
            return false;
        }
        let Some(found) = self.speculate(old, new).filter(|found| !found.is_equal()) else { return false };
        let mut message = format!("the schema changes from `{was}` to `{is}`");
        let mut all = found.messages.iter();
        let some: Vec<_> = all.by_ref().take(3).map(String::as_str).collect();
        message.push_str(&format!(", which differ: {}", some.join("; ")));
        if let more @ 1.. = all.count() {
            message.push_str(&format!("; and {more} more"));
        }
        self.judged(&rules::SCHEMA_SWAPPED, Some(base), Some(head), message, (directions, found.verdicts));
        true
    }

    /// Compares the keys around a schema. Those of components are compared with the components.
    fn notes(
        &mut self,
        (base, head): (&NodeRef<'a>, &NodeRef<'a>),
        old: &SchemaUse<'a>,
        new: &SchemaUse<'a>,
        directions: Directions,
        without: &[&str],
    ) {
        let is_shared = old.core.pointer.is_schema_component() && new.core.pointer.is_schema_component();
        if is_shared && old.around.is_empty() && new.around.is_empty() {
            return;
        }
        let (old_core, new_core) = (self.base.flattened(&old.core), self.head.flattened(&new.core));
        let mut keys: BTreeSet<&str> = NOTES.iter().copied().collect();
        let around = old.around.iter().chain(&new.around).chain([&old.core, &new.core]);
        keys.extend(
            around.flat_map(|place| place.entries()).map(|entry| entry.key.as_str()).filter(|key| is_ours(key)),
        );
        for key in keys.into_iter().filter(|key| !without.contains(key)) {
            let (own_old, own_new) = (first(&old.around, key), first(&new.around, key));
            let is_theirs = is_shared && own_old.is_none() && own_new.is_none();
            let at_old = own_old.unwrap_or_else(|| old_core.get(key));
            let at_new = own_new.unwrap_or_else(|| new_core.get(key));
            if is_theirs {
                continue;
            }
            if key == "default" && at_old.value() != at_new.value() {
                let message = format!("`default` {}", at_old.change(&at_new));
                self.change(&rules::DEFAULT_CHANGED, Some(&at_old), Some(&at_new), message, directions);
            } else {
                self.note(key, &at_old, &at_new);
            }
        }
        for (key, set, unset) in [
            ("nullable", &rules::BECAME_NULLABLE, &rules::BECAME_NOT_NULLABLE),
            ("deprecated", &rules::DEPRECATED_SET, &rules::DEPRECATED_UNSET),
        ] {
            let all = |found: &SchemaUse<'a>, core: bool| core || found.around.iter().any(|place| place.flag(key));
            let cores = match key {
                "nullable" => (self.base.takes_null(&old.core), self.head.takes_null(&new.core)),
                _ => (old_core.flag(key), new_core.flag(key)),
            };
            let flags = (all(old, cores.0), all(new, cores.1));
            if !(is_shared && flags == cores) {
                self.flag(key, flags, (&base.get(key), &head.get(key)), (set, unset), directions);
            }
        }
    }

    fn flag(
        &mut self,
        key: &str,
        flags: (bool, bool),
        (base, head): (&NodeRef<'a>, &NodeRef<'a>),
        (set, unset): (&'static Rule, &'static Rule),
        directions: Directions,
    ) {
        let (rule, verb) = match flags {
            (false, true) => (set, "becomes"),
            (true, false) => (unset, "is no longer"),
            _ => return,
        };
        self.change(rule, Some(base), Some(head), format!("it {verb} {key}"), directions);
    }

    /// Compares two schemas as such.
    pub(super) fn schemas(&mut self, base: &NodeRef<'a>, head: &NodeRef<'a>) {
        let (old, new) = (self.base.flattened(base), self.head.flattened(head));
        if base.pointer.is_schema_component() && head.pointer.is_schema_component() {
            let keys: BTreeSet<&str> = old.keys().chain(new.keys()).collect();
            for key in keys.into_iter().filter(|key| NOTES.contains(key) || is_ours(key)) {
                self.note(key, &old.get(key), &new.get(key));
            }
            for (key, set, unset) in [
                ("nullable", &rules::BECAME_NULLABLE, &rules::BECAME_NOT_NULLABLE),
                ("deprecated", &rules::DEPRECATED_SET, &rules::DEPRECATED_UNSET),
            ] {
                let places = (&base.get(key), &head.get(key));
                let flags = match key {
                    "nullable" => (self.base.takes_null(base), self.head.takes_null(head)),
                    _ => (old.flag(key), new.flag(key)),
                };
                self.flag(key, flags, places, (set, unset), Directions::BOTH);
            }
        }
        self.rest_of_schema(&old, &new);
        if self.is_one_of_several(base, head, &old, &new)
            || !self.types((base, head), &old, &new)
            || self.becomes_union(base, head, &old, &new)
        {
            return;
        }
        let listed = Listed::new(&old, &new);
        self.formats(&old, &new, listed.as_ref());
        self.enums(&old, &new);
        self.bounds((base, head), &old, &new, listed.as_ref());
        self.properties(base, head, &old, &new);
        self.extras(&old, &new);
        if old.has("items") || new.has("items") {
            self.schema(&old.merged("items"), &new.merged("items"), Directions::BOTH);
        }
        self.cases(&old, &new);
        self.discriminators(base, head, &old, &new);
    }

    fn rest_of_schema(&mut self, old: &FlattenedSchema<'a>, new: &FlattenedSchema<'a>) {
        let mut handled = HANDLED.to_vec();
        // Our own keys are compared where a schema is used.
        handled.extend(old.keys().chain(new.keys()).filter(|key| is_ours(key)));
        self.rest(old, new, &handled);
    }

    fn types(
        &mut self,
        (base, head): (&NodeRef<'a>, &NodeRef<'a>),
        old: &FlattenedSchema<'a>,
        new: &FlattenedSchema<'a>,
    ) -> bool {
        let (was, is) = (self.base.kind(base), self.head.kind(head));
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
        // The bounds of integers are those of numbers.
        matches!((was, is), ("integer", "number") | ("number", "integer"))
    }

    fn formats(&mut self, old: &FlattenedSchema<'a>, new: &FlattenedSchema<'a>, listed: Option<&Listed>) {
        // `password` is about the display of a value, and not about its set of values.
        let format = |layers: &FlattenedSchema<'a>| layers.text("format").filter(|format| *format != "password");
        let formats = (format(old), format(new));
        let implied = match formats {
            (Some(was), None) => listed.is_some_and(|listed| listed.is_new && listed.has_format(was)),
            (None, Some(is)) => listed.is_some_and(|listed| !listed.is_new && listed.has_format(is)),
            _ => false,
        };
        if implied {
            return;
        }
        let rule = match formats {
            (was, is) if was == is => return,
            (None, _) => &rules::FORMAT_SET,
            (_, None) => &rules::FORMAT_DROPPED,
            (Some(was), Some(is)) if WIDER.contains(&(was, is)) => &rules::FORMAT_WIDENED,
            (Some(was), Some(is)) if WIDER.contains(&(is, was)) => &rules::FORMAT_NARROWED,
            _ => &rules::FORMAT_CHANGED,
        };
        let (was, is) = (old.get("format"), new.get("format"));
        let message = format!("the format {}", was.change(&is));
        let mut verdicts = Verdicts::of(rule);
        // Services check few formats that the registry of OpenAPI lacks, and a string with the bytes of a file is no other
        // string.
        let is_checked = |format: Option<&str>| format.is_none_or(|format| REGISTERED.contains(&format));
        if !is_checked(formats.0) || !is_checked(formats.1) {
            verdicts = verdicts.at_most(Wire::Potential);
        }
        self.judged(rule, Some(&was), Some(&is), message, (Directions::BOTH, verdicts));
    }

    fn enums(&mut self, old: &FlattenedSchema<'a>, new: &FlattenedSchema<'a>) {
        let key = if old.has("oneOf") || new.has("oneOf") && !old.has("enum") { "oneOf" } else { "enum" };
        let place = |layers: &FlattenedSchema<'a>| layers.get(if layers.has("enum") { "enum" } else { key });
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
        if let Some((places, text)) = only_in(&is, &was) {
            let rule = if is_closed { &rules::CLOSED_ENUM_VALUE_ADDED } else { &rules::ENUM_VALUE_ADDED };
            let place = list_of(&self.head, &places);
            self.change(rule, None, Some(&place), format!("{text} new"), Directions::BOTH);
        }
        if let Some((places, text)) = only_in(&was, &is) {
            let rule = if is_closed { &rules::CLOSED_ENUM_VALUE_REMOVED } else { &rules::ENUM_VALUE_REMOVED };
            let place = list_of(&self.base, &places);
            self.change(rule, Some(&place), None, format!("{text} gone"), Directions::BOTH);
        }
        for (value, was) in &was {
            if let Some(is) = is.get(value) {
                self.rest(&was.into(), &is.into(), &["enum", "type"]);
            }
        }
    }

    /// Compares what an object may hold besides its properties.
    fn extras(&mut self, old: &FlattenedSchema<'a>, new: &FlattenedSchema<'a>) {
        let (was, is) = (old.merged("additionalProperties"), new.merged("additionalProperties"));
        let all =
            |place: &NodeRef<'a>| [place.clone()].into_iter().chain(place.more.iter().cloned()).collect::<Vec<_>>();
        let closed = |place: &NodeRef<'a>| {
            all(place).iter().any(|place| place.node.and_then(|node| node.as_bool()) == Some(false))
        };
        let types = |revision: &Revision<'a>, place| all(place).iter().any(|place| revision.is_typed(place));
        let typed = (types(&self.base, &was), types(&self.head, &is));
        let (rule, message) = match ((closed(&was), typed.0), (closed(&is), typed.1)) {
            ((false, _), (true, _)) => (&rules::PROPERTIES_CLOSED, "other properties are refused"),
            ((true, _), (false, _)) => (&rules::PROPERTIES_OPENED, "other properties are accepted"),
            ((false, true), (false, true)) => return self.schema(&was, &is, Directions::BOTH),
            ((_, false), (_, true)) => (&rules::PROPERTIES_TYPED, "other properties have a type"),
            ((_, true), (_, false)) => (&rules::PROPERTIES_UNTYPED, "other properties may be anything"),
            _ => return,
        };
        self.changed(rule, &was, &is, message.to_owned());
    }
}

/// The values of one side that the other lacks, in the order of the document, and the beginning of a sentence about them.
fn only_in<'v, 'a>(
    own: &'v BTreeMap<String, NodeRef<'a>>,
    other: &BTreeMap<String, NodeRef<'a>>,
) -> Option<(Vec<&'v NodeRef<'a>>, String)> {
    let mut only: Vec<_> = own.iter().filter(|(value, _)| !other.contains_key(*value)).collect();
    only.sort_by_key(|(_, place)| place.node.map(|node| (node.line, node.column)));
    let texts: Vec<_> = only.iter().take(MAX_VALUES).map(|(value, _)| value_name(value)).collect();
    let text = match (only.len(), only.len() - texts.len()) {
        (0, _) => return None,
        (1, _) => format!("the value {} is", texts.concat()),
        (count, 0) => format!("the {count} values {} are", texts.join(", ")),
        (count, more) => format!("{count} values ({}, and {more} more) are", texts.join(", ")),
    };
    Some((only.into_iter().map(|(_, place)| place).collect(), text))
}

/// The place of one value, or the list that has several.
fn list_of<'a>(revision: &Revision<'a>, places: &[&NodeRef<'a>]) -> NodeRef<'a> {
    match places {
        [only] => (*only).clone(),
        [first, ..] => first.pointer.parent().map_or_else(|| (*first).clone(), |list| revision.at(list)),
        [] => revision.root(),
    }
}

/// A few values of an enum.
fn list(values: &BTreeMap<String, NodeRef<'_>>) -> String {
    let mut some: Vec<_> = values.keys().take(5).map(|value| value_name(value)).collect();
    if values.len() > some.len() {
        some.push(format!("{} more", values.len() - some.len()));
    }
    some.join(", ")
}

/// Returns whether a key is an extension without a rule of its own.
fn is_ours(key: &str) -> bool {
    key.starts_with("x-") && key != "x-closed"
}

/// The name of the component schema that a node is.
fn component<'p>(place: &'p NodeRef<'_>) -> Option<&'p str> {
    place.pointer.last().filter(|_| place.pointer.is_schema_component())
}

/// The value of a key in the first of the places around a schema that has it.
fn first<'a>(around: &[NodeRef<'a>], key: &str) -> Option<NodeRef<'a>> {
    around.iter().find(|place| place.has(key)).map(|place| place.get(key))
}
