//! Statuses by the sandbox's clock, submission and deletion.

use serde_json::json;

use super::{ELSEWHERE, bulk, path, sepa, short, stopped};
use crate::query;

#[tokio::test]
async fn a_payment_is_created_approved_and_settled() {
    let caller = stopped().await;
    let created = caller.pay(&sepa("12.50")).await;
    assert_eq!(created["status"], "RCVD");
    assert_eq!(created["psu_id_hash"].as_str().unwrap().len(), 64);
    let path = path(&created);
    let before = caller.get(&path).await.ok();
    assert_eq!(short(&before), "RCVD");
    assert_eq!(before["payment_details"].get("debtor"), None, "the payer is not known yet");
    let back = caller.sandbox.approve(created["url"].as_str().unwrap()).unwrap();
    assert_eq!(query(&back, "state").as_deref(), Some("some state"));
    assert_eq!((query(&back, "error"), query(&back, "code")), (None, None));
    let mut seen = Vec::new();
    for seconds in [0, 9, 1, 49, 1, 10_000] {
        caller.wait(seconds);
        seen.push(caller.status(&path).await);
    }
    assert_eq!(seen, ["ACTC", "ACTC", "ACSP", "ACSP", "ACSC!", "ACSC!"]);
    let after = caller.get(&path).await.ok();
    assert_eq!(after["aspsp"], json!({ "country": "FI", "name": "Saimaan Pankki" }));
    assert_eq!((&after["payment_type"], &after["psu_id_hash"]), (&json!("SEPA"), &created["psu_id_hash"]));
    let details = &after["payment_details"];
    assert_eq!(details["debtor"]["name"], "Aino Mäkelä");
    assert_eq!(details["debtor_account"]["scheme_name"], "IBAN");
    assert_eq!((&details["debtor_currency"], &details["charge_bearer"]), (&json!("EUR"), &json!("SLEV")));
    let transfer = &details["credit_transfer_transaction"][0];
    assert_eq!(transfer["transaction_status"], "ACSC");
    assert_eq!(transfer["beneficiary"]["creditor_account"]["identification"], ELSEWHERE);
}

#[tokio::test]
async fn a_transfer_is_found_by_its_id() {
    let caller = stopped().await;
    let path = caller.approved(&bulk(&["1.00", "2.00"])).await;
    let shown = caller.get(&path).await.ok();
    let transfers = shown["payment_details"]["credit_transfer_transaction"].as_array().unwrap();
    assert_ne!(transfers[0]["transaction_id"], transfers[1]["transaction_id"]);
    for transfer in transfers {
        let target = format!("{path}/transactions/{}", transfer["transaction_id"].as_str().unwrap());
        let found = caller.get(&target).await.ok();
        assert_eq!((&found["payment_id"], &found["transaction_details"]), (&shown["payment_id"], transfer));
    }
}

#[tokio::test]
async fn a_denied_payment_is_rejected() {
    let caller = stopped().await;
    let created = caller.pay(&sepa("1.00")).await;
    let link = created["url"].as_str().unwrap();
    let back = caller.sandbox.deny(link).unwrap();
    assert_eq!(query(&back, "error").as_deref(), Some("access_denied"));
    assert!(query(&back, "error_description").is_some());
    assert_eq!(query(&back, "state").as_deref(), Some("some state"));
    let shown = caller.get(&path(&created)).await.ok();
    assert_eq!(
        (short(&shown).as_str(), &shown["status_reason_information"]["status_reason_code"]),
        ("RJCT!", &json!("MS02"))
    );
    assert!(caller.sandbox.approve(link).is_err() && caller.sandbox.deny(link).is_err(), "links are used once");
}

#[tokio::test]
async fn a_payment_expires_if_it_is_not_authorised() {
    let caller = stopped().await;
    let created = caller.pay(&sepa("1.00")).await;
    caller.wait(30 * 60 - 1);
    assert_eq!(caller.status(&path(&created)).await, "RCVD");
    caller.wait(1);
    let shown = caller.get(&path(&created)).await.ok();
    assert_eq!(
        (short(&shown).as_str(), &shown["status_reason_information"]["status_reason_code"]),
        ("RJCT!", &json!("DS24"))
    );
    assert!(caller.sandbox.approve(created["url"].as_str().unwrap()).is_err());
}

#[tokio::test]
async fn a_deferred_payment_waits_for_its_submission() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    body["defer_submission"] = json!(true);
    let path = caller.approved(&body).await;
    caller.wait(100_000);
    assert_eq!(caller.status(&path).await, "ACTC");
    let submitted = caller.post(&format!("{path}/submit"), &json!({})).await.ok();
    assert_eq!(short(&submitted), "ACTC");
    caller.wait(60);
    assert_eq!(caller.status(&path).await, "ACSC!");
}

#[tokio::test]
async fn a_submission_needs_no_body() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    body["defer_submission"] = json!(true);
    let path = caller.approved(&body).await;
    let request = caller.request(reqwest::Method::POST, &format!("{path}/submit"));
    caller.send(request).await.ok();
    caller.wait(60);
    assert_eq!(caller.status(&path).await, "ACSC!");
}

#[tokio::test]
async fn a_final_payment_can_be_deleted_once() {
    let caller = stopped().await;
    let path = caller.approved(&sepa("1.00")).await;
    assert_eq!(caller.delete(&path).await.refusal().1, "PAYMENT_NOT_FINALIZED");
    caller.wait(60);
    assert_eq!(caller.delete(&path).await.ok(), json!({ "message": "OK" }));
    assert_eq!(caller.delete(&path).await.refusal().1, "PAYMENT_NOT_FOUND");
    assert_eq!(caller.get(&path).await.refusal().1, "PAYMENT_NOT_FOUND");
}

#[tokio::test]
async fn a_payment_is_executed_on_its_day() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    body["payment_request"]["credit_transfer_transaction"][0]["requested_execution_date"] = json!("2026-02-12");
    let path = caller.approved(&body).await;
    caller.wait(24 * 3600);
    assert_eq!(caller.status(&path).await, "ACTC");
    caller.wait(24 * 3600);
    assert_eq!(caller.status(&path).await, "ACSC!");
}

#[tokio::test]
async fn banks_end_good_payments_differently() {
    let caller = stopped().await;
    let mut instant = sepa("1.00");
    instant["payment_type"] = json!("INST_SEPA");
    let path = caller.approved(&instant).await;
    caller.wait(60);
    assert_eq!(caller.status(&path).await, "ACSC");
    caller.wait(60);
    assert_eq!(caller.status(&path).await, "ACCC!");
}

#[tokio::test]
async fn quirks_choose_other_ends() {
    let caller = stopped().await;
    for (quirk, expected, transfers) in [
        ("REJECTED_PAYMENTS", "RJCT!", ["RJCT", "RJCT", "RJCT"]),
        ("PARTIAL_PAYMENTS", "PART!", ["ACSC", "RJCT", "ACSC"]),
        ("ENDLESS_PAYMENTS", "ACSP", ["ACSP", "ACSP", "ACSP"]),
    ] {
        caller.sandbox.set_quirks(&[quirk]).unwrap();
        let path = caller.approved(&bulk(&["1.00", "2.00", "3.00"])).await;
        caller.sandbox.set_quirks(&[]).unwrap();
        caller.wait(1_000);
        let shown = caller.get(&path).await.ok();
        assert_eq!(short(&shown), expected);
        let reason = shown["status_reason_information"]["status_reason_code"].as_str();
        assert_eq!(reason, (quirk != "ENDLESS_PAYMENTS").then_some("AC04"));
        let listed = shown["payment_details"]["credit_transfer_transaction"].as_array().unwrap();
        let statuses: Vec<_> = listed.iter().map(|transfer| transfer["transaction_status"].as_str().unwrap()).collect();
        assert_eq!(statuses, transfers);
    }
}

#[tokio::test]
async fn a_payment_of_another_application_cannot_be_seen() {
    let caller = stopped().await;
    let created = caller.pay(&sepa("1.00")).await;
    let (id, pem) = caller.register("Another").await;
    let token = caller.token_of(&id, &pem);
    let request = caller.request(reqwest::Method::GET, &path(&created)).bearer_auth(token);
    assert_eq!(caller.send_bare(request).await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
}
