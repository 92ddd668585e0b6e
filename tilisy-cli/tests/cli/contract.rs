//! `tilisy doctor --contract`: differences between responses and the API description.

use serde_json::{Value, json};
use tilisy_sandbox::Reply;

use crate::bank::Bank;
use crate::desk::{Desk, Done};

/// A desk with a consent at a bank that records its requests from now on.
fn connected() -> (Desk, Bank) {
    let desk = Desk::new();
    let redirect = desk.redirect();
    let bank = Bank::built(|builder| builder.redirect_url(&redirect).keep_requests(true));
    bank.consent(&desk, &[]).well();
    (desk, bank)
}

/// Returns the rows: operation, kind, name and count.
fn rows(done: &Done) -> Vec<(String, String, String, u64)> {
    let rows: Vec<Value> = serde_json::from_str(&done.out).unwrap();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let row = |row: &Value| {
        assert_eq!(row.as_object().unwrap().len(), 4, "{row}");
        (text(row, "operation"), text(row, "kind"), text(row, "name"), row["count"].as_u64().unwrap())
    };
    rows.iter().map(row).collect()
}

/// Responses to the first six calls, each with differences. All of their values contain `hunter2`.
fn different() -> [Reply; 6] {
    let application = json!({
        "active": true, "countries": ["FI", null], "environment": "hunter2", "kid": "11111111-2222-4333-8444-555555555555",
        "name": "hunter2", "redirect_urls": null, "services": ["AIS", "HUNTER2"], "owner": { "hunter2": "hunter2" },
        "description": null,
    });
    let error = json!({ "code": 401, "error": "EXPIRED_SESSION", "message": "hunter2", "trace": "hunter2" });
    let details = json!({
        "cash_account_type": "CACC", "currency": "EUR", "identification_hash": "hunter2", "identification_hashes": [],
        "FI2112345600000785": "hunter2", "aino@example.com": "hunter2", "a\u{1b}[31m\n b": "hunter2",
        "name": null,
    });
    let balance = |amount: Value| {
        json!({
            "name": "hunter2", "balance_type": "CLBD", "balance_amount": { "amount": amount, "currency": "EUR" },
        })
    };
    let balances = json!({ "balances": [balance(json!("1.00")), balance(Value::Null), balance(json!("hunter2")), {}] });
    let transaction = json!({
        "credit_debit_indicator": "CRDT", "status": "BOOK", "transaction_amount": { "amount": "1", "currency": "EUR" },
        "remittance_information": [null, "hunter2"], "hint": "hunter2",
    });
    let transactions = json!({ "transactions": [transaction, transaction], "continuation_key": null });
    [
        Reply::json(200, application.to_string()),
        Reply::new(503),
        Reply::json(401, error.to_string()),
        Reply::json(200, details.to_string()),
        Reply::json(200, balances.to_string()),
        Reply::json(200, transactions.to_string()),
    ]
}

#[test]
fn differences_are_reported_by_name_and_without_values() {
    let (desk, bank) = connected();
    bank.says(different());
    let done = bank.run(&desk, &["doctor", "--contract", "--format", "json"]).well();
    let expected = [
        ("account_balances", "missing property", "balances[].balance_amount", 1),
        ("account_balances", "unexpected null", "balances[].balance_amount.amount", 1),
        ("account_balances", "unexpected value", "balances[].balance_amount.amount", 1),
        ("account_details", "undeclared property", "AccountResource.(not shown)", 2),
        ("account_details", "undeclared property", "AccountResource.a\u{fffd}[31m b", 1),
        ("account_transactions", "undeclared property", "Transaction.hint", 2),
        ("account_transactions", "unexpected null", "Transaction.remittance_information[]", 2),
        ("application", "undeclared property", "GetApplicationResponse.owner", 1),
        ("application", "unexpected null", "GetApplicationResponse.countries[]", 1),
        ("application", "unexpected null", "GetApplicationResponse.redirect_urls", 1),
        ("application", "unlisted code", "Environment: (not shown)", 1),
        ("application", "unlisted code", "Service: HUNTER2", 1),
        ("aspsps", "failed", "status 503", 1),
        ("session", "failed", "EXPIRED_SESSION", 1),
        ("session", "undeclared property", "ErrorResponse.trace", 1),
    ];
    let expected = expected.map(|(operation, kind, name, count)| (operation.into(), kind.into(), name.into(), count));
    assert_eq!(rows(&done), expected, "{done:?}");
    assert!(done.err.contains("/issues"), "{done:?}");
}

#[test]
fn a_table_of_differences_has_no_values() {
    let (desk, bank) = connected();
    bank.says(different());
    let done = bank.run(&desk, &["doctor", "--contract"]).well();
    for name in ["GetApplicationResponse.owner", "unexpected null", "Transaction.hint", "status 503"] {
        assert!(done.out.contains(name), "`{name}` in {done:?}");
    }
    for text in [&done.out, &done.err] {
        for secret in ["hunter2", "0000785", "aino", "\u{1b}"] {
            assert!(!text.contains(secret), "`{secret}` in {done:?}");
        }
        bank.keeps_its_secrets(text);
    }
    assert!(!done.out.contains("clock"), "the checks are not run: {done:?}");
}

#[test]
fn the_sandbox_matches_the_api_description() {
    let (desk, bank) = connected();
    let done = bank.run(&desk, &["doctor", "--contract"]).well();
    assert_eq!((&*done.out, &*done.err), ("every response matches the API description\n", ""));
    assert_eq!(bank.run(&desk, &["doctor", "--contract", "--format", "json"]).well().out.trim(), "[]");
    let done = desk.run(&["doctor", "--contract", "--sandbox"]).well();
    assert_eq!(done.out, "every response matches the API description\n", "{done:?}");
}

#[test]
fn every_call_is_sent_once_and_for_three_accounts_of_a_consent() {
    let (desk, bank) = connected();
    let before = bank.sandbox.requests().len();
    bank.says([Reply::new(503).repeated()]);
    let done = bank.run(&desk, &["doctor", "--contract", "--format", "json"]).well();
    let expected = [
        ("account_balances", 3),
        ("account_details", 3),
        ("account_transactions", 3),
        ("application", 1),
        ("aspsps", 1),
        ("session", 1),
    ];
    let expected = expected.map(|(operation, count)| (operation.into(), "failed".into(), "status 503".into(), count));
    assert_eq!(rows(&done), expected);
    let requests = bank.sandbox.requests();
    let requests: Vec<_> = requests[before..].iter().map(|request| (request.method(), request.target())).collect();
    assert!(requests.iter().all(|(method, _)| *method == "GET"), "{requests:?}");
    assert_eq!(requests.len(), 12, "{requests:?}");
    assert_eq!(requests[1].1, "/aspsps?country=FI");
}

#[test]
fn without_a_consent_the_application_and_all_banks_are_compared() {
    let (desk, bank) = (Desk::new(), Bank::built(|builder| builder.keep_requests(true)));
    bank.run(&desk, &["doctor", "--contract"]).well();
    let requests = bank.sandbox.requests();
    let targets: Vec<_> = requests.iter().map(|request| request.target()).collect();
    assert_eq!(targets, ["/application", "/aspsps"]);
}

#[test]
fn the_reads_of_accounts_are_counted() {
    let (desk, bank) = connected();
    let left = |bank: &Bank| bank.run(&desk, &["doctor"]).well().out;
    assert!(left(&bank).contains("about 4 of 4 reads"));
    bank.run(&desk, &["doctor", "--contract"]).well();
    assert!(left(&bank).contains("about 3 of 4 reads"));
}
