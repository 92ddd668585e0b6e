//! Pages: all rows, once each, by keys that are good for one purpose.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::Caller;

fn encoded(key: &str) -> String {
    form_urlencoded::byte_serialize(key.as_bytes()).collect()
}

/// Every page of a request, up to a limit.
async fn pages(caller: &Caller, target: &str, limit: usize) -> Vec<Value> {
    let mut pages = vec![caller.get(target).await.ok()];
    while let Some(key) = pages.last().unwrap()["continuation_key"].as_str().map(encoded) {
        if pages.len() == limit {
            break;
        }
        let and = if target.contains('?') { '&' } else { '?' };
        pages.push(caller.get(&format!("{target}{and}continuation_key={key}")).await.ok());
    }
    pages
}

#[tokio::test]
async fn every_row_comes_once_with_an_empty_page_in_the_middle() {
    let caller = Caller::new().await;
    let account = caller.account(0).await;
    let pages = pages(&caller, &format!("/accounts/{account}/transactions"), 99).await;
    let counts: Vec<_> = pages.iter().map(|page| page["transactions"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [100, 100, 100, 100, 100, 0, 100, 100, 100, 100, 100]);
    let rows = pages.iter().flat_map(|page| page["transactions"].as_array().unwrap());
    let references: BTreeSet<_> = rows.map(|row| row["entry_reference"].to_string()).collect();
    assert_eq!(references.len(), 1000);
    assert_eq!(pages.last().unwrap()["continuation_key"], Value::Null);
    let keys: BTreeSet<_> = pages.iter().map(|page| page["continuation_key"].to_string()).collect();
    assert_eq!(keys.len(), pages.len(), "no key comes twice");
}

#[tokio::test]
async fn accounts_have_none_one_and_a_million_rows() {
    let caller = Caller::new().await;
    for (nth, rows) in [(2, 1), (3, 0)] {
        let account = caller.account(nth).await;
        let pages = pages(&caller, &format!("/accounts/{account}/transactions"), 9).await;
        assert_eq!((pages.len(), pages[0]["transactions"].as_array().unwrap().len()), (1, rows));
    }
    let mut body = caller.authorization("NO", "Fjordbanken");
    body["psu_type"] = json!("business");
    let session = caller.session(&body).await;
    let account = session["accounts"][0]["uid"].as_str().unwrap();
    // The oldest rows: their number is in their reference, counted from the first.
    let target = format!("/accounts/{account}/transactions?date_from=0001-01-01&date_to=1113-09-01");
    let pages = pages(&caller, &target, 3).await;
    let last =
        |row: &Value| row["entry_reference"].as_str().unwrap().split_once('-').unwrap().1.parse::<u64>().unwrap();
    let oldest: Vec<_> = pages[0]["transactions"].as_array().unwrap().iter().map(last).collect();
    assert!(oldest.iter().all(|number| *number < 1000), "{oldest:?}");
    let newest = caller.get(&format!("/accounts/{account}/transactions?transaction_status=BOOK")).await.ok();
    // Twelve are not booked.
    assert_eq!(last(&newest["transactions"][0]), 999_988);
}

#[tokio::test]
async fn a_key_is_good_for_its_session_its_account_and_its_parameters() {
    let caller = Caller::new().await;
    let session = caller.session(&caller.authorization("NO", "Fjordbanken")).await;
    let uid = |nth: usize| session["accounts"][nth]["uid"].as_str().unwrap().to_owned();
    let target = format!("/accounts/{}/transactions?date_from=2025-01-01", uid(0));
    let key = encoded(caller.get(&target).await.ok()["continuation_key"].as_str().unwrap());
    let other_session = caller.account(0).await;
    for (wrong, named) in [
        (format!("/accounts/{}/transactions?continuation_key={key}", uid(0)), "dateFrom"),
        (format!("/accounts/{}/transactions?date_from=2025-01-02&continuation_key={key}", uid(0)), "dateFrom"),
        (format!("{target}&date_to=2026-01-01&continuation_key={key}"), "dateTo"),
        (format!("{target}&transaction_status=BOOK&continuation_key={key}"), "transactionStatus"),
        (format!("/accounts/{}/transactions?date_from=2025-01-01&continuation_key={key}", uid(1)), "accountId"),
        (format!("/accounts/{other_session}/transactions?date_from=2025-01-01&continuation_key={key}"), "sessionId"),
        (format!("{target}&continuation_key=x{key}"), "continuation_key"),
        (format!("{target}&continuation_key="), "continuation_key"),
        (format!("{target}&continuation_key=e30%3D.AAAA"), "continuation_key"),
    ] {
        let answer = caller.get(&wrong).await;
        assert_eq!(answer.refusal(), (422, "WRONG_REQUEST_PARAMETERS"), "{wrong}");
        assert!(answer.body["message"].as_str().unwrap().contains(named), "{named}: {}", answer.body);
    }
    caller.get(&format!("{target}&continuation_key={key}")).await.ok();
}

#[tokio::test]
async fn a_key_is_repeated_on_request() {
    let caller = Caller::new().await;
    let target = format!("/accounts/{}/transactions", caller.account(0).await);
    let key = caller.get(&target).await.ok()["continuation_key"].as_str().unwrap().to_owned();
    let again = format!("{target}?continuation_key={}", encoded(&key));
    let page = caller.scenario(Method::GET, &again, None, "REPEATED_KEY").await.ok();
    assert_eq!(page["continuation_key"], json!(key));
}
