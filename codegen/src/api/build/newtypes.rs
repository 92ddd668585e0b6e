//! Newtypes: values without parts that have a type of their own (`x-newtype`).

use std::collections::BTreeSet;

use super::{Builder, text};
use crate::api::{Newtype, Operation, Scalar, Ty, TypeItem};
use crate::directions::Directions;
use crate::lint::rules;
use crate::names;
use crate::pointer::Pointer;
use crate::prose;
use crate::spec::NodeRef;

/// The sentence at the end of the documentation of every newtype.
const SENTENCE: &str =
    "A type of its own, so that it cannot be mixed up with other ids. `Display` writes the value; `Debug` hides it.";

/// The places of a newtype in the document.
#[derive(Debug, Default)]
pub(super) struct Places {
    pointers: BTreeSet<Pointer>,
    /// The descriptions by rank and by the name that another type at the place would have, so that the order of the
    /// document does not decide which of them comes first.
    descriptions: BTreeSet<(Rank, String, String)>,
}

impl Places {
    pub(super) fn into_pointers(self) -> Vec<Pointer> {
        self.pointers.into_iter().collect()
    }
}

/// The owner of a description; that of the first one documents the newtype.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Rank {
    Component,
    Schema,
    Parameter,
}

impl<'a> Builder<'a> {
    /// The type of a value without parts. `name` is the Rust name that the schema would get if it needed one.
    pub(super) fn scalar(&mut self, core: &NodeRef<'a>, scalar: Scalar, name: &str) -> Ty {
        match core.text("x-newtype").filter(|_| !self.undecoded) {
            Some(newtype) => self.newtype(core, newtype, scalar, name),
            None => Ty::Scalar(scalar),
        }
    }

    fn newtype(&mut self, core: &NodeRef<'a>, newtype: &'a str, scalar: Scalar, name: &str) -> Ty {
        let is_known = matches!(self.types.get(newtype), Some(TypeItem::Newtype(known)) if known.scalar == scalar);
        if !is_known && self.origins.contains_key(newtype) {
            let message = format!("the newtype `{newtype}` and another type have one name");
            self.refuse(&core.get("x-newtype"), rules::NAME_COLLISION, message, "choose another name");
            return Ty::Scalar(scalar);
        }
        if !is_known {
            self.origins.insert(newtype.to_owned(), core.pointer.clone());
            let (name, docs, directions) = (newtype.to_owned(), String::new(), Directions::NONE);
            self.types.insert(newtype.to_owned(), TypeItem::Newtype(Newtype { name, docs, scalar, directions }));
        }
        let rank = if core.pointer.is_schema_component() { Rank::Component } else { Rank::Schema };
        let places = self.newtypes.entry(newtype.to_owned()).or_default();
        places.pointers.insert(core.pointer.clone());
        places.descriptions.insert((rank, name.to_owned(), text(core, "description")));
        Ty::Newtype(newtype.to_owned(), scalar)
    }

    /// Adds the description of a parameter to those of the newtype that it has.
    pub(super) fn describe_newtype(&mut self, ty: &Ty, parameter: &NodeRef<'a>, name: &str) {
        let Ty::Newtype(newtype, _) = ty else { return };
        let Some(places) = self.newtypes.get_mut(newtype) else { return };
        places.pointers.insert(parameter.pointer.clone());
        places.descriptions.insert((Rank::Parameter, name.to_owned(), text(parameter, "description")));
    }

    /// Reports newtypes that have the name of a request. Users import both side by side.
    pub(super) fn check_newtypes(&mut self, operations: &[Operation]) {
        let requests: BTreeSet<_> = operations.iter().map(|operation| names::type_name(&operation.name)).collect();
        let places = self.newtypes.iter().filter(|(name, _)| requests.contains(*name));
        let places = places.flat_map(|(name, places)| places.pointers.iter().map(move |place| (name.clone(), place)));
        for (name, place) in places.map(|(name, place)| (name, place.clone())).collect::<Vec<_>>() {
            let place = self.view.at(&place).get("x-newtype");
            if place.exists() {
                let message = format!("an operation and the newtype have one name, `{name}`");
                self.refuse(&place, rules::NAME_COLLISION, message, "choose another name for one of the two");
            }
        }
    }

    /// Gives every newtype the first of its descriptions.
    pub(super) fn document_newtypes(&mut self) {
        for (name, places) in &self.newtypes {
            let Some(TypeItem::Newtype(newtype)) = self.types.get_mut(name) else { continue };
            let first = places.descriptions.iter().find(|(.., description)| !description.is_empty());
            // A code block that the description leaves open must not swallow the sentence.
            let docs = first.map(|(.., description)| prose::complete(description)).unwrap_or_default();
            newtype.docs = format!("{docs}\n\n{SENTENCE}").trim().to_owned();
        }
    }
}
