//! A document that was read: a tree whose nodes have places in the spec or in an overlay.

use super::node::Node;
use crate::finding::{Finding, Severity};
use crate::pointer::Pointer;

/// A text with the name of its file in findings.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The file as it was named to the generator.
    pub file: &'a str,
    /// Its text, YAML or JSON.
    pub text: &'a str,
}

/// A spec as it was read, in the form of OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct Document {
    /// The spec as it was named to the generator.
    pub file: String,
    /// The tree, each node with its place in the text. The lines of overlays are counted on from those of the spec.
    pub root: Node,
    /// Findings about the overlays that are not errors.
    pub warnings: Vec<Finding>,
    /// The overlays, each with the number of lines before its first one.
    pub(super) overlays: Vec<(usize, String)>,
}

impl Document {
    pub(super) fn new(file: &str, root: Node) -> Self {
        Self { file: file.to_owned(), root, warnings: Vec::new(), overlays: Vec::new() }
    }

    /// The node that a pointer leads to.
    pub(crate) fn node(&self, pointer: &Pointer) -> Option<&Node> {
        let steps = pointer.steps();
        steps.iter().try_fold(&self.root, |node, step| node.step(step).map(|(_, value)| value))
    }

    /// The node at a JSON pointer in text form.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        self.node(&Pointer::parse(pointer)?)
    }

    /// The file, line and column of a node: those of its key, or of the nearest node above where there is no such node.
    pub fn position(&self, pointer: &Pointer) -> Position<'_> {
        let mut node = &self.root;
        let mut position = (node.line, node.column);
        for step in pointer.steps() {
            let Some((place, value)) = node.step(step) else { break };
            (position, node) = (place, value);
        }
        let (line, column) = position;
        match self.overlays.iter().rev().find(|(before, _)| *before < line) {
            Some((before, file)) => Position { file, line: line - before, column },
            None => Position { file: &self.file, line, column },
        }
    }

    /// Creates a finding about a node.
    pub fn finding(
        &self,
        severity: Severity,
        pointer: &Pointer,
        rule: &'static str,
        message: impl AsRef<str>,
        fix: impl AsRef<str>,
    ) -> Finding {
        let Position { file, line, column } = self.position(pointer);
        let finding = Finding::new(severity, file, rule, message.as_ref(), fix.as_ref());
        finding.at((line, column), pointer.clone())
    }
}

/// A place in the spec or in an overlay.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Position<'a> {
    /// The file as it was named to the generator.
    pub file: &'a str,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
}
