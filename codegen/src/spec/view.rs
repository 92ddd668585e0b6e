//! References and wrappers, followed.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::branches::{Branch, Branches};
use super::{FlattenedSchema, NodeRef, SchemaUse};
use crate::directions::Directions;
use crate::pointer::Pointer;
use crate::read::Document;

/// The longest chain of references, and of wrappers, that is followed. The lint refuses longer chains.
pub(crate) const MAX_REFERENCES: usize = 32;

/// Keys whose only element is the schema itself.
const WRAPPERS: &[&str] = &["allOf", "oneOf", "anyOf"];

/// Keys beside a wrapper that annotate the wrapped schema and do not make another one of it.
const ANNOTATIONS: &[&str] = &[
    "description",
    "title",
    "example",
    "externalDocs",
    "default",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "xml",
];

/// The component schemas that list another one in their `allOf`, by the pointer of the latter.
pub(super) type Children = HashMap<Pointer, Vec<Pointer>>;

/// A document with its references resolved. Cloning is cheap.
#[derive(Clone, Debug)]
pub(crate) struct View<'a> {
    pub(crate) document: &'a Document,
    /// Targets of references by their text, so that each is parsed and looked up once.
    targets: Rc<RefCell<HashMap<&'a str, Option<NodeRef<'a>>>>>,
    pub(super) branches: Rc<RefCell<Branches<'a>>>,
    pub(super) children: Rc<OnceCell<Children>>,
}

impl<'a> View<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self { document, targets: Rc::default(), branches: Rc::default(), children: Rc::default() }
    }

    pub(crate) fn root(&self) -> NodeRef<'a> {
        NodeRef::new(Pointer::ROOT, Some(&self.document.root))
    }

    pub(crate) fn at(&self, pointer: &Pointer) -> NodeRef<'a> {
        NodeRef::new(pointer.clone(), self.document.node(pointer))
    }

    /// The node that a `$ref` names; `None` where it leads out of the document or to no node.
    pub(crate) fn follow(&self, reference: &'a str) -> Option<NodeRef<'a>> {
        if let Some(known) = self.targets.borrow().get(reference) {
            return known.clone();
        }
        let target = Pointer::of_reference(reference).map(|pointer| self.at(&pointer)).filter(NodeRef::exists);
        self.targets.borrow_mut().insert(reference, target.clone());
        target
    }

    /// Follows references from a place. Returns the last place where a chain is broken or too long.
    pub(crate) fn resolve(&self, place: &NodeRef<'a>) -> NodeRef<'a> {
        let mut place = place.clone();
        for _ in 0..MAX_REFERENCES {
            let Some(next) = place.text("$ref").and_then(|target| self.follow(target)) else { break };
            place = next;
        }
        place
    }

    /// Follows references and wrappers of one element to the schema that they stand for.
    pub(crate) fn schema(&self, place: &NodeRef<'a>) -> SchemaUse<'a> {
        let mut found = SchemaUse { around: Vec::new(), core: place.clone() };
        // Several `allOf` branches of one property make a schema of their own.
        let steps = if place.more.is_empty() { MAX_REFERENCES } else { 0 };
        for _ in 0..steps {
            if let Some(next) = found.core.text("$ref").and_then(|target| self.follow(target)) {
                // Unlike OpenAPI 3.0, the generator reads what stands beside a reference.
                if found.core.entries().len() > 1 {
                    found.around.push(found.core);
                }
                found.core = next;
            } else if let Some(next) = unwrapped(&found.core) {
                let wrapper = std::mem::replace(&mut found.core, next);
                let notes = wrapper.get("allOf").items().filter(|branch| branch.pointer != found.core.pointer);
                let notes: Vec<_> = notes.collect();
                found.around.extend(std::iter::once(wrapper).chain(notes));
            } else {
                break;
            }
        }
        found
    }

    /// The directions in which a property travels. Both keys on one property exclude each other, and have no effect.
    pub(crate) fn access(&self, property: &NodeRef<'a>) -> Directions {
        let used = self.schema(property);
        let flat = self.flattened(&used.core);
        let flag = |key: &str| flat.flag(key) || used.around.iter().any(|place| place.flag(key));
        match (flag("readOnly"), flag("writeOnly")) {
            (true, false) => Directions::RESPONSE,
            (false, true) => Directions::REQUEST,
            _ => Directions::BOTH,
        }
    }

    /// A schema with everything that its `allOf` adds to it.
    pub(crate) fn flattened(&self, core: &NodeRef<'a>) -> FlattenedSchema<'a> {
        let mut known = self.branches.borrow_mut();
        let start = NodeRef::new(core.pointer.clone(), core.node);
        let start = known.number([&start].into_iter().chain(&core.more).map(|place| self.schema(place)));
        known.start();
        let mut parts = Vec::new();
        let mut open = vec![(start, 0)];
        while let Some((branches, next)) = open.last_mut() {
            let Some(Branch { number, used }) = branches.get(*next) else {
                open.pop();
                continue;
            };
            *next += 1;
            if known.meet(*number) {
                parts.extend(used.around.iter().chain([&used.core]).cloned());
                let inner = known.of(*number, || self.branches_of(&used.core));
                open.push((inner, 0));
            }
        }
        FlattenedSchema(parts)
    }

    /// The schemas that a schema is merged with.
    fn branches_of(&self, core: &NodeRef<'a>) -> Vec<SchemaUse<'a>> {
        let cases = ["oneOf", "anyOf"].iter().filter_map(|key| only_case(core, key));
        core.get("allOf").items().chain(cases).map(|place| self.schema(&place)).collect()
    }
}

/// The one element of a schema that consists of a wrapper and annotations.
fn unwrapped<'a>(place: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let key = WRAPPERS.iter().find(|key| place.has(key))?;
    if !has_only_annotations(place, Some(key)) {
        return None;
    }
    if *key != "allOf" {
        return only_case(place, key);
    }
    let branches: Vec<_> = place.get(key).items().collect();
    if let [only] = branches.as_slice() {
        return Some(only.clone());
    }
    // In OpenAPI 3.0, a branch of its own is the way to describe a reference.
    let mut schemas = branches.into_iter().filter(|branch| !has_only_annotations(branch, None));
    schemas.next().filter(|_| schemas.next().is_none())
}

/// Returns whether annotations are all that stands in a schema, beside one key.
fn has_only_annotations(place: &NodeRef<'_>, beside: Option<&str>) -> bool {
    let mut keys = place.entries().iter().map(|entry| entry.key.as_str());
    keys.all(|key| Some(key) == beside || ANNOTATIONS.contains(&key) || key.starts_with("x-"))
}

/// The one case of a `oneOf` or `anyOf`, unless it is the one value of an enum.
fn only_case<'a>(place: &NodeRef<'a>, key: &str) -> Option<NodeRef<'a>> {
    let mut items = place.get(key).items();
    items.next().filter(|case| items.next().is_none() && !case.has("enum"))
}
