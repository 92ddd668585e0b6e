//! Decimals, digit for digit.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Decode;

impl<'de> Decode<'de> for Decimal {
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Self::decode_optional(deserializer)? {
            Some(value) => Ok(value),
            None => Err(unreadable()),
        }
    }

    /// The text of the value is read as it stands: serde would make a float of a number first.
    fn decode_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match raw.get() {
            "null" | "\"\"" => Ok(None),
            text => from_json(text).map(Some).ok_or_else(unreadable),
        }
    }
}

fn unreadable<E: Error>() -> E {
    E::custom("expected a decimal of at most 28 digits")
}

fn from_json(json: &str) -> Option<Decimal> {
    let Some(quoted) = json.strip_prefix('"') else {
        return parse(json, true);
    };
    let text = if json.contains('\\') {
        Cow::Owned(serde_json::from_str(json).ok()?)
    } else {
        Cow::Borrowed(quoted.strip_suffix('"')?)
    };
    parse_decimal(&text)
}

/// Reads a decimal such as `-12.50`, keeping its scale. Nothing is rounded: what does not fit is none. So is anything
/// but an optional sign and digits with at most one point between them.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    parse(text, false)
}

fn parse(text: &str, exponent_allowed: bool) -> Option<Decimal> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) if exponent_allowed => (mantissa, Some(exponent)),
        Some(_) => return None,
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    if whole.is_empty() {
        return None;
    }
    let number = number(whole.bytes().chain(fraction.bytes()))?;
    let number = if negative { -number } else { number };
    let scale = i64::try_from(fraction.len()).ok()?;
    let (number, scale) = match exponent {
        None => (number, scale),
        Some(exponent) => shifted(number, scale, exponent)?,
    };
    Decimal::try_from_i128_with_scale(number, u32::try_from(scale).ok()?).ok()
}

/// The number that the digits make. It may still be too large for a `Decimal`.
fn number(digits: impl Iterator<Item = u8>) -> Option<i128> {
    let mut number: i128 = 0;
    for byte in digits {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    Some(number)
}

/// Applies an exponent: zeros are added or dropped at the end, no other digit ever is.
fn shifted(mut number: i128, scale: i64, exponent: &str) -> Option<(i128, i64)> {
    if number == 0 {
        return Some((0, 0));
    }
    let mut scale = scale.checked_sub(exponent.parse().ok()?)?;
    while scale > i64::from(Decimal::MAX_SCALE) {
        if number % 10 != 0 {
            return None;
        }
        number /= 10;
        scale -= 1;
    }
    while scale < 0 {
        number = number.checked_mul(10)?;
        scale += 1;
    }
    Some((number, scale))
}
