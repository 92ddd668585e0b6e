//! Quirks of single transactions, and of their texts.

use serde_json::{Map, Value, json};

use super::FRESH;
use crate::random::{mix, uuid};

/// A transaction, where this is one.
fn row<'v>(key: &str, value: &'v mut Value) -> Option<&'v mut Map<String, Value>> {
    if key == "transactions[]" { value.as_object_mut() } else { None }
}

/// The number of a row that its own reference makes, and that of the answer.
fn mixed(row: &Map<String, Value>, fresh: u64) -> u64 {
    let own = row.get("entry_reference").and_then(Value::as_str).unwrap_or_default();
    let parts: Vec<_> = own.bytes().map(u64::from).chain([fresh]).collect();
    mix(&parts)
}

pub(super) fn changing_reference(key: &str, value: &mut Value, fresh: u64) {
    let Some(row) = row(key, value) else { return };
    let reference = format!("{:016x}", mixed(row, fresh));
    row.insert("entry_reference".to_owned(), json!(reference));
}

/// Gives each transaction another id in each response. Where the edition has ids, the details call takes all of them.
pub(super) fn transaction_id(key: &str, value: &mut Value, fresh: u64) {
    let Some(row) = row(key, value) else { return };
    let other = uuid(&[mixed(row, fresh)]);
    let id = match row.get("transaction_id").and_then(Value::as_str) {
        Some(id) => format!("{id}{FRESH}{}", other.simple()),
        None => other.to_string(),
    };
    row.insert("transaction_id".to_owned(), json!(id));
}

pub(super) fn no_identifiers(key: &str, value: &mut Value) {
    let Some(row) = row(key, value) else { return };
    for name in ["entry_reference", "transaction_id"] {
        row.insert(name.to_owned(), Value::Null);
    }
}

/// Leaves transactions that are not booked without any day.
pub(super) fn null_dates(key: &str, value: &mut Value) {
    let Some(row) = row(key, value).filter(|row| row.get("status") != Some(&json!("BOOK"))) else { return };
    for name in ["booking_date", "value_date", "transaction_date"] {
        row.insert(name.to_owned(), Value::Null);
    }
}

pub(super) fn only_transaction_date(key: &str, value: &mut Value) {
    let Some(row) = row(key, value) else { return };
    for name in ["booking_date", "value_date"] {
        row.insert(name.to_owned(), Value::Null);
    }
}

/// Lists card payments twice, both times as booked: as they were before they were settled, and after.
pub(super) fn both_booked(key: &str, value: &mut Value) {
    let ("transactions", Value::Array(rows)) = (key, value) else { return };
    let is_card = |row: &Value| {
        let has = |key: &str, value: &str| row.get(key).and_then(Value::as_str) == Some(value);
        has("status", "BOOK") && has("credit_debit_indicator", "DBIT")
    };
    let coded = |mut row: Value, code: &str, sub_code: &str| {
        row["bank_transaction_code"] = json!({ "code": code, "sub_code": sub_code });
        row
    };
    let listed = std::mem::take(rows).into_iter().flat_map(|row| {
        if !is_card(&row) {
            return vec![row];
        }
        let mut before = coded(row.clone(), "MCRD", "UPCT");
        if let Some(reference) = row.get("entry_reference").and_then(Value::as_str) {
            before["entry_reference"] = json!(format!("{reference}-U"));
        }
        vec![coded(row, "CCRD", "POSD"), before]
    });
    *rows = listed.collect();
}

/// Names the other party in the text, and nowhere else.
pub(super) fn party_in_text(key: &str, value: &mut Value) {
    let Some(row) = row(key, value) else { return };
    for (party, account) in [("creditor", "creditor_account"), ("debtor", "debtor_account")] {
        let Some(Value::Object(told)) = row.insert(party.to_owned(), Value::Null) else { continue };
        row.insert(account.to_owned(), Value::Null);
        let name = told.get("name").cloned().unwrap_or_default();
        change_lines(row, |lines| lines.insert(0, name.as_str().unwrap_or_default().to_owned()));
    }
}

/// A day and a number stand before the text, each on its line.
pub(super) fn numeric_lines(key: &str, value: &mut Value) {
    let Some(row) = row(key, value) else { return };
    let digits = |text: Option<&Value>| -> String {
        text.and_then(Value::as_str).unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
    };
    let amount = row.get("transaction_amount").and_then(|amount| amount.get("amount"));
    let (day, number) = (digits(row.get("value_date")), format!("{:0>10}", digits(amount)));
    change_lines(row, |lines| drop(lines.splice(0..0, [day, number])));
}

/// All of the text in one, behind the empty fields of a direct debit.
pub(super) fn mandate_prefix(key: &str, value: &mut Value) {
    let Some(row) = row(key, value) else { return };
    change_lines(row, |lines| {
        *lines = vec![format!("mandatereference:,creditorid:,remittanceinformation:{}", lines.join(" "))];
    });
}

/// All of the text in one, with breaks between its words.
pub(super) fn line_breaks(key: &str, value: &mut Value) {
    let Some(row) = row(key, value) else { return };
    change_lines(row, |lines| {
        if !lines.is_empty() {
            *lines = vec![lines.join("\n").replace(' ', "\n")];
        }
    });
}

fn change_lines(row: &mut Map<String, Value>, change: impl FnOnce(&mut Vec<String>)) {
    let told = row.get("remittance_information").and_then(Value::as_array).into_iter().flatten();
    let mut lines = told.filter_map(Value::as_str).map(str::to_owned).collect();
    change(&mut lines);
    row.insert("remittance_information".to_owned(), json!(lines));
}
