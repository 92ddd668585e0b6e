//! Tests that distinguish the object cases of a union by the form of a value.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::{CaseTest, Discriminator, JsonType};
use crate::directions::Directions;
use crate::pointer::Pointer;
use crate::spec::{FlattenedSchema, NodeRef, View};

/// The most cases that are compared by their required properties.
const MAX_COMPARED: usize = 100;

/// A case whose values are objects.
pub(super) struct ObjectCase {
    /// The variant.
    pub(super) name: String,
    pointer: Pointer,
    /// The name of the component.
    pub(super) component: Option<String>,
    required: BTreeSet<String>,
    properties: BTreeSet<String>,
    /// The properties that have one of few values, with these values as JSON text.
    constants: BTreeMap<String, BTreeSet<String>>,
}

impl ObjectCase {
    pub(super) fn new<'a>(view: &View<'a>, name: &str, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>) -> Self {
        let properties = flat.properties();
        let is_write_only =
            |name: &str| properties.get(name).is_some_and(|place| view.access(place) == Directions::REQUEST);
        let constants = properties.iter().filter_map(|(name, place)| {
            let values = FlattenedSchema::from(place).values().filter(|values| !values.is_empty())?;
            Some(((*name).to_owned(), values.into_keys().collect()))
        });
        let component = core.pointer.is_schema_component().then(|| core.pointer.last()).flatten();
        Self {
            name: name.to_owned(),
            pointer: core.pointer.clone(),
            component: component.map(str::to_owned),
            constants: constants.collect(),
            // A response does not have what only requests have.
            required: flat.required().into_iter().filter(|name| !is_write_only(name)).map(str::to_owned).collect(),
            properties: properties.keys().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// Returns whether a value of a mapping, which is a reference or the bare name of a component, means this case.
    pub(super) fn is(&self, target: &str) -> bool {
        let is_name = self.component.as_deref() == Some(target);
        is_name || Pointer::of_reference(target).is_some_and(|pointer| pointer == self.pointer)
    }

    /// The text of the first property that can only be one text.
    pub(super) fn constant(&self) -> Option<String> {
        let mut single = self.constants.values().filter(|values| values.len() == 1);
        single.find_map(|values| serde_json::from_str(values.first()?).ok())
    }

    /// The strings that a property can be.
    pub(super) fn texts(&self, property: &str) -> Vec<String> {
        let constants = self.constants.get(property).into_iter().flatten();
        constants.filter_map(|json| serde_json::from_str(json).ok()).collect()
    }

    /// Returns whether every value of this case has a property that no value of the other case is described to have.
    fn has_more_than(&self, other: &Self) -> bool {
        self.required.iter().any(|name| !other.properties.contains(name) && !other.required.contains(name))
    }
}

/// Chooses a test for each case. `None` if values of two cases can have the same form.
pub(super) fn distinguish(
    cases: &[ObjectCase],
    discriminator: Option<&Discriminator>,
) -> Option<Vec<(String, CaseTest)>> {
    if let [only] = cases {
        return Some(vec![(only.name.clone(), CaseTest::Json(JsonType::Object))]);
    }
    if cases.is_empty() {
        return Some(Vec::new());
    }
    discriminator
        .and_then(|discriminator| by_discriminator(cases, discriminator))
        .or_else(|| by_constant(cases))
        .or_else(|| by_keys(cases))
}

fn by_discriminator(cases: &[ObjectCase], discriminator: &Discriminator) -> Option<Vec<(String, CaseTest)>> {
    let mut seen = BTreeSet::new();
    let mut tests = Vec::new();
    for case in cases {
        let values = discriminator.values.iter().filter(|(_, name)| *name == case.name);
        let values: Vec<_> = values.map(|(value, _)| serde_json::Value::from(value.as_str()).to_string()).collect();
        if values.is_empty() || !values.iter().all(|value| seen.insert(value.clone())) {
            return None;
        }
        tests.push((case.name.clone(), CaseTest::Constant(discriminator.property.clone(), values)));
    }
    Some(tests)
}

/// Distinguishes cases by a required property whose values differ in all of them.
fn by_constant(cases: &[ObjectCase]) -> Option<Vec<(String, CaseTest)>> {
    let first = cases.first()?;
    first.constants.keys().find_map(|property| {
        let mut seen = BTreeSet::new();
        let test = |case: &ObjectCase| {
            let values = case.constants.get(property).filter(|_| case.required.contains(property))?;
            let is_distinct = values.iter().all(|value| seen.insert(value.clone()));
            let values = values.iter().cloned().collect();
            is_distinct.then(|| (case.name.clone(), CaseTest::Constant(property.clone(), values)))
        };
        cases.iter().map(test).collect()
    })
}

/// Distinguishes cases by the properties that they require.
///
/// Of two cases, the one that requires a property which the other one does not have is tried first.
fn by_keys(cases: &[ObjectCase]) -> Option<Vec<(String, CaseTest)>> {
    // Each case is compared with each other one, and that for each place in the order.
    if cases.len() > MAX_COMPARED {
        return None;
    }
    let mut left: Vec<_> = cases.iter().collect();
    let mut tests = Vec::new();
    while !left.is_empty() {
        // A case that every case after it differs from.
        let first = left
            .iter()
            .position(|case| left.iter().all(|other| std::ptr::eq(*case, *other) || case.has_more_than(other)))?;
        let case = left.remove(first);
        let keys = case.required.iter().cloned().collect();
        tests.push((
            case.name.clone(),
            if case.required.is_empty() { CaseTest::Json(JsonType::Object) } else { CaseTest::Keys(keys) },
        ));
    }
    Some(tests)
}
