//! Payments over HTTP, from their creation to their end.

mod codes;
mod money;
mod page;
mod requests;
mod statuses;
mod webhooks;

use serde_json::{Value, json};
use tilisy_sandbox::chrono::TimeDelta;

use crate::{Caller, REDIRECT};

/// An IBAN outside the sandbox, that of the documentation's samples.
const ELSEWHERE: &str = "FI2112345600000785";

/// The body of `POST /payments` for one SEPA transfer at a bank where little is odd.
pub(crate) fn sepa(amount: &str) -> Value {
    json!({
        "payment_type": "SEPA",
        "psu_type": "personal",
        "aspsp": { "country": "FI", "name": "Saimaan Pankki" },
        "state": "some state",
        "redirect_url": REDIRECT,
        "payment_request": { "credit_transfer_transaction": [transfer(amount)] },
    })
}

fn transfer(amount: &str) -> Value {
    json!({
        "instructed_amount": { "currency": "EUR", "amount": amount },
        "beneficiary": {
            "creditor": { "name": "Kahvila Käpylä" },
            "creditor_account": { "scheme_name": "IBAN", "identification": ELSEWHERE },
        },
        "remittance_information": ["Lasku 12"],
    })
}

/// The body of `POST /payments` for several transfers of a company.
fn bulk(amounts: &[&str]) -> Value {
    let mut body = sepa("1.00");
    body["payment_type"] = json!("BULK_SEPA");
    body["psu_type"] = json!("business");
    let transfers: Vec<_> = amounts.iter().map(|amount| transfer(amount)).collect();
    body["payment_request"]["credit_transfer_transaction"] = json!(transfers);
    body
}

/// A sandbox whose clock stands still unless a test moves it.
async fn stopped() -> Caller {
    let caller = Caller::of(tilisy_sandbox::Sandbox::builder()).await;
    stop(&caller);
    caller
}

fn stop(caller: &Caller) {
    caller.clock.stop_at("2026-02-10T12:00:00Z".parse().unwrap());
}

impl Caller {
    pub(crate) async fn pay(&self, body: &Value) -> Value {
        self.post("/payments", body).await.ok()
    }

    /// Creates a payment and approves it; returns its path.
    pub(crate) async fn approved(&self, body: &Value) -> String {
        let created = self.pay(body).await;
        self.sandbox.approve(created["url"].as_str().unwrap()).unwrap();
        path(&created)
    }

    /// Returns the status, with an `!` if it is final.
    async fn status(&self, path: &str) -> String {
        short(&self.get(path).await.ok())
    }

    fn wait(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }
}

pub(crate) fn path(created: &Value) -> String {
    format!("/payments/{}", created["payment_id"].as_str().unwrap())
}

fn short(shown: &Value) -> String {
    let end = if shown["final_status"].as_bool().unwrap() { "!" } else { "" };
    format!("{}{end}", shown["status"].as_str().unwrap())
}
