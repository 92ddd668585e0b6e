//! One of the two documents that are compared.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use super::report::Place;
use crate::pointer::Pointer;
use crate::read::{Document, Node, Position};
use crate::spec::{NodeKey, NodeRef, View};

/// A document of a comparison, with indexes that many rules use. Cloning is cheap.
#[derive(Clone, Debug)]
pub(super) struct Revision<'a> {
    view: View<'a>,
    /// The component schemas that list another one in their `allOf`, by the pointer of the latter.
    children: Rc<HashMap<Pointer, Vec<Pointer>>>,
    pub(super) known: Rc<Known<'a>>,
}

/// Results that are needed again wherever a schema is used.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    /// The meanings of targets of references, by the text of the reference.
    pub(super) meanings: RefCell<HashMap<&'a str, Rc<str>>>,
    /// The JSON types of schemas.
    pub(super) kinds: RefCell<HashMap<NodeKey, &'a str>>,
    /// The schemas that are known to accept null, or not to.
    pub(super) nullable: RefCell<HashMap<NodeKey, bool>>,
}

impl<'a> Deref for Revision<'a> {
    type Target = View<'a>;

    fn deref(&self) -> &View<'a> {
        &self.view
    }
}

impl<'a> Revision<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let view = View::new(document);
        let mut children: HashMap<Pointer, Vec<Pointer>> = HashMap::new();
        for (_, section) in view.root().get("components").children() {
            for (_, component) in section.children() {
                for parent in parents(&view, &component) {
                    children.entry(parent).or_default().push(component.pointer.clone());
                }
            }
        }
        Self { view, children: Rc::new(children), known: Rc::default() }
    }

    /// The component schemas that list a schema in their `allOf`.
    pub(super) fn children(&self, pointer: &Pointer) -> &[Pointer] {
        self.children.get(pointer).map(Vec::as_slice).unwrap_or_default()
    }

    /// The section of the components with a name, such as `schemas`.
    pub(super) fn components(&self, section: &str) -> NodeRef<'a> {
        self.root().get("components").get(section)
    }

    /// The line of a node, or of the nearest node above if the pointer leads to none.
    pub(super) fn line(&self, pointer: &Pointer) -> usize {
        self.document.position(pointer).line
    }

    /// The file and line of a node, or of the nearest node above if the pointer leads to none.
    pub(super) fn place(&self, pointer: &Pointer) -> Place {
        let Position { file, line, .. } = self.document.position(pointer);
        Place { file: file.to_owned(), line }
    }
}

/// The schemas that the `allOf` of a schema refers to, with those in nested lists.
fn parents<'a>(view: &View<'a>, schema: &NodeRef<'a>) -> Vec<Pointer> {
    let branches = |node: &'a Node| node.get("allOf").map(Node::items).unwrap_or_default();
    let mut open: Vec<&Node> = schema.node.map(branches).unwrap_or_default().iter().collect();
    let mut found = Vec::new();
    while let Some(branch) = open.pop() {
        open.extend(branches(branch));
        let target = branch.get("$ref").and_then(Node::as_str).and_then(|reference| view.follow(reference));
        found.extend(target.map(|target| target.pointer));
    }
    found
}
