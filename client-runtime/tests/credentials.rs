//! Each kind of credentials as bytes on the wire.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use std::sync::{Arc, Mutex};

use openbanking_client_runtime::context::{
    ApiKey, Authorization, Authorize, AuthorizeError, Authorizing, BasicCredentials, BearerToken, Context, Credential,
    Credentials, HttpRequest, Operation, SecretHeader,
};
use openbanking_client_runtime::object;
use openbanking_client_runtime::request::{Request, Sender};
use support::{CANARY, Failure, OPERATION, Server, answer, transport};

#[derive(Debug)]
struct Done {}
object!(Done {});

const fn operation(credentials: &'static [Credential], optional: bool) -> Operation {
    let authorization = Some(Authorization { credentials, optional });
    Operation { path: "/rows", method: "POST", context_headers: &[], authorization, ..OPERATION }
}

const BEARER: &[Credential] = &[Credential::header("token", "authorization")];

static TOKEN: Operation = operation(BEARER, false);
static HEADER: Operation = operation(&[Credential::header("key", "x-api-key")], false);
static QUERY: Operation = operation(&[Credential::query("key", "api key")], false);
static COOKIE: Operation = operation(&[Credential::cookie("key", "SID")], false);
static CERTIFICATE: Operation = operation(&[], true);
static KEYS: &[Credential] =
    &[Credential::query("app", "appid"), Credential::cookie("id", "id"), Credential::cookie("session", "sid")];
static SEVERAL: Operation = operation(KEYS, false);
static OPTIONAL: Operation = operation(KEYS, true);
static KEY_AND_TOKEN: Operation =
    operation(&[Credential::query("key", "key"), Credential::header("token", "authorization")], false);

/// The requests that a server gets from one call, and the error of the call.
async fn sent(
    operation: &'static Operation,
    authorize: impl Authorize + 'static,
    answers: Vec<Vec<u8>>,
) -> (Vec<String>, Option<String>) {
    let server = Server::new(answers).await;
    let (transport, _) = transport(&server.url, |options| options.retry.first_delay = std::time::Duration::ZERO);
    let context = Context::new().with_authorize(authorize);
    let mut request = Request::new(operation);
    request.query("q", &"1 2");
    let sender = Sender::new(transport, context);
    let shown = format!("{request:?} {sender:?}");
    assert!(!shown.contains("k3y"), "{shown}");
    let result = sender.send::<Done, openbanking_client_runtime::error::Error<Failure>>(request).await;
    let error = result.err().map(|error| {
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("k3y") && !shown.contains(CANARY), "{shown}");
        error.to_string()
    });
    (server.requests(), error)
}

/// The request line and the headers with credentials of a call that succeeds.
async fn wire(operation: &'static Operation, authorize: impl Authorize + 'static) -> Vec<String> {
    let (requests, error) = sent(operation, authorize, vec![answer(200, "", "{}")]).await;
    assert_eq!((requests.len(), error), (1, None));
    let is_shown = |line: &&str| !["host", "accept", "content-length"].iter().any(|name| line.starts_with(name));
    requests[0].lines().filter(is_shown).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn key(text: &str) -> ApiKey {
    ApiKey::new(text).unwrap()
}

fn token() -> BearerToken {
    BearerToken::new("t0k3y").unwrap()
}

#[tokio::test]
async fn each_kind_is_sent_where_the_operation_wants_it() {
    let plain = "POST /rows?q=1+2 HTTP/1.1";
    assert_eq!(wire(&TOKEN, token()).await, [plain, "authorization: Bearer t0k3y"]);
    let basic = BasicCredentials::new("k3y", "p:w").unwrap();
    assert_eq!(wire(&TOKEN, basic).await, [plain, "authorization: Basic azN5OnA6dw=="]);
    assert_eq!(wire(&HEADER, key("k3y&")).await, [plain, "x-api-key: k3y&"]);
    assert_eq!(wire(&QUERY, key("k3y&")).await, ["POST /rows?q=1+2&api+key=k3y%26 HTTP/1.1"]);
    assert_eq!(wire(&COOKIE, key("k3y&")).await, [plain, "cookie: SID=k3y&"]);
    for shared in [Arc::new(key("k3y")) as Arc<dyn Authorize>, Arc::new(token())] {
        assert_eq!(wire(&CERTIFICATE, shared).await, [plain], "a certificate is not part of the request");
    }
}

#[tokio::test]
async fn several_credentials_go_into_their_places() {
    let credentials = || Credentials::new().with("id", key("b")).with("session", key("c")).with("other", key("d"));
    let line = "POST /rows?q=1+2&appid=a HTTP/1.1";
    let all = credentials().with("app", key("replaced")).with("app", key("a"));
    assert_eq!(wire(&SEVERAL, all.clone()).await, [line, "cookie: id=b; sid=c"]);
    assert_eq!(wire(&OPTIONAL, all).await, [line, "cookie: id=b; sid=c"]);
    assert_eq!(wire(&OPTIONAL, Credentials::new()).await, ["POST /rows?q=1+2 HTTP/1.1"]);
    for operation in [&SEVERAL, &OPTIONAL] {
        let (requests, error) = sent(operation, credentials(), vec![answer(200, "", "{}")]).await;
        let error = error.unwrap();
        assert!(error.ends_with("no credentials are set for the security scheme `app`"), "{error}");
        assert!(requests.is_empty());
    }
    assert_eq!(
        format!("{:?}", credentials()),
        r#"Credentials { schemes: ["id", "session", "other"], signs: false, .. }"#
    );
}

#[tokio::test]
async fn a_token_and_a_key_alone_find_their_places() {
    let plain = "POST /rows?q=1+2 HTTP/1.1";
    assert_eq!(wire(&KEY_AND_TOKEN, token()).await, [plain, "authorization: Bearer t0k3y"]);
    assert_eq!(wire(&KEY_AND_TOKEN, key("k3y")).await, ["POST /rows?q=1+2&key=k3y HTTP/1.1"]);
    let both = Credentials::new().with("token", token()).with("key", key("k3y"));
    let expected = ["POST /rows?q=1+2&key=k3y HTTP/1.1", "authorization: Bearer t0k3y"];
    assert_eq!(wire(&KEY_AND_TOKEN, both).await, expected);
}

#[tokio::test]
async fn a_key_in_the_query_is_sent_once_however_often_the_request_is() {
    static REPEATED: Operation = Operation { method: "GET", ..QUERY };
    let (requests, error) =
        sent(&REPEATED, key("k3y"), vec![answer(503, "retry-after: 0\r\n", ""), answer(200, "", "{}")]).await;
    assert_eq!((requests.len(), error), (2, None));
    for request in requests {
        assert!(request.starts_with("GET /rows?q=1+2&api+key=k3y HTTP/1.1\r\n"), "{request}");
    }
}

#[tokio::test]
async fn no_error_shows_a_key() {
    for operation in [&HEADER, &QUERY, &COOKIE] {
        let refused = sent(operation, key("k3y"), vec![answer(400, "", &format!("{{\"error\":\"{CANARY}\"}}"))]).await;
        assert!(refused.1.is_some());
        let closed = sent(operation, key("k3y"), vec![Vec::new()]).await;
        assert!(closed.1.is_some());
    }
}

#[tokio::test]
async fn credentials_that_do_not_fit_their_place_are_not_sent() {
    for error in [
        sent(&COOKIE, key("k3y;admin=1"), vec![answer(200, "", "{}")]).await,
        sent(&QUERY, token(), vec![answer(200, "", "{}")]).await,
        sent(&COOKIE, BasicCredentials::new("a", "k3y").unwrap(), vec![answer(200, "", "{}")]).await,
    ] {
        assert!(error.1.is_some() && error.0.is_empty(), "{error:?}");
    }
}

/// Puts the number of bytes of the body into a header, and keeps what it saw.
#[derive(Clone, Default)]
struct Signer(Arc<Mutex<Vec<String>>>);

impl Authorize for Signer {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        let seen = format!("{} {} {:?}", request.method(), request.url(), request.header("authorization"));
        self.0.lock().unwrap().push(seen);
        let schemes = request.schemes().collect::<Vec<_>>().join(" ");
        let signature = format!("length=\"{}\", schemes=\"{schemes}\"", request.body().len());
        Authorizing::ready(SecretHeader::new(&signature).map(|signature| {
            assert!(request.set_header("Signature", signature));
            assert!(!request.set_credential("other", SecretHeader::plain("x").unwrap()));
        }))
    }
}

#[tokio::test]
async fn a_signer_sees_the_request_with_all_other_credentials() {
    let signer = Signer::default();
    let credentials = Credentials::new().with("token", token()).with("key", key("k3y")).with_signer(signer.clone());
    let sent = wire(&KEY_AND_TOKEN, credentials).await;
    assert_eq!(sent[1..], ["authorization: Bearer t0k3y", "signature: length=\"0\", schemes=\"key token\""]);
    let seen = signer.0.lock().unwrap().clone();
    assert!(seen[0].starts_with("POST http://127.0.0.1:"), "{seen:?}");
    assert!(seen[0].ends_with("/rows?q=1+2&key=k3y Some(\"Bearer t0k3y\")"), "{seen:?}");
    // Where a certificate is all that the API asks for, requests are signed as well.
    assert_eq!(wire(&CERTIFICATE, Signer::default()).await[1..], ["signature: length=\"0\", schemes=\"\""]);
}

/// Sets credentials by the names of schemes.
struct ByName;

impl Authorize for ByName {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        let values = [("app", "a"), ("session", "b")].map(|(scheme, value)| (scheme, SecretHeader::plain(value)));
        let set = |(scheme, value): (_, Result<_, AuthorizeError>)| request.set_credential(scheme, value.unwrap());
        assert!(values.into_iter().all(set));
        request.set_credentials(SecretHeader::plain("first").unwrap());
        Authorizing::ready(Ok(()))
    }
}

#[tokio::test]
async fn a_program_sets_credentials_by_scheme() {
    assert_eq!(wire(&SEVERAL, ByName).await, ["POST /rows?q=1+2&appid=first HTTP/1.1", "cookie: sid=b"]);
}
