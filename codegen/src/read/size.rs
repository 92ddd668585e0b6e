//! The size of a tree, for limits on copies.

use super::{Node, NodeValue};

/// The size of a node with everything in it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Size {
    /// The number of values.
    pub(super) nodes: usize,
    /// The bytes of keys and strings.
    pub(super) bytes: usize,
    /// The levels of lists and mappings.
    pub(super) depth: usize,
}

impl Size {
    /// Measures a node.
    pub(super) fn of(node: &Node) -> Self {
        match &node.value {
            NodeValue::String(text) => Self { nodes: 1, bytes: text.len(), depth: 0 },
            NodeValue::Sequence(items) => items.iter().map(Self::of).fold(Self::EMPTY, Self::with),
            NodeValue::Mapping(entries) => entries.iter().fold(Self::EMPTY, |size, entry| {
                let size = size.with(Self::of(&entry.value));
                Self { bytes: size.bytes + entry.key.len(), ..size }
            }),
            _ => Self { nodes: 1, ..Self::default() },
        }
    }

    /// An empty list or mapping.
    const EMPTY: Self = Self { nodes: 1, bytes: 0, depth: 1 };

    fn with(self, child: Self) -> Self {
        Self {
            nodes: self.nodes + child.nodes,
            bytes: self.bytes + child.bytes,
            depth: self.depth.max(child.depth + 1),
        }
    }
}
