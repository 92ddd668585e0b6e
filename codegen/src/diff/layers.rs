//! Schemas with all that their `allOf` adds to them.

use std::collections::{BTreeMap, BTreeSet};

use super::spot::Spot;
use crate::load::Node;

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
        let is_string = || self.values().is_some_and(|values| values.keys().all(|value| value.starts_with('"')));
        match self.text("type") {
            Some(kind) => Some(kind),
            None if self.has("properties") || self.has("additionalProperties") => Some("object"),
            None if self.has("items") => Some("array"),
            None if is_string() => Some("string"),
            None => None,
        }
    }

    /// The cases of which a value has to fit one; one case is none, and so are the described values of an enum.
    pub(super) fn cases(&self) -> Vec<Spot<'a>> {
        let lists = ["oneOf", "anyOf"].iter().flat_map(|key| self.0.iter().map(|spot| spot.get(key)));
        let lists = lists.filter(|list| variants(list).is_none() && list.items().count() > 1);
        lists.flat_map(|list| list.items().collect::<Vec<_>>()).collect()
    }

    /// The values of an enum as JSON, each with its place, however the enum is written.
    pub(super) fn values(&self) -> Option<BTreeMap<String, Spot<'a>>> {
        let mut sets =
            self.0.iter().flat_map(|spot| [listed(&spot.get("enum")), variants(&spot.get("oneOf"))]).flatten();
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

/// The values of a `oneOf` whose cases are enums of one value each.
fn variants<'a>(list: &Spot<'a>) -> Option<BTreeMap<String, Spot<'a>>> {
    let value = |case: Spot<'a>| {
        let values = case.get("enum");
        let first = values.items().next()?;
        (values.items().count() == 1).then(|| (first.value().to_string(), case))
    };
    let values: Option<BTreeMap<_, _>> = list.items().map(value).collect();
    values.filter(|values| !values.is_empty())
}
