//! The graph of the pairs that are compared.

use std::collections::{HashMap, HashSet};

use super::directions::Directions;
use super::rules::Rule;
use super::verdicts::Verdicts;
use crate::pointer::Pointer;
use crate::spec::{NodeKey, NodeRef};

/// The kinds of parts that are compared in pairs.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Kind {
    Parameter,
    Body,
    Response,
    Header,
    Schema,
}

/// A change between the parts of a pair.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) rule: &'static Rule,
    pub(super) base: Option<Pointer>,
    pub(super) head: Option<Pointer>,
    pub(super) message: String,
    /// The directions in which the change counts.
    pub(super) directions: Directions,
    pub(super) verdicts: Verdicts,
}

/// A pair of parts, or a pair of operations.
#[derive(Debug, Default)]
pub(super) struct PairNode {
    /// The pointers of two schemas.
    schemas: Option<(Pointer, Pointer)>,
    pub(super) changes: Vec<Change>,
    /// The pairs that are parts of this one, each with the directions in which values of it travel.
    pub(super) edges: Vec<(usize, Directions)>,
}

/// Pairs as nodes: each pair once, however often it is used. Operations are the roots.
#[derive(Debug)]
pub(super) struct PairGraph {
    pub(super) nodes: Vec<PairNode>,
    index: HashMap<(Kind, NodeKey, NodeKey), usize>,
    /// The nodes of the operations, with their names. A node has two names if the operation moves.
    pub(super) roots: Vec<(usize, String)>,
    /// The schemas that have been paired.
    paired: [HashSet<Pointer>; 2],
    /// The number of pairs of schemas of which one had been paired with another schema before.
    crossed: usize,
}

impl PairGraph {
    /// The node of changes that belong to no operation.
    pub(super) const OUTSIDE: usize = 0;

    pub(super) fn new() -> Self {
        let nodes = vec![PairNode::default()];
        Self { nodes, index: HashMap::new(), roots: Vec::new(), paired: Default::default(), crossed: 0 }
    }

    pub(super) fn add_operation(&mut self, name: String) -> usize {
        let node = self.add_node();
        self.roots.push((node, name));
        node
    }

    pub(super) fn add_node(&mut self) -> usize {
        self.nodes.push(PairNode::default());
        self.nodes.len() - 1
    }

    pub(super) fn add_pair(&mut self, kind: Kind, base: &NodeRef<'_>, head: &NodeRef<'_>) -> usize {
        let node = self.add_node();
        self.index.insert((kind, base.key(), head.key()), node);
        let is_plain = base.more.is_empty() && head.more.is_empty();
        if let (Kind::Schema, true, Some(added)) = (kind, is_plain, self.nodes.last_mut()) {
            added.schemas = Some((base.pointer.clone(), head.pointer.clone()));
            let [bases, heads] = &mut self.paired;
            let is_new = (bases.insert(base.pointer.clone()), heads.insert(head.pointer.clone()));
            self.crossed += usize::from(is_new != (true, true));
        }
        node
    }

    pub(super) fn pair(&self, kind: Kind, base: &NodeRef<'_>, head: &NodeRef<'_>) -> Option<usize> {
        self.index.get(&(kind, base.key(), head.key())).copied()
    }

    /// Returns whether a new pair of these schemas would add to [`crossed`](Self::crossed).
    pub(super) fn would_cross(&self, base: &NodeRef<'_>, head: &NodeRef<'_>) -> bool {
        let [bases, heads] = &self.paired;
        bases.contains(&base.pointer) || heads.contains(&head.pointer)
    }

    /// The number of pairs beyond one for each schema.
    pub(super) fn crossed(&self) -> usize {
        self.crossed
    }

    pub(super) fn add_edge(&mut self, from: usize, to: usize, directions: Directions) {
        if let Some(node) = self.nodes.get_mut(from) {
            node.edges.push((to, directions));
        }
    }

    pub(super) fn add_change(&mut self, node: usize, change: Change) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.changes.push(change);
        }
    }

    /// The nodes that values of a node reach in a direction.
    pub(super) fn next(&self, node: usize, direction: Directions) -> impl Iterator<Item = usize> {
        let edges = self.nodes.get(node).map(|node| node.edges.as_slice()).unwrap_or_default();
        edges.iter().filter(move |(_, directions)| directions.contains(direction)).map(|(next, _)| *next)
    }

    /// The pairs of schemas, each with its node.
    pub(super) fn schemas(&self) -> impl Iterator<Item = (usize, &(Pointer, Pointer))> {
        self.nodes.iter().enumerate().filter_map(|(nth, node)| Some((nth, node.schemas.as_ref()?)))
    }
}
