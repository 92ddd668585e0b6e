//! The application's credentials: its id, its private key, and the tokens that it signs.

mod clock;
mod error;
mod key;
mod pem;
mod signer;
mod source;
mod token;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use uuid::Uuid;

pub use self::clock::Clock;
use self::clock::SystemClock;
pub use self::error::{CredentialsError, CredentialsErrorKind};
use self::key::Key;
pub(crate) use self::signer::Signer;
use self::source::Place;
use self::token::Span;
pub use self::token::Token;
use crate::ApiHost;

/// The longest time to live that the document allows: "86400 seconds (24 hours)".
const LONGEST: i64 = 86_400;

/// An application's id and private key, with which it signs a token for each client.
///
/// The key is an RSA key of 2048 to 8192 bits in PEM, PKCS#1 (`RSA PRIVATE KEY`) or PKCS#8 (`PRIVATE KEY`), not
/// encrypted. It is parsed once. Text around it is ignored, so a file may hold the certificate too; of several private
/// keys the first is taken.
///
/// Tokens are those of the document's "JWT format and signature": RS256, `kid` the application id, `iss`
/// `enablebanking.com`, `aud` of the [`ApiHost`], `iat` and `exp` a [time to live](Self::with_ttl) apart. A client signs
/// one at its first call and keeps it. It signs another one after four fifths of that time, and 60 s before the expiry at the
/// latest.
///
/// Cloning is cheap. `Debug` shows the application id, but not the key.
///
/// ```no_run
/// use enablebanking_client::{Client, Credentials};
///
/// let credentials =
///     Credentials::from_file("cf589be3-3755-465b-a8df-a90a16a31403", "private.key")?;
/// let client = Client::builder(credentials).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[doc(alias = "jwt")]
#[doc(alias = "authentication")]
#[doc(alias = "application key")]
pub struct Credentials {
    application_id: Uuid,
    key: Arc<Key>,
    time_to_live: i64,
    clock: Arc<dyn Clock>,
}

impl Credentials {
    /// Creates credentials from the text of a private key in PEM.
    ///
    /// Line ends may be written as a backslash and an `n`, or as spaces, as happens in variables and forms.
    ///
    /// # Errors
    ///
    /// Returns an error if the application id isn't a UUID, or if the text has no usable private key; see
    /// [`CredentialsErrorKind`] for each case.
    ///
    /// ```
    /// use enablebanking_client::{Credentials, CredentialsErrorKind};
    ///
    /// let public = "-----BEGIN PUBLIC KEY-----\nMIIB…\n-----END PUBLIC KEY-----\n";
    /// let error = Credentials::from_pem("cf589be3-3755-465b-a8df-a90a16a31403", public).unwrap_err();
    /// assert_eq!(error.kind(), CredentialsErrorKind::PublicKey);
    /// ```
    #[doc(alias = "private key")]
    #[doc(alias = "pem")]
    pub fn from_pem(application_id: &str, pem: impl AsRef<[u8]>) -> Result<Self, CredentialsError> {
        let id = source::application_id(application_id, "the application id")?;
        Self::new(id, pem.as_ref(), &Place::Text)
    }

    /// Creates credentials from a file with a private key in PEM.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read or is larger than 64 KiB, and the errors of [`Credentials::from_pem`]. It
    /// shows the path, unless that looks like a key.
    pub fn from_file(application_id: &str, path: impl AsRef<Path>) -> Result<Self, CredentialsError> {
        let id = source::application_id(application_id, "the application id")?;
        let place = Place::file(path.as_ref());
        Self::new(id, &source::read(path.as_ref(), &place)?, &place)
    }

    /// Creates credentials from environment variables.
    ///
    /// | Variable | Holds |
    /// | --- | --- |
    /// | `ENABLEBANKING_APPLICATION_ID` | the application id, a UUID |
    /// | `ENABLEBANKING_PRIVATE_KEY` | the private key's PEM text; `\n` may stand for a line end |
    /// | `ENABLEBANKING_PRIVATE_KEY_FILE` | in its place, the path of a file that holds it |
    ///
    /// If none of them is set, the former names are read: `TILISY_APPLICATION_ID`, `TILISY_PRIVATE_KEY` and
    /// `TILISY_PRIVATE_KEY_FILE`.
    ///
    /// An empty variable counts as not set; white space and quotes around a value are ignored.
    ///
    /// # Errors
    ///
    /// Returns an error if a variable is missing or both variables of the key are set, and the errors of
    /// [`Credentials::from_file`].
    ///
    /// ```no_run
    /// # use enablebanking_client::Credentials;
    /// let credentials = Credentials::from_env()?;
    /// # Ok::<(), enablebanking_client::CredentialsError>(())
    /// ```
    pub fn from_env() -> Result<Self, CredentialsError> {
        let source = source::from_variables(|name| std::env::var_os(name))?;
        Self::new(source.application_id, &source.pem, &source.place)
    }

    fn new(application_id: Uuid, pem: &[u8], place: &Place) -> Result<Self, CredentialsError> {
        Ok(Self {
            application_id,
            key: Arc::new(Key::from_pem(pem).map_err(|kind| place.refusal(kind))?),
            time_to_live: 3600,
            clock: Arc::new(SystemClock),
        })
    }

    /// Sets the time to live of tokens, counted from `iat` in whole seconds. The default is 1 h.
    ///
    /// # Errors
    ///
    /// Returns an error if it is shorter than 1 s or longer than the 86,400 s that the service accepts.
    #[doc(alias = "token lifetime")]
    #[doc(alias = "expires in")]
    pub fn with_ttl(mut self, time_to_live: Duration) -> Result<Self, CredentialsError> {
        match i64::try_from(time_to_live.as_secs()) {
            Ok(seconds @ 1..=LONGEST) if time_to_live <= Duration::from_secs(LONGEST.unsigned_abs()) => {
                self.time_to_live = seconds;
                Ok(self)
            }
            _ => Err(CredentialsError::new(
                CredentialsErrorKind::TimeToLive,
                format!("the time to live of {time_to_live:?} is out of range (choose 1 s to {LONGEST} s)"),
            )),
        }
    }

    /// Sets a clock in place of that of the machine.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Returns the id of the application.
    #[must_use]
    pub const fn application_id(&self) -> Uuid {
        self.application_id
    }

    /// Signs a token, to try the API with other tools such as `curl`. Clients sign and keep their own.
    ///
    /// # Errors
    ///
    /// Returns an error if the host's audience is empty, or if the clock shows a time before 1970.
    ///
    /// ```no_run
    /// # use enablebanking_client::{ApiHost, Credentials};
    /// # fn example(credentials: &Credentials) -> Result<(), enablebanking_client::CredentialsError> {
    /// let token = credentials.token(&ApiHost::Tilisy)?;
    /// println!("curl -H 'Authorization: Bearer {}' https://api.tilisy.com/application", token.expose());
    /// # Ok(())
    /// # }
    /// ```
    pub fn token(&self, host: &ApiHost) -> Result<Token, CredentialsError> {
        Self::check_audience(host.audience())?;
        let now = self.now(0)?;
        self.sign(host.audience(), self.span(now))
    }

    fn check_audience(audience: &str) -> Result<(), CredentialsError> {
        if audience.trim().is_empty() {
            let text = "the audience of the host is empty (give the name that the service expects in `aud`)";
            return Err(CredentialsError::new(CredentialsErrorKind::Audience, text));
        }
        Ok(())
    }

    fn span(&self, now: i64) -> Span {
        Span::starting(now, self.time_to_live)
    }

    fn sign(&self, audience: &str, span: Span) -> Result<Token, CredentialsError> {
        token::sign(&self.key, self.application_id, audience, span).map_err(|kind| {
            CredentialsError::new(kind, "the token could not be signed (the cryptographic library refused)")
        })
    }

    /// Seconds since the epoch by a clock that is so many seconds ahead of ours.
    fn now(&self, skew: i64) -> Result<i64, CredentialsError> {
        // The year 3000.
        const LAST: i64 = 32_503_680_000;
        let now = match self.clock.now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds - 1),
        };
        match now.saturating_add(skew) {
            now @ 0..LAST => Ok(now),
            _ => Err(CredentialsError::new(
                CredentialsErrorKind::Clock,
                "the clock shows a year before 1970 or after 2999 (set the clock of the machine)",
            )),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("application_id", &self.application_id)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
