//! Every property of a record, each by a request that keeps it and one that breaks it.

use serde_json::json;

use super::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 2, 1).unwrap_or_default()
}

fn request() -> Value {
    json!({
        "payment_type": "SEPA",
        "psu_type": "personal",
        "aspsp": { "name": "Bank", "country": "FI" },
        "state": "state",
        "redirect_url": "https://example.com/back",
        "payment_request": { "credit_transfer_transaction": [transfer()] },
    })
}

fn transfer() -> Value {
    json!({
        "instructed_amount": { "currency": "EUR", "amount": "2.00" },
        "beneficiary": {
            "creditor": { "name": "Receiver" },
            "creditor_account": { "scheme_name": "IBAN", "identification": "FI2112345600000785" },
        },
    })
}

/// Sets a value at a pointer, where `0` is the first transfer, and creates the objects on the way.
fn set(target: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    if !parent.is_empty() && target.pointer(parent).is_none() {
        set(target, parent, json!({}));
    }
    match target.pointer_mut(parent) {
        Some(Value::Object(entries)) => drop(entries.insert(name.to_owned(), value)),
        Some(Value::Array(items)) => items[name.parse::<usize>().unwrap_or_default()] = value,
        _ => unreachable!("{pointer}"),
    }
}

fn at(transfer: &str) -> String {
    format!("/payment_request/credit_transfer_transaction/0{transfer}")
}

/// Returns the code of the refusal of a request with these changes, by a record with these rules.
fn refused(rules: &Value, changes: &[(String, Value)]) -> Option<String> {
    let mut record = json!({ "payment_type": "SEPA", "psu_type": "personal" });
    for (key, value) in rules.as_object().into_iter().flatten() {
        record[key] = value.clone();
    }
    let mut request = request();
    for (pointer, value) in changes {
        set(&mut request, pointer, value.clone());
    }
    let checked = check_shape(&request).and_then(|()| check(&request, &record, today()));
    checked.err().map(|refusal| refusal.body()["error"].as_str().unwrap_or_default().to_owned())
}

/// Checks a rule: with the good change the request is accepted, with the bad one it is refused with a code, and without
/// the rule the bad one is accepted, unless absence of the rule forbids it as well.
fn check_rule(rules: Value, good: &[(String, Value)], bad: &[(String, Value)], code: &str, by_default: bool) {
    assert_eq!(refused(&rules, good), None, "{rules} {good:?}");
    assert_eq!(refused(&rules, bad).as_deref(), Some(code), "{rules} {bad:?}");
    assert_eq!(refused(&json!({}), bad).is_some(), by_default, "{rules} {bad:?}");
}

const WRONG: &str = "WRONG_REQUEST_PARAMETERS";

#[test]
fn required_properties_are_required() {
    let iban = json!({ "scheme_name": "IBAN", "identification": "FI2112345600000785" });
    for (key, pointer, value) in [
        ("debtor_account_required", "/payment_request/debtor_account".to_owned(), iban),
        ("debtor_currency_required", "/payment_request/debtor_currency".to_owned(), json!("EUR")),
        (
            "debtor_contact_email_required",
            "/payment_request/debtor/contact_details/email_address".to_owned(),
            json!("payer@example.com"),
        ),
        (
            "debtor_contact_phone_required",
            "/payment_request/debtor/contact_details/phone_number".to_owned(),
            json!("+358401234567"),
        ),
        ("creditor_postal_address_required", at("/beneficiary/creditor/postal_address/town_name"), json!("Oulu")),
        ("creditor_country_required", at("/beneficiary/creditor/postal_address/country"), json!("FI")),
        ("creditor_agent_bic_fi_required", at("/beneficiary/creditor_agent/bic_fi"), json!("SAIMFIHH")),
        (
            "creditor_agent_clearing_system_member_id_required",
            at("/beneficiary/creditor_agent/clearing_system_member_id/member_id"),
            json!("0123"),
        ),
        ("remittance_information_required", at("/remittance_information"), json!(["Invoice 12"])),
    ] {
        check_rule(json!({ key: true }), &[(pointer, value)], &[], WRONG, false);
    }
    let unnamed = [(at("/beneficiary/creditor"), json!({ "name": " " }))];
    check_rule(json!({ "creditor_name_required": true }), &[], &unnamed, WRONG, false);
    let unknown = [("/payment_request/debtor_currency".to_owned(), json!("XXX"))];
    let known = [("/payment_request/debtor_currency".to_owned(), json!("SEK"))];
    check_rule(json!({ "debtor_currency_required": true }), &known, &unknown, WRONG, false);
    let report = |code: Value| [(at("/regulatory_reporting"), json!([{ "details": code }]))];
    let coded = report(json!({ "information": "Goods", "code": "100" }));
    let uncoded = report(json!({ "information": "Goods" }));
    let rule = json!({ "regulatory_reporting_code_required": true });
    check_rule(rule.clone(), &coded, &uncoded, WRONG, false);
    check_rule(rule, &coded, &[], WRONG, false);
}

#[test]
fn codes_are_limited_to_those_of_the_bank() {
    let account = |scheme: &str, number: &str| json!({ "scheme_name": scheme, "identification": number });
    let payment = |name: &str| format!("/payment_request/{name}");
    for (key, pointer, good, bad) in [
        ("currencies", at("/instructed_amount/currency"), json!("EUR"), json!("SEK")),
        (
            "debtor_account_schemas",
            payment("debtor_account"),
            account("IBAN", "FI2112345600000785"),
            account("BBAN", "123"),
        ),
        (
            "creditor_account_schemas",
            at("/beneficiary/creditor_account"),
            account("IBAN", "FI2112345600000785"),
            account("BGNR", "1234567"),
        ),
        ("priority_codes", payment("payment_type_information/instruction_priority"), json!("NORM"), json!("HIGH")),
        ("charge_bearer_values", payment("charge_bearer"), json!("SLEV"), json!("DEBT")),
        ("allowed_auth_methods", "/auth_method".to_owned(), json!("app"), json!("password")),
    ] {
        let list = json!(["EUR", "IBAN", "NORM", "SLEV", "app"]);
        check_rule(json!({ key: list }), &[(pointer.clone(), good)], &[(pointer, bad)], WRONG, false);
    }
    let report =
        |code: &str| [(at("/regulatory_reporting"), json!([{ "details": { "information": "", "code": code } }]))];
    let codes = json!({ "regulatory_reporting_codes": [{ "value": "100", "description": "Goods" }] });
    check_rule(codes, &report("100"), &report("200"), WRONG, false);
}

#[test]
fn properties_that_need_support_are_refused_without_it() {
    let reference = |number: &str| [(at("/reference_number"), json!(number))];
    let rule = json!({ "reference_number_supported": true, "reference_number_schemas": ["FIRF"] });
    check_rule(rule, &reference("1232"), &reference("RF18539007547034"), WRONG, true);
    let day = |day: &str| [(at("/requested_execution_date"), json!(day))];
    let rule = json!({ "requested_execution_date_supported": true, "requested_execution_date_max_period": 30 });
    check_rule(rule.clone(), &day("2026-03-03"), &day("2026-03-04"), WRONG, true);
    check_rule(rule, &day("2026-02-01"), &day("2026-01-31"), WRONG, true);
    let defer = [("/defer_submission".to_owned(), json!(true))];
    let rule = json!({ "deferred_submission_supported": true });
    assert_eq!(refused(&rule, &defer), None);
    assert_eq!(refused(&json!({}), &defer).as_deref(), Some("PAYMENT_SUBMISSION_NOT_SUPPORTED"));
    assert_eq!(refused(&json!({}), &[("/defer_submission".to_owned(), json!(false))]), None);
}

#[test]
fn a_reference_and_a_text_need_support_together() {
    let both = [(at("/reference_number"), json!("1232")), (at("/remittance_information"), json!(["Invoice"]))];
    let alone = json!({ "reference_number_supported": true });
    let together = json!({ "reference_number_supported": true, "remittance_reference_supported": true });
    assert_eq!(refused(&alone, &both).as_deref(), Some(WRONG));
    assert_eq!(refused(&together, &both), None);
    // A reference takes the place of a required text, unless both can be sent.
    let mut required = alone;
    required["remittance_information_required"] = json!(true);
    assert_eq!(refused(&required, &both[..1]), None);
    required["remittance_reference_supported"] = json!(true);
    assert_eq!(refused(&required, &both[..1]).as_deref(), Some(WRONG));
}

#[test]
fn lines_have_a_number_a_length_and_a_pattern() {
    let lines = |lines: Value| [(at("/remittance_information"), lines)];
    let rule = json!({ "remittance_information_lines": [
        { "min_length": 2, "max_length": 5 },
        { "pattern": "^[a-z]+$" },
    ] });
    for bad in [json!(["a"]), json!(["abcdef"]), json!(["ab", "Z"]), json!(["ab", "c", "d"])] {
        check_rule(rule.clone(), &lines(json!(["åäö", "z"])), &lines(bad), WRONG, false);
    }
}

#[test]
fn sums_and_numbers_of_transfers_are_limited() {
    let two = [("/payment_request/credit_transfer_transaction".to_owned(), json!([transfer(), transfer()]))];
    let limit = "PAYMENT_LIMIT_EXCEEDED";
    check_rule(json!({ "max_transactions": 1 }), &[], &two, limit, false);
    let amount = |amount: &str| [(at("/instructed_amount/amount"), json!(amount))];
    assert_eq!(refused(&json!({}), &amount("1000000.00")), None);
    for more in ["1000000.01", "99999999999999999999999999999999999999999999"] {
        assert_eq!(refused(&json!({}), &amount(more)).as_deref(), Some(limit), "{more}");
    }
    let instant = json!({ "payment_type": "INST_SEPA" });
    assert_eq!(refused(&instant, &amount("100000")), None);
    assert_eq!(refused(&instant, &amount("100000.01")).as_deref(), Some(limit));
}

#[test]
fn amounts_are_positive_and_fit_their_currency() {
    let amount = |currency: &str, amount: &str| {
        refused(&json!({}), &[(at("/instructed_amount"), json!({ "currency": currency, "amount": amount }))])
    };
    for (currency, good) in [("EUR", "0.01"), ("EUR", "7"), ("JPY", "100"), ("KWD", "0.001")] {
        assert_eq!(amount(currency, good), None, "{good} {currency}");
    }
    for (currency, bad) in [("EUR", "0"), ("EUR", "0.00"), ("EUR", "-1.00"), ("EUR", "1.001"), ("JPY", "1.0")] {
        assert_eq!(amount(currency, bad).as_deref(), Some(WRONG), "{bad} {currency}");
    }
}

#[test]
fn account_numbers_fit_their_scheme() {
    let account = |scheme: &str, number: &str| {
        let account = json!({ "scheme_name": scheme, "identification": number });
        refused(&json!({}), &[(at("/beneficiary/creditor_account"), account)])
    };
    for (scheme, good, bad) in [
        ("IBAN", "FI2112345600000785", "FI2112345600000786"),
        ("BGNR", "1234567", "123-4567"),
        ("PGNR", "12", "1"),
        ("BBAN", "12345678903", "1234.56.78903"),
    ] {
        assert_eq!(account(scheme, good), None, "{good}");
        assert_eq!(account(scheme, bad).as_deref(), Some(WRONG), "{bad}");
    }
}

#[test]
fn standing_orders_are_complete() {
    let rule = json!({ "requested_execution_date_supported": true });
    let first = (at("/requested_execution_date"), json!("2026-03-01"));
    let monthly = (at("/frequency"), json!("MNTH"));
    let end = |day: &str| (at("/end_date"), json!(day));
    assert_eq!(refused(&rule, &[first.clone(), monthly.clone(), end("2026-12-01")]), None);
    for wrong in
        [vec![monthly.clone()], vec![first.clone(), end("2026-12-01")], vec![first, monthly, end("2026-02-28")]]
    {
        assert_eq!(refused(&rule, &wrong).as_deref(), Some(WRONG), "{wrong:?}");
    }
}

#[test]
fn values_of_other_types_are_refused() {
    for (pointer, value) in [
        ("/state", json!(1)),
        ("/psu_type", json!("company")),
        ("/payment_type", json!("CHEQUE")),
        ("/language", json!("FI")),
        ("/defer_submission", json!("yes")),
        ("/credentials", json!({ "userId": "aino" })),
        ("/aspsp", json!("Bank")),
        ("/payment_request", json!([])),
        ("/payment_request/credit_transfer_transaction", json!([])),
        ("/payment_request/credit_transfer_transaction", json!({})),
        ("/payment_request/debtor_account", json!({ "iban": "FI2112345600000785" })),
    ] {
        assert_eq!(refused(&json!({}), &[(pointer.to_owned(), value)]).as_deref(), Some(WRONG), "{pointer}");
    }
    for (pointer, value) in [
        ("/instructed_amount/amount", json!(2.0)),
        ("/instructed_amount/currency", json!("eur")),
        ("/beneficiary", json!({})),
        ("/beneficiary/creditor_account/scheme_name", json!("BG")),
        ("/beneficiary/creditor", json!("Receiver")),
        ("/remittance_information", json!("one line")),
        ("/regulatory_reporting", json!([])),
    ] {
        assert_eq!(refused(&json!({}), &[(at(pointer), value)]).as_deref(), Some(WRONG), "{pointer}");
    }
    for required in ["payment_type", "payment_request", "aspsp", "state", "redirect_url", "psu_type"] {
        let mut request = request();
        request.as_object_mut().map(|entries| entries.remove(required));
        assert!(check_shape(&request).is_err(), "{required}");
    }
}

#[test]
fn the_record_of_the_payment_type_and_psu_type_is_found() {
    let records = ["personal", "business"].map(|kind| json!({ "payment_type": "SEPA", "psu_type": kind, "is": kind }));
    let mut request = request();
    assert_eq!(record(&records, &request).map(|record| record["is"].clone()).ok(), Some(json!("personal")));
    request["psu_type"] = json!("business");
    assert_eq!(record(&records, &request).map(|record| record["is"].clone()).ok(), Some(json!("business")));
    request["payment_type"] = json!("DOMESTIC");
    assert!(record(&records, &request).is_err());
}
