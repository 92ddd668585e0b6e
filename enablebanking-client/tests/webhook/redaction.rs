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
fn errors_show_the_check_alone() {
    let good = signed(&header(), &claims());
    let (message, _) = good.rsplit_once('.').unwrap();
    let mut errors: Vec<Error> = [
        (header(), "sub", json!("hunter2")),
        (header(), "environment", json!("hunter2")),
        (header(), "msgi", json!("hunter2")),
        (header(), "exp", json!("hunter2")),
        (header(), "exp", json!(1)),
        (with(header(), "x5u", json!("https://hunter2.example/webhooks.pem")), "", json!("")),
        (with(header(), "alg", json!("hunter2")), "", json!("")),
        (with(header(), "typ", json!("hunter2")), "", json!("")),
    ]
    .into_iter()
    .map(|(header, name, value)| verify(&signed(&header, &with(claims(), name, value))).unwrap_err())
    .collect();
    errors.push(verify("Basic hunter2").unwrap_err());
    errors.push(verify("Bearer hunter2").unwrap_err());
    errors.push(verify(&format!("{message}.{}", "A".repeat(342))).unwrap_err());
    errors.push(verify_at(NOW, &good, b"hunter2", BODY.as_bytes()).unwrap_err());
    errors.push(verify_at(0, &good, CERTIFICATE.as_bytes(), BODY.as_bytes()).unwrap_err());
    errors.push(verify_at(NOW, &good, CERTIFICATE.as_bytes(), b"hunter2").unwrap_err());
    for error in errors {
        check(&format!("{error} {error:?}"), &good);
        let text = error.to_string();
        assert!(!text.ends_with('.') && !text.contains('\n'), "{text}");
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
