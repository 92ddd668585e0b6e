//! Identifiers with check digits: IBANs (ISO 13616) and creditor references (ISO 11649).

/// The IBAN of an account number in a country.
pub(crate) fn iban(country: &str, bban: &str) -> String {
    format!("{country}{:02}{bban}", check_digits(country, bban))
}

/// A creditor reference.
pub(crate) fn creditor_reference(number: &str) -> String {
    format!("RF{:02}{number}", check_digits("RF", number))
}

/// Both are made so that the whole, its first four characters at its end, leaves 1 when divided by 97.
fn check_digits(prefix: &str, rest: &str) -> u64 {
    98 - remainder(&format!("{rest}{prefix}00"))
}

fn remainder(text: &str) -> u64 {
    text.chars().filter_map(|character| character.to_digit(36)).fold(0, |rest, digit| {
        let shift = if digit >= 10 { 100 } else { 10 };
        (rest * shift + u64::from(digit)) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_identifiers_come_out() {
        // Of ISO 13616 and ISO 11649, as they are often printed.
        assert_eq!(iban("GB", "WEST12345698765432"), "GB82WEST12345698765432");
        assert_eq!(iban("DE", "370400440532013000"), "DE89370400440532013000");
        assert_eq!(creditor_reference("539007547034"), "RF18539007547034");
    }
}
