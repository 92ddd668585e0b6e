//! Balances and transactions after payments.

use reqwest::Method;
use serde_json::{Value, json};

use super::{bulk, path, sepa, short, stopped};
use crate::Caller;

/// An account in a session of its own, and what is read of it.
struct Watched {
    uid: String,
    iban: String,
}

impl Watched {
    async fn new(caller: &Caller, country: &str, bank: &str, psu_type: &str) -> Self {
        let mut body = caller.authorization(country, bank);
        body["psu_type"] = json!(psu_type);
        let session = caller.session(&body).await;
        let account = &session["accounts"][0];
        let text = |pointer: &str| account.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        Self { uid: text("/uid"), iban: text("/account_id/iban") }
    }

    /// A balance in hundredths.
    async fn balance(&self, caller: &Caller, kind: &str) -> i64 {
        let balances = caller.get(&format!("/accounts/{}/balances", self.uid)).await.ok();
        let found = balances["balances"].as_array().unwrap().iter().find(|balance| balance["balance_type"] == kind);
        let amount = found.unwrap()["balance_amount"]["amount"].as_str().unwrap();
        amount.replace('.', "").parse().unwrap()
    }

    /// The transactions with a status whose text is that of the payments.
    async fn paid(&self, caller: &Caller, status: &str) -> Vec<Value> {
        let target = format!("/accounts/{}/transactions?transaction_status={status}", self.uid);
        let listed = caller.get(&target).await.ok();
        let mut found = listed["transactions"].as_array().unwrap().clone();
        found.retain(|transaction| transaction["remittance_information"] == json!(["Lasku 12"]));
        found
    }
}

#[tokio::test]
async fn a_payment_is_pending_and_then_booked_on_the_payers_account() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let (booked, expected) = (payer.balance(&caller, "CLBD").await, payer.balance(&caller, "XPCD").await);
    let path = caller.approved(&sepa("12.50")).await;
    assert!(payer.paid(&caller, "PDNG").await.is_empty(), "it is not in process yet");
    caller.wait(10);
    assert_eq!(payer.paid(&caller, "PDNG").await.len(), 1);
    assert!(payer.paid(&caller, "BOOK").await.is_empty());
    assert_eq!(payer.balance(&caller, "CLBD").await, booked);
    assert_eq!(payer.balance(&caller, "XPCD").await, expected - 1250);
    caller.wait(50);
    assert!(payer.paid(&caller, "PDNG").await.is_empty());
    let [transaction] = &payer.paid(&caller, "BOOK").await[..] else { panic!("one transaction is booked") };
    assert_eq!(transaction["credit_debit_indicator"], "DBIT");
    assert_eq!(transaction["transaction_amount"], json!({ "currency": "EUR", "amount": "12.50" }));
    assert_eq!(transaction["creditor"]["name"], "Kahvila Käpylä");
    assert_eq!(transaction["creditor_account"]["iban"], super::ELSEWHERE);
    assert_eq!(transaction["booking_date"], "2026-02-10");
    assert_eq!(payer.balance(&caller, "CLBD").await, booked - 1250);
    // Nothing is booked twice.
    caller.wait(1_000);
    assert_eq!(payer.paid(&caller, "BOOK").await.len(), 1);
    assert_eq!(caller.status(&path).await, "ACSC!");
}

#[tokio::test]
async fn a_receiver_at_another_bank_of_the_sandbox_gets_the_money() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let receiver = Watched::new(&caller, "DE", "Spreebank", "personal").await;
    let before = receiver.balance(&caller, "CLBD").await;
    let mut body = sepa("7.00");
    body["payment_request"]["credit_transfer_transaction"][0]["beneficiary"]["creditor_account"]["identification"] =
        json!(receiver.iban);
    caller.approved(&body).await;
    caller.wait(59);
    assert_eq!(receiver.balance(&caller, "CLBD").await, before);
    caller.wait(1);
    assert_eq!(receiver.balance(&caller, "CLBD").await, before + 700);
    let [transaction] = &receiver.paid(&caller, "BOOK").await[..] else { panic!("one transaction is booked") };
    assert_eq!(transaction["credit_debit_indicator"], "CRDT");
    assert_eq!(transaction["debtor"]["name"], "Aino Mäkelä");
    assert_eq!(transaction["debtor_account"]["iban"], json!(payer.iban));
}

#[tokio::test]
async fn a_payment_that_was_long_ago_is_booked_on_its_day() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    caller.approved(&sepa("1.00")).await;
    caller.wait(3 * 24 * 3600);
    let [transaction] = &payer.paid(&caller, "BOOK").await[..] else { panic!("one transaction is booked") };
    assert_eq!(transaction["booking_date"], "2026-02-10");
}

#[tokio::test]
async fn a_payment_is_executed_after_the_bank_has_ceased_to_give_it_out() {
    let caller = stopped().await;
    let mut body = sepa("1.00");
    body["payment_request"]["credit_transfer_transaction"][0]["requested_execution_date"] = json!("2026-06-01");
    let path = caller.approved(&body).await;
    caller.wait(95 * 24 * 3600);
    assert_eq!(caller.get(&path).await.refusal().1, "ASPSP_PAYMENT_NOT_ACCESSIBLE");
    caller.wait(30 * 24 * 3600);
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let [transaction] = &payer.paid(&caller, "BOOK").await[..] else { panic!("one transaction is booked") };
    assert_eq!(transaction["booking_date"], "2026-06-01");
}

#[tokio::test]
async fn a_payment_without_enough_money_is_rejected() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let booked = payer.balance(&caller, "CLBD").await;
    let path = caller.approved(&sepa("500000.00")).await;
    caller.wait(60);
    let shown = caller.get(&path).await.ok();
    assert_eq!(
        (short(&shown).as_str(), &shown["status_reason_information"]["status_reason_code"]),
        ("RJCT!", &json!("AM04"))
    );
    assert_eq!(payer.balance(&caller, "CLBD").await, booked);
}

#[tokio::test]
async fn money_is_promised_once() {
    let caller = stopped().await;
    // Each is covered by the 10,000 to 15,000 of the account, and both are not.
    let paths = [caller.approved(&sepa("9000.00")).await, caller.approved(&sepa("9000.00")).await];
    caller.wait(60);
    assert_eq!([caller.status(&paths[0]).await, caller.status(&paths[1]).await], ["ACSC!", "RJCT!"]);
}

#[tokio::test]
async fn money_of_deferred_payments_is_promised_at_their_submission() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let booked = payer.balance(&caller, "CLBD").await;
    let mut body = sepa("9000.00");
    body["defer_submission"] = json!(true);
    let paths = [caller.approved(&body).await, caller.approved(&body).await];
    for path in &paths {
        caller.post(&format!("{path}/submit"), &json!({})).await.ok();
    }
    caller.wait(60);
    assert_eq!([caller.status(&paths[0]).await, caller.status(&paths[1]).await], ["ACSC!", "RJCT!"]);
    let reason = &caller.get(&paths[1]).await.ok()["status_reason_information"]["status_reason_code"];
    assert_eq!(reason, "AM04");
    assert_eq!(payer.balance(&caller, "CLBD").await, booked - 900_000);
}

#[tokio::test]
async fn payments_of_a_deleted_application_end_with_it() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let expected = payer.balance(&caller, "XPCD").await;
    let (id, pem) = caller.register("Another").await;
    let create = caller.request(Method::POST, "/payments").json(&sepa("12.50"));
    let created = caller.send_bare(create.bearer_auth(caller.token_of(&id, &pem))).await.ok();
    caller.sandbox.approve(created["url"].as_str().unwrap()).unwrap();
    caller.wait(10);
    assert_eq!(payer.balance(&caller, "XPCD").await, expected - 1250);
    let delete = caller.request(Method::DELETE, &format!("/api/applications/{id}"));
    let response = delete.bearer_auth(caller.sandbox.registration_token()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    caller.wait(1_000);
    assert_eq!(payer.balance(&caller, "XPCD").await, expected);
    assert!(payer.paid(&caller, "PDNG").await.is_empty());
    assert_eq!(payer.paid(&caller, "CNCL").await.len(), 1);
}

#[tokio::test]
async fn payments_that_are_final_at_the_deletion_are_booked() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let (id, pem) = caller.register("Another").await;
    let create = caller.request(Method::POST, "/payments").json(&sepa("12.50"));
    let created = caller.send_bare(create.bearer_auth(caller.token_of(&id, &pem))).await.ok();
    caller.sandbox.approve(created["url"].as_str().unwrap()).unwrap();
    // No request looks at the payment between its last status and the deletion.
    caller.wait(60);
    let delete = caller.request(Method::DELETE, &format!("/api/applications/{id}"));
    delete.bearer_auth(caller.sandbox.registration_token()).send().await.unwrap();
    assert_eq!(payer.paid(&caller, "BOOK").await.len(), 1);
}

#[tokio::test]
async fn only_the_accepted_transfers_of_a_bulk_payment_are_booked() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "business").await;
    let booked = payer.balance(&caller, "CLBD").await;
    caller.sandbox.set_quirks(&["PARTIAL_PAYMENTS"]).unwrap();
    caller.approved(&bulk(&["1.00", "2.00", "4.00"])).await;
    caller.sandbox.set_quirks(&[]).unwrap();
    caller.wait(10);
    assert_eq!(payer.paid(&caller, "PDNG").await.len(), 3);
    caller.wait(50);
    assert_eq!(payer.balance(&caller, "CLBD").await, booked - 500);
    assert_eq!(payer.paid(&caller, "BOOK").await.len(), 2);
    assert_eq!(payer.paid(&caller, "RJCT").await.len(), 1);
    assert!(payer.paid(&caller, "PDNG").await.is_empty());
}

#[tokio::test]
async fn a_denied_payment_moves_no_money() {
    let caller = stopped().await;
    let payer = Watched::new(&caller, "FI", "Saimaan Pankki", "personal").await;
    let booked = payer.balance(&caller, "CLBD").await;
    let created = caller.pay(&sepa("1.00")).await;
    caller.sandbox.deny(created["url"].as_str().unwrap()).unwrap();
    caller.wait(1_000);
    assert_eq!(caller.status(&path(&created)).await, "RJCT!");
    assert_eq!(payer.balance(&caller, "CLBD").await, booked);
}
