//! Numbers, booleans and strings.

use std::fmt;
use std::marker::PhantomData;
use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};

use serde::de::{Error, IgnoredAny, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::Decode;

macro_rules! as_serde_does {
    ($($type:ty),* $(,)?) => {$(
        impl<'de> Decode<'de> for $type {
            fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$type>::deserialize(deserializer)
            }
        }
    )*};
}

as_serde_does! {
    bool, f32, f64,
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64,
    NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
}

/// A visitor of whole numbers, for which JSON has several spellings: `1`, `1.0` and `1e0`.
struct Integer<T>(PhantomData<T>);

impl<T: TryFrom<i64> + TryFrom<u64>> Visitor<'_> for Integer<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number in range")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Other("a number"), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Other("a number"), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        match integral(value) {
            Some(whole) => self.visit_i64(whole),
            None => Err(E::invalid_value(Unexpected::Other("a number"), &self)),
        }
    }
}

/// Returns the integer that a float is equal to. Above 2^53, a float stands for several integers.
pub(crate) fn integral(value: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    (value.fract() == 0.0 && value.abs() <= LARGEST).then_some(value as i64)
}

macro_rules! integers {
    ($($type:ty),* $(,)?) => {$(
        impl<'de> Decode<'de> for $type {
            fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Integer(PhantomData))
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

impl<'de> Decode<'de> for String {
    const KEEPS_EMPTY: bool = true;
    const LONE_STRING_IS_LIST: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    // The string is made at once, and not handed on by somebody who looks whether there is one.
    fn decode_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// Nothing is wanted: whatever comes is passed over.
impl<'de> Decode<'de> for () {
    const NEEDS_BODY: bool = false;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| ())
    }
}
