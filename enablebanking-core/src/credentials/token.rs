//! The JSON Web Token of the document's "JWT format and signature".

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Header};
use serde::Serialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::CredentialsErrorKind as Kind;
use super::key::Key;

const ISSUER: &str = "enablebanking.com";

/// The number of seconds by which `iat` is set back, because the service's clock may be behind ours.
const SET_BACK: i64 = 30;

/// The number of seconds before its expiry at which a token is replaced at the latest.
const RESERVE: i64 = 60;

/// A signed JSON Web Token. Anyone who has it can act as the application until it expires.
///
/// `Debug` does not show it, and it does not implement `Display`. [`Token::expose`] returns it.
#[derive(Clone)]
#[doc(alias = "bearer")]
#[doc(alias = "access token")]
pub struct Token(Zeroizing<String>);

impl Token {
    /// Returns the token, which is sent after `Authorization: Bearer `.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token([redacted])")
    }
}

/// The period in which a token is valid, in seconds since the epoch.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// From when on.
    pub(super) issued: i64,
    /// From when on no more. The time to live of the document is counted between the two.
    expires: i64,
    /// From when on another one is to be used.
    renewed: i64,
}

impl Span {
    /// The span of a token that is signed now.
    ///
    /// It is replaced when four fifths of it are over, and 60 s before its end at the latest. One that is too short for
    /// these 60 s serves half of the time it has left.
    pub(super) fn starting(now: i64, time_to_live: i64) -> Self {
        // A short-lived token must not be out of date when it is made.
        let issued = now.saturating_sub(SET_BACK.min(time_to_live / 4)).max(0);
        let expires = issued.saturating_add(time_to_live);
        let latest = match expires - RESERVE {
            latest if latest > now => latest,
            _ => now + (expires - now) / 2,
        };
        Self { issued, expires, renewed: latest.min(issued + time_to_live / 5 * 4) }
    }

    /// Returns whether the token is used at this time. It isn't before it was issued: the clock has been set back.
    pub(super) const fn serves(&self, now: i64) -> bool {
        self.issued <= now && now < self.renewed
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

/// Signs a token for `audience`.
pub(super) fn sign(key: &Key, application_id: Uuid, audience: &str, span: Span) -> Result<Token, Kind> {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(application_id.to_string());
    let claims = Claims { iss: ISSUER, aud: audience, iat: span.issued, exp: span.expires };

    let mut token = Zeroizing::new(String::with_capacity(2048));
    part(&header, &mut token)?;
    token.push('.');
    part(&claims, &mut token)?;
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(Token(token))
}

fn part(value: &impl Serialize, token: &mut String) -> Result<(), Kind> {
    let json = serde_json::to_vec(value).map_err(|_| Kind::Signing)?;
    URL_SAFE_NO_PAD.encode_string(json, token);
    Ok(())
}
