//! Issued tokens, and the time that they are used.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;

use crate::header::{AuthorizeError, SecretHeader};

/// The longest time before its end at which a token is no longer used, so that it is still valid when it arrives.
const MARGIN: Duration = Duration::from_secs(60);

/// The codes that RFC 6749 lists in section 5.2. Others may contain anything, so they are not shown.
const ERROR_CODES: &[&str] = &[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

/// A token from a response.
pub(super) struct Issued {
    pub(super) header: SecretHeader,
    lifetime: Option<Duration>,
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
    token_type: Option<String>,
    expires_in: Option<Value>,
}

#[derive(Deserialize)]
struct ErrorResponse {
    error: String,
}

impl Issued {
    /// Parses the body of a successful response.
    pub(super) fn parse(json: &[u8]) -> Result<Self, AuthorizeError> {
        // The message of serde_json may quote a value.
        let response: TokenResponse = serde_json::from_slice(json)
            .map_err(|_| AuthorizeError::new("the response of the token URL has no `access_token`"))?;
        if response.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(AuthorizeError::new("the token is not a bearer token"));
        }
        let header = SecretHeader::bearer(&response.access_token)?;
        // Some services write the number as a string.
        let seconds = response.expires_in.and_then(|value| match value {
            Value::String(text) => text.parse().ok(),
            value => value.as_u64(),
        });
        Ok(Self { header, lifetime: seconds.map(Duration::from_secs) })
    }
}

/// Returns the code of an error response, if it is one that the standard lists.
pub(super) fn error_code(json: &[u8]) -> Option<&'static str> {
    let response: ErrorResponse = serde_json::from_slice(json).ok()?;
    ERROR_CODES.iter().find(|code| **code == response.error).copied()
}

/// The token in use, and the one before.
#[derive(Default)]
pub(super) struct State {
    token: Option<SecretHeader>,
    /// The end of its use. `None` if it is used until it is refused.
    end: Option<Instant>,
    /// Calls that are still under way may be refused for it.
    previous: Option<SecretHeader>,
    /// A token that is refused before this time is kept.
    kept_until: Option<Instant>,
}

impl State {
    /// Returns the token, if there is one that can be used at this time.
    pub(super) fn usable(&self, now: Instant) -> Option<SecretHeader> {
        self.token.clone().filter(|_| self.end.is_none_or(|end| now < end))
    }

    /// Stores a token that was requested at this time.
    pub(super) fn store(&mut self, issued: Issued, requested: Instant) {
        self.drop_token();
        self.token = Some(issued.header);
        self.end = issued.lifetime.and_then(|lifetime| {
            // A token that is valid for a few seconds is still used for most of them.
            requested.checked_add(lifetime.saturating_sub(MARGIN.min(lifetime / 4)))
        });
    }

    /// Returns whether a refused request can be repeated with another token, and drops the token if it is the refused one.
    pub(super) fn renew(&mut self, now: Instant, is_refused: impl Fn(&SecretHeader) -> bool) -> bool {
        if self.token.as_ref().is_some_and(&is_refused) {
            if self.kept_until.is_some_and(|until| now < until) {
                return false;
            }
            self.drop_token();
            return true;
        }
        self.previous.as_ref().is_some_and(is_refused)
    }

    /// Keeps the token in use until this time, if it is the refused one.
    pub(super) fn pause(&mut self, until: Option<Instant>, is_refused: impl Fn(&SecretHeader) -> bool) {
        if self.token.as_ref().is_some_and(is_refused) {
            self.kept_until = until;
        }
    }

    fn drop_token(&mut self) {
        if let Some(token) = self.token.take() {
            self.previous = Some(token);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    fn issued(json: &str) -> Issued {
        Issued::parse(json.as_bytes()).unwrap()
    }

    fn value(header: SecretHeader) -> String {
        header.0.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_token_is_used_until_shortly_before_it_expires() {
        let start = Instant::now();
        for (lifetime, last_second, first_without) in
            [("3600", 3539, 3540), ("\"3600\"", 3539, 3540), ("240", 179, 180), ("4", 2, 3), ("0", 0, 0)]
        {
            let mut state = State::default();
            let json = format!(r#"{{"access_token": "a", "token_type": "bearer", "expires_in": {lifetime}}}"#);
            state.store(issued(&json), start);
            let at = |seconds| state.usable(start + Duration::from_secs(seconds)).map(value);
            assert_eq!(at(last_second), Some("Bearer a".to_owned()).filter(|_| lifetime != "0"), "{lifetime}");
            assert_eq!(at(first_without), None, "{lifetime}");
        }
        for json in [r#"{"access_token": "a"}"#, r#"{"access_token": "a", "expires_in": 18446744073709551615}"#] {
            let mut state = State::default();
            state.store(issued(json), start);
            assert!(state.usable(start + Duration::from_secs(100 * 86_400)).is_some(), "{json}");
        }
    }

    #[test]
    fn a_refused_token_is_renewed_once() {
        let now = Instant::now();
        let mut state = State::default();
        let is = |token: &'static str| move |header: &SecretHeader| header.0 == format!("Bearer {token}");
        assert!(!state.renew(now, is("a")), "no token was sent");
        state.store(issued(r#"{"access_token": "a"}"#), now);
        assert!(!state.renew(now, is("x")), "another scheme was refused");
        assert!(state.usable(now).is_some());
        // Two calls are refused for the same token.
        assert!(state.renew(now, is("a")) && state.renew(now, is("a")) && state.usable(now).is_none());
        state.store(issued(r#"{"access_token": "b"}"#), now);
        assert!(state.renew(now, is("a")), "a third one is repeated with the new token");
        assert_eq!(state.usable(now).map(value), Some("Bearer b".to_owned()));
        // The new token is refused too, so that it is kept for a while.
        state.pause(now.checked_add(Duration::from_secs(60)), is("b"));
        assert!(!state.renew(now, is("b")) && state.usable(now).is_some());
        assert!(state.renew(now + Duration::from_secs(60), is("b")));
    }

    #[test]
    fn unusable_responses_are_refused_without_being_shown() {
        for json in [
            "",
            "hunter2",
            "[]",
            r#"{"token": "hunter2"}"#,
            r#"{"access_token": 1, "a": "hunter2"}"#,
            r#"{"access_token": "", "a": "hunter2"}"#,
            r#"{"access_token": "hunter2\n"}"#,
            r#"{"access_token": "hunter2", "token_type": "mac"}"#,
        ] {
            let Err(error) = Issued::parse(json.as_bytes()) else { panic!("{json} is a token") };
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        assert_eq!(error_code(br#"{"error": "invalid_scope", "error_description": "hunter2"}"#), Some("invalid_scope"));
        assert_eq!(error_code(br#"{"error": "hunter2"}"#), None);
        assert_eq!(error_code(b"hunter2"), None);
    }
}
