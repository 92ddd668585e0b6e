//! Bodies that are forms: the code that builds them, and the media type that is chosen.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::path::Path;

use openbanking_codegen::diff::{Bump, Side, Wire, compare};
use openbanking_codegen::{Compiled, Job, compile};

const FORM: &str = "application/x-www-form-urlencoded";

/// A request with a body of these media types, each with an object of its own name.
fn spec(media_types: &[(&str, &str)]) -> String {
    let content = |(media_type, name): &(&str, &str)| {
        let list = "list: {type: array, items: {type: string}}";
        format!(
            "\n          {media_type}: {{schema: {{type: object, required: [{name}], \
             properties: {{{name}: {{type: string}}, 'a b': {{type: integer}}, {list}}}}}}}"
        )
    };
    let contents: String = media_types.iter().map(content).collect();
    format!(
        "openapi: 3.0.3\ninfo: {{title: Tokens, version: '1'}}\npaths:\n  /token:\n    post:\n      operationId: renewToken\n      \
         requestBody:\n        required: true\n        content:{contents}\n      \
         responses:\n        '204': {{description: Done.}}\n"
    )
}

fn compiled(text: &str) -> Compiled {
    compile(Job::new("spec.yaml", text)).unwrap()
}

/// The statements that build the body.
fn statements(compiled: &Compiled) -> Vec<&str> {
    let operations = &compiled.files[Path::new("operations.rs")];
    let lines = operations.lines().map(str::trim);
    lines.filter(|line| line.starts_with("request.") && line.contains("self.body")).collect()
}

#[test]
fn each_property_of_a_form_is_written_by_its_wire_name() {
    let compiled = compiled(&spec(&[(FORM, "token")]));
    let expected = [
        r#"request.form("a b", &self.body.a_b);"#,
        r#"request.form("list", &self.body.list);"#,
        r#"request.form("token", &self.body.token);"#,
        "request.form_extra(self.body.extra());",
    ];
    assert_eq!(statements(&compiled), expected);
    let client = &compiled.files[Path::new("client.rs")];
    assert!(client.contains("body: &'a types::RenewTokenBody"), "{client}");
    let types = &compiled.files[Path::new("types.rs")];
    assert!(types.contains("pub fn set_extra("), "{types}");
    assert!(compiled.api.operations[0].to_string().contains("\n  sends a form\n"));
}

#[test]
fn json_goes_before_a_form_and_a_form_before_others() {
    let json = ("application/json", "of_json");
    let form = ("application/x-www-form-urlencoded; charset=utf-8", "of_form");
    let other = ("multipart/form-data", "of_other");
    for (media_types, field) in [(vec![form, json], "of_json"), (vec![other, form], "of_form")] {
        let compiled = compiled(&spec(&media_types));
        let types = &compiled.files[Path::new("types.rs")];
        assert!(types.contains(&format!("pub {field}: String")), "{types}");
        assert_eq!(types.matches("pub struct RenewTokenBody {").count(), 1);
        assert_eq!(types.matches("pub struct ").count(), 1, "the media type beside it has no type");
        assert!(compiled.warnings.iter().any(|finding| finding.message.ends_with("is passed over")));
        assert_eq!(statements(&compiled).len(), if field == "of_form" { 4 } else { 1 });
    }
}

#[test]
fn a_body_that_becomes_a_form_breaks_old_clients_and_no_caller() {
    let (json, form) = (spec(&[("application/json", "token")]), spec(&[(FORM, "token")]));
    let report = compare(Side { file: "old.yaml", text: &json }, Side { file: "new.yaml", text: &form }).unwrap();
    let found: Vec<_> = report.findings.iter().map(|finding| (finding.rule, finding.wire)).collect();
    let expected = [
        ("media-type-removed", Wire::Breaking),
        ("media-type-added", Wire::Compatible),
        ("rust-code-changed", Wire::None),
    ];
    assert_eq!((report.bump, found.as_slice()), (Bump::Patch, expected.as_slice()));
}

#[test]
fn a_nested_object_in_a_form_is_json_with_a_warning() {
    let object = "token: {type: object, properties: {a: {type: string}}}";
    let text = spec(&[(FORM, "token")]).replace("token: {type: string}", object);
    let compiled = compiled(&text);
    let warnings: Vec<_> = compiled.warnings.iter().filter(|finding| finding.rule == "unsupported-form").collect();
    let [warning] = warnings.as_slice() else { panic!("{warnings:#?}") };
    let line = text.lines().nth(warning.line - 1).unwrap();
    assert!(line[warning.column - 1..].starts_with("token:"), "{warning}");
    assert_eq!(warning.message, "`token` is an object, which a form holds as JSON");
    let operations = compiled.files[Path::new("operations.rs")].replace(char::is_whitespace, "");
    let written = "request.form_json(\"token\",&::openbanking_client_runtime::encode::Encoded(&self.body.token)";
    assert!(operations.contains(written), "{operations}");
}

#[test]
fn an_encoding_describes_the_pairs_of_a_list_or_an_object() {
    for (encoding, schema, written) in [
        ("{style: deepObject, explode: true}", "{type: object, properties: {a: {type: string}}}", "form_deep"),
        ("{style: deepObject}", "{type: array, items: {type: string}}", "form_deep"),
        ("{style: form, explode: true}", "{type: object, additionalProperties: {type: string}}", "form_spread"),
        ("{explode: false}", "{type: array, items: {type: string}}", "form_joined(\"token\",\",\","),
        ("{style: pipeDelimited}", "{type: array, items: {type: string}}", "form_joined(\"token\",\"|\","),
        ("{style: spaceDelimited, explode: true}", "{type: array, items: {type: string}}", "form("),
        ("{style: form}", "{type: string}", "form("),
        ("{contentType: application/json}", "{type: string}", "form("),
    ] {
        let text = spec(&[(FORM, "token")]).replace("token: {type: string}", &format!("token: {schema}"));
        let text = text.replace("}}}}}\n", &format!("}}}}}}}}, encoding: {{token: {encoding}}}}}\n"));
        let compiled = compiled(&text);
        let operations = compiled.files[Path::new("operations.rs")].replace(char::is_whitespace, "");
        let start = if written.contains('"') {
            written.to_owned()
        } else {
            format!("{}(\"token\",", written.trim_end_matches('('))
        };
        assert!(operations.contains(&format!("request.{start}")), "{encoding} {schema}: {text}");
        assert!(!compiled.warnings.iter().any(|finding| finding.rule == "unsupported-form"), "{encoding} {schema}");
    }
}
