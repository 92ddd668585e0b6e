//! Values that are written as a string of a certain form.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};
use uuid::Uuid;

use super::Decode;

/// Reads a JSON string and makes a value of it. The error says what was `expected` and never what came.
///
/// # Errors
///
/// When the input is no string, or `parse` makes nothing of it.
pub fn parse_text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(Text { expected, parse })
}

struct Text<T> {
    expected: &'static str,
    parse: fn(&str) -> Option<T>,
}

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        match (self.parse)(value) {
            Some(value) => Ok(value),
            None => Err(E::invalid_value(Unexpected::Other("a string"), &self)),
        }
    }
}

macro_rules! text {
    ($($type:ty, $expected:literal, $parse:expr;)*) => {$(
        impl<'de> Decode<'de> for $type {
            const LONE_STRING_IS_LIST: bool = true;

            fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parse_text(deserializer, $expected, $parse)
            }
        }
    )*};
}

text! {
    NaiveDate, "a date (YYYY-MM-DD)", date;
    DateTime<Utc>, "a date and time with offset (RFC 3339)", date_time;
    Uuid, "a UUID", |text| Uuid::try_parse(text).ok();
    IpAddr, "an IP address", |text| text.parse().ok();
    Ipv4Addr, "an IPv4 address", |text| text.parse().ok();
    Ipv6Addr, "an IPv6 address", |text| text.parse().ok();
}

/// chrono alone would also take `2024-1-5` and spaces.
fn date(text: &str) -> Option<NaiveDate> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2) || ![year, month, day].into_iter().all(digits) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn date_time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    Some(time.with_timezone(&Utc))
}
