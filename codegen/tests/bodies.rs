//! Bodies of every media type: the media type that is used, the types that are generated, and what the diff says.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::path::Path;

use openbanking_codegen::diff::{Report, Rust, Side, compare};
use openbanking_codegen::{Compiled, Job, compile};

const BODIES: &str = include_str!("specs/bodies.yaml");

fn compiled(text: &str) -> Compiled {
    let job = Job::new("spec.yaml", text);
    compile(job).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn file(compiled: &Compiled, name: &str) -> String {
    compiled.files[Path::new(name)].clone()
}

/// A document with one operation: its request body and its responses.
fn spec(body: &str, responses: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /things:\n    post:\n      operationId: thing\n      \
         requestBody: {body}\n      responses: {responses}\n"
    )
}

fn shown(compiled: &Compiled, operation: &str) -> String {
    let mut operations = compiled.api.operations.iter();
    operations.find(|found| found.name == operation).unwrap().to_string()
}

#[test]
fn a_reviewer_sees_what_is_sent_and_returned() {
    let compiled = compiled(BODIES);
    for (operation, lines) in [
        ("merge_json", &["sends `application/merge-patch+json; charset=utf-8`", "accepts `application/hal+json`"][..]),
        ("sign_text", &["client.sign_text(body: &'a str) -> String", "sends `application/jwt`"]),
        ("convert", &["client.convert(body: &'a [u8]) -> openbanking_client_runtime::Bytes"]),
        ("optional_json", &["client.optional_json() -> ()", "/// The note.", "setter body: types::Note  body \"\""]),
        ("delete_thing", &["-> Option<types::Note>"]),
        ("head_thing", &["client.head_thing(id: &'a str) -> ()"]),
        ("get_thing", &["-> GetThingResponseBody", "202 is GetThingResponseBody::Accepted(String)"]),
        ("upload", &["sends `multipart/form-data`"]),
        ("optional_form", &["sends a form"]),
    ] {
        let text = shown(&compiled, operation);
        for line in lines {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}

#[test]
fn a_media_type_beside_the_one_that_is_used_is_a_warning() {
    let compiled = compiled(BODIES);
    let passed: Vec<_> =
        compiled.warnings.iter().filter(|finding| finding.message.ends_with("is passed over")).collect();
    let messages: Vec<_> = passed.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["`text/plain` is passed over", "`text/html` is passed over"]);
}

#[test]
fn a_form_of_several_parts_is_a_type_without_json() {
    let compiled = compiled(BODIES);
    let types = file(&compiled, "types.rs");
    assert!(types.contains("pub struct UploadBody {") && types.contains("pub struct Upload {"), "{types}");
    assert!(types.contains("object! {\n    Upload {") && !types.contains("object! {\n    UploadBody {"));
    assert!(types.contains("pub scan: openbanking_client_runtime::File,"));
    assert!(types.contains("pub copies: Option<Vec<openbanking_client_runtime::File>>,"));
    // The component is JSON wherever else it is used, and has a text there.
    assert!(types.contains("pub scan: String,"));
}

#[test]
fn no_body_is_sent_for_a_document_that_names_no_media_type() {
    let compiled = compiled(&spec("{content: {}}", "{'204': {description: D.}}"));
    assert_eq!(compiled.api.operations[0].body_ty(), None);
    assert!(!file(&compiled, "operations.rs").contains("self.body"));
    assert!(compiled.warnings.iter().any(|finding| finding.rule == "unsupported-media-type"));
}

#[test]
fn any_status_of_success_will_do_where_none_is_described() {
    for (responses, expected) in [
        ("{'404': {description: D.}}", "successes: &[(200, 299)],"),
        ("{default: {description: D.}}", "successes: &[(200, 299)],"),
        ("{'302': {description: D.}, 3XX: {description: D.}}", "successes: &[(302, 302), (300, 399)],"),
        ("{'201': {description: D.}, default: {description: D.}}", "successes: &[(201, 201)],"),
    ] {
        let body = "{content: {text/plain: {schema: {type: string}}}}";
        let operations = file(&compiled(&spec(body, responses)), "operations.rs");
        assert!(operations.contains(expected), "{responses}: {operations}");
    }
}

fn report(old: &str, new: &str) -> Report {
    compare(Side { file: "old.yaml", text: old }, Side { file: "new.yaml", text: new }).unwrap()
}

/// The verdict on users of the crate.
fn rust(old: &str, new: &str) -> Rust {
    report(old, new).findings.iter().map(|finding| finding.rust).min().unwrap_or(Rust::None)
}

#[test]
fn a_change_of_the_returned_variants_is_a_change_for_callers() {
    let responses = |second: &str| {
        let first = "'200': {description: A., content: {application/json: {schema: {type: integer}}}}";
        let text = "'202': {description: B., content: {text/plain: {schema: {type: string}}}}";
        spec("{content: {application/json: {schema: {type: string}}}}", &format!("{{{first}, {text}{second}}}"))
    };
    let two = responses("");
    let three = responses(", '204': {description: C.}");
    assert_eq!((rust(&two, &three), rust(&three, &two)), (Rust::Additive, Rust::Breaking));
    let other =
        two.replace("text/plain: {schema: {type: string}}", "text/plain: {schema: {type: string, format: binary}}");
    assert_eq!(rust(&two, &other), Rust::Breaking);
    let same = two.replace("type: integer", "type: string");
    assert_eq!(rust(&two, &same), Rust::Breaking, "there is one type, and no enum");
}

#[test]
fn a_change_of_error_bodies_is_a_change_for_callers() {
    let errors = |responses: &str| {
        let paths = spec("{content: {text/plain: {}}}", &format!("{{'204': {{description: D.}}, {responses}}}"));
        format!(
            "{paths}components: {{schemas: {{A: {{type: object, properties: {{a: {{type: string}}}}}}, B: {{type: object, \
             properties: {{b: {{type: string}}}}}}}}}}\n"
        )
    };
    let error = |status: &str, schema: &str| {
        format!("{status}: {{description: E., content: {{application/json: {{schema: {schema}}}}}}}")
    };
    let (a, b) = ("{$ref: '#/components/schemas/A'}", "{$ref: '#/components/schemas/B'}");
    let one = errors(&error("'404'", a));
    let other = errors(&error("'404'", b));
    assert_eq!((rust(&one, &other), rust(&one, &errors(&error("default", a)))), (Rust::Breaking, Rust::Docs));
    let two = errors(&format!("{}, {}", error("'404'", a), error("'409'", b)));
    let three = errors(&format!("{}, {}, {}", error("'404'", a), error("'409'", b), error("5XX", b)));
    assert_eq!(
        (rust(&one, &two), rust(&two, &three), rust(&three, &two)),
        (Rust::Breaking, Rust::Additive, Rust::Breaking)
    );
    let report = report(&one, &other);
    let changes: Vec<_> = report.findings.iter().flat_map(|finding| &finding.rust_changes).collect();
    assert!(changes.iter().any(|change| change.contains("no longer `types::A`")), "{changes:?}");
}

#[test]
fn a_body_that_becomes_optional_breaks_callers_and_no_service() {
    let body = |required: &str| {
        spec(
            &format!("{{{required}content: {{text/plain: {{schema: {{type: string}}}}}}}}"),
            "{'204': {description: D.}}",
        )
    };
    assert_eq!(rust(&body("required: true, "), &body("")), Rust::Breaking);
}
