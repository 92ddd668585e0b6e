//! One client's tokens: made when the first is needed, and anew before they expire.

use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use openbanking_client_runtime::context::{Authorize, AuthorizeError, Refused, SecretHeader};
use openbanking_client_runtime::decode;

use super::token::Span;
use super::{Credentials, CredentialsError};
use crate::types::{ErrorCode, ErrorResponse};

/// Times that a clock may show, in seconds since the epoch: up to the last four-digit year.
const POSSIBLE: RangeInclusive<i64> = 1..=253_402_300_799;

/// How far apart two clocks may be, in seconds, before a refusal is put down to that.
const TOLERATED: u64 = 5;

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

    /// Corrects the clock by that of the service, where they are apart.
    fn renews(&self, refused: &Refused<'_>) -> bool {
        if !is_about_the_token(refused.body()) {
            return false;
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Another call has seen to it since this one was signed.
        if kept.as_ref().is_some_and(|kept| !refused.carried(&kept.header)) {
            return true;
        }
        let seconds = |time: SystemTime| DateTime::<Utc>::from(time).timestamp();
        let there = refused.date().map(seconds).filter(|seconds| POSSIBLE.contains(seconds));
        let (Some(there), Ok(here)) = (there, self.credentials.now(0)) else { return false };
        let skew = there.saturating_sub(here);
        let apart = skew.abs_diff(self.credentials.skew()) > TOLERATED;
        if apart {
            self.credentials.set_skew(skew);
        }
        apart
    }
}

/// Whether a refusal is about the token, and not about a session or a consent; where it does not say, it may be.
fn is_about_the_token(body: &[u8]) -> bool {
    let error = decode::from_slice::<ErrorResponse>(body).ok().and_then(|body| body.error);
    error.is_none_or(|code| code == ErrorCode::UnauthorizedAccess)
}

fn refusal(error: CredentialsError) -> AuthorizeError {
    AuthorizeError::new(error.to_string())
}
