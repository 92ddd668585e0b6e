//! Exchange of currencies, at rates that never change.

use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Units of other currencies for one euro, in thousandths.
const RATES: &[(&str, i64)] = &[
    ("EUR", 1_000),
    ("CHF", 950),
    ("DKK", 7_500),
    ("GBP", 850),
    ("JPY", 160_000),
    ("NOK", 11_500),
    ("PLN", 4_300),
    ("SEK", 11_000),
    ("USD", 1_100),
];

/// Converts an amount, to hundredths. Currencies without a rate are worth a euro.
pub(crate) fn convert(amount: Decimal, from: &str, to: &str) -> Decimal {
    if from == to {
        return amount;
    }
    (amount * rate(from, to)).round_dp(2)
}

/// Returns an exchange as `ExchangeRate`, or `None` if the currencies are the same.
pub(crate) fn exchanged(amount: Decimal, from: &str, to: &str) -> Option<Value> {
    (from != to).then(|| {
        json!({
            "unit_currency": from,
            "exchange_rate": rate(from, to).round_dp(6).normalize().to_string(),
            "rate_type": "SPOT",
            "instructed_amount": { "currency": from, "amount": amount.to_string() },
        })
    })
}

/// Returns how many units of the second currency one unit of the first is worth.
fn rate(from: &str, to: &str) -> Decimal {
    let to_euro = |currency: &str| {
        let found = RATES.iter().find(|(code, _)| *code == currency);
        Decimal::new(found.map_or(1_000, |(_, thousandths)| *thousandths), 3)
    };
    to_euro(to) / to_euro(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_converted_by_way_of_the_euro() {
        let amount = Decimal::new(1_000, 2);
        assert_eq!(convert(amount, "EUR", "EUR"), amount);
        assert_eq!(convert(amount, "EUR", "NOK"), Decimal::new(11_500, 2));
        assert_eq!(convert(Decimal::new(160, 0), "JPY", "USD"), Decimal::new(110, 2));
        assert_eq!(exchanged(amount, "EUR", "EUR"), None);
        let expected = json!({ "unit_currency": "EUR", "exchange_rate": "11.5", "rate_type": "SPOT",
                               "instructed_amount": { "currency": "EUR", "amount": "10.00" } });
        assert_eq!(exchanged(amount, "EUR", "NOK"), Some(expected));
    }
}
