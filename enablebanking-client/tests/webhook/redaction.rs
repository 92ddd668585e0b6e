//! The output of `Debug` and of errors.

use enablebanking_client::webhook::{Error, Verifier};

use super::*;

/// Parts of the token, the body, the certificate and addresses.
fn secrets(authorization: &str) -> Vec<String> {
    let token = authorization.strip_prefix("Bearer ").unwrap();
    let mut secrets: Vec<_> = token.split('.').map(|part| part[..20].to_owned()).collect();
    secrets.extend(["6ba7b810", "ACSC", "hunter2", "api.enablebanking.com", "webhooks.pem"].map(str::to_owned));
    secrets.push(msgi(BODY.as_bytes()));
    secrets.push(CERTIFICATE.lines().nth(1).unwrap()[..20].to_owned());
    secrets
}

fn check(shown: &str, authorization: &str) {
    for secret in secrets(authorization) {
        assert!(!shown.contains(&secret), "{secret}: {shown}");
    }
}

#[test]
fn debug_shows_the_expected_values_alone() {
    let authorization = signed(&header(), &claims());
    let expected = expected_at(NOW).allow_insecure_host("hunter2");
    let unverified = Unverified::parse(&authorization, &expected).unwrap();
    let verified = unverified.verify(CERTIFICATE, BODY).unwrap();
    let builder = Verifier::builder(expected.clone());
    let verifier = builder.clone().build().unwrap();
    let shown = format!("{expected:?} {unverified:?} {verified:?} {builder:?} {verifier:?} {verifier:#?}");
    check(&shown, &authorization);
    assert!(shown.contains(APPLICATION) && shown.contains("Sandbox"), "{shown}");
}

#[test]
fn errors_name_the_check_and_no_value() {
    let good = signed(&header(), &claims());
    let (message, _) = good.rsplit_once('.').unwrap();
    let with_header = |name: &str, value: &str| verify(&signed(&with(header(), name, json!(value)), &claims()));
    let with_claim = |name: &str, value: Value| verify(&signed(&header(), &with(claims(), name, value)));
    let with_certificate = |certificate: &str| verify_at(NOW, &good, certificate.as_bytes(), BODY.as_bytes());
    for (outcome, text) in [
        (verify("Basic hunter2"), "the `Authorization` header is missing or is not `Bearer` and a token"),
        (verify(&"hunter2".repeat(16 * 1024)), "the `Authorization` header is too long"),
        (verify("Bearer hunter2"), "the token is not a JSON Web Token of the documented form"),
        (with_header("alg", "hunter2"), "the token is not signed with RS256"),
        (with_header("typ", "hunter2"), "`typ` of the token is not `JWT`"),
        (with_header("crit", "hunter2"), "the token has critical extensions (`crit`)"),
        (with_header("x5u", "hunter2"), "`x5u` of the token is not a plain URL"),
        (with_header("x5u", "https://api.enablebanking.com:8/"), "`x5u` of the token has a port"),
        (with_header("x5u", "http://api.enablebanking.com/"), "`x5u` of the token is not https"),
        (
            with_header("x5u", "https://hunter2.example/"),
            "`x5u` of the token does not lead to `enablebanking.com` or one of its subdomains",
        ),
        (with_claim("sub", json!("hunter2")), "the webhook is for another application (`sub`)"),
        (with_claim("environment", json!("hunter2")), "the webhook is for another environment (`environment`)"),
        (with_claim("exp", json!(1)), "the token has expired (`exp`)"),
        (with_claim("iat", json!(NOW + 3600)), "the token is not valid yet (`nbf` or `iat`)"),
        (with_claim("msgi", json!("hunter2")), "the token has no SHA-256 digest of the body (`msgi`)"),
        (
            verify_at(NOW, &good, CERTIFICATE.as_bytes(), b"hunter2"),
            "the body is not the one that was signed (pass the bytes as they were received)",
        ),
        (with_certificate("hunter2"), "the file at `x5u` is not an X.509 certificate"),
        (with_certificate(include_str!("../certificates/ec.crt")), "the key of the certificate is not an RSA key"),
        (
            with_certificate(include_str!("../certificates/rsa1024.crt")),
            "the RSA key of the certificate does not have 2048 to 8192 bits",
        ),
        (
            verify_at(0, &good, CERTIFICATE.as_bytes(), BODY.as_bytes()),
            "the certificate has expired or is not valid yet (is the clock of this machine right?)",
        ),
        (verify(&format!("{message}.{}", "A".repeat(342))), "the key of the certificate did not sign the token"),
    ] {
        let error = outcome.expect_err(text);
        assert_eq!(error.to_string(), text);
        assert_eq!(format!("{error:?}"), format!("Error {{ kind: {:?}, text: {text:?} }}", error.kind()));
    }
}

#[test]
fn verification_crosses_threads() {
    fn crosses_threads<T: Send + Sync + 'static>() {}
    fn is_sent(_: impl Send) {}

    crosses_threads::<Verifier>();
    crosses_threads::<Error>();
    crosses_threads::<Verified>();
    let verifier = Verifier::builder(expected_at(NOW)).build().unwrap();
    is_sent(verifier.verify("", BODY));
}
