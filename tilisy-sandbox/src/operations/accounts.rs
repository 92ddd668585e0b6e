//! `GET /accounts/{account_id}/details`, `…/balances`, `…/transactions` and `…/transactions/{transaction_id}`.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use crate::call::Call;
use crate::data::accounts::Account;
use crate::data::balances;
use crate::data::ledger::STATUSES;
use crate::data::resource::resource;
use crate::data::statement::{Filter, Statement};
use crate::data::transactions::{by_id, transaction};
use crate::paging::{Asked, Position};
use crate::refusal::{Code, Refusal};
use crate::state::Session;

/// The number of transactions on a page.
const PAGE: u64 = 100;

/// The same at banks with small pages.
const SMALL_PAGE: u64 = 10;

pub(crate) fn details(call: &Call<'_>) -> Result<Value, Refusal> {
    let (_, account) = call.account()?;
    Ok(resource(&call.statement(&account), Some(call.id()?), call.world.edition))
}

pub(crate) fn balances(call: &Call<'_>) -> Result<Value, Refusal> {
    let (session, account) = call.account()?;
    if !session.reads_balances {
        return Err(Refusal::forbidden("the consent does not cover balances"));
    }
    if call.oddities().refuses_balances {
        return Err(Refusal::new(Code::AspspError, "the bank has no balances of this account"));
    }
    Ok(json!({ "balances": balances::balances(&call.statement(&account)) }))
}

/// Returns one transaction, by an id that a listing had.
pub(crate) fn transaction_details(call: &Call<'_>) -> Result<Value, Refusal> {
    let (session, account) = call.account()?;
    check_consent(&session)?;
    let id = call.path.get(3).map(String::as_str).unwrap_or_default();
    let found = by_id(&call.statement(&account), id).filter(|_| !call.scenario.is(Code::TransactionDoesNotExist));
    found.ok_or_else(|| Refusal::new(Code::TransactionDoesNotExist, "the account has no transaction with this id"))
}

pub(crate) fn transactions(call: &Call<'_>) -> Result<Value, Refusal> {
    let (from, to) = (call.day("date_from")?, call.day("date_to")?);
    let status = call.parameter("transaction_status");
    if status.is_some_and(|status| !STATUSES.contains(&status)) {
        return Err(Refusal::parameters(format!("`transaction_status` must be one of {}", STATUSES.join(", "))));
    }
    let is_longest = is_longest(call)?;
    let (session, account) = call.account()?;
    check_consent(&session)?;
    match (from, to) {
        // The strategy `longest` ignores the last day.
        (None, Some(_)) if !is_longest => {
            return Err(Refusal::new(Code::DateToWithoutDateFrom, "`date_to` needs a `date_from`"));
        }
        (Some(from), Some(to)) if from > to && !is_longest => {
            return Err(Refusal::new(Code::WrongDateInterval, "`date_from` is after `date_to`"));
        }
        _ => {}
    }
    if from.is_some_and(|from| call.is_current() && from > call.world.today()) {
        return Err(Refusal::new(Code::DateFromInFuture, "`date_from` is in the future"));
    }
    if status == Some("PDNG") && call.oddities().refuses_pending {
        return Err(
            Refusal::new(Code::AspspError, "the bank has no pending transactions").detail(json!("Unknown error"))
        );
    }
    let filter = Filter { from, to, status };
    let asked = Asked { session: &session, account: call.id()?, filter, strategy: strategy(is_longest) };
    page(call, &asked, &account)
}

fn check_consent(session: &Session) -> Result<(), Refusal> {
    if session.reads_transactions { Ok(()) } else { Err(Refusal::forbidden("the consent does not cover transactions")) }
}

/// Reads the strategy, which only the current edition has.
fn is_longest(call: &Call<'_>) -> Result<bool, Refusal> {
    match call.parameter("strategy").filter(|_| call.is_current()) {
        None | Some("default") => Ok(false),
        Some("longest") => Ok(true),
        Some(_) => Err(Refusal::parameters("`strategy` must be default or longest")),
    }
}

fn strategy(is_longest: bool) -> &'static str {
    if is_longest { "longest" } else { "default" }
}

/// Returns the first day of which the bank lists transactions, if it does not list all.
fn oldest(call: &Call<'_>, session: &Session, statement: &Statement) -> Option<NaiveDate> {
    let days = call.scenario.history(session.bank.profile.history)?;
    let oldest = TimeDelta::try_days(days).and_then(|days| statement.today.checked_sub_signed(days));
    // A history that no date can express is one without any day.
    Some(oldest.unwrap_or(NaiveDate::MAX))
}

/// Checks that the bank lists transactions as old as those asked for.
fn check_period(call: &Call<'_>, oldest: Option<NaiveDate>, filter: &Filter<'_>) -> Result<(), Refusal> {
    let (Some(from), Some(oldest)) = (filter.from, oldest) else { return Ok(()) };
    if from >= oldest {
        return Ok(());
    }
    if call.oddities().refuses_period_in_words {
        let message = "Transactions can be retrieved for the last 90 days only.";
        return Err(
            Refusal::new(Code::AspspError, "Error interacting with ASPSP").detail(json!({ "message": message }))
        );
    }
    let refusal = Refusal::new(Code::WrongTransactionsPeriod, "the bank does not list transactions as old as that");
    if call.oddities().refuses_period_without_date {
        return Err(refusal.detail(json!({ "message": "The period is too long." })));
    }
    // As the real service does at times: the first day that would work.
    Err(refusal.detail(if oldest == NaiveDate::MAX { Value::Null } else { json!({ "date_from": oldest }) }))
}

fn page(call: &Call<'_>, asked: &Asked<'_>, account: &Arc<Account>) -> Result<Value, Refusal> {
    let given = call.parameter("continuation_key");
    let statement = call.statement(account);
    if given.is_some() && statement.odd.refuses_keys {
        let message = "transactionStatus in request is not the same as in continuationKey";
        return Err(Refusal::parameters(message));
    }
    let position = match given {
        None => Position { next: 0, paused: false, today: statement.today, entries: statement.entry_count() },
        Some(key) => Position::read(key, call.world, asked)?,
    };
    // Later pages are of the day of the first one.
    let statement = Statement::new(statement.account, position.today, statement.odd).with_entries(position.entries);
    let oldest = oldest(call, asked.session, &statement);
    let filter = match asked.strategy {
        "longest" => Filter { from: asked.filter.from.max(oldest), to: None, ..asked.filter },
        _ => {
            check_period(call, oldest, &asked.filter)?;
            // Without a first day, a bank with a short history lists what it has.
            Filter { from: asked.filter.from.or(oldest), ..asked.filter }
        }
    };
    let listing = statement.matching(&filter);
    let (total, size) = (listing.len(), if statement.odd.has_small_pages { SMALL_PAGE } else { PAGE });
    // One page in the middle of a long history is empty, as pages of banks can be.
    let middle = total / size / 2 * size;
    let pauses = total > 2 * size && position.next == middle && !position.paused;
    let end = if pauses { position.next } else { total.min(position.next.saturating_add(size)) };
    let found: Vec<_> = (position.next..end).map(|place| transaction(&listing, place)).collect();
    let next = Position { next: end, paused: pauses, ..position };
    let key = match given {
        Some(key) if call.scenario.repeats_key => Some(key.to_owned()),
        _ if end < total => Some(next.write(call.world, asked)),
        Some(key) if statement.odd.repeats_last_page && call.world.memory().repeated.insert(key.to_owned()) => {
            Some(key.to_owned())
        }
        _ => None,
    };
    let mut page = json!({ "transactions": found });
    if let Some(key) = key {
        page["continuation_key"] = json!(key);
    }
    Ok(page)
}
