//! The contents and the signature of tokens.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use enablebanking_core::{ApiHost, Credentials, CredentialsErrorKind};
use serde_json::{Value, json};

use support::{ID, Stopped, credentials_at, key};

/// The example in the document's "JWT format and signature", issued 2020-09-30 09:06:08 UTC.
const DOCUMENTED: &str = "eyJ0eXAiOiAiSldUIiwgImFsZyI6ICJSUzI1NiIsICJraWQiOiAiY2Y1ODliZTMtMzc1NS00NjViLWE4ZGYtYTkwYTE2YTMxNDAzIn0.eyJpc3MiOiAiZW5hYmxlYmFua2luZy5jb20iLCAiYXVkIjogImFwaS50aWxpc3kuY29tIiwgImlhdCI6IDE2MDE0NTY3NjgsICJleHAiOiAxNjAxNTQzMTY4fQ.daO3ENSYIA3ud7Ay7uGQ0xxqq9r4_WLcM5SbrN_6_fqsFZXFdoGQA5nKiyP8Ot4nWdYcZvaNWxEAOIodUFndOP8pjihF9-rMXuNGEjde1cq2WjYzKwiIeodUej8okDWdB--szcgurzGMd8RRMjqr951PWqnXS-PbrRsavDHp8l2q4YBjh2m80nRruKnQCAn0dtm4A5G9rZaEowo9z-c8HJU101jKddyOpHhl9UvxVrERzHtyO4LdidiP4rP1hmaVMWybSbcIMI_h30qjqWP21kYRH9ENITTttbf0uZIa8s74jKYxNIdiiDyRaq9WjoPolrHI_ZxcMjp8mmCKX-N-1w";

/// 30 s after the documented token was issued.
const NOW: u64 = 1_601_456_798;

/// Header and claims.
fn parts(token: &str) -> [Value; 2] {
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    [0, 1].map(|index| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[index]).unwrap()).unwrap())
}

#[test]
fn a_token_is_byte_for_byte_the_one_that_openssl_makes() {
    let token = credentials_at(NOW).token(&ApiHost::Tilisy).unwrap();
    assert_eq!(token.expose(), key("token.jwt").trim());
    let again = Credentials::from_pem(ID, key("rsa2048.pkcs1.pem")).unwrap();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    let again = again.with_clock(Arc::new(Stopped(now))).token(&ApiHost::Tilisy).unwrap();
    assert_eq!(token.expose(), again.expose());
}

#[test]
fn a_token_says_what_the_documented_one_says() {
    let a_day = Duration::from_secs(86_400);
    let token = credentials_at(NOW).with_ttl(a_day).unwrap().token(&ApiHost::Tilisy).unwrap();
    assert_eq!(parts(token.expose()), parts(DOCUMENTED));
    assert_eq!(
        parts(DOCUMENTED),
        [
            json!({"typ": "JWT", "alg": "RS256", "kid": ID}),
            json!({"iss": "enablebanking.com", "aud": "api.tilisy.com", "iat": 1_601_456_768, "exp": 1_601_543_168}),
        ]
    );
}

#[test]
fn a_signature_is_verified_by_the_public_key_and_by_no_other_message() {
    let token = credentials_at(NOW).token(&ApiHost::EnableBanking).unwrap();
    let (message, signature) = token.expose().rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let pem = key("public.pkcs1.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, STANDARD.decode(body).unwrap());
    public.verify(message.as_bytes(), &signature).unwrap();
    assert!(public.verify(format!("{message}x").as_bytes(), &signature).is_err());
}

#[test]
fn the_audience_is_that_of_the_host() {
    for (host, audience) in [
        (ApiHost::Tilisy, "api.tilisy.com"),
        (ApiHost::EnableBanking, "api.enablebanking.com"),
        (ApiHost::custom("https://localhost", "a \"quoted\" name"), "a \"quoted\" name"),
    ] {
        let token = credentials_at(NOW).token(&host).unwrap();
        assert_eq!(parts(token.expose())[1]["aud"], audience);
    }
    let error = credentials_at(NOW).token(&ApiHost::custom("https://localhost", " ")).unwrap_err();
    assert_eq!(error.kind(), CredentialsErrorKind::Audience);
    let message = "the audience of the host is empty (give the name that the service expects in `aud`)";
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_clock_that_is_far_off_is_an_error_and_no_panic() {
    let credentials = credentials_at(NOW);
    let at = |now| credentials.clone().with_clock(Arc::new(Stopped(now))).token(&ApiHost::Tilisy);
    let (second, epoch) = (Duration::from_secs(1), SystemTime::UNIX_EPOCH);
    let far = Duration::from_secs(i64::MAX.unsigned_abs() / 2);
    for now in [epoch - second, epoch - far, epoch + far, epoch + Duration::from_secs(32_503_680_000)] {
        let error = at(now).unwrap_err();
        assert_eq!((error.kind(), error.is_environment()), (CredentialsErrorKind::Clock, true));
        let message = "the clock shows a year before 1970 or after 2999 (set the clock of the machine)";
        assert_eq!(error.to_string(), message);
    }
    assert_eq!(parts(at(epoch + second).unwrap().expose())[1]["iat"], 0);
}

#[test]
fn a_clone_is_the_same_application() {
    let credentials = credentials_at(NOW);
    let token = credentials.clone().token(&ApiHost::Tilisy).unwrap();
    assert_eq!(token.clone().expose(), credentials.token(&ApiHost::Tilisy).unwrap().expose());
    assert_eq!(credentials.application_id().to_string(), ID);
}
