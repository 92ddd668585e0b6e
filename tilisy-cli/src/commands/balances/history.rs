//! `tilisy balances --history`: the booked balance at the end of each day.

use std::collections::BTreeMap;

use serde::Serialize;
use tilisy_client::chrono::{Days, NaiveDate, TimeDelta, Utc};
use tilisy_client::rust_decimal::Decimal;
use tilisy_client::types::{BalanceResource, BalanceStatus, Transaction, TransactionStatus};
use tilisy_client::{Client, ErrorKind};

use super::incomplete;
use super::plot::plot;
use crate::accounts::{Chosen, number};
use crate::failure::{Exit, Failure, warn};
use crate::output::{Cell, Column, Format, Output, Row};
use crate::progress::Progress;
use crate::text::{clean, counted};

/// The balances that count what is booked, the best first.
const BOOKED: [BalanceStatus; 2] = [BalanceStatus::Clbd, BalanceStatus::Itbd];

/// The longest history: each of its days is a row.
const LONGEST: TimeDelta = TimeDelta::days(36_525);

/// How many days back a history begins: with its own, these are the 90 days that most banks tell.
const HISTORY: u64 = 89;

#[derive(Serialize)]
struct Line {
    account_uid: String,
    number: Option<String>,
    date: NaiveDate,
    amount: String,
    currency: String,
}

impl Row for Line {
    const FIELDS: &'static [&'static str] = &["account_uid", "number", "date", "amount", "currency"];
    const COLUMNS: &'static [Column] = &[];

    fn cells(&self) -> Vec<Cell> {
        Vec::new()
    }
}

/// The balances of one account, day by day without a gap.
struct History {
    currency: String,
    days: Vec<(NaiveDate, Decimal)>,
}

pub(super) async fn run(
    client: &Client,
    accounts: &[Chosen],
    from: Option<NaiveDate>,
    output: &Output,
) -> Result<(), Failure> {
    let mut progress = Progress::new();
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for account in accounts {
        match history(client, account, from, &mut progress).await {
            Ok(history) => found.push((account, history)),
            Err(failure) => failures.push(failure),
        }
    }
    drop(progress);
    if !found.is_empty() {
        give(&found, output)?;
    }
    incomplete(failures, accounts.len())
}

fn give(found: &[(&Chosen, History)], output: &Output) -> Result<(), Failure> {
    if output.format() == Format::Table {
        let plots = found.iter().map(|(account, history)| {
            format!("{}, {}\n{}\n", account.label(), clean(&history.currency), plot(&history.days))
        });
        return output.put(plots.collect::<Vec<_>>().join("\n").as_bytes());
    }
    let lines: Vec<_> = found.iter().flat_map(|(account, history)| lines(account, history)).collect();
    output.rows(&lines, "")
}

fn lines<'a>(account: &'a Chosen, history: &'a History) -> impl Iterator<Item = Line> + 'a {
    history.days.iter().map(|(date, amount)| Line {
        account_uid: account.uid.to_string(),
        number: number(&account.account).map(str::to_owned),
        date: *date,
        amount: amount.to_string(),
        currency: history.currency.clone(),
    })
}

async fn history(
    client: &Client,
    account: &Chosen,
    asked: Option<NaiveDate>,
    progress: &mut Progress,
) -> Result<History, Failure> {
    let balances = client.account_balances(&account.uid).await.map_err(|error| account.failure(error))?.balances;
    let unusable = |text: &str| Failure::new(Exit::Refused, text).about(account.label());
    let Some(balance) = booked(&balances) else {
        return Err(unusable("the bank tells no booked balance to begin with (CLBD or ITBD)"));
    };
    let amount = &balance.balance_amount;
    let today = balance.reference_date.unwrap_or_else(|| Utc::now().date_naive());
    let from = asked.unwrap_or_else(|| today.checked_sub_days(Days::new(HISTORY)).unwrap_or(today));
    if today - from > LONGEST {
        return Err(Failure::new(Exit::Usage, format!("`--from {from}` lies more than a hundred years back"))
            .hint("give a later day"));
    }
    if from > today {
        return Err(Failure::new(Exit::Usage, format!("`--from {from}` is after the day of the balance, {today}"))
            .about(account.label())
            .hint("give an earlier day"));
    }
    let request = client.account_transactions(&account.uid);
    let mut rows = request.date_from(from).transaction_status(TransactionStatus::Book).stream();
    let mut moves = BTreeMap::<NaiveDate, Decimal>::new();
    let (mut count, mut odd) = (0, 0);
    loop {
        let row = match rows.try_next().await {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(error) if error.kind() == ErrorKind::BadRow => {
                odd += 1;
                continue;
            }
            Err(error) => return Err(account.failure_of_period(error, asked)),
        };
        count += 1;
        if count % 100 == 0 {
            progress.page(100, &account.label());
        }
        // Some banks pay no heed to the filter.
        if row.status != TransactionStatus::Book {
            continue;
        }
        match movement(&row, &amount.currency) {
            Some((day, sum)) => {
                let moved = moves.entry(day).or_default();
                let all = moved.checked_add(sum);
                *moved = all.ok_or_else(|| unusable("the amounts are too large to be added"))?;
            }
            None => odd += 1,
        }
    }
    if odd > 0 {
        let rows = counted(odd, "transaction");
        warn(&format!(
            "{}: {rows} without a day, a direction or this currency: earlier days may be off by these",
            account.label()
        ));
    }
    let days =
        back(amount.amount, today, from, &moves).ok_or_else(|| unusable("the amounts are too large to be added"))?;
    Ok(History { currency: amount.currency.clone(), days })
}

/// The balance to begin with.
fn booked(balances: &[BalanceResource]) -> Option<&BalanceResource> {
    BOOKED.iter().find_map(|kind| balances.iter().find(|balance| balance.balance_type == *kind))
}

/// The day and the sum by which a transaction changes the booked balance.
fn movement(row: &Transaction, currency: &str) -> Option<(NaiveDate, Decimal)> {
    let day = row.booking_date.or(row.value_date).or(row.transaction_date)?;
    (row.transaction_amount.currency == currency).then_some((day, row.signed_amount()?))
}

/// From the balance of a day back to those of the days before. None where they are too large for a number.
fn back(
    balance: Decimal,
    today: NaiveDate,
    from: NaiveDate,
    moves: &BTreeMap<NaiveDate, Decimal>,
) -> Option<Vec<(NaiveDate, Decimal)>> {
    let mut days = vec![(today, balance)];
    let mut balance = balance;
    let mut day = today;
    while day > from {
        if let Some(moved) = moves.get(&day) {
            balance = balance.checked_sub(*moved)?;
        }
        day = day.pred_opt()?;
        days.push((day, balance));
    }
    days.reverse();
    Some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, day).unwrap_or_default()
    }

    #[test]
    fn balances_go_back_over_what_was_booked() {
        let moves = BTreeMap::from([(day(2), Decimal::new(-250, 2)), (day(4), Decimal::new(100, 1))]);
        let days = back(Decimal::new(1000, 2), day(4), day(1), &moves).unwrap_or_default();
        let amounts: Vec<_> = days.iter().map(|(day, amount)| format!("{day} {amount}")).collect();
        assert_eq!(amounts, ["2026-01-01 2.50", "2026-01-02 0.00", "2026-01-03 0.00", "2026-01-04 10.00"]);
        // What was booked on the first day is in its balance already, and what came later in none.
        let moves = BTreeMap::from([(day(1), Decimal::ONE), (day(5), Decimal::ONE)]);
        assert_eq!(
            back(Decimal::ONE, day(2), day(1), &moves),
            Some(vec![(day(1), Decimal::ONE), (day(2), Decimal::ONE)])
        );
        assert_eq!(back(Decimal::MIN, day(2), day(1), &BTreeMap::from([(day(2), Decimal::MAX)])), None);
    }

    #[test]
    fn fields_are_what_is_serialized() {
        let text = String::new;
        let line = Line { account_uid: text(), number: None, date: day(1), amount: text(), currency: text() };
        crate::output::check_fields(&line);
    }
}
