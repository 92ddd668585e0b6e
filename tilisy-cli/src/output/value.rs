//! The values of spreadsheet cells.

use enablebanking_client::chrono::NaiveDate;
use enablebanking_client::rust_decimal::Decimal;

/// The significant digits of a number that every spreadsheet keeps; they calculate with `f64`.
pub(crate) const EXACT_DIGITS: usize = 15;

/// A value in a row of a spreadsheet or a CSV file.
///
/// Not `Debug`: values are account data.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    /// No value.
    Empty,
    /// A text; never a formula or a number, even if it looks like one.
    Text(&'a str),
    /// An amount of money, with the decimals that it has.
    Amount(Decimal),
    /// A day.
    Date(NaiveDate),
    /// A truth value.
    Bool(bool),
}

/// Returns whether a spreadsheet keeps all digits of a number.
pub(crate) fn is_exact(amount: Decimal) -> bool {
    let mut digits = amount.mantissa().unsigned_abs();
    while digits != 0 && digits.is_multiple_of(10) {
        digits /= 10;
    }
    digits == 0 || digits.ilog10() < EXACT_DIGITS as u32
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn fifteen_significant_digits_are_exact() {
        for (amount, expected) in [
            ("0", true),
            ("0.00", true),
            ("-12.50", true),
            ("999999999999999", true),
            ("9999999999999.99", true),
            ("-0.000000000000000000123456789", true),
            ("1000000000000000000000.00", true),
            ("1000000000000001", false),
            ("-10000000000000.01", false),
            ("79228162514264337593543950335", false),
        ] {
            assert_eq!(is_exact(amount.parse().unwrap()), expected, "{amount}");
        }
    }
}
