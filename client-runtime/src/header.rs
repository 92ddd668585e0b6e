//! Headers whose values are not shown.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use http::header::{HeaderName, HeaderValue};

use crate::cause::BuildError;

/// A checked header. `Debug` does not show its value.
#[derive(Clone)]
pub struct ContextHeader {
    pub(crate) name: HeaderName,
    pub(crate) value: HeaderValue,
}

impl ContextHeader {
    /// Creates a header.
    ///
    /// # Errors
    ///
    /// Returns an error if the name or the value contains characters that are not allowed. It does not show the value.
    pub fn new(name: &str, text: &str) -> Result<Self, BuildError> {
        let value = header_value(name, text)?;
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => Ok(Self { name, value }),
            Err(_) => Err(BuildError::new("a header name contains characters that are not allowed")),
        }
    }

    /// Returns whether it has this name, in any case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.as_str().eq_ignore_ascii_case(name)
    }
}

impl fmt::Debug for ContextHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ContextHeader").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A header value that `Debug` does not show.
#[derive(Clone)]
pub struct SecretHeader(pub(crate) HeaderValue);

impl SecretHeader {
    /// Creates a value without a scheme, such as an API key.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is empty or contains characters that are not allowed in a header.
    pub fn plain(value: &str) -> Result<Self, AuthorizeError> {
        let valid = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::try_from(value).ok().filter(|_| valid);
        let mut value = value
            .ok_or(AuthorizeError::new("the key is empty or contains characters that are not allowed in a header"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// Creates `Bearer` with a token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token is empty or contains characters that are not allowed in a header.
    pub fn bearer(token: &str) -> Result<Self, AuthorizeError> {
        let valid = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::try_from(format!("Bearer {token}")).ok().filter(|_| valid);
        let mut value = value
            .ok_or(AuthorizeError::new("the token is empty or contains characters that are not allowed in a header"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl fmt::Debug for SecretHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretHeader([redacted])")
    }
}

/// The reason why there are no credentials for a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthorizeError(Cow<'static, str>);

impl AuthorizeError {
    /// Creates an error that shows `text`, which must not contain secrets.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for AuthorizeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for AuthorizeError {}

pub(crate) fn header_value(name: &str, text: &str) -> Result<HeaderValue, BuildError> {
    let Ok(mut value) = HeaderValue::from_str(text) else {
        return Err(BuildError::new(format!(
            "the value of `{}` contains characters that are not allowed in a header",
            name.escape_debug()
        )));
    };
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn a_header_shows_its_name_alone() {
        let header = ContextHeader::new("Psu-Referer", "hunter2").unwrap();
        assert_eq!(format!("{header:?}"), r#"ContextHeader { name: "psu-referer", .. }"#);
        assert!(header.is_named("PSU-REFERER") && !header.is_named("psu"));
        assert!(!ContextHeader::new("psu-referer", "hunter2\n").unwrap_err().to_string().contains("hunter2"));
    }
}
