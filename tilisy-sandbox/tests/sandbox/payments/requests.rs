//! Requests to create a payment, by the rules that `GET /aspsps` lists.

use reqwest::Method;
use serde_json::{Value, json};

use super::{ELSEWHERE, sepa, stopped, transfer};
use crate::{Caller, REDIRECT};

/// The listed rules of a bank for a payment type.
async fn rules(caller: &Caller, bank: &str, payment_type: &str) -> Value {
    let listed = caller.get("/aspsps?service=PIS").await.ok();
    let bank = listed["aspsps"].as_array().unwrap().iter().find(|listed| listed["name"] == bank).unwrap();
    let records = bank["payments"].as_array().unwrap();
    records.iter().find(|record| record["payment_type"] == payment_type).unwrap().clone()
}

#[tokio::test]
async fn banks_list_their_payment_types() {
    let caller = stopped().await;
    let listed = caller.get("/aspsps?service=PIS").await.ok();
    for bank in listed["aspsps"].as_array().unwrap() {
        assert!(!bank["payments"].as_array().unwrap().is_empty(), "{bank}");
    }
    let of = |listed: Value| -> Vec<String> {
        let banks = listed["aspsps"].as_array().unwrap().iter();
        banks.map(|bank| bank["country"].as_str().unwrap().to_owned()).collect()
    };
    let abroad = of(caller.get("/aspsps?payment_type=CROSSBORDER").await.ok());
    assert_eq!(abroad, ["NO"]);
    let giro = of(caller.get("/aspsps?payment_type=BULK_DOMESTIC_SE_GIRO").await.ok());
    assert_eq!(giro, ["SE", "SE"]);
}

/// A request that keeps the listed rules of a bank, with all that they require and no more.
fn by_rules(bank: &Value, rules: &Value) -> Value {
    let requires = |flag: &str| rules[flag] == true;
    let account = |key: &str| {
        let scheme = rules[key][0].as_str().unwrap();
        let number = if scheme == "IBAN" { ELSEWHERE } else { "1234567" };
        json!({ "scheme_name": scheme, "identification": number })
    };
    let mut transfer = json!({
        "instructed_amount": { "currency": rules["currencies"][0], "amount": "3.00" },
        "beneficiary": {
            "creditor_account": account("creditor_account_schemas"),
            "creditor": { "name": "Receiver", "postal_address": { "town_name": "Oulu", "country": "FI" } },
        },
    });
    let agent = &mut transfer["beneficiary"]["creditor_agent"];
    if requires("creditor_agent_bic_fi_required") {
        *agent = json!({ "bic_fi": "SAIMFIHH" });
    }
    if requires("creditor_agent_clearing_system_member_id_required") {
        *agent = json!({ "clearing_system_member_id": { "member_id": "0123" } });
    }
    if requires("remittance_information_required") {
        transfer["remittance_information"] = json!(["Text"]);
    }
    if requires("regulatory_reporting_code_required") {
        let code = &rules["regulatory_reporting_codes"][0]["value"];
        transfer["regulatory_reporting"] = json!([{ "details": { "code": code, "information": "Goods" } }]);
    }
    let mut payment = json!({ "credit_transfer_transaction": [transfer] });
    if requires("debtor_account_required") {
        payment["debtor_account"] = account("debtor_account_schemas");
    }
    if requires("debtor_currency_required") {
        payment["debtor_currency"] = json!("NOK");
    }
    payment["debtor"]["contact_details"] = json!({ "email_address": "payer@example.com", "phone_number": "+358401" });
    json!({
        "payment_type": rules["payment_type"],
        "psu_type": rules["psu_type"],
        "aspsp": { "country": bank["country"], "name": bank["name"] },
        "state": "s",
        "redirect_url": REDIRECT,
        "payment_request": payment,
    })
}

#[tokio::test]
async fn a_request_that_keeps_the_listed_rules_is_accepted_everywhere() {
    let caller = stopped().await;
    let listed = caller.get("/aspsps").await.ok();
    let mut count = 0;
    for bank in listed["aspsps"].as_array().unwrap().iter().filter(|bank| bank["name"] != "Häiriöpankki") {
        for rules in bank["payments"].as_array().unwrap() {
            caller.pay(&by_rules(bank, rules)).await;
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}

#[tokio::test]
async fn requests_that_break_a_rule_are_refused() {
    let caller = stopped().await;
    let set = |pointer: &str, value: Value| {
        let mut body = sepa("1.00");
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let first = "/payment_request/credit_transfer_transaction/0";
    for (body, code) in [
        (set(&format!("{first}/instructed_amount/currency"), json!("SEK")), "WRONG_REQUEST_PARAMETERS"),
        (set(&format!("{first}/instructed_amount/amount"), json!("-1.00")), "WRONG_REQUEST_PARAMETERS"),
        (set(&format!("{first}/beneficiary/creditor/name"), json!("")), "WRONG_REQUEST_PARAMETERS"),
        (set(&format!("{first}/remittance_information"), json!(["x".repeat(141)])), "WRONG_REQUEST_PARAMETERS"),
        (
            set("/payment_request/credit_transfer_transaction", json!([transfer("1.00"), transfer("1.00")])),
            "PAYMENT_LIMIT_EXCEEDED",
        ),
        (set("/payment_type", json!("BULK_SEPA")), "WRONG_REQUEST_PARAMETERS"),
        (set("/redirect_url", json!("https://stranger.example")), "REDIRECT_URI_NOT_ALLOWED"),
        (set("/aspsp/name", json!("Nobody")), "WRONG_ASPSP_PROVIDED"),
    ] {
        assert_eq!(caller.post("/payments", &body).await.refusal(), (422, code), "{body}");
    }
    for (key, value, code) in [
        ("auth_method", json!("none"), "WRONG_REQUEST_PARAMETERS"),
        ("credentials", json!({ "userId": "aino" }), "WRONG_REQUEST_PARAMETERS"),
        ("language", json!("finnish"), "WRONG_REQUEST_PARAMETERS"),
        ("webhook_url", json!("http://127.0.0.1:1/hook"), "WEBHOOK_URI_NOT_ALLOWED"),
        ("webhook_url", json!("https://example.com/hook"), "WEBHOOK_URI_NOT_ALLOWED"),
    ] {
        let mut body = sepa("1.00");
        body[key] = value;
        assert_eq!(caller.post("/payments", &body).await.refusal(), (422, code), "{body}");
    }
    let mut body = sepa("1.00");
    body["auth_method"] = json!("password");
    for wrong in [json!({ "userId": "AINO 1", "password": "revontulet" }), json!({ "userId": "aino" })] {
        body["credentials"] = wrong;
        assert_eq!(caller.post("/payments", &body).await.refusal(), (422, "WRONG_CREDENTIALS_PROVIDED"), "{body}");
    }
}

#[tokio::test]
async fn properties_that_are_null_count_as_absent() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    for key in ["auth_method", "credentials", "language", "webhook_url", "psu_id", "defer_submission"] {
        body[key] = Value::Null;
    }
    body["payment_request"]["debtor_account"] = Value::Null;
    caller.pay(&body).await;
}

#[tokio::test]
async fn an_international_payment_has_all_that_its_rules_demand() {
    let caller = stopped().await;
    let rules = rules(&caller, "Fjordbanken", "CROSSBORDER").await;
    assert_eq!(rules["regulatory_reporting_code_required"], true);
    let transfer = json!({
        "instructed_amount": { "currency": "EUR", "amount": "10.00" },
        "beneficiary": {
            "creditor": {
                "name": "Receiver",
                "postal_address": { "town_name": "Oulu", "country": "FI" },
            },
            "creditor_account": { "scheme_name": "IBAN", "identification": ELSEWHERE },
            "creditor_agent": { "bic_fi": "SAIMFIHH" },
        },
        "remittance_information": ["Invoice 1"],
        "regulatory_reporting": [{ "details": { "code": "14", "information": "Goods" } }],
    });
    let body = json!({
        "payment_type": "CROSSBORDER",
        "psu_type": "personal",
        "aspsp": { "country": "NO", "name": "Fjordbanken" },
        "state": "s",
        "redirect_url": REDIRECT,
        "payment_request": {
            "charge_bearer": "SHAR",
            "debtor_currency": "NOK",
            "credit_transfer_transaction": [transfer],
        },
    });
    caller.pay(&body).await;
    let parent = "/payment_request/credit_transfer_transaction/0";
    for (object, name) in [
        ("/beneficiary/creditor", "postal_address"),
        ("/beneficiary/creditor/postal_address", "country"),
        ("/beneficiary", "creditor_agent"),
        ("", "remittance_information"),
        ("", "regulatory_reporting"),
        ("/regulatory_reporting/0/details", "code"),
    ] {
        let mut body = body.clone();
        let object = body.pointer_mut(&format!("{parent}{object}")).unwrap().as_object_mut().unwrap();
        object.remove(name).unwrap();
        assert_eq!(caller.post("/payments", &body).await.refusal().1, "WRONG_REQUEST_PARAMETERS", "{name}");
    }
}

#[tokio::test]
async fn a_swedish_giro_payment_has_a_number_and_a_reference() {
    let caller = stopped().await;
    let mut body = json!({
        "payment_type": "DOMESTIC_SE_GIRO",
        "psu_type": "personal",
        "aspsp": { "country": "SE", "name": "Älvsbanken" },
        "state": "s",
        "redirect_url": REDIRECT,
        "payment_request": { "credit_transfer_transaction": [{
            "instructed_amount": { "currency": "SEK", "amount": "100.00" },
            "beneficiary": { "creditor_account": { "scheme_name": "BGNR", "identification": "1234567" } },
            "reference_number": "1234566",
        }] },
    });
    caller.pay(&body).await;
    let transfer = &mut body["payment_request"]["credit_transfer_transaction"][0];
    transfer["reference_number"] = json!("1234567");
    assert_eq!(caller.post("/payments", &body).await.refusal().1, "WRONG_REQUEST_PARAMETERS");
}

#[tokio::test]
async fn a_bank_that_is_down_takes_no_payment() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    body["aspsp"]["name"] = json!("Häiriöpankki");
    assert_eq!(caller.post("/payments", &body).await.refusal().1, "ASPSP_ERROR");
}

#[tokio::test]
async fn the_document_of_2020_has_no_payments() {
    let builder = tilisy_sandbox::Sandbox::builder().edition(tilisy_sandbox::Edition::Document2020);
    let caller = Caller::of(builder).await;
    let answer = caller.send(caller.request(Method::POST, "/payments").json(&sepa("1.00"))).await;
    assert_eq!(answer.status, 404);
    let listed = caller.get("/aspsps").await.ok();
    assert!(listed["aspsps"].as_array().unwrap().iter().all(|bank| bank.get("payments").is_none()));
}
