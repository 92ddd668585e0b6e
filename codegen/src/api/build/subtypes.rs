//! Objects with a discriminator that other schemas extend by `allOf`. A value of such a base is a value of one of its
//! subtypes.

use super::Builder;
use super::unions::Choice;
use crate::api::{JsonType, Ty};
use crate::spec::{FlattenedSchema, NodeRef};

impl<'a> Builder<'a> {
    /// Returns whether other schemas extend a schema, and its discriminator says which one a value is of.
    pub(super) fn is_base(&self, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>) -> bool {
        let is_candidate = core.more.is_empty()
            && core.pointer.is_schema_component()
            && flat.kind() == Some("object")
            && discriminators(core, flat).any(|is_own| is_own)
            && flat.lists().is_empty();
        is_candidate && !self.subtypes(core, flat).is_empty()
    }

    /// The base whose cases a schema has: itself, or one that it extends. A component that extends a base is one of the cases.
    pub(super) fn base_of(
        &self,
        core: &NodeRef<'a>,
        flat: &FlattenedSchema<'a>,
    ) -> Option<(NodeRef<'a>, FlattenedSchema<'a>)> {
        if self.is_base(core, flat) {
            return Some((core.clone(), flat.clone()));
        }
        if core.pointer.is_schema_component() {
            return None;
        }
        let bases = flat.0.iter().filter(|part| part.has("discriminator"));
        let bases = bases.map(|part| (part.clone(), self.view.flattened(part)));
        bases.into_iter().find(|(part, flat)| self.is_base(part, flat))
    }

    /// The schemas that extend a base, and the base itself if it has a value of the discriminator too.
    pub(super) fn subtypes(&self, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>) -> Vec<Choice<'a>> {
        let mapping = flat.get("discriminator").get("mapping");
        let mapped = mapping.children().filter_map(|(_, target)| self.view.mapped(target.as_str()?));
        // In the union of a base that it extends, a base is one of the cases.
        let itself = discriminators(core, flat).any(|is_own| !is_own).then(|| core.clone());
        let places = self.view.subtypes(&core.pointer).into_iter().chain(mapped).chain(itself);
        let mut choices: Vec<Choice<'a>> = Vec::new();
        for place in places.filter(|place| !self.omitted.has(&place.pointer)) {
            let choice = self.choice(place);
            match choices.iter_mut().find(|known| known.core.pointer == choice.core.pointer) {
                Some(known) => {
                    let is_new = |name: &String| !known.components.contains(name);
                    let new: Vec<_> = choice.components.into_iter().filter(is_new).collect();
                    known.components.extend(new);
                }
                None if choice.kind() == Some(JsonType::Object) => choices.push(choice),
                None => {}
            }
        }
        let is_own = |choice: &Choice<'a>| choice.core.pointer == core.pointer;
        if choices.iter().all(is_own) { Vec::new() } else { choices }
    }

    /// The type of values that are of a base, and of none of the schemas that extend it.
    pub(super) fn base(&mut self, core: &NodeRef<'a>, flat: &FlattenedSchema<'a>) -> Ty {
        let name = format!("{}Base", self.type_name(core, ""));
        // The union has the plain place.
        let mut place = core.clone();
        place.more.push(core.clone());
        self.named(&place, &name, Ty::Object, |builder, name| builder.object(core, flat, name))
    }
}

/// The discriminators of a schema: for each, whether it is in the schema itself, and not in a component that it extends.
fn discriminators<'s>(core: &'s NodeRef<'_>, flat: &'s FlattenedSchema<'_>) -> impl Iterator<Item = bool> {
    let parts = flat.0.iter().filter(|part| part.has("discriminator"));
    parts.map(|part| part.pointer.strip_prefix(&core.pointer).is_some())
}
