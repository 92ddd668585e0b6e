//! Errors about credentials.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// The kind of an error about credentials.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CredentialsErrorKind {
    /// A variable of the environment is not set, or empty.
    VariableMissing,
    /// Two variables that exclude each other are set.
    VariableConflict,
    /// The application id is not a UUID.
    ApplicationId,
    /// The file of the private key cannot be read.
    Unreadable,
    /// The text has no private key in PEM.
    NoPrivateKey,
    /// It is a public key.
    PublicKey,
    /// It is a certificate.
    Certificate,
    /// The private key is encrypted.
    Encrypted,
    /// The private key is in the format of OpenSSH.
    OpenSsh,
    /// The private key is for another algorithm than RSA (or for RSA with PSS).
    NotRsa,
    /// The RSA key has fewer than 2048 bits.
    TooShort,
    /// The RSA key has more than 8192 bits.
    TooLong,
    /// The private key is cut short or garbled.
    Damaged,
    /// The time to live is not between 1 s and 86 400 s.
    TimeToLive,
    /// The audience of a host is empty.
    Audience,
    /// The clock shows a time that no token can hold.
    Clock,
    /// The token could not be signed.
    Signing,
}

/// Credentials, or a token made with them, cannot be had.
///
/// Neither `Display` nor `Debug` shows anything of a key or a token.
#[derive(Clone, Eq, PartialEq)]
pub struct CredentialsError {
    kind: CredentialsErrorKind,
    text: Cow<'static, str>,
}

impl CredentialsError {
    pub(super) fn new(kind: CredentialsErrorKind, text: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> CredentialsErrorKind {
        self.kind
    }

    /// Returns whether the private key has to be replaced or converted.
    #[must_use]
    pub const fn is_private_key(&self) -> bool {
        use CredentialsErrorKind as Kind;
        matches!(
            self.kind,
            Kind::NoPrivateKey
                | Kind::PublicKey
                | Kind::Certificate
                | Kind::Encrypted
                | Kind::OpenSsh
                | Kind::NotRsa
                | Kind::TooShort
                | Kind::TooLong
                | Kind::Damaged
        )
    }

    /// Returns whether the application id has to be corrected.
    #[must_use]
    pub const fn is_application_id(&self) -> bool {
        matches!(self.kind, CredentialsErrorKind::ApplicationId)
    }

    /// Returns whether the environment has to be corrected: a variable, a file, or the clock.
    #[must_use]
    pub const fn is_environment(&self) -> bool {
        use CredentialsErrorKind as Kind;
        matches!(self.kind, Kind::VariableMissing | Kind::VariableConflict | Kind::Unreadable | Kind::Clock)
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CredentialsError").field("kind", &self.kind).field("text", &self.text).finish()
    }
}

impl Error for CredentialsError {}
