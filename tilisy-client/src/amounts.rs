//! Sums with their sign.

use rust_decimal::Decimal;

use crate::types::{CreditDebitIndicator, Transaction};

impl Transaction {
    /// What the transaction adds to the account: more than zero for money coming in, less for money going out.
    ///
    /// The indicator decides, and a sign that the amount carries on its own is not asked: some banks write a minus
    /// beside `DBIT`, where it would otherwise count twice. The digits stay as they came.
    ///
    /// `None` when the indicator is a code that this version does not list: a guess could turn the sum around.
    ///
    /// ```
    /// use tilisy_client::types::Transaction;
    ///
    /// let row = r#"{
    ///     "transaction_amount": {"amount": "-12.50", "currency": "EUR"},
    ///     "credit_debit_indicator": "DBIT",
    ///     "status": "BOOK"
    /// }"#;
    /// let row: Transaction = serde_json::from_str(row)?;
    /// assert_eq!(row.signed_amount().map(|sum| sum.to_string()).as_deref(), Some("-12.50"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    #[doc(alias = "sign")]
    #[doc(alias = "negative")]
    #[doc(alias = "debit")]
    pub fn signed_amount(&self) -> Option<Decimal> {
        let amount = self.transaction_amount.amount.abs();
        match self.credit_debit_indicator {
            CreditDebitIndicator::Crdt => Some(amount),
            // Nothing times minus one would be written `-0`.
            CreditDebitIndicator::Dbit if amount.is_zero() => Some(amount),
            CreditDebitIndicator::Dbit => Some(-amount),
            CreditDebitIndicator::Unknown(_) => None,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;
    use crate::types::{AmountType, TransactionStatus};

    #[test]
    fn the_indicator_decides_the_sign() {
        for (indicator, amount, signed) in [
            ("CRDT", "12.50", Some("12.50")),
            ("CRDT", "-12.50", Some("12.50")),
            ("DBIT", "12.50", Some("-12.50")),
            ("DBIT", "-12.50", Some("-12.50")),
            ("CRDT", "0.00", Some("0.00")),
            ("CRDT", "-0.00", Some("0.00")),
            ("DBIT", "0.00", Some("0.00")),
            ("DBIT", "-0.00", Some("0.00")),
            ("DBIT", "79228162514264337593543950335", Some("-79228162514264337593543950335")),
            ("CRDT", "-0.0000000000000000000000000001", Some("0.0000000000000000000000000001")),
            ("dbit", "12.50", None),
            ("", "-12.50", None),
            ("RVSL", "12.50", None),
        ] {
            let sum = AmountType::new(amount.parse().unwrap(), "EUR");
            let row = Transaction::new(indicator.into(), TransactionStatus::Book, sum);
            let found = row.signed_amount().map(|sum| sum.to_string());
            assert_eq!(found.as_deref(), signed, "{indicator} {amount}");
        }
    }
}
