//! Requests that a page of another site may have sent, and connections that send no request.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tilisy_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Caller;

/// Connects to the sandbox.
async fn connect(caller: &Caller) -> TcpStream {
    TcpStream::connect(caller.sandbox.url().trim_start_matches("http://")).await.unwrap()
}

/// Sends bytes, and returns the status of the response.
async fn status(caller: &Caller, request: &str) -> u16 {
    let mut stream = connect(caller).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

/// A call of every kind that the sandbox serves, with the status that it has without a token.
const CALLS: &[(Method, &str, u16)] = &[
    (Method::GET, "/aspsps", 401),
    (Method::GET, "/application", 401),
    (Method::POST, "/auth", 401),
    (Method::POST, "/sessions", 401),
    (Method::POST, "/api/applications", 422),
    (Method::DELETE, "/sessions/7b6ab1e4-7b2f-4f0c-9d57-ff0c1f5b8f6d", 401),
    (Method::GET, "/consent/7b6ab1e4-7b2f-4f0c-9d57-ff0c1f5b8f6d", 404),
    (Method::POST, "/consent/7b6ab1e4-7b2f-4f0c-9d57-ff0c1f5b8f6d", 404),
    (Method::GET, "/nothing", 404),
];

/// Returns the statuses of all calls with some more headers.
async fn statuses(caller: &Caller, headers: &str) -> Vec<u16> {
    let mut all = Vec::new();
    for (method, path, _) in CALLS {
        let request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n");
        all.push(status(caller, &request).await);
    }
    all
}

#[tokio::test]
async fn only_names_of_this_machine_are_answered() {
    let caller = Caller::with(Sandbox::builder().host_name("bank.test")).await;
    let expected: Vec<_> = CALLS.iter().map(|(.., status)| *status).collect();
    for host in ["localhost", "127.0.0.1:1", "[::1]:8080", "pretend.localhost", "bank.test:80"] {
        assert_eq!(statuses(&caller, &format!("Host: {host}\r\n")).await, expected, "{host}");
    }
    let refused = vec![403; CALLS.len()];
    for headers in [
        "Host: evil.example\r\n",
        "Host: 127.0.0.1.evil.example\r\n",
        "Host: localhost:80@evil.example\r\n",
        "Host: 192.0.2.1\r\n",
        "Host:\r\n",
        "",
        "Host: localhost\r\nHost: evil.example\r\n",
    ] {
        assert_eq!(statuses(&caller, headers).await, refused, "{headers:?}");
    }
    let absolute = "GET http://evil.example/aspsps HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&caller, absolute).await, 403);
}

#[tokio::test]
async fn no_other_site_changes_anything() {
    let caller = Caller::new().await;
    let usual: Vec<_> = CALLS.iter().map(|(.., status)| *status).collect();
    for headers in [
        "Origin: http://127.0.0.1:8080\r\nSec-Fetch-Site: same-origin\r\n",
        "Origin: http://localhost\r\n",
        "Sec-Fetch-Site: none\r\n",
        "Origin: null\r\nSec-Fetch-Site: same-origin\r\n",
    ] {
        assert_eq!(statuses(&caller, &format!("Host: localhost\r\n{headers}")).await, usual, "{headers}");
    }
    let refused: Vec<_> =
        CALLS.iter().map(|(method, _, status)| if *method == Method::GET { *status } else { 403 }).collect();
    for headers in [
        "Origin: https://evil.example\r\n",
        "Origin: http://localhost.evil.example\r\n",
        "Origin: https://evil.example\r\nSec-Fetch-Site: same-origin\r\n",
        "Origin: null\r\n",
        "Origin: file://\r\n",
        "Origin: localhost\r\n",
        "Origin: http://localhost\r\nOrigin: https://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Origin: http://localhost\r\nSec-Fetch-Site: cross-site\r\n",
        "Origin: null\r\nSec-Fetch-Site: cross-site\r\n",
    ] {
        assert_eq!(statuses(&caller, &format!("Host: localhost\r\n{headers}")).await, refused, "{headers}");
    }
}

#[tokio::test]
async fn a_refused_request_takes_no_reply_of_a_test() {
    let caller = Caller::new().await;
    caller.sandbox.answer_next([tilisy_sandbox::Reply::json(503, "{}")]).unwrap();
    assert_eq!(status(&caller, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").await, 403);
    assert_eq!(status(&caller, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await, 503);
}

/// Returns the token of the form behind a new consent, and its link.
async fn form(caller: &Caller) -> (String, String) {
    let link = caller.link(&caller.authorization("FI", "Saimaan Pankki")).await;
    let page = caller.http.get(&link).send().await.unwrap().text().await.unwrap();
    let token = page.split_once("name=\"token\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    (link.rsplit('/').next().unwrap().to_owned(), token)
}

#[tokio::test]
async fn the_token_of_a_form_is_random_and_ids_are_not() {
    let (one, other) = (Caller::new().await, Caller::new().await);
    let forms = [form(&one).await, form(&one).await, form(&other).await, form(&other).await];
    let [tokens, ids] = [|form: &(String, String)| form.1.clone(), |form: &(String, String)| form.0.clone()]
        .map(|part| forms.iter().map(part).collect::<Vec<_>>());
    assert!(tokens.iter().all(|token| token.len() == 32), "{tokens:?}");
    assert_eq!(tokens.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{tokens:?}");
    assert_eq!(ids[..2], ids[2..]);
}

#[tokio::test]
async fn a_connection_without_a_complete_header_ends() {
    let caller = Caller::with(Sandbox::builder().header_limit(Duration::from_millis(50))).await;
    for beginning in ["", "GET /aspsps HTTP/1.1\r\nHost: localhost\r\nX: "] {
        let mut stream = connect(&caller).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        // It ends without another byte from here. A server without the limit would wait for ever.
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "{beginning:?}");
    }
    // The limit is about headers: an ordinary request is served.
    assert_eq!(caller.post("/auth", &json!({})).await.status, 422);
}

#[tokio::test]
async fn connections_that_wait_do_not_keep_others_waiting() {
    let caller = Caller::new().await;
    let mut waiting = Vec::new();
    for _ in 0..300 {
        let mut stream = connect(&caller).await;
        stream.write_all(b"GET /aspsps HTTP/1.1\r\nHost: ").await.unwrap();
        waiting.push(stream);
    }
    for _ in 0..50 {
        assert_eq!(status(&caller, "GET /aspsps HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await, 401);
    }
}
