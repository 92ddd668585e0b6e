//! Tokens: who calls, checked for real.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;
use uuid::Uuid;

use crate::refusal::{Code, Refusal};
use crate::state::{Application, World};

/// Who a token is for: the host of 2020, and that of today.
pub(crate) const AUDIENCES: &[&str] = &["api.tilisy.com", "api.enablebanking.com"];

const ISSUER: &str = "enablebanking.com";

/// How long a token may live, in seconds.
const MAX_LIFE: i64 = 86_400;

/// How far an application's clock may be ahead, in seconds.
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

/// The application that signed the token of a request.
pub(crate) fn caller(headers: &HeaderMap, world: &World) -> Result<Application, Refusal> {
    let missing = || Refusal::new(Code::AuthorizationNotProvided, "the header `Authorization: Bearer …` is missing");
    let token = bearer(headers).ok_or_else(missing)?;
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Refusal::token("the token is no JSON Web Token: it has three parts"));
    };
    let head = object(header).ok_or_else(|| Refusal::token("the header of the token is no JSON object"))?;
    if head.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(Refusal::token("the token must be signed with `alg` RS256"));
    }
    if head.get("typ").and_then(Value::as_str) != Some("JWT") {
        return Err(Refusal::token("the header of the token must have `typ` JWT"));
    }
    if head.get("crit").is_some() {
        return Err(Refusal::token("the header of the token demands something that is not understood"));
    }
    let application = head.get("kid").and_then(Value::as_str).and_then(|kid| kid.parse().ok());
    let application = application.and_then(|id| world.memory().applications.get(&id).cloned());
    let application = application.ok_or_else(|| Refusal::token("`kid` names no registered application"))?;
    let signature = decoded(signature);
    let is_signed = signature.is_some_and(|signature| {
        let message = token.rsplit_once('.').map(|(message, _)| message).unwrap_or_default();
        application.key.has_signed(message.as_bytes(), &signature)
    });
    if !is_signed {
        return Err(Refusal::token("the signature is not by the application's key"));
    }
    let claims = object(claims).ok_or_else(|| Refusal::token("the claims are not a JSON object"))?;
    check_claims(&claims, application.id, world)?;
    if application.active { Ok(application) } else { Err(Refusal::forbidden("the application is not active")) }
}

fn check_claims(claims: &Value, application: Uuid, world: &World) -> Result<(), Refusal> {
    let issuer = claims.get("iss").and_then(Value::as_str);
    // Clients in daily use have their own id there, so the service accepts it.
    let is_application = world.edition.is_current() && issuer.is_some_and(|issuer| issuer == application.to_string());
    if issuer != Some(ISSUER) && !is_application {
        return Err(Refusal::token(format!("`iss` must be {ISSUER}")));
    }
    if !claims.get("aud").and_then(Value::as_str).is_some_and(|audience| AUDIENCES.contains(&audience)) {
        return Err(Refusal::token(format!("`aud` must be one of {}", AUDIENCES.join(", "))));
    }
    let time = |name: &str| {
        let value = claims.get(name).and_then(Value::as_i64);
        value.ok_or_else(|| Refusal::token(format!("`{name}` must be a time in seconds")))
    };
    let (issued, expires) = (time("iat")?, time("exp")?);
    let now = world.clock.now().timestamp();
    if expires <= now {
        return Err(Refusal::token("the token has expired"));
    }
    if issued > now + LEEWAY {
        return Err(Refusal::token("the token is of the future (is the clock right?)"));
    }
    if issued > expires || expires.saturating_sub(issued) > MAX_LIFE {
        return Err(Refusal::token(format!("the token may live for {MAX_LIFE} seconds at most")));
    }
    Ok(())
}

/// The token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn object(part: &str) -> Option<Value> {
    let value: Value = serde_json::from_slice(&decoded(part)?).ok()?;
    value.is_object().then_some(value)
}
