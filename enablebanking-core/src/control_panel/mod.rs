//! Signing in to the control panel by a link in a mail, and listing the applications there.
//!
//! None of these calls is documented; the vendor's own command line tool was seen to make them. The id token of a sign-in
//! also registers applications ([`registration`](crate::registration)).
//!
//! ```no_run
//! use enablebanking_core::control_panel::types::{SignInLinkRequest, SignInRequest, TokenRequest};
//! use enablebanking_core::control_panel::{Client, SERVER};
//!
//! # async fn example(code: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let panel = Client::new(SERVER)?;
//! let (email, here) = ("person@example.org", "http://localhost:8888/");
//! panel.send_sign_in_link(&SignInLinkRequest::to_program(email, here)).await?;
//! // The link in the mail leads to `here`, with the query parameter `oobCode`.
//! let tokens = panel.sign_in(&SignInRequest::new(email, code)).await?;
//!
//! let applications = Client::with_token(SERVER, &tokens.id_token)?.applications().await?;
//! let renewed = panel.renew_token(&TokenRequest::of(&tokens.refresh_token)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Retries
//!
//! [`send_sign_in_link`](Client::send_sign_in_link), [`sign_in`](Client::sign_in) and
//! [`renew_token`](Client::renew_token) are sent once, unless no connection could be made: a second request would send a
//! second mail, or a code or token that is spent. [`Error::outcome_is_unknown`] says whether the first one may have been
//! processed.

#[rustfmt::skip]
#[allow(clippy::all, unused, reason = "the output of another printer, with items that only some clients use")]
mod generated;

use std::time::Duration;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub use self::generated::{API_VERSION, Client, Error, SERVER, operations, types};
use self::types::{GrantType, MailType, SignInLinkRequest, SignInResponse, TokenRequest, TokenResponse};
use crate::{BuildError, client};

/// The `User-Agent` of every request.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

impl Client {
    /// Creates a client of the control panel at `base_url`, usually [`SERVER`], that has no token yet. It can sign in and
    /// renew tokens.
    ///
    /// # Errors
    ///
    /// Returns an error if the base URL is not https (plain http is for this machine only).
    pub fn new(base_url: &str) -> Result<Self, BuildError> {
        let (transport, context) = client::without_token::<()>(base_url, USER_AGENT)?;
        Ok(Self::from_parts(transport, context))
    }

    /// Creates a client of the control panel at `base_url`, usually [`SERVER`], for the person who signed in with the id
    /// token `token`.
    ///
    /// # Errors
    ///
    /// Returns an error if the base URL is not https (plain http is for this machine only), or if the token contains
    /// characters that are not allowed in a header.
    pub fn with_token(base_url: &str, token: &str) -> Result<Self, BuildError> {
        let (transport, context) = client::with_token::<()>(base_url, token, USER_AGENT)?;
        Ok(Self::from_parts(transport, context))
    }
}

impl SignInLinkRequest {
    /// Creates a request for a link to `continue_url`, an address at which the program reads the code.
    pub fn to_program(email: impl Into<String>, continue_url: impl Into<String>) -> Self {
        Self::new(true, continue_url, email, MailType::EmailSignin)
    }
}

impl SignInResponse {
    /// Returns the time for which the id token is valid. `None` if the response does not say it.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.expires_in.and_then(seconds)
    }
}

impl TokenRequest {
    /// Creates a request for an id token with a refresh token.
    pub fn of(refresh_token: impl Into<String>) -> Self {
        Self::new(GrantType::RefreshToken, refresh_token)
    }
}

impl TokenResponse {
    /// Returns the time for which the id token is valid. `None` if the response does not say it.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.expires_in.and_then(seconds)
    }
}

fn seconds(number: Decimal) -> Option<Duration> {
    number.to_u64().map(Duration::from_secs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    fn lifetime(value: &str) -> Option<u64> {
        let signed_in = format!(r#"{{"idToken":"i","refreshToken":"r","expiresIn":{value}}}"#);
        let signed_in: SignInResponse = serde_json::from_str(&signed_in).unwrap();
        let renewed: TokenResponse =
            serde_json::from_str(&format!(r#"{{"id_token":"i","expires_in":{value}}}"#)).unwrap();
        assert_eq!((signed_in.lifetime(), None), (renewed.lifetime(), renewed.refresh_token));
        signed_in.lifetime().map(|lifetime| lifetime.as_secs())
    }

    #[test]
    fn a_lifetime_is_read_from_text_and_from_a_number() {
        for (value, expected) in
            [(r#""3600""#, Some(3600)), ("3600", Some(3600)), ("null", None), (r#""""#, None), ("-1", None)]
        {
            assert_eq!(lifetime(value), expected, "{value}");
        }
    }

    #[test]
    fn neither_addresses_nor_codes_nor_tokens_are_shown() {
        let secrets = ["hunter2@example.org", "hunter2"];
        let [email, secret] = secrets;
        let mut texts = vec![
            format!("{:?}", SignInLinkRequest::to_program(email, "http://localhost/hunter2")),
            format!("{:?}", types::SignInRequest::new(email, secret)),
            format!("{:?}", TokenRequest::of(secret)),
            format!("{:?}", SignInResponse::new(secret, secret).email(email).local_id(secret)),
            format!("{:?}", TokenResponse::new(secret).refresh_token(secret)),
        ];
        let client = Client::with_token("https://panel.example.com", secret).unwrap();
        texts.push(format!("{client:?} {:?}", client.renew_token(&TokenRequest::of(secret))));
        for text in texts {
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for (url, is_fine) in [
            ("http://127.0.0.1:1/api", true),
            ("https://panel.example.com/api", true),
            ("http://panel.example.com/api", false),
            ("panel", false),
        ] {
            assert_eq!((Client::new(url).is_ok(), Client::with_token(url, "t").is_ok()), (is_fine, is_fine), "{url}");
        }
    }
}
