//! The tokens of one client. They are signed when they are needed, and replaced before they expire.

use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use openbanking_client_runtime::context::{Authorize, AuthorizeError, Authorizing, HttpRequest, Refused, SecretHeader};
use openbanking_client_runtime::decode;
use serde_json::Value;

use super::token::Span;
use super::{Credentials, CredentialsError};

/// Times that the clock of a service shows, in seconds since the epoch: of this century.
const POSSIBLE: RangeInclusive<i64> = 1_577_836_800..=4_102_444_800;

/// The largest difference between two clocks, in seconds, that does not explain a refusal.
const TOLERATED: u64 = 5;

/// Signs for the audience of one host.
///
/// It keeps one token under a lock that is held while a new one is signed: however many calls come at once, one signs.
pub(crate) struct Signer {
    credentials: Credentials,
    audience: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    /// Seconds by which the service's clock is ahead of ours, as far as it is known.
    skew: i64,
    /// The same, before it was last measured.
    before: i64,
}

struct Kept {
    header: SecretHeader,
    span: Span,
}

impl State {
    /// Returns whether a refused request had a different token from the one that is kept.
    fn is_old(&self, refused: &Refused<'_>) -> bool {
        self.kept.as_ref().is_none_or(|kept| !refused.carried(&kept.header))
    }
}

impl Signer {
    /// A signer that has no token yet.
    pub(crate) fn new(credentials: Credentials, audience: &str) -> Result<Self, CredentialsError> {
        Credentials::check_audience(audience)?;
        Ok(Self { credentials, audience: audience.to_owned(), state: Mutex::default() })
    }

    /// Returns the token for a request that is sent now, and signs one if necessary.
    fn token(&self) -> Result<SecretHeader, AuthorizeError> {
        let mut state = self.state();
        // After the local clock was set, the measured difference may lead to a time before 1970.
        let now = self.credentials.now(state.skew).or_else(|_| self.credentials.now(0)).map_err(refusal)?;
        if let Some(kept) = state.kept.as_ref().filter(|kept| kept.span.serves(now)) {
            return Ok(kept.header.clone());
        }
        let span = self.credentials.span(now);
        let token = self.credentials.sign(&self.audience, span).map_err(refusal)?;
        let header = SecretHeader::bearer(token.expose())?;
        state.kept = Some(Kept { header: header.clone(), span });
        Ok(header)
    }

    /// A panic while the lock was held (of a clock that is not ours) left what was there before.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Authorize for Signer {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        Authorizing::ready(self.token().map(|token| request.set_credentials(token)))
    }

    /// Corrects the clock by that of the service if they differ.
    fn renews(&self, refused: &Refused<'_>) -> bool {
        if !is_about_the_token(refused.body()) {
            return false;
        }
        let mut state = self.state();
        // Another call has replaced the token since this one was signed.
        if state.is_old(refused) {
            return true;
        }
        let seconds = |time: SystemTime| DateTime::<Utc>::from(time).timestamp();
        let there = refused.date().map(seconds).filter(|seconds| POSSIBLE.contains(seconds));
        let (Some(there), Ok(here)) = (there, self.credentials.now(0)) else { return false };
        let skew = there.saturating_sub(here);
        let apart = skew.abs_diff(state.skew) > TOLERATED;
        if apart {
            *state = State { kept: None, skew, before: state.skew };
        }
        apart
    }

    /// The clock was not the reason, so the measured difference is discarded.
    fn renewed_in_vain(&self, refused: &Refused<'_>) {
        let mut state = self.state();
        if !state.is_old(refused) && state.skew != state.before {
            *state = State { kept: None, skew: state.before, before: state.before };
        }
    }
}

/// Returns whether a refusal is about the token, and not about a session or a consent. A refusal without a code may be.
fn is_about_the_token(body: &[u8]) -> bool {
    let body = decode::from_slice::<Value>(body).ok();
    let code = body.as_ref().and_then(|body| body.get("error")?.as_str());
    code.is_none_or(|code| code == "UNAUTHORIZED_ACCESS")
}

fn refusal(error: CredentialsError) -> AuthorizeError {
    AuthorizeError::new(error.to_string())
}
