//! Properties, parameters and headers that a spec does not list, and the names that the methods for them take.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::path::Path;

use openbanking_codegen::diff::{Bump, Rust, Side, compare};
use openbanking_codegen::{Job, compile};

/// A thing that requests and responses carry, with these properties and parameters.
fn spec(properties: &str, parameters: &str) -> String {
    format!(
        r#"openapi: 3.0.3
info: {{title: Things, version: '1'}}
paths:
  /things:
    put:
      operationId: putThing
      parameters: [{parameters}]
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}
      responses:
        '200': {{description: A thing., content: {{application/json: {{schema: {{$ref: '#/components/schemas/Answer'}}}}}}}}
components:
  schemas:
    Thing: {{type: object, additionalProperties: true, properties: {{id: {{type: string}}, {properties}}}}}
    Answer: {{type: object, additionalProperties: false, properties: {{id: {{type: string}}}}}}
"#
    )
}

const PROPERTIES: &str = "extra: {type: string}, set_extra: {type: string}";
const PARAMETERS: &str = "{name: query_extra, in: query, schema: {type: string}}, \
     {name: header_extra, in: header, schema: {type: string}}, {name: with_meta, in: query, schema: {type: string}}";

/// The generated types and operations.
fn generated(text: &str) -> [String; 2] {
    let job = Job::new("spec.yaml", text);
    let compiled = compile(job).unwrap();
    ["types.rs", "operations.rs"].map(|name| compiled.files[Path::new(name)].clone())
}

/// The changes in Rust between two specs, the least harmful one last.
fn changes(old: &str, new: &str) -> Vec<(Rust, String)> {
    let report = compare(Side { file: "old.yaml", text: old }, Side { file: "new.yaml", text: new }).unwrap();
    let findings = report.findings.into_iter();
    let mut all: Vec<_> = findings
        .flat_map(|finding| {
            let rust = finding.rust;
            let own = finding.rule.starts_with("rust-").then_some(finding.message);
            finding.rust_changes.into_iter().chain(own).map(move |change| (rust, change))
        })
        .collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    all
}

#[test]
fn all_objects_return_unlisted_properties_and_those_of_requests_take_them() {
    let [types, _] = generated(&spec("", ""));
    assert_eq!(types.matches("pub fn extra(&self)").count(), 2);
    assert_eq!(types.matches("        ..extra_\n").count(), 2);
    assert_eq!(types.matches("pub fn set_extra(").count(), 1);
    let (thing, answer) = (types.find("impl Thing").unwrap(), types.find("impl Answer").unwrap());
    let setter = types.find("pub fn set_extra(").unwrap();
    assert!(setter > thing && (answer < thing || setter < answer), "{types}");
}

#[test]
fn names_of_a_spec_make_way_for_the_methods_of_generated_types() {
    let [types, operations] = generated(&spec(PROPERTIES, PARAMETERS));
    for expected in [
        "pub extra: Option<String>",
        "pub set_extra: Option<String>",
        "/// Sets [`extra`](field@Self::extra).",
        "/// Sets [`id`](Self::id).",
        "pub fn extra_(mut self, extra: impl Into<String>) -> Self",
        "pub fn set_extra_(mut self, set_extra: impl Into<String>) -> Self",
        "pub fn extra(&self) -> &",
        "pub fn set_extra(\n",
    ] {
        let is_of_both = expected.ends_with('&') || expected.contains("id");
        assert_eq!(types.matches(expected).count(), 1 + usize::from(is_of_both), "{expected} in {types}");
    }
    for name in ["query_extra_", "header_extra_", "with_meta_"] {
        let setter = format!("pub fn {name}(mut self, {}: impl Into<String>) -> Self", name.trim_end_matches('_'));
        assert_eq!(operations.matches(&setter).count(), 1, "{setter} in {operations}");
    }
}

#[test]
fn the_diff_calls_setters_by_the_names_that_they_have_in_rust() {
    let (without, with) = (spec("", ""), spec(PROPERTIES, PARAMETERS));
    assert_eq!(changes(&with, &with), []);
    let added = [
        "the field `Thing.extra` is new",
        "the field `Thing.set_extra` is new",
        "the setter `put_thing.header_extra_` is new",
        "the setter `put_thing.query_extra_` is new",
        "the setter `put_thing.with_meta_` is new",
    ];
    assert_eq!(changes(&without, &with), added.map(|change| (Rust::Additive, change.to_owned())));
}

/// Without a request that carries it, the type has no `set_extra`.
#[test]
fn a_type_that_leaves_all_requests_is_a_breaking_change() {
    let old = spec("answer: {$ref: '#/components/schemas/Answer'}", "");
    let new = spec("answer: {$ref: '#/components/schemas/Other'}", "")
        + "    Other: {type: object, properties: {id: {type: string}}}\n";
    assert_eq!(generated(&old)[0].matches("pub fn set_extra(").count(), 2);
    let message = "`Thing.answer` is `Option<Other>`, no longer `Option<Answer>`".to_owned();
    let changes = changes(&old, &new);
    assert!(changes.contains(&(Rust::Breaking, message)), "{changes:?}");
    let report = compare(Side { file: "new.yaml", text: &new }, Side { file: "old.yaml", text: &old }).unwrap();
    assert_eq!(report.bump, Bump::Major);
}
