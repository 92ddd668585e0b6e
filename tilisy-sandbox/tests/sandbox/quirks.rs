//! Odd answers on request: each differs from the ordinary one, and no other request notices.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;

use crate::Caller;

/// A quirk, and the call that shows it.
const QUIRKS: &[(&str, &str)] = &[
    ("EMPTY_TEXT_FOR_OBJECT", "transactions"),
    ("BRACKET_FOR_CODE", "transactions"),
    ("NULL_AMOUNT", "balances"),
    ("TEXT_FOR_ADDRESS_LINES", "transactions"),
    ("NULL_USER", "aspsps"),
    ("EMPTY_CREDENTIAL", "aspsps"),
    ("ERROR_CODE_ZERO", "error"),
    ("NULL_LIST", "transactions"),
    ("NULL_OPTIONAL", "transactions"),
    ("NULL_UID", "session"),
    ("CURRENCY_XXX", "balances"),
    ("SIGNED_AMOUNT", "transactions"),
    ("NUMBER_FOR_AMOUNT", "balances"),
    ("NEW_CODE", "balances"),
    ("WHOLE_AMOUNT", "balances"),
    ("NO_IDENTIFIERS", "transactions"),
    ("NULL_DATES", "transactions"),
    ("ONLY_TRANSACTION_DATE", "transactions"),
    ("RIGHT_SPELLING", "transactions"),
    ("MICROSECONDS", "balances"),
    ("TEXT_FOR_ERROR_CODE", "error"),
    ("EMPTY_TEXT_FOR_KEY", "transactions?date_from=2026-01-31"),
    ("NULL_REFERENCE", "transactions"),
    ("CHANGING_REFERENCE", "transactions"),
    ("TRANSACTION_ID", "transactions"),
    ("POSITIONAL_REFERENCE", "transactions"),
    ("LATE_REFERENCE", "transactions"),
    ("TWIN_PAYMENTS", "transactions"),
    ("PENDING_BOOKED", "transactions"),
    ("HOLD_AS_BOOK", "transactions"),
    ("BOTH_PARTIES", "transactions"),
    ("HOLDER_ONLY", "transactions"),
    ("ADDRESS_FOR_NAME", "transactions"),
    ("PROVISIONAL_REFERENCE", "transactions"),
    ("BOTH_BOOKED", "transactions"),
    ("DOWN", "balances"),
    ("SLOW", "balances"),
    ("ACTION_REQUIRED", "balances"),
    ("SMALL_PAGES", "transactions"),
    ("NO_PENDING", "transactions?transaction_status=PDNG"),
    ("NO_BALANCES", "balances"),
    ("PARTY_IN_TEXT", "transactions"),
    ("NUMERIC_LINES", "transactions"),
    ("MANDATE_PREFIX", "transactions"),
    ("LINE_BREAKS", "transactions"),
    ("ONLY_CLBD", "balances"),
    ("ONLY_ITAV", "balances"),
    ("HTML", "balances"),
];

#[tokio::test]
async fn every_quirk_changes_its_answer_and_no_other() {
    let caller = Caller::new().await;
    let session = caller.session(&caller.authorization("SE", "Älvsbanken")).await;
    let (uid, id) = (session["accounts"][0]["uid"].as_str().unwrap(), session["session_id"].as_str().unwrap());
    let get = |target: String, quirk: &'static str| {
        let request = caller.request(Method::GET, &target).bearer_auth(caller.token());
        let request = if quirk.is_empty() { request } else { request.header("X-Sandbox-Quirk", quirk) };
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    for (quirk, call) in QUIRKS {
        let target = match *call {
            "aspsps" => "/aspsps?country=SE".to_owned(),
            "session" => format!("/sessions/{id}"),
            "error" => "/sessions/none".to_owned(),
            rest => format!("/accounts/{uid}/{rest}"),
        };
        let plain = get(target.clone(), "").await;
        let odd = get(target.clone(), quirk).await;
        assert_ne!(plain, odd, "{quirk}");
        assert_eq!(serde_json::from_str::<Value>(&odd).is_ok(), *quirk != "HTML", "{quirk}");
        assert_eq!(get(target, "").await, plain, "{quirk}");
    }
    let both = get(format!("/accounts/{uid}/balances"), "NUMBER_FOR_AMOUNT, CURRENCY_XXX").await;
    let both: Value = serde_json::from_str(&both).unwrap();
    let amount = &both["balances"][0]["balance_amount"];
    assert!(amount["amount"].is_number() && amount["currency"] == "XXX", "{amount}");
    let unknown = caller.request(Method::GET, "/aspsps").header("X-Sandbox-Quirk", "NONE");
    let unknown = caller.send(unknown).await;
    assert_eq!(unknown.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    let named: Vec<_> = unknown.body["detail"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let tested: Vec<_> = QUIRKS.iter().map(|(quirk, _)| *quirk).collect();
    // One is about the details of a refusal that has some, the others show after some requests, or at some banks.
    let elsewhere = [
        "OBJECT_FOR_DETAIL",
        "LIMIT_BY_DAY",
        "PERIOD_WITHOUT_DATE",
        "NO_KEYS",
        "CURRENT_ACCOUNTS",
        "LIMIT_BY_CONSENT",
        "REPEATED_LAST_PAGE",
        "PERIOD_IN_WORDS",
        "REJECTED_PAYMENTS",
        "PARTIAL_PAYMENTS",
        "ENDLESS_PAYMENTS",
    ];
    assert!(named.iter().all(|name| tested.contains(name) || elsewhere.contains(name)), "{named:?}");
}

#[test]
fn the_readme_says_what_each_quirk_does() {
    let readme = include_str!("../../README.md");
    let rows: Vec<_> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    for (quirk, _) in QUIRKS {
        let name = format!("`{quirk}`");
        assert!(rows.iter().any(|row| row.split('|').nth(1).unwrap().contains(&name)), "{quirk}");
    }
}

/// An account of a bank whose answers are odd.
struct Odd {
    caller: Caller,
    account: String,
}

impl Odd {
    /// The nth account of a bank's first personal user.
    async fn account(nth: usize) -> Self {
        let caller = Caller::with(Sandbox::builder().seed(7)).await;
        let account = format!("/accounts/{}", caller.account(nth).await);
        Self { caller, account }
    }

    async fn get(&self, target: &str, quirks: &str) -> Value {
        let quirks: Vec<_> = quirks.split(' ').filter(|quirk| !quirk.is_empty()).collect();
        self.caller.sandbox.set_quirks(&quirks).unwrap();
        let request = self.caller.request(Method::GET, &format!("{}/{target}", self.account));
        let response = request.bearer_auth(self.caller.token()).send().await.unwrap();
        assert_eq!(response.status(), 200, "{target}");
        response.json().await.unwrap()
    }

    /// The first page.
    async fn rows(&self, quirks: &str) -> Vec<Value> {
        let page = self.get("transactions", quirks).await;
        page["transactions"].as_array().unwrap().clone()
    }

    async fn of_status(&self, status: &str, quirks: &str) -> Vec<Value> {
        let page = self.get(&format!("transactions?transaction_status={status}"), quirks).await;
        page["transactions"].as_array().unwrap().clone()
    }

    /// Every row, from all pages.
    async fn history(&self, quirks: &str) -> Vec<Value> {
        let (mut rows, mut target) = (Vec::new(), "transactions".to_owned());
        loop {
            let page = self.get(&target, quirks).await;
            rows.extend(page["transactions"].as_array().unwrap().iter().cloned());
            let Some(key) = page["continuation_key"].as_str() else { return rows };
            let key: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
            target = format!("transactions?continuation_key={key}");
        }
    }

    async fn balance(&self, kind: &str, quirks: &str) -> i64 {
        let told = self.get("balances", quirks).await;
        let balances = told["balances"].as_array().unwrap();
        let found = balances.iter().find(|balance| balance["balance_type"] == kind).unwrap();
        hundredths(&found["balance_amount"])
    }
}

fn hundredths(amount: &Value) -> i64 {
    amount["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

fn signed(row: &Value) -> i64 {
    let amount = hundredths(&row["transaction_amount"]);
    if row["credit_debit_indicator"] == "CRDT" { amount } else { -amount }
}

/// A row without its reference.
fn anonymous(row: &Value) -> Value {
    let mut row = row.clone();
    row["entry_reference"] = Value::Null;
    row
}

fn lines(row: &Value) -> Vec<&str> {
    row["remittance_information"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect()
}

fn references(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["entry_reference"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn references_are_missing_late_or_changing() {
    let odd = Odd::account(0).await;
    let plain = odd.rows("").await;
    for row in odd.rows("NULL_REFERENCE").await {
        assert!(row["entry_reference"].is_null(), "{row}");
    }
    let late = odd.rows("LATE_REFERENCE").await;
    for (row, plain) in late.iter().zip(&plain) {
        let is_new = row["value_date"] == "2026-01-31";
        let expected = if is_new { &Value::Null } else { &plain["entry_reference"] };
        assert_eq!(&row["entry_reference"], expected, "{row}");
        assert_eq!(anonymous(row), anonymous(plain));
    }
    let (one, other) = (odd.rows("CHANGING_REFERENCE").await, odd.rows("CHANGING_REFERENCE").await);
    for (one, other) in one.iter().zip(&other) {
        assert_ne!(one["entry_reference"], other["entry_reference"]);
        assert_eq!(anonymous(one), anonymous(other));
    }
    assert_eq!(BTreeSet::from_iter(references(&one)).len(), one.len());
    // The same in the next run, request by request.
    let again = Odd::account(0).await;
    assert_eq!(again.rows("CHANGING_REFERENCE").await, one);
    let (one, other) = (odd.rows("TRANSACTION_ID").await, odd.rows("TRANSACTION_ID").await);
    assert!(one[0]["transaction_id"].is_string());
    assert_ne!(one[0]["transaction_id"], other[0]["transaction_id"]);
    assert_eq!(one[0]["entry_reference"], plain[0]["entry_reference"]);
}

#[tokio::test]
async fn positional_references_are_a_day_and_a_place_in_it() {
    let odd = Odd::account(0).await;
    let rows = odd.history("POSITIONAL_REFERENCE").await;
    let references = references(&rows);
    assert_eq!(references[..2], ["2026-01-31.1", "2026-01-31.2"]);
    assert_eq!(references[14..19], ["2026-01-31.15", "2026-01-30.1", "2026-01-30.2", "2026-01-30.3", "2026-01-29.1"]);
    assert_eq!(BTreeSet::from_iter(references).len(), 1000);
}

#[tokio::test]
async fn twins_differ_in_their_references_only() {
    let odd = Odd::account(0).await;
    let rows = odd.history("TWIN_PAYMENTS").await;
    let twins: Vec<_> = rows.windows(2).filter(|pair| anonymous(&pair[0]) == anonymous(&pair[1])).collect();
    assert_eq!(twins.len(), 21);
    assert!(twins.iter().all(|pair| pair[0]["entry_reference"] != pair[1]["entry_reference"]));
    assert!(twins.iter().all(|pair| signed(&pair[0]) != 0 && pair[0]["status"] == "BOOK"));
    let sum = |rows: &[Value]| -> i64 { rows.iter().map(signed).sum() };
    assert_eq!(sum(&rows), sum(&odd.history("").await), "balances still agree");
    assert!(odd.rows("TWIN_PAYMENTS NULL_REFERENCE").await.windows(2).any(|pair| pair[0] == pair[1]));
    // An account with a single row has no two that are alike.
    let loan = Odd::account(2).await;
    assert_eq!(loan.rows("TWIN_PAYMENTS").await, loan.rows("").await);
}

#[tokio::test]
async fn what_was_pending_is_booked_under_another_name() {
    let odd = Odd::account(0).await;
    let before = odd.of_status("PDNG", "").await;
    assert_eq!(before.len(), 2);
    assert!(odd.of_status("PDNG", "PENDING_BOOKED").await.is_empty());
    let after = odd.of_status("BOOK", "PENDING_BOOKED").await;
    for (before, after) in before.iter().zip(&after) {
        assert_ne!(before["entry_reference"], after["entry_reference"]);
        let mut expected = anonymous(before);
        expected["status"] = json!("BOOK");
        expected["booking_date"] = json!("2026-01-31");
        assert_eq!(anonymous(after), expected);
    }
    let pending: i64 = before.iter().map(signed).sum();
    assert_eq!(odd.balance("CLBD", "PENDING_BOOKED").await, odd.balance("CLBD", "").await + pending);
    assert_eq!(odd.balance("XPCD", "PENDING_BOOKED").await, odd.balance("XPCD", "").await);
    let told = odd.get("balances", "PENDING_BOOKED").await;
    assert_eq!(told["balances"][0]["last_committed_transaction"], after[0]["entry_reference"]);
    // All other rows stay as they were.
    let (all, plain) = (odd.history("PENDING_BOOKED").await, odd.history("").await);
    assert_eq!(all.len(), 1000);
    let is_other = |row: &&Value| !after.contains(row) && !before.contains(row);
    assert!(all.iter().filter(is_other).eq(plain.iter().filter(is_other)));
}

#[tokio::test]
async fn what_is_held_is_told_as_booked_without_a_name() {
    let odd = Odd::account(0).await;
    let held = odd.of_status("HOLD", "").await;
    assert_eq!(held.len(), 2);
    assert!(odd.of_status("HOLD", "HOLD_AS_BOOK").await.is_empty());
    let booked = odd.of_status("BOOK", "HOLD_AS_BOOK").await;
    for (held, booked) in held.iter().zip(&booked) {
        assert!(booked["entry_reference"].is_null() && booked["status"] == "BOOK");
        assert_eq!(held["transaction_amount"], booked["transaction_amount"]);
    }
    assert!(booked[2]["entry_reference"].is_string());
    assert_eq!(odd.balance("CLBD", "HOLD_AS_BOOK").await, odd.balance("CLBD", "").await);
    let both = odd.of_status("BOOK", "HOLD_AS_BOOK PENDING_BOOKED").await;
    let missing: Vec<_> = both.iter().map(|row| row["entry_reference"].is_null()).collect();
    assert_eq!(missing[..5], [false, false, true, true, false]);
}

#[tokio::test]
async fn parties_are_named_as_some_banks_do() {
    let odd = Odd::account(0).await;
    let plain = odd.rows("").await;
    let keys = |row: &Value| match row["credit_debit_indicator"].as_str() {
        Some("CRDT") => ["debtor", "creditor"],
        _ => ["creditor", "debtor"],
    };
    for (row, plain) in odd.rows("BOTH_PARTIES").await.iter().zip(&plain) {
        let [other, own] = keys(row);
        assert_eq!((&row[other], &plain[own]), (&plain[other], &Value::Null));
        assert!(row[own]["name"].is_string() && row[own]["name"] != row[other]["name"], "{row}");
    }
    for row in odd.rows("HOLDER_ONLY").await {
        let [other, own] = keys(&row);
        assert!(row[other].is_null() && row[own]["name"].is_string(), "{row}");
        assert!(row[format!("{other}_account")].is_null() && row[format!("{own}_account")].is_object(), "{row}");
    }
    for row in odd.rows("ADDRESS_FOR_NAME").await {
        let [other, own] = keys(&row);
        assert!(row[other]["name"].is_null() && row[other]["postal_address"]["address_line"][0].is_string(), "{row}");
        assert!(row[own].is_null(), "{row}");
    }
    // Some banks name both without a quirk.
    let caller = Caller::new().await;
    let session = caller.session(&caller.authorization("EE", "Läänemere Pank")).await;
    let uid = session["accounts"][0]["uid"].as_str().unwrap();
    let page = caller.get(&format!("/accounts/{uid}/transactions")).await.ok();
    let rows = page["transactions"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["creditor"]["name"].is_string() && row["debtor"]["name"].is_string()));
}

#[tokio::test]
async fn texts_are_as_some_banks_write_them() {
    let odd = Odd::account(0).await;
    let plain = odd.rows("").await;
    for (row, plain) in odd.rows("PARTY_IN_TEXT").await.iter().zip(&plain) {
        assert!(row["creditor"].is_null() && row["debtor"].is_null(), "{row}");
        let party = if plain["creditor"].is_object() { &plain["creditor"] } else { &plain["debtor"] };
        assert_eq!(lines(row)[0], party["name"].as_str().unwrap());
        assert_eq!(lines(row)[1..], lines(plain));
    }
    for (row, plain) in odd.rows("NUMERIC_LINES").await.iter().zip(&plain) {
        let lines = lines(row);
        assert!(lines[..2].iter().all(|line| line.parse::<u64>().is_ok()), "{row}");
        assert_eq!(lines[2..], self::lines(plain));
    }
    for (row, plain) in odd.rows("MANDATE_PREFIX").await.iter().zip(&plain) {
        let text = format!("mandatereference:,creditorid:,remittanceinformation:{}", lines(plain).join(" "));
        assert_eq!(lines(row), [text]);
    }
    for (row, plain) in odd.rows("LINE_BREAKS").await.iter().zip(&plain) {
        let (text, plain) = (lines(row).concat(), lines(plain).join(" "));
        assert_eq!(text.split('\n').collect::<Vec<_>>().join(" "), plain);
        assert_eq!(text.contains('\n'), !plain.is_empty());
    }
}

#[tokio::test]
async fn only_one_kind_of_balance_is_told() {
    let odd = Odd::account(0).await;
    assert!(odd.get("balances", "").await["balances"].as_array().unwrap().len() > 1);
    for (quirk, kind) in [("ONLY_CLBD", "CLBD"), ("ONLY_ITAV", "ITAV")] {
        let told = odd.get("balances", quirk).await;
        let kinds: Vec<_> = told["balances"].as_array().unwrap().iter().map(|row| &row["balance_type"]).collect();
        assert_eq!(kinds, [kind]);
    }
}

#[tokio::test]
async fn a_session_tells_plain_ids_and_their_data_beside_them() {
    let caller = Caller::new().await;
    let session = caller.session(&caller.authorization("NO", "Fjordbanken")).await;
    let shown = caller.get(&format!("/sessions/{}", session["session_id"].as_str().unwrap())).await.ok();
    let accounts = session["accounts"].as_array().unwrap();
    let of = |key: &'static str| accounts.iter().map(move |account| account[key].clone()).collect::<Vec<_>>();
    assert_eq!(shown["accounts"], json!(of("uid")));
    let data = shown["accounts_data"].as_array().unwrap();
    assert_eq!(data.iter().map(|data| data["uid"].clone()).collect::<Vec<_>>(), of("uid"));
    let hashes: Vec<_> = data.iter().map(|data| data["identification_hash"].clone()).collect();
    assert_eq!(hashes, of("identification_hash"));
}

#[tokio::test]
async fn a_quirk_of_a_bank_is_that_of_the_header() {
    let caller = Caller::current().await;
    let session = caller.session(&caller.authorization("SE", "Älvsbanken")).await;
    let uid = session["accounts"][0]["uid"].as_str().unwrap();
    let page = caller.get(&format!("/accounts/{uid}/transactions")).await.ok();
    // Booked, of the newest day, and not credited, so that each quirk has something to change.
    let id = page["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["status"] == "BOOK" && row["credit_debit_indicator"] == "DBIT");
    let id = id.unwrap()["transaction_id"].as_str().unwrap().replace('=', "%3D");
    let bank = caller.sandbox.bank("Älvsbanken");
    let get = |target: String, quirk: &'static str| {
        let request = caller.request(Method::GET, &target).bearer_auth(caller.token());
        let request = if quirk.is_empty() { request } else { request.header("X-Sandbox-Quirk", quirk) };
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    // Those that are another in each response are compared below.
    let fresh = ["CHANGING_REFERENCE", "TRANSACTION_ID"];
    for (quirk, call) in QUIRKS {
        let targets = match *call {
            "aspsps" | "session" | "error" => continue,
            "transactions" => vec![call.to_string(), format!("transactions/{id}"), "details".to_owned()],
            rest => vec![rest.to_owned()],
        };
        for target in targets.into_iter().map(|rest| format!("/accounts/{uid}/{rest}")) {
            let by_header = get(target.clone(), quirk).await;
            bank.set_quirks(&[quirk]).unwrap();
            let (by_bank, again) = (get(target.clone(), "").await, get(target.clone(), "").await);
            let by_both = get(target.clone(), quirk).await;
            bank.set_quirks(&[]).unwrap();
            if fresh.contains(quirk) && !target.ends_with("details") {
                assert_ne!(by_bank, again, "{quirk} {target}");
                assert_eq!(by_bank.len(), by_header.len(), "{quirk} {target}");
                continue;
            }
            assert_eq!(by_bank, by_header, "{quirk} {target}");
            assert_eq!(by_both, by_header, "{quirk} {target}");
        }
    }
}

#[tokio::test]
async fn quirks_of_transactions_reach_their_details() {
    let caller = Caller::current().await;
    let session = caller.session(&caller.authorization("SE", "Älvsbanken")).await;
    let target = format!("/accounts/{}/transactions", session["accounts"][0]["uid"].as_str().unwrap());
    for quirk in [
        "SIGNED_AMOUNT",
        "PARTY_IN_TEXT",
        "POSITIONAL_REFERENCE",
        "ONLY_TRANSACTION_DATE",
        "TWIN_PAYMENTS",
        "HOLD_AS_BOOK",
        "PENDING_BOOKED",
    ] {
        caller.sandbox.set_quirks(&[quirk]).unwrap();
        let get = |target: String| {
            let request = caller.request(Method::GET, &target).bearer_auth(caller.token());
            async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
        };
        let page = get(target.clone()).await;
        for row in page["transactions"].as_array().unwrap().iter().take(24) {
            let id = row["transaction_id"].as_str().unwrap().replace('=', "%3D");
            assert_eq!(&get(format!("{target}/{id}")).await, row, "{quirk}");
        }
    }
}
