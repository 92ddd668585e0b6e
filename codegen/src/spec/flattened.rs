//! Schemas with their `allOf` branches merged.

use std::collections::{BTreeMap, BTreeSet};

use super::NodeRef;
use crate::pointer::Pointer;
use crate::read::Node;

/// A schema as its parts: the schema itself first, then the branches of its `allOf`.
#[derive(Clone, Debug)]
pub(crate) struct FlattenedSchema<'a>(pub(crate) Vec<NodeRef<'a>>);

impl<'a> From<&NodeRef<'a>> for FlattenedSchema<'a> {
    fn from(place: &NodeRef<'a>) -> Self {
        Self(vec![place.clone()])
    }
}

impl<'a> FlattenedSchema<'a> {
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.0.iter().flat_map(|place| place.entries()).map(|entry| entry.key.as_str())
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|place| place.has(key))
    }

    /// The value of a key in the first part that has it; its place in the schema itself where no part has it.
    pub(crate) fn get(&self, key: &str) -> NodeRef<'a> {
        let place = self.0.iter().find(|place| place.has(key)).or(self.0.first());
        place.map_or(NodeRef::new(Pointer::ROOT, None), |place| place.get(key))
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).node?.as_str()
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.0.iter().any(|place| place.flag(key))
    }

    /// The values of a key in all parts, as one place.
    pub(crate) fn merged(&self, key: &str) -> NodeRef<'a> {
        let mut all = self.all(key);
        let mut first = self.get(key);
        first.more = all.split_off(all.len().min(1));
        first
    }

    /// The values of a key in all parts that have it.
    pub(crate) fn all(&self, key: &str) -> Vec<NodeRef<'a>> {
        self.0.iter().filter(|place| place.has(key)).map(|place| place.get(key)).collect()
    }

    pub(crate) fn properties(&self) -> BTreeMap<&'a str, NodeRef<'a>> {
        let mut all: BTreeMap<&str, NodeRef<'a>> = BTreeMap::new();
        for (name, place) in self.all("properties").iter().flat_map(|place| place.children().collect::<Vec<_>>()) {
            match all.get_mut(name) {
                Some(first) => first.more.push(place),
                None => drop(all.insert(name, place)),
            }
        }
        all
    }

    /// The names of the properties in the order of the document.
    pub(crate) fn property_names(&self) -> Vec<&'a str> {
        let mut seen = BTreeSet::new();
        let names = self.all("properties").into_iter().flat_map(|place| place.entries().iter());
        names.map(|entry| entry.key.as_str()).filter(|name| seen.insert(*name)).collect()
    }

    pub(crate) fn required(&self) -> BTreeSet<&'a str> {
        let lists = self.0.iter().filter_map(|place| place.node?.get("required"));
        lists.flat_map(Node::items).filter_map(Node::as_str).collect()
    }

    /// The JSON type: `type`, or else the type that the other keys imply. `None` where the cases of a `oneOf` decide.
    pub(crate) fn kind(&self) -> Option<&'a str> {
        match self.text("type") {
            Some(kind) => Some(kind),
            None if self.has("properties") || self.has("additionalProperties") => Some("object"),
            None if self.has("items") => Some("array"),
            None => self.kind_of_values(),
        }
    }

    /// The JSON type that all values of an enum have.
    fn kind_of_values(&self) -> Option<&'static str> {
        let values = self.values()?;
        let kind = |value: &String| match value.as_str() {
            "true" | "false" => "boolean",
            text if text.starts_with('"') => "string",
            text if text.parse::<i64>().is_ok() => "integer",
            text if text.parse::<f64>().is_ok() => "number",
            _ => "any",
        };
        let kinds: BTreeSet<&str> = values.keys().map(kind).collect();
        kinds.first().copied().filter(|kind| kinds.len() == 1 && *kind != "any")
    }

    /// The lists of cases: every `oneOf`, then every `anyOf`. A list that documents the values of an enum isn't one.
    pub(crate) fn lists(&self) -> Vec<(&'static str, Vec<NodeRef<'a>>)> {
        let lists =
            ["oneOf", "anyOf"].into_iter().flat_map(|key| self.0.iter().map(move |place| (key, place.get(key))));
        let lists = lists.filter(|(_, list)| list.exists() && variants(list).is_none());
        lists.map(|(key, list)| (key, list.items().collect())).collect()
    }

    /// The cases of all lists that have more than one.
    pub(crate) fn cases(&self) -> Vec<NodeRef<'a>> {
        self.lists().into_iter().filter(|(_, cases)| cases.len() > 1).flat_map(|(_, cases)| cases).collect()
    }

    /// The values of an enum as JSON text, each with its place, in either of the two ways to write an enum.
    pub(crate) fn values(&self) -> Option<BTreeMap<String, NodeRef<'a>>> {
        let mut sets = self
            .0
            .iter()
            .flat_map(|place| {
                [listed(&place.get("enum")), variants(&place.get("oneOf")), variants(&place.get("anyOf"))]
            })
            .flatten();
        let mut first = sets.next()?;
        // A value must be in every enum that applies.
        sets.for_each(|other| first.retain(|value, _| other.contains_key(value)));
        Some(first)
    }
}

fn listed<'a>(list: &NodeRef<'a>) -> Option<BTreeMap<String, NodeRef<'a>>> {
    let values = list.items().filter(|value| !value.value().is_null());
    list.exists().then(|| values.map(|value| (value.value().to_string(), value)).collect())
}

/// The values of a list whose cases are enums. A case with one value stands for it, with its description.
fn variants<'a>(list: &NodeRef<'a>) -> Option<BTreeMap<String, NodeRef<'a>>> {
    let mut all = BTreeMap::new();
    for case in list.items() {
        let values: Vec<_> = listed(&case.get("enum"))?.into_iter().collect();
        let is_one = values.len() == 1;
        all.extend(values.into_iter().map(|(value, place)| (value, if is_one { case.clone() } else { place })));
    }
    Some(all).filter(|all| !all.is_empty())
}
