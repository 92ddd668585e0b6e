//! Maps whose keys are data.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::Decode;
use super::optional::Optional;
use crate::observe::{self, Place};

impl<'de, T: Decode<'de>> Decode<'de> for BTreeMap<String, T> {
    const HAS_ELEMENTS: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode_at(deserializer, None)
    }

    fn decode_at<D: Deserializer<'de>>(deserializer: D, place: Option<&'static Place>) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Entries { place, value: PhantomData })
    }
}

struct Entries<T> {
    place: Option<&'static Place>,
    value: PhantomData<T>,
}

impl<'de, T: Decode<'de>> Visitor<'de> for Entries<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(key) = map.next_key_seed(Key)? {
            let value = map.next_value_seed(Optional::element(self.place))?;
            let repeated = match value {
                Some(value) => entries.insert(key, value).is_some(),
                None => {
                    observe::null(self.place, ".*");
                    entries.contains_key(&key)
                }
            };
            if repeated {
                // The key is data: it is not named.
                return Err(A::Error::custom("expected each key once"));
            }
        }
        Ok(entries)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        observe::null(self.place, "");
        Ok(BTreeMap::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        BTreeMap::decode_at(deserializer, self.place)
    }
}

/// A key that is data. It is asked for as bytes because `serde_path_to_error` notes the text of every key that comes as
/// a string, and an account number must not end up in an error's path.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(key.to_owned())
    }

    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Self::Value, E> {
        match std::str::from_utf8(key) {
            Ok(key) => Ok(key.to_owned()),
            Err(_) => Err(E::custom("expected a key in UTF-8")),
        }
    }
}

/// Free-form JSON is kept as it came, `null` values included.
impl<'de> Decode<'de> for Map<String, Value> {
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode_at(deserializer, None)
    }

    fn decode_at<D: Deserializer<'de>>(deserializer: D, place: Option<&'static Place>) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FreeForm(place))
    }
}

struct FreeForm(Option<&'static Place>);

impl<'de> Visitor<'de> for FreeForm {
    type Value = Map<String, Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Map::deserialize(serde::de::value::MapAccessDeserializer::new(map))
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        observe::null(self.0, "");
        Ok(Map::new())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Map::decode_at(deserializer, self.0)
    }
}
