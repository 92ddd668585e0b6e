//! The current edition, as far as it differs from the document's.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::Sandbox;
use tilisy_sandbox::chrono::{DateTime, Days, TimeDelta, Utc};

use crate::{Caller, query};

const PAYERS_BANK: (&str, &str) = ("FI", "Saimaan Pankki");

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn rows(page: &Value) -> &Vec<Value> {
    page["transactions"].as_array().unwrap()
}

/// A session, and the path of its nth account.
async fn session(caller: &Caller, (country, bank): (&str, &str), nth: usize) -> (Value, String) {
    let session = caller.session(&caller.authorization(country, bank)).await;
    let uid = session["accounts"][nth]["uid"].as_str().unwrap().to_owned();
    (session, format!("/accounts/{uid}"))
}

#[tokio::test]
async fn a_bank_is_listed_with_its_limits() {
    let caller = Caller::current().await;
    let all = caller.get("/aspsps").await.ok();
    let banks = all["aspsps"].as_array().unwrap();
    let limits: BTreeSet<_> = banks.iter().map(|bank| bank["maximum_consent_validity"].as_i64().unwrap()).collect();
    assert_eq!(limits, BTreeSet::from([3_600, 7_776_000, 15_552_000]));
    assert!(banks.iter().any(|bank| bank["beta"] == true) && banks.iter().any(|bank| bank["group"].is_object()));
    let wanting: Vec<_> = banks.iter().filter(|bank| bank["required_psu_headers"].is_array()).collect();
    assert_eq!(wanting.len(), 1);
    for wrong in ["country=fi", "service=XYZ", "service=", "payment_type=CASH", "country=FI&country=SE"] {
        let answer = caller.get(&format!("/aspsps?{wrong}")).await;
        assert_eq!(answer.refusal(), (422, "WRONG_REQUEST_PARAMETERS"), "{wrong}");
    }
    assert_eq!(caller.get("/aspsps?service=AIS").await.ok(), all);
}

#[tokio::test]
async fn a_consent_that_is_too_long_is_refused_with_the_limit() {
    let caller = Caller::current().await;
    for ((country, bank), seconds) in
        [(PAYERS_BANK, 15_552_000), (("FI", "Revontuli"), 7_776_000), (("FR", "Banque de l’Étoile"), 3_600)]
    {
        let mut body = caller.authorization(country, bank);
        let until = |seconds: i64| json!(caller.clock.now() + TimeDelta::seconds(seconds));
        body["access"]["valid_until"] = until(seconds + 60);
        let refused = caller.post("/auth", &body).await;
        assert_eq!(refused.refusal(), (422, "WRONG_REQUEST_PARAMETERS"), "{bank}");
        assert!(refused.body["message"].as_str().unwrap().contains(&seconds.to_string()), "{}", refused.body);
        body["access"]["valid_until"] = until(seconds - 60);
        caller.post("/auth", &body).await.ok();
    }
}

#[tokio::test]
async fn an_authorization_has_an_id_that_is_not_the_sessions() {
    let caller = Caller::current().await;
    let mut body = caller.authorization(PAYERS_BANK.0, PAYERS_BANK.1);
    body["psu_id"] = json!("customer 7");
    let (one, two) = (caller.post("/auth", &body).await.ok(), caller.post("/auth", &body).await.ok());
    assert_eq!(one["psu_id_hash"], two["psu_id_hash"]);
    assert_ne!(one["authorization_id"], two["authorization_id"]);
    let code = query(&caller.sandbox.approve(one["url"].as_str().unwrap()).unwrap(), "code").unwrap();
    let session = caller.post("/sessions", &json!({ "code": code })).await.ok();
    assert_ne!(session["session_id"], one["authorization_id"]);
    let shown = caller.get(&format!("/sessions/{}", session["session_id"].as_str().unwrap())).await.ok();
    assert_eq!((&shown["psu_id_hash"], &shown["status"]), (&one["psu_id_hash"], &json!("AUTHORIZED")));
    assert_eq!(shown["access"], session["access"]);
    let time = |name: &str| shown[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert!(time("created") <= time("authorized"));
    // Spent, but it led to a session.
    let again = caller.post("/sessions", &json!({ "code": code })).await;
    assert_eq!(again.refusal(), (422, "ALREADY_AUTHORIZED"));
}

#[tokio::test]
async fn a_session_ends_in_as_many_ways_as_it_has_statuses() {
    let caller = Caller::current().await;
    let open = || session(&caller, PAYERS_BANK, 0);
    let path = |session: &Value| format!("/sessions/{}", session["session_id"].as_str().unwrap());
    let status = |path: String| {
        let caller = &caller;
        async move { caller.get(&path).await.ok()["status"].as_str().unwrap().to_owned() }
    };

    let (closed, account) = open().await;
    caller.delete(&path(&closed)).await.ok();
    assert_eq!(status(path(&closed)).await, "CLOSED");
    assert!(caller.get(&path(&closed)).await.ok()["closed"].is_string());
    assert_eq!(caller.get(&format!("{account}/balances")).await.refusal(), (401, "CLOSED_SESSION"));
    assert_eq!(caller.delete(&path(&closed)).await.refusal(), (401, "CLOSED_SESSION"));

    let (revoked, account) = open().await;
    let id = revoked["session_id"].as_str().unwrap().parse().unwrap();
    assert!(caller.sandbox.revoke(id) && !caller.sandbox.revoke(id));
    assert_eq!(status(path(&revoked)).await, "REVOKED");
    assert_eq!(caller.get(&format!("{account}/transactions")).await.refusal(), (401, "REVOKED_SESSION"));

    // Before it is authorized, the id of a session is in the link.
    let link = caller.link(&caller.authorization(PAYERS_BANK.0, PAYERS_BANK.1)).await;
    let pending = format!("/sessions/{}", query(&link, "sessionid").unwrap());
    assert_eq!(status(pending.clone()).await, "PENDING_AUTHORIZATION");
    let denied = caller.sandbox.deny(&link).unwrap();
    assert_eq!(query(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(status(pending).await, "INVALID");
    let link = caller.link(&caller.authorization(PAYERS_BANK.0, PAYERS_BANK.1)).await;
    let page = caller.http.get(&link).send().await.unwrap().text().await.unwrap();
    let token = page.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let form = [("token", token.as_str()), ("action", "cancel")];
    let back = caller.http.post(&link).form(&form).send().await.unwrap();
    let back = back.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(query(&back, "error_description").as_deref(), Some("Cancelled by user"));
    let cancelled = format!("/sessions/{}", query(&link, "sessionid").unwrap());
    assert_eq!(status(cancelled).await, "CANCELLED");
    let link = caller.link(&caller.authorization(PAYERS_BANK.0, PAYERS_BANK.1)).await;
    caller.sandbox.approve(&link).unwrap();
    let returned = format!("/sessions/{}", query(&link, "sessionid").unwrap());
    assert_eq!(status(returned).await, "RETURNED_FROM_BANK");

    let (expired, account) = open().await;
    caller.clock.advance(TimeDelta::days(31));
    assert_eq!(status(path(&expired)).await, "EXPIRED");
    assert_eq!(caller.get(&format!("{account}/details")).await.refusal(), (401, "EXPIRED_SESSION"));
}

#[tokio::test]
async fn a_session_of_another_application_is_not_shown() {
    let caller = Caller::current().await;
    let (session, _) = session(&caller, PAYERS_BANK, 0).await;
    let (id, key) = caller.register("Other application").await;
    let target = format!("/sessions/{}", session["session_id"].as_str().unwrap());
    let request = caller.request(Method::GET, &target).bearer_auth(caller.token_of(&id, &key));
    assert_eq!(caller.send_bare(request).await.refusal(), (401, "UNAUTHORIZED_ACCESS"));
    let unknown = caller.get("/sessions/7b6ab1e4-7b2f-4f0c-9d57-ff0c1f5b8f6d").await;
    assert_eq!(unknown.refusal(), (422, "SESSION_DOES_NOT_EXIST"));
}

#[tokio::test]
async fn details_of_an_account_are_those_of_the_session() {
    let caller = Caller::current().await;
    let (session, account) = session(&caller, PAYERS_BANK, 0).await;
    let details = caller.get(&format!("{account}/details")).await.ok();
    assert_eq!(details, session["accounts"][0]);
    assert!(details["account_servicer"]["bic_fi"].is_string() && details["bic_fi"].is_null());
    assert_eq!(details["identification_hashes"][0], details["identification_hash"]);
}

#[tokio::test]
async fn accounts_of_one_iban_share_a_hash_that_is_not_the_primary_one() {
    let caller = Caller::current().await;
    let session = caller.session(&caller.authorization("EE", "Läänemere Pank")).await;
    let accounts: Vec<_> = session["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|account| account["account_id"]["iban"].is_string())
        .collect();
    assert_eq!(accounts.len(), 2);
    assert_eq!(accounts[0]["account_id"]["iban"], accounts[1]["account_id"]["iban"]);
    assert_ne!(accounts[0]["currency"], accounts[1]["currency"]);
    let hashes: Vec<BTreeSet<String>> = accounts
        .iter()
        .map(|account| account["identification_hashes"].as_array().unwrap().iter().map(Value::to_string).collect())
        .collect();
    assert_eq!(hashes[0].intersection(&hashes[1]).count(), 1);
    assert_ne!(accounts[0]["identification_hash"], accounts[1]["identification_hash"]);
}

#[tokio::test]
async fn every_listed_transaction_has_details() {
    let caller = Caller::current().await;
    let (_, account) = session(&caller, PAYERS_BANK, 0).await;
    let page = caller.get(&format!("{account}/transactions")).await.ok();
    let ids: BTreeSet<_> = rows(&page).iter().map(|row| row["transaction_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 100);
    for row in rows(&page).iter().step_by(7).chain(&rows(&page)[..14]) {
        let id = encoded(row["transaction_id"].as_str().unwrap());
        assert_eq!(&caller.get(&format!("{account}/transactions/{id}")).await.ok(), row);
    }
    // An id that is another in each response is one of the same transaction.
    let request =
        caller.request(Method::GET, &format!("{account}/transactions")).header("X-Sandbox-Quirk", "TRANSACTION_ID");
    let odd = caller.send(request).await.ok();
    let (id, plain) = (rows(&odd)[20]["transaction_id"].as_str().unwrap(), &rows(&page)[20]);
    assert_ne!(plain["transaction_id"], id);
    let details = caller.get(&format!("{account}/transactions/{}", encoded(id))).await.ok();
    assert_eq!(&details, plain);
    let (_, other) = session(&caller, PAYERS_BANK, 1).await;
    let id = encoded(plain["transaction_id"].as_str().unwrap());
    for target in [
        format!("{other}/transactions/{id}"),
        format!("{account}/transactions/none"),
        format!("{account}/transactions/%FF%2F"),
    ] {
        assert_eq!(caller.get(&target).await.refusal(), (404, "TRANSACTION_DOES_NOT_EXIST"), "{target}");
    }
}

#[tokio::test]
async fn balances_after_transactions_agree_with_the_balance() {
    let caller = Caller::current().await;
    let (_, account) = session(&caller, PAYERS_BANK, 0).await;
    let amount = |value: &Value| value["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let balances = caller.get(&format!("{account}/balances")).await.ok();
    let booked = amount(&balances["balances"][0]["balance_amount"]);
    let page = caller.get(&format!("{account}/transactions?transaction_status=BOOK")).await.ok();
    let mut expected = booked;
    for row in rows(&page) {
        assert_eq!(amount(&row["balance_after_transaction"]), expected, "{row}");
        let sum = amount(&row["transaction_amount"]);
        expected -= if row["credit_debit_indicator"] == "CRDT" { sum } else { -sum };
    }
}

#[tokio::test]
async fn no_scheme_of_the_document_is_left() {
    let caller = Caller::current().await;
    let (_, account) = session(&caller, PAYERS_BANK, 0).await;
    let text = caller.get(&format!("{account}/transactions")).await.ok().to_string();
    for old in ["\"BG\"", "\"PG\"", "\"EMPI\"", "\"TXII\"", "building_numbder"] {
        assert!(!text.contains(old), "{old}");
    }
    assert!(text.contains("\"BGNR\""));
}

#[tokio::test]
async fn the_longest_strategy_takes_what_the_bank_has() {
    let caller = Caller::current().await;
    let (_, account) = session(&caller, ("FI", "Revontuli"), 0).await;
    let list = |query: &'static str| {
        let target = format!("{account}/transactions?{query}");
        let caller = &caller;
        async move { caller.get(&target).await }
    };
    assert_eq!(list("date_from=2020-01-01").await.refusal(), (422, "WRONG_TRANSACTIONS_PERIOD"));
    let longest = list("date_from=2020-01-01&date_to=2020-01-02&strategy=longest").await.ok();
    assert_eq!(rows(&longest).len(), 100);
    let bounded = list("date_from=2026-01-30&strategy=longest").await.ok();
    assert!(rows(&bounded).iter().all(|row| row["value_date"].as_str().unwrap() >= "2026-01-30"));
    assert_eq!(list("strategy=shortest").await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    assert_eq!(list("strategy=longest&strategy=longest").await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    assert_eq!(rows(&list("strategy=default").await.ok()), rows(&list("").await.ok()));
    // The strategy belongs to the key as the other parameters do.
    let key = encoded(longest["continuation_key"].as_str().unwrap());
    let target = format!("{account}/transactions?date_from=2020-01-01&date_to=2020-01-02&continuation_key={key}");
    caller.get(&format!("{target}&strategy=longest")).await.ok();
    assert_eq!(caller.get(&target).await.status, 422);
}

#[tokio::test]
async fn psu_headers_are_all_there_or_none() {
    let caller = Caller::current().await;
    let (session, account) = session(&caller, ("SE", "Fjällkassan"), 0).await;
    let target = format!("{account}/balances");
    caller.get(&target).await.ok();
    let with = |headers: &[(&str, &str)]| {
        let request = caller.request(Method::GET, &target);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        caller.send(request)
    };
    assert_eq!(with(&[("Psu-Ip-Address", "203.0.113.7")]).await.refusal(), (422, "PSU_HEADER_NOT_PROVIDED"));
    with(&[("Psu-Ip-Address", "203.0.113.7"), ("Psu-User-Agent", "Firefox")]).await.ok();
    for wrong in [("Psu-Ip-Address", "localhost"), ("Psu-Geo-Location", "60, 24"), ("Psu-User-Agent", " ")] {
        assert_eq!(with(&[wrong]).await.refusal(), (422, "PSU_HEADER_INVALID"), "{wrong:?}");
    }
    caller.delete(&format!("/sessions/{}", session["session_id"].as_str().unwrap())).await.ok();
}

#[tokio::test]
async fn credentials_need_a_method_and_their_form() {
    let caller = Caller::current().await;
    let mut body = caller.authorization("SE", "Älvsbanken");
    body["credentials"] = json!({ "userId": "aino", "password": "revontulet" });
    assert_eq!(caller.post("/auth", &body).await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    body["auth_method"] = json!("password");
    caller.post("/auth", &body).await.ok();
    for wrong in [json!({ "userId": "Aino 1" }), json!({ "pin": "1" }), json!({ "password": "" })] {
        body["credentials"] = wrong;
        assert_eq!(caller.post("/auth", &body).await.refusal(), (422, "WRONG_CREDENTIALS_PROVIDED"), "{body}");
    }
    // A method has its own list of credentials: two for the password, and none for the app.
    let mut body = caller.authorization("FI", "Saimaan Pankki");
    let whole = json!({ "userId": "aino", "password": "revontulet" });
    for (method, credentials) in [
        ("password", json!({ "userId": "aino" })),
        ("password", json!({ "password": "revontulet" })),
        ("app", json!({ "userId": "aino" })),
        ("app", whole),
    ] {
        (body["auth_method"], body["credentials"]) = (json!(method), credentials);
        assert_eq!(caller.post("/auth", &body).await.refusal(), (422, "WRONG_CREDENTIALS_PROVIDED"), "{body}");
    }
    let mut body = caller.authorization("SE", "Älvsbanken");
    body["language"] = json!("FIN");
    assert_eq!(caller.post("/auth", &body).await.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    body["language"] = json!("fi");
    body["access"]["accounts"] = json!([{ "currency": "SEK" }]);
    assert_eq!(caller.post("/auth", &body).await.refusal(), (422, "INVALID_ACCOUNT_ID"));
}

#[tokio::test]
async fn data_runs_up_to_today_by_default() {
    let caller = Caller::of(Sandbox::builder()).await;
    let (_, account) = session(&caller, PAYERS_BANK, 0).await;
    // Around midnight, the day may turn between the two.
    let before = caller.sandbox.newest_day();
    let page = caller.get(&format!("{account}/transactions?transaction_status=BOOK")).await.ok();
    let newest = rows(&page)[0]["booking_date"].as_str().unwrap().parse().unwrap();
    assert!(before <= newest && newest <= Utc::now().date_naive(), "{newest}");
    let tomorrow = Utc::now().date_naive().checked_add_days(Days::new(1)).unwrap();
    let refused = caller.get(&format!("{account}/transactions?date_from={tomorrow}")).await;
    assert_eq!(refused.refusal(), (422, "DATE_FROM_IN_FUTURE"));
}
