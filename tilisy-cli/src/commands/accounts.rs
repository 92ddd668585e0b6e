//! `tilisy accounts`: the accounts that the consents cover.

use clap::Args;
use serde::Serialize;

use crate::accounts::{current, none_to_read, number};
use crate::arguments::Global;
use crate::failure::Failure;
use crate::output::{Cell, Column, Output, Row};
use crate::place::Place;
use crate::sessions::{Account, Session};

/// List the accounts that the consents cover.
///
/// They are shown as the bank described them when it was connected.
///
/// The id of an account is another one after each renewal; the hash stays.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) output: Output,
}

#[derive(Serialize)]
struct Line {
    account_uid: Option<String>,
    number: Option<String>,
    product: Option<String>,
    holder: Option<String>,
    details: Option<String>,
    currency: String,
    cash_account_type: String,
    usage: Option<String>,
    bank: String,
    country: String,
    session_id: String,
    identification_hash: String,
}

impl Row for Line {
    const FIELDS: &'static [&'static str] = &[
        "account_uid",
        "number",
        "product",
        "holder",
        "details",
        "currency",
        "cash_account_type",
        "usage",
        "bank",
        "country",
        "session_id",
        "identification_hash",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::word("ACCOUNT"),
        Column::text("PRODUCT"),
        Column::extra("HOLDER"),
        Column::extra("CURRENCY"),
        Column::extra("TYPE"),
        Column::text("BANK"),
        Column::extra("ID"),
    ];

    fn cells(&self) -> Vec<Cell> {
        let id = self.account_uid.as_deref().unwrap_or("none (closed, or not readable)");
        vec![
            self.number.as_deref().unwrap_or_default().into(),
            self.product.as_deref().or(self.details.as_deref()).unwrap_or_default().into(),
            self.holder.as_deref().unwrap_or_default().into(),
            self.currency.as_str().into(),
            self.cash_account_type.as_str().into(),
            self.bank.as_str().into(),
            id.into(),
        ]
    }
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let place = Place::open_with_consent(global).await?;
    let sessions = place.sessions()?.usable()?;
    let lines: Vec<_> = current(&sessions).into_iter().map(|(session, account)| line(session, account)).collect();
    if lines.is_empty() {
        return Err(none_to_read());
    }
    arguments.output.rows(&lines, "")
}

fn line(session: &Session, Account { details, .. }: &Account) -> Line {
    Line {
        account_uid: details.uid.map(|uid| uid.to_string()),
        number: number(details).map(str::to_owned),
        product: details.product.clone(),
        holder: details.name.clone(),
        details: details.details.clone(),
        currency: details.currency.clone(),
        cash_account_type: details.cash_account_type.to_string(),
        usage: details.usage.as_ref().map(ToString::to_string),
        bank: session.aspsp.name.clone(),
        country: session.aspsp.country.clone(),
        session_id: session.session_id.to_string(),
        identification_hash: details.identification_hash.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_is_serialized() {
        let text = String::new;
        crate::output::check_fields(&Line {
            account_uid: None,
            number: None,
            product: None,
            holder: None,
            details: None,
            currency: text(),
            cash_account_type: text(),
            usage: None,
            bank: text(),
            country: text(),
            session_id: text(),
            identification_hash: text(),
        });
    }
}
