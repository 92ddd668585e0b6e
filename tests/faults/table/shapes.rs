//! Faults of the data: one thing in a good answer is not as described.

use serde_json::{Value, json};

use super::{Fault, Stage, of, plain};
use crate::answer::Answer;
use crate::bodies;
use crate::canary::IBAN;
use crate::server::Act;
use crate::subject::Operation::{
    self, AccountBalances, AccountTransactions, Application, Aspsps, AuthorizeSession, OpAccount, OpAccounts,
    OpConfirm, OpFunds, OpHoldings, OpInitiate, OpRedeem, OpSubscribe, OpTransaction, OpTransactions, OpTransfer,
    Session, StartAuthorization,
};

/// Where the answers hold what a row is about.
type Pointers = &'static [(Operation, &'static str)];

const CODES: Pointers = &[
    (AuthorizeSession, "/accounts/0/cash_account_type"),
    (Session, "/status"),
    (AccountBalances, "/balances/0/balance_type"),
    (AccountTransactions, "/transactions/0/status"),
    (Application, "/environment"),
    (Aspsps, "/aspsps/0/psu_types/0"),
];

const ARRAYS: Pointers = &[
    (AuthorizeSession, "/accounts/0/balances"),
    (Session, "/accounts_data"),
    (AccountBalances, "/balances"),
    (AccountTransactions, "/transactions/0/remittance_information"),
    (Application, "/redirect_urls"),
    (Aspsps, "/aspsps/0/auth_methods"),
    (OpTransaction, "/transaction"),
    (OpHoldings, "/fundHoldings"),
];

/// Lists of objects that are required, with the first row of each.
const ROWS: Pointers = &[
    (AuthorizeSession, "/accounts/0"),
    (AccountBalances, "/balances/0"),
    (AccountTransactions, "/transactions/0"),
    (Aspsps, "/aspsps/0"),
    (OpAccounts, "/0"),
    (OpTransactions, "/0"),
    (OpFunds, "/0"),
];

const OPTIONAL_OBJECTS: Pointers = &[
    (AuthorizeSession, "/accounts/0/account_id"),
    (AccountTransactions, "/transactions/0/creditor_account"),
    (Aspsps, "/aspsps/0/sandbox"),
    (OpFunds, "/0/documents"),
    (OpHoldings, "/fundHoldings/0/holdingItem"),
];

const TEXT_ARRAYS: Pointers = &[
    (Session, "/accounts"),
    (AccountTransactions, "/transactions/0/creditor/postal_address/address_line"),
    (Application, "/redirect_urls"),
    (Aspsps, "/aspsps/0/psu_types"),
];

const AMOUNTS: Pointers = &[
    (AuthorizeSession, "/accounts/0/balances/0/balance_amount/amount"),
    (AccountBalances, "/balances/0/balance_amount/amount"),
    (AccountTransactions, "/transactions/0/transaction_amount/amount"),
    (OpAccounts, "/0/balance"),
    (OpAccount, "/0/balance"),
    (OpTransactions, "/0/amount"),
    (OpTransaction, "/transaction/0/amount"),
    (OpInitiate, "/amount"),
    (OpConfirm, "/amount"),
    (OpTransfer, "/amount"),
    (OpFunds, "/0/unitPrice"),
    (OpHoldings, "/sumOfAllHoldings/marketValue"),
];

const REQUIRED: Pointers = &[
    (StartAuthorization, "/url"),
    (AuthorizeSession, "/accounts/0/currency"),
    (Session, "/status"),
    (AccountBalances, "/balances/0/balance_type"),
    (AccountTransactions, "/transactions/0/credit_debit_indicator"),
    (Application, "/active"),
    (Aspsps, "/aspsps/0/country"),
    (OpTransaction, "/transaction"),
    (OpInitiate, "/paymentId"),
    (OpConfirm, "/paymentId"),
    (OpTransfer, "/amount"),
    (OpSubscribe, "/subscription"),
    (OpRedeem, "/subscription"),
    (OpHoldings, "/sumOfAllHoldings"),
];

fn changed(
    pointers: Pointers,
    operation: Operation,
    reason: &'static str,
    change: impl FnOnce(Value) -> Value,
) -> Result<Stage, &'static str> {
    let pointer = of(pointers, operation, reason)?;
    let before = bodies::good(operation).pointer(pointer).cloned().unwrap_or_default();
    answered(bodies::with(operation, pointer, change(before)))
}

fn answered(body: Vec<u8>) -> Result<Stage, &'static str> {
    plain([Act::Answer(Answer::json(200, body))])
}

/// A key that the answer holds anyway, with its value.
fn doubled(operation: Operation) -> String {
    let good = bodies::good(operation);
    let object = good.as_object().or_else(|| good.get(0)?.as_object());
    let (key, value) = object.and_then(|object| object.iter().next_back()).expect("no answer is empty");
    format!("\"{key}\":{value}")
}

fn deep() -> String {
    format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))
}

/// Rows 28 to 36.
pub(super) const SHAPES: &[Fault] = &[
    Fault::new("28", "unknown code in a row", |operation| {
        changed(CODES, operation, "the answer has no code", |_| json!("INFO"))
    }),
    Fault::new("29a", "null for an array", |operation| {
        changed(ARRAYS, operation, "the answer has no array", |_| Value::Null)
    }),
    Fault::new("29b", "null for a row", |operation| {
        changed(ROWS, operation, "the answer has no list of objects", |_| Value::Null)
    }),
    Fault::new("29c", "null for all rows", |operation| {
        let row = of(ROWS, operation, "the answer has no list of objects")?;
        match row.strip_suffix("/0") {
            Some(list) if !list.is_empty() => answered(bodies::with(operation, list, Value::Null)),
            _ => Err("the answer is a list itself"),
        }
    }),
    Fault::new("30", "`\"\"` for an object", |operation| {
        changed(OPTIONAL_OBJECTS, operation, "the answer has no optional object", |_| json!(""))
    }),
    Fault::new("31", "string for an array of strings", |operation| {
        let first = |array: Value| array.get(0).cloned().unwrap_or_default();
        changed(TEXT_ARRAYS, operation, "the answer has no array of strings", first)
    }),
    Fault::new("32", "number for an amount", |operation| {
        let pointer = of(AMOUNTS, operation, "the answer has no amount")?;
        let body = String::from_utf8_lossy(&bodies::with(operation, pointer, json!("?"))).replacen("\"?\"", "10.10", 1);
        answered(body.into_bytes())
    }),
    Fault::new("33", "required field missing in a row", |operation| {
        let pointer = of(REQUIRED, operation, "no key of the answer is required")?;
        answered(bodies::without(operation, pointer))
    }),
    Fault::new("34", "more fields than described", |operation| {
        answered(bodies::beginning(operation, r#""news":{"a":[1,null,{}]},"more":"x""#))
    }),
    Fault::new("35", "duplicate key", |operation| answered(bodies::beginning(operation, &doubled(operation)))),
    Fault::new("36a", "unknown field 100,000 levels deep", |operation| {
        answered(bodies::beginning(operation, &format!("\"deep\":{}", deep())))
    }),
    Fault::new("36b", "422 with a `detail` 100,000 levels deep", |operation| {
        if operation.is_op() {
            let body =
                format!(r#"{{"errors":[{{"message":"{IBAN}","detailedConstraitViolations":{{"a":{}}}}}]}}"#, deep());
            return plain([Act::Answer(Answer::json(422, body))]);
        }
        let body = format!(r#"{{"code":422,"detail":{},"error":"EXPIRED_SESSION","message":"{IBAN}"}}"#, deep());
        plain([Act::Answer(Answer::json(422, body))])
    }),
];
