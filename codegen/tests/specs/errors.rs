//! Calls of the client that is generated from `errors.yaml`, to a server on this machine. A test of xtask puts this file
//! into the generated crate and runs it.

use errors_client::operations::{ListHeadersFields, SeveralError};
use errors_client::{Client, Context, Error, ErrorClass, ErrorKind, Retry, types};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Makes a call that is answered with this text. Returns what arrived, and what the call returned.
macro_rules! exchanged {
    ($answer:expr, |$client:ident| $call:expr) => {{
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let $client = &Client::new(&url, Context::new().with_retry(Retry::OFF)).unwrap();
        let serve = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            while !bytes.ends_with(b"\r\n\r\n") {
                assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request has no end");
            }
            stream.write_all($answer.as_bytes()).await.unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let call = async { $call.await };
        tokio::join!(serve, call)
    }};
}

/// Makes a call, and returns what it returned.
macro_rules! answered {
    ($answer:expr, |$client:ident| $call:expr) => {
        exchanged!($answer, |$client| $call).1
    };
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} Any\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

const PROBLEM: &str = r#"{"title":"a","status":404,"more":1}"#;

#[tokio::test]
async fn errors_of_one_type_are_decoded_to_it() {
    let error: Error<types::Problem> = answered!(answer(404, "", PROBLEM), |client| client.one()).unwrap_err();
    assert_eq!(error.api().unwrap(), &serde_json::from_str::<types::Problem>(PROBLEM).unwrap());
    assert_eq!((error.status(), error.kind(), error.class()), (Some(404), ErrorKind::Api, ErrorClass::Request));
    // A body that is not as described is kept.
    let error = answered!(answer(418, "", "[1]"), |client| client.one()).unwrap_err();
    assert_eq!((error.api(), error.body()), (None, Some(&b"[1]"[..])));
    let any: Error = error.into();
    assert_eq!((any.status(), any.body()), (Some(418), Some(&b"[1]"[..])));
}

#[tokio::test]
async fn errors_of_several_types_are_decoded_by_status() {
    let problem = types::Problem::new("secret");
    for (status, body, expected) in [
        (404, r#"{"title":"secret"}"#, Some(SeveralError::NotFound(problem))),
        (422, r#"[{"field":"secret"}]"#, Some(SeveralError::UnprocessableContent(vec![types::Fault::new("secret")]))),
        (422, r#"{"title":"a"}"#, None),
        (503, "secret", Some(SeveralError::ServerError("secret".to_owned()))),
        (401, r#"{"a":"secret"}"#, Some(SeveralError::Other(serde_json::json!({"a": "secret"})))),
    ] {
        let error: Error<SeveralError> = answered!(answer(status, "", body), |client| client.several()).unwrap_err();
        assert_eq!(error.api(), expected.as_ref(), "{status}");
        let shown = format!("{error:?} {error} {:?}", error.api());
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[tokio::test]
async fn errors_may_be_a_union_or_undescribed() {
    let error = answered!(answer(400, "", r#"{"field":"b"}"#), |client| client.union()).unwrap_err();
    assert!(matches!(error.api(), Some(types::Either::Fault(fault)) if fault.field == "b"), "{error:?}");
    let error: Error = answered!(answer(400, "", PROBLEM), |client| client.none()).unwrap_err();
    assert_eq!((error.api(), error.body()), (Some(&()), Some(PROBLEM.as_bytes())));
}

/// All errors become the one that `Error` stands for.
#[tokio::test]
async fn one_function_can_make_calls_with_different_errors() {
    async fn all(client: &Client) -> Result<(), Error> {
        client.one().await?;
        client.several().await?;
        client.union().await?;
        client.none().await
    }
    let error = answered!(answer(404, "", PROBLEM), |client| all(client)).unwrap_err();
    assert_eq!((error.operation(), error.body()), ("one", Some(PROBLEM.as_bytes())));
}

#[tokio::test]
async fn described_headers_are_typed() {
    let headers = "X-Rate-Limit: 7\r\nX-Expires: 2026-01-02T03:04:05Z\r\netag: \"v1\"\r\nX-Kind: new\r\nX-Ids: 1, 2\r\nX-Ids: 3\r\n\
                   X-Object: a,b\r\ntype: true\r\n";
    let page = answered!(answer(200, headers, "[]"), |client| client.list().with_meta()).unwrap();
    let headers = ListHeadersFields::of(page.meta());
    assert_eq!((headers.x_rate_limit, headers.type_, headers.x_ids.clone()), (Some(7), Some(true), Some(vec![1, 2, 3])));
    assert_eq!(headers.x_expires.map(|time| time.timestamp()), Some(1_767_323_045));
    assert_eq!((headers.e_tag.as_deref(), headers.x_object.as_deref()), (Some("\"v1\""), Some("a,b")));
    assert_eq!((headers.x_kind, headers.x_reason), (Some(types::Kind::New), None));
    let odd = answered!(answer(200, "X-Rate-Limit: many\r\nX-Ids: 1,x\r\n", "[]"), |client| client.list().with_meta());
    let headers = ListHeadersFields::of(odd.unwrap().meta());
    assert_eq!((headers.x_rate_limit, &headers.x_ids), (None, &None));
    assert_eq!(format!("{headers:?}"), "ListHeadersFields { .. }");
}

#[tokio::test]
async fn the_fragment_of_a_path_is_not_sent() {
    let (request, returned) = exchanged!(answer(204, "", ""), |client| client.none_again());
    assert!(request.starts_with("GET /none HTTP/1.1\r\n"), "{request}");
    returned.unwrap();
}
