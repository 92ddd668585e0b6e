//! Enumerations of numbers, and of values of several JSON types.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{OpenCode, decoded};

/// Decodes a whole number as a code. `name` is the name of its type.
///
/// # Errors
///
/// Returns an error for a value that is not a whole number.
#[doc(hidden)]
pub fn decode_integer<'de, C: OpenCode, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
) -> Result<C, D::Error> {
    deserializer.deserialize_any(Scalar { only_integers: true }).map(|json| decoded(&json, name))
}

/// Decodes a string, number or boolean as a code. `name` is the name of its type.
///
/// # Errors
///
/// Returns an error for a list, an object or `null`.
#[doc(hidden)]
pub fn decode_scalar<'de, C: OpenCode, D: Deserializer<'de>>(
    deserializer: D,
    name: &'static str,
) -> Result<C, D::Error> {
    deserializer.deserialize_any(Scalar { only_integers: false }).map(|json| decoded(&json, name))
}

/// Writes the JSON text of a code.
///
/// # Errors
///
/// Returns an error if the serializer fails.
#[doc(hidden)]
pub fn encode<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(json).map_err(|_| serde::ser::Error::custom("a code is not JSON"))?;
    raw.serialize(serializer)
}

/// Returns the text of a JSON string, and the JSON text of any other value.
#[doc(hidden)]
#[must_use]
pub fn plain(json: &str) -> String {
    if json.starts_with('"') { serde_json::from_str(json).unwrap_or_default() } else { json.to_owned() }
}

/// A visitor of values without parts, which returns their JSON text.
struct Scalar {
    only_integers: bool,
}

impl Visitor<'_> for Scalar {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.only_integers { "a whole number" } else { "one of the listed values" })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        match crate::decode::integral(value) {
            Some(whole) => Ok(whole.to_string()),
            None if self.only_integers => Err(E::custom("expected a whole number")),
            None => Ok(serde_json::Value::from(value).to_string()),
        }
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        if self.only_integers { Err(E::custom("expected a whole number")) } else { Ok(value.to_string()) }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        if self.only_integers {
            return Err(E::custom("expected a whole number"));
        }
        Ok(serde_json::Value::from(value).to_string())
    }
}

/// Completes an enum of numbers, or of values of several JSON types, which the service may extend.
///
/// It is like [`open_code!`](crate::open_code), with the JSON text of each value. `integer` makes an enum of whole numbers,
/// `mixed` one of any values without parts.
///
/// ```
/// /// The level of a message.
/// #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
/// #[non_exhaustive]
/// pub enum Level {
///     /// Low.
///     Value1,
///     /// High.
///     Value2,
///     /// Not listed by the service.
///     Unknown(openbanking_client_runtime::code::Unlisted<Self>),
/// }
/// openbanking_client_runtime::json_code!(integer Level, Unknown { Value1 => "1", Value2 => "2" });
///
/// let levels: Vec<Level> = serde_json::from_str("[1, 2.0, 7]")?;
/// assert_eq!(levels[..2], [Level::Value1, Level::Value2]);
/// assert_eq!((levels[2].as_json(), levels[2].is_listed()), ("7", false));
/// assert_eq!(serde_json::to_string(&levels)?, "[1,2,7]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! json_code {
    (integer $($rest:tt)*) => {
        $crate::json_code!(@ decode_integer $($rest)*);
    };
    (mixed $($rest:tt)*) => {
        $crate::json_code!(@ decode_scalar $($rest)*);
    };
    (@ $decode:ident $name:ident, $unlisted:ident { $($variant:ident => $json:literal),+ $(,)? }) => {
        impl $name {
            /// The listed values as JSON.
            pub const LISTED: &'static [&'static str] = &[$($json),+];

            /// Returns the value as JSON.
            #[must_use]
            pub fn as_json(&self) -> &str {
                match self {
                    $(Self::$variant => $json,)+
                    Self::$unlisted(json) => json.as_str(),
                }
            }

            /// Returns whether the API description lists this value.
            #[must_use]
            pub const fn is_listed(&self) -> bool {
                !::core::matches!(self, Self::$unlisted(_))
            }
        }

        #[automatically_derived]
        impl $crate::code::OpenCode for $name {
            const LISTED: &'static [&'static str] = Self::LISTED;

            fn listed(json: &str) -> ::core::option::Option<Self> {
                match json {
                    $($json => ::core::option::Option::Some(Self::$variant),)+
                    _ => ::core::option::Option::None,
                }
            }

            fn unlisted(json: $crate::code::Unlisted<Self>) -> Self {
                Self::$unlisted(json)
            }

            fn as_str(&self) -> &str {
                self.as_json()
            }
        }

        #[automatically_derived]
        impl<'de> $crate::decode::Decode<'de> for $name {
            fn decode<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::code::$decode(deserializer, ::core::stringify!($name))
            }
        }

        #[automatically_derived]
        impl $crate::encode::Encode for $name {
            fn encode<__S: $crate::__private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                $crate::code::encode(self.as_json(), serializer)
            }
        }

        $crate::__serde_traits!($name);

        #[automatically_derived]
        impl $crate::request::Parameter for $name {
            fn texts(
                &self,
                add: &mut dyn ::core::ops::FnMut(::std::string::String),
            ) -> ::core::result::Result<(), $crate::request::NotFinite> {
                add($crate::code::plain(self.as_json()));
                ::core::result::Result::Ok(())
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.pad(&$crate::code::plain(self.as_json()))
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(match self {
                    $(Self::$variant => ::core::stringify!($variant),)+
                    Self::$unlisted(_) => ::core::concat!(::core::stringify!($unlisted), "([redacted])"),
                })
            }
        }
    };
}
