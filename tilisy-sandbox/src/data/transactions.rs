//! Transactions as the current edition has them.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::check::creditor_reference;
use super::history::{day_of, first_of, key};
use super::ledger::Entry;
use super::parties::{address, party};
use super::statement::{Filter, Listing, Row, Statement};
use super::transaction_id;
use crate::oddities::Parties;
use crate::random::mix;

/// Returns an amount of the account's currency.
pub(super) fn amount(statement: &Statement, amount: Decimal) -> Value {
    json!({ "amount": amount.to_string(), "currency": statement.account.currency })
}

/// Returns the transaction at a place of a listing.
pub(crate) fn transaction(listing: &Listing<'_>, place: u64) -> Value {
    let row = listing.row(place);
    let reference = match listing.statement.odd.counts_places {
        true => Some(format!("{}.{}", day(listing.statement, row), listing.place_in_day(place))),
        false => reference(listing.statement, row),
    };
    of_row(listing.statement, row, reference)
}

/// Returns the transaction with an id that a listing had.
pub(crate) fn by_id(statement: &Statement, id: &str) -> Option<Value> {
    let row = transaction_id::read(statement, id)?;
    let listing = statement.matching(&Filter::default());
    listing.find(row).map(|place| transaction(&listing, place))
}

fn of_row(statement: &Statement, row: Row, reference: Option<String>) -> Value {
    let mut value = match row {
        Row::Added(number) => statement.entry(number).map(|entry| added(statement, entry)).unwrap_or_default(),
        Row::Numbered { .. } | Row::Passing { .. } => generated(statement, row),
    };
    let is_late = statement.odd.refers_late && day(statement, row) == statement.today;
    let is_held = statement.odd.books_held && status(statement, row) == "HOLD";
    value["entry_reference"] = json!(reference.filter(|_| !is_late && !is_held));
    value["transaction_id"] = json!(transaction_id::write(statement, row));
    if let Some(balance) = statement.balance_after(row) {
        value["balance_after_transaction"] = amount(statement, balance);
    }
    if let Row::Added(number) = row
        && let (Some(entry), Value::Object(value)) = (statement.entry(number), &mut value)
    {
        value.extend(entry.properties.clone());
    }
    value
}

/// Returns the status of a transaction before a bank lists it as booked.
fn status(statement: &Statement, row: Row) -> &'static str {
    match row {
        Row::Numbered { status, .. } | Row::Passing { status, .. } => status,
        Row::Added(number) => statement.entry(number).map_or("OTHR", |entry| entry.status),
    }
}

/// Returns the day of a transaction. Those that are not booked are of today.
fn day(statement: &Statement, row: Row) -> NaiveDate {
    match row {
        Row::Numbered { number, .. } => day_of(number).min(statement.today),
        Row::Passing { .. } => statement.today,
        Row::Added(number) => statement.entry(number).map_or(statement.today, |entry| entry.day),
    }
}

/// Returns the properties that every transaction has.
fn common(statement: &Statement, row: Decimal, status: &str, day: NaiveDate) -> Value {
    let mut value = json!({
        "transaction_amount": amount(statement, row.abs()),
        "credit_debit_indicator": if row.is_sign_positive() { "CRDT" } else { "DBIT" },
        "status": status,
        "transaction_date": day,
        "value_date": day,
    });
    if status == "BOOK" {
        value["booking_date"] = json!(day);
    }
    value
}

/// The two sides of a transaction.
struct Sides {
    is_credit: bool,
    /// The other party, and its account.
    other: (Value, Value),
    /// The address of the other party, for banks that send no name.
    address: Value,
}

/// Adds the parties that the bank names.
fn name_parties(statement: &Statement, value: &mut Value, sides: Sides) {
    let account = &statement.account;
    let (party_key, account_key, own_key, own_party_key) = match sides.is_credit {
        true => ("debtor", "debtor_account", "creditor_account", "creditor"),
        false => ("creditor", "creditor_account", "debtor_account", "debtor"),
    };
    value[own_key] = account.identification();
    let holder = json!({ "name": account.owner.holder });
    let (party, other) = sides.other;
    match statement.odd.parties.unwrap_or(account.owner.parties) {
        Parties::Other => (value[party_key], value[account_key]) = (party, other),
        Parties::Both => (value[party_key], value[account_key], value[own_party_key]) = (party, other, holder),
        Parties::Holder => value[own_party_key] = holder,
        Parties::Address => {
            value[party_key] = json!({ "postal_address": sides.address });
            value[account_key] = other;
        }
    }
}

fn generated(statement: &Statement, row: Row) -> Value {
    let Some(history) = statement.account.history() else { return Value::Null };
    // The value from which the contents derive, and which picks from lists in turn.
    let index = match row {
        Row::Numbered { number, .. } => key(history.original(number, statement.odd.has_twins)),
        Row::Passing { place, .. } => place,
        Row::Added(_) => return Value::Null,
    };
    let mixed = mix(&history.parts(index ^ 0x5eed));
    let number = match row {
        Row::Passing { .. } => mix(&[mixed, first_of(statement.today).cast_unsigned()]),
        _ => mixed,
    };
    let sum = statement.amount(row);
    let is_credit = sum.is_sign_positive();
    let status = statement.listed(status(statement, row));
    let mut value = common(statement, sum, status, day(statement, row));
    value["remittance_information"] = json!(remittance(number, index));
    value["bank_transaction_code"] = json!({
        "description": if is_credit { "Tilisiirto" } else { "Korttiosto" }, "code": "12", "sub_code": "32",
    });
    let address = address(number, index / 2);
    name_parties(statement, &mut value, Sides { is_credit, other: party(number, index), address });
    if index.is_multiple_of(4) {
        value["reference_number"] = json!(creditor_reference(&(number % 1_000_000_000_000).to_string()));
        value["reference_number_schema"] = json!("INTL");
    }
    if !is_credit {
        value["merchant_category_code"] = json!(format!("{:04}", 5000 + number % 1000));
    }
    value
}

fn added(statement: &Statement, entry: &Entry) -> Value {
    let mut value = common(statement, entry.amount, statement.listed(entry.status), entry.day);
    value["remittance_information"] = json!(entry.remittance);
    let is_credit = entry.amount.is_sign_positive();
    value["bank_transaction_code"] = json!({ "description": if is_credit { "Tilisiirto" } else { "Maksu" } });
    let party = entry.party.as_ref().map_or(Value::Null, |name| json!({ "name": name }));
    let account = entry.party_account.as_ref().map_or(Value::Null, |iban| json!({ "iban": iban }));
    name_parties(statement, &mut value, Sides { is_credit, other: (party, account), address: json!({}) });
    if let Value::Object(properties) = &mut value {
        properties.retain(|_, value| !value.is_null());
    }
    value
}

/// Returns the bank's reference of a transaction, which is the same in every session.
pub(super) fn reference(statement: &Statement, row: Row) -> Option<String> {
    let status = status(statement, row);
    let own = |names: u64| format!("{:08x}", mix(&statement.account.identity(u64::MAX - names)) >> 32);
    // A pending transaction may have another reference than when it is booked.
    let is_provisional = status == "PDNG" && (statement.odd.books_pending || statement.odd.refers_provisionally);
    let names = own(if is_provisional { 5 } else { 4 });
    match row {
        Row::Numbered { number, .. } => {
            let first = statement.account.history()?.first();
            Some(format!("{names}-{}", number.saturating_sub(first) + 1))
        }
        Row::Passing { place, .. } => Some(format!("{names}-{}-{place}", statement.today.format("%Y%m%d"))),
        Row::Added(number) => match &statement.entry(number)?.reference {
            Some(reference) if is_provisional => Some(format!("{reference}-P")),
            Some(reference) => Some(reference.clone()),
            None => Some(format!("{names}-A{number}")),
        },
    }
}

fn remittance(number: u64, index: u64) -> Vec<String> {
    match index % 7 {
        0 => Vec::new(),
        1 => vec!["Lasku".to_owned(), format!("Viite {}", number % 100_000)],
        _ => vec![format!("Kiitos käynnistä no. {}", number % 10_000)],
    }
}
