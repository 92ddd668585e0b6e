//! What `Debug` of the generated types shows: every string is filled with a canary, and the list of those that still
//! show is reviewed.

use serde_json::Value;

use crate::clients::{Api, with_samples};

/// Fills every string that may be any text with a canary of its own; returns the places by canary.
fn fill(value: &mut Value, decodes: &dyn Fn(&Value) -> bool) -> Vec<(String, String)> {
    let mut canaries = Vec::new();
    for place in leaves(value) {
        let Some(leaf) = value.pointer_mut(&place) else { continue };
        let canary = format!("canary{}x", canaries.len());
        let kept = std::mem::replace(leaf, Value::String(canary.clone()));
        if decodes(value) {
            canaries.push((canary, place));
        } else if let Some(leaf) = value.pointer_mut(&place) {
            // A date, a UUID or an amount: it has to stay what it is.
            *leaf = kept;
        }
    }
    canaries
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

/// A sample of each schema, in its normal form where it has one.
fn sample(api: &Api, name: &str) -> Option<Value> {
    let folder = api.samples()?.join("schemas");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find_map(|path| {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let found = openbanking_codegen::names::type_name(&stem) == name;
        found.then(|| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    })
}

#[test]
fn debug_shows_only_what_was_reviewed() {
    for api in with_samples() {
        let mut shown = String::new();
        for codec in api.codecs {
            let mut value = sample(api, codec.name).expect(codec.name);
            if codec.name == "AuthorizeSessionResponse" || codec.name == "GetApplicationResponse" {
                mend(&mut value);
            }
            let decodes = |value: &Value| (codec.debug)(&value.to_string()).is_some();
            let canaries = fill(&mut value, &decodes);
            // Of samples that do not decode as printed, the schemas inside are looked at on their own.
            let Some(debug) = (codec.debug)(&value.to_string()) else { continue };
            for (canary, place) in canaries {
                if debug.contains(&canary) {
                    shown.push_str(&format!("{}{place}\n", codec.name));
                }
            }
            for secret in ["1.23", "497f6eca", "07cc67f4", "2275.71", "1234.56", "136.0405"] {
                assert!(!debug.contains(secret), "{} shows {secret}: {debug}", codec.name);
            }
        }
        insta::assert_snapshot!(format!("debug_shows_{}", api.name), shown);
    }
}

/// The document's samples have a session id and a key id that are no UUIDs, and amounts that are null.
fn mend(value: &mut Value) {
    let id = Value::from("497f6eca-6276-4993-bfeb-53cbbbba6f08");
    for (place, mended) in [
        ("/session_id", id.clone()),
        ("/kid", id),
        ("/accounts/0/balances/0/balance_amount/amount", "1.23".into()),
        ("/accounts/0/balances/0/balance_amount/currency", "EUR".into()),
    ] {
        if let Some(leaf) = value.pointer_mut(place) {
            *leaf = mended;
        }
    }
}
