//! Enumerations of a service: open ones, which it may extend, and closed ones, which only we write.

mod json;

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

#[doc(hidden)]
pub use self::json::{decode_integer, decode_scalar, encode, plain};
use crate::observe;

/// An enumeration that the service may extend: a value it does not list is kept as it came.
///
/// Implemented by [`open_code!`](crate::open_code).
pub trait OpenCode: Sized {
    /// The listed values as they stand on the wire.
    const LISTED: &'static [&'static str];

    /// The variant of a listed value.
    fn listed(text: &str) -> Option<Self>;

    /// The variant that keeps an unlisted value.
    fn unlisted(text: Unlisted<Self>) -> Self;

    /// The value as it stands on the wire.
    fn as_str(&self) -> &str;

    /// The value, if it is a listed one.
    fn listed_text(&self) -> Option<&'static str> {
        Self::LISTED.iter().find(|listed| **listed == self.as_str()).copied()
    }

    /// Reads any text; a listed one becomes its own variant.
    #[must_use]
    fn from_text(text: &str) -> Self {
        Self::listed(text).unwrap_or_else(|| Self::unlisted(Unlisted { text: text.into(), code: PhantomData }))
    }
}

/// The text of a value that the enumeration `C` does not list.
///
/// Only reading a text as `C` makes one, so it never hides a listed value. It may hold anything a bank puts there:
/// `Debug` does not show it.
pub struct Unlisted<C> {
    text: Box<str>,
    code: PhantomData<fn() -> C>,
}

impl<C> Unlisted<C> {
    /// The value as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<C> fmt::Debug for Unlisted<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl<C> fmt::Display for Unlisted<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

// Derived, these would ask the same of `C`.
impl<C> Clone for Unlisted<C> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), code: PhantomData }
    }
}

impl<C> PartialEq for Unlisted<C> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<C> Eq for Unlisted<C> {}

impl<C> PartialOrd for Unlisted<C> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<C> Ord for Unlisted<C> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<C> Hash for Unlisted<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// Returns the code of a text in a response. `name` is the name of its type.
#[doc(hidden)]
#[must_use]
pub fn decoded<C: OpenCode>(text: &str, name: &'static str) -> C {
    C::listed(text).unwrap_or_else(|| {
        observe::unlisted(name, text);
        C::from_text(text)
    })
}

/// A text is none of the values of a closed enumeration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NotListed;

impl fmt::Display for NotListed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected one of the listed values")
    }
}

impl Error for NotListed {}

/// Completes an enum that the service may extend.
///
/// The enum has one plain variant for each listed value, and one more, holding [`Unlisted<Self>`](Unlisted), for all
/// others. It is called `Unknown` unless another name is given.
///
/// ```
/// /// How a balance was made up.
/// #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
/// #[non_exhaustive]
/// pub enum BalanceStatus {
///     /// Closing booked.
///     Clbd,
///     /// Interim available.
///     Itav,
///     /// Not listed by the service.
///     Unknown(openbanking_client_runtime::code::Unlisted<Self>),
/// }
/// openbanking_client_runtime::open_code!(BalanceStatus { Clbd => "CLBD", Itav => "ITAV" });
///
/// assert_eq!(BalanceStatus::from("CLBD"), BalanceStatus::Clbd);
/// assert_eq!(BalanceStatus::from("NEW").as_str(), "NEW");
/// ```
///
/// With another name: `open_code!(BalanceStatus, Unlisted { Clbd => "CLBD", Unknown => "UNKNOWN" })`.
///
/// Adds `LISTED`, `as_str`, `is_listed`, `OpenCode`, `From<&str>`, `From<String>`, an infallible `FromStr`, `Display`,
/// a `Debug` that hides unlisted text, serde's two traits, `Decode` and `Encode`.
#[macro_export]
macro_rules! open_code {
    ($name:ident { $($rest:tt)* }) => {
        $crate::open_code!($name, Unknown { $($rest)* });
    };
    ($name:ident, $unlisted:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $name {
            /// The listed values as they stand on the wire.
            pub const LISTED: &'static [&'static str] = &[$($text),+];

            /// The value as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::$unlisted(text) => text.as_str(),
                }
            }

            /// Whether the service's description lists this value.
            #[must_use]
            pub const fn is_listed(&self) -> bool {
                !::core::matches!(self, Self::$unlisted(_))
            }
        }

        #[automatically_derived]
        impl $crate::code::OpenCode for $name {
            const LISTED: &'static [&'static str] = Self::LISTED;

            fn listed(text: &str) -> ::core::option::Option<Self> {
                match text {
                    $($text => ::core::option::Option::Some(Self::$variant),)+
                    _ => ::core::option::Option::None,
                }
            }

            fn unlisted(text: $crate::code::Unlisted<Self>) -> Self {
                Self::$unlisted(text)
            }

            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                $crate::code::OpenCode::from_text(text)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                $crate::code::OpenCode::from_text(&text)
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok($crate::code::OpenCode::from_text(text))
            }
        }

        $crate::__code_traits!($name, |text| {
            ::core::option::Option::Some($crate::code::decoded(text, ::core::stringify!($name)))
        });

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

/// Completes an enum whose values only we write: like [`open_code!`], but any other text is an error.
///
/// ```
/// /// Who is asked.
/// #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
/// #[non_exhaustive]
/// pub enum PsuType {
///     /// A company.
///     Business,
///     /// A person.
///     Personal,
/// }
/// openbanking_client_runtime::closed_code!(PsuType { Business => "business", Personal => "personal" });
///
/// assert_eq!("personal".parse(), Ok(PsuType::Personal));
/// assert!("other".parse::<PsuType>().is_err());
/// ```
#[macro_export]
macro_rules! closed_code {
    ($name:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $name {
            /// The listed values as they stand on the wire.
            pub const LISTED: &'static [&'static str] = &[$($text),+];

            /// The value as it stands on the wire.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for $name {
            type Err = $crate::code::NotListed;

            fn from_str(text: &str) -> ::core::result::Result<Self, $crate::code::NotListed> {
                match text {
                    $($text => ::core::result::Result::Ok(Self::$variant),)+
                    _ => ::core::result::Result::Err($crate::code::NOT_LISTED),
                }
            }
        }

        $crate::__code_traits!($name, |text| ::core::str::FromStr::from_str(text).ok());

        #[automatically_derived]
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(match self {
                    $(Self::$variant => ::core::stringify!($variant),)+
                })
            }
        }
    };
}

#[doc(hidden)]
pub const NOT_LISTED: NotListed = NotListed;

/// What both kinds of enum share; `$parse` makes a value of a text.
#[doc(hidden)]
#[macro_export]
macro_rules! __code_traits {
    ($name:ident, $parse:expr) => {
        #[automatically_derived]
        impl ::core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        #[automatically_derived]
        impl $crate::request::Parameter for $name {
            fn texts(
                &self,
                add: &mut dyn ::core::ops::FnMut(::std::string::String),
            ) -> ::core::result::Result<(), $crate::request::NotFinite> {
                add(::std::borrow::ToOwned::to_owned(self.as_str()));
                ::core::result::Result::Ok(())
            }
        }

        #[automatically_derived]
        impl<'de> $crate::decode::Decode<'de> for $name {
            const LONE_STRING_IS_LIST: bool = true;

            fn decode<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::decode::parse_text(deserializer, "one of the listed values", $parse)
            }
        }

        #[automatically_derived]
        impl $crate::encode::Encode for $name {
            fn encode<__S: $crate::__private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        $crate::__serde_traits!($name);
    };
}
