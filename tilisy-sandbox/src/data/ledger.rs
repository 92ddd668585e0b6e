//! Transactions that were added to an account, by a test or by a payment.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// The statuses of transactions.
pub(crate) const STATUSES: &[&str] = &["BOOK", "CNCL", "HOLD", "OTHR", "PDNG", "RJCT", "SCHD"];

/// A transaction that was added to an account.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The day of the transaction; it is listed from that day on.
    pub(crate) day: NaiveDate,
    /// The change of the balance: negative for a debit.
    pub(crate) amount: Decimal,
    pub(crate) status: &'static str,
    /// The day on which a transaction that is not booked yet is booked.
    pub(crate) booked_on: Option<NaiveDate>,
    /// The name of the other party.
    pub(crate) party: Option<String>,
    /// The IBAN of the other party.
    pub(crate) party_account: Option<String>,
    pub(crate) remittance: Vec<String>,
    /// The bank's reference.
    pub(crate) reference: Option<String>,
    /// Other properties, which replace those that the sandbox would send.
    pub(crate) properties: Map<String, Value>,
}

impl Entry {
    /// Returns the entry as of a day, or `None` before it is listed.
    pub(super) fn as_of(&self, today: NaiveDate) -> Option<Self> {
        if self.booked_on.is_some_and(|booked| booked <= today) {
            return Some(Self { day: self.booked_on.unwrap_or(self.day), status: "BOOK", ..self.clone() });
        }
        (self.day <= today || self.status == "SCHD").then(|| self.clone())
    }
}
