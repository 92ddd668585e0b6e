//! Prints the transactions of all accounts of a stored session:
//! `cargo run -p enablebanking-client --example nightly -- session.json 2026-01-31`
//!
//! The file is one that the example `consent` wrote. Without a day, the example reads the whole history, which most banks
//! return for about an hour after a consent. Set `ENABLEBANKING_APPLICATION_ID` and `ENABLEBANKING_PRIVATE_KEY_FILE` first.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it got")]

use std::fs;
use std::process::ExitCode;

use enablebanking_client::chrono::{NaiveDate, TimeDelta, Utc};
use enablebanking_client::types::{Transaction, TransactionsFetchStrategy};
use enablebanking_client::{Client, Credentials, ErrorKind, StoredSession};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let client = Client::builder(Credentials::from_env()?).build()?;
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: nightly FILE [DAY], for example: nightly session.json 2026-01-31")?;
    let from: Option<NaiveDate> = arguments.next().map(|day| day.parse()).transpose()?;

    let session: StoredSession = serde_json::from_str(&fs::read_to_string(file)?)?;
    if session.ends_within(Utc::now(), TimeDelta::days(7)) {
        eprintln!("the consent ends on {}: ask the PSU to renew it", session.valid_until.date_naive());
    }

    // Closed and blocked accounts have no id.
    let accounts = session.accounts.iter().filter_map(|account| account.uid);
    let mut transactions = client.transactions_of(accounts).each(move |request| match from {
        Some(day) => request.date_from(day),
        None => request.strategy(TransactionsFetchStrategy::Longest),
    });
    let mut code = ExitCode::SUCCESS;
    while let Some((account, result)) = transactions.next().await {
        match result {
            Ok(transaction) => print(&transaction),
            // The other transactions of the account follow.
            Err(error) if error.kind() == ErrorKind::BadRow => eprintln!("{account}: left out: {error}"),
            Err(error) => {
                // Any other error ends its account, and the other accounts go on.
                code = ExitCode::FAILURE;
                if error.needs_new_consent() {
                    eprintln!("{account}: the consent has ended: ask the PSU for a new one");
                } else if error.is_rate_limited() {
                    match error.retry_after() {
                        Some(delay) => eprintln!("{account}: too many requests: try again in {delay:?}"),
                        None => eprintln!("{account}: too many requests: try again tomorrow"),
                    }
                } else {
                    eprintln!("{account}: {error}");
                }
            }
        }
    }
    Ok(code)
}

fn print(transaction: &Transaction) {
    let day = transaction.booking_date.or(transaction.value_date).or(transaction.transaction_date);
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    // Without an indicator that this version knows, the amount has no sign.
    let amount = transaction.signed_amount().unwrap_or(transaction.transaction_amount.amount);
    let party = transaction.counterparty().unwrap_or_default();
    println!("{day:10} {:4} {amount:>12} {} {party}", transaction.status, transaction.transaction_amount.currency);
}
