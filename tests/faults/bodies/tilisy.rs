//! Bodies of the Tilisy API.

use serde_json::{Value, json};

use super::{Bodies, Places};
use crate::canary::{ACCOUNT, CODE, CREDENTIAL, IBAN, REMITTANCE, SESSION, STATE};

/// Returns the bodies of an operation, if there are any for it.
pub(super) fn bodies(id: &str) -> Option<Bodies> {
    let bodies = match id {
        "startAuthorization" => Bodies::new(
            authorization(),
            json!({ "url": format!("https://bank.example/consent?session={SESSION}") }),
            Places { required: "/url", ..Places::NONE },
        ),
        "authorizeSession" => Bodies::new(
            json!({ "code": CODE }),
            json!({
                "accounts": [account("row-1"), account("row-2")],
                "aspsp": { "country": "FI", "name": "Nordea" },
                "psu_type": "personal",
                "session_id": SESSION,
            }),
            Places {
                code: "/accounts/0/cash_account_type",
                list: "/accounts/0/balances",
                row: "/accounts/0",
                object: "/accounts/0/account_id",
                amount: "/accounts/0/balances/0/balance_amount/amount",
                required: "/accounts/0/currency",
                ..Places::NONE
            },
        ),
        "session" => Bodies::new(
            Value::Null,
            json!({
                "accounts": [ACCOUNT, SESSION],
                "accounts_data": [
                    { "identification_hash": "row-1", "uid": ACCOUNT },
                    { "identification_hash": "row-2", "uid": SESSION },
                ],
                "aspsp": { "country": "FI", "name": "Nordea" },
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
            json!({ "continuation_key": null, "transactions": [transaction("row-1"), transaction("row-2")] }),
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
        "application" => Bodies::new(
            Value::Null,
            json!({
                "active": true,
                "description": REMITTANCE,
                "environment": "SANDBOX",
                "kid": "cf589be3-3755-465b-a8df-a90a16a31403",
                "name": "Tests only",
                "redirect_urls": ["https://shop.example/back", "https://shop.example/again"],
            }),
            Places {
                code: "/environment",
                list: "/redirect_urls",
                texts: "/redirect_urls",
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

pub(super) fn authorization() -> Value {
    json!({
        "access": { "valid_until": "2099-12-31T00:00:00Z" },
        "aspsp": { "country": "FI", "name": "Nordea" },
        "credentials": { "userId": CREDENTIAL },
        "redirect_url": "https://shop.example/back",
        "state": STATE,
    })
}

fn account(product: &str) -> Value {
    json!({
        "account_id": { "iban": IBAN },
        "balances": [balance("Booked")],
        "cash_account_type": "CACC",
        "currency": "EUR",
        "details": REMITTANCE,
        "identification_hash": "hash-1",
        "name": "Aino Testinen",
        "product": product,
        "uid": ACCOUNT,
    })
}

pub(super) fn balance(name: &str) -> Value {
    json!({
        "balance_amount": { "amount": "10.10", "currency": "EUR" },
        "balance_type": "CLBD",
        "last_committed_transaction": REMITTANCE,
        "name": name,
    })
}

pub(super) fn transaction(reference: &str) -> Value {
    json!({
        "booking_date": "2026-01-31",
        "credit_debit_indicator": "DBIT",
        "creditor": {
            "name": "Boathouse",
            "postal_address": { "address_line": ["Quay 1", "00100 Helsinki"], "country": "FI" },
        },
        "creditor_account": { "iban": IBAN },
        "entry_reference": reference,
        "remittance_information": [REMITTANCE],
        "status": "BOOK",
        "transaction_amount": { "amount": "10.10", "currency": "EUR" },
    })
}

fn bank(name: &str) -> Value {
    json!({
        "auth_methods": [{ "credentials": [], "name": "app", "psu_type": "personal" }],
        "country": "FI",
        "logo": "https://bank.example/logo",
        "name": name,
        "psu_types": ["personal"],
        "sandbox": { "users": [] },
    })
}
