//! The error codes of payments, by what leads to them in life, and by a header.

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;
use tilisy_sandbox::chrono::TimeDelta;

use super::{path, sepa, stopped};
use crate::{Answer, Caller};

/// The codes that only payments have.
const CODES: &[&str] = &[
    "ACCESS_DENIED",
    "ASPSP_PAYMENT_NOT_ACCESSIBLE",
    "INVALID_PAYMENT",
    "PAYMENT_LIMIT_EXCEEDED",
    "PAYMENT_NOT_AUTHORIZED",
    "PAYMENT_NOT_FINALIZED",
    "PAYMENT_NOT_FOUND",
    "PAYMENT_SUBMISSION_NOT_DEFERRED",
    "PAYMENT_SUBMISSION_NOT_SUPPORTED",
    "TRANSACTION_DOES_NOT_EXIST",
    "UNTRUSTED_PAYMENT_PARTY",
    "WEBHOOK_URI_NOT_ALLOWED",
];

fn code(answer: &Answer) -> &str {
    answer.refusal().1
}

fn deferred() -> Value {
    let mut body = sepa("1.00");
    body["defer_submission"] = json!(true);
    body
}

async fn submit(caller: &Caller, path: &str) -> Answer {
    caller.post(&format!("{path}/submit"), &json!({})).await
}

#[tokio::test]
async fn submissions_are_refused_with_their_codes() {
    let caller = stopped().await;
    let created = caller.pay(&deferred()).await;
    assert_eq!(code(&submit(&caller, &path(&created)).await), "PAYMENT_NOT_AUTHORIZED");
    caller.sandbox.approve(created["url"].as_str().unwrap()).unwrap();
    submit(&caller, &path(&created)).await.ok();
    assert_eq!(code(&submit(&caller, &path(&created)).await), "INVALID_PAYMENT", "it is submitted once");
    let plain = caller.approved(&sepa("1.00")).await;
    assert_eq!(code(&submit(&caller, &plain).await), "PAYMENT_SUBMISSION_NOT_DEFERRED");
    let mut elsewhere = sepa("1.00");
    elsewhere["aspsp"]["name"] = json!("Revontuli");
    let elsewhere_path = caller.approved(&elsewhere).await;
    assert_eq!(code(&submit(&caller, &elsewhere_path).await), "PAYMENT_SUBMISSION_NOT_SUPPORTED");
    elsewhere["defer_submission"] = json!(true);
    assert_eq!(code(&caller.post("/payments", &elsewhere).await), "PAYMENT_SUBMISSION_NOT_SUPPORTED");
    let denied = caller.pay(&deferred()).await;
    caller.sandbox.deny(denied["url"].as_str().unwrap()).unwrap();
    assert_eq!(code(&submit(&caller, &path(&denied)).await), "INVALID_PAYMENT");
    let expired = caller.pay(&deferred()).await;
    caller.wait(30 * 60);
    assert_eq!(code(&submit(&caller, &path(&expired)).await), "INVALID_PAYMENT");
}

#[tokio::test]
async fn payments_and_transfers_that_are_not_there_have_their_codes() {
    let caller = stopped().await;
    for id in ["497f6eca-6276-4993-bfeb-53cbbbba6f08", "no-uuid"] {
        let path = format!("/payments/{id}");
        assert_eq!(code(&caller.get(&path).await), "PAYMENT_NOT_FOUND");
        assert_eq!(code(&caller.delete(&path).await), "PAYMENT_NOT_FOUND");
        assert_eq!(code(&submit(&caller, &path).await), "PAYMENT_NOT_FOUND");
        assert_eq!(code(&caller.get(&format!("{path}/transactions/1")).await), "PAYMENT_NOT_FOUND");
    }
    let path = caller.approved(&sepa("1.00")).await;
    assert_eq!(code(&caller.get(&format!("{path}/transactions/none%2F")).await), "TRANSACTION_DOES_NOT_EXIST");
}

#[tokio::test]
async fn banks_give_out_payments_for_ninety_days() {
    let caller = stopped().await;
    let path = caller.approved(&sepa("1.00")).await;
    caller.clock.advance(TimeDelta::days(90) - TimeDelta::seconds(1));
    caller.get(&path).await.ok();
    caller.wait(1);
    assert_eq!(code(&caller.get(&path).await), "ASPSP_PAYMENT_NOT_ACCESSIBLE");
    let (id, pem) = caller.register("Another").await;
    for method in [Method::GET, Method::DELETE] {
        let request = caller.request(method, &path).bearer_auth(caller.token_of(&id, &pem));
        assert_eq!(caller.send_bare(request).await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
    }
    caller.wait(1_000_000);
    assert_eq!(code(&caller.get(&format!("{path}/transactions/1")).await), "ASPSP_PAYMENT_NOT_ACCESSIBLE");
    assert_eq!(code(&submit(&caller, &path).await), "ASPSP_PAYMENT_NOT_ACCESSIBLE");
    caller.delete(&path).await.ok();
    assert_eq!(code(&caller.get(&path).await), "PAYMENT_NOT_FOUND");
    assert_eq!(code(&caller.delete(&path).await), "PAYMENT_NOT_FOUND");
}

#[tokio::test]
async fn an_application_without_the_service_makes_no_payments() {
    let caller = Caller::of(Sandbox::builder().services(&["AIS"])).await;
    assert_eq!(caller.post("/payments", &sepa("1.00")).await.refusal(), (403, "ACCESS_DENIED"));
    let caller = Caller::of(Sandbox::builder().services(&["PIS"])).await;
    caller.pay(&sepa("1.00")).await;
}

#[tokio::test]
async fn an_application_that_is_limited_to_its_accounts_pays_between_them() {
    let caller = stopped().await;
    let own = caller.sandbox.bank("Saimaan Pankki").user("vilho").accounts()[0].iban().unwrap().to_owned();
    let foreign = caller.sandbox.bank("Saimaan Pankki").user("aino").accounts()[0].iban().unwrap().to_owned();
    let redirect = "https://example.com/back";
    let panel = |target: &str, body: Value| {
        let request = caller.request(Method::POST, target).json(&body);
        request.bearer_auth(caller.sandbox.registration_token()).send()
    };
    let application = json!({
        "certificate": include_str!("../../../../enablebanking-core/tests/keys/certificate.pem"),
        "environment": "PRODUCTION", "name": "Limited", "redirect_urls": [redirect],
    });
    let registered: Value = panel("/api/applications", application).await.unwrap().json().await.unwrap();
    let id = registered["app_id"].as_str().unwrap();
    let user = json!({ "aspsp": { "country": "FI", "name": "Saimaan Pankki" }, "user": "vilho" });
    assert_eq!(panel(&format!("/api/applications/{id}/accounts"), user).await.unwrap().status(), 200);
    let key = include_str!("../../../../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");
    for (debtor, creditor, expected) in [
        (None, &foreign, Some("UNTRUSTED_PAYMENT_PARTY")),
        (Some(&foreign), &own, Some("UNTRUSTED_PAYMENT_PARTY")),
        (Some(&own), &own, None),
        (None, &own, None),
    ] {
        let mut body = sepa("1.00");
        body["redirect_url"] = json!(redirect);
        let account = |iban: &String| json!({ "scheme_name": "IBAN", "identification": iban });
        let payment = &mut body["payment_request"];
        payment["debtor_account"] = debtor.map_or(Value::Null, account);
        payment["credit_transfer_transaction"][0]["beneficiary"]["creditor_account"] = account(creditor);
        let request = caller.request(Method::POST, "/payments").json(&body);
        let answer = caller.send_bare(request.bearer_auth(caller.token_of(id, key))).await;
        assert_eq!(answer.body["error"].as_str(), expected, "{:?}", answer.body);
    }
}

/// Sends the request in which a code can occur, in the scenario of this name.
async fn in_scenario(caller: &Caller, name: &str) -> Answer {
    let path = caller.approved(&sepa("1.00")).await;
    let (method, target, body) = match name {
        "PAYMENT_NOT_FOUND" | "ASPSP_PAYMENT_NOT_ACCESSIBLE" => (Method::GET, path, None),
        "TRANSACTION_DOES_NOT_EXIST" => {
            let shown = caller.get(&path).await.ok();
            let id = &shown["payment_details"]["credit_transfer_transaction"][0]["transaction_id"];
            (Method::GET, format!("{path}/transactions/{}", id.as_str().unwrap()), None)
        }
        "PAYMENT_NOT_FINALIZED" => {
            caller.wait(60);
            (Method::DELETE, path, None)
        }
        "INVALID_PAYMENT" | "PAYMENT_NOT_AUTHORIZED" | "PAYMENT_SUBMISSION_NOT_DEFERRED" => {
            let path = caller.approved(&deferred()).await;
            (Method::POST, format!("{path}/submit"), Some(json!({})))
        }
        "PAYMENT_SUBMISSION_NOT_SUPPORTED" => {
            let path = caller.approved(&deferred()).await;
            let target = format!("{path}/submit");
            let answer = caller.scenario(Method::POST, &target, Some(&json!({})), name).await;
            assert_eq!(code(&answer), name);
            (Method::POST, "/payments".to_owned(), Some(sepa("1.00")))
        }
        _ => (Method::POST, "/payments".to_owned(), Some(sepa("1.00"))),
    };
    caller.scenario(method, &target, body.as_ref(), name).await
}

#[tokio::test]
async fn every_code_is_reached_by_the_header() {
    let caller = stopped().await;
    for name in CODES {
        let answer = in_scenario(&caller, name).await;
        assert_eq!(code(&answer), *name, "{:?}", answer.body);
    }
    for name in [
        "WRONG_ASPSP_PROVIDED",
        "REDIRECT_URI_NOT_ALLOWED",
        "WRONG_CREDENTIALS_PROVIDED",
        "ASPSP_ERROR",
        "ASPSP_TIMEOUT",
        "WRONG_REQUEST_PARAMETERS",
    ] {
        let answer = caller.scenario(Method::POST, "/payments", Some(&sepa("1.00")), name).await;
        assert_eq!(code(&answer), name, "{:?}", answer.body);
    }
    // It was a state of those requests alone.
    caller.pay(&sepa("1.00")).await;
}
