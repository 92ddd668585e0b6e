//! "A value or nothing", decided by the first byte.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Decode;
use crate::observe::Place;

/// Reads `null` as none, and `""` too where it stands for nothing.
pub(super) struct Optional<T> {
    empty_is_none: bool,
    /// Set for an element of a list or a map, and not for a field.
    is_element: bool,
    place: Option<&'static Place>,
    wanted: PhantomData<T>,
}

impl<'de, T: Decode<'de>> Optional<T> {
    /// For a field: `""` is nothing unless the type says otherwise.
    pub(super) fn field(place: Option<&'static Place>) -> Self {
        Self { empty_is_none: !T::KEEPS_EMPTY, is_element: false, place, wanted: PhantomData }
    }

    /// For an element of a list or a map: only `null` is nothing.
    pub(super) fn element(place: Option<&'static Place>) -> Self {
        Self { empty_is_none: false, is_element: true, place, wanted: PhantomData }
    }
}

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for Optional<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

/// Hands a value on to the type that is wanted.
macro_rules! hand_on {
    ($($method:ident: $value:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, value: $value) -> Result<Self::Value, E> {
            T::decode_at(value.into_deserializer(), self.place).map(Some)
        }
    )*};
}

impl<'de, T: Decode<'de>> Visitor<'de> for Optional<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value or null")
    }

    hand_on! {
        visit_bool: bool,
        visit_i64: i64,
        visit_u64: u64,
        visit_f64: f64,
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        if self.empty_is_none && value.is_empty() {
            return Ok(None);
        }
        T::decode_at(value.into_deserializer(), self.place).map(Some)
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Self::Value, E> {
        if self.empty_is_none && value.is_empty() {
            return Ok(None);
        }
        T::decode_at(BorrowedStrDeserializer::new(value), self.place).map(Some)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(if self.is_element { T::null_element() } else { None })
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::decode_at(deserializer, self.place).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        T::decode_at(SeqAccessDeserializer::new(list), self.place).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::decode_at(MapAccessDeserializer::new(map), self.place).map(Some)
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Option<T> {
    const NEEDS_BODY: bool = T::NEEDS_BODY;

    fn null_element() -> Option<Self> {
        Some(None)
    }

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::decode_optional(deserializer)
    }

    fn decode_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::decode_optional(deserializer).map(|value| value.map(Some))
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    const KEEPS_EMPTY: bool = T::KEEPS_EMPTY;
    const LONE_STRING_IS_LIST: bool = T::LONE_STRING_IS_LIST;
    const NEEDS_BODY: bool = T::NEEDS_BODY;
    const HAS_ELEMENTS: bool = T::HAS_ELEMENTS;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::decode(deserializer).map(Self::new)
    }

    fn decode_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::decode_optional(deserializer)?.map(Self::new))
    }

    fn decode_at<D: Deserializer<'de>>(deserializer: D, place: Option<&'static Place>) -> Result<Self, D::Error> {
        T::decode_at(deserializer, place).map(Self::new)
    }
}

/// Free-form JSON is kept as it came; only `null` is nothing.
impl<'de> Decode<'de> for serde_json::Value {
    const KEEPS_EMPTY: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }

    fn decode_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Option::deserialize(deserializer)
    }
}
