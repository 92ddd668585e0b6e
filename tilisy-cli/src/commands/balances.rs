//! `tilisy balances`: what is on the accounts, now or over time.

mod history;
mod plot;

use clap::Args;
use serde::Serialize;
use tilisy_client::chrono::{NaiveDate, SecondsFormat};
use tilisy_client::types::BalanceResource;

use crate::accounts::{Chosen, choose, none_to_read, number};
use crate::arguments::{Global, Psu};
use crate::failure::{Failure, warn};
use crate::output::{Cell, Column, Output, Row, Tone};
use crate::place::Place;
use crate::progress::Progress;

/// Show balances, now or over time.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The accounts, by number (or its beginning or end), product, or id; all of them if not given.
    #[arg(value_name = "ACCOUNT")]
    accounts: Vec<String>,
    /// Show the booked balance day by day, as it follows from today's and the booked transactions; on a terminal as a
    /// plot.
    #[arg(long)]
    history: bool,
    /// The first day of the history; 89 days before the last if not given.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "history")]
    from: Option<NaiveDate>,
    #[command(flatten)]
    psu: Psu,
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Serialize)]
struct Line {
    account_uid: String,
    number: Option<String>,
    bank: String,
    balance_type: String,
    name: String,
    amount: String,
    currency: String,
    reference_date: Option<NaiveDate>,
    last_change_date_time: Option<String>,
    #[serde(skip)]
    product: String,
    #[serde(skip)]
    is_negative: bool,
}

impl Row for Line {
    const FIELDS: &'static [&'static str] = &[
        "account_uid",
        "number",
        "bank",
        "balance_type",
        "name",
        "amount",
        "currency",
        "reference_date",
        "last_change_date_time",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::word("ACCOUNT"),
        Column::extra("PRODUCT"),
        Column::text("BALANCE"),
        Column::word("TYPE"),
        Column::number("AMOUNT"),
        Column::word(""),
        Column::extra("DAY"),
    ];

    fn cells(&self) -> Vec<Cell> {
        let tone = if self.is_negative { Tone::Bad } else { Tone::Plain };
        vec![
            self.number.as_deref().unwrap_or(&self.account_uid).into(),
            self.product.as_str().into(),
            self.name.as_str().into(),
            self.balance_type.as_str().into(),
            Cell::toned(self.amount.as_str(), tone),
            self.currency.as_str().into(),
            self.reference_date.map(|day| day.to_string()).unwrap_or_default().into(),
        ]
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let place = Place::open_with_consent(global).await?;
    let all = place.readable()?;
    let chosen = if arguments.accounts.is_empty() { all } else { choose(&all, &arguments.accounts)? };
    if chosen.is_empty() {
        return Err(none_to_read());
    }
    let client = place.client_for(&arguments.psu)?;
    if arguments.history {
        return history::run(&client, &chosen, arguments.from, &arguments.output).await;
    }
    let progress = Progress::waiting("asking for balances");
    let (mut lines, mut failures) = (Vec::new(), Vec::new());
    for account in &chosen {
        match client.account_balances(&account.uid).await {
            Ok(answer) => lines.extend(answer.balances.into_iter().map(|balance| line(account, balance))),
            Err(error) => failures.push(account.failure(error)),
        }
    }
    drop(progress);
    if failures.len() < chosen.len() {
        arguments.output.rows(&lines, "the bank tells no balance")?;
    }
    incomplete(failures, chosen.len())
}

/// What to say of accounts that could not be read, while others could.
pub(super) fn incomplete(mut failures: Vec<Failure>, accounts: usize) -> Result<(), Failure> {
    match failures.len() {
        0 => Ok(()),
        1 if accounts == 1 => failures.pop().map_or(Ok(()), Err),
        missing => {
            failures.iter().for_each(|failure| warn(failure.text()));
            let text = format!("{missing} of {accounts} accounts are missing");
            Err(Failure::of_all(&failures, missing == accounts, text))
        }
    }
}

fn line(account: &Chosen, balance: BalanceResource) -> Line {
    let amount = balance.balance_amount;
    Line {
        account_uid: account.uid.to_string(),
        number: number(&account.account).map(str::to_owned),
        bank: account.bank.clone(),
        balance_type: balance.balance_type.to_string(),
        name: balance.name,
        is_negative: amount.amount.is_sign_negative() && !amount.amount.is_zero(),
        amount: amount.amount.to_string(),
        currency: amount.currency,
        reference_date: balance.reference_date,
        last_change_date_time: balance
            .last_change_date_time
            .map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        product: account.account.product.clone().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_is_serialized() {
        let text = String::new;
        crate::output::check_fields(&Line {
            account_uid: text(),
            number: None,
            bank: text(),
            balance_type: text(),
            name: text(),
            amount: text(),
            currency: text(),
            reference_date: None,
            last_change_date_time: None,
            product: text(),
            is_negative: false,
        });
    }
}
