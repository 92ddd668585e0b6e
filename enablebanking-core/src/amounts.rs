//! Amounts with a sign.

use rust_decimal::Decimal;

/// Returns the amount that a transaction adds to the balance, by its indicator: `CRDT` or `DBIT`.
#[must_use]
pub fn signed(amount: Decimal, indicator: &str) -> Option<Decimal> {
    let amount = amount.abs();
    match indicator {
        "CRDT" => Some(amount),
        // Negating zero would print `-0`.
        "DBIT" if amount.is_zero() => Some(amount),
        "DBIT" => Some(-amount),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn the_indicator_decides_the_sign() {
        for (indicator, amount, expected) in [
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
            let found = signed(amount.parse().unwrap(), indicator).map(|amount| amount.to_string());
            assert_eq!(found.as_deref(), expected, "{indicator} {amount}");
        }
    }
}
