//! Reading one value of any shape as JSON text.

use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use super::texts::Texts;

/// A value is asked for under this name if serde_json is to return its text. The name is internal to serde_json:
/// `Box<RawValue>` asks for the same, but copies the text once more, and cannot be read from other formats. Under
/// another name a value would be parsed and written again, with the same meaning.
const RAW: &str = "$serde_json::private::RawValue";

/// Reads a value and adds its JSON text to the texts.
///
/// A value that JSON cannot express, which other formats than JSON may have, is `null`.
pub(super) struct RawSeed<'t>(pub(super) &'t mut Texts);

impl<'de> DeserializeSeed<'de> for RawSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match deserializer.deserialize_newtype_struct(RAW, Reader(Some(&mut *self.0)))? {
            Found::Text => {}
            Found::Value(value) => self.0.push(&value.to_string()),
        }
        Ok(())
    }
}

/// Reads a value of any shape as JSON text.
///
/// # Errors
///
/// Returns an error if the input is not a value.
pub(crate) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let mut texts = Texts::default();
    RawSeed(&mut texts).deserialize(deserializer)?;
    let text = texts.iter().next().unwrap_or("null").to_owned();
    Ok(text)
}

enum Found {
    /// The text, which is added already.
    Text,
    /// A value that did not come as text.
    Value(Value),
}

/// Reads a value, or its text if there is a place for it.
struct Reader<'t>(Option<&'t mut Texts>);

/// A value inside of another one.
struct Inner(Value);

impl<'de> Deserialize<'de> for Inner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(Reader(None))? {
            Found::Text => Ok(Self(Value::Null)),
            Found::Value(value) => Ok(Self(value)),
        }
    }
}

macro_rules! scalars {
    ($($method:ident($value:ident: $type:ty) => $made:expr;)*) => {$(
        fn $method<E: Error>(self, $value: $type) -> Result<Found, E> {
            Ok(Found::Value($made))
        }
    )*};
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Found;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    scalars! {
        visit_bool(value: bool) => value.into();
        visit_i64(value: i64) => value.into();
        visit_u64(value: u64) => value.into();
        visit_i128(value: i128) => Number::from_i128(value).map_or(Value::Null, Value::Number);
        visit_u128(value: u128) => Number::from_u128(value).map_or(Value::Null, Value::Number);
        visit_f64(value: f64) => value.into();
        visit_str(value: &str) => value.into();
        visit_bytes(_value: &[u8]) => Value::Null;
    }

    fn visit_unit<E: Error>(self) -> Result<Found, E> {
        Ok(Found::Value(Value::Null))
    }

    fn visit_none<E: Error>(self) -> Result<Found, E> {
        Ok(Found::Value(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        Inner::deserialize(deserializer).map(|inner| Found::Value(inner.0))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        self.visit_some(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        let mut elements = Vec::new();
        while let Some(Inner(element)) = list.next_element()? {
            elements.push(element);
        }
        Ok(Found::Value(elements.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let mut texts = self.0;
        let mut members = Map::new();
        while let Some(key) = map.next_key()? {
            match (key, texts.take()) {
                (Key::Raw, Some(texts)) => return map.next_value_seed(Text(texts)).map(|()| Found::Text),
                (Key::Raw, None) => drop(members.insert(RAW.to_owned(), map.next_value::<Inner>()?.0)),
                (Key::Text(key), _) => drop(members.insert(key, map.next_value::<Inner>()?.0)),
                (Key::Other, _) => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Found::Value(members.into()))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Found, A::Error> {
        IgnoredAny.visit_enum(data).map(|_| Found::Value(Value::Null))
    }
}

/// The text of a value, as serde_json returns it.
struct Text<'t>(&'t mut Texts);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        push_json(self.0, text);
        Ok(())
    }
}

/// A key of an object.
enum Key {
    Raw,
    Text(String),
    /// A key that JSON does not have.
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(if key == RAW { Key::Raw } else { Key::Text(key.to_owned()) })
    }

    fn visit_bool<E: Error>(self, key: bool) -> Result<Key, E> {
        Ok(Key::Text(key.to_string()))
    }

    fn visit_i64<E: Error>(self, key: i64) -> Result<Key, E> {
        Ok(Key::Text(key.to_string()))
    }

    fn visit_u64<E: Error>(self, key: u64) -> Result<Key, E> {
        Ok(Key::Text(key.to_string()))
    }

    fn visit_f64<E: Error>(self, _key: f64) -> Result<Key, E> {
        Ok(Key::Other)
    }

    fn visit_bytes<E: Error>(self, _key: &[u8]) -> Result<Key, E> {
        Ok(Key::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Key, E> {
        Ok(Key::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Key, A::Error> {
        IgnoredAny.visit_seq(list).map(|_| Key::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Key, A::Error> {
        IgnoredAny.visit_map(map).map(|_| Key::Other)
    }
}

/// Adds JSON text on one line: whitespace is dropped if the text has a line break or a tab.
///
/// Text with line breaks would break formats with a value on each line, and it is larger than it needs to be.
pub(super) fn push_json(texts: &mut Texts, json: &str) {
    if json.contains(['\n', '\r', '\t']) {
        texts.push_pieces(Compact(json).map(str::len).sum(), Compact(json));
    } else {
        texts.push(json);
    }
}

/// The pieces of JSON text between which there is whitespace.
struct Compact<'a>(&'a str);

impl<'a> Iterator for Compact<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0.trim_ascii_start();
        if text.is_empty() {
            return None;
        }
        let end = match text.strip_prefix('"') {
            Some(string) => 1 + string_end(string),
            None => text.find(|c: char| c == '"' || c.is_ascii_whitespace()).unwrap_or(text.len()),
        };
        let (piece, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        Some(piece)
    }
}

/// The place after the quote that ends a string.
fn string_end(string: &str) -> usize {
    let mut is_escaped = false;
    for (place, byte) in string.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    string.len()
}

#[cfg(test)]
mod tests {
    use super::Compact;

    #[test]
    fn whitespace_is_dropped_outside_of_strings_only() {
        for (json, compact) in [
            ("{\n  \"a b\": [1, 2],\r\n\t\"c\\\" \\\\\": \"d e\" }", r#"{"a b":[1,2],"c\" \\":"d e"}"#),
            (" 1\n", "1"),
            ("[\n\"é \",true , null]", r#"["é ",true,null]"#),
            ("", ""),
        ] {
            assert_eq!(Compact(json).collect::<String>(), compact, "{json}");
        }
    }
}
