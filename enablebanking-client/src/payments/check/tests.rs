#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use serde_json::{Value, json};

use super::*;

const TODAY: &str = "2026-11-30";

/// A payment that is valid for [`rules`], with these changes by JSON pointer. `null` removes a property.
fn payment(changes: &[(&str, Value)]) -> CreatePaymentRequest {
    let value = json!({
        "aspsp": { "name": "Nordea", "country": "FI" },
        "payment_type": "SEPA",
        "psu_type": "personal",
        "redirect_url": "https://app.example/back",
        "state": "state",
        "payment_request": {
            "debtor_account": { "scheme_name": "IBAN", "identification": "FI4950009420028730" },
            "charge_bearer": "SLEV",
            "credit_transfer_transaction": [{
                "instructed_amount": { "amount": "2.00", "currency": "EUR" },
                "beneficiary": {
                    "creditor": { "name": "Receiver", "postal_address": { "country": "FI" } },
                    "creditor_account": { "scheme_name": "IBAN", "identification": "FI2112345600000785" },
                },
                "remittance_information": ["Rent"],
                "requested_execution_date": "2026-12-01",
            }],
        },
    });
    serde_json::from_value(changed(value, changes)).unwrap()
}

fn rules(changes: &[(&str, Value)]) -> ResponsePaymentType {
    let value = json!({
        "payment_type": "SEPA", "psu_type": "personal", "currencies": ["EUR"], "max_transactions": 1,
        "debtor_account_required": true, "debtor_account_schemas": ["IBAN"], "creditor_account_schemas": ["IBAN"],
        "charge_bearer_values": ["SLEV"], "priority_codes": ["NORM"], "allowed_auth_methods": ["MTA"],
        "remittance_information_required": true,
        "remittance_information_lines": [{ "min_length": 1, "max_length": 10, "pattern": "^[A-Za-z ]{1,10}$" }],
        "requested_execution_date_supported": true, "requested_execution_date_max_period": 365,
    });
    serde_json::from_value(changed(value, changes)).unwrap()
}

fn changed(mut value: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, new) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match value.pointer_mut(parent).unwrap() {
            Value::Array(list) => list.push(new.clone()),
            object => object[key] = new.clone(),
        }
    }
    value
}

#[track_caller]
fn check(of_payment: &[(&str, Value)], of_rules: &[(&str, Value)], expected: &[&str]) {
    let found = payment(of_payment).check_on(TODAY.parse().unwrap(), &rules(of_rules));
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected, "{of_payment:?} {of_rules:?}");
}

const PAYMENT: &str = "/payment_request";
const TRANSFER: &str = "/payment_request/credit_transfer_transaction/0";

#[track_caller]
fn check_payment(property: &str, value: Value, of_rules: &[(&str, Value)], expected: &[&str]) {
    check(&[(&format!("{PAYMENT}/{property}"), value)], of_rules, expected);
}

#[track_caller]
fn check_transfer(property: &str, value: Value, of_rules: &[(&str, Value)], expected: &[&str]) {
    check(&[(&format!("{TRANSFER}/{property}"), value)], of_rules, expected);
}

#[test]
fn a_payment_that_follows_all_rules_has_no_violation() {
    check(&[], &[], &[]);
    // Rules that a bank does not set are not checked.
    let silent = serde_json::from_value(json!({ "payment_type": "SEPA", "psu_type": "personal" })).unwrap();
    let bare = payment(&[(&format!("{TRANSFER}/requested_execution_date"), Value::Null)]);
    assert_eq!(bare.check_on(TODAY.parse().unwrap(), &silent), []);
}

#[test]
fn the_request_fits_the_rules() {
    check(
        &[("/payment_type", json!("DOMESTIC"))],
        &[],
        &["`payment_type`: the rules are for another payment type or kind of PSU"],
    );
    check(
        &[("/psu_type", json!("business"))],
        &[],
        &["`psu_type`: the rules are for another payment type or kind of PSU"],
    );
    check(&[("/auth_method", json!("MTA"))], &[], &[]);
    check(&[("/auth_method", json!("hunter2"))], &[], &["`auth_method`: the bank does not allow this value"]);
    check(&[("/defer_submission", json!(false))], &[], &[]);
    check(
        &[("/defer_submission", json!(true))],
        &[],
        &["`defer_submission`: the bank does not support it (leave it out)"],
    );
    check(&[("/defer_submission", json!(true))], &[("/deferred_submission_supported", json!(true))], &[]);
}

#[test]
fn required_properties_of_the_payer_are_there() {
    check_payment("debtor_account", Value::Null, &[], &["`payment_request.debtor_account`: the bank requires it"]);
    check_payment("debtor_account", Value::Null, &[("/debtor_account_required", Value::Null)], &[]);
    for (currency, is_there) in [(Value::Null, false), (json!("XXX"), false), (json!(""), false), (json!("EUR"), true)]
    {
        let expected: &[&str] = &["`payment_request.debtor_currency`: the bank requires it"];
        let expected = if is_there { &[] } else { expected };
        check_payment("debtor_currency", currency, &[("/debtor_currency_required", json!(true))], expected);
    }
    for (flag, property) in [("email", "email_address"), ("phone", "phone_number")] {
        let flags = &[(&*format!("/debtor_contact_{flag}_required"), json!(true))];
        let path = format!("`payment_request.debtor.contact_details.{property}`: the bank requires it");
        for debtor in
            [Value::Null, json!({}), json!({ "contact_details": {} }), json!({ "contact_details": { property: " " } })]
        {
            check_payment("debtor", debtor, flags, &[&path]);
        }
        check_payment("debtor", json!({ "contact_details": { property: "a" } }), flags, &[]);
    }
}

#[test]
fn codes_are_those_that_the_bank_allows() {
    check_payment(
        "charge_bearer",
        json!("SHAR"),
        &[("/charge_bearer_values/-", json!("hunter2"))],
        &["`payment_request.charge_bearer`: the bank does not allow this value (allowed: SLEV)"],
    );
    check_payment("charge_bearer", json!("SHAR"), &[("/charge_bearer_values", json!([]))], &[]);
    check_payment("charge_bearer", Value::Null, &[], &[]);
    check_payment(
        "payment_type_information",
        json!({ "instruction_priority": "HIGH" }),
        &[],
        &[
            "`payment_request.payment_type_information.instruction_priority`: the bank does not allow this value (allowed: NORM)",
        ],
    );
    check_payment(
        "debtor_account/scheme_name",
        json!("BBAN"),
        &[],
        &["`payment_request.debtor_account.scheme_name`: the bank does not allow this value (allowed: IBAN)"],
    );
    check_transfer(
        "beneficiary/creditor_account/scheme_name",
        json!("BGNR"),
        &[],
        &["`payment_request.credit_transfer_transaction[0].beneficiary.creditor_account.scheme_name`: \
         the bank does not allow this value (allowed: IBAN)"],
    );
}

#[test]
fn the_number_of_transfers_is_limited() {
    let second = json!({
        "instructed_amount": { "amount": "0", "currency": "SEK" },
        "beneficiary": { "creditor_account": { "scheme_name": "IBAN", "identification": "FI2112345600000785" } },
        "remittance_information": ["a"],
    });
    let property = "credit_transfer_transaction/-";
    check_payment(
        property,
        second.clone(),
        &[],
        &[
            "`payment_request.credit_transfer_transaction`: the bank allows at most 1",
            "`payment_request.credit_transfer_transaction[1].instructed_amount.amount`: the amount is not greater than zero",
            "`payment_request.credit_transfer_transaction[1].instructed_amount.currency`: \
         the bank does not allow this value (allowed: EUR)",
        ],
    );
    let both = &[("/max_transactions", json!(2)), ("/currencies/-", json!("SEK"))];
    check_payment(
        property,
        second,
        both,
        &[
            "`payment_request.credit_transfer_transaction[1].instructed_amount.amount`: the amount is not greater than zero",
        ],
    );
    check_payment(
        "credit_transfer_transaction",
        json!([]),
        &[],
        &["`payment_request.credit_transfer_transaction`: the bank requires it"],
    );
    check_transfer(
        "instructed_amount/amount",
        json!("-2.00"),
        &[],
        &[
            "`payment_request.credit_transfer_transaction[0].instructed_amount.amount`: the amount is not greater than zero",
        ],
    );
    check(&[], &[("/max_transactions", json!(-1))], &[]);
}

#[test]
fn required_properties_of_the_receiver_are_there() {
    let bare = json!({ "creditor_account": { "scheme_name": "IBAN", "identification": "FI2112345600000785" } });
    for (flag, property) in [
        ("creditor_name_required", "creditor.name"),
        ("creditor_postal_address_required", "creditor.postal_address"),
        ("creditor_country_required", "creditor.postal_address.country"),
        ("creditor_agent_bic_fi_required", "creditor_agent.bic_fi"),
        ("creditor_agent_clearing_system_member_id_required", "creditor_agent.clearing_system_member_id"),
    ] {
        let path =
            format!("`payment_request.credit_transfer_transaction[0].beneficiary.{property}`: the bank requires it");
        check_transfer("beneficiary", bare.clone(), &[(&format!("/{flag}"), json!(true))], &[&path]);
        check_transfer("beneficiary", bare.clone(), &[(&format!("/{flag}"), json!(false))], &[]);
        let full = json!({
            "creditor": { "name": "a", "postal_address": { "country": "FI" } },
            "creditor_account": { "scheme_name": "IBAN", "identification": "FI2112345600000785" },
            "creditor_agent": { "bic_fi": "NDEAFIHH", "clearing_system_member_id": { "member_id": "020368" } },
        });
        check_transfer("beneficiary", full, &[(&format!("/{flag}"), json!(true))], &[]);
    }
}

#[test]
fn remittance_information_fits_the_lines_of_the_bank() {
    let at = |rest: &str| format!("`payment_request.credit_transfer_transaction[0].remittance_information{rest}");
    for none in [Value::Null, json!([])] {
        check_transfer("remittance_information", none, &[], &[&at("`: the bank requires it")]);
    }
    check_transfer(
        "remittance_information",
        json!([""]),
        &[],
        &[
            &at("`: the bank requires it"),
            &at("[0]`: it is too short (at least 1 characters)"),
            &at("[0]`: it does not match the regular expression of the bank"),
        ],
    );
    check_transfer("remittance_information", json!(["Rent", "Rent"]), &[], &[&at("`: the bank allows at most 1")]);
    check_transfer(
        "remittance_information",
        json!(["Rent of the boathouse"]),
        &[],
        &[
            &at("[0]`: it is too long (at most 10 characters)"),
            &at("[0]`: it does not match the regular expression of the bank"),
        ],
    );
    // Characters are counted, not bytes.
    let plain = &[
        ("/remittance_information_lines/0", json!(null)),
        ("/remittance_information_lines", json!([{ "max_length": 4 }])),
    ];
    check_transfer("remittance_information", json!(["äöåé"]), plain, &[]);
    // Classes match letters of other scripts at the bank, and only ASCII here.
    let lines = json!([{ "pattern": "^[\\w ]{1,140}$" }]);
    for line in ["Müller", "Muller"] {
        check_transfer(
            "remittance_information",
            json!([line]),
            &[("/remittance_information_lines", lines.clone())],
            &[],
        );
    }
    check_transfer(
        "remittance_information",
        json!(["a+b"]),
        &[("/remittance_information_lines", lines)],
        &[&at("[0]`: it does not match the regular expression of the bank")],
    );
    // An expression that this crate cannot read is left to the service.
    for pattern in ["(?<=a)b", "(", "\\p{L}+"] {
        let lines = json!([{ "pattern": pattern }]);
        check_transfer("remittance_information", json!(["1"]), &[("/remittance_information_lines", lines)], &[]);
    }
}

#[test]
fn references_are_sent_where_they_are_supported() {
    let at = "`payment_request.credit_transfer_transaction[0].reference_number`";
    let supported = ("/reference_number_supported", json!(true));
    check_transfer(
        "reference_number",
        json!("RF18539007547034"),
        &[],
        &[&format!("{at}: the bank does not support it (leave it out)")],
    );
    check_transfer(
        "reference_number",
        json!("RF18539007547034"),
        std::slice::from_ref(&supported),
        &[&format!("{at}: the bank does not support it together with `remittance_information`")],
    );
    let both = &[supported, ("/remittance_reference_supported", json!(true))];
    check_transfer("reference_number", json!("RF18539007547034"), both, &[]);
}

#[test]
fn days_are_neither_past_nor_too_far_ahead() {
    let at = "`payment_request.credit_transfer_transaction[0].requested_execution_date`";
    for (day, expected) in [
        ("2026-11-28", Some(": the day is in the past")),
        // It may still be yesterday at the bank.
        ("2026-11-29", None),
        ("2026-11-30", None),
        ("2027-11-30", None),
        // It may be tomorrow already.
        ("2027-12-01", None),
        ("2027-12-02", Some(": the day is too far ahead (at most 365 days)")),
        ("9999-12-31", Some(": the day is too far ahead (at most 365 days)")),
    ] {
        let expected: Vec<_> = expected.iter().map(|text| format!("{at}{text}")).collect();
        let expected: Vec<_> = expected.iter().map(String::as_str).collect();
        check_transfer("requested_execution_date", json!(day), &[], &expected);
    }
    check(
        &[],
        &[("/requested_execution_date_supported", Value::Null)],
        &[&format!("{at}: the bank does not support it (leave it out)")],
    );
    check_transfer(
        "requested_execution_date",
        json!("9999-12-31"),
        &[("/requested_execution_date_max_period", json!(i64::MAX))],
        &[],
    );
}

#[test]
fn reports_to_authorities_have_the_codes_of_the_bank() {
    let at = "`payment_request.credit_transfer_transaction[0].regulatory_reporting";
    let required = ("/regulatory_reporting_code_required", json!(true));
    let codes = ("/regulatory_reporting_codes", json!([{ "value": "122", "description": "Trade" }]));
    check(&[], std::slice::from_ref(&required), &[&format!("{at}`: the bank requires it")]);
    let report = |code: Value| json!([{ "details": { "information": "Trade", "code": code } }]);
    let both = [required, codes];
    check_transfer("regulatory_reporting", report(json!("122")), &both, &[]);
    check_transfer(
        "regulatory_reporting",
        report(Value::Null),
        &both,
        &[&format!("{at}[0].details.code`: the bank requires it")],
    );
    check_transfer(
        "regulatory_reporting",
        report(json!("hunter2")),
        &both,
        &[&format!("{at}[0].details.code`: the bank does not allow this value")],
    );
    let many = Value::Array(vec![report(json!("122"))[0].clone(); 11]);
    check_transfer("regulatory_reporting", many, &both, &[&format!("{at}`: the bank allows at most 10")]);
}

#[test]
fn violations_show_no_value() {
    let payment = payment(&[
        ("/auth_method", json!("hunter2")),
        (&format!("{PAYMENT}/charge_bearer"), json!("hunter2")),
        (&format!("{TRANSFER}/remittance_information"), json!(["hunter2 hunter2", "hunter2"])),
        (&format!("{TRANSFER}/instructed_amount/currency"), json!("hunter2")),
        (&format!("{TRANSFER}/beneficiary/creditor_account/scheme_name"), json!("hunter2")),
    ]);
    let rules = rules(&[
        ("/currencies", json!(["hunter3", "EUR"])),
        ("/charge_bearer_values", json!(["hunter3"])),
        ("/allowed_auth_methods", json!(["hunter2 too"])),
    ]);
    let found = payment.check_on(TODAY.parse().unwrap(), &rules);
    assert_eq!(found.len(), 7, "{found:?}");
    for violation in found {
        let shown = format!("{violation} {violation:?}");
        assert!(!shown.contains("hunter"), "{shown}");
    }
}

#[test]
fn a_status_is_successful_by_the_list_of_the_bank() {
    use crate::types::SubmitPaymentResponse;

    let rules = rules(&[("/final_successful_statuses", json!(["ACSC", "ACCC"]))]);
    for (status, is_final, expected) in [
        ("ACSC", true, Some(true)),
        ("RJCT", true, Some(false)),
        ("ACSC", false, None),
        ("RCVD", false, None),
        ("NEWS", true, Some(false)),
    ] {
        let json =
            json!({ "payment_id": "5e551011-ca4a-4111-8222-333344445555", "status": status, "final_status": is_final });
        let response: SubmitPaymentResponse = serde_json::from_value(json).unwrap();
        assert_eq!((response.is_final(), response.is_successful(&rules)), (is_final, expected), "{status}");
    }
    let silent = serde_json::from_value(json!({ "payment_type": "SEPA", "psu_type": "personal" })).unwrap();
    assert_eq!(super::super::is_successful(true, &crate::types::PaymentStatus::Acsc, &silent), None);
}
