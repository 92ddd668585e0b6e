//! Writing values: as serde does, but decimals digit for digit.
//!
//! `rust_decimal` can implement serde's traits itself, but any crate of the final build may then turn its decimals into
//! floats by enabling a feature. So decimals have a trait of their own here, and everything that may hold one has too.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use uuid::Uuid;

/// A type that can be written into a request or a saved answer.
pub trait Encode {
    /// Writes the value.
    ///
    /// # Errors
    ///
    /// When the serializer fails.
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A decimal, or several, to be written as JSON numbers.
pub trait EncodeNumber {
    /// Writes the value, decimals as numbers with all their digits.
    ///
    /// # Errors
    ///
    /// When the serializer fails.
    fn encode_number<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Lends serde's trait to a value that is written by [`Encode`].
#[derive(Clone, Copy, Debug)]
pub struct Encoded<'a, T: ?Sized>(pub &'a T);

impl<T: Encode + ?Sized> Serialize for Encoded<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode(serializer)
    }
}

/// Lends serde's trait to decimals that are written as JSON numbers, digit for digit.
#[derive(Clone, Copy, Debug)]
pub struct AsNumber<'a, T: ?Sized>(pub &'a T);

impl<T: EncodeNumber + ?Sized> Serialize for AsNumber<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encode_number(serializer)
    }
}

macro_rules! as_serde_does {
    ($($type:ty),* $(,)?) => {$(
        impl Encode for $type {
            fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )*};
}

as_serde_does! {
    (), bool, f32, f64, String, str,
    i8, i16, i32, i64, u8, u16, u32, u64,
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64,
    NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
    DateTime<Utc>, NaiveDate, Uuid, IpAddr, Ipv4Addr, Ipv6Addr,
    Value, Map<String, Value>,
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).encode(serializer)
    }
}

impl Encode for Decimal {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl EncodeNumber for Decimal {
    fn encode_number<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

macro_rules! containers {
    ($trait:ident, $method:ident, $wrapper:ident) => {
        impl<T: $trait> $trait for Option<T> {
            fn $method<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Some(value) => serializer.serialize_some(&$wrapper(value)),
                    None => serializer.serialize_none(),
                }
            }
        }

        impl<T: $trait> $trait for Vec<T> {
            fn $method<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter().map($wrapper))
            }
        }

        impl<T: $trait> $trait for BTreeMap<String, T> {
            fn $method<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.iter().map(|(key, value)| (key, $wrapper(value))))
            }
        }

        impl<T: $trait + ?Sized> $trait for Box<T> {
            fn $method<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                (**self).$method(serializer)
            }
        }
    };
}

containers!(Encode, encode, Encoded);
containers!(EncodeNumber, encode_number, AsNumber);
