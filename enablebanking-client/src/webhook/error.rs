//! The error of a webhook that is not verified.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// The check that a webhook fails.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The `Authorization` header is missing, is too long, or does not hold `Bearer` and a JSON Web Token.
    Authorization,
    /// The token is not a JSON Web Token of the documented form.
    Token,
    /// The token is not signed with RS256 (`alg`).
    Algorithm,
    /// The address of the certificate (`x5u`) is missing or does not belong to Enable Banking.
    CertificateUrl,
    /// The webhook is for another application (`sub`).
    Application,
    /// The webhook is for another environment (`environment`).
    Environment,
    /// The token has expired (`exp`).
    Expired,
    /// The token is not valid yet (`nbf`, `iat`).
    NotYetValid,
    /// The body is not the one that was signed (`msgi`).
    Body,
    /// The certificate could not be fetched.
    Fetch,
    /// The certificate is not an X.509 certificate.
    Certificate,
    /// The certificate has expired, or is not valid yet.
    CertificateValidity,
    /// The key of the certificate is not an RSA key of 2048 to 8192 bits.
    CertificateKey,
    /// The key of the certificate did not sign the token.
    Signature,
}

/// A webhook that is not verified.
///
/// Neither `Display` nor `Debug` shows the token, the body, the certificate, or an address.
#[derive(Clone, Eq, PartialEq)]
pub struct Error {
    kind: ErrorKind,
    text: Cow<'static, str>,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, text: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Returns the check that failed.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns whether the same webhook may pass later, because its certificate could not be fetched.
    ///
    /// Respond with status 503 then, and with 401 to all other errors. The service sends a webhook again unless the status is
    /// 102, 200, 201, 202 or 204.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self.kind, ErrorKind::Fetch)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Error").field("kind", &self.kind).field("text", &self.text).finish()
    }
}

impl StdError for Error {}
