//! Bodies of the OP sandbox API.

use serde_json::{Value, json};

use super::{Bodies, Places};
use crate::canary::{ACCOUNT, IBAN, REMITTANCE, SESSION};

/// Returns the bodies of an operation, if there are any for it.
pub(super) fn bodies(id: &str) -> Option<Bodies> {
    let none = Places::NONE;
    let bodies = match id {
        "accounts" | "account" => Bodies::new(
            Value::Null,
            json!([account("row-1"), account("row-2")]),
            Places { row: "/0", amount: "/0/balance", ..none },
        ),
        "accountTransactions" => Bodies::new(
            Value::Null,
            json!([transaction("row-1"), transaction("row-2")]),
            Places { row: "/0", amount: "/0/amount", ..none },
        ),
        "accountTransaction" => Bodies::new(
            Value::Null,
            json!({ "transaction": [transaction("row-1"), transaction("row-2")] }),
            Places {
                list: "/transaction",
                row: "/transaction/0",
                amount: "/transaction/0/amount",
                required: "/transaction",
                ..none
            },
        ),
        "initiatePayment" => Bodies::new(
            json!({ "amount": 3, "payerIban": IBAN, "receiverIban": IBAN, "subject": REMITTANCE }),
            payment(),
            Places { amount: "/amount", required: "/paymentId", ..none },
        ),
        "confirmPayment" => Bodies::new(
            json!({ "paymentId": SESSION }),
            payment(),
            Places { amount: "/amount", required: "/paymentId", ..none },
        ),
        "transfer" => Bodies::new(
            json!({ "amount": 3, "message": REMITTANCE, "sourceAccountName": "a", "targetAccountName": "b" }),
            json!({ "amount": 3.25, "payerIban": IBAN, "receiverIban": IBAN, "subject": REMITTANCE }),
            Places { amount: "/amount", required: "/amount", ..none },
        ),
        "funds" => Bodies::new(
            Value::Null,
            json!([fund("row-1"), fund("row-2")]),
            Places { row: "/0", object: "/0/documents", amount: "/0/unitPrice", ..none },
        ),
        "subscribe" => Bodies::new(
            order(),
            json!({ "subscription": { "orderIdentifier": SESSION } }),
            Places { required: "/subscription", ..none },
        ),
        "redeem" => Bodies::new(
            order(),
            json!({ "subscription": { "redemptionIdentifier": SESSION } }),
            Places { required: "/subscription", ..none },
        ),
        "holdings" => Bodies::new(
            Value::Null,
            json!({ "fundHoldings": [holding("row-1"), holding("row-2")], "id": 1, "sumOfAllHoldings": worth() }),
            Places {
                list: "/fundHoldings",
                row: "/fundHoldings/0",
                object: "/fundHoldings/0/holdingItem",
                amount: "/sumOfAllHoldings/marketValue",
                required: "/sumOfAllHoldings",
                ..none
            },
        ),
        _ => return None,
    };
    Some(bodies)
}

fn order() -> Value {
    json!({ "accountNumber": IBAN, "amount": 3 })
}

fn account(name: &str) -> Value {
    json!({ "accountId": ACCOUNT, "accountName": name, "balance": 3.25, "currency": "EUR", "iban": IBAN })
}

fn transaction(id: &str) -> Value {
    json!({ "accountId": ACCOUNT, "amount": 3.25, "message": REMITTANCE, "payerIban": IBAN, "transactionId": id })
}

fn payment() -> Value {
    json!({
        "amount": 3.25, "currency": "EUR", "payerIban": IBAN, "paymentId": SESSION, "receiverIban": IBAN,
        "subject": REMITTANCE,
    })
}

fn fund(name: &str) -> Value {
    json!({ "documents": { "PRICE_LIST": "https://example.com" }, "isinCode": "FI0008800248", "nameOfFund": name, "unitPrice": 3.25 })
}

fn holding(name: &str) -> Value {
    json!({ "fundName": name, "holdingItem": worth(), "isinCode": IBAN, "marketValue": 3.25 })
}

fn worth() -> Value {
    json!({ "changeOfValue": -0.44, "marketValue": 3.25 })
}

/// An error descriptor. A code of the other API stands for the type that comes nearest.
pub(super) fn error(code: &str) -> Value {
    let kind = match code {
        "ASPSP_ERROR" => "BUSINESS",
        "EXPIRED_SESSION" | "UNAUTHORIZED_ACCESS" => "SECURITY",
        other => other,
    };
    json!({ "errors": [{
        "id": "G_-20343744:143e886a59f:-7ff9", "level": "ERROR", "type": kind, "message": format!("{IBAN}: {REMITTANCE}"),
        "code": SESSION, "detailedConstraitViolations": { "account": ACCOUNT },
    }] })
}
