//! Bodies that are forms (`application/x-www-form-urlencoded`).

use serde_json::value::RawValue;
use url::form_urlencoded::byte_serialize;

use super::parameter::{NotFinite, Parameter};
use crate::extra::Extra;

/// The reason why an unlisted property has no text. Its name may be personal, so it is left out.
const NO_TEXT: &str = "an unlisted property is an object or a nested list, which a form cannot hold";

/// A form in the making: names and values, percent-encoded as the URL Standard demands.
#[derive(Default)]
pub(super) struct Form {
    text: String,
}

impl Form {
    /// Adds a pair for each text of a value.
    pub(super) fn value(&mut self, name: &str, value: &impl Parameter) -> Result<(), NotFinite> {
        value.texts(&mut |text| self.pair(name, &text))
    }

    /// Adds properties that are JSON: scalars and lists of scalars. `null` adds no pair.
    pub(super) fn extra(&mut self, extra: &Extra) -> Result<(), &'static str> {
        for (name, json) in extra.iter() {
            if json.starts_with('[') {
                let elements: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| NO_TEXT)?;
                elements.iter().try_for_each(|element| self.json(name, element.get()))?;
            } else {
                self.json(name, json)?;
            }
        }
        Ok(())
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn json(&mut self, name: &str, json: &str) -> Result<(), &'static str> {
        match json.as_bytes().first() {
            Some(b'{' | b'[') | None => return Err(NO_TEXT),
            Some(b'"') => {
                let text: String = serde_json::from_str(json).map_err(|_| NO_TEXT)?;
                self.pair(name, &text);
            }
            Some(b'n') => {}
            // Numbers keep their digits.
            Some(_) => self.pair(name, json),
        }
        Ok(())
    }

    fn pair(&mut self, name: &str, value: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.extend(byte_serialize(name.as_bytes()));
        self.text.push('=');
        self.text.extend(byte_serialize(value.as_bytes()));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    /// An object without described properties.
    struct Anything {
        extra_: Extra,
    }

    crate::object! { Anything { ..extra_ } }

    fn of_json(json: &str) -> Result<String, &'static str> {
        let Anything { extra_ } = serde_json::from_str(json).unwrap();
        let mut form = Form::default();
        form.extra(&extra_).map(|()| form.text)
    }

    #[test]
    fn reserved_characters_and_spaces_are_encoded() {
        let mut form = Form::default();
        form.value("a b", &"&=+% é\n").unwrap();
        form.value("*-._", &"*-._~").unwrap();
        assert_eq!(form.text, "a+b=%26%3D%2B%25+%C3%A9%0A&*-._=*-._%7E");
    }

    #[test]
    fn a_list_has_a_pair_for_each_element_and_a_missing_value_has_none() {
        let mut form = Form::default();
        form.value("none", &None::<String>).unwrap();
        form.value("list", &vec![2_i64, 1]).unwrap();
        form.value("empty", &Vec::<String>::new()).unwrap();
        form.value("text", &"").unwrap();
        form.value("amount", &Some("1.20".parse::<Decimal>().unwrap())).unwrap();
        assert_eq!(form.text, "list=2&list=1&text=&amount=1.20");
        assert!(form.value("ratio", &f64::INFINITY).is_err());
    }

    #[test]
    fn unlisted_properties_are_written_as_text() {
        let json = r#"{"text": "a\u0026 b", "number": 1.20, "flag": true, "none": null, "list": ["a", 2, null]}"#;
        assert_eq!(of_json(json).unwrap(), "text=a%26+b&number=1.20&flag=true&list=a&list=2");
        for json in [r#"{"a": {}}"#, r#"{"a": [["b"]]}"#, r#"{"a": [{"b": 1}]}"#] {
            assert_eq!(of_json(json).unwrap_err(), NO_TEXT, "{json}");
        }
    }
}
