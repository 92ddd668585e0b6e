//! Scalars that show differences in how they are written.

use serde_json::Value;

use crate::theirs::Location;

/// The number of values that a call gives, and which ones it prefers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Style {
    /// Only required values, with the examples of the document.
    Least,
    /// Everything, with several elements in lists.
    All,
    /// Everything, with null, empty lists and empty texts where they are allowed.
    Odd,
}

/// Texts for any part of a path: what would end the segment, the path or an escape, and other alphabets.
const IN_PATH: &[&str] = &["a b/c", "ä?x=1&y#z%2F+", r#"~!$'()*,;:@[]{}|\^`"<>."#, "%", "日本 👋", "...", "-_"];

/// Texts for the query: what would end the value, the pair or the query.
const IN_QUERY: &[&str] =
    &["a b+c", "ä=1&y#z%2F", r#"~!$'()*,;:@[]{}|\^`"<>."#, "%", "日本 👋", "x/y?z", "line\nbreak\ttab"];

/// Texts for a header.
const IN_HEADER: &[&str] = &["a b;c=\"d\"", "v1, v2", "x:y/z?q=%41", "~!#$&'*+-.^_`|"];

/// Texts for a body: what JSON escapes, and what it does not.
const IN_BODY: &[&str] = &["plain", "a \"b\" \\ c/d", "line\nbreak\ttab\u{1}\u{7f}", "ä日👋\u{2028}<&>", ""];

const DATES: &[&str] = &["2024-02-29", "1970-01-01", "9999-12-31"];
const MOMENTS: &[&str] = &["2024-02-29T23:59:59Z", "1999-12-31T23:59:59.123456789Z", "2025-06-01T12:00:00.5+02:00"];
const UUIDS: &[&str] = &["00000000-0000-0000-0000-000000000000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"];
const DECIMALS: &[&str] = &["12.50", "-0.01", "1000000000000"];
const NUMBERS: &[&str] = &["0.1", "-2.5", "1e21", "12345678.9", "3.0", "1e-7", "0.30000000000000004", "100"];
const FLOATS: &[&str] = &["0.1", "-2.5", "16777216.0", "3.0"];

/// Chooses scalars, another one each time.
pub(crate) struct Scalars {
    pub(crate) style: Style,
    location: Location,
    turn: usize,
}

impl Scalars {
    /// Returns the scalars for one part of a request. `index` is its place among the others, so that two parts of one
    /// request differ.
    pub(crate) fn new(style: Style, location: Location, index: usize) -> Self {
        let offset = match style {
            Style::Least => 0,
            Style::All => 1,
            Style::Odd => 2,
        };
        Self { style, location, turn: index + offset }
    }

    fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let index = self.turn.checked_rem(choices.len())?;
        self.turn += 1;
        choices.get(index)
    }

    /// Returns a value of an enum.
    pub(crate) fn code(&mut self, schema: &Value) -> String {
        let plain = schema["enum"].as_array().into_iter().flatten();
        let documented = schema["oneOf"].as_array().into_iter().flatten().map(|variant| &variant["enum"][0]);
        let values: Vec<_> = plain.chain(documented).filter(|value| value.is_string()).collect();
        self.pick(&values).map_or_else(|| "null".to_owned(), ToString::to_string)
    }

    pub(crate) fn flag(&mut self) -> String {
        self.pick(&["true", "false"]).copied().unwrap_or_default().to_owned()
    }

    /// Returns an integer within the bounds and the format of a schema.
    pub(crate) fn integer(&mut self, schema: &Value) -> String {
        let (least, most) = match schema["format"].as_str() {
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Some("uint8") => (0, i64::from(u8::MAX)),
            Some("uint16") => (0, i64::from(u16::MAX)),
            Some("uint32") => (0, i64::from(u32::MAX)),
            Some("uint64") => (0, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        let least = schema["minimum"].as_i64().unwrap_or(least).max(least);
        let most = schema["maximum"].as_i64().unwrap_or(most).min(most);
        let choices = [1, 0, -1, 42, i64::from(i32::MAX), least, most];
        let choices: Vec<_> = choices.into_iter().filter(|choice| (least..=most).contains(choice)).collect();
        self.pick(&choices).copied().unwrap_or_default().to_string()
    }

    /// Returns a number within the bounds and the format of a schema.
    pub(crate) fn number(&mut self, schema: &Value) -> String {
        let choices = match schema["format"].as_str() {
            Some("decimal") => DECIMALS,
            Some("float") => FLOATS,
            _ => NUMBERS,
        };
        let bound = |key: &str, otherwise| schema[key].as_f64().unwrap_or(otherwise);
        let range = bound("minimum", f64::MIN)..=bound("maximum", f64::MAX);
        let fits = |choice: &&&str| choice.parse().is_ok_and(|number: f64| range.contains(&number));
        let choices: Vec<_> = choices.iter().filter(fits).copied().collect();
        self.pick(&choices).copied().unwrap_or("0").to_owned()
    }

    /// Returns a text that fits the format and the bounds of a schema.
    pub(crate) fn text(&mut self, schema: &Value) -> String {
        let choices: &[&str] = match (schema["format"].as_str(), self.location) {
            (Some("date"), _) => DATES,
            (Some("date-time"), _) => MOMENTS,
            (Some("uuid" | "uuid4"), _) => UUIDS,
            (Some("decimal"), _) => DECIMALS,
            (Some("ip"), _) => &["192.0.2.1", "2001:db8::1"],
            (Some("ipv4"), _) => &["192.0.2.1", "0.0.0.0"],
            (Some("ipv6"), _) => &["2001:db8::1", "::ffff:192.0.2.1"],
            (_, Location::Path) => IN_PATH,
            (_, Location::Query) if self.style == Style::Odd => &["", " "],
            (_, Location::Query) => IN_QUERY,
            (_, Location::Header) => IN_HEADER,
            (_, Location::Body) => IN_BODY,
        };
        let example = schema["example"].as_str();
        let bound = |key: &str| schema[key].as_u64().and_then(|bound| usize::try_from(bound).ok());
        let length = bound("minLength").unwrap_or_default()..=bound("maxLength").unwrap_or(usize::MAX);
        let fits = |text: &&str| length.contains(&text.chars().count()) && schema.get("pattern").is_none();
        let choices: Vec<_> = choices.iter().copied().filter(fits).collect();
        let text = match example {
            Some(example) if self.style == Style::Least || choices.is_empty() => example.to_owned(),
            _ => self.pick(&choices).map_or_else(|| "x".repeat(*length.start()), |text| (*text).to_owned()),
        };
        Value::from(text).to_string()
    }

    /// Returns any JSON.
    pub(crate) fn anything(&mut self) -> String {
        let choices = [
            r#"{"z":[1,2.5,"ä",null,true],"a":{"b":{},"":""}}"#,
            r#""a \"text\"""#,
            "[[],{},-1,1e300]",
            "12345678901234567890",
            "false",
        ];
        self.pick(&choices).copied().unwrap_or_default().to_owned()
    }
}
