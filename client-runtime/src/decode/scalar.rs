//! Values that serde reads just as we want them.

use std::num::{NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64};

use serde::de::IgnoredAny;
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
    i8, i16, i32, i64, u8, u16, u32, u64,
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64,
    NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
}

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
