//! The macros work among names that clash with their own, and in a crate that denies missing docs.
#![deny(missing_docs, warnings)]
#![no_implicit_prelude]

type String = ::std::string::String;

/// A struct named as the macros' own parts might be.
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub struct Key {
    map: ::std::option::Option<String>,
    key: ::std::option::Option<String>,
    _rank: ::std::option::Option<::std::boxed::Box<Self>>,
    value: A,
    object: D,
    count: S,
    serializer: ::std::vec::Vec<ObjectVisitor>,
    deserializer: ::std::option::Option<Result>,
    formatter: ::std::option::Option<Option>,
    r#match: bool,
    rest: ::openbanking_client_runtime::extra::Extra,
}
::openbanking_client_runtime::object! {
    Key {
        map: "map" => optional,
        key: "self" => nullable,
        _rank: "\"" => optional,
        value: "value" | "" | "værdi" => required,
        object: "fn" => required,
        count: "count" => required,
        serializer: "serializer" => list,
        deserializer: "deserializer" => optional,
        formatter: "formatter" => optional,
        r#match: "match" => required,
        ..rest
    }
}
::openbanking_client_runtime::redacted_debug! {
    Key {
        map: hidden, key: hidden, _rank: hidden, value: hidden, object: hidden, count: shown, serializer: hidden,
        deserializer: shown, formatter: shown, r#match: shown, ..rest
    }
}

macro_rules! empty {
    ($($name:ident)*) => {$(
        /// A struct of an awkward name.
        #[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            name: ::openbanking_client_runtime::extra::Extra,
        }
        ::openbanking_client_runtime::object!($name { ..name, });
        ::openbanking_client_runtime::redacted_debug!($name { ..name, });
    )*};
}
empty!(A D E S T Result ObjectVisitor Slot Visitor);

/// An enum of an awkward name.
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub enum Option {
    /// Listed.
    Some,
    /// Listed.
    None,
    /// Listed.
    Err,
    /// Listed.
    Value,
    /// Not listed.
    Unknown(::openbanking_client_runtime::code::Unlisted<Self>),
}
::openbanking_client_runtime::open_code!(Option { Some => "some", None => "none", Err => "err", Value => "value" });

/// A closed enum of an awkward name.
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub enum Ok {
    /// Listed.
    Err,
}
::openbanking_client_runtime::closed_code!(Ok { Err => "err" });

/// An object of an awkward name.
#[derive(::std::clone::Clone, ::std::cmp::PartialEq)]
pub struct Err {
    /// Its only field.
    pub a: Ok,
}
::openbanking_client_runtime::object!(Err { a: "a" => required });
::openbanking_client_runtime::redacted_debug!(Err { a: shown });

::openbanking_client_runtime::newtype! {
    /// A newtype of an awkward name.
    pub struct From(Uuid);
}
::openbanking_client_runtime::newtype! {
    /// Another one.
    pub struct AsRef(String);
}

/// A struct named as the values of newtypes are.
#[derive(::std::fmt::Debug)]
pub struct Uuid;

#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
#[::std::prelude::v1::test]
fn clashing_names_do_not_matter() {
    let json = r#"{"self":null,"\"":{"self":null,"value":{},"fn":{},"count":{},"match":false},"value":{},"fn":{},"count":{},"formatter":"some","match":true,"rest":{"name":0}}"#;
    let key: Key = ::serde_json::from_str(json).unwrap();
    ::std::assert_eq!(::serde_json::to_string(&key).unwrap(), json);
    let debug = ::std::format!("{key:?}");
    ::std::assert!(
        debug.ends_with("deserializer: None, formatter: Some(Some), match: true, extra: [1 redacted] }"),
        "{debug}"
    );

    let err: Err = ::serde_json::from_str(r#"{"a":"err"}"#).unwrap();
    ::std::assert_eq!(::std::format!("{err:?}"), "Err { a: Err }");

    let from: From = ::serde_json::from_str(r#""6ba7b810-9dad-11d1-80b4-00c04fd430c8""#).unwrap();
    ::std::assert_eq!(::std::format!("{from} {from:?}"), "6ba7b810-9dad-11d1-80b4-00c04fd430c8 From([redacted])");
    let text = <AsRef as ::std::convert::From<&str>>::from("text");
    ::std::assert_eq!(::std::format!("{text} {text:?}"), "text AsRef([redacted])");
    ::std::assert_eq!(::std::format!("{:?}", ::std::mem::size_of::<Uuid>()), "0");
}
