//! Identifiers as types of their own: the macro [`newtype!`](macro@crate::newtype), and what its expansion calls.

use std::error::Error;
use std::fmt;

/// The error of a text that is not a UUID. It does not show the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NotUuid;

impl fmt::Display for NotUuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected a UUID")
    }
}

impl Error for NotUuid {}

#[doc(hidden)]
pub const NOT_UUID: NotUuid = NotUuid;

/// Defines a type around one UUID or one string, so that values of two such types cannot be mixed up.
///
/// ```
/// use uuid::Uuid;
///
/// openbanking_client_runtime::newtype! {
///     /// The id of an account.
///     pub struct AccountUid(Uuid);
/// }
/// openbanking_client_runtime::newtype! {
///     /// The bank's reference of an entry.
///     pub struct EntryReference(String);
/// }
///
/// let account: AccountUid = "6ba7b810-9dad-11d1-80b4-00c04fd430c8".parse()?;
/// assert_eq!(account.to_string(), "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
/// assert_eq!(format!("{account:?}"), "AccountUid([redacted])");
/// assert_eq!(AccountUid::from(Uuid::from(account)), account);
///
/// let entry = EntryReference::from("2024-17");
/// assert_eq!(entry.as_str(), "2024-17");
/// # Ok::<(), openbanking_client_runtime::newtype::NotUuid>(())
/// ```
///
/// A value of one type does not become a value of another:
///
/// ```
/// # openbanking_client_runtime::newtype! { /** An account. */ pub struct AccountUid(Uuid); }
/// # openbanking_client_runtime::newtype! { /** A session. */ pub struct SessionId(Uuid); }
/// # let session = SessionId::from(uuid::Uuid::nil());
/// # let account = AccountUid::from(uuid::Uuid::nil());
/// fn balances(account: &AccountUid) {}
///
/// balances(&account);
/// ```
///
/// ```compile_fail,E0308
/// # openbanking_client_runtime::newtype! { /** An account. */ pub struct AccountUid(Uuid); }
/// # openbanking_client_runtime::newtype! { /** A session. */ pub struct SessionId(Uuid); }
/// # let session = SessionId::from(uuid::Uuid::nil());
/// # let account = AccountUid::from(uuid::Uuid::nil());
/// fn balances(account: &AccountUid) {}
///
/// balances(&session);
/// ```
///
/// ```compile_fail,E0277
/// # openbanking_client_runtime::newtype! { /** An account. */ pub struct AccountUid(Uuid); }
/// # openbanking_client_runtime::newtype! { /** A session. */ pub struct SessionId(Uuid); }
/// # let session = SessionId::from(uuid::Uuid::nil());
/// let account: AccountUid = session.into();
/// ```
///
/// Adds `From` the value and back, `FromStr`, `Display` with the whole value, a `Debug` that hides it, serde's two traits,
/// `Decode` and `Encode` with the rules of the value itself, and comparison. A type around a UUID is `Copy`; one around a
/// string has `as_str`, `AsRef<str>`, `From<&str>`, and an infallible `FromStr`.
#[macro_export]
macro_rules! newtype {
    ($(#[$meta:meta])* pub struct $name:ident(Uuid);) => {
        $(#[$meta])*
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::Eq, ::core::hash::Hash, ::core::cmp::Ord,
            ::core::cmp::PartialEq, ::core::cmp::PartialOrd,
        )]
        pub struct $name($crate::__private::uuid::Uuid);

        #[automatically_derived]
        impl ::core::str::FromStr for $name {
            type Err = $crate::newtype::NotUuid;

            fn from_str(text: &::core::primitive::str) -> ::core::result::Result<Self, $crate::newtype::NotUuid> {
                match $crate::__private::uuid::Uuid::try_parse(text) {
                    ::core::result::Result::Ok(value) => ::core::result::Result::Ok(Self(value)),
                    ::core::result::Result::Err(_) => ::core::result::Result::Err($crate::newtype::NOT_UUID),
                }
            }
        }

        $crate::__newtype_traits!($name, $crate::__private::uuid::Uuid);
    };
    ($(#[$meta:meta])* pub struct $name:ident(String);) => {
        $(#[$meta])*
        #[derive(
            ::core::clone::Clone, ::core::cmp::Eq, ::core::hash::Hash, ::core::cmp::Ord, ::core::cmp::PartialEq,
            ::core::cmp::PartialOrd,
        )]
        pub struct $name(::std::string::String);

        impl $name {
            /// Returns the value as text.
            #[must_use]
            pub fn as_str(&self) -> &::core::primitive::str {
                &self.0
            }
        }

        #[automatically_derived]
        impl ::core::convert::AsRef<::core::primitive::str> for $name {
            fn as_ref(&self) -> &::core::primitive::str {
                &self.0
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&::core::primitive::str> for $name {
            fn from(text: &::core::primitive::str) -> Self {
                Self(::std::borrow::ToOwned::to_owned(text))
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &::core::primitive::str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(::core::convert::From::from(text))
            }
        }

        $crate::__newtype_traits!($name, ::std::string::String);
    };
}

/// Implements the traits that both kinds of newtype have.
#[doc(hidden)]
#[macro_export]
macro_rules! __newtype_traits {
    ($name:ident, $value:ty) => {
        #[automatically_derived]
        impl ::core::convert::From<$value> for $name {
            fn from(value: $value) -> Self {
                Self(value)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<$name> for $value {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, formatter)
            }
        }

        #[automatically_derived]
        impl $crate::request::Parameter for $name {
            fn texts(
                &self,
                add: &mut dyn ::core::ops::FnMut(::std::string::String),
            ) -> ::core::result::Result<(), $crate::request::NotFinite> {
                $crate::request::Parameter::texts(&self.0, add)
            }
        }

        #[automatically_derived]
        impl<'de> $crate::decode::Decode<'de> for $name {
            const KEEPS_EMPTY: ::core::primitive::bool = <$value as $crate::decode::Decode<'de>>::KEEPS_EMPTY;
            const LONE_STRING_IS_LIST: ::core::primitive::bool =
                <$value as $crate::decode::Decode<'de>>::LONE_STRING_IS_LIST;

            fn decode<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                ::core::result::Result::map($crate::decode::Decode::decode(deserializer), Self)
            }

            fn decode_optional<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<::core::option::Option<Self>, __D::Error> {
                let value = <$value as $crate::decode::Decode<'de>>::decode_optional(deserializer)?;
                ::core::result::Result::Ok(::core::option::Option::map(value, Self))
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

        $crate::__serde_traits!($name);
        $crate::redacted_debug!($name(hidden));
    };
}
