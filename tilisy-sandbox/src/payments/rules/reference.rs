//! References and account numbers with check digits.

/// Returns whether a reference number belongs to one of the schemes. An empty list allows all schemes that are known.
pub(super) fn fits(schemes: &[&str], reference: &str) -> bool {
    let compact: String = reference.chars().filter(|character| *character != ' ').collect();
    let known = ["INTL", "FIRF", "NORF", "SEBG", "BERF"];
    let schemes = if schemes.is_empty() { &known[..] } else { schemes };
    schemes.iter().any(|scheme| match *scheme {
        "INTL" => is_international(&compact),
        "FIRF" => is_finnish(&compact),
        "NORF" => is_norwegian(&compact),
        "SEBG" => digits(&compact).is_some_and(|digits| (2..=25).contains(&digits.len()) && luhn(&digits)),
        "BERF" => is_belgian(&compact),
        _ => false,
    })
}

/// Returns whether the check digits of an IBAN are right (ISO 13616).
pub(super) fn is_iban(text: &str) -> bool {
    let country = text.get(..2).is_some_and(|code| code.bytes().all(|letter| letter.is_ascii_uppercase()));
    (15..=34).contains(&text.len()) && country && has_iso_check(text)
}

/// ISO 11649: `RF`, two check digits, and up to 21 characters.
fn is_international(text: &str) -> bool {
    (5..=25).contains(&text.len()) && text.starts_with("RF") && has_iso_check(text)
}

/// A number whose last digit makes the sum, weighted with 7, 3 and 1 from the right, a multiple of ten.
fn is_finnish(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| (4..=20).contains(&digits.len())) else { return false };
    let weights = [1].into_iter().chain([7, 3, 1].into_iter().cycle());
    digits.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>().is_multiple_of(10)
}

/// A number with a check digit by modulo 10 (Luhn) or by modulo 11, where a minus stands for ten.
fn is_norwegian(text: &str) -> bool {
    if !(2..=25).contains(&text.len()) {
        return false;
    }
    if digits(text).is_some_and(|digits| luhn(&digits)) {
        return true;
    }
    let Some((body, check)) = text.split_at_checked(text.len() - 1) else { return false };
    let Some(body) = digits(body) else { return false };
    let sum: u32 = body.iter().rev().zip([2, 3, 4, 5, 6, 7].into_iter().cycle()).map(|(d, w)| d * w).sum();
    match (11 - sum % 11) % 11 {
        10 => check == "-",
        value => check.parse() == Ok(value),
    }
}

/// Twelve digits, the last two of which are the rest of the others divided by 97, or 97 if it is zero. The form with
/// plus signs and slashes is accepted too.
fn is_belgian(text: &str) -> bool {
    let plain: String = text.chars().filter(|character| !matches!(character, '+' | '/')).collect();
    let Some((body, check)) = plain.split_at_checked(10) else { return false };
    match (digits(body), check.len(), check.parse::<u64>(), body.parse::<u64>()) {
        (Some(_), 2, Ok(check), Ok(body)) => check == if body.is_multiple_of(97) { 97 } else { body % 97 },
        _ => false,
    }
}

/// The whole, its first four characters at its end, leaves 1 when divided by 97.
fn has_iso_check(text: &str) -> bool {
    let Some((head, body)) = text.split_at_checked(4) else { return false };
    let is_plain = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let values = body.chars().chain(head.chars()).filter_map(|character| character.to_digit(36));
    is_plain && values.fold(0, |rest, value| (rest * if value >= 10 { 100 } else { 10 } + value) % 97) == 1
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |(nth, digit): (usize, &u32)| {
        let value = if nth % 2 == 1 { digit * 2 } else { *digit };
        value / 10 + value % 10
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

/// Returns the digits of a text that has no other characters.
fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|character| character.to_digit(10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_accepted_with_the_right_check_digits_only() {
        for (scheme, good, bad) in [
            ("INTL", "RF18 5390 0754 7034", "RF18539007547035"),
            ("FIRF", "1232", "1233"),
            ("FIRF", "12345672", "12345671"),
            ("NORF", "2345676", "2345675"),
            ("NORF", "12345678903", "12345678902"),
            ("SEBG", "1234566", "1234567"),
            ("BERF", "+++010/8068/17183+++", "010806817184"),
            ("BERF", "000000009797", "000000009700"),
        ] {
            assert!(fits(&[scheme], good), "{scheme} {good}");
            assert!(!fits(&[scheme], bad), "{scheme} {bad}");
            assert!(fits(&[], good), "{good} is of a known scheme");
        }
    }

    #[test]
    fn a_reference_of_another_scheme_is_not_accepted() {
        assert!(!fits(&["FIRF"], "RF18539007547034"));
        assert!(!fits(&["SDDM"], "1232"));
        assert!(!fits(&["INTL"], "RF"));
        for text in ["", "é", "ÄÄÄÄ", "-", "RF\u{80}\u{80}5"] {
            assert!(!fits(&[], text), "{text}");
        }
    }

    #[test]
    fn ibans_have_a_country_and_check_digits() {
        for good in ["FI2112345600000785", "GB82WEST12345698765432", "DE89370400440532013000"] {
            assert!(is_iban(good), "{good}");
        }
        for bad in ["FI2112345600000786", "fi2112345600000785", "FI21 1234 5600 0007 85", "", "FI", "FI21ä"] {
            assert!(!is_iban(bad), "{bad}");
        }
    }
}
