//! Checks a spec, and returns findings with their places and ways to fix them.
//!
//! Parts of OpenAPI that the generator does not support are errors in every spec. Our own conventions are errors in our
//! own specs, and warnings in others.

mod cycles;
mod extensions;
mod forms;
mod grammar;
mod house;
mod names;
mod newtypes;
mod operations;
mod parameters;
mod paths;
mod references;
mod report;
mod schemas;
mod security;
mod spec;
mod strictness;
mod tables;
mod words;

use std::collections::{BTreeSet, HashSet};

use self::report::Report;
use self::spec::Spec;
pub use self::strictness::Rules;
pub(crate) use self::words::nearest;
use crate::finding::Finding;
use crate::read::Document;
pub use crate::rules;
use crate::spec::{NodeRef, View};
use crate::status;

type Check = fn(&Spec<'_>, &mut Report<'_>);

/// The checks. Some rely on findings of those before them.
const CHECKS: &[Check] = &[
    references::targets,
    references::circles,
    cycles::endless,
    schemas::types,
    schemas::typed_keys,
    schemas::formats,
    schemas::objects,
    schemas::branches,
    schemas::directions,
    schemas::enums,
    paths::templates,
    paths::parameters,
    parameters::locations,
    parameters::tokens,
    parameters::headers,
    parameters::styles,
    parameters::duplicates,
    operations::ids,
    operations::request_bodies,
    forms::properties,
    forms::styles,
    operations::responses,
    names::components,
    newtypes::places,
    newtypes::names,
    security::schemes,
    security::requirements,
    extensions::places,
    extensions::values,
    extensions::codegen,
    house::descriptions,
    house::enum_values,
    house::money,
    house::context_headers,
    house::required_headers,
    house::closed_objects,
];

/// Returns the findings about a spec in the order of its text. Where there are too many, the last one counts the others.
pub fn lint(document: &Document, rules: Rules) -> Vec<Finding> {
    lint_for(document, rules, &|_| false)
}

/// Like [`lint`], but keeps decisive findings before others where there are too many.
pub(crate) fn lint_for(document: &Document, rules: Rules, is_decisive: &dyn Fn(&Finding) -> bool) -> Vec<Finding> {
    let mut report = Report::new(document, rules, is_decisive);
    let view = View::new(document);
    version(&view.root(), &mut report);
    if !report.is_empty() {
        // Keys of another version would only bury the one finding that matters.
        return report.into_findings();
    }
    let places = grammar::walk(&view, &mut report, &silent_responses(&view));
    let spec = Spec::new(document, view, places);
    for check in CHECKS {
        check(&spec, &mut report);
    }
    report.into_findings()
}

/// The spec is OpenAPI 3.0, or 3.1, which was rewritten in the form of 3.0 when it was read.
fn version(root: &NodeRef<'_>, report: &mut Report<'_>) {
    if root.has("swagger") {
        let message = "this is Swagger 2, the predecessor of OpenAPI";
        let fix = "convert it to OpenAPI 3.0 or 3.1, and check the result by hand";
        return report.error(&root.get("swagger"), rules::UNSUPPORTED_VERSION, message, fix);
    }
    let is_supported = |version: &str| {
        let patch = version.strip_prefix("3.0.").or_else(|| version.strip_prefix("3.1."));
        patch.is_some_and(|patch| patch.parse::<u8>().is_ok())
    };
    if let Some(version) = root.text("openapi").filter(|version| !is_supported(version)) {
        let message = format!("OpenAPI `{version}` is not supported");
        let fix = "write the spec in OpenAPI 3.0 or 3.1, such as `openapi: 3.0.3`";
        report.error(&root.get("openapi"), rules::UNSUPPORTED_VERSION, message, fix);
    }
}

/// The components that no success uses: they describe errors, which are not generated.
fn silent_responses(view: &View<'_>) -> BTreeSet<String> {
    let mut used = HashSet::new();
    for operation in spec::methods(view) {
        let responses = operation.node.get("responses");
        let is_decoded = status::decoded(responses.entries().iter().map(|entry| entry.key.as_str()));
        let is_used = |status: &str| operation.method != "head" && is_decoded(status);
        for (_, response) in responses.children().filter(|(status, _)| is_used(status)) {
            let mut next = Some(response);
            while let Some(target) = next.and_then(|response| view.follow(response.text("$ref")?)) {
                if !used.insert(target.pointer.clone()) {
                    break;
                }
                next = Some(target);
            }
        }
    }
    let all = view.root().get("components").get("responses").children();
    all.filter(|(_, response)| !used.contains(&response.pointer)).map(|(name, _)| name.to_owned()).collect()
}
