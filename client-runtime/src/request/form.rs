//! Bodies that are forms (`application/x-www-form-urlencoded`).

use serde_json::value::RawValue;
use url::form_urlencoded::byte_serialize;

use super::members::Members;
use super::parameter::{NotFinite, Parameter};
use crate::extra::Extra;

/// The reason why an unlisted property has no text. Its name may be personal, so it is left out.
const NO_TEXT: &str = "an unlisted property is an object or a nested list, which a form cannot hold";

/// The deepest nesting of a value that is written as pairs.
const MAX_DEPTH: usize = 64;

/// The reason why a value is not written as pairs. It is left out, because it may be personal.
const TOO_DEEP: &str = "a value of the form is nested too deep";

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

    /// Adds one pair whose value is a list, with a delimiter that is encoded already.
    pub(super) fn delimited(&mut self, name: &str, value: &impl Parameter, delimiter: &str) -> Result<(), NotFinite> {
        let mut elements: Vec<String> = Vec::new();
        value.texts(&mut |text| elements.push(byte_serialize(text.as_bytes()).collect()))?;
        if !elements.is_empty() {
            self.name(name);
            self.text.push_str(&elements.join(delimiter));
        }
        Ok(())
    }

    /// Adds one pair for all texts of a value, and no pair if it has none.
    pub(super) fn joined(&mut self, name: &str, separator: &str, value: &impl Parameter) -> Result<(), NotFinite> {
        let mut all: Option<String> = None;
        value.texts(&mut |text| match &mut all {
            Some(all) => {
                all.push_str(separator);
                all.push_str(&text);
            }
            None => all = Some(text),
        })?;
        if let Some(all) = all {
            self.pair(name, &all);
        }
        Ok(())
    }

    /// Adds a value that is JSON: objects and lists as JSON, anything else as plain text. `null` adds no pair.
    pub(super) fn value_as_json(&mut self, name: &str, json: &str) -> Result<(), &'static str> {
        if json.starts_with(['{', '[']) {
            self.pair(name, json);
            return Ok(());
        }
        self.json(name, json)
    }

    /// Adds a pair for each member of an object, under its own name.
    pub(super) fn spread(&mut self, json: &str) -> Result<(), &'static str> {
        if json == "null" {
            return Ok(());
        }
        let Members(members) = serde_json::from_str(json).map_err(|_| NO_TEXT)?;
        members.iter().try_for_each(|(name, value)| self.value_as_json(name, value.get()))
    }

    /// Adds a pair for each scalar inside of a value, under the way to it: `a[b][0]`.
    pub(super) fn deep(&mut self, name: &str, json: &str) -> Result<(), &'static str> {
        let mut open = vec![(name.to_owned(), json.to_owned(), 0)];
        while let Some((name, json, depth)) = open.pop() {
            if depth > MAX_DEPTH {
                return Err(TOO_DEEP);
            }
            let inner: Vec<(String, &RawValue)> = match json.as_bytes().first() {
                Some(b'{') => {
                    let Members(members) = serde_json::from_str(&json).map_err(|_| NO_TEXT)?;
                    members
                }
                Some(b'[') => {
                    let items: Vec<&RawValue> = serde_json::from_str(&json).map_err(|_| NO_TEXT)?;
                    items.into_iter().enumerate().map(|(nth, item)| (nth.to_string(), item)).collect()
                }
                _ => {
                    self.json(&name, &json)?;
                    continue;
                }
            };
            let inner = inner.into_iter().rev();
            open.extend(inner.map(|(key, value)| (format!("{name}[{key}]"), value.get().to_owned(), depth + 1)));
        }
        Ok(())
    }

    pub(super) fn into_text(self) -> String {
        self.text
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

    pub(super) fn pair(&mut self, name: &str, value: &str) {
        self.name(name);
        self.text.extend(byte_serialize(value.as_bytes()));
    }

    fn name(&mut self, name: &str) {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.extend(byte_serialize(name.as_bytes()));
        self.text.push('=');
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
    fn a_value_with_parts_is_written_in_the_way_that_is_described() {
        let json = r#"{"b":{"c":"x y","d":[1.50,{"e":true}]},"f":null,"g":[]}"#;
        let mut form = Form::default();
        form.deep("a", json).unwrap();
        form.deep("plain", "\"x\"").unwrap();
        let names = "a%5Bb%5D%5Bc%5D=x+y&a%5Bb%5D%5Bd%5D%5B0%5D=1.50&a%5Bb%5D%5Bd%5D%5B1%5D%5Be%5D=true&plain=x";
        assert_eq!(form.text, names);
        let mut form = Form::default();
        form.value_as_json("a", json).unwrap();
        form.value_as_json("none", "null").unwrap();
        form.value_as_json("text", "\"x\"").unwrap();
        assert!(form.text.starts_with("a=%7B%22b%22%3A") && form.text.ends_with("&text=x"), "{}", form.text);
        let mut form = Form::default();
        form.spread(r#"{"b":"x","a":1.0,"c":null}"#).unwrap();
        form.spread("null").unwrap();
        assert_eq!(form.text, "b=x&a=1.0");
    }

    #[test]
    fn a_list_is_joined_into_one_pair() {
        let mut form = Form::default();
        form.joined("list", ",", &vec![1_i64, 2]).unwrap();
        form.joined("empty", ",", &Vec::<String>::new()).unwrap();
        form.joined("none", ",", &None::<Vec<String>>).unwrap();
        form.joined("one", "|", &vec!["a".to_owned()]).unwrap();
        assert_eq!(form.text, "list=1%2C2&one=a");
    }

    #[test]
    fn a_value_that_is_nested_too_deep_is_refused() {
        let json = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(Form::default().deep("a", &json), Err(TOO_DEEP));
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
