//! `tilisy balances`: the balances of accounts, now or over time.

mod history;
mod plot;

use clap::Args;
use enablebanking_client::chrono::{NaiveDate, SecondsFormat};
use enablebanking_client::types::{BalanceResource, BalanceStatus};

use crate::accounts::{Chosen, choose, none_to_read};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::message::warn;
use crate::options::{Global, Psu};
use crate::output::{Column, Json, Output, Record, Tone};
use crate::progress::Progress;

/// Show balances, now or over time.
///
/// An account has one balance: the booked one (CLBD or ITBD) if the bank returns it, or else the best other one.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The accounts, by number (or its start or end), product, name, or id [default: all].
    #[arg(value_name = "ACCOUNT")]
    accounts: Vec<String>,
    /// Show all balances that the bank returns, of all kinds.
    #[arg(long, conflicts_with = "history")]
    all_kinds: bool,
    /// Show the booked balance of each day, computed from the latest one and the booked transactions; on a terminal as a
    /// plot.
    #[arg(long)]
    history: bool,
    /// The first day of the history [default: 89 days before the last].
    #[arg(long, value_name = "YYYY-MM-DD", requires = "history")]
    from: Option<NaiveDate>,
    #[command(flatten)]
    psu: Psu,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// The kinds of balances, the best first: those of booked transactions, then of expected ones, then available amounts,
/// which may contain a credit limit.
const BEST: [BalanceStatus; 11] = [
    BalanceStatus::Clbd,
    BalanceStatus::Itbd,
    BalanceStatus::Xpcd,
    BalanceStatus::Clav,
    BalanceStatus::Itav,
    BalanceStatus::Valu,
    BalanceStatus::Opbd,
    BalanceStatus::Opav,
    BalanceStatus::Prcd,
    BalanceStatus::Info,
    BalanceStatus::Othr,
];

struct Line {
    account: Chosen,
    balance: BalanceResource,
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::word("account_uid", "ID", |line| line.account.uid.to_string().into()),
        Column::word("account_number", "ACCOUNT", |line| line.account.number().into()),
        Column::text("bank", "BANK", |line| (&line.account.bank).into()),
        Column::word("balance_type", "TYPE", |line| line.balance.balance_type.as_str().into()),
        Column::text("name", "BALANCE", |line| (&line.balance.name).into()),
        Column::<Self>::number("amount", "AMOUNT", |line| line.balance.balance_amount.amount.into()).toned(|line| {
            let amount = line.balance.balance_amount.amount;
            if amount.is_sign_negative() && !amount.is_zero() { Tone::Bad } else { Tone::Plain }
        }),
        Column::word("currency", "", |line| (&line.balance.balance_amount.currency).into()),
        Column::extra("reference_date", "DAY", |line| line.balance.reference_date.into()),
        Column::extra("last_change_date_time", "CHANGED", |line| {
            let time = line.balance.last_change_date_time;
            time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true)).into()
        }),
        Column::extra("account_hash", "HASH", |line| line.account.account.hash().into()),
        Column::extra("product", "PRODUCT", |line| line.account.account.product().into()),
        Column::<Self>::word("account", "ACCOUNT", |line| match line.account.number() {
            Some(number) => number.into(),
            None => line.account.uid.to_string().into(),
        })
        .on_request(),
    ];
    const TABLE: &'static [&'static str] =
        &["account", "product", "name", "balance_type", "amount", "currency", "reference_date"];
    const JSON: Json =
        Json::With { columns: &["account_uid", "account_number", "account_hash", "bank"], resource: "balance" };

    fn write_resource(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(json, &self.balance)
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let environment = Environment::open_with_consent(global).await?;
    let all = environment.readable()?;
    let chosen = if arguments.accounts.is_empty() { all } else { choose(&all, &arguments.accounts)? };
    if chosen.is_empty() {
        return Err(none_to_read());
    }
    let client = environment.client_for(&arguments.psu)?;
    environment.count_calls(&client, &chosen).await;
    if arguments.history {
        return history::run(&client, &chosen, arguments.from, &arguments.output).await;
    }
    let progress = Progress::waiting("requesting balances");
    let (mut lines, mut failures) = (Vec::new(), Vec::new());
    for account in &chosen {
        match client.account_balances(&account.uid).await {
            Ok(response) => {
                let balances = if arguments.all_kinds { response.balances } else { best(response.balances) };
                if balances.is_empty() {
                    warn(&format!("{}: the bank returned no balance", account.label()));
                }
                lines.extend(balances.into_iter().map(|balance| Line { account: account.clone(), balance }));
            }
            Err(error) => failures.push(account.failure(error)),
        }
    }
    drop(progress);
    if failures.len() < chosen.len() {
        arguments.output.records(&lines, "the bank returned no balances")?;
    }
    incomplete(failures, chosen.len())
}

/// Returns the best balance of each currency.
fn best(balances: Vec<BalanceResource>) -> Vec<BalanceResource> {
    let rank =
        |balance: &BalanceResource| BEST.iter().position(|kind| *kind == balance.balance_type).unwrap_or(BEST.len());
    let mut best: Vec<BalanceResource> = Vec::new();
    for balance in balances {
        let currency = &balance.balance_amount.currency;
        match best.iter_mut().find(|known| known.balance_amount.currency == *currency) {
            // The first of two of the same kind.
            Some(known) if rank(known) <= rank(&balance) => {}
            Some(known) => *known = balance,
            None => best.push(balance),
        }
    }
    best
}

/// Returns the failure of a command that could read only some accounts.
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

#[cfg(test)]
mod tests {
    use enablebanking_client::types::AmountType;

    use super::*;

    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<Line>();
    }

    #[test]
    fn the_best_balance_of_each_currency_is_shown() {
        let balance = |kind: &str, currency: &str, name: &str| {
            let amount = AmountType::new("1".parse().unwrap_or_default(), currency);
            BalanceResource::new(amount, BalanceStatus::from(kind), name)
        };
        let kinds = |balances: Vec<BalanceResource>| -> Vec<_> {
            best(balances).into_iter().map(|balance| (balance.name, balance.balance_amount.currency)).collect()
        };
        let pair = |name: &str, currency: &str| (name.to_owned(), currency.to_owned());
        let all = vec![
            balance("ITAV", "EUR", "available"),
            balance("CLBD", "EUR", "booked"),
            balance("CLBD", "EUR", "the second"),
            balance("NEW", "USD", "unlisted"),
            balance("INFO", "USD", "for information"),
        ];
        assert_eq!(kinds(all), [pair("booked", "EUR"), pair("for information", "USD")]);
        assert_eq!(kinds(vec![balance("NEW", "EUR", "unlisted")]), [pair("unlisted", "EUR")]);
        assert!(kinds(Vec::new()).is_empty());
    }
}
