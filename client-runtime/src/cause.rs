//! The cause of an error, in words that hold no data.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// The reason of an [`Error`](crate::error::Error): a short text without values of a request or response.
#[derive(Clone, Eq, PartialEq)]
pub struct Cause(Cow<'static, str>);

impl Cause {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Cause {
    fn from(text: &'static str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Cause {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Cow<'static, str>> for Cause {
    fn from(text: Cow<'static, str>) -> Self {
        Self(text)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl Error for Cause {}

/// An error about a setting that a client is built from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildError(Cow<'static, str>);

impl BuildError {
    /// Creates an error that shows `text`, which must not contain secrets.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for BuildError {}
