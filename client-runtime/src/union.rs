//! Values of one of several types (`oneOf` and `anyOf`): the macro [`union!`](crate::union), and the code that it calls.

use std::fmt;

use serde::Deserializer;
use serde::de::Error;
use serde_json::value::RawValue;

use crate::decode;
use crate::explain::explained;
use crate::extra::json_text;
use crate::raw_json::RawJson;
use crate::{decode::Decode, observe};

/// A test that recognizes a case of a union. The generator chooses the tests, in an order in which the first match is the
/// right one.
#[derive(Clone, Copy, Debug)]
pub enum Test {
    /// A JSON value of this type.
    Json(JsonType),
    /// An object in which a property has one of these values, as JSON text.
    Constant(&'static str, &'static [&'static str]),
    /// An object with all of these properties.
    Keys(&'static [&'static str]),
}

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum JsonType {
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    List,
    /// An object.
    Object,
}

/// A value that is being recognized.
pub struct Candidate<'a> {
    json: &'a str,
    members: Vec<(String, &'a RawValue)>,
}

impl<'a> Candidate<'a> {
    /// Opens a value by one layer.
    fn new(json: &'a str) -> Self {
        let members =
            if json.starts_with('{') { serde_json::from_str(json).map(|Members(all)| all) } else { Ok(vec![]) };
        Self { json, members: members.unwrap_or_default() }
    }

    /// Returns whether the value passes a test.
    #[must_use]
    pub fn passes(&self, test: &Test) -> bool {
        match test {
            Test::Json(kind) => self.kind() == Some(*kind),
            Test::Constant(name, values) => self.member(name).is_some_and(|value| values.contains(&value)),
            Test::Keys(names) => {
                self.kind() == Some(JsonType::Object) && names.iter().all(|name| self.member(name).is_some())
            }
        }
    }

    /// Decodes the value as a type.
    ///
    /// # Errors
    ///
    /// Returns an error if the value does not have the type.
    pub fn decode<T: for<'de> Decode<'de>, E: Error>(&self) -> Result<T, E> {
        // The inner error may have a line and a column, which are not those of the response.
        decode::from_slice(self.json.as_bytes()).map_err(|error| E::custom(explained(&error)))
    }

    fn kind(&self) -> Option<JsonType> {
        Some(match self.json.as_bytes().first()? {
            b'{' => JsonType::Object,
            b'[' => JsonType::List,
            b'"' => JsonType::String,
            b't' | b'f' => JsonType::Bool,
            b'n' => return None,
            _ => JsonType::Number,
        })
    }

    fn member(&self, name: &str) -> Option<&'a str> {
        self.members.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.get())
    }
}

/// The value may be personal.
impl fmt::Debug for Candidate<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Candidate").finish_non_exhaustive()
    }
}

/// The members of an object, in its order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

/// Decodes a value of a union. `case` returns `None` for a value that no test recognizes.
///
/// # Errors
///
/// Returns an error for `null`, and for a value that does not have the type of its case.
pub fn decode_case<'de, D: Deserializer<'de>, U>(
    deserializer: D,
    case: impl FnOnce(&Candidate<'_>) -> Result<Option<U>, D::Error>,
    (name, unlisted): (&'static str, fn(RawJson) -> U),
) -> Result<Option<U>, D::Error> {
    let json = json_text(deserializer)?;
    if json == "null" {
        return Ok(None);
    }
    let found = case(&Candidate::new(&json))?;
    Ok(Some(found.unwrap_or_else(|| {
        observe::unlisted(name, "");
        unlisted(RawJson::from_text(json))
    })))
}

/// Completes an enum whose variants are the cases of a union, and one more for values that none of them describes.
///
/// `Debug` shows the values of cases marked `shown` and hides those marked `hidden`.
///
/// ```
/// use openbanking_client_runtime::raw_json::RawJson;
/// use openbanking_client_runtime::union::{JsonType, Test};
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// pub enum Limit {
///     Number(i64),
///     Name(String),
///     Unknown(RawJson),
/// }
/// openbanking_client_runtime::union! {
///     Limit, Unknown {
///         Number hidden => Test::Json(JsonType::Number),
///         Name hidden => Test::Json(JsonType::String),
///     }
/// }
///
/// let limits: Vec<Limit> = serde_json::from_str(r#"[3,"none",{"a": 1.50}]"#)?;
/// assert!(limits[0] == Limit::Number(3) && limits[1] == Limit::Name("none".into()));
/// assert_eq!(serde_json::to_string(&limits)?, r#"[3,"none",{"a": 1.50}]"#);
/// assert_eq!(format!("{limits:?}"), "[Number([redacted]), Name([redacted]), Unknown([redacted])]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! union {
    ($name:ident, $unlisted:ident { $($case:ident $how:ident $($number:ident)? => $test:expr),+ $(,)? }) => {
        #[automatically_derived]
        impl<'de> $crate::decode::Decode<'de> for $name {
            const KEEPS_EMPTY: bool = true;

            fn decode<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                match $crate::decode::Decode::decode_optional(deserializer)? {
                    ::core::option::Option::Some(value) => ::core::result::Result::Ok(value),
                    ::core::option::Option::None => ::core::result::Result::Err(
                        $crate::__private::serde::de::Error::custom("expected a value, found null"),
                    ),
                }
            }

            fn decode_optional<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<::core::option::Option<Self>, __D::Error> {
                $crate::union::decode_case(
                    deserializer,
                    |candidate| {
                        $(if candidate.passes(&$test) {
                            return ::core::result::Result::Ok(::core::option::Option::Some(
                                Self::$case(candidate.decode()?),
                            ));
                        })+
                        ::core::result::Result::Ok(::core::option::Option::None)
                    },
                    (::core::stringify!($name), Self::$unlisted),
                )
            }
        }

        #[automatically_derived]
        impl $crate::encode::Encode for $name {
            fn encode<__S: $crate::__private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$case(value) => $crate::__encode_case!($($number)? value, serializer),)+
                    Self::$unlisted(value) => $crate::encode::Encode::encode(value, serializer),
                }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    $(Self::$case(value) => formatter
                        .debug_tuple(::core::stringify!($case))
                        .field(&$crate::__debug_value!($how, value))
                        .finish(),)+
                    Self::$unlisted(value) => {
                        formatter.debug_tuple(::core::stringify!($unlisted)).field(value).finish()
                    }
                }
            }
        }

        $crate::__serde_traits!($name);
    };
}

/// Encodes the value of a case, decimals as numbers where the API description has numbers.
#[doc(hidden)]
#[macro_export]
macro_rules! __encode_case {
    (number $value:expr, $serializer:expr) => {
        $crate::encode::EncodeNumber::encode_number($value, $serializer)
    };
    ($value:expr, $serializer:expr) => {
        $crate::encode::Encode::encode($value, $serializer)
    };
}

/// Completes a struct around the JSON of a union whose cases cannot be recognized by the form of a value.
///
/// It has a method for each case, which parses the value as the type of that case.
///
/// ```
/// use openbanking_client_runtime::raw_json::RawJson;
///
/// #[derive(Clone, Eq, PartialEq)]
/// pub struct Reference(RawJson);
/// openbanking_client_runtime::json_union! {
///     Reference {
///         /// Parses the value as a number.
///         as_number: i64,
///         /// Parses the value as text.
///         as_text: String,
///     }
/// }
///
/// let reference: Reference = serde_json::from_str(r#""RF18""#)?;
/// assert!(reference.as_number().is_err());
/// assert_eq!(reference.as_text().ok().as_deref(), Some("RF18"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! json_union {
    ($name:ident { $($(#[$docs:meta])* $method:ident: $case:ty),* $(,)? }) => {
        impl $name {
            /// Creates a value from one of its cases.
            ///
            /// # Errors
            ///
            /// Returns an error if the value cannot be written as JSON.
            pub fn new(
                value: &impl $crate::__private::serde::Serialize,
            ) -> ::core::result::Result<Self, $crate::extra::ExtraError> {
                ::core::result::Result::Ok(Self($crate::raw_json::RawJson::new(value)?))
            }

            /// Returns the value as JSON.
            #[must_use]
            pub fn json(&self) -> &$crate::raw_json::RawJson {
                &self.0
            }

            $($(#[$docs])*
            ///
            /// # Errors
            ///
            /// Returns an error if the value does not have this type.
            pub fn $method(&self) -> ::core::result::Result<$case, $crate::extra::ExtraError> {
                $crate::union::parsed(&self.0)
            })*
        }

        #[automatically_derived]
        impl<'de> $crate::decode::Decode<'de> for $name {
            const KEEPS_EMPTY: bool = true;

            fn decode<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::decode::Decode::decode(deserializer).map(Self)
            }

            fn decode_optional<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<::core::option::Option<Self>, __D::Error> {
                let value: ::core::option::Option<$crate::raw_json::RawJson> =
                    $crate::decode::Decode::decode_optional(deserializer)?;
                ::core::result::Result::Ok(value.map(Self))
            }
        }

        #[automatically_derived]
        impl $crate::encode::Encode for $name {
            fn encode<__S: $crate::__private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                $crate::encode::Encode::encode(&self.0, serializer)
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.debug_tuple(::core::stringify!($name)).field(&self.0).finish()
            }
        }

        $crate::__serde_traits!($name);
    };
}

/// Parses the JSON of a union as one of its cases.
///
/// # Errors
///
/// Returns an error if the value does not have the type.
pub fn parsed<T: for<'de> Decode<'de>>(json: &RawJson) -> Result<T, crate::extra::ExtraError> {
    decode::from_slice(json.as_json().as_bytes()).map_err(|error| crate::extra::ExtraError::unreadable(&error))
}
