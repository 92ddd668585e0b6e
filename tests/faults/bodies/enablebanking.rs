//! Bodies of the Enable Banking API. Where the Tilisy API has the same, they are taken from there.

use serde_json::{Value, json};

use super::tilisy::{authorization, balance, transaction};
use super::{Bodies, Places};
use crate::canary::{ACCOUNT, CODE, CREDENTIAL, HASH, IBAN, PAYMENT, REMITTANCE, SESSION, STATE, TRANSACTION};

/// Returns the bodies of an operation, if there are any for it.
pub(super) fn bodies(id: &str) -> Option<Bodies> {
    consents(id).or_else(|| accounts(id)).or_else(|| payments(id)).or_else(|| others(id))
}

fn consents(id: &str) -> Option<Bodies> {
    let bodies = match id {
        "startAuthorization" => Bodies::new(
            with(authorization(), json!({ "auth_method": "app", "language": "fi", "psu_id": HASH })),
            json!({ "authorization_id": SESSION, "psu_id_hash": HASH, "url": format!("https://bank.example/{SESSION}") }),
            Places { required: "/url", ..Places::NONE },
        ),
        "authorizeSession" => Bodies::new(
            json!({ "code": CODE }),
            json!({
                "access": access(),
                "accounts": [account("row-1"), account("row-2")],
                "aspsp": { "country": "FI", "name": "Nordea" },
                "psu_type": "personal",
                "session_id": SESSION,
            }),
            Places {
                code: "/accounts/0/cash_account_type",
                list: "/accounts/0/all_account_ids",
                row: "/accounts/0",
                object: "/accounts/0/account_id",
                texts: "/accounts/0/identification_hashes",
                amount: "/accounts/0/credit_limit/amount",
                required: "/accounts/0/currency",
            },
        ),
        "session" => Bodies::new(
            Value::Null,
            json!({
                "access": access(),
                "accounts": [ACCOUNT, SESSION],
                "accounts_data": [
                    { "identification_hash": "row-1", "identification_hashes": [HASH], "uid": ACCOUNT },
                    { "identification_hash": "row-2", "identification_hashes": [HASH], "uid": SESSION },
                ],
                "aspsp": { "country": "FI", "name": "Nordea" },
                "authorized": "2026-01-31T12:00:00Z",
                "created": "2026-01-31T11:00:00Z",
                "psu_id_hash": HASH,
                "psu_type": "personal",
                "status": "AUTHORIZED",
            }),
            Places {
                code: "/status",
                list: "/accounts_data",
                row: "/accounts_data/0",
                texts: "/accounts",
                required: "/status",
                ..Places::NONE
            },
        ),
        "deleteSession" => Bodies::new(Value::Null, json!({ "message": "OK" }), Places::NONE),
        _ => return None,
    };
    Some(bodies)
}

fn accounts(id: &str) -> Option<Bodies> {
    let bodies = match id {
        "accountDetails" => Bodies::new(
            Value::Null,
            account("Current account"),
            Places {
                code: "/cash_account_type",
                list: "/all_account_ids",
                object: "/account_id",
                texts: "/identification_hashes",
                amount: "/credit_limit/amount",
                required: "/currency",
                ..Places::NONE
            },
        ),
        "accountBalances" => Bodies::new(
            Value::Null,
            json!({ "balances": [balance("row-1"), balance("row-2")] }),
            Places {
                code: "/balances/0/balance_type",
                list: "/balances",
                row: "/balances/0",
                amount: "/balances/0/balance_amount/amount",
                required: "/balances/0/balance_type",
                ..Places::NONE
            },
        ),
        "accountTransactions" => Bodies::new(
            Value::Null,
            json!({ "continuation_key": null, "transactions": [detailed("row-1"), detailed("row-2")] }),
            Places {
                code: "/transactions/0/status",
                list: "/transactions/0/remittance_information",
                row: "/transactions/0",
                object: "/transactions/0/creditor_account",
                texts: "/transactions/0/creditor/postal_address/address_line",
                amount: "/transactions/0/transaction_amount/amount",
                required: "/transactions/0/credit_debit_indicator",
            },
        ),
        "accountTransaction" => Bodies::new(
            Value::Null,
            detailed("1"),
            Places {
                code: "/status",
                list: "/remittance_information",
                object: "/creditor_account",
                texts: "/creditor/postal_address/address_line",
                amount: "/transaction_amount/amount",
                required: "/credit_debit_indicator",
                ..Places::NONE
            },
        ),
        _ => return None,
    };
    Some(bodies)
}

fn payments(id: &str) -> Option<Bodies> {
    let bodies = match id {
        "createPayment" => Bodies::new(
            payment(),
            json!({
                "payment_id": PAYMENT,
                "psu_id_hash": HASH,
                "status": "RCVD",
                "url": format!("https://bank.example/{PAYMENT}"),
            }),
            Places { code: "/status", required: "/url", ..Places::NONE },
        ),
        "payment" => Bodies::new(
            Value::Null,
            json!({
                "aspsp": { "country": "FI", "name": "Nordea" },
                "final_status": false,
                "payment_details": {
                    "credit_transfer_transaction": [transferred("row-1"), transferred("row-2")],
                    "debtor": { "name": "Aino Testinen" },
                    "debtor_account": { "identification": IBAN, "scheme_name": "IBAN" },
                },
                "payment_id": PAYMENT,
                "payment_type": "SEPA",
                "psu_id_hash": HASH,
                "status": "RCVD",
            }),
            Places {
                code: "/status",
                list: "/payment_details/credit_transfer_transaction",
                object: "/payment_details/debtor_account",
                texts: "/payment_details/credit_transfer_transaction/0/remittance_information",
                amount: "/payment_details/credit_transfer_transaction/0/instructed_amount/amount",
                required: "/payment_details/credit_transfer_transaction/0/instructed_amount",
                ..Places::NONE
            },
        ),
        "deletePayment" => Bodies::new(Value::Null, json!({ "message": "OK" }), Places::NONE),
        "submitPayment" => Bodies::new(
            json!({}),
            json!({
                "final_status": true,
                "payment_id": PAYMENT,
                "status": "RJCT",
                "status_reason_information": {
                    "status_reason_code": "AC01",
                    "status_reason_description": REMITTANCE,
                },
            }),
            Places { code: "/status", object: "/status_reason_information", required: "/final_status", ..Places::NONE },
        ),
        "paymentTransaction" => Bodies::new(
            Value::Null,
            json!({ "payment_id": PAYMENT, "transaction_details": transferred("1") }),
            Places {
                code: "/transaction_details/transaction_status",
                list: "/transaction_details/remittance_information",
                object: "/transaction_details/ultimate_debtor",
                texts: "/transaction_details/remittance_information",
                amount: "/transaction_details/instructed_amount/amount",
                required: "/transaction_details/instructed_amount",
                ..Places::NONE
            },
        ),
        _ => return None,
    };
    Some(bodies)
}

fn others(id: &str) -> Option<Bodies> {
    let bodies = match id {
        "application" => Bodies::new(
            Value::Null,
            json!({
                "active": true,
                "countries": ["FI", "SE"],
                "description": REMITTANCE,
                "environment": "SANDBOX",
                "kid": "cf589be3-3755-465b-a8df-a90a16a31403",
                "name": "Tests only",
                "redirect_urls": ["https://shop.example/back", "https://shop.example/again"],
                "services": ["AIS", "PIS"],
            }),
            Places {
                code: "/environment",
                list: "/redirect_urls",
                texts: "/countries",
                required: "/active",
                ..Places::NONE
            },
        ),
        "aspsps" => Bodies::new(
            Value::Null,
            json!({ "aspsps": [bank("row-1"), bank("row-2")] }),
            Places {
                code: "/aspsps/0/psu_types/0",
                list: "/aspsps/0/auth_methods",
                row: "/aspsps/0",
                object: "/aspsps/0/sandbox",
                texts: "/aspsps/0/psu_types",
                required: "/aspsps/0/country",
                ..Places::NONE
            },
        ),
        _ => return None,
    };
    Some(bodies)
}

/// An object with more properties.
fn with(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

fn access() -> Value {
    json!({ "accounts": [{ "iban": IBAN }], "valid_until": "2099-12-31T00:00:00Z" })
}

fn account(product: &str) -> Value {
    json!({
        "account_id": { "iban": IBAN },
        "all_account_ids": [{ "identification": IBAN, "scheme_name": "IBAN" }],
        "cash_account_type": "CACC",
        "credit_limit": { "amount": "10.10", "currency": "EUR" },
        "currency": "EUR",
        "details": REMITTANCE,
        "identification_hash": HASH,
        "identification_hashes": [HASH],
        "name": "Aino Testinen",
        "product": product,
        "uid": ACCOUNT,
    })
}

fn detailed(reference: &str) -> Value {
    let more = json!({ "debtor_account": { "iban": IBAN }, "note": REMITTANCE, "transaction_id": TRANSACTION });
    with(transaction(reference), more)
}

/// A request for a payment.
fn payment() -> Value {
    json!({
        "aspsp": { "country": "FI", "name": "Nordea" },
        "auth_method": "app",
        "credentials": { "userId": CREDENTIAL },
        "payment_request": {
            "credit_transfer_transaction": [transfer("row-1"), transfer("row-2")],
            "debtor_account": { "identification": IBAN, "scheme_name": "IBAN" },
        },
        "payment_type": "SEPA",
        "psu_id": HASH,
        "psu_type": "personal",
        "redirect_url": "https://shop.example/back",
        "state": STATE,
    })
}

/// One transfer of a payment.
fn transfer(reference: &str) -> Value {
    json!({
        "beneficiary": {
            "creditor": { "name": "Boathouse" },
            "creditor_account": { "identification": IBAN, "scheme_name": "IBAN" },
        },
        "instructed_amount": { "amount": "10.10", "currency": "EUR" },
        "payment_id": { "end_to_end_id": reference },
        "remittance_information": [REMITTANCE],
        "ultimate_debtor": { "name": "Aino Testinen" },
    })
}

/// The same in a response.
fn transferred(reference: &str) -> Value {
    with(transfer(reference), json!({ "transaction_id": TRANSACTION, "transaction_status": "RCVD" }))
}

fn bank(name: &str) -> Value {
    json!({
        "auth_methods": [{ "approach": "REDIRECT", "hidden_method": false, "name": "app", "psu_type": "personal" }],
        "beta": false,
        "country": "FI",
        "logo": "https://bank.example/logo",
        "maximum_consent_validity": 15_552_000,
        "name": name,
        "payments": [{ "payment_type": "SEPA", "psu_type": "personal" }],
        "psu_types": ["personal"],
        "sandbox": { "users": [] },
    })
}
