//! A JSON value that is kept as text.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::decode::Decode;
use crate::encode::Encode;
use crate::extra::{ExtraError, json_text};

/// A JSON value as its text, which is parsed on access and written again digit for digit.
///
/// `Debug` does not show it.
#[derive(Clone, Eq, PartialEq)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// Creates a value from anything that can be written as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be written as JSON.
    pub fn new(value: &impl Serialize) -> Result<Self, ExtraError> {
        match serde_json::to_string(value) {
            Ok(text) => Ok(Self(text.into())),
            Err(_) => Err(ExtraError::unwritable()),
        }
    }

    pub(crate) fn from_text(text: String) -> Self {
        Self(text.into())
    }

    /// Returns the JSON text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// Parses the value as a type.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not have the type `T`.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, ExtraError> {
        serde_json::from_str(&self.0).map_err(|error| ExtraError::unreadable(&error))
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl<'de> Decode<'de> for RawJson {
    const KEEPS_EMPTY: bool = true;

    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json_text(deserializer).map(Self::from_text)
    }

    fn decode_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        json_text(deserializer).map(|text| (text != "null").then(|| Self::from_text(text)))
    }
}

impl Encode for RawJson {
    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(|_| S::Error::custom("the JSON text is broken"))?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::decode(deserializer)
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.encode(serializer)
    }
}
