//! The branches of schemas, resolved once.

use std::collections::HashMap;
use std::rc::Rc;

use super::{NodeRef, SchemaUse};
use crate::read::Node;

/// A schema that is merged into another one, with its number.
#[derive(Clone, Debug)]
pub(super) struct Branch<'a> {
    pub(super) number: usize,
    pub(super) used: SchemaUse<'a>,
}

/// The branches of all schemas that were flattened so far.
///
/// Hundreds of schemas may each have all others as branches. If every flattening followed every reference again, the
/// time would grow with the cube of their number. Numbers in place of pointers make it cheap to skip a schema that a
/// flattening has met before.
#[derive(Debug, Default)]
pub(super) struct Branches<'a> {
    numbers: HashMap<Option<*const Node>, usize>,
    /// The branches by the number of the schema that has them.
    of: Vec<Option<Rc<[Branch<'a>]>>>,
    /// The last flattening that met each schema.
    met: Vec<usize>,
    flattening: usize,
    /// The number of branches that were resolved.
    resolved: usize,
}

impl<'a> Branches<'a> {
    /// Starts a flattening, which has met no schema yet.
    pub(super) fn start(&mut self) {
        self.flattening += 1;
    }

    /// Returns whether the flattening meets a schema for the first time.
    pub(super) fn meet(&mut self, number: usize) -> bool {
        std::mem::replace(&mut self.met[number], self.flattening) != self.flattening
    }

    /// Numbers resolved schemas.
    pub(super) fn number(&mut self, all: impl IntoIterator<Item = SchemaUse<'a>>) -> Rc<[Branch<'a>]> {
        all.into_iter().map(|used| Branch { number: self.number_of(&used.core), used }).collect()
    }

    fn number_of(&mut self, core: &NodeRef<'a>) -> usize {
        let next = self.of.len();
        let number = *self.numbers.entry(core.node.map(std::ptr::from_ref)).or_insert(next);
        if number == next {
            self.of.push(None);
            self.met.push(0);
        }
        number
    }

    /// Returns the branches of a schema, which are resolved if they are not known yet.
    pub(super) fn of<I>(&mut self, number: usize, resolve: impl FnOnce() -> I) -> Rc<[Branch<'a>]>
    where
        I: IntoIterator<Item = SchemaUse<'a>>,
    {
        if let Some(known) = &self.of[number] {
            return known.clone();
        }
        let found = self.number(resolve());
        self.resolved += found.len();
        self.of[number] = Some(found.clone());
        found
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use crate::read::load;
    use crate::spec::View;

    #[test]
    fn each_branch_of_a_dense_cycle_is_resolved_once() {
        const SCHEMAS: usize = 60;
        let branch = |nth: usize| format!("{{$ref: '#/components/schemas/S{nth}'}}");
        let schema = |nth: usize| {
            let branches: Vec<_> = (0..SCHEMAS).filter(|other| *other != nth).map(branch).collect();
            format!("    S{nth}: {{type: object, allOf: [{}]}}\n", branches.join(", "))
        };
        let schemas: String = (0..SCHEMAS).map(schema).collect();
        let document = load("spec.yaml", &format!("components:\n  schemas:\n{schemas}")).unwrap();
        let view = View::new(&document);
        for (name, place) in view.root().get("components").get("schemas").children() {
            let parts = view.flattened(&place).0;
            assert_eq!((parts.len(), parts[0].pointer.last()), (SCHEMAS, Some(name)));
        }
        assert_eq!(view.branches.borrow().resolved, SCHEMAS * (SCHEMAS - 1));
    }

    #[test]
    fn branches_come_after_their_schema_and_before_the_next_one() {
        let schemas = "
    A: {allOf: [{$ref: '#/components/schemas/B'}, {title: In A, type: object}, {$ref: '#/components/schemas/C'}]}
    B: {allOf: [{$ref: '#/components/schemas/C', title: Around}, {title: In B, type: object}]}
    C: {allOf: [{$ref: '#/components/schemas/A'}, {title: In C, type: object}]}
";
        let document = load("spec.yaml", &format!("components:\n  schemas:{schemas}")).unwrap();
        let view = View::new(&document);
        let start = view.root().get("components").get("schemas").get("A");
        for _ in 0..2 {
            let parts = view.flattened(&start).0;
            let names = parts.iter().map(|part| part.text("title").or(part.pointer.last()).unwrap());
            assert_eq!(names.collect::<Vec<_>>(), ["A", "B", "Around", "C", "In C", "In B", "In A"]);
        }
    }
}
