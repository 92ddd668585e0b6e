//! Banks as the API lists them.

use serde_json::{Value, json};

use super::banks::{Bank, Login};
use super::users;

/// Returns the bank as `GET /aspsps` does.
pub(crate) fn listed(bank: &Bank) -> Value {
    let users: Vec<_> = users::of(bank)
        .map(|user| json!({ "username": user.name, "password": user.password, "otp": user.otp }))
        .collect();
    json!({
        "name": bank.name,
        "country": bank.country,
        "logo": format!("https://sandbox.tilisy.com/brands/{}/{}/", bank.country, bank.bic),
        "psu_types": bank.psu_types,
        "auth_methods": auth_methods(bank),
        "sandbox": { "users": users },
    })
}

fn auth_methods(bank: &Bank) -> Value {
    let method = |name: &str, title: &str, psu_type: &str, credentials: Value| json!({ "name": name, "title": title, "psu_type": psu_type, "credentials": credentials });
    let all = bank.psu_types.iter().flat_map(|psu_type| match bank.login {
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
          "template": "^[a-z]{2,20}$" },
        { "name": "password", "title": "Password", "required": true },
    ])
}
