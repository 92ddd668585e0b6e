//! Bodies of the OP sandbox API.

use serde_json::{Value, json};

use crate::canary::{ACCOUNT, IBAN, REMITTANCE, SESSION};
use crate::subject::Operation;

/// What the service answers when nothing is wrong; every list has two rows.
pub(super) fn good(operation: Operation) -> Value {
    match operation {
        Operation::OpAccounts => json!([account("row-1"), account("row-2")]),
        Operation::OpAccount => json!([account("row-1"), account("row-2")]),
        Operation::OpTransactions => json!([transaction("row-1"), transaction("row-2")]),
        Operation::OpTransaction => json!({ "transaction": [transaction("row-1"), transaction("row-2")] }),
        Operation::OpInitiate | Operation::OpConfirm => payment(),
        Operation::OpTransfer => {
            json!({ "amount": 3.25, "payerIban": IBAN, "receiverIban": IBAN, "subject": REMITTANCE })
        }
        Operation::OpFunds => json!([fund("row-1"), fund("row-2")]),
        Operation::OpSubscribe => json!({ "subscription": { "orderIdentifier": SESSION } }),
        Operation::OpRedeem => json!({ "subscription": { "redemptionIdentifier": SESSION } }),
        _ => json!({ "fundHoldings": [holding("row-1"), holding("row-2")], "id": 1, "sumOfAllHoldings": worth() }),
    }
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
