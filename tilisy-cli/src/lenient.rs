//! Calls whose responses may lack properties that the API description requires.
//!
//! One bank without a property must not hide all others, and the former host of the API returns fewer properties. Missing
//! properties get the values below; a response that is complete is decoded once, and only by the client.

use enablebanking_client::chrono::{DateTime, SecondsFormat, Utc};
use enablebanking_client::types::{
    AspspData, AuthorizeSessionRequest, AuthorizeSessionResponse, GetApplicationResponse, GetSessionResponse, PsuType,
    StartAuthorizationRequest, StartAuthorizationResponse,
};
use enablebanking_client::uuid::Uuid;
use enablebanking_client::{Client, Error, ErrorKind, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::message::warn;
use crate::text::counted;

/// Requests the application, with the facts about the response.
pub(crate) async fn application(client: &Client) -> Result<Response<GetApplicationResponse>, Error> {
    client.application().with_meta().await
}

/// Completes the application in a response that could not be decoded.
pub(crate) fn completed_application(error: Error) -> Result<GetApplicationResponse, Error> {
    completed(error, |value| {
        with_defaults(value, &json!({ "countries": [], "redirect_urls": [], "services": [], "name": "" }));
    })
}

/// Requests the banks. Those that cannot be decoded are left out with a warning.
pub(crate) async fn banks(
    client: &Client,
    country: Option<&str>,
    psu_type: Option<PsuType>,
) -> Result<Vec<AspspData>, Error> {
    let mut request = client.aspsps();
    if let Some(country) = country {
        request = request.country(country);
    }
    if let Some(psu_type) = psu_type {
        request = request.psu_type(psu_type);
    }
    let error = match request.await {
        Ok(response) => return Ok(response.aspsps),
        Err(error) => error,
    };
    let Some(Value::Array(all)) = body_of(&error).and_then(|mut body| Some(body.get_mut("aspsps")?.take())) else {
        return Err(error);
    };
    let count = all.len();
    let banks: Vec<AspspData> = all.into_iter().filter_map(bank).collect();
    if banks.is_empty() {
        return Err(error);
    }
    if banks.len() < count {
        warn(&format!("{} of the list cannot be read", counted(count - banks.len(), "bank")));
    }
    Ok(banks)
}

fn bank(mut bank: Value) -> Option<AspspData> {
    let defaults = json!({
        "auth_methods": [], "beta": false, "logo": "", "maximum_consent_validity": 0, "psu_types": [],
        "required_psu_headers": [],
    });
    with_defaults(&mut bank, &defaults);
    let method = json!({ "approach": "REDIRECT", "hidden_method": false, "psu_type": "personal" });
    each(&mut bank, "auth_methods", |value| with_defaults(value, &method));
    serde_json::from_value(bank).ok()
}

/// Starts an authorization.
pub(crate) async fn start_authorization(
    client: &Client,
    request: &StartAuthorizationRequest,
) -> Result<StartAuthorizationResponse, Error> {
    match client.start_authorization(request).await {
        Ok(response) => Ok(response),
        Err(error) => completed(error, |value| {
            with_defaults(value, &json!({ "authorization_id": Uuid::nil(), "psu_id_hash": "" }));
        }),
    }
}

/// Creates a session that was requested up to `until`.
pub(crate) async fn authorize_session(
    client: &Client,
    request: &AuthorizeSessionRequest,
    until: DateTime<Utc>,
) -> Result<AuthorizeSessionResponse, Error> {
    match client.authorize_session(request).await {
        Ok(response) => Ok(response),
        Err(error) => completed(error, |value| {
            with_defaults(value, &json!({ "access": access(until), "accounts": [], "psu_type": "personal" }));
            let account = json!({
                "cash_account_type": "OTHR", "currency": "XXX", "identification_hash": "", "identification_hashes": [],
            });
            each(value, "accounts", |value| with_defaults(value, &account));
        }),
    }
}

/// Requests a session that was requested up to `until`.
pub(crate) async fn session(client: &Client, id: Uuid, until: DateTime<Utc>) -> Result<GetSessionResponse, Error> {
    match client.session(&id.into()).await {
        Ok(response) => Ok(response),
        Err(error) => completed(error, |value| {
            let defaults = json!({
                "access": access(until), "accounts": [], "accounts_data": [], "created": time(Utc::now()),
                "psu_id_hash": "", "psu_type": "personal",
            });
            with_defaults(value, &defaults);
            let account = json!({ "identification_hash": "", "identification_hashes": [] });
            each(value, "accounts_data", |value| with_defaults(value, &account));
        }),
    }
}

fn access(until: DateTime<Utc>) -> Value {
    json!({ "valid_until": time(until) })
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Decodes the body of a successful response again, after `complete` has added properties.
fn completed<T: DeserializeOwned>(error: Error, complete: impl FnOnce(&mut Value)) -> Result<T, Error> {
    let response = body_of(&error).and_then(|mut body| {
        complete(&mut body);
        serde_json::from_value(body).ok()
    });
    response.ok_or(error)
}

/// Returns the body of a successful response that could not be decoded.
fn body_of(error: &Error) -> Option<Value> {
    let is_success = error.kind() == ErrorKind::Unexpected && matches!(error.status(), Some(200..=299));
    serde_json::from_slice(error.body().filter(|_| is_success)?).ok()
}

/// Adds the properties of `defaults` that an object lacks, or has as null.
fn with_defaults(value: &mut Value, defaults: &Value) {
    let (Value::Object(object), Value::Object(defaults)) = (value, defaults) else { return };
    for (name, default) in defaults {
        match object.get_mut(name) {
            Some(known) if !known.is_null() => with_defaults(known, default),
            _ => drop(object.insert(name.clone(), default.clone())),
        }
    }
}

/// Calls a function with each element of a list in an object.
fn each(value: &mut Value, name: &str, call: impl Fn(&mut Value)) {
    if let Some(Value::Array(list)) = value.get_mut(name) {
        list.iter_mut().for_each(call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_without_properties_is_completed_and_one_without_a_name_left_out() {
        let small = json!({ "name": "Koepankki", "country": "FI", "auth_methods": [{ "name": "app" }, {}] });
        let read = bank(small).map(|bank| (bank.name, bank.auth_methods.len(), bank.maximum_consent_validity));
        assert_eq!(read, Some(("Koepankki".to_owned(), 2, 0)));
        for broken in [json!({ "country": "FI" }), json!([]), json!(null), json!({ "name": 1, "country": "FI" })] {
            assert!(bank(broken).is_none());
        }
    }

    #[test]
    fn only_missing_properties_get_defaults() {
        let mut value = json!({ "a": 1, "b": null, "access": { "valid_until": null, "other": 2 } });
        with_defaults(&mut value, &json!({ "a": 9, "b": 9, "c": 9, "access": { "valid_until": "now" } }));
        let expected = json!({ "a": 1, "b": 9, "c": 9, "access": { "valid_until": "now", "other": 2 } });
        assert_eq!(value, expected);
    }
}
