//! The other party of a transaction.

use crate::types::{CreditDebitIndicator, PartyIdentification, Transaction};

impl Transaction {
    /// Returns the name of the other party: the creditor of a debit, or the debtor of a credit.
    ///
    /// It is never the name of the account holder, who is the other of the two. A party without a name is called by the
    /// first line of its postal address. `None` if the bank names neither, or if the indicator is a code that this
    /// version does not list.
    ///
    /// ```
    /// use tilisy_client::types::Transaction;
    ///
    /// let row = r#"{
    ///     "transaction_amount": {"amount": "12.50", "currency": "EUR"},
    ///     "credit_debit_indicator": "DBIT",
    ///     "creditor": {"name": "Kahvila Käpylä"},
    ///     "debtor": {"name": "Aino Mäkelä"},
    ///     "status": "BOOK"
    /// }"#;
    /// let row: Transaction = serde_json::from_str(row)?;
    /// assert_eq!(row.counterparty(), Some("Kahvila Käpylä"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn counterparty(&self) -> Option<&str> {
        let party = match self.credit_debit_indicator {
            CreditDebitIndicator::Dbit => self.creditor.as_deref()?,
            CreditDebitIndicator::Crdt => self.debtor.as_deref()?,
            CreditDebitIndicator::Unknown(_) => return None,
        };
        let PartyIdentification { name, postal_address, .. } = party;
        let lines = postal_address.iter().flat_map(|address| &address.address_line);
        name.iter().chain(lines).map(|text| text.trim()).find(|text| !text.is_empty())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(indicator: &str, creditor: &Value, debtor: &Value, expected: Option<&str>) {
        let row = json!({
            "transaction_amount": { "amount": "0.00", "currency": "EUR" },
            "credit_debit_indicator": indicator,
            "creditor": creditor,
            "debtor": debtor,
            "status": "BOOK",
        });
        let row: Transaction = serde_json::from_str(&row.to_string()).unwrap();
        assert_eq!(row.counterparty(), expected, "{indicator} {creditor} {debtor}");
    }

    #[test]
    fn the_counterparty_is_never_the_holder() {
        let (shop, holder) = (json!({ "name": "Shop" }), json!({ "name": "Holder" }));
        for (holder, unnamed) in [(&holder, &Value::Null), (&holder, &json!({})), (&Value::Null, &Value::Null)] {
            check("DBIT", &shop, holder, Some("Shop"));
            check("CRDT", holder, &shop, Some("Shop"));
            check("DBIT", unnamed, holder, None);
            check("CRDT", holder, unnamed, None);
            for unlisted in ["dbit", "", "RVSL"] {
                check(unlisted, &shop, holder, None);
            }
        }
    }

    #[test]
    fn a_counterparty_without_a_name_has_the_first_line_of_its_address() {
        let holder = json!({ "name": "Holder", "postal_address": { "address_line": ["Home"] } });
        for (party, expected) in [
            (json!({ "name": "Shop", "postal_address": { "address_line": ["Street 1"] } }), Some("Shop")),
            (json!({ "name": null, "postal_address": { "address_line": ["Street 1", "Town"] } }), Some("Street 1")),
            (json!({ "name": "", "postal_address": { "address_line": [" ", " Street 1 "] } }), Some("Street 1")),
            (json!({ "name": " \t", "postal_address": { "address_line": "Street 1" } }), Some("Street 1")),
            (json!({ "postal_address": { "address_line": [], "town_name": "Town" } }), None),
            (json!({ "postal_address": null }), None),
            (json!({ "name": " Shop " }), Some("Shop")),
        ] {
            check("DBIT", &party, &holder, expected);
            check("CRDT", &holder, &party, expected);
        }
    }
}
