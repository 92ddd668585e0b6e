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
    /// The components that it is, by name.
    components: Vec<String>,
    required: BTreeSet<String>,
    properties: BTreeSet<String>,
    /// The properties that have one of few values, with these values as JSON text.
    constants: BTreeMap<String, BTreeSet<String>>,
}

impl ObjectCase {
    pub(super) fn new<'a>(
        view: &View<'a>,
        name: &str,
        components: Vec<String>,
        core: &NodeRef<'a>,
        flat: &FlattenedSchema<'a>,
    ) -> Self {
        let properties = flat.properties();
        let is_write_only =
            |name: &str| properties.get(name).is_some_and(|place| view.access(place) == Directions::REQUEST);
        let constants = properties.iter().filter_map(|(name, place)| {
            let values = view.flattened(place).values().filter(|values| !values.is_empty())?;
            Some(((*name).to_owned(), values.into_keys().collect()))
        });
        Self {
            name: name.to_owned(),
            pointer: core.pointer.clone(),
            components,
            constants: constants.collect(),
            // A response does not have what only requests have.
            required: flat.required().into_iter().filter(|name| !is_write_only(name)).map(str::to_owned).collect(),
            properties: properties.keys().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// The text of the first property that can only be one text.
    pub(super) fn constant(&self) -> Option<String> {
        let mut single = self.constants.values().filter(|values| values.len() == 1);
        single.find_map(|values| serde_json::from_str(values.first()?).ok())
    }

    /// The strings that a property can be.
    fn texts(&self, property: &str) -> Vec<String> {
        let constants = self.constants.get(property).into_iter().flatten();
        constants.filter_map(|json| serde_json::from_str(json).ok()).collect()
    }

    /// Returns whether every value of this case has a property that no value of the other case is described to have.
    fn has_more_than(&self, other: &Self) -> bool {
        self.required.iter().any(|name| !other.properties.contains(name) && !other.required.contains(name))
    }
}

/// The discriminator with its values for each case: by the mapping, by the constants in the case, or by the name of the
/// component.
pub(super) fn discriminator<'a>(
    view: &View<'a>,
    flat: &FlattenedSchema<'a>,
    cases: &[ObjectCase],
) -> Option<Discriminator> {
    let property = flat.get("discriminator").text("propertyName")?.to_owned();
    let mut values: Vec<(String, String)> = Vec::new();
    let mut mapped = BTreeSet::new();
    // A base that extends another one has the mapping of that too.
    let all = flat.all("discriminator").into_iter().filter(|other| other.text("propertyName") == Some(&property));
    for (value, target) in all.flat_map(|discriminator| discriminator.get("mapping").children()) {
        let Some(target) = target.as_str().and_then(|target| view.mapped(target)) else { continue };
        let core = view.schema(&target).core.pointer;
        let case = cases.iter().find(|case| case.pointer == core);
        if let Some(case) = case.filter(|_| values.iter().all(|(known, _)| known != value)) {
            values.push((value.to_owned(), case.name.clone()));
            mapped.extend(target.pointer.last().map(str::to_owned));
        }
    }
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    cases.iter().flat_map(|case| case.texts(&property)).for_each(|text| *uses.entry(text).or_default() += 1);
    for case in cases {
        let constants = case.texts(&property);
        // An enum of the values of several cases leaves the decision to the names of the components.
        let is_shared =
            constants.len() > 1 && constants.iter().any(|text| uses.get(text).is_some_and(|uses| *uses > 1));
        let is_listed = |name: &&String| constants.is_empty() || is_shared && constants.contains(name);
        let left = case.components.iter().filter(|name| !mapped.contains(*name));
        let mut texts: Vec<_> = left.filter(is_listed).cloned().collect();
        let is_mapped = values.iter().any(|(_, name)| *name == case.name);
        if texts.is_empty() && !is_mapped {
            texts = constants;
        }
        texts.retain(|text| values.iter().all(|(known, name)| known != text || *name != case.name));
        values.extend(texts.into_iter().map(|value| (value, case.name.clone())));
    }
    Some(Discriminator { property, values })
}

/// Chooses a test for each case. `None` if values of two cases can have the same form.
///
/// A base may have cases that its document does not know, so that even a single case needs the right discriminator.
pub(super) fn distinguish(
    cases: &[ObjectCase],
    discriminator: Option<&Discriminator>,
    is_base: bool,
) -> Option<Vec<(String, CaseTest)>> {
    if let Some(tests) = discriminator.filter(|_| is_base).and_then(|it| by_discriminator(cases, it)) {
        return Some(tests);
    }
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
