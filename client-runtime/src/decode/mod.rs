//! Lenient reading of what a service answers.
//!
//! Banks do not keep to their documents: a list is `null`, an absent object is `""`, one string stands where a list of
//! strings belongs. [`Decode`] reads such answers by the type that is wanted, straight from the parser, and refuses
//! everything that could be mistaken for an empty answer.

mod decimal;
mod list;
mod map;
mod optional;
mod scalar;
mod text;

use serde::Deserializer;
use serde::de::Error as _;
use serde_json::de::StrRead;

pub use decimal::parse_decimal;
pub(crate) use scalar::integral;
pub use text::parse_text;

use crate::observe::Place;

/// A type that can be read leniently from a service's answer.
///
/// | On the wire | Read as |
/// | --- | --- |
/// | absent or `null`, value optional | none |
/// | `""`, value optional and no string | none |
/// | `null` for a list or a map | empty |
/// | a `null` element of a list, a `null` value of a map | left out, or `None` if the elements are optional |
/// | one string for a list of strings, codes, dates, ids or addresses | a list of one |
/// | an unlisted property of an object | kept by types with an [`Extra`](crate::extra::Extra), ignored by others |
/// | a number for a decimal string, or the reverse | the same digits and scale |
/// | a list for an object, an object for a list, a key given twice | an error |
pub trait Decode<'de>: Sized {
    /// Whether `""` is an ordinary value of this type instead of "nothing given".
    const KEEPS_EMPTY: bool = false;

    /// Whether a string stands for a list of one where a list of this type belongs.
    const LONE_STRING_IS_LIST: bool = false;

    /// Whether an answer without a body is an error.
    const NEEDS_BODY: bool = true;

    /// The keys of an object; without one of them it says what `{}` says. None where other values are read too.
    const KEYS: Option<&'static [&'static str]> = None;

    /// Set for lists and maps, which record the property that they are in where `null` is unexpected.
    #[doc(hidden)]
    const HAS_ELEMENTS: bool = false;

    /// Returns the value that stands for a null element of a list or a map. Without one, such an element is left out.
    #[doc(hidden)]
    #[must_use]
    fn null_element() -> Option<Self> {
        None
    }

    /// Decodes the whole body of a response: like [`decode`](Self::decode), but `null` is an error in place of a required list
    /// of objects, and in place of one of its elements.
    ///
    /// Without this, a page of nulls would count as an empty page.
    ///
    /// # Errors
    ///
    /// Returns an error if the input does not match the type.
    #[doc(hidden)]
    fn decode_body<D: Deserializer<'de>>(deserializer: D, place: Option<&'static Place>) -> Result<Self, D::Error> {
        Self::decode_at(deserializer, place)
    }

    /// Decodes a value like [`decode`](Self::decode), in a property of an object.
    ///
    /// # Errors
    ///
    /// Returns an error if the input does not match the type.
    #[doc(hidden)]
    #[inline]
    fn decode_at<D: Deserializer<'de>>(deserializer: D, _place: Option<&'static Place>) -> Result<Self, D::Error> {
        Self::decode(deserializer)
    }

    /// Returns whether a decoded object had properties that its type does not list, or `None` if it does not keep them.
    #[doc(hidden)]
    fn has_unlisted(&self) -> Option<bool> {
        None
    }

    /// Reads a value that must be there.
    ///
    /// # Errors
    ///
    /// When the input is no such value.
    fn decode<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Reads a value that may be `null`, or `""` when the type is no string.
    ///
    /// # Errors
    ///
    /// When the input is neither nothing nor such a value.
    fn decode_optional<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(optional::Optional::field(None))
    }
}

/// Reads one whole JSON document.
///
/// # Errors
///
/// When the bytes are no JSON, not a `T`, or more than one value.
pub fn from_slice<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<T, serde_json::Error> {
    whole(json, |deserializer| T::decode(deserializer))
}

/// Decodes a scalar from the text of a header. The text of a number or a boolean is that of JSON.
pub(crate) fn from_header<T: for<'de> Decode<'de>>(text: &str) -> Option<T> {
    let quoted = serde_json::Value::from(text).to_string();
    from_slice(quoted.as_bytes()).or_else(|_| from_slice(text.as_bytes())).ok()
}

/// Decodes an optional value in a property of an object.
pub(crate) fn optional_at<'de, T: Decode<'de>, D: Deserializer<'de>>(
    deserializer: D,
    place: &'static Place,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(optional::Optional::field(Some(place)))
}

/// Decodes the whole body of a response, with [`Decode::decode_body`].
pub(crate) fn from_body<'de, T: Decode<'de>>(json: &'de [u8]) -> Result<T, serde_json::Error> {
    whole(json, |deserializer| T::decode_body(deserializer, None))
}

fn whole<'de, T>(
    json: &'de [u8],
    decode: impl FnOnce(&mut serde_json::Deserializer<StrRead<'de>>) -> serde_json::Result<T>,
) -> serde_json::Result<T> {
    // One check of the whole body is faster than a check of each string.
    let text = std::str::from_utf8(json).map_err(|_| serde_json::Error::custom(NO_TEXT))?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = decode(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// What is wrong with JSON that is not in UTF-8.
pub(crate) const NO_TEXT: &str = "expected text in UTF-8";
