//! The transactions that payments cause on the accounts of payers and receivers.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::data::accounts::Account;
use crate::data::balances::balances;
use crate::data::ledger::Entry;
use crate::data::statement::Statement;
use crate::oddities::Oddities;
use crate::payments::exchange::{convert, exchanged};
use crate::payments::life::Status;
use crate::payments::payment::Payment;
use crate::payments::rules;
use crate::state::{Memory, World};

/// Brings accounts up to the present: adds the transactions that payments have caused since the last call.
///
/// Statuses of payments follow from the clock, so that no task has to run while no one asks.
pub(crate) fn settle(world: &World) {
    let now = world.clock.now();
    world.memory().payments.settle(now, |payment| settle_one(world, payment, now));
}

/// Cancels the pending transactions of a payment that has been removed.
pub(crate) fn cancel(payment: &Payment) {
    let Some(debtor) = payment.debtor.as_ref().filter(|_| !payment.booked.is_settled) else { return };
    for number in &payment.booked.pending {
        debtor.change(*number, |entry| entry.status = "CNCL");
    }
}

/// Returns whether an account has the money for a payment, besides others that are authorised already.
pub(crate) fn is_covered(world: &World, memory: &Memory, payment: &Payment, account: &Arc<Account>) -> bool {
    let statement = Statement::new(Arc::clone(account), world.today(), Oddities::default());
    let balances = balances(&statement);
    let sum_of = |kind: &str| {
        let found = balances.as_array()?.iter().find(|balance| balance["balance_type"] == kind)?;
        found.pointer("/balance_amount/amount")?.as_str()?.parse::<Decimal>().ok()
    };
    // As available, and with the payments that are pending already.
    let available = [sum_of("ITAV"), sum_of("XPCD")].into_iter().flatten().min().unwrap_or_default();
    let reserves = |other: &&Payment| {
        other.debtor.as_ref().is_some_and(|debtor| Arc::ptr_eq(debtor, account)) && other.reserves_money()
    };
    let payments = memory.payments.iter().filter(reserves).chain([payment]);
    let sums = payments.flat_map(|payment| payment.transfers()).map(|transfer| sum(transfer, account));
    sums.sum::<Decimal>() <= available
}

fn settle_one(world: &World, payment: &mut Payment, now: DateTime<Utc>) {
    if payment.booked.is_settled {
        return;
    }
    let step = payment.life.at(now);
    let is_pending = matches!(step.status, Status::InProcess | Status::SettledHere) && !step.is_final;
    let Some(debtor) = payment.debtor.clone() else {
        payment.booked.is_settled = step.is_final;
        return;
    };
    let day = day(world, step.since, now);
    if is_pending && payment.booked.pending.is_empty() {
        let entries = (0..payment.transfers().len()).map(|nth| debtor.add(debit(payment, nth, &debtor, day, "PDNG")));
        payment.booked.pending = entries.collect();
    }
    if !step.is_final {
        return;
    }
    for nth in 0..payment.transfers().len() {
        let is_executed = payment.life.is_executed(nth);
        match payment.booked.pending.get(nth) {
            Some(number) => debtor.change(*number, |entry| {
                entry.day = day;
                entry.status = if is_executed { "BOOK" } else { "RJCT" };
            }),
            None if is_executed => drop(debtor.add(debit(payment, nth, &debtor, day, "BOOK"))),
            None => {}
        }
        if is_executed {
            credit(world, payment, nth, &debtor, day);
        }
    }
    payment.booked.is_settled = true;
}

/// Returns the day of the data at a time in the past. The newest day of the data may be another one than the clock's.
fn day(world: &World, since: DateTime<Utc>, now: DateTime<Utc>) -> NaiveDate {
    let today = world.today();
    today.checked_sub_signed(now.date_naive() - since.date_naive()).unwrap_or(today)
}

/// Returns the sum of a transfer in the currency of an account.
fn sum(transfer: &Value, account: &Account) -> Decimal {
    let currency = text(transfer, "/instructed_amount/currency").unwrap_or_default();
    convert(rules::amount(transfer), currency, &account.currency)
}

fn debit(payment: &Payment, nth: usize, debtor: &Account, day: NaiveDate, status: &'static str) -> Entry {
    let transfer = payment.transfers().get(nth).unwrap_or(&Value::Null);
    let mut entry = entry(transfer, debtor, day);
    entry.amount = -entry.amount;
    entry.status = status;
    entry.party = text(transfer, "/beneficiary/creditor/name").map(str::to_owned);
    match (
        text(transfer, "/beneficiary/creditor_account/scheme_name"),
        transfer.pointer("/beneficiary/creditor_account"),
    ) {
        (Some("IBAN"), Some(account)) => entry.party_account = text(account, "/identification").map(str::to_owned),
        (_, Some(account)) => drop(entry.properties.insert("creditor_account".to_owned(), json!({ "other": account }))),
        _ => {}
    }
    entry
}

/// Adds the transaction of the receiver, if the account is one of this sandbox.
fn credit(world: &World, payment: &Payment, nth: usize, debtor: &Account, day: NaiveDate) {
    let transfer = payment.transfers().get(nth).unwrap_or(&Value::Null);
    let identification = text(transfer, "/beneficiary/creditor_account/identification").unwrap_or_default();
    let Some(creditor) = world.banks().iter().find_map(|bank| bank.account(identification)) else { return };
    let mut entry = entry(transfer, &creditor, day);
    entry.party = Some(debtor.owner.holder.clone());
    entry.party_account = debtor.iban().map(str::to_owned);
    creditor.add(entry);
}

/// Returns a booked credit of a transfer, without parties.
fn entry(transfer: &Value, account: &Account, day: NaiveDate) -> Entry {
    let lines = transfer.get("remittance_information").and_then(Value::as_array).into_iter().flatten();
    let mut properties = Map::new();
    if let Some(reference) = transfer.get("reference_number") {
        properties.insert("reference_number".to_owned(), reference.clone());
    }
    let currency = text(transfer, "/instructed_amount/currency").unwrap_or_default();
    if let Some(exchange) = exchanged(rules::amount(transfer), currency, &account.currency) {
        properties.insert("exchange_rate".to_owned(), exchange);
    }
    Entry {
        day,
        amount: sum(transfer, account),
        status: "BOOK",
        booked_on: None,
        party: None,
        party_account: None,
        remittance: lines.filter_map(Value::as_str).map(str::to_owned).collect(),
        reference: None,
        properties,
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str)
}
