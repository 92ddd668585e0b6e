//! The operations, and every parameter of theirs.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;
use tilisy_sandbox::chrono::TimeDelta;

use crate::Caller;

fn texts<'v>(values: impl IntoIterator<Item = &'v Value>) -> BTreeSet<&'v str> {
    values.into_iter().map(|value| value.as_str().unwrap()).collect()
}

#[tokio::test]
async fn banks_are_listed_by_country_and_kind() {
    let caller = Caller::new().await;
    let list = |target: &'static str| async { caller.get(target).await.ok()["aspsps"].as_array().unwrap().clone() };
    let all = list("/aspsps").await;
    let countries = texts(all.iter().map(|bank| &bank["country"]));
    assert!(all.len() >= 10 && countries.len() >= 5, "{} banks, {countries:?}", all.len());
    assert!(list("/aspsps?country=FI").await.iter().all(|bank| bank["country"] == "FI"));
    assert_eq!(list("/aspsps?country=fi").await, list("/aspsps?country=FI").await);
    assert!(list("/aspsps?country=ZZ").await.is_empty());
    let business = list("/aspsps?psu_type=business").await;
    assert!(
        business.len() < all.len()
            && business.iter().all(|bank| bank["psu_types"].as_array().unwrap().contains(&json!("business")))
    );
    assert_eq!(list("/aspsps?country=FR&psu_type=personal").await.len(), 1);
    for wrong in ["/aspsps?country=FIN", "/aspsps?country=1", "/aspsps?psu_type=robot"] {
        assert_eq!(caller.get(wrong).await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"), "{wrong}");
    }
    assert!(all.iter().all(|bank| !bank["sandbox"]["users"].as_array().unwrap().is_empty()));
    assert!(all.iter().any(|bank| bank["auth_methods"].as_array().unwrap().len() > 1));
}

#[tokio::test]
async fn an_account_is_the_same_in_every_session_but_for_its_id() {
    let caller = Caller::new().await;
    let body = caller.authorization("FI", "Saimaan Pankki");
    let (one, two) = (caller.session(&body).await, caller.session(&body).await);
    let all = |session: &Value, key: &str| -> Vec<Value> {
        session["accounts"].as_array().unwrap().iter().map(|account| account[key].clone()).collect()
    };
    assert_eq!(all(&one, "identification_hash"), all(&two, "identification_hash"));
    assert_ne!(all(&one, "uid"), all(&two, "uid"));
    let hashes: BTreeSet<_> = all(&one, "identification_hash").iter().map(Value::to_string).collect();
    assert_eq!(hashes.len(), one["accounts"].as_array().unwrap().len());
    let shown = caller.get(&format!("/sessions/{}", one["session_id"].as_str().unwrap())).await.ok();
    assert_eq!(shown["accounts"], json!(all(&one, "uid")));
    assert_eq!(shown["status"], "AUTHORIZED");
}

#[tokio::test]
async fn transactions_are_those_of_the_days_and_the_status_asked_for() {
    let caller = Caller::new().await;
    let account = caller.account(0).await;
    let rows = |query: &str| {
        let target = format!("/accounts/{account}/transactions?{query}");
        let caller = &caller;
        async move { caller.get(&target).await.ok()["transactions"].as_array().unwrap().clone() }
    };
    let days = |rows: &[Value]| -> BTreeSet<String> {
        rows.iter().map(|row| row["value_date"].as_str().unwrap().to_owned()).collect()
    };
    let some = rows("date_from=2026-01-10&date_to=2026-01-12").await;
    assert_eq!(days(&some), BTreeSet::from(["2026-01-10", "2026-01-11", "2026-01-12"].map(str::to_owned)));
    assert_eq!(some.len(), 9);
    assert_eq!(days(&rows("date_from=2026-01-31").await).len(), 1);
    assert!(rows("date_from=2026-02-01").await.is_empty());
    assert!(rows("date_from=1990-01-01&date_to=1990-12-31").await.is_empty());
    for status in ["BOOK", "CNCL", "HOLD", "OTHR", "PDNG", "RJCT", "SCHD"] {
        let some = rows(&format!("transaction_status={status}")).await;
        assert!(!some.is_empty() && some.iter().all(|row| row["status"] == status), "{status}");
        assert!(rows(&format!("transaction_status={status}&date_from=2026-03-01")).await.is_empty(), "{status}");
    }
    let whole = rows("").await;
    assert!(whole.iter().all(|row| (row["status"] == "BOOK") == row["booking_date"].is_string()));
    for wrong in ["transaction_status=book", "date_from=yesterday", "date_from=2026-1-1", "date_from=2026-02-30"] {
        let answer = caller.get(&format!("/accounts/{account}/transactions?{wrong}")).await;
        assert_eq!(answer.refusal(), (422, "WRONG_REQUEST_PARAMETERS"), "{wrong}");
    }
}

#[tokio::test]
async fn a_consent_covers_what_it_names() {
    let caller = Caller::new().await;
    let mut body = caller.authorization("NO", "Fjordbanken");
    body["access"]["balances"] = json!(false);
    let session = caller.session(&body).await;
    let uid = session["accounts"][0]["uid"].as_str().unwrap();
    assert_eq!(caller.get(&format!("/accounts/{uid}/balances")).await.refusal(), (403, "UNAUTHORIZED_ACCESS"));
    caller.get(&format!("/accounts/{uid}/transactions")).await.ok();

    let iban = session["accounts"][0]["account_id"]["iban"].clone();
    body["access"] =
        json!({ "valid_until": body["access"]["valid_until"], "accounts": [{ "iban": iban }], "transactions": false });
    let session = caller.session(&body).await;
    assert_eq!(session["accounts"].as_array().unwrap().len(), 1);
    let uid = session["accounts"][0]["uid"].as_str().unwrap();
    caller.get(&format!("/accounts/{uid}/balances")).await.ok();
    assert_eq!(caller.get(&format!("/accounts/{uid}/transactions")).await.refusal(), (403, "UNAUTHORIZED_ACCESS"));
}

#[tokio::test]
async fn a_bank_that_wants_psu_headers_names_those_that_are_missing() {
    let caller = Caller::new().await;
    let session = caller.session(&caller.authorization("SE", "Fjällkassan")).await;
    let target = format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap());
    let bare = caller.get(&target).await;
    assert_eq!(bare.refusal(), (422, "PSU_HEADER_NOT_PROVIDED"));
    assert_eq!(bare.body["detail"], json!(["Psu-Ip-Address", "Psu-User-Agent"]));
    let request = || caller.request(Method::GET, &target).header("psu-ip-address", "203.0.113.7");
    let half = caller.send(request()).await;
    assert_eq!((half.refusal(), &half.body["detail"]), ((422, "PSU_HEADER_NOT_PROVIDED"), &json!(["Psu-User-Agent"])));
    caller.send(request().header("Psu-User-Agent", "Firefox")).await.ok();
}

#[tokio::test]
async fn unattended_fetches_are_counted_where_that_is_switched_on() {
    let caller = Caller::with(Sandbox::builder().count_unattended(true)).await;
    let account = caller.account(0).await;
    let target = format!("/accounts/{account}/transactions");
    let first = caller.get(&target).await.ok();
    // Later pages are part of the same fetch.
    let key =
        form_urlencoded::byte_serialize(first["continuation_key"].as_str().unwrap().as_bytes()).collect::<String>();
    caller.get(&format!("{target}?continuation_key={key}")).await.ok();
    for _ in 0..3 {
        caller.get(&target).await.ok();
    }
    let refused = caller.get(&target).await;
    assert_eq!((refused.status, refused.retry_after.is_some_and(|seconds| seconds > 86_000)), (429, true));
    caller.send(caller.request(Method::GET, &target).header("Psu-Ip-Address", "203.0.113.7")).await.ok();
    caller.clock.advance(TimeDelta::days(1));
    caller.get(&target).await.ok();
}
