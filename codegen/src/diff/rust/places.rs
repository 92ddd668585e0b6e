//! The places in a document that the items of a surface come from.

use std::collections::{BTreeMap, BTreeSet};

use super::super::operations::declared;
use super::super::report::Place;
use super::super::revision::Revision;
use crate::compile::Outcome;
use crate::pointer::Pointer;
use crate::read::Document;
use crate::spec::Operation;

/// Keys of a schema that change the type of its users.
const SHAPING: &[&str] =
    &["type", "format", "nullable", "enum", "oneOf", "additionalProperties", "deprecated", "description", "x-newtype"];

/// The places of one revision.
#[derive(Debug)]
pub(super) struct Places<'a> {
    revision: Revision<'a>,
    origins: &'a BTreeMap<String, Vec<Pointer>>,
    operations: BTreeMap<String, Operation<'a>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(document: &'a Document, outcome: &'a Outcome) -> Self {
        let revision = Revision::new(document);
        let methods = outcome.api.operations.iter();
        let methods: BTreeMap<_, _> =
            methods.map(|operation| (format!("{} {}", operation.method, operation.path), &operation.name)).collect();
        let named = |operation: Operation<'a>| Some(((*methods.get(&operation.name())?).clone(), operation));
        let operations = revision.operations().into_iter().filter_map(named).collect();
        Self { revision, origins: &outcome.origins, operations }
    }

    pub(super) fn file(&self) -> &str {
        &self.revision.document.file
    }

    pub(super) fn place(&self, pointer: &Pointer) -> Place {
        self.revision.place(pointer)
    }

    /// The schemas of a type.
    pub(super) fn ty(&self, name: &str) -> Vec<Pointer> {
        self.origins.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn field(&self, ty: &str, wire: &str) -> Vec<Pointer> {
        self.ty(ty).iter().map(|origin| origin.join(["properties", wire])).collect()
    }

    pub(super) fn variant(&self, ty: &str, wire: &str) -> Vec<Pointer> {
        let value = serde_json::Value::from(wire).to_string();
        let variants = self.ty(ty).into_iter().filter_map(|origin| {
            let values = self.revision.flattened(&self.revision.at(&origin)).values()?;
            // The wire value of anything but a string is its JSON.
            values.get(&value).or_else(|| values.get(wire)).map(|place| place.pointer.clone())
        });
        variants.collect()
    }

    pub(super) fn operation_name(&self, method: &str) -> Option<String> {
        Some(self.operations.get(method)?.name())
    }

    pub(super) fn operation(&self, method: &str) -> Vec<Pointer> {
        let pointer = self.operations.get(method).map(|operation| &operation.node.pointer);
        pointer.map(|pointer| vec![pointer.clone(), pointer.child("operationId")]).unwrap_or_default()
    }

    /// The places that decide about the authorization of an operation.
    ///
    /// These are its own list of requirements or the document's, and any scheme: its kind decides about the header.
    pub(super) fn security(&self, method: &str) -> Vec<Pointer> {
        let own = self.operations.get(method).map(|operation| operation.node.get("security").pointer);
        let schemes = self.revision.components("securitySchemes").children().map(|(_, scheme)| scheme.pointer);
        own.into_iter().chain([Pointer::ROOT.child("security")]).chain(schemes).collect()
    }

    /// The places that decide which headers an operation takes from the client: the list of them, and its parameters.
    pub(super) fn context_headers(&self, method: &str) -> Vec<Pointer> {
        let Some(operation) = self.operations.get(method) else { return Vec::new() };
        let headers = declared(&self.revision, operation).into_values();
        let headers = headers.filter(|parameter| parameter.location() == "header");
        let own = headers.flat_map(|parameter| [parameter.used.pointer, parameter.node.pointer]);
        own.chain([context_headers()]).collect()
    }

    /// The use and the description of a parameter.
    pub(super) fn parameter(&self, method: &str, location: &str, wire: &str) -> Vec<Pointer> {
        let Some(operation) = self.operations.get(method) else { return Vec::new() };
        if location == "body" {
            let used = operation.node.get("requestBody");
            return vec![self.revision.resolve(&used).pointer, used.pointer];
        }
        let mut all = declared(&self.revision, operation).into_values();
        let found = all.find(|parameter| {
            parameter.node.text("name").is_some_and(|name| name.eq_ignore_ascii_case(wire))
                && parameter.location() == location
        });
        let mut places = found.map(|found| vec![found.node.pointer, found.used.pointer]).unwrap_or_default();
        if location == "header" {
            places.push(context_headers());
        }
        places
    }

    /// The responses of success.
    pub(super) fn successes(&self, method: &str) -> Vec<Pointer> {
        let Some(operation) = self.operations.get(method) else { return Vec::new() };
        let responses = operation.node.get("responses");
        let is_success = |status: &str| status.starts_with('2') || status == "default";
        let successes = responses.members().filter(|(status, _)| is_success(status));
        successes.flat_map(|(_, used)| [self.revision.resolve(&used).pointer, used.pointer]).collect()
    }

    /// The responses that are errors.
    pub(super) fn failures(&self, method: &str) -> Vec<Pointer> {
        let Some(operation) = self.operations.get(method) else { return Vec::new() };
        let responses = operation.node.get("responses");
        let failures = responses.members().filter(|(status, _)| !status.starts_with('2'));
        failures.flat_map(|(_, used)| [self.revision.resolve(&used).pointer, used.pointer]).collect()
    }

    /// Other places that may be the cause of the type at a place.
    pub(super) fn causes(&self, place: &Pointer) -> BTreeSet<Pointer> {
        let mut found = BTreeSet::new();
        let place = self.revision.at(place);
        let mut open = vec![place.clone(), place.get("schema")];
        open.extend(place.get("content").children().map(|(_, media)| media.get("schema")));
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if !next.exists() || !seen.insert(next.pointer.clone()) {
                continue;
            }
            let used = self.revision.schema(&next);
            for place in used.around.iter().chain([&used.core]) {
                found.insert(place.pointer.clone());
                found.extend(SHAPING.iter().map(|key| place.pointer.child(key)));
            }
            open.extend(["items", "additionalProperties"].map(|key| used.core.get(key)));
        }
        found
    }
}

/// The list of headers that are set once on a client.
fn context_headers() -> Pointer {
    Pointer::ROOT.join(["x-codegen", "context-headers"])
}
