//! Verification with a certificate that is fetched.

use enablebanking_client::webhook::{ErrorKind, Verifier, VerifierBuilder};

use super::server::{Reply, Server};
use super::*;

fn builder() -> VerifierBuilder {
    Verifier::builder(expected_at(NOW).allow_insecure_host("127.0.0.1"))
}

fn signed_for(address: &str) -> String {
    signed(&with(header(), "x5u", json!(address)), &claims())
}

async fn check_unfetched(reply: Reply, reason: &str) {
    let server = Server::start([reply]).await;
    let error = builder().build().unwrap().verify(signed_for(server.address()), BODY).await.unwrap_err();
    assert_eq!(error.to_string(), format!("the certificate cannot be fetched: {reason}"));
    assert_eq!(error.kind(), ErrorKind::Fetch);
    assert!(error.is_retryable());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_certificate_is_fetched_once() {
    for file in [CERTIFICATE.as_bytes(), &der(CERTIFICATE)] {
        let server = Server::start([Reply::ok(file), Reply::status("500 Error")]).await;
        let verifier = builder().build().unwrap();
        let authorization = signed_for(server.address());
        for _ in 0..3 {
            let verified = verifier.clone().verify(authorization.as_bytes(), BODY.to_owned()).await.unwrap();
            assert_eq!(verified.body(), BODY.as_bytes());
        }
        let seen = server.seen();
        assert_eq!(seen.len(), 1);
        assert!(seen[0].starts_with("GET /webhooks.pem HTTP/1.1\r\n"), "{seen:?}");
        assert!(seen[0].contains("user-agent: enablebanking-client/"), "{seen:?}");
        assert!(!seen[0].to_lowercase().contains("authorization"), "{seen:?}");
    }
}

#[tokio::test]
async fn webhooks_at_the_same_time_share_few_requests() {
    let server = Server::start([Reply::ok(CERTIFICATE)]).await;
    let verifier = builder().build().unwrap();
    let authorization = signed_for(server.address());
    let calls: Vec<_> = (0..32)
        .map(|_| {
            let (verifier, authorization) = (verifier.clone(), authorization.clone());
            tokio::spawn(async move { verifier.verify(authorization, BODY).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let requests = server.seen().len();
    assert!((1..=4).contains(&requests), "{requests}");
}

#[tokio::test]
async fn a_webhook_that_fails_another_check_causes_no_request() {
    let server = Server::start([Reply::ok(CERTIFICATE)]).await;
    let verifier = builder().build().unwrap();
    let header = || with(header(), "x5u", json!(server.address()));
    for (authorization, body, kind) in [
        (String::new(), BODY, ErrorKind::Authorization),
        (signed(&with(header(), "alg", json!("none")), &claims()), BODY, ErrorKind::Algorithm),
        (signed(&header(), &with(claims(), "sub", Value::Null)), BODY, ErrorKind::Application),
        (signed(&header(), &with(claims(), "environment", json!("PRODUCTION"))), BODY, ErrorKind::Environment),
        (signed(&header(), &with(claims(), "exp", json!(0))), BODY, ErrorKind::Expired),
        (signed(&header(), &claims()), "{}", ErrorKind::Body),
        (signed_for(&server.address().replace("127.0.0.1", "localhost")), BODY, ErrorKind::CertificateUrl),
    ] {
        let error = verifier.verify(authorization, body).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
    let strict = Verifier::builder(expected_at(NOW)).build().unwrap();
    let error = strict.verify(signed_for(server.address()), BODY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CertificateUrl);
    assert!(server.seen().is_empty(), "{:?}", server.seen());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = Server::start([Reply::ok(CERTIFICATE)]).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let head = format!("{status}\r\nLocation: {}", target.address());
        let code = &status[..3];
        check_unfetched(Reply::status(head), &format!("the status is {code}")).await;
    }
    assert!(target.seen().is_empty());
}

#[tokio::test]
async fn an_error_status_is_no_certificate() {
    for (head, code) in [("404 Not Found", 404), ("429 Too Many", 429), ("500 Error", 500), ("503 Busy", 503)] {
        let reply = Reply::Whole(head.to_owned(), CERTIFICATE.into());
        check_unfetched(reply, &format!("the status is {code}")).await;
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_read() {
    let large = format!("{CERTIFICATE}{}", " ".repeat(64 * 1024));
    check_unfetched(Reply::ok(large), "the body is larger than 65536 bytes").await;
}

#[tokio::test]
async fn a_broken_response_is_no_certificate() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n-----BEGIN";
    for (text, reason) in
        [("", "connection closed"), ("hello\r\n\r\n", "the answer is no HTTP"), (cut, "connection closed")]
    {
        check_unfetched(Reply::Breaks(text.to_owned()), reason).await;
    }
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up() {
    for text in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n-----BEGIN"] {
        let server = Server::start([Reply::Hangs(text.to_owned())]).await;
        let verifier = builder().timeout(Duration::from_millis(50)).build().unwrap();
        let error = verifier.verify(signed_for(server.address()), BODY).await.unwrap_err();
        assert_eq!(error.to_string(), "the certificate cannot be fetched: timed out", "{text:?}");
        assert!(error.is_retryable());
    }
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_other_requests_counts_as_well() {
    let server = Server::start([Reply::Hangs(String::new())]).await;
    let verifier = builder().build().unwrap();
    let authorization = signed_for(server.address());
    let start = tokio::time::Instant::now();
    let calls: Vec<_> = (0..12)
        .map(|_| {
            let (verifier, authorization) = (verifier.clone(), authorization.clone());
            tokio::spawn(async move { verifier.verify(authorization, BODY).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap_err().kind(), ErrorKind::Fetch);
    }
    // By a clock that stands still while anything can happen.
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test]
async fn a_server_that_is_down_can_be_asked_again() {
    let server = Server::start([Reply::status("503 Busy"), Reply::ok(CERTIFICATE)]).await;
    let verifier = builder().build().unwrap();
    let authorization = signed_for(server.address());
    assert!(verifier.verify(&authorization, BODY).await.unwrap_err().is_retryable());
    verifier.verify(&authorization, BODY).await.unwrap();

    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = verifier.verify(signed_for(&format!("http://{gone}/a.pem")), BODY).await.unwrap_err();
    assert_eq!(error.to_string(), "the certificate cannot be fetched: connection refused");
}

#[tokio::test]
async fn a_file_that_is_not_a_usable_certificate_is_not_kept() {
    for (file, kind) in [
        ("a text", ErrorKind::Certificate),
        (include_str!("../certificates/rsa1024.crt"), ErrorKind::CertificateKey),
        (OTHER_CERTIFICATE, ErrorKind::Signature),
    ] {
        let server = Server::start([Reply::ok(file), Reply::ok(CERTIFICATE)]).await;
        let verifier = builder().build().unwrap();
        let authorization = signed_for(server.address());
        let error = verifier.verify(&authorization, BODY).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!error.is_retryable());
        verifier.verify(&authorization, BODY).await.unwrap();
        assert_eq!(server.seen().len(), 2);
    }
}

#[tokio::test]
async fn a_bad_signature_does_not_fetch_a_new_certificate_again() {
    let server = Server::start([Reply::ok(CERTIFICATE), Reply::ok(OTHER_CERTIFICATE)]).await;
    let verifier = builder().build().unwrap();
    let authorization = signed_for(server.address());
    verifier.verify(&authorization, BODY).await.unwrap();
    let (message, _) = authorization.rsplit_once('.').unwrap();
    for _ in 0..3 {
        let error = verifier.verify(format!("{message}.{}", "A".repeat(342)), BODY).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature);
    }
    verifier.verify(&authorization, BODY).await.unwrap();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_replaced_certificate_is_fetched_again_after_a_minute() {
    let server = Server::start([Reply::ok(CERTIFICATE), Reply::ok(OTHER_CERTIFICATE)]).await;
    let clock = Arc::new(Hands(NOW.into()));
    let expected = expected(Arc::clone(&clock) as Arc<dyn Clock>).allow_insecure_host("127.0.0.1");
    let verifier = Verifier::builder(expected).build().unwrap();
    let old = signed_for(server.address());
    let message = old.strip_prefix("Bearer ").and_then(|token| Some(token.rsplit_once('.')?.0)).unwrap();
    let new = signed_by(OTHER_PRIVATE_KEY, message);
    for (seconds, is_old, is_new, requests) in [
        (0, true, false, 1),
        (59, true, false, 1),
        // The new signature leads to a request, after the old one was checked with the old certificate.
        (60, true, true, 2),
        (119, false, true, 2),
        (120, false, true, 3),
    ] {
        clock.0.store(NOW + seconds, Ordering::SeqCst);
        assert_eq!(verifier.verify(&old, BODY).await.is_ok(), is_old, "{seconds}");
        assert_eq!(verifier.verify(&new, BODY).await.is_ok(), is_new, "{seconds}");
        assert_eq!(server.seen().len(), requests, "{seconds}");
    }
}

#[tokio::test]
async fn a_certificate_is_fetched_again_after_an_hour() {
    let server = Server::start([Reply::ok(CERTIFICATE), Reply::status("503 Busy"), Reply::ok(CERTIFICATE)]).await;
    let clock = Arc::new(Hands(NOW.into()));
    let expected = expected(Arc::clone(&clock) as Arc<dyn Clock>).allow_insecure_host("127.0.0.1");
    let verifier = Verifier::builder(expected).build().unwrap();
    let authorization = signed_for(server.address());
    for (seconds, is_verified, requests) in [(0, true, 1), (3599, true, 1), (3600, false, 2), (3600, true, 3)] {
        clock.0.store(NOW + seconds, Ordering::SeqCst);
        let verified = verifier.verify(&authorization, BODY).await;
        assert_eq!(verified.is_ok(), is_verified, "{seconds}: {verified:?}");
        assert_eq!(server.seen().len(), requests, "{seconds}");
    }
}

#[test]
fn unusable_settings_are_refused_without_being_shown() {
    let expected = || expected_at(NOW);
    for (case, builder) in [
        ("zero", Verifier::builder(expected()).timeout(Duration::ZERO)),
        ("proxy", Verifier::builder(expected()).proxy("hunter2")),
        ("root", Verifier::builder(expected()).extra_root_certificate("hunter2")),
        ("host", Verifier::builder(expected().allow_insecure_host("hunter2:80/"))),
        ("proxied host", builder().proxy("http://hunter2:3128")),
    ] {
        let error = builder.build().expect_err(case);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
