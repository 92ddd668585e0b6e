//! Who calls.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::SystemTime;

use reqwest::header::HeaderValue;

/// Gives the `Authorization` header of each request.
pub trait Authorize: Send + Sync {
    /// The header for a request sent now. Called for every request: keep what is costly to make.
    ///
    /// # Errors
    ///
    /// When there is none; the request is not sent then.
    fn authorization(&self) -> Result<SecretHeader, AuthorizeError>;

    /// Whether a request that was refused with status 401 shall be sent once more, with what
    /// [`authorization`](Self::authorization) gives now. Asked once for a call, and never where the request may be sent
    /// once only. The answer is no, unless this is implemented.
    fn renews(&self, refused: &Refused<'_>) -> bool {
        let _ = refused;
        false
    }

    /// Told that the request was refused again, with what [`renews`](Self::renews) had a reason for.
    fn renewed_in_vain(&self, refused: &Refused<'_>) {
        let _ = refused;
    }
}

/// An answer with status 401, as far as it says why.
#[derive(Clone, Copy)]
pub struct Refused<'a> {
    pub(crate) sent: &'a HeaderValue,
    pub(crate) date: Option<SystemTime>,
    pub(crate) body: &'a [u8],
}

impl Refused<'_> {
    /// Whether the request carried this header.
    #[must_use]
    pub fn carried(&self, header: &SecretHeader) -> bool {
        *self.sent == header.0
    }

    /// What time it is by the clock of the service, from the header `Date`.
    #[must_use]
    pub const fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// The body of the answer.
    #[must_use]
    pub const fn body(&self) -> &[u8] {
        self.body
    }
}

impl fmt::Debug for Refused<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Refused").field("date", &self.date).finish_non_exhaustive()
    }
}

/// A header value that nothing shows.
#[derive(Clone)]
pub struct SecretHeader(pub(super) HeaderValue);

impl SecretHeader {
    /// A value as it is, such as an API key.
    ///
    /// # Errors
    ///
    /// When it holds what no header may.
    pub fn plain(value: &str) -> Result<Self, AuthorizeError> {
        let valid = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::try_from(value).ok().filter(|_| valid);
        let mut value = value.ok_or(AuthorizeError::new("the key is empty or holds characters that no header may"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// `Bearer` and a token.
    ///
    /// # Errors
    ///
    /// When the token holds what no header may.
    pub fn bearer(token: &str) -> Result<Self, AuthorizeError> {
        let valid = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::try_from(format!("Bearer {token}")).ok().filter(|_| valid);
        let mut value =
            value.ok_or(AuthorizeError::new("the token is empty or holds characters that no header may"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }
}

impl fmt::Debug for SecretHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretHeader([redacted])")
    }
}

/// Why there is no authorization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthorizeError(Cow<'static, str>);

impl AuthorizeError {
    /// An error that shows `text`, which must hold no secret.
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

/// A token that stays the same.
#[derive(Clone, Debug)]
pub struct BearerToken(SecretHeader);

impl BearerToken {
    /// Authorization by `token`.
    ///
    /// # Errors
    ///
    /// When the token holds what no header may.
    pub fn new(token: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::bearer(token).map(Self)
    }
}

impl Authorize for BearerToken {
    fn authorization(&self) -> Result<SecretHeader, AuthorizeError> {
        Ok(self.0.clone())
    }
}

/// A key that stays the same, for services that want it in a header of their own.
#[derive(Clone, Debug)]
pub struct ApiKey(SecretHeader);

impl ApiKey {
    /// Authorization by `key`.
    ///
    /// # Errors
    ///
    /// When the key holds what no header may.
    pub fn new(key: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::plain(key).map(Self)
    }
}

impl Authorize for ApiKey {
    fn authorization(&self) -> Result<SecretHeader, AuthorizeError> {
        Ok(self.0.clone())
    }
}
