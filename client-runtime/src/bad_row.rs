//! Elements of lists that do not match the API description.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use crate::cause::Cause;
use crate::observe::DeviationKind;

/// One element of a list that does not match the API description.
///
/// `Display` and `Debug` show where and what is wrong, and no value.
#[derive(Clone, Eq, PartialEq)]
#[doc(alias = "invalid row")]
#[doc(alias = "partial response")]
pub struct BadRow {
    pub(crate) index: usize,
    pub(crate) position: usize,
    pub(crate) path: String,
    pub(crate) cause: Cause,
    pub(crate) json: Bytes,
    pub(crate) fault: Fault,
}

/// The kind of fault of an element.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// A value that does not match the API description.
    Value,
    /// `null` in place of an object or a list.
    Null,
    /// Bytes that are not UTF-8, control characters, or text after the JSON value.
    Text,
}

impl BadRow {
    /// Returns the path of the unexpected value in the response, such as `transactions[1].amount`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the index of the element in its list as it was received, starting at 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Returns the number of good elements before it in its list.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Returns the way in which the element deviates from the API description, and the path of the property.
    pub(crate) fn deviation(&self) -> (DeviationKind, Cow<'_, str>) {
        if let Some(name) = self.cause.text().strip_prefix("missing field `") {
            return (DeviationKind::MissingProperty, format!("{}.{}", self.path, name.trim_end_matches('`')).into());
        }
        let kind = if self.is_null() { DeviationKind::UnexpectedNull } else { DeviationKind::UnexpectedValue };
        (kind, self.path.as_str().into())
    }

    /// Returns whether the value at the path is `null`.
    fn is_null(&self) -> bool {
        let Ok(element) = serde_json::from_slice::<Value>(&self.json) else { return self.fault == Fault::Null };
        let (_, inner) = self.path.split_once(']').unwrap_or_default();
        let steps = inner.split(['.', '[']).filter(|step| !step.is_empty());
        let value = steps.into_iter().try_fold(&element, |value, step| match step.strip_suffix(']') {
            Some(index) => value.get(index.parse::<usize>().ok()?),
            None => value.get(step),
        });
        value.is_some_and(Value::is_null)
    }

    /// Returns the element as it was received. It may contain personal data, and `Debug` does not show it.
    #[must_use]
    pub fn json(&self) -> &[u8] {
        &self.json
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.path, self.cause)
    }
}

impl fmt::Debug for BadRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BadRow").field("path", &self.path).field("cause", &self.cause).finish_non_exhaustive()
    }
}

impl Error for BadRow {}
