//! Webhooks: requests that report a status of a payment, signed as those of the live service.
//!
//! The body is ours, as that of the live service is not documented: `{"payment_id": "…", "status": "…"}`.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::key::sign;

/// The path of the certificate with which webhooks are verified.
pub(crate) const CERTIFICATE_PATH: &str = "/webhook-certificate.pem";

/// The time that a receiver has to respond.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest size of a response up to the end of its first line.
const MAX_HEAD: usize = 8 * 1024;

/// The statuses that acknowledge a webhook.
const ACKNOWLEDGING: &[u16] = &[102, 200, 201, 202, 204];

/// The settings of webhooks, and the ways to those that send them.
#[derive(Debug)]
pub(crate) struct Webhooks {
    /// The origins to which webhooks may be sent.
    pub(crate) origins: Vec<Target>,
    /// The pauses before a webhook is sent again. After the last one it is given up.
    pub(crate) pauses: Vec<Duration>,
    /// Changes with each event in the life of a payment.
    pub(crate) changed: watch::Sender<()>,
    created: mpsc::UnboundedSender<Uuid>,
}

impl Webhooks {
    /// Creates them, with the receiver of the payments that are to be followed.
    pub(crate) fn new(origins: Vec<Target>, pauses: Vec<Duration>) -> (Self, mpsc::UnboundedReceiver<Uuid>) {
        let (created, receiver) = mpsc::unbounded_channel();
        (Self { origins, pauses, changed: watch::Sender::default(), created }, receiver)
    }

    /// Has the statuses of a payment reported.
    pub(crate) fn follow(&self, id: Uuid) {
        // Fails only while the sandbox stops.
        let _ = self.created.send(id);
    }
}

/// An address on this machine to which webhooks are sent by plain HTTP.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Target {
    addresses: Vec<SocketAddr>,
    /// Scheme, host and port, all of them written out.
    origin: String,
    /// Host and port as in the address.
    authority: String,
    path: String,
}

impl Target {
    /// Reads an address; returns `None` if it is not one of this machine, or is not plain HTTP.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let authority = uri.authority()?;
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return None;
        }
        let host = authority.host().to_ascii_lowercase();
        let after = authority.as_str().get(authority.host().len()..)?;
        let port = if after.is_empty() { 80 } else { after.strip_prefix(':')?.parse().ok()? };
        let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&host);
        let hosts = match literal.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) if host == "localhost" => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
            Err(_) => return None,
        };
        if !hosts.iter().all(IpAddr::is_loopback) {
            return None;
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Some(Self {
            addresses: hosts.into_iter().map(|host| SocketAddr::new(host, port)).collect(),
            origin: format!("http://{host}:{port}"),
            authority: authority.as_str().to_owned(),
            path: path.to_owned(),
        })
    }

    pub(crate) fn has_origin_of(&self, other: &Self) -> bool {
        self.origin == other.origin
    }

    /// Sends an event once, and returns whether it was acknowledged in time.
    pub(crate) async fn is_told(&self, event: &Event) -> bool {
        let sent = tokio::time::timeout(TIMEOUT, self.send(event)).await;
        matches!(sent, Ok(Ok(Some(status))) if ACKNOWLEDGING.contains(&status))
    }

    /// Sends an event and returns the status of the response. Not by a client that hides interim responses: 102
    /// acknowledges a webhook too.
    async fn send(&self, event: &Event) -> io::Result<Option<u16>> {
        let mut stream = TcpStream::connect(&self.addresses[..]).await?;
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            self.path,
            self.authority,
            event.token,
            event.body.len(),
        );
        stream.write_all(&[head.as_bytes(), event.body.as_bytes()].concat()).await?;
        let mut read = Vec::new();
        while !read.contains(&b'\n') && read.len() < MAX_HEAD {
            if stream.read_buf(&mut read).await? == 0 {
                break;
            }
        }
        Ok(status(&read))
    }
}

/// Returns the status in the first line of a response.
fn status(response: &[u8]) -> Option<u16> {
    let line = response.split(|byte| *byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    words.next()?.strip_prefix("HTTP/1.")?;
    words.next()?.parse().ok()
}

/// A signed report.
#[derive(Clone)]
pub(crate) struct Event {
    token: String,
    body: String,
}

impl Event {
    /// Creates the report of a status, signed for an application. Returns `None` if it cannot be signed.
    pub(crate) fn new(
        sandbox: &str,
        application: Uuid,
        environment: &str,
        payment: Uuid,
        status: &str,
    ) -> Option<Self> {
        let body = json!({ "payment_id": payment, "status": status }).to_string();
        let header = json!({ "typ": "JWT", "alg": "RS256", "x5u": format!("{sandbox}{CERTIFICATE_PATH}") });
        let claims = json!({ "sub": application, "environment": environment, "msgi": msgi(body.as_bytes()) });
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = URL_SAFE_NO_PAD.encode(sign(message.as_bytes())?);
        Some(Self { token: format!("{message}.{signature}"), body })
    }
}

/// Returns the claim that ties a token to a body.
fn msgi(body: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, body)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn event() -> Event {
        Event::new("http://127.0.0.1:1", Uuid::from_u128(1), "SANDBOX", Uuid::from_u128(2), "ACSC").unwrap()
    }

    #[test]
    fn only_addresses_of_this_machine_are_targets() {
        for good in [
            "http://127.0.0.1:9/hook",
            "http://localhost/hook?a=b",
            "http://[::1]:9",
            "http://127.1.2.3:9/",
            "HTTP://LOCALHOST:9",
        ] {
            assert!(Target::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "/hook",
            "https://127.0.0.1:9/hook",
            "http://10.0.0.1/hook",
            "http://example.com/hook",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1@example.com/",
            "http://user@127.0.0.1/",
            "http://[::2]:9/",
            "http://127.0.0.1:99999/",
            "http://[::1]x/",
            "ftp://127.0.0.1/",
        ] {
            assert_eq!(Target::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn origins_are_scheme_host_and_port() {
        let same = |one: &str, other: &str| Target::parse(one).unwrap().has_origin_of(&Target::parse(other).unwrap());
        assert!(same("http://localhost/a", "http://LOCALHOST:80/b?c"));
        assert!(!same("http://localhost:1/", "http://localhost:2/"));
        assert!(!same("http://localhost:1/", "http://127.0.0.1:1/"));
    }

    #[test]
    fn a_token_is_tied_to_its_body() {
        let event = event();
        let parts: Vec<_> = event.token.split('.').collect();
        let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let header = json!({ "typ": "JWT", "alg": "RS256", "x5u": "http://127.0.0.1:1/webhook-certificate.pem" });
        assert_eq!(read(parts[0]), header);
        let claims = read(parts[1]);
        assert_eq!(claims["msgi"], msgi(event.body.as_bytes()));
        assert_eq!((&claims["sub"], &claims["environment"]), (&json!(Uuid::from_u128(1)), &json!("SANDBOX")));
        let key = crate::key::PublicKey::from_pem(crate::key::DEVELOPMENT_CERTIFICATE).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
        assert!(key.has_signed(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature));
        // The empty text, as it is often printed.
        assert_eq!(msgi(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[tokio::test]
    async fn a_few_statuses_acknowledge() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target::parse(&format!("http://{}/hook", listener.local_addr().unwrap())).unwrap();
        for (response, expected) in [
            ("HTTP/1.1 200 OK\r\n\r\n", true),
            ("HTTP/1.1 102 Processing\r\n\r\n", true),
            ("HTTP/1.1 201 Created\r\n\r\n", true),
            ("HTTP/1.0 202\r\n\r\n", true),
            ("HTTP/1.1 204 No Content\r\n\r\n", true),
            ("HTTP/1.1 203 Odd\r\n\r\n", false),
            ("HTTP/1.1 301 Moved\r\n\r\n", false),
            ("HTTP/1.1 500 Wrong\r\n\r\n", false),
            ("200 OK\r\n", false),
            ("", false),
        ] {
            let respond = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut read = Vec::new();
                while !read.ends_with(b"}") {
                    stream.read_buf(&mut read).await.unwrap();
                }
                stream.write_all(response.as_bytes()).await.unwrap();
                String::from_utf8(read).unwrap()
            };
            let event = event();
            let (told, request) = tokio::join!(target.is_told(&event), respond);
            assert_eq!(told, expected, "{response}");
            assert!(request.starts_with("POST /hook HTTP/1.1\r\n"), "{request}");
            assert!(request.ends_with(&event.body) && request.contains("authorization: Bearer ey"), "{request}");
        }
        drop(listener);
        assert!(!target.is_told(&event()).await, "a closed port does not acknowledge");
    }
}
