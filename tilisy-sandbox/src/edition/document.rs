//! Responses of the current edition, rewritten as the document of 2020 has them.

use serde_json::{Map, Value, json};

/// Properties that the document does not have, wherever they appear.
const NEW: &[&str] = &[
    "access",
    "authorization_id",
    "authorized",
    "balance_after_transaction",
    "closed",
    "countries",
    "created",
    "identification_hashes",
    "psu_id_hash",
    "reference_number_schema",
    "services",
    "transaction_id",
];

/// Properties of banks and their ways to authenticate that the document does not have.
const NEW_OF_BANKS: &[&str] = &[
    "approach",
    "beta",
    "bic",
    "group",
    "hidden_method",
    "maximum_consent_validity",
    "payments",
    "required_psu_headers",
];

/// Rewrites a response.
pub(crate) fn rewrite(value: &mut Value) {
    match value {
        Value::Object(entries) => object(entries),
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        _ => {}
    }
}

fn object(entries: &mut Map<String, Value>) {
    entries.retain(|name, _| !NEW.contains(&name.as_str()) && !NEW_OF_BANKS.contains(&name.as_str()));
    if let Some(number) = entries.remove("building_number") {
        entries.insert("building_numbder".to_owned(), number);
        // The samples of the document have names of countries too.
        if entries.get("country") == Some(&json!("EE")) {
            entries.insert("country".to_owned(), json!("Estonia"));
        }
    }
    if entries.contains_key("transactions") {
        entries.entry("continuation_key").or_insert(Value::Null);
    }
    for (name, value) in entries.iter_mut() {
        match (name.as_str(), value.as_str()) {
            ("scheme_name", Some(scheme)) => {
                if let Some(old) = scheme_of(scheme) {
                    *value = json!(old);
                }
            }
            ("cash_account_type", Some("SVGS" | "OTHR")) => *value = json!("CACC"),
            ("status", Some("CANCELLED" | "REVOKED")) => *value = json!("INVALID"),
            _ => rewrite(value),
        }
    }
}

/// Returns the scheme that takes the place of one that the document does not have.
fn scheme_of(scheme: &str) -> Option<&'static str> {
    match scheme {
        "BGNR" => Some("BG"),
        "PGNR" => Some("PG"),
        "IBAN" => Some("EMPI"),
        "MIBN" => Some("TXII"),
        _ => None,
    }
}
