//! Banks, users, accounts and transactions of a test's own.

use reqwest::Method;
use serde_json::{Value, json};
use tilisy_sandbox::chrono::TimeDelta;
use tilisy_sandbox::{ApproveError, NewAccount, NewBank, NewTransaction, NewUser, Sandbox};

use crate::{Caller, day, query};

/// A session in which a user shares accounts.
async fn session_of(caller: &Caller, country: &str, bank: &str, user: &str, accounts: &[&str]) -> Value {
    let link = caller.link(&caller.authorization(country, bank)).await;
    let back = caller.sandbox.approve_as(&link, user, accounts).unwrap();
    caller.post("/sessions", &json!({ "code": query(&back, "code") })).await.ok()
}

async fn rows(caller: &Caller, session: &Value, nth: usize, query: &str) -> Vec<Value> {
    let uid = session["accounts"][nth]["uid"].as_str().unwrap();
    let page = caller.get(&format!("/accounts/{uid}/transactions{query}")).await.ok();
    page["transactions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_test_has_a_bank_of_its_own() {
    let caller = Caller::current().await;
    let bank = caller.sandbox.add_bank(&NewBank::new("Testbank", "SE").maximum_consent(TimeDelta::days(90))).unwrap();
    bank.set_quirks(&["BOTH_PARTIES"]).unwrap();
    let user = bank.add_user(NewUser::personal("liisa").holder("Liisa Esimerkki"));
    let account = user.account(NewAccount::new("SEK").opening_balance("100.00")).unwrap();
    let reference = account
        .add_transaction(NewTransaction::debit("12.50", "Kahvila").text("Coffee").day(day("2026-01-20")))
        .unwrap();
    account.add_transaction(NewTransaction::credit("50", "Friend").status("PDNG").day(day("2026-01-30"))).unwrap();
    let session = session_of(&caller, "SE", "Testbank", "liisa", &[]).await;
    assert_eq!(session["accounts"][0]["account_id"]["iban"], json!(account.iban().unwrap()));
    let rows = rows(&caller, &session, 0, "").await;
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["status"], &rows[1]["entry_reference"]), (&json!("PDNG"), &json!(reference)));
    assert_eq!(rows[1]["debtor"]["name"], "Liisa Esimerkki");
    assert_eq!(rows[1]["creditor"]["name"], "Kahvila");
    assert_eq!(rows[1]["balance_after_transaction"], json!({ "amount": "87.50", "currency": "SEK" }));
    let balances =
        caller.get(&format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap())).await.ok();
    let balance = |kind: &str| {
        let all = balances["balances"].as_array().unwrap();
        all.iter().find(|balance| balance["balance_type"] == kind).unwrap()["balance_amount"]["amount"].clone()
    };
    assert_eq!((balance("CLBD"), balance("XPCD")), (json!("87.50"), json!("137.50")));
}

#[tokio::test]
async fn a_dozen_transactions_are_there_for_fast_tests() {
    let caller = Caller::of(Sandbox::builder()).await;
    let session = session_of(&caller, "FI", "Saimaan Pankki", "vilho", &[]).await;
    let before = rows(&caller, &session, 0, "").await;
    assert_eq!(before.len(), 12);
    assert_eq!(before[0]["status"], "PDNG");
    let today = caller.sandbox.newest_day();
    assert!(before.iter().all(|row| (today - day(row["value_date"].as_str().unwrap())).num_days() < 10));
    caller.clock.advance(TimeDelta::days(1));
    let after = rows(&caller, &session, 0, "").await;
    assert!(after.len() == 12 && after.iter().all(|row| row["status"] == "BOOK"));
    assert_eq!(after[0]["entry_reference"], before[0]["entry_reference"]);
}

#[tokio::test]
async fn added_transactions_stand_among_those_generated() {
    let caller = Caller::current().await;
    let account = caller.sandbox.bank("Fjordbanken").user("aino").accounts().remove(0);
    let uid = caller.account(0).await;
    let list = |query: &str| {
        let target = format!("/accounts/{uid}/transactions?{query}");
        let caller = &caller;
        async move { caller.get(&target).await.ok()["transactions"].as_array().unwrap().clone() }
    };
    let before = list("date_from=2026-01-18&date_to=2026-01-22").await;
    account.add_transaction(NewTransaction::debit("1.00", "Kahvila").day(day("2026-01-20")).reference("MINE")).unwrap();
    let after = list("date_from=2026-01-18&date_to=2026-01-22").await;
    let (mine, rest): (Vec<_>, Vec<_>) = after.iter().cloned().partition(|row| row["entry_reference"] == "MINE");
    let balanceless = |rows: &[Value]| {
        let mut rows = rows.to_vec();
        rows.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("balance_after_transaction")));
        rows
    };
    assert_eq!((mine.len(), balanceless(&rest)), (1, balanceless(&before)));
    assert!(after.is_sorted_by(|a, b| a["value_date"].as_str() >= b["value_date"].as_str()));
    assert!(list("date_from=2026-01-21").await.iter().all(|row| row["entry_reference"] != "MINE"));
    assert!(list("transaction_status=PDNG").await.iter().all(|row| row["entry_reference"] != "MINE"));
    // Newer balances contain it, older ones do not.
    let amount = |row: &Value| {
        row["balance_after_transaction"]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap()
    };
    for (old, new) in before.iter().zip(&rest) {
        let is_newer = old["value_date"].as_str().unwrap() > "2026-01-20";
        assert_eq!(amount(old) - amount(new), if is_newer { 100 } else { 0 }, "{new}");
    }
    let id = mine[0]["transaction_id"].as_str().unwrap();
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    assert_eq!(caller.get(&format!("/accounts/{uid}/transactions/{id}")).await.ok(), mine[0]);
}

#[tokio::test]
async fn a_transaction_of_a_later_day_comes_with_the_clock() {
    let caller = Caller::current().await;
    let user = caller.sandbox.bank("Fjordbanken").user("new user");
    let account = user.account(NewAccount::new("NOK")).unwrap();
    let later = NewTransaction::debit("5.00", "Shop").day(day("2026-02-02")).pending_until(day("2026-02-04"));
    account.add_transaction(later.property("merchant_category_code", json!("5812"))).unwrap();
    let session = session_of(&caller, "NO", "Fjordbanken", "new user", &[]).await;
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let rows = rows(&caller, &session, 0, "").await;
        statuses.push(rows.first().map(|row| row["status"].as_str().unwrap().to_owned()).unwrap_or_default());
        assert!(rows.iter().all(|row| row["merchant_category_code"] == "5812"));
        caller.clock.advance(TimeDelta::days(1));
    }
    assert_eq!(statuses, ["", "", "PDNG", "PDNG", "BOOK"]);
}

#[tokio::test]
async fn a_consent_is_approved_as_a_user_for_some_accounts() {
    let caller = Caller::current().await;
    let account = caller.sandbox.bank("Fjordbanken").user("aino").accounts().remove(2);
    let session = session_of(&caller, "NO", "Fjordbanken", "aino", &[account.identification_hash()]).await;
    let accounts = session["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0]["identification_hash"], account.identification_hash());
    let link = caller.link(&caller.authorization("NO", "Fjordbanken")).await;
    let approve = |user: &str, accounts: &[&str]| caller.sandbox.approve_as(&link, user, accounts).unwrap_err();
    assert_eq!(approve("matti", &[]), ApproveError::UnknownUser);
    assert_eq!(approve("yritys", &[]), ApproveError::UnknownUser);
    assert_eq!(approve("vilho", &[account.identification_hash()]), ApproveError::UnknownAccount);
    caller.sandbox.approve_as::<&str>(&link, "vilho", &[]).unwrap();
    assert_eq!(approve("vilho", &[]), ApproveError::NoConsent);
}

#[tokio::test]
async fn what_cannot_be_is_not_added() {
    let caller = Caller::current().await;
    let bank = caller.sandbox.bank("Fjordbanken");
    let user = bank.user("matti");
    for wrong in [
        NewAccount::new("nok"),
        NewAccount::new("NOK").iban("NO 12"),
        NewAccount::new("NOK").cash_account_type("GOLD"),
        NewAccount::new("NOK").opening_balance("1,00"),
        NewAccount::new("NOK").opening_balance("-79228162514264337593543950335"),
        NewAccount::new("NOK").iban(bank.user("aino").accounts()[0].iban().unwrap()),
    ] {
        user.account(wrong).unwrap_err();
    }
    let account = user.account(NewAccount::new("NOK")).unwrap();
    for wrong in
        ["-1.00", "0", "1,00", "", "1e9", "NaN", "99999999999999999999999999999999", "1000000000000000", "0.000000001"]
    {
        account.add_transaction(NewTransaction::debit(wrong, "x")).unwrap_err();
    }
    for _ in 0..3 {
        account.add_transaction(NewTransaction::debit("999999999999999.99999999", "x")).unwrap();
    }
    let session = session_of(&caller, "NO", "Fjordbanken", "matti", &[]).await;
    caller.get(&format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap())).await.ok();
    account.add_transaction(NewTransaction::debit("1", "x").status("DONE")).unwrap_err();
    assert!(bank.set_quirks(&["ODD"]).is_err());
    assert!(caller.sandbox.add_bank(&NewBank::new("Fjordbanken", "NO")).is_err());
    assert!(caller.sandbox.add_bank(&NewBank::new("New", "Norway")).is_err());
}

#[tokio::test]
async fn a_blocked_account_is_listed_without_an_id_and_cannot_be_read() {
    let caller = Caller::current().await;
    let account = caller.sandbox.bank("Fjordbanken").user("aino").accounts().remove(0);
    let uid = caller.account(0).await;
    account.set_blocked(true);
    let refused = caller.get(&format!("/accounts/{uid}/balances")).await;
    assert_eq!(refused.refusal(), (403, "ASPSP_ACCOUNT_NOT_ACCESSIBLE"));
    let session = caller.session(&caller.authorization("NO", "Fjordbanken")).await;
    assert!(session["accounts"][0]["uid"].is_null() && session["accounts"][1]["uid"].is_string());
    account.set_blocked(false);
    caller.get(&format!("/accounts/{uid}/balances")).await.ok();
}

#[tokio::test]
async fn data_comes_from_a_document() {
    let caller = Caller::current().await;
    let count = caller
        .sandbox
        .add_data(
            r#"{"banks": [{"name": "Data Bank", "country": "DE", "quirks": ["HOLDER_ONLY"], "history_days": 30,
                "maximum_consent_validity": 7776000, "users": [{"name": "max", "holder": "Max Muster", "accounts": [
                {"currency": "EUR", "opening_balance": "10.00", "transactions": [
                  {"amount": "2.50", "party": "Cafe", "day": "2026-01-30", "text": "Coffee"},
                  {"amount": "100.00", "credit": true, "party": "Firm", "status": "PDNG", "booked_on": "2026-02-01"}]}]}]},
              {"name": "Fjordbanken", "users": [{"name": "extra", "psu_type": "business"}]}]}"#,
        )
        .unwrap();
    assert_eq!(count, 2);
    let session = session_of(&caller, "DE", "Data Bank", "max", &[]).await;
    let rows = rows(&caller, &session, 0, "").await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.to_string().contains("Max Muster") && !row.to_string().contains("Cafe")));
    // Of two banks with one name, the country decides.
    let two = r#"{"banks": [{"name": "Twin", "country": "FI"}, {"name": "Twin", "country": "SE", "users": [{"name": "sven"}]}]}"#;
    caller.sandbox.add_data(two).unwrap();
    let link = caller.link(&caller.authorization("SE", "Twin")).await;
    caller.sandbox.approve_as::<&str>(&link, "sven", &[]).unwrap();
    for (wrong, place) in [
        (r#"{"banks": [{"name": "Revontuli", "history_days": 5}]}"#, "banks[0]: the bank exists already"),
        (
            r#"{"banks": [{"name": "Revontuli", "users": [{"name": "aino", "otp": "1"}]}]}"#,
            "users[0]: the bank has this user",
        ),
        ("{", "line 1, column 1"),
        (r#"{"banks": [{"name": "X", "colour": "red"}]}"#, "unknown field `colour`"),
        (r#"{"banks": [{"name": "X", "country": "Norway"}]}"#, "banks[0]: the country"),
        (r#"{"banks": [{"name": "Y", "quirks": ["ODD"]}]}"#, "banks[0].quirks: no scenario"),
        (r#"{"banks": [{"name": "Y", "users": [{"name": "u", "psu_type": "robot"}]}]}"#, "banks[0].users[0].psu_type"),
        (
            r#"{"banks": [{"name": "Y", "users": [{"name": "u", "accounts": [{"currency": "EUR", "transactions": [{"amount": "0"}]}]}]}]}"#,
            "banks[0].users[0].accounts[0].transactions[0]: an amount",
        ),
    ] {
        let error = caller.sandbox.add_data(wrong).unwrap_err().to_string();
        assert!(error.contains(place), "{error}");
    }
}

#[tokio::test]
async fn habits_of_a_bank_are_its_own() {
    let caller = Caller::current().await;
    caller.sandbox.bank("Fjordbanken").set_quirks(&["REPEATED_LAST_PAGE", "SMALL_PAGES"]).unwrap();
    let session = session_of(&caller, "NO", "Fjordbanken", "vilho", &[]).await;
    let target = format!("/accounts/{}/transactions", session["accounts"][0]["uid"].as_str().unwrap());
    let first = caller.get(&target).await.ok();
    assert_eq!(first["transactions"].as_array().unwrap().len(), 10);
    let key = first["continuation_key"].as_str().unwrap();
    let next =
        format!("{target}?continuation_key={}", form_urlencoded::byte_serialize(key.as_bytes()).collect::<String>());
    let (last, again) = (caller.get(&next).await.ok(), caller.get(&next).await.ok());
    assert_eq!((&last["continuation_key"], &again["continuation_key"]), (&json!(key), &Value::Null));
    assert_eq!(last["transactions"], again["transactions"]);
    // Another bank has none of it.
    let other = session_of(&caller, "DE", "Spreebank", "vilho", &[]).await;
    assert_eq!(rows(&caller, &other, 0, "").await.len(), 12);
}

#[tokio::test]
async fn a_consent_covers_a_number_of_requests_where_the_bank_limits_them() {
    let caller = Caller::current().await;
    caller.sandbox.bank("Fjordbanken").set_quirks(&["LIMIT_BY_CONSENT"]).unwrap();
    let session = session_of(&caller, "NO", "Fjordbanken", "vilho", &[]).await;
    let target = format!("/accounts/{}/balances", session["accounts"][0]["uid"].as_str().unwrap());
    for _ in 0..20 {
        caller.get(&target).await.ok();
    }
    let attended = caller.request(Method::GET, &target).header("Psu-Ip-Address", "203.0.113.7");
    assert_eq!(caller.send(attended).await.refusal(), (429, "ASPSP_RATE_LIMIT_EXCEEDED"));
    session_of(&caller, "NO", "Fjordbanken", "vilho", &[]).await;
}

#[tokio::test]
async fn a_key_of_the_bank_itself_may_be_refused() {
    let caller = Caller::current().await;
    caller.sandbox.bank("Fjordbanken").set_quirks(&["NO_KEYS"]).unwrap();
    let target = format!("/accounts/{}/transactions", caller.account(0).await);
    let first = caller.get(&target).await.ok();
    let key =
        form_urlencoded::byte_serialize(first["continuation_key"].as_str().unwrap().as_bytes()).collect::<String>();
    let refused = caller.get(&format!("{target}?continuation_key={key}")).await;
    assert_eq!(refused.refusal(), (422, "WRONG_REQUEST_PARAMETERS"));
    assert!(refused.body["message"].as_str().unwrap().starts_with("transactionStatus in request"));
}

#[tokio::test]
async fn some_banks_share_other_accounts_only_if_a_consent_names_both_flags() {
    let caller = Caller::current().await;
    caller.sandbox.bank("Fjordbanken").set_quirks(&["CURRENT_ACCOUNTS"]).unwrap();
    let mut body = caller.authorization("NO", "Fjordbanken");
    assert_eq!(caller.session(&body).await["accounts"].as_array().unwrap().len(), 1);
    (body["access"]["balances"], body["access"]["transactions"]) = (json!(true), json!(true));
    assert_eq!(caller.session(&body).await["accounts"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_period_that_is_too_long_is_refused_in_words() {
    let caller = Caller::current().await;
    caller.sandbox.bank("Revontuli").set_quirks(&["PERIOD_IN_WORDS"]).unwrap();
    let session = session_of(&caller, "FI", "Revontuli", "aino", &[]).await;
    let uid = session["accounts"][0]["uid"].as_str().unwrap();
    let refused = caller.get(&format!("/accounts/{uid}/transactions?date_from=2024-01-01")).await;
    assert_eq!(refused.refusal(), (400, "ASPSP_ERROR"));
    assert!(refused.body["detail"]["message"].as_str().unwrap().contains("90 days"));
    caller.sandbox.bank("Revontuli").set_quirks(&["PERIOD_WITHOUT_DATE"]).unwrap();
    let refused = caller.get(&format!("/accounts/{uid}/transactions?date_from=2024-01-01")).await;
    assert_eq!(refused.refusal(), (422, "WRONG_TRANSACTIONS_PERIOD"));
    assert!(refused.body["detail"]["message"].is_string() && refused.body["detail"]["date_from"].is_null());
}
