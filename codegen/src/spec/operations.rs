//! The operations of a document, and their parameters.

use std::collections::BTreeSet;

use super::{NodeRef, View};

/// Every method that an OpenAPI path can have, in the order of the specification.
pub(crate) const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A method of a path.
#[derive(Clone, Debug)]
pub(crate) struct Operation<'a> {
    /// The method in lower case, as the document writes it.
    pub(crate) method: &'a str,
    /// The path template.
    pub(crate) path: &'a str,
    /// The path item.
    pub(crate) item: NodeRef<'a>,
    pub(crate) node: NodeRef<'a>,
}

/// A parameter of an operation: where it is listed, and where it is described.
#[derive(Clone, Debug)]
pub(crate) struct Parameter<'a> {
    pub(crate) used: NodeRef<'a>,
    pub(crate) node: NodeRef<'a>,
}

impl<'a> Parameter<'a> {
    pub(crate) fn name(&self) -> &'a str {
        self.node.text("name").unwrap_or_default()
    }

    /// `path`, `query`, `header` or `cookie`.
    pub(crate) fn location(&self) -> &'a str {
        self.node.text("in").unwrap_or_default()
    }
}

impl Operation<'_> {
    /// The name in reports, such as `GET /accounts`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

impl<'a> View<'a> {
    /// The operations of the document, in its order.
    pub(crate) fn operations(&self) -> Vec<Operation<'a>> {
        let items = self.root().get("paths").members();
        items.flat_map(|(path, item)| self.operations_of(path, &item)).collect()
    }

    /// The operations of a path item, which may be a reference.
    pub(crate) fn operations_of(&self, path: &'a str, item: &NodeRef<'a>) -> Vec<Operation<'a>> {
        let item = self.resolve(item);
        let methods = item.children().filter(|(key, _)| METHODS.contains(key));
        methods.map(|(method, node)| Operation { method, path, item: item.clone(), node }).collect()
    }

    /// The parameters of an operation and of its path. The operation's own replace those of the path.
    pub(crate) fn parameters(&self, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
        let own = self.listed_parameters(&operation.node);
        let mut all = self.listed_parameters(&operation.item);
        let key = |parameter: &Parameter<'a>| (parameter.location(), parameter.name());
        let replaced: BTreeSet<_> = own.iter().map(key).collect();
        all.retain(|shared| !replaced.contains(&key(shared)));
        all.extend(own);
        all
    }

    /// The parameters in the list of an operation or of a path item.
    pub(crate) fn listed_parameters(&self, owner: &NodeRef<'a>) -> Vec<Parameter<'a>> {
        let listed = owner.get("parameters").items();
        let all = listed.map(|used| Parameter { node: self.resolve(&used), used });
        // The lint reports a reference to anything else.
        all.filter(|parameter| parameter.node.has("name")).collect()
    }
}
