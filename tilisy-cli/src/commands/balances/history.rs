//! `tilisy balances --history`: the booked balance at the end of each day.

use std::collections::BTreeMap;

use enablebanking_client::chrono::{Days, NaiveDate, TimeDelta, Utc};
use enablebanking_client::rust_decimal::Decimal;
use enablebanking_client::types::{BalanceResource, BalanceStatus, Transaction, TransactionStatus};
use enablebanking_client::{Client, ErrorKind};

use super::incomplete;
use super::plot::plot;
use crate::accounts::Chosen;
use crate::failure::{Exit, Failure};
use crate::message::warn;
use crate::output::{Column, Format, Output, Record};
use crate::progress::Progress;
use crate::text::{clean, counted};

/// The kinds of booked balances, the best first.
const BOOKED: [BalanceStatus; 2] = [BalanceStatus::Clbd, BalanceStatus::Itbd];

/// The longest history: each of its days is a row.
const LONGEST: TimeDelta = TimeDelta::days(36_525);

/// The days before the last one: with it, the 90 days that most banks return.
const HISTORY: u64 = 89;

/// The booked balance at the end of a day.
struct Line {
    account: Chosen,
    date: NaiveDate,
    amount: Decimal,
    currency: String,
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::word("account_uid", "ID", |line| line.account.uid.to_string().into()),
        Column::word("account_number", "ACCOUNT", |line| line.account.number().into()),
        Column::word("date", "DAY", |line| line.date.into()),
        Column::number("amount", "AMOUNT", |line| line.amount.into()),
        Column::word("currency", "", |line| (&line.currency).into()),
        Column::extra("account_hash", "HASH", |line| line.account.account.hash().into()),
    ];
    const TABLE: &'static [&'static str] = &["account_number", "date", "amount", "currency"];
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
        write(&found, output)?;
    }
    incomplete(failures, accounts.len())
}

fn write(found: &[(&Chosen, History)], output: &Output) -> Result<(), Failure> {
    if output.format() == Format::Table && !output.chooses_columns() {
        let plots = found.iter().map(|(account, history)| {
            format!("{}, {}\n{}\n", account.label(), clean(&history.currency), plot(&history.days))
        });
        return output.put(plots.collect::<Vec<_>>().join("\n").as_bytes());
    }
    let lines: Vec<_> = found.iter().flat_map(|(account, history)| lines(account, history)).collect();
    output.records(&lines, "")
}

fn lines<'a>(account: &'a Chosen, history: &'a History) -> impl Iterator<Item = Line> + 'a {
    history.days.iter().map(|(date, amount)| Line {
        account: account.clone(),
        date: *date,
        amount: *amount,
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
        return Err(unusable("the bank returned no booked balance to start from (CLBD or ITBD)"));
    };
    let amount = &balance.balance_amount;
    let today = balance.reference_date.unwrap_or_else(|| Utc::now().date_naive());
    let from = asked.unwrap_or_else(|| today.checked_sub_days(Days::new(HISTORY)).unwrap_or(today));
    if today - from > LONGEST {
        return Err(Failure::new(Exit::Usage, format!("`--from {from}` is more than a hundred years ago"))
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
        // Some banks ignore the filter.
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

/// Returns the balance to start from.
fn booked(balances: &[BalanceResource]) -> Option<&BalanceResource> {
    BOOKED.iter().find_map(|kind| balances.iter().find(|balance| balance.balance_type == *kind))
}

/// Returns the day and the sum by which a transaction changes the booked balance.
fn movement(row: &Transaction, currency: &str) -> Option<(NaiveDate, Decimal)> {
    let day = row.booking_date.or(row.value_date).or(row.transaction_date)?;
    (row.transaction_amount.currency == currency).then_some((day, row.signed_amount()?))
}

/// Returns the balances of the days up to one whose balance is known, or `None` if they are too large.
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
    fn balances_are_computed_back_from_the_booked_transactions() {
        let moves = BTreeMap::from([(day(2), Decimal::new(-250, 2)), (day(4), Decimal::new(100, 1))]);
        let days = back(Decimal::new(1000, 2), day(4), day(1), &moves).unwrap_or_default();
        let amounts: Vec<_> = days.iter().map(|(day, amount)| format!("{day} {amount}")).collect();
        assert_eq!(amounts, ["2026-01-01 2.50", "2026-01-02 0.00", "2026-01-03 0.00", "2026-01-04 10.00"]);
        // Transactions of the first day are in its balance already, later ones in none.
        let moves = BTreeMap::from([(day(1), Decimal::ONE), (day(5), Decimal::ONE)]);
        assert_eq!(
            back(Decimal::ONE, day(2), day(1), &moves),
            Some(vec![(day(1), Decimal::ONE), (day(2), Decimal::ONE)])
        );
        assert_eq!(back(Decimal::MIN, day(2), day(1), &BTreeMap::from([(day(2), Decimal::MAX)])), None);
    }

    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<Line>();
    }
}
