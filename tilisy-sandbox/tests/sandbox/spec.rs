//! Responses against the spec of their edition.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use tilisy_sandbox::Edition;

/// Statuses that the document does not list, and the sandbox answers all the same.
const UNLISTED: &[u16] = &[404, 405, 429];

fn read(text: &str) -> Value {
    let mut value: Value = serde_yaml::from_str(text).unwrap();
    nullable(&mut value);
    value
}

static TILISY: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../../spec/tilisy.yaml")));
static CURRENT: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../../spec/enablebanking.yaml")));
static REGISTRATION: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../../spec/registration.yaml")));
static PANEL: LazyLock<Value> = LazyLock::new(|| read(include_str!("../../../spec/control-panel.yaml")));

/// OpenAPI 3.0 says `nullable` where JSON Schema lists the type.
fn nullable(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.remove("nullable") == Some(Value::Bool(true)) {
                let kind = map.remove("type").unwrap();
                map.insert("type".to_owned(), json!([kind, "null"]));
            }
            map.values_mut().for_each(nullable);
        }
        Value::Array(items) => items.iter_mut().for_each(nullable),
        _ => {}
    }
}

/// Fails where a response is not what the spec of the edition says.
pub(super) fn check(edition: Edition, method: &str, path: &str, status: u16, body: &Value) {
    let of_edition = if edition == Edition::Current { &*CURRENT } else { &*TILISY };
    let (spec, path) = match path.strip_prefix("/api") {
        // Its errors were not observed.
        Some(path) if status == 200 && operation(&PANEL, method, path).is_some() => (&*PANEL, path),
        Some(path) => (&*REGISTRATION, path),
        None => (of_edition, path),
    };
    let said = operation(spec, method, path).map(|operation| response(spec, operation, status));
    let schema = match said {
        Some(Some(response)) => response.pointer("/content/application~1json/schema").cloned(),
        Some(None) if !UNLISTED.contains(&status) => panic!("{method} {path} has no status {status}: {body}"),
        _ => None,
    };
    // Where the document is silent, an error is what errors are elsewhere.
    let schema = schema.unwrap_or(json!({ "$ref": "#/components/schemas/ErrorResponse" }));
    let components =
        if schema.to_string().contains("ErrorResponse") { &of_edition["components"] } else { &spec["components"] };
    let mut root: Map<String, Value> = schema.as_object().unwrap().clone();
    root.insert("components".to_owned(), components.clone());
    // Of this draft, because it knows UUIDs; none of the keywords in which it differs stands in the specs.
    let options = jsonschema::draft202012::options().should_validate_formats(true).with_format("decimal", is_decimal);
    let validator = options.build(&Value::Object(root)).unwrap();
    let faults: Vec<_> =
        validator.iter_errors(body).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{method} {path} {status}: {faults:#?}\n{body:#}");
}

fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    text.split_once('.').map_or_else(|| digits(text), |(whole, rest)| digits(whole) && digits(rest))
}

fn operation<'s>(spec: &'s Value, method: &str, path: &str) -> Option<&'s Value> {
    let fits = |template: &str| {
        let (mut own, mut given) = (template.split('/'), path.split('/'));
        loop {
            match (own.next(), given.next()) {
                (None, None) => return true,
                (Some(own), Some(given)) if own == given || own.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let (_, item) = spec["paths"].as_object().unwrap().iter().find(|(template, _)| fits(template))?;
    item.get(method.to_lowercase())
}

fn response<'s>(spec: &'s Value, operation: &'s Value, status: u16) -> Option<&'s Value> {
    let response = operation["responses"].get(status.to_string())?;
    match response.get("$ref") {
        Some(target) => spec.pointer(target.as_str()?.trim_start_matches('#')),
        None => Some(response),
    }
}

#[test]
fn an_answer_that_is_not_in_the_spec_is_seen() {
    let fails = |body: Value| {
        std::panic::catch_unwind(|| check(Edition::Document2020, "GET", "/application", 200, &body)).is_err()
    };
    let good = json!({ "active": true, "environment": "SANDBOX", "kid": "497f6eca-6276-4993-bfeb-53cbbbba6f08",
                       "name": "n", "redirect_urls": ["https://example.org"] });
    check(Edition::Document2020, "GET", "/application", 200, &good);
    for (key, wrong) in
        [("active", json!("yes")), ("environment", json!("MOON")), ("kid", json!("none")), ("name", Value::Null)]
    {
        let mut body = good.clone();
        body[key] = wrong;
        assert!(fails(body), "{key}");
    }
    assert!(
        std::panic::catch_unwind(|| check(
            Edition::Document2020,
            "GET",
            "/application",
            418,
            &json!({ "message": "" })
        ))
        .is_err()
    );
}
