//! The builder of a client, and the requests of that client to a server on this machine.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that fails panics")]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use tilisy_client::{ApiHost, Client, ClientBuilder};

use support::{credentials_at, key};

const NOW: u64 = 1_601_456_798;
const CANARY: &str = "hunter2";

fn builder() -> ClientBuilder {
    Client::builder(credentials_at(NOW))
}

#[test]
fn the_audience_goes_with_the_base_url() {
    for (host, base_url, audience) in [
        (ApiHost::Tilisy, "https://api.tilisy.com", "api.tilisy.com"),
        (ApiHost::EnableBanking, "https://api.enablebanking.com", "api.enablebanking.com"),
        (ApiHost::custom("https://localhost/x", "y"), "https://localhost/x", "y"),
    ] {
        assert_eq!((host.base_url(), host.audience()), (base_url, audience));
        builder().host(host).build().unwrap();
    }
}

/// Answers two requests and gives back what they were.
fn serve(listener: &TcpListener) -> Vec<String> {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        seen.push(String::from_utf8(request).unwrap());
        let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close";
        stream.write_all(format!("{answer}\r\n\r\n{{}}").as_bytes()).unwrap();
    }
    seen
}

#[tokio::test]
async fn a_client_sends_its_token_and_its_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = ApiHost::custom(format!("http://{}", listener.local_addr().unwrap()), "api.tilisy.com");
    let server = thread::spawn(move || serve(&listener));
    let client = builder().host(host).user_agent_suffix("shop/1.2").build().unwrap();
    // The response isn't an application: only the request matters here.
    for client in [&client, &client.clone()] {
        client.application().await.unwrap_err();
    }
    let token = format!("authorization: Bearer {}\r\n", key("token.jwt").trim());
    let name = concat!("user-agent: tilisy-client/", env!("CARGO_PKG_VERSION"), " shop/1.2\r\n");
    for request in server.join().unwrap() {
        assert!(request.starts_with("GET /application HTTP/1.1\r\n"), "{request}");
        assert!(request.contains(&token) && request.contains(name) && !request.contains("api-version"), "{request}");
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_signed_keeps_the_request_from_being_sent() {
    let early = std::sync::Arc::new(support::Stopped(std::time::UNIX_EPOCH - Duration::from_secs(1)));
    let credentials = credentials_at(NOW).with_clock(early);
    let client = Client::builder(credentials).host(ApiHost::custom("http://127.0.0.1:9", "x")).build().unwrap();
    let error = client.application().await.unwrap_err();
    assert_eq!(error.kind(), tilisy_client::ErrorKind::NotBuilt);
    let reason = "the clock shows a year before 1970 or after 2999 (set the clock of the machine)";
    assert_eq!(error.reason(), Some(reason));
}

#[test]
fn what_is_not_usable_is_refused_without_being_shown() {
    let custom = |base_url: &str| builder().host(ApiHost::custom(base_url, "x"));
    let mut unusable = vec![
        custom("http://api.tilisy.com/hunter2"),
        custom("https://hunter2@api.tilisy.com"),
        custom("hunter2"),
        builder().host(ApiHost::custom("https://localhost/hunter2", "")),
        builder().proxy("hunter2"),
        builder().extra_root_certificate(CANARY),
        builder().extra_root_certificate(key("public.pem")),
        builder().user_agent_suffix("a\r\nx: hunter2"),
    ];
    unusable.extend([
        builder().connect_timeout(Duration::ZERO),
        builder().read_timeout(Duration::ZERO),
        builder().attempt_timeout(Duration::ZERO),
        builder().total_timeout(Duration::ZERO),
    ]);
    for builder in unusable {
        let shown = format!("{builder:?} {builder:#?}");
        assert!(!shown.contains(CANARY) && shown.contains("[redacted]"), "{shown}");
        let error = builder.build().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(CANARY) && !shown.contains('\n'), "{shown}");
    }
}

#[test]
fn every_option_can_be_set() {
    let timeout = Duration::from_secs(7);
    builder()
        .connect_timeout(timeout)
        .read_timeout(timeout)
        .attempt_timeout(timeout)
        .total_timeout(timeout)
        .proxy("http://user:hunter2@127.0.0.1:3128")
        .extra_root_certificate(key("certificate.pem"))
        .user_agent_suffix("shop/1")
        .build()
        .unwrap();
}

// Elsewhere the certificates are not in files that a variable can name.
#[cfg(all(target_os = "linux", feature = "rustls", not(feature = "native-tls")))]
#[test]
fn a_machine_without_ca_certificates_gets_a_clear_error() {
    use support::{again, is_child};

    const NAME: &str = "a_machine_without_ca_certificates_gets_a_clear_error";
    if is_child() {
        println!("{}", builder().build().unwrap_err());
        // Certificates that are given are enough, and plain http to this machine needs none.
        builder().extra_root_certificate(key("certificate.pem")).build().unwrap();
        builder().host(ApiHost::custom("http://127.0.0.1:9", "x")).build().unwrap();
        return;
    }
    let empty = tempfile::NamedTempFile::new().unwrap();
    let output = again(NAME, &[("SSL_CERT_FILE", empty.path().to_str().unwrap()), ("SSL_CERT_DIR", "")]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let message = "this machine has no CA certificates to check the service by (install them, as by the package \
        `ca-certificates`, or point `SSL_CERT_FILE` to some, or give an extra root)";
    assert!(said.contains(message), "{said}");
}
