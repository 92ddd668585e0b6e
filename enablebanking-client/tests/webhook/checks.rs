//! The checks of the token and of the body.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::RSA_PSS_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use enablebanking_client::types::Environment;
use enablebanking_client::webhook::{ErrorKind, Expected, Unverified};
use serde_json::{Value, json};

use super::*;

fn check_refused(authorization: &str, kind: ErrorKind, case: &str) {
    let error = verify(authorization).expect_err(case);
    assert_eq!(error.kind(), kind, "{case}: {error}");
    assert_eq!(error.is_retryable(), kind == ErrorKind::Fetch, "{case}");
}

#[test]
fn a_webhook_of_the_service_is_verified() {
    let authorization = signed(&header(), &claims());
    let expected = expected_at(NOW);
    let unverified = Unverified::parse(&authorization, &expected).unwrap();
    assert_eq!(unverified.certificate_url(), ADDRESS);
    let verified = unverified.verify(CERTIFICATE, BODY).unwrap();
    assert_eq!(verified.body(), BODY.as_bytes());
    assert_eq!(verified.payment_id().unwrap().to_string(), "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
}

#[test]
fn every_part_of_the_header_is_checked() {
    use ErrorKind::{Algorithm, CertificateUrl, Token};
    for (name, value, kind) in [
        ("alg", Value::Null, Algorithm),
        ("alg", json!(""), Algorithm),
        ("alg", json!("none"), Algorithm),
        ("alg", json!("None"), Algorithm),
        ("alg", json!("HS256"), Algorithm),
        ("alg", json!("PS256"), Algorithm),
        ("alg", json!("RS384"), Algorithm),
        ("alg", json!("ES256"), Algorithm),
        ("alg", json!("rs256"), Algorithm),
        ("alg", json!(["RS256"]), Token),
        ("typ", Value::Null, Token),
        ("typ", json!("jwt"), Token),
        ("typ", json!("JWS"), Token),
        ("typ", json!("at+jwt"), Token),
        ("crit", json!(["b64"]), Token),
        ("crit", json!([]), Token),
        ("x5u", Value::Null, CertificateUrl),
        ("x5u", json!(""), CertificateUrl),
        ("x5u", json!("https://enablebanking.com.evil.example/key.pem"), CertificateUrl),
        ("x5u", json!("https://enablebanking.com@evil.example/key.pem"), CertificateUrl),
        ("x5u", json!("http://api.enablebanking.com/webhooks.pem"), CertificateUrl),
        ("x5u", json!("http://127.0.0.1/key.pem"), CertificateUrl),
        ("x5u", json!([ADDRESS]), Token),
    ] {
        let case = format!("{name} {value}");
        check_refused(&signed(&with(header(), name, value), &claims()), kind, &case);
    }
    // Other places for a key are ignored.
    for name in ["kid", "jku", "jwk", "x5c", "x5t"] {
        verify(&signed(&with(header(), name, json!("x")), &claims())).expect(name);
    }
}

#[test]
fn every_claim_is_checked() {
    use ErrorKind::{Application, Body, Environment, Token};
    let other = "cf589be3-3755-465b-a8df-a90a16a31404";
    let digest = msgi(BODY.as_bytes());
    let plain = digest.strip_prefix("sha256-").unwrap();
    for (name, value, kind) in [
        ("sub", Value::Null, Application),
        ("sub", json!(""), Application),
        ("sub", json!(other), Application),
        ("sub", json!("*"), Application),
        ("sub", json!(format!("{APPLICATION} ")), Application),
        ("sub", json!(7), Token),
        ("environment", Value::Null, Environment),
        ("environment", json!(""), Environment),
        ("environment", json!("PRODUCTION"), Environment),
        ("environment", json!("sandbox"), Environment),
        ("environment", json!(true), Token),
        ("msgi", Value::Null, Body),
        ("msgi", json!(""), Body),
        ("msgi", json!("sha256-"), Body),
        ("msgi", json!(plain), Body),
        ("msgi", json!(format!("sha512-{plain}")), Body),
        ("msgi", json!(format!("SHA256-{plain}")), Body),
        ("msgi", json!(digest.trim_end_matches('=')), Body),
        ("msgi", json!(format!("sha256-{}", STANDARD.encode([0; 32]))), Body),
        ("msgi", json!(format!("sha256-{}", STANDARD.encode([0; 31]))), Body),
        ("msgi", json!(msgi(b"{}")), Body),
        ("msgi", json!({}), Token),
    ] {
        let case = format!("{name} {value}");
        check_refused(&signed(&header(), &with(claims(), name, value)), kind, &case);
    }
    verify(&signed(&header(), &with(claims(), "sub", json!(APPLICATION.to_uppercase())))).unwrap();
    verify(&signed(&header(), &with(claims(), "jti", json!("unknown")))).unwrap();
}

#[test]
fn an_environment_that_is_not_listed_is_compared_as_text() {
    let text = "REHEARSAL";
    let authorization = signed(&header(), &with(claims(), "environment", json!(text)));
    let expected = |text: &str| Expected::new(APPLICATION.parse().unwrap(), Environment::from(text));
    assert!(Unverified::parse(&authorization, &expected(text)).is_ok());
    let error = Unverified::parse(&authorization, &expected("REHEARSALS")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Environment);
}

#[test]
fn times_are_enforced_if_they_are_there() {
    use ErrorKind::{Expired, NotYetValid, Token};
    let now = i64::try_from(NOW).unwrap();
    for (name, value, kind) in [
        ("exp", json!(now + 3600), None),
        ("exp", json!(now), None),
        ("exp", json!(now - 59), None),
        ("exp", json!(now - 60), Some(Expired)),
        ("exp", json!(0), Some(Expired)),
        ("exp", json!(-1), Some(Expired)),
        ("exp", json!(1e300), None),
        ("exp", json!("soon"), Some(Token)),
        ("nbf", json!(0), None),
        ("nbf", json!(now + 60), None),
        ("nbf", json!(now + 61), Some(NotYetValid)),
        ("nbf", json!(1e300), Some(NotYetValid)),
        ("nbf", json!([now]), Some(Token)),
        ("iat", json!(now - 86_400), None),
        ("iat", json!(now as f64 + 59.5), None),
        ("iat", json!(now + 61), Some(NotYetValid)),
        ("iat", json!({}), Some(Token)),
    ] {
        let case = format!("{name} {value}");
        let authorization = signed(&header(), &with(claims(), name, value));
        match kind {
            Some(kind) => check_refused(&authorization, kind, &case),
            None => assert!(verify(&authorization).is_ok(), "{case}"),
        }
    }
    let absent = r#""exp":null,"nbf":null,"iat":null}"#;
    let claims = claims().to_string().replace('}', &format!(",{absent}"));
    verify(&signed_texts(&encoded(&header()), &URL_SAFE_NO_PAD.encode(claims))).unwrap();
}

#[test]
fn signatures_of_other_algorithms_do_not_count() {
    let message = format!("{}.{}", encoded(&header()), encoded(&claims()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, CERTIFICATE.as_bytes());
    let keyed = URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()));
    let pss = signature(PRIVATE_KEY, &message, &RSA_PSS_SHA256);
    for (case, signature) in [("none", ""), ("HS256", &*keyed), ("PS256", &*pss), ("zeros", &"A".repeat(342))] {
        check_refused(&format!("Bearer {message}.{signature}"), ErrorKind::Signature, case);
        let algorithm = if case == "zeros" { "none" } else { case };
        let message = format!("{}.{}", encoded(&with(header(), "alg", json!(algorithm))), encoded(&claims()));
        check_refused(&format!("Bearer {message}.{signature}"), ErrorKind::Algorithm, case);
    }
}

#[test]
fn only_a_bearer_token_in_three_parts_is_read() {
    use ErrorKind::{Authorization, Token};
    let good = signed(&header(), &claims());
    let token = good.strip_prefix("Bearer ").unwrap();
    let parts: Vec<_> = token.split('.').collect();
    let [header_part, claims_part, signature] = parts[..] else { panic!("three parts") };
    let padded = |part: &str| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(part).unwrap());
    let standard = |part: &str| STANDARD.encode(URL_SAFE_NO_PAD.decode(part).unwrap());
    assert!(padded(signature).ends_with('=') && standard(signature).contains(['+', '/']));
    for (authorization, kind) in [
        (String::new(), Authorization),
        ("Bearer".to_owned(), Authorization),
        (token.to_owned(), Authorization),
        (format!(" Bearer {token}"), Authorization),
        (format!("Bearer:{token}"), Authorization),
        (format!("Basic {token}"), Authorization),
        (format!("Bearer\t{token}"), Authorization),
        (format!("Bearer {}", "a".repeat(16 * 1024)), Authorization),
        (format!("{good}{}", " ".repeat(16 * 1024)), Authorization),
        ("Bearer ".to_owned(), Token),
        ("Bearer .".to_owned(), Token),
        ("Bearer ..".to_owned(), Token),
        ("Bearer hunter2".to_owned(), Token),
        (format!("Bearer {header_part}.{claims_part}"), Token),
        (format!("Bearer {header_part}..{signature}"), Token),
        (format!("Bearer .{claims_part}.{signature}"), Token),
        (format!("Bearer .{token}"), Token),
        (format!("Bearer {token}."), Token),
        (format!("Bearer {token}.{signature}"), Token),
        (format!("Bearer {token}\n"), Token),
        (format!("Bearer {token} {token}"), Token),
        (format!("Bearer \"{token}\""), Token),
        (format!("Bearer {header_part}.{claims_part}.{}", padded(signature)), Token),
        (format!("Bearer {header_part}.{claims_part}.{}", standard(signature)), Token),
        (format!("Bearer {header_part}.{claims_part}.é"), Token),
    ] {
        let start: String = authorization.chars().take(80).collect();
        check_refused(&authorization, kind, &start);
    }
    let expected = expected_at(NOW);
    assert_eq!(Unverified::parse(b"Bearer \xff", &expected).unwrap_err().kind(), Authorization);
    for good in [format!("bearer {token}"), format!("BEARER   {token} ")] {
        verify(&good).unwrap();
    }
}

#[test]
fn header_and_claims_are_json_objects_with_each_name_once() {
    let (good_header, good_claims) = (header().to_string(), claims().to_string());
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    for bad in ["", "null", "[]", "{", "\u{feff}{}", "{}{}", &"[".repeat(10_000), &"{\"a\":".repeat(2_000)] {
        check_refused(&signed_texts(&part(bad), &part(&good_claims)), ErrorKind::Token, bad);
        check_refused(&signed_texts(&part(&good_header), &part(bad)), ErrorKind::Token, bad);
    }
    let list = format!(r#"["RS256","JWT","{ADDRESS}",null]"#);
    check_refused(&signed_texts(&part(&list), &part(&good_claims)), ErrorKind::Token, "a list");
    let twice = good_header.replace('}', r#","alg":"RS256"}"#);
    check_refused(&signed_texts(&part(&twice), &part(&good_claims)), ErrorKind::Token, "alg twice");
    let twice = good_claims.replace('}', &format!(r#","sub":"{APPLICATION}"}}"#));
    check_refused(&signed_texts(&part(&good_header), &part(&twice)), ErrorKind::Token, "sub twice");
    // The padding of base64 is not part of a token.
    let padded = |text: &str| URL_SAFE.encode(format!("{text}{}", " ".repeat((4 - text.len() % 3) % 3)));
    for (header, claims) in [(padded(&good_header), part(&good_claims)), (part(&good_header), padded(&good_claims))] {
        assert!(header.ends_with('=') || claims.ends_with('='));
        check_refused(&signed_texts(&header, &claims), ErrorKind::Token, "padding");
    }
}

#[test]
fn no_byte_of_the_body_can_change() {
    let authorization = signed(&header(), &claims());
    let refused = |body: &[u8]| verify_at(NOW, &authorization, CERTIFICATE.as_bytes(), body).unwrap_err().kind();
    for at in 0..BODY.len() {
        let mut body = BODY.as_bytes().to_vec();
        body[at] ^= 1;
        assert_eq!(refused(&body), ErrorKind::Body, "{at}");
    }
    for body in ["", "{}", &format!("{BODY} "), &format!("{BODY}\n"), &BODY[1..]] {
        assert_eq!(refused(body.as_bytes()), ErrorKind::Body);
    }
}

#[test]
fn no_character_of_the_token_can_change() {
    let authorization = signed(&header(), &claims());
    for at in "Bearer ".len()..authorization.len() {
        let mut changed = authorization.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(verify(&changed).is_err(), "{at}");
    }
    for length in 0..authorization.len() {
        assert!(verify(&authorization[..length]).is_err(), "{length}");
    }
}

#[test]
fn any_body_can_be_verified_and_only_some_have_a_payment_id() {
    for (body, has_id) in [
        (BODY, true),
        ("", false),
        ("null", false),
        ("[]", false),
        ("not json", false),
        ("{}", false),
        (r#"{"payment_id":null}"#, false),
        (r#"{"payment_id":7}"#, false),
        (r#"{"payment_id":"7"}"#, false),
        (r#"{"payment":{"payment_id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}}"#, false),
        (r#"{"a":[1,{}],"payment_id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}"#, true),
    ] {
        let authorization = signed(&header(), &with(claims(), "msgi", json!(msgi(body.as_bytes()))));
        let verified = verify_at(NOW, &authorization, CERTIFICATE.as_bytes(), body.as_bytes()).unwrap();
        assert_eq!(verified.payment_id().is_some(), has_id, "{body}");
        assert_eq!(verified.body(), body.as_bytes());
    }
}
