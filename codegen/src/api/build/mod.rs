//! Builds the API of a document that the lint has accepted.

mod cases;
mod errors;
mod fields;
mod headers;
mod multipart;
mod naming;
mod newtypes;
mod operations;
mod recursion;
mod schemas;
mod security;
mod split;
mod subtypes;
#[cfg(test)]
mod tests;
mod unions;

use std::collections::BTreeMap;

use self::naming::Naming;
use self::newtypes::Places;
use super::{Api, TypeItem};
use crate::finding::{Finding, Severity};
use crate::names;
use crate::omitted::Omitted;
use crate::pointer::Pointer;
use crate::read::Document;
use crate::rules;
use crate::spec::{NodeRef, View};

/// The API of a document, and the places that its types come from.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) api: Api,
    /// The schemas of each type, by Rust name. Only a newtype has several.
    pub(crate) origins: BTreeMap<String, Vec<Pointer>>,
    /// Findings that do not keep the API from being generated.
    pub(crate) warnings: Vec<Finding>,
}

/// Builds the API of a document.
///
/// # Errors
///
/// Findings about schemas that do not become distinct, finite types.
pub(crate) fn build(document: &Document, omitted: &Omitted) -> Result<Built, Vec<Finding>> {
    let mut builder = Builder::new(View::new(document), omitted);
    builder.assign_names();
    builder.components();
    let mut operations = builder.operations();
    builder.check_newtypes(&operations);
    let error = builder.error_type();
    builder.error_types(&mut operations, error.as_deref());
    builder.split(&mut operations);
    builder.finish(error.as_deref());
    builder.document_newtypes();
    if builder.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(builder.findings);
    }
    let root = builder.view.root();
    let info = root.get("info");
    let api = Api {
        title: text(&info, "title"),
        version: text(&info, "version"),
        docs: text(&info, "description"),
        server: server(&root),
        error,
        error_code: root.get("x-codegen").text("error-code").map(path_of_names).unwrap_or_default(),
        security_schemes: builder.security_schemes(),
        types: builder.types.into_values().collect(),
        operations,
    };
    let mut origins: BTreeMap<_, _> = builder.origins.into_iter().map(|(name, place)| (name, vec![place])).collect();
    origins.extend(builder.newtypes.into_iter().map(|(name, places)| (name, places.into_pointers())));
    Ok(Built { api, origins, warnings: builder.findings })
}

/// The work in progress of [`build`].
struct Builder<'a> {
    view: View<'a>,
    omitted: &'a Omitted,
    /// The types that have been built, by Rust name.
    types: BTreeMap<String, TypeItem>,
    naming: Naming,
    /// The schema that took each Rust name.
    origins: BTreeMap<String, Pointer>,
    /// The places of each newtype, by Rust name.
    newtypes: BTreeMap<String, Places>,
    /// Lists and maps that are being built, to notice one that holds itself.
    open: Vec<Pointer>,
    /// The number of schemas that are being built one inside of the other.
    depth: usize,
    /// Set if inline schemas get no type of their own, because the client does not decode the responses that have them.
    undecoded: bool,
    context_headers: Vec<&'a str>,
    findings: Vec<Finding>,
}

impl<'a> Builder<'a> {
    fn new(view: View<'a>, omitted: &'a Omitted) -> Self {
        let context_headers = view.root().get("x-codegen").get("context-headers").texts();
        Self {
            view,
            omitted,
            types: BTreeMap::new(),
            naming: Naming::default(),
            origins: BTreeMap::new(),
            newtypes: BTreeMap::new(),
            open: Vec::new(),
            depth: 0,
            undecoded: false,
            context_headers,
            findings: Vec::new(),
        }
    }

    /// Builds every component schema that is not left out. One that no operation uses is public all the same.
    fn components(&mut self) {
        for (name, place) in self.view.root().get("components").get("schemas").children() {
            if self.omitted.has(&place.pointer) {
                continue;
            }
            self.schema(&place, &names::type_name(name));
        }
    }

    /// The type of error bodies, which has to be an object.
    fn error_type(&mut self) -> Option<String> {
        let place = self.view.root().get("x-codegen").get("error-schema");
        let name = names::type_name(place.as_str()?);
        if !matches!(self.types.get(&name), Some(TypeItem::Object(_))) {
            let message = format!("error bodies have to be objects with properties, which `{name}` is not");
            self.refuse(&place, rules::BAD_EXTENSION, message, "name another schema, or take it out");
        }
        Some(name)
    }

    fn refuse(&mut self, place: &NodeRef<'a>, rule: &'static str, message: String, fix: &str) {
        self.findings.push(self.view.document.finding(Severity::Error, &place.pointer, rule, message, fix));
    }
}

/// The first server's URL with its variables at their defaults. `None` if it is relative to the document's own URL.
fn server(root: &NodeRef<'_>) -> Option<String> {
    let server = root.get("servers").item(0);
    let mut url = text(&server, "url");
    for (name, variable) in server.get("variables").children() {
        url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
    }
    let is_absolute = url.starts_with("https://") || url.starts_with("http://");
    (is_absolute && !url.contains('{')).then_some(url)
}

fn path_of_names(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

/// The text of a key, without white space around it. Empty where the key is left out.
fn text(place: &NodeRef<'_>, key: &str) -> String {
    place.text(key).unwrap_or_default().trim().to_owned()
}
