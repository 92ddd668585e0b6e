//! The error codes of payments, by realistic conditions.

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;
use tilisy_sandbox::chrono::TimeDelta;

use super::{path, sepa, stopped};
use crate::{Answer, Caller};

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
    assert_eq!(submit(&caller, &path(&created)).await.code(), "PAYMENT_NOT_AUTHORIZED");
    caller.sandbox.approve(created["url"].as_str().unwrap()).unwrap();
    submit(&caller, &path(&created)).await.ok();
    assert_eq!(submit(&caller, &path(&created)).await.code(), "INVALID_PAYMENT", "it is submitted once");
    let plain = caller.approved(&sepa("1.00")).await;
    assert_eq!(submit(&caller, &plain).await.code(), "PAYMENT_SUBMISSION_NOT_DEFERRED");
    let mut elsewhere = sepa("1.00");
    elsewhere["aspsp"]["name"] = json!("Revontuli");
    let elsewhere_path = caller.approved(&elsewhere).await;
    assert_eq!(submit(&caller, &elsewhere_path).await.code(), "PAYMENT_SUBMISSION_NOT_SUPPORTED");
    elsewhere["defer_submission"] = json!(true);
    assert_eq!(caller.post("/payments", &elsewhere).await.code(), "PAYMENT_SUBMISSION_NOT_SUPPORTED");
    let denied = caller.pay(&deferred()).await;
    caller.sandbox.deny(denied["url"].as_str().unwrap()).unwrap();
    assert_eq!(submit(&caller, &path(&denied)).await.code(), "INVALID_PAYMENT");
    let expired = caller.pay(&deferred()).await;
    caller.wait(30 * 60);
    assert_eq!(submit(&caller, &path(&expired)).await.code(), "INVALID_PAYMENT");
}

#[tokio::test]
async fn payments_and_transfers_that_are_not_there_have_their_codes() {
    let caller = stopped().await;
    for id in ["497f6eca-6276-4993-bfeb-53cbbbba6f08", "no-uuid"] {
        let path = format!("/payments/{id}");
        assert_eq!(caller.get(&path).await.code(), "PAYMENT_NOT_FOUND");
        assert_eq!(caller.delete(&path).await.code(), "PAYMENT_NOT_FOUND");
        assert_eq!(submit(&caller, &path).await.code(), "PAYMENT_NOT_FOUND");
        assert_eq!(caller.get(&format!("{path}/transactions/1")).await.code(), "PAYMENT_NOT_FOUND");
    }
    let path = caller.approved(&sepa("1.00")).await;
    assert_eq!(caller.get(&format!("{path}/transactions/none%2F")).await.code(), "TRANSACTION_DOES_NOT_EXIST");
}

#[tokio::test]
async fn banks_give_out_payments_for_ninety_days() {
    let caller = stopped().await;
    let path = caller.approved(&sepa("1.00")).await;
    caller.clock.advance(TimeDelta::days(90) - TimeDelta::seconds(1));
    caller.get(&path).await.ok();
    caller.wait(1);
    assert_eq!(caller.get(&path).await.code(), "ASPSP_PAYMENT_NOT_ACCESSIBLE");
    let (id, pem) = caller.register("Another").await;
    for method in [Method::GET, Method::DELETE] {
        let request = caller.request(method, &path).bearer_auth(caller.token_of(&id, &pem));
        assert_eq!(caller.send_bare(request).await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
    }
    caller.wait(1_000_000);
    assert_eq!(caller.get(&format!("{path}/transactions/1")).await.code(), "ASPSP_PAYMENT_NOT_ACCESSIBLE");
    assert_eq!(submit(&caller, &path).await.code(), "ASPSP_PAYMENT_NOT_ACCESSIBLE");
    caller.delete(&path).await.ok();
    assert_eq!(caller.get(&path).await.code(), "PAYMENT_NOT_FOUND");
    assert_eq!(caller.delete(&path).await.code(), "PAYMENT_NOT_FOUND");
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
