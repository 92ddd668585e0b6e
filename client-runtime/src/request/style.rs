//! Parameters that are not one text for each value: lists in one text, objects, and JSON.

use serde_json::Value;

use super::Request;
use super::form::Form;
use super::parameter::Parameter;
use crate::encode::{Encode, Encoded};

/// The reason of a value that has no JSON. The message of serde_json may quote a value.
const NOT_JSON: &str = "the value cannot be written as JSON";

/// The characters between the elements of a list in one text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Delimiter {
    /// A comma: `a,b`.
    Comma,
    /// A space: `a%20b`.
    Space,
    /// A vertical bar: `a%7Cb`.
    Pipe,
}

impl Delimiter {
    fn encoded(self) -> &'static str {
        match self {
            Self::Comma => ",",
            Self::Space => "%20",
            Self::Pipe => "%7C",
        }
    }
}

impl Request {
    /// Adds a query parameter with all elements of a list in one text.
    pub fn query_joined(&mut self, name: &'static str, value: &impl Parameter, delimiter: Delimiter) {
        self.refuse_clash(name);
        let result = self.query.delimited(name, value, delimiter.encoded());
        self.check(name, result);
    }

    /// Adds an object to the query in the style `deepObject`: `filter[from]=1&filter[to]=2`. Inner lists have indices:
    /// `filter[ids][0]=1`. A value without parts is a plain parameter.
    pub fn query_deep(&mut self, name: &'static str, value: &impl Encode) {
        self.refuse_clash(name);
        // The text keeps the digits of numbers.
        let json = serde_json::to_string(&Encoded(value)).map_err(|_| NOT_JSON);
        if let Err(problem) = json.and_then(|json| self.query.deep(name, &json)) {
            self.refuse(format!("`{name}`: {problem}"));
        }
    }

    /// Adds an object to the query in the style `form`: a parameter for each of its properties. A list has one for each
    /// of its elements, under `name`.
    pub fn query_form(&mut self, name: &'static str, value: &impl Encode) {
        self.refuse_clash(name);
        match self.json_value(name, value) {
            Some(Value::Object(members)) => {
                for (key, member) in &members {
                    form(&mut self.query, key, member);
                }
            }
            Some(value) => form(&mut self.query, name, &value),
            None => {}
        }
    }

    /// Adds a query parameter as JSON text; `null` adds none.
    pub fn query_json(&mut self, name: &'static str, value: &impl Encode) {
        self.refuse_clash(name);
        if let Some(value) = self.json_value(name, value).filter(|value| !value.is_null()) {
            self.query.pair(name, &value.to_string());
        }
    }

    /// Sets the value of a path parameter that is a list, separated by commas.
    pub fn path_joined(&mut self, name: &'static str, value: &impl Parameter) {
        let mut elements = Vec::new();
        let result = value.texts(&mut |text| elements.push(text));
        self.check(name, result);
        self.path.push((name, elements.join(",")));
    }

    /// Adds a header that is a list, separated by commas. An empty list adds none.
    pub fn header_joined(&mut self, name: &'static str, value: &impl Parameter) {
        let mut elements = Vec::new();
        let result = value.texts(&mut |text| elements.push(text));
        self.check(name, result);
        self.header(name, &(!elements.is_empty()).then(|| elements.join(",")));
    }

    /// Sets the value of a path parameter of several types, which has to be a string, number or boolean.
    pub fn path_value(&mut self, name: &'static str, value: &impl Encode) {
        let text = self.json_value(name, value).and_then(|value| text(&value));
        match text {
            Some(text) => self.path.push((name, text)),
            None => self.refuse(format!("`{name}` is a list, an object or null, which a path cannot hold")),
        }
    }

    /// Adds a header of several types, which has to be a string, number or boolean; `null` adds none.
    pub fn header_value(&mut self, name: &'static str, value: &impl Encode) {
        match self.json_value(name, value) {
            None | Some(Value::Null) => {}
            Some(value) => match text(&value) {
                Some(text) => self.header(name, &text),
                None => self.refuse(format!("`{name}` is a list or an object, which a header cannot hold")),
            },
        }
    }

    fn refuse_clash(&mut self, name: &str) {
        if let Some(clash) = self.extra.clash_in_query(name) {
            self.refuse(clash);
        }
    }

    fn json_value(&mut self, name: &str, value: &impl Encode) -> Option<Value> {
        let value = serde_json::to_value(Encoded(value)).ok();
        if value.is_none() {
            self.refuse(format!("`{name}`: {NOT_JSON}"));
        }
        value
    }
}

/// The text of a value without parts.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Adds a pair for a scalar, and one for each element of a list. Objects inside of others are written as JSON.
fn form(query: &mut Form, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => query.pair(name, text),
        Value::Array(elements) => elements.iter().for_each(|element| form(query, name, element)),
        other => query.pair(name, &other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_values_without_parts_have_a_text() {
        for (value, expected) in [(json!("a"), Some("a")), (json!(1.5), Some("1.5")), (json!(true), Some("true"))] {
            assert_eq!(text(&value).as_deref(), expected);
        }
        for value in [json!(null), json!([1]), json!({"a": 1})] {
            assert_eq!(text(&value), None);
        }
    }

    #[test]
    fn lists_in_one_text_keep_their_delimiter() {
        let value = vec!["a,b".to_owned(), "c d".to_owned()];
        for (delimiter, expected) in
            [(Delimiter::Comma, "q=a%2Cb,c+d"), (Delimiter::Space, "q=a%2Cb%20c+d"), (Delimiter::Pipe, "q=a%2Cb%7Cc+d")]
        {
            let mut query = Form::default();
            assert!(query.delimited("q", &value, delimiter.encoded()).is_ok());
            assert_eq!(query.into_text(), expected);
        }
        let mut query = Form::default();
        assert!(query.delimited("q", &Vec::<String>::new(), ",").is_ok());
        assert_eq!(query.into_text(), "");
    }
}
