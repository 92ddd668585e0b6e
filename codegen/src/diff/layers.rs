//! Schemas with all that their `allOf` adds to them.

use std::collections::{BTreeMap, BTreeSet};

use super::spot::Spot;
use crate::read::Node;

/// A schema's own keys, and after them those of its `allOf`.
#[derive(Clone, Debug)]
pub(super) struct Layers<'a>(pub(super) Vec<Spot<'a>>);

impl<'a> From<&Spot<'a>> for Layers<'a> {
    fn from(spot: &Spot<'a>) -> Self {
        Self(vec![spot.clone()])
    }
}

impl<'a> Layers<'a> {
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.0.iter().flat_map(|spot| spot.entries()).map(|entry| entry.key.as_str())
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.iter().any(|spot| spot.has(key))
    }

    /// The first place that says something under a key; where none does, the place that could.
    pub(super) fn get(&self, key: &str) -> Spot<'a> {
        let spot = self.0.iter().find(|spot| spot.has(key)).or(self.0.first());
        spot.map_or(Spot::new(String::new(), None), |spot| spot.get(key))
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).node?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.0.iter().any(|spot| spot.flag(key))
    }

    /// Everything that is said under a key, as one place.
    pub(super) fn merged(&self, key: &str) -> Spot<'a> {
        let mut all = self.all(key);
        let mut first = self.get(key);
        first.more = all.split_off(all.len().min(1));
        first
    }

    /// Every place that says something under a key.
    pub(super) fn all(&self, key: &str) -> Vec<Spot<'a>> {
        self.0.iter().filter(|spot| spot.has(key)).map(|spot| spot.get(key)).collect()
    }

    pub(super) fn properties(&self) -> BTreeMap<&'a str, Spot<'a>> {
        let mut all: BTreeMap<&str, Spot<'a>> = BTreeMap::new();
        for (name, spot) in self.all("properties").iter().flat_map(|spot| spot.children().collect::<Vec<_>>()) {
            match all.get_mut(name) {
                Some(first) => first.more.push(spot),
                None => drop(all.insert(name, spot)),
            }
        }
        all
    }

    pub(super) fn required(&self) -> BTreeSet<&'a str> {
        let lists = self.0.iter().filter_map(|spot| spot.node?.get("required"));
        lists.flat_map(Node::items).filter_map(Node::as_str).collect()
    }

    /// The type, where it does not hang on the cases of a `oneOf`.
    pub(super) fn kind(&self) -> Option<&'a str> {
        match self.text("type") {
            Some(kind) => Some(kind),
            None if self.has("properties") || self.has("additionalProperties") => Some("object"),
            None if self.has("items") => Some("array"),
            None => self.kind_of_values(),
        }
    }

    /// The type that all values of an enum have.
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

    /// The lists of cases of which a value has to fit one: every `oneOf`, then every `anyOf`. The values of an enum are
    /// no cases.
    pub(super) fn lists(&self) -> Vec<(&'static str, Vec<Spot<'a>>)> {
        let lists = ["oneOf", "anyOf"].into_iter().flat_map(|key| self.0.iter().map(move |spot| (key, spot.get(key))));
        let lists = lists.filter(|(_, list)| list.exists() && variants(list).is_none());
        lists.map(|(key, list)| (key, list.items().collect())).collect()
    }

    /// The cases of all lists that have several.
    pub(super) fn cases(&self) -> Vec<Spot<'a>> {
        self.lists().into_iter().filter(|(_, cases)| cases.len() > 1).flat_map(|(_, cases)| cases).collect()
    }

    /// The values of an enum as JSON, each with its place, however the enum is written.
    pub(super) fn values(&self) -> Option<BTreeMap<String, Spot<'a>>> {
        let mut sets = self
            .0
            .iter()
            .flat_map(|spot| [listed(&spot.get("enum")), variants(&spot.get("oneOf")), variants(&spot.get("anyOf"))])
            .flatten();
        let mut first = sets.next()?;
        // Of several enums, only the values that stand in each of them fit.
        sets.for_each(|other| first.retain(|value, _| other.contains_key(value)));
        Some(first)
    }
}

fn listed<'a>(list: &Spot<'a>) -> Option<BTreeMap<String, Spot<'a>>> {
    let values = list.items().filter(|value| !value.value().is_null());
    list.exists().then(|| values.map(|value| (value.value().to_string(), value)).collect())
}

/// The values of a list whose cases are enums. A case of one value stands for it, with what is said of it.
fn variants<'a>(list: &Spot<'a>) -> Option<BTreeMap<String, Spot<'a>>> {
    let mut all = BTreeMap::new();
    for case in list.items() {
        let values: Vec<_> = listed(&case.get("enum"))?.into_iter().collect();
        let is_one = values.len() == 1;
        all.extend(values.into_iter().map(|(value, place)| (value, if is_one { case.clone() } else { place })));
    }
    Some(all).filter(|all| !all.is_empty())
}
