//! Forms as they arrive at a server on this machine.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use openbanking_client_runtime::context::{Context, Operation};
use openbanking_client_runtime::error::{Error, ErrorKind};
use openbanking_client_runtime::extra::Extra;
use openbanking_client_runtime::object;
use openbanking_client_runtime::request::{Request, Sender};
use openbanking_client_runtime::transport::{self, Options};

use crate::support::arrived::{arrived, values};

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

#[tokio::test]
async fn a_form_arrives_percent_encoded_with_its_content_type() {
    let json = r#"{"refresh token": "a&b=c+d e%é", "scopes": ["one", "two words"], "more": 1.50}"#;
    let (head, body) = arrived(request(&serde_json::from_str(json).unwrap())).await;
    assert!(head.starts_with("post /token http/1.1\r\n"), "{head}");
    assert_eq!(values(&head, "content-type"), ["application/x-www-form-urlencoded"]);
    let expected = "refresh+token=a%26b%3Dc%2Bd+e%25%C3%A9&scopes=one&scopes=two+words&more=1.50";
    assert_eq!(String::from_utf8(body).unwrap(), expected);
}

#[tokio::test]
async fn a_form_without_properties_is_an_empty_body_with_its_content_type() {
    let mut request = Request::new(&OPERATION);
    request.form("note", &None::<String>);
    request.form_extra(&Extra::new());
    let (head, body) = arrived(request).await;
    assert_eq!((values(&head, "content-type"), body), (vec!["application/x-www-form-urlencoded"], Vec::new()));
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
