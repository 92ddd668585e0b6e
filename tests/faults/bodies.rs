//! Bodies of answers: good ones full of canaries, and the same with one thing wrong.

mod op;

use std::io::Write as _;

use flate2::{Compress, Compression, Crc, FlushCompress};
use serde_json::{Value, json};

use crate::canary::{ACCOUNT, CONTINUATION_KEY, IBAN, REMITTANCE, SESSION};
use crate::subject::Operation;

/// What the service answers when nothing is wrong; every list has two rows.
pub(crate) fn good(operation: Operation) -> Value {
    match operation {
        Operation::StartAuthorization => json!({ "url": format!("https://bank.example/consent?session={SESSION}") }),
        Operation::AuthorizeSession => json!({
            "accounts": [account("EUR"), account("SEK")],
            "aspsp": { "country": "FI", "name": "Nordea" },
            "psu_type": "personal",
            "session_id": SESSION,
        }),
        Operation::Session => json!({
            "accounts": [ACCOUNT, SESSION],
            "accounts_data": [
                { "identification_hash": "hash-1", "uid": ACCOUNT },
                { "identification_hash": "hash-2", "uid": SESSION },
            ],
            "aspsp": { "country": "FI", "name": "Nordea" },
            "psu_type": "personal",
            "status": "AUTHORIZED",
        }),
        Operation::DeleteSession => json!({ "message": "OK" }),
        Operation::AccountBalances => json!({ "balances": [balance("CLBD"), balance("ITAV")] }),
        Operation::AccountTransactions => json!({
            "continuation_key": null,
            "transactions": [transaction("row-1"), transaction("row-2")],
        }),
        Operation::Application => json!({
            "active": true,
            "description": REMITTANCE,
            "environment": "SANDBOX",
            "kid": "cf589be3-3755-465b-a8df-a90a16a31403",
            "name": "Tests only",
            "redirect_urls": ["https://shop.example/back", "https://shop.example/again"],
        }),
        Operation::Aspsps => json!({ "aspsps": [bank("Nordea"), bank("Fjordbanken")] }),
        operation => op::good(operation),
    }
}

/// Whether the answer is a list with nothing around it.
pub(crate) fn is_list(operation: Operation) -> bool {
    good(operation).is_array()
}

fn account(currency: &str) -> Value {
    json!({
        "account_id": { "iban": IBAN },
        "balances": [balance("CLBD")],
        "cash_account_type": "CACC",
        "currency": currency,
        "details": REMITTANCE,
        "identification_hash": "hash-1",
        "name": "Aino Testinen",
        "uid": ACCOUNT,
    })
}

fn balance(kind: &str) -> Value {
    json!({
        "balance_amount": { "amount": "10.10", "currency": "EUR" },
        "balance_type": kind,
        "last_committed_transaction": REMITTANCE,
        "name": "Balance",
    })
}

fn transaction(reference: &str) -> Value {
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

/// The good body with another value at a JSON pointer.
pub(crate) fn with(operation: Operation, pointer: &str, value: Value) -> Vec<u8> {
    let mut body = good(operation);
    *body.pointer_mut(pointer).expect("a pointer into the good body") = value;
    body.to_string().into_bytes()
}

/// The good body without the key at the end of a JSON pointer.
pub(crate) fn without(operation: Operation, pointer: &str) -> Vec<u8> {
    let mut body = good(operation);
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer with a key");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    parent.remove(key).expect("the key is there");
    body.to_string().into_bytes()
}

/// The good body with more text after the first `{`.
pub(crate) fn beginning(operation: Operation, more: &str) -> Vec<u8> {
    good(operation).to_string().replacen('{', &format!("{{{more},"), 1).into_bytes()
}

/// The good body with so many numbers in place of its list of rows.
pub(crate) fn rows(operation: Operation, count: usize) -> Vec<u8> {
    let mut body = good(operation);
    let list = match &mut body {
        Value::Object(object) => object.values_mut().find(|value| value.is_array()).expect("a list of rows"),
        list => list,
    };
    *list = json!("?");
    let rows = format!("[{}1]", "1,".repeat(count - 1));
    body.to_string().replacen("\"?\"", &rows, 1).into_bytes()
}

/// An error of the service, with data that nobody should read on in a log.
pub(crate) fn error(operation: Operation, status: u16, code: &str) -> Vec<u8> {
    if operation.is_op() {
        return op::error(code).to_string().into_bytes();
    }
    let mut body = words(status);
    body["error"] = code.into();
    body.to_string().into_bytes()
}

/// The same without a code: what the status says is all there is.
pub(crate) fn error_without_code(status: u16) -> Vec<u8> {
    words(status).to_string().into_bytes()
}

fn words(status: u16) -> Value {
    let detail = json!({ "account": ACCOUNT, "key": CONTINUATION_KEY });
    json!({ "code": status, "detail": detail, "message": format!("{IBAN}: {REMITTANCE}") })
}

/// A page of a gateway or a login, which repeats what it was asked.
pub(crate) fn page(title: &str) -> String {
    let body = format!("<p>{title}</p><p>{IBAN} {REMITTANCE}</p>");
    format!("<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>")
}

/// A page of transactions with a key to the next one, which is the one that was asked for.
pub(crate) fn repeated_page() -> Vec<u8> {
    with(Operation::AccountTransactions, "/continuation_key", json!(CONTINUATION_KEY))
}

/// Spaces as gzip: 400 MiB in about as many KiB.
///
/// One MiB is compressed to a piece that depends on nothing before it, and repeated.
pub(crate) fn bomb(mebibytes: usize) -> Vec<u8> {
    let spaces = vec![b' '; 1024 * 1024];
    let mut piece = Vec::with_capacity(64 * 1024);
    let mut compress = Compress::new(Compression::best(), false);
    compress.compress_vec(&spaces, &mut piece, FlushCompress::Full).expect("a piece fits");
    let mut one = Crc::new();
    one.update(&spaces);
    let mut sum = Crc::new();
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    for _ in 0..mebibytes {
        bytes.extend(&piece);
        sum.combine(&one);
    }
    // The last block, which is empty; then what came before, as gzip wants it.
    bytes.extend([3, 0]);
    bytes.write_all(&sum.sum().to_le_bytes()).expect("a vector takes it");
    bytes.extend(((mebibytes * 1024 * 1024) as u32).to_le_bytes());
    bytes
}
