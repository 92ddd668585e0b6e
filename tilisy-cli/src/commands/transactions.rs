//! `tilisy transactions`: what was paid.

use clap::Args;
use tilisy_client::chrono::{NaiveDate, Utc};
use tilisy_client::types::TransactionStatus;

use crate::accounts::{Chosen, choose, list, none_to_read};
use crate::arguments::{Global, Psu};
use crate::export::{Export, Question};
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::place::Place;

/// Read transactions, as a table, CSV, or JSON.
///
/// CSV and JSON have every digit of every amount.
///
/// With `--output` the file is written whole or not at all. What was read until a failure or Ctrl-C is kept beside it
/// (`FILE.part`), and the same command goes on from there within six hours. On stdout, what is missing at the end is said on stderr, and
/// the exit code is 9.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The accounts, by number (or its beginning or end), product, or id. It can be left out where there is only one.
    #[arg(value_name = "ACCOUNT")]
    accounts: Vec<String>,
    /// All accounts.
    #[arg(long, conflicts_with = "accounts")]
    all: bool,
    /// The first day. Many banks tell only the last 90 days, except within an hour of the consent.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<NaiveDate>,
    /// The last day.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "from")]
    to: Option<NaiveDate>,
    /// Only those that are booked (BOOK), pending (PDNG), and so on.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Option<TransactionStatus>,
    /// At most this many of each account, the first that the bank tells (usually the newest).
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Leave out rows that cannot be read, instead of taking the whole for incomplete.
    #[arg(long)]
    skip_unreadable: bool,
    /// Begin anew, whatever an interrupted export left behind.
    #[arg(long, requires = "output")]
    restart: bool,
    #[command(flatten)]
    psu: Psu,
    #[command(flatten)]
    pub(super) output: Output,
}

fn status(text: &str) -> Result<TransactionStatus, String> {
    let code = TransactionStatus::from(text.to_ascii_uppercase());
    match code.is_listed() {
        true => Ok(code),
        false => Err(format!("it is one of {}", TransactionStatus::LISTED.join(", "))),
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    check_days(&arguments)?;
    let place = Place::open_with_consent(global).await?;
    let accounts = accounts(&place.readable()?, &arguments)?;
    let question = Question {
        accounts: accounts.iter().map(|account| account.uid).collect(),
        from: arguments.from,
        to: arguments.to,
        status: arguments.status,
        limit: arguments.limit,
        skip_unreadable: arguments.skip_unreadable,
        format: arguments.output.format(),
    };
    let client = place.client_for(&arguments.psu)?;
    Export::begin(client, accounts, question, &arguments.output, arguments.restart)?.run().await
}

/// What a bank would refuse in its own words, or not at all.
fn check_days(arguments: &Arguments) -> Result<(), Failure> {
    let today = Utc::now().date_naive();
    match (arguments.from, arguments.to) {
        (Some(from), Some(to)) if to < from => {
            Err(Failure::new(Exit::Usage, format!("`--to {to}` is before `--from {from}`")).hint("swap them"))
        }
        (Some(from), _) if from > today => {
            Err(Failure::new(Exit::Usage, format!("`--from {from}` lies in the future (it is {today} in UTC)"))
                .hint("give an earlier day"))
        }
        _ => Ok(()),
    }
}

fn accounts(all: &[Chosen], arguments: &Arguments) -> Result<Vec<Chosen>, Failure> {
    match all {
        [] => Err(none_to_read()),
        all if arguments.all => Ok(all.to_vec()),
        [only] if arguments.accounts.is_empty() => Ok(vec![only.clone()]),
        several if arguments.accounts.is_empty() => {
            Err(Failure::new(Exit::Usage, "there are several accounts: name some, or take them `--all`")
                .hint(format!("the accounts are:{}", list(several))))
        }
        all => choose(all, &arguments.accounts),
    }
}
