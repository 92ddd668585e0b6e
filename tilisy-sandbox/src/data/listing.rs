//! Banks as the API lists them.

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
    let method = |name: &str, title: &str, psu_type: &str, credentials: Value| {
        json!({
            "name": name, "title": title, "psu_type": psu_type, "credentials": credentials,
            "approach": if name == "app" { "DECOUPLED" } else { "REDIRECT" }, "hidden_method": false,
        })
    };
    let all = profile.psu_types.iter().flat_map(|psu_type| match profile.login {
        Login::Page => Vec::new(),
        Login::Credentials => vec![method("password", "Password", psu_type, credentials())],
        Login::Choice => vec![
            method("password", "Password", psu_type, credentials()),
            method("app", "App on the phone", psu_type, json!([])),
        ],
    });
    all.collect()
}

/// Returns the credentials that `POST /auth` can pass along.
fn credentials() -> Value {
    json!([
        { "name": "userId", "title": "User id", "required": true, "description": "The name to log in with.",
          "template": USER_ID },
        { "name": "password", "title": "Password", "required": true },
    ])
}

/// The pattern of a user id.
const USER_ID: &str = "^[a-z]{2,20}$";

/// Returns whether a value of a credential has the form that the listing demands.
pub(crate) fn fits(name: &str, value: &str) -> bool {
    match name {
        "userId" => (2..=20).contains(&value.len()) && value.bytes().all(|letter| letter.is_ascii_lowercase()),
        "password" => !value.is_empty(),
        _ => false,
    }
}
