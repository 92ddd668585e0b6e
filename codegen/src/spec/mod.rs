//! One view of a document, shared by the lint, the API model and the diff: nodes with their pointers, references
//! followed, `allOf` merged.

mod branches;
mod flattened;
mod node_ref;
mod operations;
mod subtypes;
mod view;

pub(crate) use self::flattened::FlattenedSchema;
pub(crate) use self::node_ref::{NodeKey, NodeRef, SchemaUse};
pub(crate) use self::operations::{METHODS, Operation, Parameter};
pub(crate) use self::view::{MAX_REFERENCES, View};
