//! The transactions of an account: row by row from their number, however many there are.
//!
//! Row 0 is the newest. The first rows of a long account are not booked; behind them, the balance after each booked row
//! is a function of its number, and the row's amount is the difference to the balance before it. So balances and
//! transactions agree without anybody adding up a million rows.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::accounts::Account;
use super::check::creditor_reference;
use super::oddities::Parties;
use super::parties::{address, party};
use crate::random::mix;

/// How many rows stand on one day.
const PER_DAY: u64 = 3;

/// The statuses of the rows that are not booked, the newest first; each stands twice.
const UNBOOKED: &[&str] = &["SCHD", "PDNG", "HOLD", "CNCL", "RJCT", "OTHR"];

/// Of so many booked rows, the first two are alike, where the bank has twins. Both are of one day.
const TWINS: u64 = 16 * PER_DAY;

/// From how many rows on an account has some that are not booked.
const LONG: u64 = 100;

/// What a caller wants to see.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Filter<'a> {
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) status: Option<&'a str>,
}

/// How many rows are not booked.
pub(super) fn unbooked(account: &Account) -> u64 {
    if account.rows() >= LONG { 2 * UNBOOKED.len() as u64 } else { 0 }
}

/// The statuses of the rows that are not booked, with their numbers, in the order in which the bank tells them: what it
/// tells as booked comes last, where booked rows follow.
fn told(account: &Account) -> impl Iterator<Item = (u64, &'static str)> + use<> {
    let odd = account.odd;
    let all = (0..).zip(UNBOOKED.iter().copied());
    let booked = all.clone().filter(move |(_, status)| odd.books(status));
    all.filter(move |(_, status)| !odd.books(status)).chain(booked)
}

/// The place of the first row that is told as booked.
pub(super) fn first_booked(account: &Account) -> u64 {
    let booked = told(account).filter(|(_, status)| account.odd.books(status)).count() as u64;
    unbooked(account).saturating_sub(2 * booked)
}

/// The number of the row that is told at a place: the same, unless rows that are told as booked have moved.
fn row_at(account: &Account, place: u64) -> u64 {
    let nth = usize::try_from(place / 2).ok().filter(|_| place < unbooked(account));
    nth.and_then(|nth| told(account).nth(nth)).map_or(place, |(kind, _)| 2 * kind + place % 2)
}

/// What a row was before the bank told it as booked.
fn own_status(account: &Account, index: u64) -> &'static str {
    if index >= unbooked(account) {
        return "BOOK";
    }
    usize::try_from(index / 2).ok().and_then(|nth| UNBOOKED.get(nth)).copied().unwrap_or("BOOK")
}

fn status(account: &Account, index: u64) -> &'static str {
    let own = own_status(account, index);
    if account.odd.books(own) { "BOOK" } else { own }
}

/// The row whose contents a row has: its own, but for the second of two payments that are alike.
fn original(account: &Account, index: u64) -> u64 {
    let is_second = index.checked_sub(unbooked(account)).is_some_and(|nth| nth % TWINS == 1);
    if account.odd.has_twins && is_second && index < account.rows() { index - 1 } else { index }
}

/// The day of a row. Rows that are not booked are of the newest day.
fn day(account: &Account, index: u64) -> NaiveDate {
    let back = index.saturating_sub(unbooked(account)) / PER_DAY;
    account.newest.checked_sub_days(Days::new(back)).unwrap_or(NaiveDate::MIN)
}

/// The rows that a filter lets through, as a range of their places: they stand in the order of their days, and those
/// that are not booked before all others.
pub(crate) fn matching(account: &Account, filter: &Filter<'_>) -> std::ops::Range<u64> {
    let (rows, unbooked) = (account.rows(), unbooked(account));
    let range = match filter.status {
        None => 0..rows,
        Some("BOOK") => first_booked(account)..rows,
        Some(status) => match told(account).position(|(_, other)| other == status && !account.odd.books(other)) {
            Some(nth) if unbooked > 0 => 2 * nth as u64..2 * nth as u64 + 2,
            _ => 0..0,
        },
    };
    // The first row that is not newer than the last day, and the first that is older than the first day.
    let first_not_after = |limit: NaiveDate| {
        let newer = account.newest.signed_duration_since(limit).num_days();
        match u64::try_from(newer) {
            Ok(0) | Err(_) => 0,
            Ok(days) => unbooked + days * PER_DAY,
        }
    };
    let start = filter.to.map_or(0, first_not_after);
    let end = match filter.from {
        Some(from) if from > account.newest => 0,
        Some(from) => first_not_after(from.pred_opt().unwrap_or(NaiveDate::MIN)),
        None => rows,
    };
    let (start, end) = (range.start.max(start), range.end.min(end));
    start..end.max(start)
}

/// The balance after a booked row, in hundredths; row `rows` stands for the time before the first.
///
/// Neighbours differ by an odd number, so that no amount is zero.
pub(super) fn balance_after(account: &Account, index: u64) -> i64 {
    match original(account, index) {
        // Halfway between its neighbours, for two amounts that are the same.
        first if first != index => (plain_balance(account, first) + plain_balance(account, index + 1)) / 2,
        _ => plain_balance(account, index),
    }
}

fn plain_balance(account: &Account, index: u64) -> i64 {
    let spread = i64::try_from(mix(&account.parts(index)) % 250_000).unwrap_or_default();
    1_000_000 + 2 * spread + i64::from(index % 2 == 1)
}

/// What a row adds to the balance, or would, in hundredths.
pub(super) fn signed(account: &Account, index: u64) -> i64 {
    if index >= unbooked(account) {
        return balance_after(account, index) - balance_after(account, index + 1);
    }
    // Odd as well.
    let sum = i64::try_from(mix(&account.parts(index)) % 20_000).unwrap_or_default() * 2 + 1;
    if index.is_multiple_of(2) { -sum } else { sum }
}

/// A sum as the API writes it.
pub(super) fn amount(account: &Account, hundredths: i64) -> Value {
    json!({ "amount": Decimal::new(hundredths, 2).to_string(), "currency": account.currency() })
}

/// The row at a place as the API tells it.
pub(crate) fn transaction(account: &Account, place: u64) -> Value {
    let index = original(account, row_at(account, place));
    let number = mix(&account.parts(index ^ 0x5eed));
    let (signed, status, day) = (signed(account, index), status(account, index), day(account, index));
    let (party, other) = party(number, index);
    let is_credit = signed > 0;
    let mut row = json!({
        "entry_reference": entry_reference(account, place),
        "transaction_amount": amount(account, signed.abs()),
        "credit_debit_indicator": if is_credit { "CRDT" } else { "DBIT" },
        "status": status,
        "transaction_date": day,
        "value_date": day,
        "remittance_information": remittance(number, index),
        "bank_transaction_code": { "description": if is_credit { "Tilisiirto" } else { "Korttiosto" }, "code": "12", "sub_code": "32" },
    });
    if status == "BOOK" {
        row["booking_date"] = json!(day);
    }
    let (party_key, account_key, own_key) = match is_credit {
        true => ("debtor", "debtor_account", "creditor_account"),
        false => ("creditor", "creditor_account", "debtor_account"),
    };
    row[own_key] = account.identification();
    let holder = json!({ "name": account.user().holder });
    let own_party_key = if is_credit { "creditor" } else { "debtor" };
    match account.odd.parties.unwrap_or(account.bank().parties) {
        Parties::Other => (row[party_key], row[account_key]) = (party, other),
        Parties::Both => (row[party_key], row[account_key], row[own_party_key]) = (party, other, holder),
        Parties::Holder => row[own_party_key] = holder,
        Parties::Address => {
            row[party_key] = json!({ "postal_address": address(number, index / 2) });
            row[account_key] = other;
        }
    }
    if index.is_multiple_of(4) {
        row["reference_number"] = json!(creditor_reference(&(number % 1_000_000_000_000).to_string()));
    }
    if !is_credit {
        row["merchant_category_code"] = json!(format!("{:04}", 5000 + number % 1000));
    }
    row
}

/// The bank's own name for the row at a place, the same in every session.
pub(super) fn entry_reference(account: &Account, place: u64) -> Option<String> {
    let (odd, index) = (account.odd, row_at(account, place));
    let (day, own) = (day(account, index), own_status(account, index));
    if (odd.refers_late && day == account.newest) || (odd.books_held && own == "HOLD") {
        return None;
    }
    if odd.counts_places {
        return Some(format!("{day}.{}", place_in_day(account, place)));
    }
    // What was pending goes by another name once it is booked.
    let names = if odd.books(own) { u64::MAX - 5 } else { u64::MAX - 4 };
    // Counted from the oldest, as banks do.
    Some(format!("{:08x}-{}", mix(&account.parts(names)) >> 32, account.rows().saturating_sub(index)))
}

/// How many rows of its day stand before a row, and itself.
fn place_in_day(account: &Account, place: u64) -> u64 {
    let unbooked = unbooked(account);
    if place < unbooked + PER_DAY { place + 1 } else { (place - unbooked) % PER_DAY + 1 }
}

fn remittance(number: u64, index: u64) -> Vec<String> {
    match index % 7 {
        0 => Vec::new(),
        1 => vec!["Lasku".to_owned(), format!("Viite {}", number % 100_000)],
        _ => vec![format!("Kiitos käynnistä no. {}", number % 10_000)],
    }
}
