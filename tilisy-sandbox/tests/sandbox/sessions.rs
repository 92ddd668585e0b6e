//! Sessions, from their beginning to their end.

use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;
use tilisy_sandbox::chrono::TimeDelta;

use crate::{Caller, query};

async fn status(caller: &Caller, id: &str) -> Value {
    caller.get(&format!("/sessions/{id}")).await.ok()["status"].clone()
}

#[tokio::test]
async fn a_session_walks_through_its_states() {
    let caller = Caller::new().await;
    let link = caller.link(&caller.authorization("NO", "Fjordbanken")).await;
    let id = link.rsplit('/').next().unwrap().to_owned();
    assert_eq!(status(&caller, &id).await, "PENDING_AUTHORIZATION");
    let back = caller.sandbox.approve(&link).unwrap();
    assert!(back.starts_with("http://127.0.0.1:8080/redirect?code="), "{back}");
    assert_eq!(query(&back, "state").as_deref(), Some("some state"));
    assert_eq!(status(&caller, &id).await, "RETURNED_FROM_BANK");
    assert!(caller.sandbox.approve(&link).is_err(), "a link is used once");
    let session = caller.post("/sessions", &json!({ "code": query(&back, "code") })).await.ok();
    assert_eq!(session["session_id"], json!(id));
    assert_eq!(status(&caller, &id).await, "AUTHORIZED");
    let balances = format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap());
    caller.get(&balances).await.ok();
    assert_eq!(caller.delete(&format!("/sessions/{id}")).await.ok(), json!({ "message": "OK" }));
    assert_eq!(status(&caller, &id).await, "CLOSED");
    assert_eq!(caller.get(&balances).await.refusal(), (422, "WRONG_SESSION_STATUS"));
    assert_eq!(caller.delete(&format!("/sessions/{id}")).await.refusal(), (422, "WRONG_SESSION_STATUS"));
}

#[tokio::test]
async fn a_denial_comes_back_as_an_error_and_leaves_nothing() {
    let caller = Caller::new().await;
    let link = caller.link(&caller.authorization("NO", "Fjordbanken")).await;
    let back = caller.sandbox.deny(&link).unwrap();
    let said = ["error", "error_description", "state", "code"].map(|name| query(&back, name));
    let expected = [Some("access_denied"), Some("Denied data sharing consent"), Some("some state"), None];
    assert_eq!(said.each_ref().map(Option::as_deref), expected);
    assert_eq!(status(&caller, link.rsplit('/').next().unwrap()).await, "INVALID");
}

#[tokio::test]
async fn a_code_works_once_and_for_some_minutes() {
    let caller = Caller::new().await;
    let body = caller.authorization("NO", "Fjordbanken");
    let redeem = |code: String| {
        let caller = &caller;
        async move { caller.post("/sessions", &json!({ "code": code })).await }
    };
    let code = caller.code(&body).await;
    redeem(code.clone()).await.ok();
    assert_eq!(redeem(code).await.refusal(), (422, "WRONG_AUTHORIZATION_CODE"));
    let late = caller.code(&body).await;
    caller.clock.advance(TimeDelta::minutes(5));
    assert_eq!(redeem(late.clone()).await.refusal(), (422, "EXPIRED_AUTHORIZATION_CODE"));
    assert_eq!(redeem(late).await.refusal(), (422, "WRONG_AUTHORIZATION_CODE"));
    let other = Caller::new().await;
    let foreign = other.code(&other.authorization("NO", "Fjordbanken")).await;
    let fresh = Caller::with(Sandbox::builder().seed(9)).await;
    let answer = fresh.post("/sessions", &json!({ "code": foreign })).await;
    assert_eq!(answer.refusal(), (422, "WRONG_AUTHORIZATION_CODE"));
}

#[tokio::test]
async fn a_session_expires_and_no_later_than_the_bank_permits() {
    let caller = Caller::new().await;
    let mut body = caller.authorization("NO", "Fjordbanken");
    body["access"]["valid_until"] = json!(caller.clock.now() + TimeDelta::days(1000));
    let session = caller.session(&body).await;
    let id = session["session_id"].as_str().unwrap();
    let balances = format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap());
    caller.clock.advance(TimeDelta::days(179));
    caller.get(&balances).await.ok();
    caller.clock.advance(TimeDelta::days(2));
    assert_eq!(caller.get(&balances).await.refusal(), (401, "EXPIRED_SESSION"));
    assert_eq!(caller.get(&format!("/sessions/{id}")).await.refusal(), (401, "EXPIRED_SESSION"));
    assert_eq!(caller.delete(&format!("/sessions/{id}")).await.refusal(), (401, "EXPIRED_SESSION"));
}

#[tokio::test]
async fn a_request_for_consent_must_fit_the_bank_and_the_application() {
    let caller = Caller::new().await;
    let good = caller.authorization("SE", "Älvsbanken");
    let edited = |pointer: &str, value: Value| {
        let mut body = good.clone();
        match (body.pointer_mut(pointer), value) {
            (_, Value::Null) => drop(body.as_object_mut().unwrap().remove(pointer.trim_start_matches('/'))),
            (Some(place), value) => *place = value,
            (None, value) => body[pointer.trim_start_matches('/')] = value,
        }
        body
    };
    let parameters = "WRONG_REQUEST_PARAMETERS";
    for (body, code) in [
        (edited("/redirect_url", json!("http://evil.example/")), "REDIRECT_URI_NOT_ALLOWED"),
        (edited("/redirect_url", json!("http://127.0.0.1:8080/redirect/")), "REDIRECT_URI_NOT_ALLOWED"),
        (edited("/aspsp/name", json!("Nobody")), "WRONG_ASPSP_PROVIDED"),
        (edited("/aspsp/country", json!("NO")), "WRONG_ASPSP_PROVIDED"),
        (edited("/aspsp/name", json!(1)), parameters),
        (edited("/aspsp", Value::Null), parameters),
        (edited("/state", Value::Null), parameters),
        (edited("/redirect_url", Value::Null), parameters),
        (edited("/access", Value::Null), parameters),
        (edited("/access/valid_until", json!("2030-01-01T00:00:00")), parameters),
        (edited("/access/valid_until", json!("2020-01-01T00:00:00Z")), parameters),
        (edited("/psu_type", json!("robot")), parameters),
        (edited("/auth_method", json!("magic")), parameters),
        (edited("/credentials", json!([1])), parameters),
        (edited("/credentials_autosubmit", json!("yes")), parameters),
    ] {
        assert_eq!(caller.post("/auth", &body).await.refusal(), (422, code), "{body}");
    }
    caller.post("/auth", &edited("/auth_method", json!("password"))).await.ok();
    let mut body = caller.authorization("FR", "Crédit du Midi");
    body["psu_type"] = json!("personal");
    assert_eq!(caller.post("/auth", &body).await.refusal(), (422, parameters));
}

#[tokio::test]
async fn ids_of_other_applications_are_not_told() {
    let (caller, other) = (Caller::new().await, Caller::with(Sandbox::builder().seed(3)).await);
    let session = other.session(&other.authorization("NO", "Fjordbanken")).await;
    let target = format!("/sessions/{}", session["session_id"].as_str().unwrap());
    assert_eq!(caller.get(&target).await.refusal(), (422, "SESSION_DOES_NOT_EXIST"));
    let balances = format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap());
    assert_eq!(caller.get(&balances).await.refusal(), (422, "ACCOUNT_DOES_NOT_EXIST"));
}
