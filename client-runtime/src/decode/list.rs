//! Lists.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, IntoDeserializer, SeqAccess, Unexpected, Visitor};

use super::Decode;
use super::optional::Optional;
use crate::observe::{self, Place};

/// What the sender says of a list's length reserves at most this many bytes.
const RESERVED_BYTES: usize = 64 * 1024;

impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    const HAS_ELEMENTS: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode_at(deserializer, None)
    }

    fn decode_at<D: Deserializer<'de>>(deserializer: D, place: Option<&'static Place>) -> Result<Self, D::Error> {
        deserializer.deserialize_any(List::<T, false> { place, element: PhantomData })
    }

    fn decode_body<D: Deserializer<'de>>(deserializer: D, place: Option<&'static Place>) -> Result<Self, D::Error> {
        // Types with keys are objects.
        match T::KEYS {
            Some(_) => deserializer.deserialize_any(List::<T, true> { place, element: PhantomData }),
            None => Self::decode_at(deserializer, place),
        }
    }
}

/// A visitor of lists, which refuses nulls if `STRICT` is set and otherwise leaves them out.
struct List<T, const STRICT: bool> {
    place: Option<&'static Place>,
    element: PhantomData<T>,
}

impl<'de, T: Decode<'de>, const STRICT: bool> Visitor<'de> for List<T, STRICT> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let most = RESERVED_BYTES / size_of::<T>().max(1);
        let mut elements = Vec::with_capacity(list.size_hint().unwrap_or(0).min(most));
        while let Some(element) = list.next_element_seed(Optional::element(self.place))? {
            match element {
                Some(element) => elements.push(element),
                None if STRICT => return Err(A::Error::custom("expected an object, found null")),
                None => observe::null(self.place, "[]"),
            }
        }
        Ok(elements)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        if STRICT {
            return Err(E::custom("expected a list, found null"));
        }
        observe::null(self.place, "");
        Ok(Vec::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        if !T::LONE_STRING_IS_LIST {
            return Err(E::invalid_type(Unexpected::Other("a string"), &self));
        }
        Ok(vec![T::decode(value.into_deserializer())?])
    }
}
