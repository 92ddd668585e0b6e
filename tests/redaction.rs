//! The output of `Debug` for the generated types: every string is filled with a canary, and the list of those that still
//! show is reviewed.

use openbanking_codegen::names::type_name;
use serde_json::Value;
use tilisy_client::rust_decimal::Decimal;
use tilisy_client::uuid::Uuid;

use crate::cases::ID;
use crate::clients::{Api, with_samples};

/// Amounts that samples of the OP sandbox have as numbers.
const NUMBERS: [&str; 3] = ["2275.71", "1234.56", "136.0405"];

/// Fills every string that may be any text with a canary of its own; returns the places by canary.
///
/// The other strings have to stay what they are. The ids and amounts among them are returned too.
fn fill(value: &mut Value, decodes: &dyn Fn(&Value) -> bool) -> (Vec<(String, String)>, Vec<String>) {
    let (mut canaries, mut secrets) = (Vec::new(), Vec::new());
    for place in leaves(value) {
        let Some(leaf) = value.pointer_mut(&place) else { continue };
        let canary = format!("canary{}x", canaries.len());
        let kept = std::mem::replace(leaf, Value::String(canary.clone()));
        if decodes(value) {
            canaries.push((canary, place));
        } else if let Some(leaf) = value.pointer_mut(&place) {
            let text = kept.as_str().unwrap_or_default();
            if text.parse::<Decimal>().is_ok() || text.parse::<Uuid>().is_ok() {
                secrets.push(text.to_owned());
            }
            *leaf = kept;
        }
    }
    (canaries, secrets)
}

/// Pointers to all strings.
fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::String(_) => vec![String::new()],
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| leaves(value).into_iter().map(move |rest| format!("/{key}{rest}")))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .flat_map(|(at, value)| leaves(value).into_iter().map(move |rest| format!("/{at}{rest}")))
            .collect(),
        _ => Vec::new(),
    }
}

/// The sample of a type, in its normal form if it has one. Types without a shape of their own have none; they are ids.
fn sample(api: &Api, name: &str) -> Value {
    let is_plain = |file: &str| {
        let stem = file.strip_prefix("schemas/").and_then(|file| file.strip_suffix(".json"));
        stem.is_some_and(|stem| !stem.contains('.') && type_name(stem) == name)
    };
    let sample = api.index().into_iter().find(|sample| is_plain(&sample.file));
    sample.map_or_else(|| ID.into(), |sample| api.normal(&sample))
}

#[test]
fn debug_shows_only_what_was_reviewed() {
    for api in with_samples() {
        let mut shown = String::new();
        for codec in api.codecs {
            let mut value = sample(api, codec.name);
            if codec.name == "AuthorizeSessionResponse" || codec.name == "GetApplicationResponse" {
                complete(&mut value);
            }
            let decodes = |value: &Value| (codec.debug)(&value.to_string()).is_some();
            let (canaries, secrets) = fill(&mut value, &decodes);
            // Of samples that do not decode as printed, the schemas inside are looked at on their own.
            let Some(debug) = (codec.debug)(&value.to_string()) else { continue };
            for (canary, place) in canaries {
                if debug.contains(&canary) {
                    shown.push_str(&format!("{}{place}\n", codec.name));
                }
            }
            for secret in secrets.iter().map(String::as_str).chain(NUMBERS) {
                assert!(!debug.contains(secret), "{} shows {secret}: {debug}", codec.name);
            }
        }
        insta::assert_snapshot!(format!("debug_shows_{}", api.name), shown);
    }
}

/// The document's samples have a session id and a key id that are not UUIDs, and amounts that are null.
fn complete(value: &mut Value) {
    let id = Value::from(ID);
    for (place, fixed) in [
        ("/session_id", id.clone()),
        ("/kid", id),
        ("/accounts/0/balances/0/balance_amount/amount", "1.23".into()),
        ("/accounts/0/balances/0/balance_amount/currency", "EUR".into()),
    ] {
        if let Some(leaf) = value.pointer_mut(place) {
            *leaf = fixed;
        }
    }
}
