//! Bodies of every media type, as they arrive at a server on this machine and come from there.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use openbanking_client_runtime::answer::{Answer, Undecoded};
use openbanking_client_runtime::context::{Context, Operation};
use openbanking_client_runtime::encode::Encoded;
use openbanking_client_runtime::error::{Error, ErrorKind};
use openbanking_client_runtime::request::{Request, Sender};
use openbanking_client_runtime::response::Response;
use openbanking_client_runtime::transport::{self, Options};
use openbanking_client_runtime::{Bytes, File};

use crate::support::arrived::{all_arrived, arrived, values};
use crate::support::{Failure, Server};

const CANARY: &str = "FI2112345600000785";

static OPERATION: Operation = Operation {
    id: "body",
    method: "PUT",
    path: "/bodies",
    successes: &[(200, 202), (204, 204)],
    context_headers: &[],
    request_id: None,
    authorization: None,
    single_use: false,
    gone: &[],
};

static DELETION: Operation = Operation { method: "DELETE", successes: &[(200, 200)], ..OPERATION };

fn request() -> Request {
    Request::new(&OPERATION)
}

#[tokio::test]
async fn json_of_another_media_type_is_sent_and_asked_for_by_its_name() {
    let mut json = request();
    json.json(&vec![1_i64, 2]);
    json.content_type("application/merge-patch+json; charset=utf-8");
    json.accept("application/hal+json, application/json");
    let (head, body) = arrived(json).await;
    assert_eq!(values(&head, "content-type"), ["application/merge-patch+json; charset=utf-8"]);
    assert_eq!(values(&head, "accept"), ["application/hal+json, application/json"]);
    assert_eq!(body, b"[1,2]");
}

#[tokio::test]
async fn text_and_bytes_are_sent_as_they_are() {
    let mut text = request();
    text.text("text/csv; charset=utf-8", "a,b\r\n\u{e9},\"\"\n");
    let (head, body) = arrived(text).await;
    assert_eq!(values(&head, "content-type"), ["text/csv; charset=utf-8"]);
    assert_eq!(body, "a,b\r\n\u{e9},\"\"\n".as_bytes());

    let all: Vec<u8> = (0..=255).collect();
    let mut bytes = request();
    bytes.bytes("application/pdf", &all);
    let (head, body) = arrived(bytes).await;
    assert_eq!((values(&head, "content-type"), body), (vec!["application/pdf"], all));
}

#[tokio::test]
async fn a_request_without_a_body_has_no_content_type() {
    let (head, body) = arrived(request()).await;
    assert_eq!((values(&head, "content-type").len(), body.len()), (0, 0), "{head}");
}

#[tokio::test]
async fn requests_of_every_method_carry_their_body() {
    static GET: Operation = Operation { method: "GET", ..OPERATION };
    for operation in [&GET, &DELETION] {
        let mut request = Request::new(operation);
        request.json("x");
        let (head, body) = arrived(request).await;
        assert_eq!((values(&head, "content-type"), body), (vec!["application/json"], b"\"x\"".to_vec()));
        assert!(head.starts_with(&operation.method.to_lowercase()), "{head}");
    }
}

#[tokio::test]
async fn a_media_type_that_no_header_can_hold_is_refused() {
    let mut sent = request();
    sent.text("text/plain\r\nx: y", "a");
    let mut asked = request();
    asked.accept("text/plain\n");
    for request in [sent, asked] {
        let error = sender("http://127.0.0.1:9").send::<(), Error<()>>(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotBuilt);
        assert!(error.reason().unwrap().contains("not allowed in a header"), "{error}");
    }
}

/// A form with a part of every kind.
fn form() -> Request {
    let mut form = request();
    form.multipart();
    form.part("note", None, &Some("a\r\nb \u{e9}"));
    form.part("none", None, &None::<String>);
    form.part("tags", Some("text/x-tag"), &vec!["one".to_owned(), "two".to_owned()]);
    form.json_part("meta", "application/json", &Encoded(&vec![1_i64]));
    let named = File::new(vec![0, 13, 10, 255]).with_name("a\"\r\nb.bin").with_content_type("image/png");
    form.file("files \"x\"", "application/pdf", &vec![File::new("plain"), named]);
    form.file("missing", "application/pdf", &None::<File>);
    form
}

#[tokio::test]
async fn a_form_of_several_parts_arrives_part_by_part() {
    let (head, body) = arrived(form()).await;
    let [content_type] = values(&head, "content-type")[..] else { panic!("{head}") };
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let part =
        |lines: &str, body: &[u8]| [format!("--{boundary}\r\n{lines}\r\n\r\n").as_bytes(), body, b"\r\n"].concat();
    let disposition = "Content-Disposition: form-data; name=";
    let expected = [
        part(&format!("{disposition}\"note\""), "a\r\nb \u{e9}".as_bytes()),
        part(&format!("{disposition}\"tags\"\r\nContent-Type: text/x-tag"), b"one"),
        part(&format!("{disposition}\"tags\"\r\nContent-Type: text/x-tag"), b"two"),
        part(&format!("{disposition}\"meta\"\r\nContent-Type: application/json"), b"[1]"),
        part(
            &format!("{disposition}\"files %22x%22\"; filename=\"files %22x%22\"\r\nContent-Type: application/pdf"),
            b"plain",
        ),
        part(
            &format!("{disposition}\"files %22x%22\"; filename=\"a%22%0D%0Ab.bin\"\r\nContent-Type: image/png"),
            &[0, 13, 10, 255],
        ),
        format!("--{boundary}--\r\n").into_bytes(),
    ];
    assert_eq!(String::from_utf8_lossy(&body), String::from_utf8_lossy(&expected.concat()));
    assert_eq!(body, expected.concat());
}

#[tokio::test]
async fn a_form_of_several_parts_is_repeated_byte_by_byte() {
    let all = all_arrived(form(), &["503 Busy", "200 OK"]).await;
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn a_form_without_parts_is_a_body_too() {
    let mut form = request();
    form.multipart();
    let (head, body) = arrived(form).await;
    let boundary = values(&head, "content-type")[0].strip_prefix("multipart/form-data; boundary=").unwrap();
    assert_eq!(String::from_utf8(body).unwrap(), format!("--{boundary}--\r\n"));
}

#[tokio::test]
async fn a_file_that_cannot_be_sent_is_reported_and_not_shown() {
    let mut form = request();
    let file = File::new(CANARY).with_name(CANARY).with_content_type(format!("{CANARY}\r\nx: y"));
    assert!(!format!("{file:?}").contains(CANARY));
    form.file("scan", "application/pdf", &file);
    let error = sender("http://127.0.0.1:9").send::<(), Error<()>>(form).await.unwrap_err();
    let reason = "the media type of `scan` contains characters that are not allowed in a header";
    assert_eq!((error.kind(), error.reason()), (ErrorKind::NotBuilt, Some(reason)));
    assert!(!format!("{error} {error:?}").contains(CANARY));
}

fn sender(url: &str) -> Sender {
    Sender::new(transport::build(url, &Options::default()).unwrap(), Context::new())
}

/// Sends a request that is answered like this.
async fn received<T>(
    operation: &'static Operation,
    status: u16,
    body: &[u8],
    decode: impl Fn(&mut Answer<Failure>) -> Result<T, Undecoded> + Send,
) -> Result<Response<T>, Error<Failure>> {
    let head = format!("HTTP/1.1 {status} Any\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let server = Server::new(vec![[head.as_bytes(), body].concat()]).await;
    sender(&server.url).send_as(Request::new(operation), decode).await
}

#[tokio::test]
async fn bytes_come_as_they_are_and_text_without_the_byte_order_mark() {
    let body = b"\xef\xbb\xbfa\xc3\xa9";
    let bytes = received(&OPERATION, 200, body, |answer| answer.bytes()).await.unwrap();
    assert_eq!((bytes.value(), bytes.body()), (&Bytes::from_static(body), body.as_slice()));
    let text = received(&OPERATION, 200, body, |answer| answer.text()).await.unwrap();
    assert_eq!(text.value(), "a\u{e9}");
    for answer in ["", "null", "{\"error\": \"BUSY\"}"] {
        let text = received(&OPERATION, 200, answer.as_bytes(), |answer| answer.text()).await.unwrap();
        assert_eq!(text.into_value(), answer);
    }
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_an_error_that_does_not_show_it() {
    let body = [CANARY.as_bytes(), b"\xff"].concat();
    let error = received(&OPERATION, 200, &body, |answer| answer.text()).await.unwrap_err();
    assert_eq!((error.kind(), error.reason()), (ErrorKind::Unexpected, Some("expected text in UTF-8")));
    assert!(!format!("{error} {error:?}").contains(CANARY));
}

#[tokio::test]
async fn an_error_status_is_decoded_as_an_error_whatever_a_success_is() {
    let error = received(&OPERATION, 409, b"{\"error\": \"BUSY\"}", |answer| answer.bytes()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(409)));
    assert_eq!(error.api(), Some(&Failure { error: Some("BUSY".to_owned()) }));
}

#[tokio::test]
async fn an_interrupted_body_is_an_error_in_every_media_type() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\nabc".to_vec();
    let server = Server::new(vec![cut]).await;
    let error = sender(&server.url).send_as::<_, Error<Failure>>(request(), |answer| answer.bytes()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoWholeAnswer);
    assert!(server.requests().len() > 1, "a PUT is sent again");
}

/// A success by its status, as generated code decodes it.
fn by_status(answer: &mut Answer<Failure>) -> Result<Option<String>, Undecoded> {
    match answer.status() {
        200 => answer.json().map(Some),
        201 => answer.text().map(Some),
        204 => Ok(None),
        _ => answer.unlisted(),
    }
}

#[tokio::test]
async fn the_status_decides_how_a_body_is_decoded() {
    let value = async |status: u16| received(&OPERATION, status, b"\"x\"", by_status).await;
    assert_eq!(value(200).await.unwrap().into_value().as_deref(), Some("x"));
    assert_eq!(value(201).await.unwrap().into_value().as_deref(), Some("\"x\""));
    assert_eq!(received(&OPERATION, 204, b"", by_status).await.unwrap().into_value(), None);
    for status in [202, 203, 206] {
        let error = value(status).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Unexpected, Some(status)));
        assert_eq!(error.reason(), Some("the API description does not list this status"));
    }
}

#[tokio::test]
async fn a_deletion_without_content_needs_no_body() {
    let deleted = received(&DELETION, 204, b"", by_status).await.unwrap();
    assert_eq!(deleted.into_value(), None);
    // Text and bytes have no value for it.
    let error = received(&DELETION, 204, b"", |answer| answer.text()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
}
