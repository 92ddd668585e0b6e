//! One client's tokens: made when the first is needed, and anew before they expire.

use std::sync::{Mutex, PoisonError};

use openbanking_client_runtime::context::{Authorize, AuthorizeError, SecretHeader};

use super::token::Span;
use super::{Credentials, CredentialsError};

/// Signs for the audience of one host.
///
/// It keeps one token under a lock that is held while a new one is signed: however many calls come at once, one signs.
pub(crate) struct Signer {
    credentials: Credentials,
    audience: String,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    header: SecretHeader,
    span: Span,
    /// The correction of the clock with which it was made.
    skew: i64,
}

impl Signer {
    /// A signer that has no token yet.
    pub(crate) fn new(credentials: Credentials, audience: &str) -> Result<Self, CredentialsError> {
        Credentials::check_audience(audience)?;
        Ok(Self { credentials, audience: audience.to_owned(), kept: Mutex::new(None) })
    }
}

impl Authorize for Signer {
    fn authorization(&self) -> Result<SecretHeader, AuthorizeError> {
        // A panic while the lock was held (of a clock that is not ours) left what was there before.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let skew = self.credentials.skew();
        let now = self.credentials.now(skew).map_err(refusal)?;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.skew == skew && kept.span.serves(now)) {
            return Ok(kept.header.clone());
        }
        let span = self.credentials.span(now);
        let token = self.credentials.sign(&self.audience, span).map_err(refusal)?;
        let header = SecretHeader::bearer(token.expose())?;
        *kept = Some(Kept { header: header.clone(), span, skew });
        Ok(header)
    }
}

fn refusal(error: CredentialsError) -> AuthorizeError {
    AuthorizeError::new(error.to_string())
}
