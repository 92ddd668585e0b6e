//! Headers whose values are not shown.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
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
    /// Creates a value of visible ASCII characters with spaces between them, such as a signature.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is empty or contains characters that are not allowed in a header.
    pub fn new(value: &str) -> Result<Self, AuthorizeError> {
        let is_text = value.trim() == value && value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        Self::checked(value, is_text && !value.is_empty())
            .ok_or(AuthorizeError::new("the value is empty or contains characters that are not allowed in a header"))
    }

    /// Creates a value without a scheme, such as an API key.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is empty or contains characters that are not allowed in a header.
    pub fn plain(value: &str) -> Result<Self, AuthorizeError> {
        Self::checked(value, is_word(value))
            .ok_or(AuthorizeError::new("the key is empty or contains characters that are not allowed in a header"))
    }

    /// Creates `Bearer` with a token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token is empty or contains characters that are not allowed in a header.
    pub fn bearer(token: &str) -> Result<Self, AuthorizeError> {
        Self::checked(&format!("Bearer {token}"), is_word(token))
            .ok_or(AuthorizeError::new("the token is empty or contains characters that are not allowed in a header"))
    }

    /// Creates `Basic` with a user name and password, in UTF-8.
    ///
    /// # Errors
    ///
    /// Returns an error if the user name contains a colon, or if one of them contains a control character.
    pub fn basic(user: &str, password: &str) -> Result<Self, AuthorizeError> {
        if user.contains(':') {
            return Err(AuthorizeError::new("the user name contains a colon, which would end it"));
        }
        let encoded = STANDARD.encode(format!("{user}:{password}"));
        let has_control = user.chars().chain(password.chars()).any(char::is_control);
        Self::checked(&format!("Basic {encoded}"), !has_control)
            .ok_or(AuthorizeError::new("the user name or password contains a control character"))
    }

    fn checked(text: &str, is_valid: bool) -> Option<Self> {
        let mut value = HeaderValue::try_from(text).ok().filter(|_| is_valid)?;
        value.set_sensitive(true);
        Some(Self(value))
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

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

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

    #[test]
    fn a_user_name_and_password_are_sent_as_rfc_7617_says() {
        for (user, password, expected) in [
            ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test", "123\u{a3}", "Basic dGVzdDoxMjPCow=="),
            ("", "", "Basic Og=="),
            ("a", "b:c", "Basic YTpiOmM="),
        ] {
            assert_eq!(SecretHeader::basic(user, password).unwrap().0, expected);
        }
        for (user, password) in [("a:b", "c"), ("a\n", "hunter2"), ("a", "hunter2\u{7f}")] {
            let error = SecretHeader::basic(user, password).unwrap_err().to_string();
            assert!(!error.contains("hunter2") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_signature_may_contain_spaces_and_no_line_break() {
        assert_eq!(SecretHeader::new("keyId=\"a\", b=c").unwrap().0, "keyId=\"a\", b=c");
        for value in ["", " ", " a", "a ", "a\nb", "a\r\nb: c", "\u{e9}", "a\tb"] {
            SecretHeader::new(value).unwrap_err();
        }
    }
}
