//! A value of a record.

use std::borrow::Cow;

use enablebanking_client::chrono::NaiveDate;
use enablebanking_client::rust_decimal::Decimal;

/// A value of a record, which each format writes in its own way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A sum of money, with all of its digits.
    Amount(Decimal),
    Number(u64),
    Date(NaiveDate),
    Bool(bool),
    List(Vec<Cow<'a, str>>),
}

impl<'a> Cell<'a> {
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// Returns the value as text, as CSV has it: amounts with a point, elements of a list with spaces between them.
    pub(crate) fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Amount(amount) => amount.to_string().into(),
            Self::Number(number) => number.to_string().into(),
            Self::Date(date) => date.to_string().into(),
            Self::Bool(value) => value.to_string().into(),
            Self::List(list) => list.join(" ").into(),
        }
    }

    /// Appends the value as JSON: amounts are strings, so that no digit is lost.
    pub(super) fn write_json(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        match self {
            Self::Empty => serde_json::to_writer(json, &()),
            Self::Number(number) => serde_json::to_writer(json, number),
            Self::Bool(value) => serde_json::to_writer(json, value),
            Self::List(list) => serde_json::to_writer(json, list),
            Self::Text(_) | Self::Amount(_) | Self::Date(_) => serde_json::to_writer(json, &self.as_text()),
        }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::text(text)
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(text: &'a String) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Decimal> for Cell<'_> {
    fn from(amount: Decimal) -> Self {
        Self::Amount(amount)
    }
}

impl From<NaiveDate> for Cell<'_> {
    fn from(date: NaiveDate) -> Self {
        Self::Date(date)
    }
}

impl From<bool> for Cell<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}
