//! The error codes of the current edition: by the header, and, apart from those of payments, by realistic conditions.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::chrono::TimeDelta;
use tilisy_sandbox::{Builder, Sandbox};

use super::code_of;
use super::table::On::{
    Account, Auth, Banks, DeletePayment, EndSession, Every, Pay, Payment, Session, Sessions, Submit, Transaction,
    Transactions, Transfer,
};
use super::table::{self, CODES, On};
use crate::payments::{path, sepa};
use crate::{Caller, query};

const BANK: (&str, &str) = ("SE", "Älvsbanken");

/// A fresh request of every kind, with its operations. Those that end something come last.
async fn requests(caller: &Caller) -> Vec<(Vec<On>, Method, String, Option<Value>)> {
    let body = caller.authorization(BANK.0, BANK.1);
    let session = caller.session(&body).await;
    let account = format!("/accounts/{}", session["accounts"][0]["uid"].as_str().unwrap());
    let one = format!("/sessions/{}", session["session_id"].as_str().unwrap());
    let page = caller.get(&format!("{account}/transactions")).await.ok();
    let id = page["transactions"][0]["transaction_id"].as_str().unwrap().replace('=', "%3D");
    let code = json!({ "code": caller.code(&body).await });
    let mut all = vec![
        (vec![Every, Banks], Method::GET, "/aspsps".to_owned(), None),
        (vec![Every], Method::GET, "/application".to_owned(), None),
        (vec![Every, Auth], Method::POST, "/auth".to_owned(), Some(body)),
        (vec![Every, Sessions], Method::POST, "/sessions".to_owned(), Some(code)),
        (vec![Every, Session], Method::GET, one.clone(), None),
        (vec![Every, Account], Method::GET, format!("{account}/details"), None),
        (vec![Every, Account], Method::GET, format!("{account}/balances"), None),
        (vec![Every, Account, Transactions], Method::GET, format!("{account}/transactions"), None),
        (vec![Every, Account, Transaction], Method::GET, format!("{account}/transactions/{id}"), None),
    ];
    all.extend(requests_of_payments(caller).await);
    all.push((vec![Every, Session, EndSession], Method::DELETE, one, None));
    all
}

async fn requests_of_payments(caller: &Caller) -> Vec<(Vec<On>, Method, String, Option<Value>)> {
    let mut body = sepa("1.00");
    let created = caller.pay(&body).await;
    let shown = caller.get(&path(&created)).await.ok();
    let transfer = &shown["payment_details"]["credit_transfer_transaction"][0]["transaction_id"];
    let transfer = format!("{}/transactions/{}", path(&created), transfer.as_str().unwrap());
    let ended = caller.pay(&body).await;
    caller.sandbox.deny(ended["url"].as_str().unwrap()).unwrap();
    body["defer_submission"] = json!(true);
    let submit = format!("{}/submit", caller.approved(&body).await);
    vec![
        (vec![Every, Pay], Method::POST, "/payments".to_owned(), Some(sepa("1.00"))),
        (vec![Every, Payment], Method::GET, path(&created), None),
        (vec![Every, Transfer], Method::GET, transfer, None),
        (vec![Every, Submit], Method::POST, submit, Some(json!({}))),
        (vec![Every, DeletePayment], Method::DELETE, path(&ended), None),
    ]
}

#[tokio::test]
async fn every_code_is_reached_by_the_header_on_its_operations() {
    let caller = Caller::current().await;
    for (code, statuses, operations) in CODES {
        for (kinds, method, target, body) in requests(&caller).await {
            let answer = caller.scenario(method.clone(), &target, body.as_ref(), code).await;
            if operations.iter().any(|operation| kinds.contains(operation)) {
                assert_eq!(answer.refusal(), (statuses[0], *code), "{method} {target}");
            } else if answer.status != 200 {
                // Others may be refused for the same condition, but never with this code.
                assert_ne!(answer.code(), *code, "{method} {target}");
            }
        }
    }
}

/// The code of the response to a request.
async fn refused(caller: &Caller, target: &str) -> String {
    caller.get(target).await.code().to_owned()
}

async fn of_auth(caller: &Caller, change: impl FnOnce(&mut Value)) -> String {
    let mut body = caller.authorization(BANK.0, BANK.1);
    change(&mut body);
    caller.post("/auth", &body).await.code().to_owned()
}

async fn built(builder: Builder) -> String {
    let caller = Caller::of(builder).await;
    caller.post("/auth", &caller.authorization(BANK.0, BANK.1)).await.code().to_owned()
}

/// The codes of requests that start or end a session.
async fn of_sessions(caller: &Caller) -> Vec<String> {
    let body = caller.authorization(BANK.0, BANK.1);
    let redeem =
        |code: String| async move { caller.post("/sessions", &json!({ "code": code })).await.code().to_owned() };
    let mut seen = vec![
        built(Sandbox::builder().services(&["PIS"])).await,
        built(Sandbox::builder().caller_address("203.0.113.7".parse().unwrap())).await,
        of_auth(caller, |body| body["access"]["accounts"] = json!([{}])).await,
        of_auth(caller, |body| body["redirect_url"] = json!("https://stranger.example")).await,
        of_auth(caller, |body| body["aspsp"]["name"] = json!("Nobody")).await,
        of_auth(caller, |body| body["access"]["valid_until"] = json!("2099-01-01T00:00:00Z")).await,
        redeem("none".to_owned()).await,
        redeem(caller.code(&caller.authorization("FI", "Häiriöpankki")).await).await,
        redeem(code_of(caller, &body, "tyyne", "hiljaa", "000000").await).await,
        refused(caller, "/sessions/497f6eca-6276-4993-bfeb-53cbbbba6f08").await,
    ];
    let wrong = |body: &mut Value| {
        (body["auth_method"], body["credentials"]) = (json!("password"), json!({ "pin": "1" }));
    };
    seen.push(of_auth(caller, wrong).await);
    let code = caller.code(&body).await;
    caller.post("/sessions", &json!({ "code": code })).await.ok();
    seen.push(redeem(code).await);
    let late = caller.sandbox.approve(&caller.link(&body).await).unwrap();
    let session = caller.session(&body).await;
    let foreign = caller.request(Method::GET, "/aspsps").header("Host", "bank.example").bearer_auth(caller.token());
    seen.push(caller.send_bare(foreign).await.code().to_owned());
    seen.push(caller.send_bare(caller.request(Method::GET, "/aspsps")).await.code().to_owned());
    let stranger = caller.request(Method::GET, "/aspsps").bearer_auth("x.y.z");
    seen.push(caller.send_bare(stranger).await.code().to_owned());
    let uid = session["accounts"][0]["uid"].as_str().unwrap();
    caller.delete(&format!("/sessions/{}", session["session_id"].as_str().unwrap())).await.ok();
    seen.push(refused(caller, &format!("/accounts/{uid}/balances")).await);
    caller.clock.advance(TimeDelta::minutes(10));
    let late = query(&late, "code").unwrap();
    // The second time, there is no session that it could belong to.
    seen.push(redeem(late.clone()).await);
    seen.push(redeem(late).await);
    seen
}

/// The codes of requests for accounts and transactions.
async fn of_accounts(caller: &Caller) -> Vec<String> {
    let body = caller.authorization(BANK.0, BANK.1);
    let session = caller.session(&body).await;
    let account = format!("/accounts/{}", session["accounts"][0]["uid"].as_str().unwrap());
    let rows = format!("{account}/transactions");
    let mut seen = vec![
        refused(caller, "/accounts/497f6eca-6276-4993-bfeb-53cbbbba6f08/details").await,
        refused(caller, &format!("{rows}?date_to=2026-01-01")).await,
        refused(caller, &format!("{rows}?date_from=2026-02-01")).await,
        refused(caller, &format!("{rows}?date_from=2026-01-02&date_to=2026-01-01")).await,
        refused(caller, &format!("{rows}?continuation_key=x")).await,
        refused(caller, &format!("{rows}/none")).await,
    ];
    let short = caller.session(&caller.authorization("FI", "Revontuli")).await;
    let short = short["accounts"][0]["uid"].as_str().unwrap();
    seen.push(refused(caller, &format!("/accounts/{short}/transactions?date_from=2025-01-01")).await);
    let wanting = caller.session(&caller.authorization("SE", "Fjällkassan")).await;
    let target = format!("/accounts/{}/balances", wanting["accounts"][0]["uid"].as_str().unwrap());
    for header in [("Psu-User-Agent", "Firefox"), ("Psu-Ip-Address", "here")] {
        let request = caller.request(Method::GET, &target).header(header.0, header.1);
        seen.push(caller.send(request).await.code().to_owned());
    }
    let bank = caller.sandbox.bank(BANK.1);
    for quirk in ["SLOW", "ACTION_REQUIRED", "LIMIT_BY_DAY"] {
        bank.set_quirks(&[quirk]).unwrap();
        let mut last = caller.get(&format!("{account}/balances")).await;
        for _ in 0..4 {
            last = caller.get(&format!("{account}/balances")).await;
        }
        seen.push(last.code().to_owned());
    }
    bank.set_quirks(&[]).unwrap();
    let blocked = bank.user("aino").accounts().remove(0);
    blocked.set_blocked(true);
    seen.push(refused(caller, &format!("{account}/balances")).await);
    blocked.set_blocked(false);
    let id = session["session_id"].as_str().unwrap();
    assert!(caller.sandbox.revoke(id.parse().unwrap()));
    seen.push(refused(caller, &rows).await);
    let session = caller.session(&body).await;
    let account = format!("/accounts/{}/details", session["accounts"][0]["uid"].as_str().unwrap());
    caller.clock.advance(TimeDelta::days(31));
    seen.push(refused(caller, &account).await);
    seen
}

#[tokio::test]
async fn every_code_is_reached_by_realistic_conditions() {
    let caller = Caller::current().await;
    let mut seen: BTreeSet<_> = of_sessions(&caller).await.into_iter().collect();
    seen.extend(of_accounts(&caller).await);
    let expected: BTreeSet<_> = table::of_accounts().map(|(code, ..)| (*code).to_owned()).collect();
    assert_eq!(seen, expected);
}
