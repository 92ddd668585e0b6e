//! `tilisy transactions`: exports transactions.

mod period;

use clap::Args;
use enablebanking_client::chrono::{DateTime, Utc};
use enablebanking_client::types::TransactionStatus;

use self::period::Period;
use crate::accounts::{Chosen, choose, list, none_to_read};
use crate::disk::Lock;
use crate::environment::Environment;
use crate::export::{Export, Question};
use crate::failure::{Exit, Failure};
use crate::message::{say, warn};
use crate::options::{Global, Psu};
use crate::output::{Format, Output};
use crate::stored::Exports;

/// Read transactions, as a table, CSV, JSON, or a workbook.
///
/// CSV and JSON have every digit of every amount.
///
/// With `--output`, the file is written completely or not at all. After a failure or Ctrl-C, the transactions read so far
/// are in `FILE.part`, and the same command continues from there within six hours (workbooks and tables start over). On
/// stdout, stderr reports what is missing, and the exit code is 9.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The accounts, by number (or its start or end), product, name, currency, or id. It can be left out if there is only
    /// one.
    #[arg(value_name = "ACCOUNT")]
    accounts: Vec<String>,
    /// All accounts.
    #[arg(long, conflicts_with = "accounts")]
    all: bool,
    #[command(flatten)]
    period: Period,
    /// The status: booked (BOOK), pending (PDNG), and so on.
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Option<TransactionStatus>,
    /// The largest number of transactions of each account, from the first that the bank returns (usually the newest).
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Leave out transactions that cannot be read, instead of failing.
    #[arg(long)]
    skip_unreadable: bool,
    /// Start over instead of continuing an interrupted export.
    #[arg(long, requires = "output")]
    restart: bool,
    #[command(flatten)]
    psu: Psu,
    #[command(flatten)]
    pub(crate) output: Output,
}

fn status(text: &str) -> Result<TransactionStatus, String> {
    let code = TransactionStatus::from(text.to_ascii_uppercase());
    match code.is_listed() {
        true => Ok(code),
        false => Err(format!("it is one of {}", TransactionStatus::LISTED.join(", "))),
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let begun = Utc::now();
    let days = arguments.period.days(begun.date_naive())?;
    let columns = Export::layout(&arguments.output)?.columns;
    let environment = Environment::open_with_consent(global).await?;
    let accounts = accounts(&environment.readable()?, &arguments)?;
    let from = match days.from {
        None if arguments.period.is_since_last() => {
            let (day, reason) = period::since_last(&Exports::read(&environment.directories)?, &accounts)?;
            say(&reason);
            Some(day)
        }
        from => from,
    };
    let question = Question {
        accounts: accounts.iter().map(|account| account.uid.into()).collect(),
        from,
        to: days.to,
        status: arguments.status.as_ref().map(ToString::to_string),
        longest: arguments.period.is_longest(),
        limit: arguments.limit,
        skip_unreadable: arguments.skip_unreadable,
        format: arguments.output.format(),
        columns,
        csv_style: arguments.output.csv_style(),
    };
    let client = environment.client_for(&arguments.psu)?;
    let is_complete = arguments.limit.is_none() && arguments.status.is_none() && days.to.is_none();
    let is_export = is_complete && arguments.output.format() != Format::Table;
    environment.count_calls(&client, &accounts).await;
    let export = Export::begin(client, accounts.clone(), question, &arguments.output, arguments.restart)?;
    // A continued export has the state of its start.
    let begun = export.begun().unwrap_or(begun);
    export.run().await?;
    if is_export && let Err(failure) = record(&environment, &accounts, begun).await {
        warn(&format!("the export is complete, but not recorded for `--since last`: {}", failure.text()));
    }
    Ok(())
}

/// Records a complete export for `--since last`.
async fn record(environment: &Environment, accounts: &[Chosen], begun: DateTime<Utc>) -> Result<(), Failure> {
    let _lock = Lock::of(&environment.directories).await?;
    let mut exports = Exports::read(&environment.directories)?;
    exports.record(accounts.iter().map(|account| account.account.hash()), begun);
    exports.write(&environment.directories)
}

fn accounts(all: &[Chosen], arguments: &Arguments) -> Result<Vec<Chosen>, Failure> {
    match all {
        [] => Err(none_to_read()),
        all if arguments.all => Ok(all.to_vec()),
        [only] if arguments.accounts.is_empty() => Ok(vec![only.clone()]),
        several if arguments.accounts.is_empty() => {
            Err(Failure::new(Exit::Usage, "there are several accounts: name some of them, or pass `--all`")
                .hint(format!("the accounts are:{}", list(several))))
        }
        all => choose(all, &arguments.accounts),
    }
}
