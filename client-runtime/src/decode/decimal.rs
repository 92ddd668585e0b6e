//! Decimals, digit for digit.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use rust_decimal::Decimal;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
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
        // The error is created here: a path to it would otherwise contain the name of raw JSON.
        deserializer.deserialize_newtype_struct(raw_name(), Raw)?.ok_or_else(unreadable)
    }
}

/// Returns the name by which serde_json recognizes that the text of a value is wanted.
///
/// `Box<RawValue>` would cost an allocation for each amount, and `&RawValue` cannot be read from a stream. The name is not
/// public, but `RawValue` passes it to every deserializer.
fn raw_name() -> &'static str {
    static NAME: OnceLock<&'static str> = OnceLock::new();
    NAME.get_or_init(|| {
        let mut name = "";
        // The deserializer keeps the name and returns an error.
        let _ = Box::<RawValue>::deserialize(NameOf(&mut name));
        name
    })
}

/// A deserializer that keeps the name of the newtype struct that is asked for.
struct NameOf<'a>(&'a mut &'static str);

impl<'de> Deserializer<'de> for NameOf<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, _: V) -> Result<V::Value, Self::Error> {
        *self.0 = name;
        Err(Error::custom("there is no value"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("there is no value"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A visitor of raw JSON, which serde_json passes as a map with one entry: the text.
struct Raw;

impl<'de> Visitor<'de> for Raw {
    /// The value, if it is a decimal, `null` or empty.
    type Value = Option<Option<Decimal>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a decimal of at most 28 digits")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match map.next_key_seed(IsRaw)? {
            Some(true) => map.next_value_seed(RawText),
            // An object of the response, which no decimal can be.
            _ => Ok(None),
        }
    }
}

/// Compares a key with the name of raw JSON.
struct IsRaw;

impl Visitor<'_> for IsRaw {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(key == raw_name())
    }
}

impl<'de> DeserializeSeed<'de> for IsRaw {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

/// The text of raw JSON.
struct RawText;

impl Visitor<'_> for RawText {
    type Value = Option<Option<Decimal>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the text of a value")
    }

    fn visit_str<E: Error>(self, json: &str) -> Result<Self::Value, E> {
        Ok(match json {
            "null" | "\"\"" => Some(None),
            text => from_json(text).map(Some),
        })
    }
}

impl<'de> DeserializeSeed<'de> for RawText {
    type Value = Option<Option<Decimal>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
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
fn number(mut digits: impl Iterator<Item = u8>) -> Option<i128> {
    let digit = |byte: u8| byte.checked_sub(b'0').filter(|digit| *digit < 10);
    // Arithmetic on 128 bits is much slower, and few amounts need it.
    let mut start: u64 = 0;
    for byte in digits.by_ref().take(MOST_IN_64_BITS) {
        start = start * 10 + u64::from(digit(byte)?);
    }
    let mut number = i128::from(start);
    for byte in digits {
        number = number.checked_mul(10)?.checked_add(digit(byte)?.into())?;
    }
    Some(number)
}

/// The number of digits that always fit 64 bits.
const MOST_IN_64_BITS: usize = 19;

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
