//! Verification of webhooks, with the development key of the sandbox in the role of Enable Banking's.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails panics")]

mod certificates;
mod checks;
mod fetching;
mod redaction;
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use enablebanking_client::Clock;
use enablebanking_client::types::Environment;
use enablebanking_client::webhook::{Error, Expected, Unverified, Verified};
use serde_json::{Value, json};

const APPLICATION: &str = "cf589be3-3755-465b-a8df-a90a16a31403";
const ADDRESS: &str = "https://api.enablebanking.com/webhooks.pem";
const BODY: &str = r#"{"payment_id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","status":"ACSC"}"#;

/// 2026-11-30.
const NOW: u64 = 1_796_000_000;

/// The certificate of the key that signs webhooks here.
const CERTIFICATE: &str = include_str!("../../../tilisy-sandbox/keys/development-only.crt");
const PRIVATE_KEY: &str = include_str!("../../../tilisy-sandbox/keys/development-only.pem");

/// Another key, and its certificate.
const OTHER_CERTIFICATE: &str = include_str!("../certificates/other.crt");
const OTHER_PRIVATE_KEY: &str = include_str!("../../../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");

/// A clock that stands still until it is set, in seconds after the epoch.
struct Hands(AtomicU64);

impl Clock for Hands {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

fn expected(clock: Arc<dyn Clock>) -> Expected {
    Expected::new(APPLICATION.parse().unwrap(), Environment::Sandbox).with_clock(clock)
}

/// The expected values, at this number of seconds after the epoch.
fn expected_at(seconds: u64) -> Expected {
    expected(Arc::new(Hands(seconds.into())))
}

fn header() -> Value {
    json!({"alg": "RS256", "typ": "JWT", "x5u": ADDRESS})
}

fn claims() -> Value {
    json!({"sub": APPLICATION, "environment": "SANDBOX", "msgi": msgi(BODY.as_bytes())})
}

fn msgi(body: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, body)))
}

/// Returns a value with one property changed, or removed if the new value is null.
fn with(mut value: Value, name: &str, new: Value) -> Value {
    let properties = value.as_object_mut().unwrap();
    if new.is_null() {
        properties.remove(name);
    } else {
        properties.insert(name.to_owned(), new);
    }
    value
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The DER in a PEM text with one block.
fn der(pem: &str) -> Vec<u8> {
    let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(lines).unwrap()
}

fn signature(private_key: &str, message: &str, padding: &'static dyn RsaEncoding) -> String {
    let key = RsaKeyPair::from_pkcs8(&der(private_key)).unwrap();
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    URL_SAFE_NO_PAD.encode(signature)
}

/// The header of a webhook whose parts are signed as they are.
fn signed_texts(header: &str, claims: &str) -> String {
    signed_by(PRIVATE_KEY, &format!("{header}.{claims}"))
}

fn signed(header: &Value, claims: &Value) -> String {
    signed_texts(&encoded(header), &encoded(claims))
}

fn signed_by(private_key: &str, message: &str) -> String {
    format!("Bearer {message}.{}", signature(private_key, message, &RSA_PKCS1_SHA256))
}

fn verify_at(seconds: u64, authorization: &str, certificate: &[u8], body: &[u8]) -> Result<Verified, Error> {
    Unverified::parse(authorization, &expected_at(seconds))?.verify(certificate, body)
}

fn verify(authorization: &str) -> Result<Verified, Error> {
    verify_at(NOW, authorization, CERTIFICATE.as_bytes(), BODY.as_bytes())
}
