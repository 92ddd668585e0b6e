//! Tokens by client credentials, from a token endpoint on this machine.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use std::sync::{Arc, Mutex};

use openbanking_client_runtime::context::Context;
use openbanking_client_runtime::error::Error;
use openbanking_client_runtime::oauth2::ClientCredentials;
use openbanking_client_runtime::object;
use openbanking_client_runtime::request::{Request, Sender};
use support::{Failure, OPERATION, answer, transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug)]
struct Done {}
object!(Done {});

/// The token endpoint and the API at one address. Tokens are `token-1`, `token-2`, and so on.
#[derive(Clone)]
struct Service(Arc<Shared>);

struct Shared {
    url: String,
    /// The response of the token endpoint, in which `NTH` is the number of the token.
    issued: (u16, String),
    /// The first token that the API accepts.
    accepted: usize,
    token_requests: Mutex<Vec<String>>,
    api_requests: Mutex<Vec<String>>,
}

impl Service {
    async fn new(issued: (u16, &str), accepted: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Self(Arc::new(Shared {
            url: format!("http://{}", listener.local_addr().unwrap()),
            issued: (issued.0, issued.1.to_owned()),
            accepted,
            token_requests: Mutex::default(),
            api_requests: Mutex::default(),
        }));
        let serving = service.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        service
    }

    async fn serve(self, mut stream: TcpStream) {
        while let Some(request) = read(&mut stream).await {
            if stream.write_all(&self.respond(request)).await.is_err() {
                return;
            }
        }
    }

    fn respond(&self, request: String) -> Vec<u8> {
        let Shared { issued: (status, body), accepted, token_requests, api_requests, .. } = &*self.0;
        if request.starts_with("POST /token ") {
            let mut requests = token_requests.lock().unwrap();
            requests.push(request);
            return answer(*status, "", &body.replace("NTH", &requests.len().to_string()));
        }
        let nth = request.split_once("authorization: Bearer token-").and_then(|(_, rest)| rest.lines().next());
        let is_accepted = nth.is_some_and(|nth| nth.parse::<usize>().unwrap() >= *accepted);
        api_requests.lock().unwrap().push(request);
        answer(if is_accepted { 200 } else { 401 }, "", "{}")
    }

    fn sender(&self) -> Sender {
        let credentials = ClientCredentials::new(&format!("{}/token", self.0.url), "id", "s3cret").unwrap();
        let credentials = credentials.with_scope("a b").with_parameter("audience", "c").unwrap();
        let (transport, _) = transport(&self.0.url, |_| {});
        Sender::new(transport, Context::new().with_authorize(credentials))
    }

    /// The numbers of requests to the token endpoint and to the API.
    fn counts(&self) -> (usize, usize) {
        (self.0.token_requests.lock().unwrap().len(), self.0.api_requests.lock().unwrap().len())
    }
}

/// Reads a request with its body.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return Some(text.into_owned());
            }
        }
        if !stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
            return None;
        }
    }
}

async fn call(sender: &Sender) -> Result<(), String> {
    let mut request = Request::new(&OPERATION);
    request.path("row", &"1");
    let result = sender.send::<Done, Error<Failure>>(request).await;
    result.map(drop).map_err(|error| format!("{error} {error:?}"))
}

const HOUR: &str = r#"{"access_token": "token-NTH", "token_type": "Bearer", "expires_in": 3600}"#;

#[tokio::test]
async fn a_token_is_requested_as_the_standard_says() {
    let service = Service::new((200, HOUR), 1).await;
    call(&service.sender()).await.unwrap();
    let request = service.0.token_requests.lock().unwrap()[0].clone();
    // `id:s3cret`
    assert!(request.contains("\r\nauthorization: Basic aWQ6czNjcmV0\r\n"), "{request}");
    assert!(request.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\ngrant_type=client_credentials&scope=a+b&audience=c"), "{request}");
    let request = service.0.api_requests.lock().unwrap()[0].clone();
    assert!(request.contains("\r\nauthorization: Bearer token-1\r\n"), "{request}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_concurrent_calls_make_one_token_request() {
    let service = Service::new((200, HOUR), 1).await;
    let sender = service.sender();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let sender = sender.clone();
            tokio::spawn(async move { call(&sender).await })
        })
        .collect();
    for made in calls {
        made.await.unwrap().unwrap();
    }
    assert_eq!(service.counts(), (1, 20));
}

#[tokio::test]
async fn an_expired_token_is_replaced_before_the_next_call() {
    for (lifetime, expected) in [("3600", 1), ("0", 3)] {
        let service = Service::new((200, &HOUR.replace("3600", lifetime)), 1).await;
        let sender = service.sender();
        for _ in 0..3 {
            call(&sender).await.unwrap();
        }
        assert_eq!(service.counts(), (expected, 3), "{lifetime}");
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let service = Service::new((200, HOUR), 2).await;
    let sender = service.sender();
    call(&sender).await.unwrap();
    assert_eq!(service.counts(), (2, 2));
    call(&sender).await.unwrap();
    assert_eq!(service.counts(), (2, 3));
}

#[tokio::test]
async fn tokens_that_are_always_refused_are_not_requested_again_and_again() {
    let service = Service::new((200, HOUR), usize::MAX).await;
    let sender = service.sender();
    call(&sender).await.unwrap_err();
    assert_eq!(service.counts(), (2, 2));
    call(&sender).await.unwrap_err();
    assert_eq!(service.counts(), (2, 3), "the last token was new and was refused too");
}

#[tokio::test]
async fn a_wrong_response_of_the_token_endpoint_is_an_error_without_secrets() {
    let huge = format!("{{\"access_token\": \"{}\"}}", "s3cret".repeat(100_000));
    for (status, body, expected) in [
        (200, "s3cret", "the response of the token URL has no `access_token`"),
        (200, r#"{"access_token": "s3cret", "token_type": "mac"}"#, "the token is not a bearer token"),
        (200, r#"{"access_token": "s3cret\n"}"#, "the token is empty or contains characters"),
        (200, &huge, "no token was received: "),
        (401, r#"{"error": "invalid_client"}"#, "refused with status 401 and code `invalid_client`"),
        (400, r#"{"error": "s3cret"}"#, "refused with status 400"),
        (302, "", "refused with status 302"),
        (500, "s3cret", "refused with status 500"),
    ] {
        let service = Service::new((status, body), 1).await;
        let error = call(&service.sender()).await.unwrap_err();
        assert!(error.contains(expected) && !error.contains("s3cret"), "{error}");
        assert!(!error.contains(&service.0.url), "{error}");
        assert_eq!(service.counts(), (1, 0), "{status} {body}");
    }
}
