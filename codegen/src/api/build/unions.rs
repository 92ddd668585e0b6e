//! Unions: `oneOf` and `anyOf` of several types.

use std::collections::BTreeSet;

use super::{Builder, text};
use crate::api::{Case, Discriminator, TypeItem, Union};
use crate::directions::Directions;
use crate::names;
use crate::spec::{FlattenedSchema, NodeRef};

impl<'a> Builder<'a> {
    pub(super) fn union(&mut self, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>, name: &str) -> TypeItem {
        let (mut cases, mut places, mut taken) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (nth, place) in flat.cases().into_iter().enumerate() {
            let core = self.view.schema(&place).core;
            let component = core.pointer.is_schema_component().then(|| core.pointer.last()).flatten();
            let named = component.or(place.text("title")).map(names::type_name);
            let variant = named.filter(|name| !taken.contains(name)).unwrap_or_else(|| format!("Case{}", nth + 1));
            taken.insert(variant.clone());
            let ty = self.schema(&place, &format!("{name}{variant}"));
            cases.push(Case { name: variant, docs: self.description(&place), ty });
            places.push(core);
        }
        TypeItem::Union(Union {
            name: name.to_owned(),
            docs: text(core, "description"),
            discriminator: self.discriminator(flat, &cases, &places),
            cases,
            exclusive: flat.has("oneOf"),
            directions: Directions::NONE,
        })
    }

    /// The discriminator with a value for each case: by the mapping, and by the names of components that it leaves out.
    fn discriminator(
        &self,
        flat: &FlattenedSchema<'a>,
        cases: &[Case],
        places: &[NodeRef<'a>],
    ) -> Option<Discriminator> {
        let discriminator = flat.get("discriminator");
        let property = discriminator.text("propertyName")?.to_owned();
        let (mut values, mut mapped) = (Vec::new(), BTreeSet::new());
        for (value, target) in discriminator.get("mapping").children() {
            let target = target.as_str().unwrap_or_default();
            let nth = places.iter().position(|place| self.is_target(place, target));
            if let Some(case) = nth.and_then(|nth| cases.get(nth)) {
                mapped.insert(case.name.as_str());
                values.push((value.to_owned(), case.name.clone()));
            }
        }
        for (case, place) in cases.iter().zip(places).filter(|(case, _)| !mapped.contains(case.name.as_str())) {
            if let Some(name) = place.pointer.last().filter(|_| place.pointer.is_schema_component()) {
                values.push((name.to_owned(), case.name.clone()));
            }
        }
        Some(Discriminator { property, values })
    }

    /// Whether a value of a mapping, a reference or the bare name of a component, means a schema.
    fn is_target(&self, place: &NodeRef<'a>, target: &str) -> bool {
        let by_name = place.pointer.is_schema_component() && place.pointer.last() == Some(target);
        by_name || crate::pointer::Pointer::of_reference(target).is_some_and(|pointer| pointer == place.pointer)
    }
}
