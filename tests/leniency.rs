//! What the generated types forgive in an answer, and what they do not.

use serde_json::{Value, json};

use crate::clients::{Codec, tilisy};

/// Returns the type of this Rust name.
fn codec(name: &str) -> &'static Codec {
    tilisy::API.codec(name)
}

/// A transaction with what it must have, and these keys beside or instead.
fn transaction(more: Value) -> Value {
    let mut value = json!({
        "credit_debit_indicator": "DBIT",
        "status": "BOOK",
        "transaction_amount": { "amount": "1.230", "currency": "EUR" },
    });
    let Value::Object(more) = more else { panic!("keys are needed") };
    value.as_object_mut().unwrap().extend(more);
    value
}

fn check(name: &str, given: &Value, normal: &Value) {
    let recoded = (codec(name).recode)(&given.to_string());
    assert_eq!(recoded.as_ref(), Ok(normal), "{name} from {given}");
}

fn check_refused(name: &str, given: &str, path: &str) {
    let recoded = (codec(name).recode)(given);
    assert_eq!(recoded.unwrap_err(), path, "{name} from {given}");
}

#[test]
fn odd_answers_are_read() {
    let plain = transaction(json!({}));
    for odd in [
        json!({ "remittance_information": null }),
        json!({ "remittance_information": "" }),
        json!({ "creditor_account": "" }),
        json!({ "creditor_account": null }),
        json!({ "booking_date": "" }),
        json!({ "bank_transaction_code": "", "creditor": "", "value_date": null, "entry_reference": null }),
    ] {
        check("Transaction", &transaction(odd), &plain);
    }
    for (odd, normal) in [
        (json!({ "remittance_information": "one" }), json!({ "remittance_information": ["one"] })),
        (json!({ "remittance_information": [null, "one", null] }), json!({ "remittance_information": ["one"] })),
        (json!({ "entry_reference": "" }), json!({ "entry_reference": "" })),
        (json!({ "status": "NEWS" }), json!({ "status": "NEWS" })),
        (
            json!({ "creditor": { "postal_address": { "address_line": "one" } } }),
            json!({ "creditor": { "postal_address": { "address_line": ["one"] } } }),
        ),
        (
            json!({ "creditor": { "postal_address": { "building_number": "4" } } }),
            json!({ "creditor": { "postal_address": { "building_numbder": "4" } } }),
        ),
    ] {
        check("Transaction", &transaction(odd), &transaction(normal));
    }
    check("BalanceStatus", &json!("INFO"), &json!("INFO"));
    check("HalTransactions", &json!({ "transactions": [] }), &json!({ "transactions": [], "continuation_key": null }));
    check(
        "HalTransactions",
        &json!({ "transactions": null, "continuation_key": "" }),
        &json!({ "transactions": [], "continuation_key": "" }),
    );
    check("SandboxInfo", &json!({ "users": [null] }), &json!({}));
}

#[test]
fn properties_that_the_document_does_not_list_are_kept() {
    for more in [
        json!({ "not_in_the_document": { "deep": [1, 2, null] }, "null": null, "extra": "a", "extra_": "b" }),
        json!({ "transaction_amount": { "amount": "1.230", "currency": "EUR", "new": 1 } }),
        json!({ "creditor": { "postal_address": { "address_line": ["one"], "floor": "4" } } }),
    ] {
        check("Transaction", &transaction(more.clone()), &transaction(more));
    }
    let error = json!({ "message": "m", "hint": { "h": 1 } });
    check("ErrorResponse", &error, &error);
}

#[test]
fn amounts_keep_their_digits_or_are_refused() {
    let amount = |amount: &str| format!(r#"{{ "amount": {amount}, "currency": "EUR" }}"#);
    for (given, kept) in [
        (r#""1.230""#, "1.230"),
        ("1.10", "1.10"),
        ("0.1", "0.1"),
        ("100", "100"),
        (r#""-0.01""#, "-0.01"),
        ("12345678901234567890.12345678", "12345678901234567890.12345678"),
    ] {
        let recoded = (codec("AmountType").recode)(&amount(given)).unwrap();
        assert_eq!(recoded["amount"], json!(kept), "{given}");
    }
    for given in [
        r#""""#,
        r#""1,23""#,
        r#""1_000""#,
        r#""NaN""#,
        "null",
        "true",
        "[]",
        "{}",
        r#""0.12345678901234567890123456789""#,
    ] {
        check_refused("AmountType", &amount(given), "amount");
    }
}

#[test]
fn the_wire_name_wins_over_its_alias_in_any_order() {
    for given in
        [r#"{"building_numbder": "4", "building_number": "5"}"#, r#"{"building_number": "5", "building_numbder": "4"}"#]
    {
        assert_eq!((codec("PostalAddress").recode)(given), Ok(json!({ "building_numbder": "4" })), "{given}");
    }
}

#[test]
fn nothing_passes_for_an_empty_page() {
    for (name, list) in
        [("HalTransactions", "transactions"), ("HalBalances", "balances"), ("GetAspspsResponse", "aspsps")]
    {
        for given in ["{}", "[]", "null", "\"\"", "0", r#"{"error": "ASPSP_ERROR", "code": 400, "message": "m"}"#] {
            check_refused(name, given, ".");
        }
        for inside in ["{}", "0", "\"one\"", "true"] {
            let path = if inside == "\"one\"" { format!("{list}[0]") } else { list.to_owned() };
            let recoded = (codec(name).recode)(&format!(r#"{{"{list}": {inside}}}"#)).unwrap_err();
            assert!(recoded == path || recoded == list, "{name}.{list} from {inside} fails at {recoded}");
        }
        check_refused(name, &format!(r#"{{"{list}": [[]]}}"#), &format!("{list}[0]"));
    }
    check_refused("Transaction", r#"[null, "2020-01-01", "DBIT"]"#, ".");
    check_refused("SandboxInfo", "[]", ".");
}
