//! Comparisons that find out how much two schemas differ, before they count as revisions of one.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use super::report::Wire;
use super::verdicts::Verdicts;
use crate::spec::NodeKey;

/// The depth of speculation within speculation.
const MAX_DEPTH: usize = 3;

/// The number of pairs that all speculation of a comparison looks at. Hundreds of cases that are all new would otherwise
/// be compared with one another, each with everything that it refers to.
const MAX_PAIRS: usize = 30_000;

/// The differences between two schemas.
#[derive(Debug)]
pub(super) struct Speculation {
    pub(super) verdicts: Verdicts,
    /// The differences as messages, the worst first.
    pub(super) messages: Vec<String>,
}

impl Speculation {
    /// Returns whether the schemas differ in documentation at most.
    pub(super) fn is_equal(&self) -> bool {
        self.verdicts.request >= Wire::Docs && self.verdicts.response >= Wire::Docs
    }
}

/// The speculation within a comparison.
#[derive(Debug)]
pub(super) struct Speculations {
    depth: usize,
    pub(super) known: HashMap<(NodeKey, NodeKey), Rc<Speculation>>,
    left: Rc<Cell<usize>>,
}

impl Speculations {
    pub(super) fn new() -> Self {
        Self { depth: 0, known: HashMap::new(), left: Rc::new(Cell::new(MAX_PAIRS)) }
    }

    /// The speculation within a comparison that is speculative itself.
    pub(super) fn nested(&self) -> Self {
        Self { depth: self.depth + 1, known: HashMap::new(), left: self.left.clone() }
    }

    /// Returns whether the comparison itself is speculative.
    pub(super) fn is_nested(&self) -> bool {
        self.depth > 0
    }

    pub(super) fn is_too_deep(&self) -> bool {
        self.depth >= MAX_DEPTH
    }

    /// Takes a pair off the limit. Returns whether there was one left.
    pub(super) fn take_pair(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 0
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }
}
