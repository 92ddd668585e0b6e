//! A transaction as a record of output.

use std::sync::Arc;

use enablebanking_client::chrono::NaiveDate;
use enablebanking_client::types::{AccountIdentification, Transaction};

use crate::accounts::Chosen;
use crate::output::{Cell, Column, Json, Record, Tone};

/// A transaction of an account.
pub(super) struct Line {
    pub(super) account: Arc<Chosen>,
    pub(super) row: Transaction,
}

/// The columns that CSV had in the first version of the format.
pub(super) const FIRST_COLUMNS: [&str; 20] = [
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

/// The columns that JSON had in the first version of the format.
pub(super) const FIRST_JSON: [&str; 4] = ["account_uid", "account_number", "bank", "signed_amount"];

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::word("account_uid", "ID", |line| line.account.uid.to_string().into()),
        Column::word("account_number", "ACCOUNT", |line| line.account.number().into()),
        Column::text("bank", "BANK", |line| (&line.account.bank).into()),
        Column::word("status", "STATUS", |line| line.row.status.as_str().into()),
        Column::word("booking_date", "BOOKED", |line| line.row.booking_date.into()),
        Column::word("value_date", "VALUE DATE", |line| line.row.value_date.into()),
        Column::word("transaction_date", "MADE", |line| line.row.transaction_date.into()),
        // Negative for a debit. If the direction is unknown, it is as the bank returned it.
        Column::<Self>::number("amount", "AMOUNT", |line| {
            line.row.signed_amount().unwrap_or(line.row.transaction_amount.amount).into()
        })
        .toned(|line| match line.row.signed_amount().unwrap_or(line.row.transaction_amount.amount) {
            amount if amount.is_sign_negative() => Tone::Plain,
            _ => Tone::Good,
        }),
        Column::word("currency", "", |line| (&line.row.transaction_amount.currency).into()),
        Column::word("credit_debit_indicator", "DIRECTION", |line| line.row.credit_debit_indicator.as_str().into()),
        Column::text("creditor_name", "CREDITOR", |line| {
            line.row.creditor.as_ref().and_then(|party| party.name.as_ref()).into()
        }),
        Column::word("creditor_account", "CREDITOR ACCOUNT", |line| number(line.row.creditor_account.as_ref())),
        Column::text("debtor_name", "DEBTOR", |line| {
            line.row.debtor.as_ref().and_then(|party| party.name.as_ref()).into()
        }),
        Column::word("debtor_account", "DEBTOR ACCOUNT", |line| number(line.row.debtor_account.as_ref())),
        Column::text("remittance_information", "INFORMATION", |line| line.row.remittance_information.join(" ").into()),
        Column::text("entry_reference", "REFERENCE", |line| line.row.entry_reference.as_ref().into()),
        Column::word("reference_number", "REFERENCE NUMBER", |line| line.row.reference_number.as_ref().into()),
        Column::word("bank_transaction_code", "CODE", |line| {
            line.row.bank_transaction_code.as_ref().and_then(|code| code.code.as_ref()).into()
        }),
        Column::word("bank_transaction_sub_code", "SUB-CODE", |line| {
            line.row.bank_transaction_code.as_ref().and_then(|code| code.sub_code.as_ref()).into()
        }),
        Column::word("merchant_category_code", "MCC", |line| line.row.merchant_category_code.as_ref().into()),
        Column::word("day", "DAY", |line| line.day().into()),
        Column::word("account_hash", "HASH", |line| line.account.account.hash().into()),
        Column::number("balance_after", "BALANCE AFTER", |line| {
            line.row.balance_after_transaction.as_ref().map(|balance| balance.amount).into()
        }),
        Column::word("transaction_id", "TRANSACTION", |line| line.row.transaction_id.as_ref().into()),
        Column::word("exchange_rate", "RATE", |line| {
            line.row.exchange_rate.as_ref().and_then(|rate| rate.exchange_rate).into()
        }),
        Column::text("note", "NOTE", |line| line.row.note.as_ref().into()),
        Column::text("counterparty", "WITH", |line| line.row.counterparty().into()),
        // The name of `amount` in JSON in the first version. It is null if the direction is unknown.
        Column::<Self>::number("signed_amount", "AMOUNT", |line| line.row.signed_amount().into()).on_request(),
    ];
    const TABLE: &'static [&'static str] =
        &["day", "status", "counterparty", "remittance_information", "amount", "currency"];
    const JSON: Json = Json::With {
        columns: &["account_uid", "account_number", "account_hash", "bank", "day", "amount", "counterparty"],
        resource: "transaction",
    };

    fn write_resource(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(json, &self.row)
    }
}

impl Line {
    /// Returns the day of the transaction: that of its booking, else of its value, else the one on which it was made.
    pub(super) fn day(&self) -> Option<NaiveDate> {
        self.row.booking_date.or(self.row.value_date).or(self.row.transaction_date)
    }
}

/// The number in an identification of an account.
fn number(id: Option<&AccountIdentification>) -> Cell<'_> {
    let Some(id) = id else { return Cell::Empty };
    let iban = id.iban.as_deref().filter(|iban| !iban.is_empty());
    iban.or_else(|| id.other.as_ref().map(|other| other.identification.as_str()).filter(|text| !text.is_empty())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_names() {
        crate::output::check_columns::<Line>();
        let names = Line::COLUMNS.iter().map(Column::name);
        assert!(names.take(FIRST_COLUMNS.len()).eq(FIRST_COLUMNS), "columns are added at the end");
    }
}
