//! Types that differ between requests and responses (`readOnly`, `writeOnly`, and the three states of `PATCH`).

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use super::recursion::named;
use crate::api::{Extras, Operation, Presence, Ty, TypeItem};
use crate::directions::Directions;
use crate::media::MediaKind;
use crate::names::{self, Style};
use crate::pointer::Pointer;
use crate::prose;

impl Builder<'_> {
    /// Gives types that are not the same in both directions a second one for requests, and leaves out the properties that do
    /// not travel in the direction of a type.
    pub(super) fn split(&mut self, operations: &mut [Operation]) {
        self.mark_patches(operations);
        let requests = self.request_names();
        for (name, request) in &requests {
            let Some(mut item) = self.types.get(name).cloned() else { continue };
            rename(&mut item, request, &format!("`{name}` in requests."));
            *item.directions_mut() = Directions::REQUEST;
            self.types.insert(request.clone(), item);
            let origin = self.origins.get(name).cloned().unwrap_or(Pointer::ROOT);
            self.origins.insert(request.clone(), origin);
            if let Some(item) = self.types.get_mut(name) {
                *item.directions_mut() = Directions::RESPONSE;
                add_docs(item, &format!("Requests have `{request}` in its place."));
                if let TypeItem::Object(object) = item {
                    object.is_patch = false;
                }
            }
        }
        for item in self.types.values_mut() {
            let directions = item.directions();
            if directions == Directions::REQUEST {
                types_of(item).into_iter().for_each(|ty| in_request(ty, &requests));
            }
            if let TypeItem::Object(object) = item
                && !directions.is_empty()
            {
                object.fields.retain(|field| !field.access.intersection(directions).is_empty());
            }
        }
        for operation in operations {
            operation.parameters.iter_mut().for_each(|parameter| in_request(&mut parameter.ty, &requests));
            let contents = operation.body.iter_mut().flat_map(|body| &mut body.contents);
            contents.filter_map(|content| content.ty.as_mut()).for_each(|ty| in_request(ty, &requests));
        }
    }

    /// Marks the objects in the JSON bodies of `PATCH`.
    fn mark_patches(&mut self, operations: &[Operation]) {
        let patches = operations.iter().filter(|operation| operation.method == "PATCH");
        let patches = patches.filter(|operation| operation.sends().is_some_and(MediaKind::is_json));
        let mut open: Vec<String> =
            patches.filter_map(|it| it.body_ty()?.element().name()).map(str::to_owned).collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let Some(item) = self.types.get_mut(&name) else { continue };
            open.extend(named(item).into_iter().map(str::to_owned));
            if let TypeItem::Object(object) = item {
                object.is_patch = true;
            }
        }
    }

    /// The names for requests, by the name of each type that travels in both directions and differs between them.
    fn request_names(&mut self) -> BTreeMap<String, String> {
        let both = self.types.iter().filter(|(_, item)| item.directions() == Directions::BOTH);
        let both: Vec<_> = both.map(|(name, item)| (name.clone(), item)).collect();
        let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, item) in &both {
            for inner in named(item) {
                holders.entry(inner).or_default().push(name);
            }
        }
        let mut open: Vec<&str> =
            both.iter().filter(|(_, item)| differs(item)).map(|(name, _)| name.as_str()).collect();
        let mut found = BTreeSet::new();
        while let Some(name) = open.pop() {
            if found.insert(name) {
                open.extend(holders.get(name).into_iter().flatten());
            }
        }
        let mut requests = BTreeMap::new();
        let mut taken: BTreeSet<String> = self.types.keys().cloned().collect();
        for name in found {
            let plain = format!("{name}Request");
            let is_free =
                |name: &str| !taken.contains(name) && !self.naming.is_taken(name) && !names::is_reserved_type(name);
            let request = names::unique(Style::Pascal, &plain, &plain, &["body"], name, is_free);
            taken.insert(request.clone());
            requests.insert(name.to_owned(), request);
        }
        requests
    }
}

/// Returns whether a type has properties that travel in one direction only, or have three states in requests.
fn differs(item: &TypeItem) -> bool {
    let TypeItem::Object(object) = item else { return false };
    let is_three_state = |presence: Presence| object.is_patch && presence == Presence::OptionalNullable;
    object.fields.iter().any(|field| field.access != Directions::BOTH || is_three_state(field.presence))
}

/// The types that values of a type hold.
fn types_of(item: &mut TypeItem) -> Vec<&mut Ty> {
    match item {
        TypeItem::Object(object) => {
            let extras = match &mut object.extras {
                Extras::Typed(ty) => Some(ty),
                _ => None,
            };
            object.fields.iter_mut().map(|field| &mut field.ty).chain(extras).collect()
        }
        TypeItem::Union(union) => union.cases.iter_mut().map(|case| &mut case.ty).collect(),
        TypeItem::Code(_) | TypeItem::Newtype(_) => Vec::new(),
    }
}

/// Replaces types by those for requests.
fn in_request(ty: &mut Ty, requests: &BTreeMap<String, String>) {
    match ty {
        Ty::List(inner) | Ty::Map(inner) | Ty::Nullable(inner) => in_request(inner, requests),
        Ty::Object(name) | Ty::Union(name) => {
            if let Some(request) = requests.get(name) {
                name.clone_from(request);
            }
        }
        _ => {}
    }
}

fn rename(item: &mut TypeItem, name: &str, docs: &str) {
    match item {
        TypeItem::Object(object) => name.clone_into(&mut object.name),
        TypeItem::Union(union) => name.clone_into(&mut union.name),
        TypeItem::Code(_) | TypeItem::Newtype(_) => {}
    }
    add_docs(item, docs);
}

/// Adds a paragraph to the description of a type.
fn add_docs(item: &mut TypeItem, text: &str) {
    let docs = match item {
        TypeItem::Object(object) => &mut object.docs,
        TypeItem::Union(union) => &mut union.docs,
        TypeItem::Code(_) | TypeItem::Newtype(_) => return,
    };
    // A code block that the description leaves open must not swallow this sentence.
    *docs = format!("{}\n\n{text}", prose::complete(docs)).trim().to_owned();
}
