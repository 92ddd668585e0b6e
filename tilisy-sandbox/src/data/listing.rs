//! Banks as the API lists them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::banks::{Bank, Login, Profile};

/// Returns the bank as `GET /aspsps` does, with its payment types if it has some.
pub(crate) fn listed(bank: &Bank) -> Value {
    let users: Vec<_> = bank
        .users()
        .iter()
        .map(|user| json!({ "username": user.name, "password": user.password, "otp": user.otp }))
        .collect();
    let profile = &bank.profile;
    let logo = |name: &str| format!("https://sandbox.tilisy.com/brands/{}/{name}/", profile.country);
    let mut listed = json!({
        "name": profile.name,
        "country": profile.country,
        "logo": logo(&profile.bic),
        "psu_types": profile.psu_types,
        "auth_methods": auth_methods(profile),
        "maximum_consent_validity": profile.longest_consent.num_seconds(),
        "beta": profile.is_beta,
        "bic": profile.bic,
        "sandbox": { "users": users },
    });
    if !profile.psu_headers.is_empty() {
        listed["required_psu_headers"] = json!(profile.psu_headers);
    }
    if let Some(group) = &profile.group {
        listed["group"] = json!({ "name": group, "logo": logo(group) });
    }
    listed
}

fn auth_methods(profile: &Profile) -> Value {
    let method = |name: &str, title: &str, psu_type: &str| {
        json!({
            "name": name, "title": title, "psu_type": psu_type, "credentials": credentials(name),
            "approach": if name == "app" { "DECOUPLED" } else { "REDIRECT" }, "hidden_method": false,
        })
    };
    let all = profile.psu_types.iter().flat_map(|psu_type| match profile.login {
        Login::Page => Vec::new(),
        Login::Credentials => vec![method("password", "Password", psu_type)],
        Login::Choice => {
            vec![method("password", "Password", psu_type), method("app", "App on the phone", psu_type)]
        }
    });
    all.collect()
}

/// Returns the credentials that `POST /auth` and `POST /payments` can pass along with a method.
fn credentials(method: &str) -> Vec<Value> {
    if method != "password" {
        return Vec::new();
    }
    vec![
        json!({ "name": "userId", "title": "User id", "required": true, "description": "The name to log in with.",
                "template": USER_ID }),
        json!({ "name": "password", "title": "Password", "required": true }),
    ]
}

/// The pattern of a user id.
const USER_ID: &str = "^[a-z]{2,20}$";

/// Returns whether credentials are those that the listing has for a method: no others, and all that are required.
pub(crate) fn are_listed(method: &str, given: &BTreeMap<String, String>) -> bool {
    let listed = credentials(method);
    let named = |credential: &Value| credential["name"].as_str().unwrap_or_default().to_owned();
    let names: Vec<_> = listed.iter().map(named).collect();
    let is_complete =
        listed.iter().zip(&names).all(|(credential, name)| credential["required"] != true || given.contains_key(name));
    is_complete && given.iter().all(|(name, value)| names.contains(name) && fits(name, value))
}

/// Returns whether a value of a credential has the form that the listing demands.
fn fits(name: &str, value: &str) -> bool {
    match name {
        "userId" => (2..=20).contains(&value.len()) && value.bytes().all(|letter| letter.is_ascii_lowercase()),
        "password" => !value.is_empty(),
        _ => false,
    }
}
