//! Everything that is wrong with a spec, each with its place and the way to mend it.
//!
//! What OpenAPI allows and the generator does not take is an error for every spec. How our own specs are written is an
//! error for them, and advice for others.

mod cycles;
mod extensions;
mod grammar;
mod house;
pub mod names;
mod operations;
mod parameters;
mod paths;
mod references;
mod report;
pub mod rules;
mod schemas;
mod security;
pub(crate) mod spec;
mod tables;
pub mod types;
mod words;

use std::collections::BTreeSet;

use self::report::Report;
use self::spec::Spec;
pub(crate) use self::words::nearest;
use crate::finding::Finding;
use crate::read::{Document, Node};

/// How strict the lint is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rules {
    /// For our own specs.
    House,
    /// For anybody's spec: what generation can do without is a warning.
    Stranger,
}

type Check = fn(&Spec<'_>, &mut Report<'_>);

/// Every check, those first that others rely on.
const CHECKS: &[Check] = &[
    references::targets,
    references::circles,
    cycles::endless,
    schemas::types,
    schemas::typed_keys,
    schemas::formats,
    schemas::objects,
    schemas::all_of,
    schemas::one_of,
    schemas::enums,
    paths::templates,
    paths::parameters,
    parameters::locations,
    parameters::headers,
    parameters::shapes,
    parameters::styles,
    parameters::duplicates,
    operations::ids,
    operations::request_bodies,
    operations::responses,
    operations::error_schema,
    names::methods,
    names::arguments,
    names::fields,
    names::variants,
    names::components,
    types::types,
    security::schemes,
    security::requirements,
    extensions::places,
    extensions::values,
    extensions::codegen,
    house::descriptions,
    house::enum_values,
    house::money,
    house::context_headers,
    house::closed_objects,
];

/// Every finding about a spec, in the order of its text.
pub fn lint(document: &Document, rules: Rules) -> Vec<Finding> {
    let mut report = Report::new(document, rules);
    version(&mut report);
    if !report.findings.is_empty() {
        // Keys of another version would only bury the one finding that matters.
        return report.into_findings();
    }
    let silent = silent_responses(document);
    let silent: Vec<&str> = silent.iter().map(String::as_str).collect();
    let places = grammar::walk(&mut report, &silent);
    let spec = Spec { document, places };
    for check in CHECKS {
        check(&spec, &mut report);
    }
    report.into_findings()
}

/// The spec is OpenAPI 3.0.
fn version(report: &mut Report<'_>) {
    let root = &report.document.root;
    if root.get("swagger").is_some() {
        let message = "this is Swagger 2, the predecessor of OpenAPI";
        let fix = "convert it to OpenAPI 3.0, and check the result by hand";
        return report.error("/swagger", rules::UNSUPPORTED_VERSION, message, fix);
    }
    match root.get("openapi").and_then(Node::as_str) {
        Some(version) if version.strip_prefix("3.0.").is_none_or(|patch| patch.parse::<u8>().is_err()) => {
            let message = format!("OpenAPI `{version}` is not supported");
            let fix = "write the spec in OpenAPI 3.0, such as `openapi: 3.0.3`";
            report.error("/openapi", rules::UNSUPPORTED_VERSION, message, fix);
        }
        _ => {}
    }
}

/// Components that no success uses: they describe errors, which are not generated.
fn silent_responses(document: &Document) -> Vec<String> {
    let spec = Spec { document, places: Vec::new() };
    let mut used = BTreeSet::new();
    for operation in spec.operations() {
        let responses = operation.node.get("responses").map(Node::entries).unwrap_or_default();
        for response in responses.iter().filter(|entry| entry.key.starts_with('2')) {
            let mut node = Some(&response.value);
            while let Some(target) = node.and_then(|node| node.get("$ref")).and_then(Node::as_str) {
                if !used.insert(target) {
                    break;
                }
                node = document.follow(target);
            }
        }
    }
    let all = document.at("/components/responses").map(Node::entries).unwrap_or_default().iter();
    let is_used = |name: &str| used.contains(format!("#/components/responses/{name}").as_str());
    all.map(|entry| entry.key.clone()).filter(|name| !is_used(name)).collect()
}
