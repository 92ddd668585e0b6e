//! One of the two documents that are compared.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use super::report::Place;
use crate::pointer::Pointer;
use crate::read::{Document, Position};
use crate::spec::{NodeKey, NodeRef, View};

/// A document of a comparison, with indexes that many rules use. Cloning is cheap.
#[derive(Clone, Debug)]
pub(super) struct Revision<'a> {
    view: View<'a>,
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
        Self { view: View::new(document), known: Rc::default() }
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
