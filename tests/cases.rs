//! Calls with a value for every parameter, and the requests that have to come of them.

use std::collections::BTreeMap;
use std::fs;

use openbanking_oracle::case::Case;
use openbanking_oracle::theirs::Location;
use serde_json::{Value, json};
use xtask::workspace;

use crate::clients::{Api, Operation};

pub(crate) const ID: &str = "497f6eca-6276-4993-bfeb-53cbbbba6f08";

/// The value of a parameter by its name, and the text that stands for it in the target of a request.
fn value(name: &str) -> (&'static str, &'static str) {
    match name {
        "account_id" | "payment_id" | "session_id" => (ID, ID),
        "transaction_id" => ("dHJhbnM=/4711 ?", "dHJhbnM=%2F4711%20%3F"),
        "continuation_key" => ("a+b=c&d.e/f", "a%2Bb%3Dc%26d.e%2Ff"),
        "country" => ("FI", "FI"),
        "date_from" => ("2026-01-01", "2026-01-01"),
        "date_to" => ("2026-01-31", "2026-01-31"),
        "payment_type" => ("SEPA", "SEPA"),
        "psu_type" => ("business", "business"),
        "service" => ("PIS", "PIS"),
        "strategy" => ("longest", "longest"),
        "transaction_status" => ("BOOK", "BOOK"),
        _ => panic!("add a value of `{name}` to tests/cases.rs"),
    }
}

/// A call of an operation with all of its parameters.
pub(crate) struct Call {
    pub(crate) case: Case,
    /// The path and the query that the request has to have.
    pub(crate) target: String,
    /// Set if the request has a body.
    pub(crate) has_body: bool,
}

impl Call {
    /// Creates the call, with this body if the operation takes one.
    pub(crate) fn new(api: &Api, operation: &Operation, body: &str) -> Self {
        let spec = workspace().unwrap().join("spec").join(api.name).with_extension("yaml");
        let spec: Value = serde_yaml::from_str(&fs::read_to_string(spec).unwrap()).unwrap();
        let described = &spec["paths"][operation.path][operation.method.to_ascii_lowercase()];
        let mut values = BTreeMap::new();
        let (mut path, mut query) = (operation.path.to_owned(), Vec::new());
        for parameter in described["parameters"].as_array().into_iter().flatten() {
            let reference = parameter["$ref"].as_str().and_then(|reference| spec.pointer(&reference[1..]));
            let parameter = reference.unwrap_or(parameter);
            let name = parameter["name"].as_str().unwrap();
            let location = match parameter["in"].as_str() {
                Some("path") => Location::Path,
                Some("query") => Location::Query,
                _ => continue,
            };
            let (value, written) = value(name);
            values.insert((location, name.to_owned()), json!(value).to_string());
            match location {
                Location::Path => path = path.replace(&format!("{{{name}}}"), written),
                _ => query.push(format!("{name}={written}")),
            }
        }
        query.sort();
        let has_body = described["requestBody"].is_object();
        if has_body {
            values.insert((Location::Body, "body".to_owned()), body.to_owned());
        }
        let separator = if query.is_empty() { "" } else { "?" };
        let target = format!("{path}{separator}{}", query.join("&"));
        Self { case: Case { name: "all".to_owned(), values }, target, has_body }
    }
}
