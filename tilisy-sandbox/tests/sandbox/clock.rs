//! Data that follows the clock.

use std::collections::BTreeMap;

use serde_json::Value;
use tilisy_sandbox::chrono::TimeDelta;
use tilisy_sandbox::{NewTransaction, Sandbox};

use crate::{Caller, day};

/// The transactions of a user's first account since a day, by their references.
async fn since(caller: &Caller, target: &str, day: &str) -> BTreeMap<String, Value> {
    let page = caller.get(&format!("{target}/transactions?date_from={day}")).await.ok();
    let rows = page["transactions"].as_array().unwrap().iter();
    rows.map(|row| (row["entry_reference"].as_str().unwrap().to_owned(), row.clone())).collect()
}

async fn account(caller: &Caller) -> String {
    format!("/accounts/{}", caller.account(0).await)
}

#[tokio::test]
async fn a_day_brings_new_transactions_and_leaves_the_old_ones() {
    let caller = Caller::current().await;
    let account = account(&caller).await;
    let before = since(&caller, &account, "2026-01-25").await;
    caller.clock.advance(TimeDelta::days(1));
    let after = since(&caller, &account, "2026-01-25").await;
    let booked = |rows: &BTreeMap<String, Value>| {
        let booked = rows.iter().filter(|(_, row)| row["status"] == "BOOK");
        booked.map(|(reference, row)| (reference.clone(), row.clone())).collect::<BTreeMap<_, _>>()
    };
    let (old, new) = (booked(&before), booked(&after));
    assert_eq!(new.len(), old.len() + 3);
    for (reference, row) in &old {
        assert_eq!(&new[reference], row);
    }
    assert!(new.values().any(|row| row["booking_date"] == "2026-02-01"));
}

#[tokio::test]
async fn scheduled_transactions_become_pending_and_then_booked() {
    let caller = Caller::current().await;
    let account = account(&caller).await;
    let of = |rows: &BTreeMap<String, Value>, status: &str| -> BTreeMap<String, Value> {
        let rows = rows.iter().filter(|(_, row)| row["status"] == status);
        rows.map(|(reference, row)| (reference.clone(), row["transaction_amount"].clone())).collect()
    };
    let first = since(&caller, &account, "2026-01-31").await;
    caller.clock.advance(TimeDelta::days(1));
    let second = since(&caller, &account, "2026-01-31").await;
    caller.clock.advance(TimeDelta::days(1));
    let third = since(&caller, &account, "2026-01-31").await;
    let scheduled = of(&first, "SCHD");
    assert_eq!(scheduled.len(), 2);
    assert_eq!(of(&second, "PDNG"), scheduled);
    let booked = of(&third, "BOOK");
    assert!(scheduled.iter().all(|(reference, amount)| booked.get(reference) == Some(amount)));
    // Balances follow.
    let balances = caller.get(&format!("{account}/balances")).await.ok();
    assert_eq!(balances["balances"][0]["reference_date"], "2026-02-02");
}

#[tokio::test]
async fn pages_of_one_listing_stay_those_of_its_first_day() {
    let caller = Caller::current().await;
    let target = format!("{}/transactions", account(&caller).await);
    let first = caller.get(&target).await.ok();
    let key: String = form_urlencoded::byte_serialize(first["continuation_key"].as_str().unwrap().as_bytes()).collect();
    let next = format!("{target}?continuation_key={key}");
    let before = caller.get(&next).await.ok()["transactions"].clone();
    caller.clock.advance(TimeDelta::days(5));
    let user = caller.sandbox.bank("Fjordbanken").user("aino");
    user.accounts()[0].add_transaction(NewTransaction::debit("1.00", "Kahvila")).unwrap();
    assert_eq!(caller.get(&next).await.ok()["transactions"], before);
}

#[tokio::test]
async fn the_same_day_has_the_same_transactions_on_every_start() {
    let (one, two) = (Caller::current().await, Caller::of(Sandbox::builder().newest_day(day("2026-03-15"))).await);
    one.clock.advance(TimeDelta::days(43));
    let rows =
        [since(&one, &account(&one).await, "2026-03-01").await, since(&two, &account(&two).await, "2026-03-01").await];
    assert_eq!(rows[0], rows[1]);
}

#[tokio::test]
async fn quotas_of_a_day_are_reset_by_the_clock() {
    let caller = Caller::current().await;
    caller.sandbox.bank("Fjordbanken").set_quirks(&["LIMIT_BY_DAY"]).unwrap();
    let target = format!("{}/balances", account(&caller).await);
    for _ in 0..4 {
        caller.get(&target).await.ok();
    }
    let refused = caller.get(&target).await;
    assert_eq!((refused.refusal(), refused.retry_after.is_some()), ((429, "ASPSP_RATE_LIMIT_EXCEEDED"), true));
    caller.clock.advance(TimeDelta::days(1));
    caller.get(&target).await.ok();
}

#[tokio::test]
async fn a_clock_that_is_moved_without_end_stays_where_it_is() {
    let caller = Caller::current().await;
    let before = caller.clock.now();
    for time in [TimeDelta::MAX, TimeDelta::MIN, TimeDelta::days(4_000_000)] {
        caller.clock.advance(time);
    }
    assert!(caller.clock.now() - before < TimeDelta::hours(1));
    caller.get("/application").await.ok();
}

#[tokio::test]
async fn later_pages_of_a_short_history_are_those_of_the_first_day() {
    let caller = Caller::current().await;
    let mut body = caller.authorization("FI", "Revontuli");
    body["psu_type"] = "personal".into();
    let session = caller.session(&body).await;
    let target = format!("/accounts/{}/transactions", session["accounts"][0]["uid"].as_str().unwrap());
    for query in ["strategy=longest", "date_from=2025-11-02", ""] {
        let first = caller.get(&format!("{target}?{query}")).await.ok();
        let key: String =
            form_urlencoded::byte_serialize(first["continuation_key"].as_str().unwrap().as_bytes()).collect();
        let next = format!("{target}?{query}&continuation_key={key}");
        let before = caller.get(&next).await.ok();
        caller.clock.advance(TimeDelta::days(3));
        assert_eq!(caller.get(&next).await.ok(), before, "{query}");
        caller.clock.advance(TimeDelta::days(-3));
    }
}
