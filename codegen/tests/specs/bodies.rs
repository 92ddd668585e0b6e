//! Calls of the client that is generated from `bodies.yaml`, to a server on this machine. A test of xtask puts this file
//! into the generated crate and runs it.

use bodies_client::operations::GetThingResponseBody;
use bodies_client::{Client, Context, Error, types};
use openbanking_client_runtime::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that answers one request, and the client that makes it.
struct Exchange {
    listener: TcpListener,
    client: Client,
    answer: Vec<u8>,
}

impl Exchange {
    async fn new(status: u16, headers: &str, body: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let head = format!("HTTP/1.1 {status} Any\r\n{headers}content-length: {}\r\n\r\n", body.len());
        let client = Client::new(&url, Context::new()).unwrap();
        Self { listener, client, answer: [head.as_bytes(), body].concat() }
    }

    /// Answers one request, and returns its head in lower case and its body.
    async fn serve(&self) -> (String, Vec<u8>) {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        loop {
            assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request has no end");
            let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { continue };
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_ascii_lowercase();
            let length: usize = value(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                stream.write_all(&self.answer).await.unwrap();
                return (head, bytes[end + 4..].to_vec());
            }
        }
    }
}

fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Makes a call that is answered with a status and a body. Returns what arrived, and what the call returned.
macro_rules! call {
    ($status:literal, $body:expr, |$client:ident| $call:expr) => {{
        let exchange = Exchange::new($status, "", $body.as_ref()).await;
        let $client = &exchange.client;
        let call = async { $call.await };
        tokio::join!(exchange.serve(), call)
    }};
}

fn note(text: &str) -> types::Note {
    types::Note::new(text)
}

const NOTE: &str = r#"{"text":"a"}"#;

#[tokio::test]
async fn json_has_the_media_types_of_the_document() {
    let note = note("a");
    let ((head, body), returned) = call!(200, NOTE, |client| client.merge_json(&note));
    assert_eq!(value(&head, "content-type"), Some("application/merge-patch+json; charset=utf-8"));
    assert_eq!(value(&head, "accept"), Some("application/hal+json"));
    assert_eq!((body.as_slice(), returned.unwrap()), (NOTE.as_bytes(), note.clone()));
    let ((head, _), returned) = call!(200, NOTE, |client| client.any_json());
    assert_eq!((value(&head, "accept"), returned.unwrap()), (Some("application/json"), note));
}

#[tokio::test]
async fn a_media_type_without_a_schema_is_any_json_or_any_bytes() {
    let json = serde_json::json!([1, null]);
    let ((head, body), returned) = call!(200, b"a\xff", |client| client.untyped(&json));
    assert_eq!((value(&head, "content-type"), body.as_slice()), (Some("application/json"), b"[1,null]".as_slice()));
    assert_eq!((value(&head, "accept"), returned.unwrap().as_ref()), (Some("text/csv"), b"a\xff".as_slice()));
}

#[tokio::test]
async fn text_and_bytes_go_both_ways() {
    let ((head, body), returned) = call!(200, "e.f.g", |client| client.sign_text("a.b.c"));
    assert_eq!((value(&head, "content-type"), body.as_slice()), (Some("application/jwt"), b"a.b.c".as_slice()));
    assert_eq!((value(&head, "accept"), returned.unwrap().as_str()), (Some("application/jose"), "e.f.g"));

    let file = [0, 255, 13, 10];
    let ((head, body), returned) = call!(200, [37, 0, 255], |client| client.convert(&file));
    assert_eq!((value(&head, "content-type"), body), (Some("application/octet-stream"), file.to_vec()));
    assert_eq!((value(&head, "accept"), returned.unwrap().as_ref()), (Some("application/pdf"), [37, 0, 255].as_slice()));
}

#[tokio::test]
async fn an_optional_body_is_sent_only_if_it_is_set() {
    for (sent, content_type) in [
        (call!(204, "", |client| client.optional_json().dry(true)).0, None),
        (call!(204, "", |client| client.optional_json().body(note("a"))).0, Some("application/json")),
        (call!(204, "", |client| client.optional_text()).0, None),
        (call!(204, "", |client| client.optional_text().body(NOTE)).0, Some("text/plain")),
        (call!(204, "", |client| client.optional_bytes()).0, None),
        (call!(204, "", |client| client.optional_bytes().body(NOTE)).0, Some("image/png")),
        (call!(204, "", |client| client.upload_maybe()).0, None),
        (call!(204, "", |client| client.optional_form()).0, None),
    ] {
        let (head, body) = sent;
        assert_eq!(value(&head, "content-type"), content_type, "{head}");
        assert_eq!(body, if content_type.is_some() { NOTE.as_bytes() } else { b"" });
    }
    let form = types::OptionalFormBody::new().a("b c");
    let ((head, body), _) = call!(204, "", |client| client.optional_form().body(form.clone()));
    assert_eq!(value(&head, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(body, b"a=b+c");
}

#[tokio::test]
async fn successes_with_different_bodies_are_an_enum_by_status() {
    let get = async |status: u16, body: &str| {
        let exchange = Exchange::new(status, "", body.as_bytes()).await;
        let call = async { exchange.client.get_thing("x").await };
        let ((head, _), returned) = tokio::join!(exchange.serve(), call);
        assert_eq!(value(&head, "accept"), Some("application/json, text/plain, application/octet-stream"));
        returned
    };
    assert_eq!(get(200, NOTE).await.unwrap(), GetThingResponseBody::Ok(note("a")));
    assert_eq!(get(202, "later").await.unwrap(), GetThingResponseBody::Accepted("later".to_owned()));
    assert_eq!(get(204, "").await.unwrap(), GetThingResponseBody::NoContent);
    assert_eq!(get(206, NOTE).await.unwrap(), GetThingResponseBody::Other(NOTE.into()));
    let shown = format!("{:?}", get(202, "later").await.unwrap());
    assert_eq!(shown, "Accepted(..)");

    assert!(matches!(get(404, r#"{"error":"NO"}"#).await, Err(error) if error.status() == Some(404)));
}

#[tokio::test]
async fn a_body_that_only_some_successes_have_is_optional() {
    let ids = vec!["a".to_owned()];
    let ((_, body), returned) = call!(200, NOTE, |client| client.delete_thing("x", &ids));
    assert_eq!((body.as_slice(), returned.unwrap()), (br#"["a"]"#.as_slice(), Some(note("a"))));
    let (_, returned) = call!(204, "", |client| client.delete_thing("x", &ids));
    assert_eq!(returned.unwrap(), None);
    // A 200 has to have its body.
    let (_, returned) = call!(200, "", |client| client.delete_thing("x", &ids));
    assert!(returned.is_err());
}

#[tokio::test]
async fn methods_without_a_body_of_their_own_send_one() {
    let ids = vec!["a".to_owned()];
    let ((head, body), _) = call!(204, "", |client| client.get_thing("x").body(ids.clone()));
    assert!(head.starts_with("get /things/x "), "{head}");
    assert_eq!((value(&head, "content-type"), body.as_slice()), (Some("application/json"), br#"["a"]"#.as_slice()));
    let exchange = Exchange::new(200, "", b"").await;
    let (_, returned) = tokio::join!(exchange.serve(), async { exchange.client.head_thing("x").await });
    let _: () = returned.unwrap();
}

#[tokio::test]
async fn a_redirect_or_the_default_stands_for_a_success_where_there_is_no_other() {
    let exchange = Exchange::new(302, "location: /there\r\n", b"").await;
    let call = async { exchange.client.get_thing_response("x").with_meta().await };
    let (_, returned) = tokio::join!(exchange.serve(), call);
    assert_eq!(returned.unwrap().header("location"), Some("/there"));
    let (_, returned) = call!(201, NOTE, |client| client.only_default());
    assert_eq!(returned.unwrap(), note("a"));
    let (_, returned) = call!(400, NOTE, |client| client.only_default());
    assert!(returned.is_err());
}

/// The parts of a form: the lines before each, and its content.
fn parts(head: &str, body: &[u8]) -> Vec<(String, String)> {
    let boundary = value(head, "content-type").unwrap().strip_prefix("multipart/form-data; boundary=").unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let text = text.strip_suffix(&format!("--{boundary}--\r\n")).unwrap();
    let start = format!("--{boundary}\r\n");
    let parts = text.split(&start).skip(1);
    let split = |part: &str| {
        let (head, body) = part.strip_suffix("\r\n").unwrap().split_once("\r\n\r\n").unwrap();
        (head.replace("\r\n", "|").replace("Content-Disposition: form-data; name=", ""), body.to_owned())
    };
    parts.map(split).collect()
}

#[tokio::test]
async fn a_form_of_several_parts_has_a_part_for_each_value() {
    let form = types::UploadBody::new(File::new("scan").with_name("a.png"), "A title")
        .copies(vec![File::new("one"), File::new("two").with_content_type("text/csv")])
        .counts(vec![1, 2])
        .note(note("a"))
        .notes(vec![note("b"), note("c")])
        .kind(types::UploadKind::Final)
        .labels([("k".to_owned(), "v".to_owned())].into())
        .amounts(vec!["1.50".parse().unwrap()])
        .split([("x".to_owned(), "1.50".parse().unwrap())].into())
        .owner(types::UploadOwner::new().name("n"));
    assert!(!format!("{form:?}").contains("scan\""), "{form:?}");
    let ((head, body), _) = call!(204, "", |client| client.upload(&form));
    let json = "Content-Type: application/json";
    let expected = [
        ("\"amounts\"", "1.50"),
        ("\"copies\"; filename=\"copies\"|Content-Type: application/octet-stream", "one"),
        ("\"copies\"; filename=\"copies\"|Content-Type: text/csv", "two"),
        ("\"counts\"", "1"),
        ("\"counts\"", "2"),
        ("\"kind\"", "final"),
        (&format!("\"labels\"|{json}"), r#"{"k":"v"}"#),
        ("\"note\"|Content-Type: application/vnd.note+json", NOTE),
        (&format!("\"notes\"|{json}"), r#"{"text":"b"}"#),
        (&format!("\"notes\"|{json}"), r#"{"text":"c"}"#),
        (&format!("\"owner\"|{json}"), r#"{"name":"n"}"#),
        ("\"scan\"; filename=\"a.png\"|Content-Type: image/png", "scan"),
        (&format!("\"split\"|{json}"), r#"{"x":1.50}"#),
        ("\"title\"|Content-Type: text/plain; charset=utf-8", "A title"),
    ];
    let found = parts(&head, &body);
    let found: Vec<_> = found.iter().map(|(head, body)| (head.as_str(), body.as_str())).collect();
    assert_eq!(found, expected);

    let least = types::UploadBody::new(File::new(""), "");
    let ((head, body), _) = call!(204, "", |client| client.upload(&least));
    assert_eq!(parts(&head, &body).len(), 2);
    let maybe = types::UploadMaybeBody::new().file(vec![97]);
    let ((head, body), _) = call!(204, "", |client| client.upload_maybe().body(maybe.clone()));
    assert_eq!(parts(&head, &body)[0].1, "a");
}

#[tokio::test]
async fn the_values_of_a_form_are_written_as_the_document_describes() {
    let card = types::SendFormBodyCard::new().number("4 2").marks(vec![1, 2]);
    let form = types::SendFormBody::new(card.clone())
        .expand(vec!["a".to_owned(), "b".to_owned()])
        .metadata([("k".to_owned(), "v".to_owned())].into())
        .note(note("a"))
        .notes(vec![note("b"), note("c")])
        .tags(vec!["x".to_owned(), "y".to_owned()]);
    let ((head, body), _) = call!(204, "", |client| client.send_form(&form));
    assert_eq!(value(&head, "content-type"), Some("application/x-www-form-urlencoded"));
    let body = String::from_utf8(body).unwrap();
    let expected = [
        "card%5Bmarks%5D%5B0%5D=1",
        "card%5Bmarks%5D%5B1%5D=2",
        "card%5Bnumber%5D=4+2",
        "expand=a%2Cb",
        "k=v",
        "note=%7B%22text%22%3A%22a%22%7D",
        "notes=%7B%22text%22%3A%22b%22%7D",
        "notes=%7B%22text%22%3A%22c%22%7D",
        "tags=x",
        "tags=y",
    ];
    assert_eq!(body.split('&').collect::<Vec<_>>(), expected);
    let least = types::SendFormBody::new(types::SendFormBodyCard::new().number("1"));
    let ((_, body), _) = call!(204, "", |client| client.send_form(&least));
    assert_eq!(body, b"card%5Bnumber%5D=1");
}

#[tokio::test]
async fn errors_are_decoded_whatever_a_success_is() {
    let failure = r#"{"error":"NO"}"#;
    let (_, returned) = call!(422, failure, |client| client.convert(b"x"));
    let error: Error = returned.unwrap_err();
    assert_eq!(error.api().and_then(|api| api.error.as_deref()), Some("NO"));
}
