//! `GET /accounts/{account_id}/balances` and `…/transactions`.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::call::Call;
use crate::data::accounts::Account;
use crate::data::transactions::{Filter, matching, transaction};
use crate::paging::Position;
use crate::refusal::{Code, Refusal};
use crate::state::Session;

/// How many transactions a page has.
const PAGE: u64 = 100;

const STATUSES: &[&str] = &["BOOK", "CNCL", "HOLD", "OTHR", "PDNG", "RJCT", "SCHD"];

pub(crate) fn balances(call: &Call<'_>) -> Result<Value, Refusal> {
    let (session, account) = call.account()?;
    if !session.reads_balances {
        return Err(Refusal::forbidden("the consent does not cover balances"));
    }
    Ok(json!({ "balances": crate::data::balances::balances(&account) }))
}

pub(crate) fn transactions(call: &Call<'_>) -> Result<Value, Refusal> {
    let (from, to) = (call.day("date_from")?, call.day("date_to")?);
    let status = call.parameter("transaction_status");
    if status.is_some_and(|status| !STATUSES.contains(&status)) {
        return Err(Refusal::parameters(format!("`transaction_status` must be one of {}", STATUSES.join(", "))));
    }
    let (session, account) = call.account()?;
    if !session.reads_transactions {
        return Err(Refusal::forbidden("the consent does not cover transactions"));
    }
    match (from, to) {
        (None, Some(_)) => {
            return Err(Refusal::new(Code::DateToWithoutDateFrom, "`date_to` needs a `date_from`"));
        }
        (Some(from), Some(to)) if from > to => {
            return Err(Refusal::new(Code::WrongDateInterval, "`date_from` is after `date_to`"));
        }
        _ => {}
    }
    let filter = Filter { from, to, status };
    check_period(call, &session, &account, &filter)?;
    page(call, &session, &account, &filter)
}

/// Some banks tell what is new only.
fn check_period(call: &Call<'_>, session: &Session, account: &Account, filter: &Filter<'_>) -> Result<(), Refusal> {
    let Some(days) = call.scenario.history(session.bank().history) else { return Ok(()) };
    let oldest = TimeDelta::try_days(days).and_then(|days| account.newest.checked_sub_signed(days));
    match (filter.from, oldest) {
        (Some(from), Some(oldest)) if from >= oldest => Ok(()),
        (None, _) => Ok(()),
        (Some(_), oldest) => {
            let refusal =
                Refusal::new(Code::WrongTransactionsPeriod, "the bank does not tell transactions as old as that");
            // As the real service does at times: the day from which on it would work.
            Err(refusal.detail(oldest.map_or(Value::Null, |oldest| json!({ "date_from": oldest }))))
        }
    }
}

fn page(call: &Call<'_>, session: &Session, account: &Account, filter: &Filter<'_>) -> Result<Value, Refusal> {
    let mut rows = matching(account, filter);
    if let (None, Some(days)) = (filter.from, session.bank().history) {
        // Without a first day, such a bank tells what it has.
        let from = TimeDelta::try_days(days).and_then(|days| account.newest.checked_sub_signed(days));
        rows = matching(account, &Filter { from, ..*filter });
    }
    let given = call.parameter("continuation_key");
    let position = match given {
        None => Position { next: rows.start, paused: false },
        Some(key) => Position::read(key, call.world, session, call.id, filter)?,
    };
    let total = rows.end - rows.start;
    // One page in the middle of a long history is empty, as the bank's own paging has it.
    let middle = rows.start + total / PAGE / 2 * PAGE;
    let pauses = total > 2 * PAGE && position.next == middle && !position.paused;
    let end = if pauses { position.next } else { rows.end.min(position.next.saturating_add(PAGE)) };
    let found: Vec<_> = (position.next..end).map(|index| transaction(account, index)).collect();
    let next = Position { next: end, paused: pauses };
    let key = match given {
        Some(key) if call.scenario.repeats_key => Some(key.to_owned()),
        _ if end < rows.end => Some(next.write(call.world, session, call.id, filter)),
        _ => None,
    };
    Ok(json!({ "transactions": found, "continuation_key": key }))
}
