//! Transactions as text.

use serde::Serialize;
use tilisy_client::chrono::NaiveDate;
use tilisy_client::types::{PartyIdentification, Transaction};
use tilisy_client::uuid::Uuid;

use crate::accounts::{Chosen, identification, number};
use crate::failure::Failure;
use crate::output::{Cell, Column, Format, Row, Tone, odd, table};

/// Writes rows in a format.
pub(super) enum Encoder {
    Csv,
    Json,
    Ndjson,
    /// Rows by account: how wide a column is, is known at the end.
    Table {
        groups: Vec<(Uuid, String, Vec<Vec<Cell>>)>,
        is_on_screen: bool,
    },
}

/// A transaction in CSV and in the table. In CSV these columns stay: new ones would be added at the end.
#[derive(Serialize)]
struct Line {
    account_uid: Uuid,
    account_number: Option<String>,
    bank: String,
    status: String,
    booking_date: Option<NaiveDate>,
    value_date: Option<NaiveDate>,
    transaction_date: Option<NaiveDate>,
    /// Negative where money goes out. Where the direction is unknown, as the bank writes it.
    amount: String,
    currency: String,
    credit_debit_indicator: String,
    creditor_name: Option<String>,
    creditor_account: Option<String>,
    debtor_name: Option<String>,
    debtor_account: Option<String>,
    remittance_information: String,
    entry_reference: Option<String>,
    reference_number: Option<String>,
    bank_transaction_code: Option<String>,
    bank_transaction_sub_code: Option<String>,
    merchant_category_code: Option<String>,
    /// For the table; CSV has both parties.
    #[serde(skip)]
    counterparty: String,
}

impl Row for Line {
    const FIELDS: &'static [&'static str] = &[
        "account_uid",
        "account_number",
        "bank",
        "status",
        "booking_date",
        "value_date",
        "transaction_date",
        "amount",
        "currency",
        "credit_debit_indicator",
        "creditor_name",
        "creditor_account",
        "debtor_name",
        "debtor_account",
        "remittance_information",
        "entry_reference",
        "reference_number",
        "bank_transaction_code",
        "bank_transaction_sub_code",
        "merchant_category_code",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::word("DAY"),
        Column::word("STATUS"),
        Column::text("WITH"),
        Column::text("INFORMATION"),
        Column::number("AMOUNT"),
        Column::word(""),
    ];

    fn cells(&self) -> Vec<Cell> {
        let day = self.booking_date.or(self.value_date).or(self.transaction_date);
        let tone = if self.amount.starts_with('-') { Tone::Plain } else { Tone::Good };
        vec![
            day.map(|day| day.to_string()).unwrap_or_default().into(),
            self.status.as_str().into(),
            self.counterparty.as_str().into(),
            self.remittance_information.as_str().into(),
            Cell::toned(self.amount.as_str(), tone),
            self.currency.as_str().into(),
        ]
    }
}

impl Line {
    fn new(account: &Chosen, row: Transaction) -> Self {
        let amount = row.signed_amount().unwrap_or(row.transaction_amount.amount);
        let counterparty = row.counterparty().unwrap_or_default().to_owned();
        let name = |party: Option<Box<PartyIdentification>>| party.and_then(|party| party.name);
        let account_of = |id: Option<_>| id.as_ref().and_then(identification).map(str::to_owned);
        let (code, sub_code) = row.bank_transaction_code.map(|code| (code.code, code.sub_code)).unwrap_or_default();
        Self {
            account_uid: account.uid,
            account_number: number(&account.account).map(str::to_owned),
            bank: account.bank.clone(),
            status: row.status.to_string(),
            booking_date: row.booking_date,
            value_date: row.value_date,
            transaction_date: row.transaction_date,
            amount: amount.to_string(),
            currency: row.transaction_amount.currency,
            credit_debit_indicator: row.credit_debit_indicator.to_string(),
            creditor_name: name(row.creditor),
            creditor_account: account_of(row.creditor_account),
            debtor_name: name(row.debtor),
            debtor_account: account_of(row.debtor_account),
            remittance_information: row.remittance_information.join(" "),
            entry_reference: row.entry_reference,
            reference_number: row.reference_number,
            bank_transaction_code: code,
            bank_transaction_sub_code: sub_code,
            merchant_category_code: row.merchant_category_code,
            counterparty,
        }
    }
}

/// A transaction in JSON: whose it is, and then as the API has it.
#[derive(Serialize)]
struct Object<'a> {
    account_uid: Uuid,
    account_number: Option<&'a str>,
    bank: &'a str,
    /// Negative where money goes out; null where the direction is unknown.
    signed_amount: Option<String>,
    transaction: &'a Transaction,
}

impl Encoder {
    pub(super) fn new(format: Format, is_on_screen: bool) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Json => Self::Json,
            Format::Ndjson => Self::Ndjson,
            Format::Table => Self::Table { groups: Vec::new(), is_on_screen },
        }
    }

    /// What stands before all rows.
    pub(super) fn begin(&self) -> Vec<u8> {
        match self {
            Self::Csv => format!("{}\n", Line::FIELDS.join(",")).into_bytes(),
            Self::Json => b"[".to_vec(),
            Self::Ndjson | Self::Table { .. } => Vec::new(),
        }
    }

    /// What some rows of an account are as text.
    pub(super) fn rows(
        &mut self,
        are_first: bool,
        account: &Chosen,
        rows: Vec<Transaction>,
    ) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        match self {
            Self::Csv => {
                let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(text);
                for row in rows {
                    csv.serialize(Line::new(account, row)).map_err(odd)?;
                }
                return csv.into_inner().map_err(odd);
            }
            Self::Json => {
                for (index, row) in rows.iter().enumerate() {
                    text.extend_from_slice(if are_first && index == 0 { b"\n" } else { b",\n" });
                    object(account, row, &mut text)?;
                }
            }
            Self::Ndjson => {
                for row in &rows {
                    object(account, row, &mut text)?;
                    text.push(b'\n');
                }
            }
            Self::Table { groups, .. } => {
                let cells = rows.into_iter().map(|row| Line::new(account, row).cells());
                match groups.last_mut() {
                    Some((uid, _, rows)) if *uid == account.uid => rows.extend(cells),
                    _ => groups.push((account.uid, account.label(), cells.collect())),
                }
            }
        }
        Ok(text)
    }

    /// What stands after all rows.
    pub(super) fn end(&mut self) -> Vec<u8> {
        match self {
            Self::Csv | Self::Ndjson => Vec::new(),
            Self::Json => b"\n]\n".to_vec(),
            Self::Table { groups, .. } if groups.is_empty() => b"there are no such transactions\n".to_vec(),
            Self::Table { groups, is_on_screen } => {
                let tables = std::mem::take(groups).into_iter().map(|(_, label, rows)| {
                    format!("{label}\n{}", table(Line::COLUMNS, rows.into_iter(), *is_on_screen))
                });
                tables.collect::<Vec<_>>().join("\n").into_bytes()
            }
        }
    }
}

fn object(account: &Chosen, transaction: &Transaction, text: &mut Vec<u8>) -> Result<(), Failure> {
    let object = Object {
        account_uid: account.uid,
        account_number: number(&account.account),
        bank: &account.bank,
        signed_amount: transaction.signed_amount().map(|amount| amount.to_string()),
        transaction,
    };
    serde_json::to_writer(text, &object).map_err(odd)
}

#[cfg(test)]
mod tests {
    use tilisy_client::types::{AmountType, CreditDebitIndicator, TransactionStatus};

    use super::*;

    #[test]
    fn fields_are_what_is_serialized() {
        let account = crate::accounts::tests::account(1, "FI2112345600000785", "Current");
        let amount = AmountType::new("12.50".parse().unwrap_or_default(), "EUR");
        let row = Transaction::new(CreditDebitIndicator::Dbit, TransactionStatus::Book, amount);
        let line = Line::new(&account, row);
        assert_eq!(line.amount, "-12.50");
        crate::output::check_fields(&line);
    }
}
