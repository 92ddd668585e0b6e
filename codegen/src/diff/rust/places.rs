//! Where the items of a surface stand in a spec.

use std::collections::{BTreeMap, BTreeSet};

use super::super::operations::{Operation, declared, operations};
use super::super::report::Place;
use super::super::resolve::View;
use crate::names;
use crate::pointer::Pointer;
use crate::read::{Document, Node, child};

/// Keys of a schema that change the type of what refers to it.
const SHAPING: &[&str] =
    &["type", "format", "nullable", "enum", "oneOf", "additionalProperties", "deprecated", "description"];

/// The list of headers that are set once on a client.
const CONTEXT_HEADERS: &str = "/x-codegen/context-headers";

/// The places of one side.
#[derive(Debug)]
pub(super) struct Places<'a> {
    view: View<'a>,
    origins: &'a BTreeMap<String, Pointer>,
    operations: BTreeMap<String, Operation<'a>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(document: &'a Document, origins: &'a BTreeMap<String, Pointer>) -> Self {
        let view = View::new(document);
        let all = operations(&view).into_iter();
        let operations = all
            .filter_map(|operation| Some((names::method_name(operation.spot.text("operationId")?), operation)))
            .collect();
        Self { view, origins, operations }
    }

    pub(super) fn file(&self) -> &str {
        &self.view.document.file
    }

    pub(super) fn place(&self, pointer: &str) -> Place {
        Place { file: self.file().to_owned(), line: self.view.line(pointer) }
    }

    /// Where a type stands.
    pub(super) fn ty(&self, name: &str) -> Vec<String> {
        self.origins.get(name).map(ToString::to_string).into_iter().collect()
    }

    pub(super) fn field(&self, ty: &str, wire: &str) -> Vec<String> {
        self.ty(ty).iter().map(|origin| child(&child(origin, "properties"), wire)).collect()
    }

    pub(super) fn variant(&self, ty: &str, wire: &str) -> Vec<String> {
        let value = serde_json::Value::from(wire).to_string();
        let spots = self.ty(ty).into_iter().filter_map(|origin| {
            let values = self.view.layers(&self.view.at(&origin)).values()?;
            values.get(&value).map(|spot| spot.pointer.clone())
        });
        spots.collect()
    }

    pub(super) fn operation_name(&self, method: &str) -> Option<String> {
        Some(self.operations.get(method)?.name())
    }

    pub(super) fn operation(&self, method: &str) -> Vec<String> {
        let spot = self.operations.get(method).map(|operation| &operation.spot);
        spot.map(|spot| vec![spot.pointer.clone(), child(&spot.pointer, "operationId")]).unwrap_or_default()
    }

    /// Where the authorization of an operation stands.
    ///
    /// That is its own list of requirements or the document's, and any scheme: of which kind one is shows in the header.
    pub(super) fn security(&self, method: &str) -> Vec<String> {
        let own = self.operations.get(method).map(|operation| operation.spot.get("security").pointer);
        let section = "/components/securitySchemes";
        let schemes = self.view.document.at(section).map(Node::entries).unwrap_or_default();
        let schemes = schemes.iter().map(|scheme| child(section, &scheme.key));
        own.into_iter().chain(["/security".to_owned()]).chain(schemes).collect()
    }

    /// Where it is said which headers an operation takes from the client: the list of them, and its own parameters.
    pub(super) fn context_headers(&self, method: &str) -> Vec<String> {
        let Some(operation) = self.operations.get(method) else { return Vec::new() };
        let headers = declared(&self.view, operation).into_values();
        let headers = headers.filter(|(_, spot)| spot.text("in") == Some("header"));
        let own = headers.flat_map(|(used, spot)| [used.pointer, spot.pointer]);
        own.chain([CONTEXT_HEADERS.to_owned()]).collect()
    }

    /// Where a parameter is used, and where it is described.
    pub(super) fn parameter(&self, method: &str, location: &str, wire: &str) -> Vec<String> {
        let Some(operation) = self.operations.get(method) else { return Vec::new() };
        if location == "body" {
            let used = operation.spot.get("requestBody");
            return vec![self.view.resolve(&used).pointer, used.pointer];
        }
        let all = declared(&self.view, operation);
        let found = all.into_values().find(|(_, spot)| {
            spot.text("name").is_some_and(|name| name.eq_ignore_ascii_case(wire)) && spot.text("in") == Some(location)
        });
        let mut places = found.map(|(used, spot)| vec![spot.pointer, used.pointer]).unwrap_or_default();
        if location == "header" {
            places.push(CONTEXT_HEADERS.to_owned());
        }
        places
    }

    /// Where the answers of success stand.
    pub(super) fn successes(&self, method: &str) -> Vec<String> {
        let Some(operation) = self.operations.get(method) else { return Vec::new() };
        let responses = operation.spot.get("responses");
        let successes = responses.members().filter(|(status, _)| status.starts_with('2'));
        successes.flat_map(|(_, used)| [self.view.resolve(&used).pointer, used.pointer]).collect()
    }

    /// The places of which one may be the reason why a type is written as it is, other than the place itself.
    pub(super) fn causes(&self, place: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let spot = self.view.at(place);
        let mut open = vec![spot.clone(), spot.get("schema")];
        open.extend(spot.get("content").children().map(|(_, media)| media.get("schema")));
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if !next.exists() || !seen.insert(next.pointer.clone()) {
                continue;
            }
            let used = self.view.schema(&next);
            for spot in used.around.iter().chain([&used.core]) {
                found.insert(spot.pointer.clone());
                found.extend(SHAPING.iter().map(|key| child(&spot.pointer, key)));
            }
            open.extend(["items", "additionalProperties"].map(|key| used.core.get(key)));
        }
        found
    }
}
