//! Types that contain themselves, and the directions in which types travel.

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use crate::api::{Extras, Object, Ty, TypeItem};
use crate::directions::Directions;

impl Builder<'_> {
    /// Boxes every field through which a type contains itself by value.
    ///
    /// All such fields of a cycle get a box, though one would do: which one would depend on the order of the document.
    pub(super) fn box_recursion(&mut self) {
        let edges: BTreeMap<&str, BTreeSet<&str>> =
            self.types.iter().map(|(name, item)| (name.as_str(), held_by_value(item))).collect();
        let components = components(&edges);
        let is_cyclic = |from: &str, to: &str| {
            components.get(from) == components.get(to) && (from == to || components.contains_key(from))
        };
        let mut boxed = Vec::new();
        for (name, item) in &self.types {
            for (nth, ty) in held(item).into_iter().enumerate() {
                if ty.name().is_some_and(|target| is_cyclic(name, target)) {
                    boxed.push((name.clone(), nth));
                }
            }
        }
        for (name, nth) in boxed {
            let flag = match self.types.get_mut(&name) {
                Some(TypeItem::Object(object)) => object.fields.get_mut(nth).map(|field| &mut field.boxed),
                Some(TypeItem::Union(union)) => union.cases.get_mut(nth).map(|case| &mut case.boxed),
                _ => None,
            };
            if let Some(boxed) = flag {
                *boxed = true;
            }
        }
    }

    /// Marks a type, and everything in it, as travelling in a direction.
    pub(super) fn mark(&mut self, ty: &Ty, direction: Directions) {
        let mut open: Vec<String> = ty.element().name().map(str::to_owned).into_iter().collect();
        while let Some(name) = open.pop() {
            let Some(item) = self.types.get_mut(&name) else { continue };
            if item.directions().contains(direction) {
                continue;
            }
            *item.directions_mut() = item.directions().union(direction);
            open.extend(named(item).into_iter().map(str::to_owned));
        }
    }
}

/// The named types in values of a type, unlisted properties included.
pub(super) fn named(item: &TypeItem) -> Vec<&str> {
    let extras = match item {
        TypeItem::Object(Object { extras: Extras::Typed(ty), .. }) => Some(ty),
        _ => None,
    };
    held(item).into_iter().chain(extras).filter_map(|ty| ty.element().name()).collect()
}

/// The types that values of a type hold.
fn held(item: &TypeItem) -> Vec<&Ty> {
    match item {
        TypeItem::Object(object) => object.fields.iter().map(|field| &field.ty).collect(),
        TypeItem::Union(union) => union.cases.iter().map(|case| &case.ty).collect(),
        TypeItem::Code(_) | TypeItem::Newtype(_) => Vec::new(),
    }
}

/// The named types that a value holds without a list or map in between.
fn held_by_value(item: &TypeItem) -> BTreeSet<&str> {
    match item {
        // It is kept as JSON.
        TypeItem::Union(union) if union.tests.is_empty() => BTreeSet::new(),
        item => held(item).into_iter().filter_map(Ty::name).collect(),
    }
}

/// The number of the strongly connected component of each type that is in a cycle with others, or with itself.
///
/// Tarjan's algorithm, with a stack of its own so that a long chain of types cannot exhaust that of the thread.
fn components<'a>(edges: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> BTreeMap<&'a str, usize> {
    let mut search = Search { edges, numbers: BTreeMap::new(), stack: Vec::new(), found: BTreeMap::new(), count: 0 };
    for name in edges.keys() {
        if !search.numbers.contains_key(name) {
            search.run(name);
        }
    }
    search.found
}

struct Search<'e, 'a> {
    edges: &'e BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// For each type that was met: its number, the lowest number it leads to, and whether it is on the stack.
    numbers: BTreeMap<&'a str, (usize, usize, bool)>,
    stack: Vec<&'a str>,
    found: BTreeMap<&'a str, usize>,
    count: usize,
}

impl<'a> Search<'_, 'a> {
    fn run(&mut self, start: &'a str) {
        let mut path = vec![(start, self.enter(start))];
        while let Some((name, left)) = path.last_mut() {
            let name = *name;
            let Some(next) = left.pop() else {
                path.pop();
                self.leave(name, path.last().map(|(parent, _)| *parent));
                continue;
            };
            match self.numbers.get(next).copied() {
                None => path.push((next, self.enter(next))),
                Some((number, _, true)) => self.lower(name, number),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, name: &'a str) -> Vec<&'a str> {
        let number = self.numbers.len();
        self.numbers.insert(name, (number, number, true));
        self.stack.push(name);
        self.edges.get(name).into_iter().flatten().copied().collect()
    }

    fn lower(&mut self, name: &str, to: usize) {
        if let Some((_, lowest, _)) = self.numbers.get_mut(name) {
            *lowest = (*lowest).min(to);
        }
    }

    fn leave(&mut self, name: &'a str, parent: Option<&'a str>) {
        let Some((number, lowest, _)) = self.numbers.get(name).copied() else { return };
        if let Some(parent) = parent {
            self.lower(parent, lowest);
        }
        if number != lowest {
            return;
        }
        let start = self.stack.iter().rposition(|other| *other == name).unwrap_or_default();
        let members = self.stack.split_off(start);
        let is_cycle = members.len() > 1 || self.edges.get(name).is_some_and(|held| held.contains(name));
        for member in members {
            if let Some((.., is_open)) = self.numbers.get_mut(member) {
                *is_open = false;
            }
            if is_cycle {
                self.found.insert(member, self.count);
            }
        }
        self.count += 1;
    }
}
