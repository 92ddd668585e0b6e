//! `tilisy accounts`: the accounts that the consents cover.

use clap::Args;

use crate::accounts::{current, none_to_read};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::options::Global;
use crate::output::{Cell, Column, Json, Output, Record};
use crate::stored::{Account, Session};

/// List the accounts that the consents cover.
///
/// They are shown as the bank described them at `tilisy connect`.
///
/// The id of an account changes with each renewal; the hash stays the same.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) output: Output,
}

struct Line {
    session: Session,
    account: Account,
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::extra("account_uid", "ID", |line| match line.account.id() {
            Some(uid) => uid.to_string().into(),
            None => Cell::Empty,
        }),
        Column::word("account_number", "ACCOUNT", |line| line.account.number().into()),
        Column::text("product", "PRODUCT", |line| line.account.product().into()),
        Column::extra("holder", "HOLDER", |line| line.account.name().into()),
        Column::text("details", "DETAILS", |line| line.account.details().into()),
        Column::extra("currency", "CURRENCY", |line| line.account.currency().into()),
        Column::extra("cash_account_type", "TYPE", |line| line.account.cash_account_type().into()),
        Column::extra("usage", "USAGE", |line| line.account.usage().into()),
        Column::text("bank", "BANK", |line| (&line.session.bank.name).into()),
        Column::extra("country", "COUNTRY", |line| (&line.session.bank.country).into()),
        Column::extra("session_id", "SESSION", |line| line.session.session_id.to_string().into()),
        Column::extra("account_hash", "HASH", |line| line.account.hash().into()),
        Column::<Self>::text("label", "PRODUCT", |line| line.account.product().or(line.account.details()).into())
            .on_request(),
        Column::<Self>::extra("id", "ID", |line| match line.account.id() {
            Some(uid) => uid.to_string().into(),
            None => "none (closed, or not readable)".into(),
        })
        .on_request(),
    ];
    const TABLE: &'static [&'static str] =
        &["account_number", "label", "holder", "currency", "cash_account_type", "bank", "id"];
    const JSON: Json = Json::With {
        columns: &["account_uid", "account_number", "account_hash", "bank", "country", "session_id"],
        resource: "account",
    };

    fn write_resource(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(json, self.account.resource())
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let environment = Environment::open_with_consent(global).await?;
    let sessions = environment.consents()?.usable()?;
    let line = |(session, account): (&Session, &Account)| Line { session: session.clone(), account: account.clone() };
    let lines: Vec<_> = current(&sessions).into_iter().map(line).collect();
    if lines.is_empty() {
        return Err(none_to_read());
    }
    arguments.output.records(&lines, "")
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<super::Line>();
    }
}
