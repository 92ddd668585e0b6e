//! From the wire to a response or an error: one answer of a loopback server each.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::error::Error as _;
use std::net::SocketAddr;
use std::time::Duration;

use openbanking_client_runtime::context::{Authorization, BearerToken, Context, Operation};
use openbanking_client_runtime::error::{Error, ErrorKind, ErrorLabel};
use openbanking_client_runtime::request::{Request, Sender};
use openbanking_client_runtime::response::{Pending, Response};
use openbanking_client_runtime::retry::Retry;
use openbanking_client_runtime::transport::{self, Options};
use openbanking_client_runtime::{decode::Decode, object};
use rust_decimal::Decimal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// In every URL, header and body of these tests, and in no text of ours.
const CANARY: &str = "FI2112345600000785";

static OPERATION: Operation = Operation {
    id: "account_transactions",
    method: "GET",
    path: "/accounts/{account_id}/transactions",
    successes: &[(200, 200)],
    context_headers: &["Psu-Ip-Address"],
    request_id: None,
    authorization: Some(Authorization::REQUIRED),
    single_use: false,
    gone: &[],
};

#[derive(Debug, PartialEq)]
struct Page {
    transactions: Vec<Transaction>,
}
object!(Page { transactions: "transactions" => required_list });

#[derive(Debug, PartialEq)]
struct Transaction {
    transaction_amount: Option<Amount>,
    iban: Option<std::collections::BTreeMap<String, i64>>,
}
object!(Transaction { transaction_amount: "transaction_amount" => optional, iban: "iban" => optional });

#[derive(Debug, PartialEq)]
struct Amount {
    amount: Decimal,
}
object!(Amount { amount: "amount" => required });

#[derive(Debug, PartialEq)]
struct Failure {
    code: i64,
}
object!(Failure { code: "code" => required });

impl ErrorLabel for Failure {
    fn label(&self) -> Option<&'static str> {
        (self.code == 42).then_some("FORTY_TWO")
    }
}

/// A server that reads one request, says `answer` and hangs up.
async fn server(answer: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut request).await.unwrap() == 0 {
                return;
            }
        }
        // The client may have hung up already.
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
    });
    address
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nx-request-id: r-1\r\nx-canary: {CANARY}\r\n\r\n{body}")
        .into()
}

/// A call as a generated method makes it.
fn call<T>(address: SocketAddr) -> Pending<'static, Response<T>, Error<Failure>>
where
    T: for<'de> Decode<'de> + Send + 'static,
{
    Pending::new(async move {
        let mut options = Options::default();
        (options.limits.answer_bytes, options.limits.error_bytes) = (2000, 1000);
        options.read_timeout = Duration::from_millis(500);
        // One attempt each: the server has one answer.
        options.retry = Retry::OFF;
        let transport = transport::build(&format!("http://{address}"), &options).unwrap();
        let context = Context::new().with_authorize(BearerToken::new(CANARY).unwrap());
        let mut request = Request::new(&OPERATION);
        request.path("account_id", &CANARY);
        request.query("key", &CANARY);
        Sender::new(transport, context).send(request).await
    })
}

async fn page(answer: Vec<u8>) -> Result<Response<Page>, Error<Failure>> {
    call(server(answer).await).await
}

async fn failure(answer: Vec<u8>) -> Error<Failure> {
    let error = page(answer).await.and_then(|response| response.into_whole(&OPERATION)).unwrap_err();
    for text in texts(&error) {
        assert!(!text.contains(CANARY) && !text.contains("127.0.0.1") && !text.contains('\n'), "{text}");
        assert!(!text.ends_with('.'), "{text}");
    }
    error
}

/// All that an error shows of itself.
fn texts(error: &Error<Failure>) -> Vec<String> {
    let texts = vec![error.to_string(), format!("{error:?}"), format!("{error:#?}").replace('\n', " ")];
    // `Display` has the reason, so that printing the sources as well would repeat it.
    assert!(error.source().is_none());
    texts
}

fn cause(error: &Error<Failure>) -> String {
    error.reason().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_good_answer_is_decoded_with_what_its_head_said() {
    let response =
        page(answer("200 OK", r#"{"transactions":[{"transaction_amount":{"amount":1.10}},null]}"#)).await.unwrap();
    let amount = response.value().transactions[0].transaction_amount.as_ref().unwrap();
    assert_eq!((response.status(), amount.amount.to_string()), (200, "1.10".to_owned()));
    assert_eq!(response.meta().request_id(), Some("r-1"));
}

#[tokio::test]
async fn unit_takes_any_body() {
    for body in ["", "{}", "<html>", "\u{0}"] {
        call::<()>(server(answer("200 OK", body)).await).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_is_not_as_described_says_where() {
    let cases = [
        ("", None, "the body is empty"),
        ("<html>FI2112345600000785</html>", None, "the body is not valid JSON: expected value at line 1 column 1"),
        (r#"{"transactions":[{"#, None, "the body is not valid JSON: EOF while parsing an object at line 1 column 18"),
        (r#"{"FI2112345600000785":x}"#, None, "the body is not valid JSON: expected value at line 1 column 23"),
        ("[]", None, "expected an object"),
        (r#"{"code":"FI2112345600000785"}"#, None, "missing field `transactions`"),
        (r#"{"transactions":[],"transactions":[]}"#, None, "duplicate field `transactions`"),
        (r#"{"transactions":"FI2112345600000785, expected nothing"}"#, Some("transactions"), "expected a list"),
        (
            r#"{"transactions":[{"transaction_amount":{"amount":"FI2112345600000785"}}]}"#,
            Some("transactions[0].transaction_amount.amount"),
            "expected a decimal of at most 28 digits",
        ),
        (
            r#"{"transactions":[{"transaction_amount":["FI2112345600000785"]}]}"#,
            Some("transactions[0].transaction_amount"),
            "expected an object",
        ),
        (
            r#"{"transactions":[{"transaction_amount":{}}]}"#,
            Some("transactions[0].transaction_amount"),
            "missing field `amount`",
        ),
        (
            r#"{"transactions":[{"iban":{"FI2112345600000785":"x"}}]}"#,
            Some("transactions[0].iban.?"),
            "expected a whole number in range",
        ),
    ];
    for (body, path, wanted) in cases {
        let error = failure(answer("200 OK", body)).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Unexpected, Some(200)), "{body}");
        assert_eq!((error.path(), cause(&error).as_str()), (path, wanted), "{body}");
        assert_eq!(error.body(), Some(body.as_bytes()));
        assert_eq!((error.operation(), error.api()), ("account_transactions", None));
        assert_eq!(error.meta().unwrap().request_id(), Some("r-1"));
    }
}

#[tokio::test]
async fn an_error_status_is_kept_whatever_the_body() {
    let large = "x".repeat(1001);
    let cases = [
        ("422 Unprocessable", r#"{"code":422,"message":"FI2112345600000785"}"#, Some(Failure { code: 422 })),
        ("401 Unauthorized", "<html>FI2112345600000785</html>", None),
        ("500 Internal", "", None),
        ("400 Bad", "[]", None),
        ("429 Slow", r#"{"detail":[{"loc":["FI2112345600000785"]}]}"#, None),
        ("502 Bad", &large, None),
    ];
    for (head, body, api) in cases {
        let error = failure(answer(head, body)).await;
        let status = head.split_once(' ').unwrap().0.parse().ok();
        assert_eq!((error.kind(), error.status(), error.api()), (ErrorKind::Api, status, api.as_ref()), "{head}");
        assert!(error.body().unwrap().len() <= 1000);
    }
}

#[tokio::test]
async fn other_statuses_are_unexpected_and_redirects_are_not_followed() {
    for (head, wanted) in [
        ("204 None", "the API description does not list this status"),
        (
            "302 Found\r\nlocation: http://127.0.0.1:1/FI2112345600000785",
            "the response is a redirect, which is not followed",
        ),
    ] {
        let error = failure(answer(head, "")).await;
        assert_eq!((error.kind(), cause(&error).as_str()), (ErrorKind::Unexpected, wanted));
    }
}

#[tokio::test]
async fn a_broken_body_is_no_whole_answer() {
    let mut short = answer("200 OK", r#"{"transactions":[]}"#);
    short.truncate(short.len() - 3);
    let large = answer("200 OK", &format!(r#"{{"transactions":[{}null]}}"#, "null,".repeat(500)));
    let gzip = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
    let bomb = [gzip.as_bytes(), BOMB].concat();
    let garbage = [gzip.as_bytes(), CANARY.as_bytes()].concat();
    let cases = [
        (short, ErrorKind::NoWholeAnswer, "connection closed"),
        (large, ErrorKind::Unexpected, "the body is larger than 2000 bytes"),
        (bomb, ErrorKind::Unexpected, "the body is larger than 2000 bytes"),
        (garbage, ErrorKind::NoWholeAnswer, "the exchange failed"),
    ];
    for (answer, kind, wanted) in cases {
        let error = failure(answer).await;
        assert_eq!((error.kind(), error.status()), (kind, Some(200)), "{wanted}");
        assert_eq!(cause(&error), wanted);
    }
}

#[tokio::test]
async fn an_error_status_survives_a_broken_body() {
    let error =
        failure(b"HTTP/1.1 503 Busy\r\ncontent-length: 99\r\nretry-after: 7\r\n\r\n{\"code\":1}".to_vec()).await;
    assert_eq!((error.kind(), error.status(), error.api()), (ErrorKind::Api, Some(503), None));
    assert_eq!(error.meta().unwrap().retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.body(), Some(&b"{\"code\":1}"[..]));
}

#[tokio::test]
async fn no_answer_may_still_have_been_processed() {
    let error = failure(Vec::new()).await;
    assert_eq!(
        (error.kind(), error.status(), cause(&error).as_str()),
        (ErrorKind::NoWholeAnswer, None, "connection closed")
    );
    let error = failure(format!("{CANARY}\r\n\r\n").into()).await;
    assert_eq!((error.kind(), cause(&error).as_str()), (ErrorKind::Unexpected, "the answer is no HTTP"));
}

#[tokio::test]
async fn silence_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let error = call::<Page>(listener.local_addr().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), cause(&error).as_str()), (ErrorKind::NoWholeAnswer, "timed out"));
}

#[tokio::test]
async fn a_refused_connection_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = call::<Page>(address).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status(), cause(&error).as_str()),
        (ErrorKind::NotSent, None, "connection refused")
    );
    assert!(texts(&error).iter().all(|text| !text.contains(CANARY) && !text.contains("127.0.0.1")));
    assert_eq!(error.to_string(), "`account_transactions`: the request was not sent: connection refused");
}

#[tokio::test]
async fn a_request_that_cannot_be_built_says_why() {
    let transport = transport::build("http://127.0.0.1:9", &Options::default()).unwrap();
    let send = async |context: Context, account: &str| {
        let mut request = Request::new(&OPERATION);
        request.path("account_id", &account);
        let error: Error<Failure> =
            Sender::new(transport.clone(), context).send::<Page, Error<Failure>>(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotBuilt);
        assert!(texts(&error).iter().all(|text| !text.contains(CANARY)));
        cause(&error)
    };
    assert_eq!(send(Context::new(), CANARY).await, "no credentials are set");
    let context = Context::new().with_authorize(BearerToken::new(CANARY).unwrap());
    assert_eq!(send(context, "..").await, "`account_id` is empty, `.` or `..`, which leads to another path");
}

#[test]
fn errors_are_small_and_cross_threads() {
    fn crosses_threads<T: Send + Sync + 'static>() {}
    fn is_sent<T: Send>() {}
    crosses_threads::<Error<Failure>>();
    is_sent::<Pending<'static, Page, Error<Failure>>>();
    assert_eq!(size_of::<Error<Failure>>(), size_of::<usize>());
    let error = Error::<()>::unexpected("page", "the key was seen before").map_api(|()| 1);
    let text = "`page`: the response does not match the API description: the key was seen before";
    assert_eq!((error.to_string().as_str(), error.reason()), (text, Some("the key was seen before")));
}

/// 60,000 spaces, zipped.
const BOMB: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 49, 13, 0, 0, 0, 2, 160, 42, 206, 254, 33, 173, 225, 1, 52, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 103, 58, 65, 42, 12, 236, 98, 234, 0, 0,
];
