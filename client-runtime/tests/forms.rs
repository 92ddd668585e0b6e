//! Forms as they arrive at a server on this machine.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use openbanking_client_runtime::context::{Context, Operation};
use openbanking_client_runtime::error::{Error, ErrorKind};
use openbanking_client_runtime::extra::Extra;
use openbanking_client_runtime::object;
use openbanking_client_runtime::request::{Request, Sender};
use openbanking_client_runtime::transport::{self, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

static OPERATION: Operation = Operation {
    id: "renew",
    method: "POST",
    path: "/token",
    successes: &[(200, 200)],
    context_headers: &[],
    request_id: None,
    authorization: None,
    single_use: true,
    gone: &[],
};

/// A body as it is generated from a spec.
struct Renewal {
    refresh_token: String,
    scopes: Vec<String>,
    note: Option<String>,
    extra_: Extra,
}

object! {
    Renewal {
        note: "note" => optional,
        refresh_token: "refresh token" => required,
        scopes: "scopes" => list,
        ..extra_
    }
}

/// A request as a generated method builds it.
fn request(body: &Renewal) -> Request {
    let mut request = Request::new(&OPERATION);
    request.form("note", &body.note);
    request.form("refresh token", &body.refresh_token);
    request.form("scopes", &body.scopes);
    request.form_extra(&body.extra_);
    request
}

/// Sends a request, and returns its head in lower case and its body as they arrived.
async fn sent(request: Request) -> (String, Vec<u8>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        loop {
            assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request has no end");
            let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { continue };
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.unwrap_or_default().parse().unwrap_or_default();
            if bytes.len() >= end + 4 + length {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
                return (head, bytes[end + 4..].to_vec());
            }
        }
    };
    let transport = transport::build(&url, &Options::default()).unwrap();
    let sender = Sender::new(transport, Context::new());
    let (arrived, response) = tokio::join!(server, sender.send::<(), Error<()>>(request));
    response.unwrap();
    arrived
}

fn content_types(head: &str) -> Vec<&str> {
    head.lines().filter_map(|line| line.strip_prefix("content-type: ")).collect()
}

#[tokio::test]
async fn a_form_arrives_percent_encoded_with_its_content_type() {
    let json = r#"{"refresh token": "a&b=c+d e%é", "scopes": ["one", "two words"], "more": 1.50}"#;
    let (head, body) = sent(request(&serde_json::from_str(json).unwrap())).await;
    assert!(head.starts_with("post /token http/1.1\r\n"), "{head}");
    assert_eq!(content_types(&head), ["application/x-www-form-urlencoded"]);
    let expected = "refresh+token=a%26b%3Dc%2Bd+e%25%C3%A9&scopes=one&scopes=two+words&more=1.50";
    assert_eq!(String::from_utf8(body).unwrap(), expected);
}

#[tokio::test]
async fn a_form_without_properties_is_an_empty_body_with_its_content_type() {
    let mut request = Request::new(&OPERATION);
    request.form("note", &None::<String>);
    request.form_extra(&Extra::new());
    let (head, body) = sent(request).await;
    assert_eq!((content_types(&head), body), (vec!["application/x-www-form-urlencoded"], Vec::new()));
}

#[tokio::test]
async fn a_form_that_cannot_be_written_is_not_sent_and_not_shown() {
    let json = r#"{"refresh token": "hunter2", "hunter3": {"hunter4": 1}}"#;
    let request = request(&serde_json::from_str(json).unwrap());
    assert!(!format!("{request:?}").contains("hunter"));
    let transport = transport::build("http://127.0.0.1:9", &Options::default()).unwrap();
    let error = Sender::new(transport, Context::new()).send::<(), Error<()>>(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotBuilt);
    let reason = "an unlisted property is an object or a nested list, which a form cannot hold";
    assert_eq!(error.reason(), Some(reason));
    assert!(!format!("{error} {error:?}").contains("hunter"));
}
