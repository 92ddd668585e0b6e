//! Objects with named fields: the macro [`object!`](crate::object), and what its expansion calls.

pub mod kind;
mod rest;

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Unexpected, Visitor};

pub use self::rest::{Rest, Writer};
use crate::decode::{self, Decode};
use crate::observe::{self, Place};

/// What was found for a field so far.
#[derive(Debug)]
pub struct Slot<T> {
    value: Option<T>,
    rank: u8,
    /// One bit for each of the first names that was null.
    nulls: u8,
}

impl<T> Slot<T> {
    /// Nothing was found yet.
    pub const EMPTY: Self = Self { value: None, rank: u8::MAX, nulls: 0 };

    /// Reads the value that follows a key, unless a better name of the same field was there before.
    ///
    /// # Errors
    ///
    /// When the key was there before, or the value is none of the field's.
    #[inline]
    pub fn fill<'de, A: MapAccess<'de>>(
        &mut self,
        rank: u8,
        name: &'static str,
        map: &mut A,
        read: impl FnOnce(&mut A) -> Result<T, A::Error>,
    ) -> Result<(), A::Error> {
        if self.rank < rank {
            return map.next_value::<IgnoredAny>().map(|_| ());
        }
        if self.rank == rank {
            return Err(A::Error::duplicate_field(name));
        }
        self.value = Some(read(map)?);
        self.rank = rank;
        Ok(())
    }

    /// Reads the value that follows a key of a field with several names. `null` gives way to a value under another name.
    ///
    /// # Errors
    ///
    /// Returns an error if the key has a value already, or this value is not one of the field.
    #[inline]
    pub fn fill_aliased<'de, A: MapAccess<'de>>(
        &mut self,
        rank: u8,
        name: &'static str,
        map: &mut A,
        read: impl FnOnce(&mut A) -> Result<Option<T>, A::Error>,
    ) -> Result<(), A::Error> {
        if self.value.is_some() && self.rank < rank {
            return map.next_value::<IgnoredAny>().map(|_| ());
        }
        let bit = 1_u8.checked_shl(rank.into()).unwrap_or_default();
        if self.value.is_some() && self.rank == rank || self.nulls & bit > 0 {
            return Err(A::Error::duplicate_field(name));
        }
        match read(map)? {
            Some(value) => (self.value, self.rank) = (Some(value), rank),
            None => self.nulls |= bit,
        }
        Ok(())
    }
}

/// The place of `key` among the names of a field: the wire name first, then its aliases.
#[inline]
#[must_use]
pub fn rank(key: &str, names: &[&str]) -> u8 {
    if names.len() == 1 {
        return 0;
    }
    let place = names.iter().position(|name| *name == key);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX - 1)
}

/// Takes the name of a property that the object does not list.
#[cold]
pub fn unlisted(rest: &mut impl Rest, object: &'static str, name: &str) {
    observe::undeclared(object, name);
    rest.name(name);
}

/// Finds the field of a key without keeping the key's text.
#[derive(Clone, Copy, Debug)]
pub struct KeySeed<F>(pub F);

impl<'de, K, F: FnOnce(&str) -> K> DeserializeSeed<'de> for KeySeed<F> {
    type Value = K;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<K, F: FnOnce(&str) -> K> Visitor<'_> for KeySeed<F> {
    type Value = K;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a field name")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<K, E> {
        Ok((self.0)(key))
    }
}

/// Reads an object by a visitor of its own, or `null` or `""` as none.
#[derive(Debug)]
pub struct OrNothing<V>(pub V);

impl<'de, V: Visitor<'de>> Visitor<'de> for OrNothing<V> {
    type Value = Option<V::Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.0.visit_map(map).map(Some)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(None) } else { Err(E::invalid_type(Unexpected::Other("a string"), &self)) }
    }
}

/// Reads a value that may be absent, `null` or `""`.
#[derive(Debug)]
pub struct OptionalSeed<T>(pub PhantomData<T>);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for OptionalSeed<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::decode_optional(deserializer)
    }
}

/// Reads a list or a map that may be absent, `null` or `""`.
#[derive(Debug)]
pub struct OptionalAtSeed<T>(pub &'static Place, pub PhantomData<T>);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for OptionalAtSeed<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        decode::optional_at(deserializer, self.0)
    }
}

/// Reads a list or a map that must be there.
#[derive(Debug)]
pub struct AtSeed<T>(pub &'static Place, pub PhantomData<T>);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for AtSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode_at(deserializer, Some(self.0))
    }
}

/// Reads a list that is required in the body of a response.
#[derive(Debug)]
pub struct BodySeed<T>(pub &'static Place, pub PhantomData<T>);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for BodySeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode_body(deserializer, Some(self.0))
    }
}

/// Reads a value that must be there.
#[derive(Debug)]
pub struct RequiredSeed<T>(pub PhantomData<T>);

impl<'de, T: Decode<'de>> DeserializeSeed<'de> for RequiredSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode(deserializer)
    }
}

/// Completes a plain struct: `Decode`, `Encode` and serde's two traits, the reading ones lenient.
///
/// ```text
/// object! { Name { field: "wire name" | "alias" … => kind number, …, ..extra } }
/// ```
///
/// | Kind | Rust type | Absent | `null` | Written |
/// | --- | --- | --- | --- | --- |
/// | `required` | `T` | error | error | always |
/// | `optional` | `Option<T>` | none | none | unless none |
/// | `salvaged` | `Option<T>`, none too where it is no `T` | none | none | unless none |
/// | `nullable` | `Option<T>` | none | none | always, none as `null` |
/// | `patched` | `Option<Option<T>>` | none | none inside | unless none, `null` for none inside |
/// | `list` | `Vec<T>` | empty | empty | unless empty |
/// | `required_list` | `Vec<T>` | error | empty | always |
/// | `map` | `BTreeMap<String, T>` | empty | empty | unless empty |
/// | `required_map` | `BTreeMap<String, T>` | error | empty | always |
///
/// An optional value that is no string also takes `""` for none, an optional list or map for empty. `optional` and
/// `nullable` work on lists and maps too, where none and empty differ.
///
/// Names after `|` are also read. If several names have a value, that of the first one in the list counts, whichever comes
/// first in the object. `null` gives way to a value under another name. The same name twice is an error.
///
/// `..extra` names a field of the type [`Extra`](crate::extra::Extra), which keeps the properties that are not listed.
/// They are written after the fields. Without it, unlisted properties are ignored.
///
/// `number` after the kind writes a `Decimal`, an option, list or map of them, as JSON numbers; without it they are
/// written as strings.
///
/// ```
/// use rust_decimal::Decimal;
///
/// #[derive(Debug, Eq, PartialEq)]
/// pub struct Balance {
///     pub amount: Decimal,
///     pub lines: Vec<String>,
///     pub r#type: Option<String>,
/// }
/// openbanking_client_runtime::object! {
///     Balance {
///         amount: "amount" => required number,
///         lines: "lines" => list,
///         r#type: "typ" | "type" => optional,
///     }
/// }
///
/// let balance: Balance = serde_json::from_str(r#"{"type":"x","lines":"one","amount":"1.20"}"#)?;
/// assert_eq!(serde_json::to_string(&balance)?, r#"{"amount":1.20,"lines":["one"],"typ":"x"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! object {
    ($name:ident {
        $($field:ident: $wire:literal $(| $alias:literal)* => $kind:ident $($number:ident)?),* $(,)?
        $(..$rest:ident $(,)?)?
    }) => {
        const _: () = {
            #[allow(non_camel_case_types, reason = "each variant is named after its field; the rest is no one else's name")]
            enum __Key { $($field,)* __Unlisted }

            /// `BODY` if the object is the whole body of a response.
            struct __ObjectVisitor<const BODY: ::core::primitive::bool>;

            impl<'de, const BODY: ::core::primitive::bool> $crate::__private::serde::de::Visitor<'de>
                for __ObjectVisitor<BODY>
            {
                type Value = $name;

                fn expecting(
                    &self,
                    formatter: &mut ::core::fmt::Formatter<'_>,
                ) -> ::core::fmt::Result {
                    formatter.write_str("an object")
                }

                fn visit_map<__A: $crate::__private::serde::de::MapAccess<'de>>(
                    self,
                    mut map: __A,
                ) -> ::core::result::Result<Self::Value, __A::Error> {
                    $(let mut $field = $crate::object::Slot::EMPTY;)*
                    let mut rest = $crate::__rest!(new $($rest)?);
                    while let ::core::option::Option::Some((key, _rank)) =
                        map.next_key_seed($crate::object::KeySeed(|key: &str| match key {
                            $($wire $(| $alias)* => (
                                __Key::$field,
                                $crate::object::rank(key, &[$wire $(, $alias)*]),
                            ),)*
                            name => {
                                $crate::object::unlisted(&mut rest, ::core::stringify!($name), name);
                                (__Key::__Unlisted, 0)
                            }
                        }))?
                    {
                        match key {
                            $(__Key::$field => {
                                $crate::__fill!($name $field, _rank, $wire, map, BODY, $kind ($($alias)*))?;
                            })*
                            __Key::__Unlisted => $crate::object::Rest::value(&mut rest, &mut map)?,
                        }
                    }
                    ::core::result::Result::Ok($name {
                        $($field: $crate::object::kind::$kind::finish($field, $wire)?,)*
                        $($rest: $crate::object::Rest::finished(rest),)?
                    })
                }
            }

            #[automatically_derived]
            impl<'de> $crate::decode::Decode<'de> for $name {
                const KEYS: ::core::option::Option<&'static [&'static ::core::primitive::str]> =
                    ::core::option::Option::Some(&[$($wire, $($alias,)*)*]);

                fn decode<__D: $crate::__private::serde::Deserializer<'de>>(
                    deserializer: __D,
                ) -> ::core::result::Result<Self, __D::Error> {
                    // Not `deserialize_struct`: it also takes a list of the fields' values.
                    deserializer.deserialize_map(__ObjectVisitor::<false>)
                }

                fn has_unlisted(&self) -> ::core::option::Option<::core::primitive::bool> {
                    $crate::object::Rest::has_any($crate::__rest!(of $(self.$rest)?))
                }

                fn decode_body<__D: $crate::__private::serde::Deserializer<'de>>(
                    deserializer: __D,
                    _place: ::core::option::Option<&'static $crate::observe::Place>,
                ) -> ::core::result::Result<Self, __D::Error> {
                    deserializer.deserialize_map(__ObjectVisitor::<true>)
                }

                // Read at once, and not handed on by somebody who looks whether there is one.
                fn decode_optional<__D: $crate::__private::serde::Deserializer<'de>>(
                    deserializer: __D,
                ) -> ::core::result::Result<::core::option::Option<Self>, __D::Error> {
                    deserializer.deserialize_any($crate::object::OrNothing(__ObjectVisitor::<false>))
                }
            }
        };

        #[automatically_derived]
        impl $crate::encode::Encode for $name {
            fn encode<__S: $crate::__private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                let rest = $crate::__rest!(of $(self.$rest)?);
                let count = 0_usize
                    $(+ <::core::primitive::usize as ::core::convert::From<::core::primitive::bool>>::from($crate::object::kind::$kind::is_written(&self.$field)))*;
                #[allow(unused_mut, reason = "there may be no field")]
                let mut object =
                    $crate::object::Writer::new(serializer, ::core::stringify!($name), count, rest)?;
                $(if $crate::object::kind::$kind::is_written(&self.$field) {
                    let value = $crate::__written!($($number)? &self.$field);
                    object.field($wire, &value)?;
                })*
                object.end(rest)
            }
        }

        $crate::__serde_traits!($name);
    };
}

/// Reads the value of a field after its key.
#[doc(hidden)]
#[macro_export]
macro_rules! __fill {
    ($name:ident $slot:ident, $rank:ident, $wire:literal, $map:ident, $body:ident, required_list ()) => {
        $slot.fill($rank, $wire, &mut $map, |map: &mut __A| {
            if $body {
                $crate::object::kind::required_list::read_body(map, $crate::__place!($name, $wire))
            } else {
                $crate::object::kind::required_list::read(map, $crate::__place!($name, $wire))
            }
        })
    };
    ($name:ident $slot:ident, $rank:ident, $wire:literal, $map:ident, $body:ident, $kind:ident ()) => {
        $slot.fill($rank, $wire, &mut $map, |map: &mut __A| {
            $crate::object::kind::$kind::read(map, $crate::__place!($name, $wire))
        })
    };
    ($name:ident $slot:ident, $rank:ident, $wire:literal, $map:ident, $body:ident, $kind:ident ($($alias:literal)+)) => {
        $slot.fill_aliased($rank, $wire, &mut $map, |map: &mut __A| {
            $crate::object::kind::$kind::read_aliased(map, $crate::__place!($name, $wire))
        })
    };
}

/// A property by the names of the API description.
#[doc(hidden)]
#[macro_export]
macro_rules! __place {
    ($name:ident, $wire:literal) => {
        &$crate::observe::Place { object: ::core::stringify!($name), property: $wire }
    };
}

/// The place for unlisted properties, if an object has one.
#[doc(hidden)]
#[macro_export]
macro_rules! __rest {
    (new) => {
        ()
    };
    (new $rest:ident) => {
        $crate::extra::Extra::new()
    };
    (of) => {
        &()
    };
    (of $rest:expr) => {
        &$rest
    };
}

/// How a field's value is handed to serde.
#[doc(hidden)]
#[macro_export]
macro_rules! __written {
    (number $value:expr) => {
        $crate::encode::AsNumber($value)
    };
    ($value:expr) => {
        $crate::encode::Encoded($value)
    };
}

/// serde's traits for a type that has ours.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_traits {
    ($name:ident) => {
        #[automatically_derived]
        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::decode::Decode::decode(deserializer)
            }
        }

        #[automatically_derived]
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<__S: $crate::__private::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                $crate::encode::Encode::encode(self, serializer)
            }
        }
    };
}
