//! Tokens, by which callers are identified.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::Utc;
use serde_json::Value;
use uuid::Uuid;

use crate::refusal::{Code, Refusal};
use crate::service::Service;
use crate::state::{Application, World};
use crate::tokens::Verified;

/// The audiences of tokens: the host of 2020, and the current one.
const AUDIENCES: &[&str] = &["api.tilisy.com", "api.enablebanking.com"];

const ISSUER: &str = "enablebanking.com";

/// The longest validity of a token, in seconds.
const MAX_LIFE: i64 = 86_400;

/// The time by which an application's clock may be ahead, in seconds.
const LEEWAY: i64 = 10;

/// Reads parts of tokens with and without padding, and in both alphabets. The vendor's own samples have padding, one of
/// them has the standard alphabet, and the service accepts both.
const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, ANY_PADDING);
const STANDARD_BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, ANY_PADDING);

fn decoded(part: &str) -> Option<Vec<u8>> {
    BASE64.decode(part).or_else(|_| STANDARD_BASE64.decode(part)).ok()
}

/// Returns the application that signed the token of a request.
pub(crate) fn caller(headers: &HeaderMap, service: &Service) -> Result<Arc<Application>, Refusal> {
    let world = &service.world;
    let missing = || Refusal::new(Code::AuthorizationNotProvided, "the header `Authorization: Bearer …` is missing");
    let token = bearer(headers).ok_or_else(missing)?;
    let known = service.tokens.get(token);
    let verified = match known {
        Some(verified) => verified,
        None => verify(token, world)?,
    };
    let application = world.memory().applications.get(&verified.application).cloned();
    let application = application.ok_or_else(|| Refusal::token("`kid` is not the id of a registered application"))?;
    let by_clock = check_times(verified, world.clock.now().timestamp());
    if by_clock.is_err() && service.accepts_machine_time() {
        check_times(verified, Utc::now().timestamp())?;
    } else {
        by_clock?;
    }
    if known.is_none() {
        service.tokens.keep(token, verified);
    }
    if application.active { Ok(application) } else { Err(Refusal::forbidden("the application is not active")) }
}

/// Verifies everything about a token but the time.
fn verify(token: &str, world: &World) -> Result<Verified, Refusal> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::token("the token is not a JSON Web Token, which has three parts"));
    };
    let head = object(header).ok_or_else(|| Refusal::token("the header of the token is not a JSON object"))?;
    if head.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(Refusal::token("the token must be signed with `alg` RS256"));
    }
    if head.get("typ").and_then(Value::as_str) != Some("JWT") {
        return Err(Refusal::token("the header of the token must have `typ` JWT"));
    }
    if head.get("crit").is_some() {
        return Err(Refusal::token("the header of the token has `crit`, which is not supported"));
    }
    let application = head.get("kid").and_then(Value::as_str).and_then(|kid| kid.parse().ok());
    let application = application.and_then(|id| world.memory().applications.get(&id).cloned());
    let application = application.ok_or_else(|| Refusal::token("`kid` is not the id of a registered application"))?;
    let signature = decoded(signature);
    let is_signed = signature.is_some_and(|signature| {
        let message = token.rsplit_once('.').map(|(message, _)| message).unwrap_or_default();
        application.key.has_signed(message.as_bytes(), &signature)
    });
    if !is_signed {
        return Err(Refusal::token("the signature is not by the application's key"));
    }
    let claims = object(claims).ok_or_else(|| Refusal::token("the claims are not a JSON object"))?;
    check_parties(&claims, application.id, world)?;
    let time = |name: &str| {
        let value = claims.get(name).and_then(Value::as_i64);
        value.ok_or_else(|| Refusal::token(format!("`{name}` must be a time in seconds")))
    };
    Ok(Verified { application: application.id, issued: time("iat")?, expires: time("exp")? })
}

/// Checks the issuer and the audience.
fn check_parties(claims: &Value, application: Uuid, world: &World) -> Result<(), Refusal> {
    let issuer = claims.get("iss").and_then(Value::as_str);
    // Clients in daily use have their own id there, so the service accepts it.
    let is_application = world.edition.is_current() && issuer.is_some_and(|issuer| issuer == application.to_string());
    if issuer != Some(ISSUER) && !is_application {
        return Err(Refusal::token(format!("`iss` must be {ISSUER}")));
    }
    if !claims.get("aud").and_then(Value::as_str).is_some_and(|audience| AUDIENCES.contains(&audience)) {
        return Err(Refusal::token(format!("`aud` must be one of {}", AUDIENCES.join(", "))));
    }
    Ok(())
}

fn check_times(token: Verified, now: i64) -> Result<(), Refusal> {
    if token.expires <= now {
        return Err(Refusal::token("the token has expired"));
    }
    if token.issued > now.saturating_add(LEEWAY) {
        return Err(Refusal::token("the token was issued in the future (check the clock)"));
    }
    if token.issued > token.expires || token.expires.saturating_sub(token.issued) > MAX_LIFE {
        return Err(Refusal::token(format!("a token is valid for at most {MAX_LIFE} seconds")));
    }
    Ok(())
}

/// Returns the token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn object(part: &str) -> Option<Value> {
    let value: Value = serde_json::from_slice(&decoded(part)?).ok()?;
    value.is_object().then_some(value)
}
