//! One value from a body that is cut or does not match the API description.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use crate::decode::Decode;
use crate::repair::Repaired;

/// Decodes the value under a key of the outermost object, if the body contains it.
pub(super) fn find<T: for<'de> Decode<'de>>(body: &[u8], key: &str) -> Option<T> {
    let find = |json: &[u8]| {
        let mut found = None;
        let finder = Finder { key, found: &mut found };
        // The rest of the body may be broken. A value before that counts.
        let _ = serde_json::Deserializer::from_slice(json).deserialize_map(finder);
        found
    };
    find(body).or_else(|| find(Repaired::new(body).text.as_bytes()))
}

struct Finder<'a, T> {
    key: &'a str,
    found: &'a mut Option<T>,
}

impl<'de, T: for<'v> Decode<'v>> Visitor<'de> for Finder<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                *self.found = Some(map.next_value_seed(Decoding(std::marker::PhantomData))?);
                return Err(A::Error::custom("found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

struct Decoding<T>(std::marker::PhantomData<T>);

impl<'de, T: for<'v> Decode<'v>> DeserializeSeed<'de> for Decoding<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::decode(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_value_is_found_before_and_after_what_is_wrong() {
        for (body, found) in [
            (r#"{"id": "one"}"#, Some("one")),
            (r#"{"id": "one", "list": [1, 2"#, Some("one")),
            (r#"{"list": [null], "id": "one"}"#, Some("one")),
            ("{\"text\": \"\n\u{0}\", \"id\": \"one\"}", Some("one")),
            (r#"{"list": [1, 2"#, None),
            (r#"{"id": "on"#, None),
            (r#"{"inner": {"id": "one"}}"#, None),
            (r#"{"id": 1}"#, None),
            ("[]", None),
            ("", None),
            ("<html>", None),
        ] {
            assert_eq!(find::<String>(body.as_bytes(), "id").as_deref(), found, "{body}");
        }
    }
}
