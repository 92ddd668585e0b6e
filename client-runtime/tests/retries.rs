//! What is sent again, how often, and what is not.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use openbanking_client_runtime::context::{
    Authorize, Authorizing, Context, HttpRequest, Operation, Refused, SecretHeader,
};
use openbanking_client_runtime::error::{Error, ErrorKind};
use openbanking_client_runtime::object;
use openbanking_client_runtime::retry::Retry;
use openbanking_client_runtime::transport::Options;
use support::{CANARY, Failure, OPERATION, Server, answer, call, transport};

/// An answer with nothing in it that must be there.
#[derive(Debug, PartialEq)]
struct Done {
    message: Option<String>,
}
object!(Done { message: "message" => optional });

/// Without PSU headers, which would make it an unattended one.
static GET: Operation = Operation { context_headers: &[], ..OPERATION };
static POST: Operation = Operation { method: "POST", ..GET };
static ONCE: Operation = Operation { single_use: true, ..POST };
static PLAIN_DELETE: Operation = Operation { method: "DELETE", ..GET };
static DELETE: Operation = Operation { method: "DELETE", gone: &["GONE"], ..GET };

fn quick(options: &mut Options) {
    options.retry.first_delay = Duration::from_millis(1);
}

fn ok() -> Vec<u8> {
    answer(200, "", r#"{"message": "done"}"#)
}

fn status(status: u16) -> Vec<u8> {
    answer(status, "", "{}")
}

/// What becomes of a call that is answered like this, and how often it was sent.
async fn sent(operation: &'static Operation, answers: Vec<Vec<u8>>) -> (Result<u32, Error<Failure>>, usize) {
    let server = Server::new(answers).await;
    let outcome = call::<Done>(&transport(&server.url, quick), operation).await;
    (outcome.map(|response| response.meta().attempts()), server.requests().len())
}

#[tokio::test]
async fn what_passes_is_asked_for_again() {
    for passing in [408, 502, 503, 504].map(status).into_iter().chain([Vec::new(), cut()]) {
        let (outcome, requests) = sent(&GET, vec![passing.clone(), passing.clone(), ok()]).await;
        assert_eq!((outcome.unwrap(), requests), (3, 3));
        let (outcome, requests) = sent(&GET, vec![passing.clone()]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.attempts(), requests), (3, 3), "{error}");
        assert!(!error.is_retryable(), "a loop around the client would exceed the limit: {error}");
        assert!(error.to_string().ends_with("(after 3 attempts)"), "{error}");

        let (outcome, requests) = sent(&POST, vec![passing]).await;
        assert_eq!((outcome.unwrap_err().attempts(), requests), (1, 1));
    }
}

/// An answer whose body breaks off.
fn cut() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\nconnection: close\r\n\r\n{".to_vec()
}

#[tokio::test]
async fn what_stays_is_not() {
    for (answer, kind) in [
        (status(400), ErrorKind::Api),
        (status(422), ErrorKind::Api),
        (status(500), ErrorKind::Api),
        (status(302), ErrorKind::Unexpected),
        (answer(200, "", "<html>"), ErrorKind::Unexpected),
        (answer(200, "", ""), ErrorKind::Unexpected),
        (b"no HTTP\r\n\r\n".to_vec(), ErrorKind::Unexpected),
    ] {
        let (outcome, requests) = sent(&GET, vec![answer]).await;
        assert_eq!((outcome.unwrap_err().kind(), requests), (kind, 1));
    }
}

#[tokio::test]
async fn an_unknown_outcome_says_so() {
    for (answer, unknown) in [
        (Vec::new(), true),
        (cut(), true),
        (status(504), true),
        (status(500), true),
        (status(408), true),
        (status(503), true),
        (status(422), false),
        (status(429), false),
    ] {
        let (outcome, _) = sent(&POST, vec![answer.clone()]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.outcome_is_unknown(), error.attempts()), (unknown, 1), "{error}");
        let (outcome, _) = sent(&GET, vec![answer]).await;
        assert!(!outcome.unwrap_err().outcome_is_unknown());
    }
    let (outcome, _) = sent(&POST, vec![Vec::new()]).await;
    let text = outcome.unwrap_err().to_string();
    assert!(text.contains("may have been processed: find out before you send it again"), "{text}");
}

#[tokio::test]
async fn a_connection_that_was_not_made_is_tried_again_by_any_method() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for operation in [&GET, &POST, &ONCE, &DELETE] {
        let error = call::<Done>(&transport(&format!("http://{free}"), quick), operation).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 3));
    }
}

#[tokio::test]
async fn a_name_that_is_not_found_is_asked_for_again() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let client = transport("https://bank.example", |options| {
        quick(options);
        options.resolver = Some(Arc::new(move |name| {
            assert_eq!(name, "bank.example");
            count.fetch_add(1, Ordering::Relaxed);
            Err(std::io::ErrorKind::NotFound.into())
        }));
    });
    let error = call::<Done>(&client, &POST).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), asked.load(Ordering::Relaxed)), (ErrorKind::NotSent, 3, 3));
    assert_eq!(error.reason(), Some("host name not found"));
}

#[tokio::test]
async fn the_service_is_given_the_time_it_asks_for() {
    let server = Server::new(vec![answer(503, "retry-after: 1\r\n", ""), ok()]).await;
    let started = Instant::now();
    call::<Done>(&transport(&server.url, quick), &GET).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));

    for (wait, total) in [("3600", 120), ("Fri, 31 Dec 9999 23:59:59 GMT", 120), ("5", 4)] {
        let server = Server::new(vec![answer(429, &format!("retry-after: {wait}\r\n"), ""), ok()]).await;
        let client = transport(&server.url, |options| options.total_timeout = Duration::from_secs(total));
        let started = Instant::now();
        let error = call::<Done>(&client, &GET).await.unwrap_err();
        assert!(started.elapsed() < Duration::from_secs(4), "nobody waits for {wait}");
        assert!(error.retry_after().is_some_and(|wait| wait >= Duration::from_secs(5)));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn every_form_of_a_time_is_understood() {
    let day = "date: Sun, 06 Nov 1994 08:49:30 GMT\r\n";
    for wait in [
        "99999999999999999999999",
        "Sunday, 06-Nov-94 09:49:37 GMT",
        "Sun Nov  6 09:49:37 1994",
        "Sun, 06 Nov 1994 09:49:37 GMT",
    ] {
        let server = Server::new(vec![answer(503, &format!("{day}retry-after: {wait}\r\n"), ""), ok()]).await;
        let error = call::<Done>(&transport(&server.url, quick), &GET).await.unwrap_err();
        assert!(error.retry_after().is_some_and(|wait| wait >= Duration::from_secs(3600)), "{wait}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_only_if_the_service_says_until_when() {
    for (headers, requests, retryable) in [
        ("", 1, false),
        ("retry-after: soon\r\n", 1, false),
        ("x-ratelimit-remaining: 0\r\n", 1, false),
        ("x-ratelimit-remaining: 1\r\n", 1, false),
        ("retry-after: 3600\r\n", 1, true),
        ("ratelimit-remaining: 0\r\nretry-after: 0\r\n", 3, false),
    ] {
        // A 429 is a refusal before processing, so that the method does not matter.
        for operation in [&GET, &POST] {
            let server = Server::new(vec![answer(429, headers, "")]).await;
            let error = call::<Done>(&transport(&server.url, quick), operation).await.unwrap_err();
            assert_eq!(server.requests().len(), requests, "{headers}");
            assert_eq!((error.is_retryable(), error.outcome_is_unknown()), (retryable, false), "{headers}");
        }
        let (outcome, requests) = sent(&ONCE, vec![answer(429, headers, "")]).await;
        assert_eq!((outcome.unwrap_err().is_retryable(), requests), (false, 1), "{headers}");
    }
}

#[tokio::test]
async fn what_can_be_used_once_is_sent_once_by_any_method() {
    static ONCE_GET: Operation = Operation { single_use: true, ..GET };
    let (outcome, requests) = sent(&ONCE_GET, vec![status(503)]).await;
    assert_eq!((outcome.unwrap_err().outcome_is_unknown(), requests), (true, 1));
}

#[tokio::test]
async fn no_time_is_too_long() {
    let server = Server::new(vec![ok()]).await;
    let client = transport(&server.url, |options| {
        (options.connect_timeout, options.read_timeout, options.pool_idle_timeout) =
            (Duration::MAX, Duration::MAX, Duration::MAX);
        (options.retry.first_delay, options.retry.longest_delay) = (Duration::MAX, Duration::MAX);
    });
    call::<Done>(&client, &GET).await.unwrap();
}

#[tokio::test]
async fn unattended_calls_are_repeated_once() {
    for (psu, attempts) in [(false, 2), (true, 3)] {
        let server = Server::new(vec![status(503)]).await;
        let (transport, mut context) = transport(&server.url, quick);
        if psu {
            context = context.with_context_headers([("psu-ip-address", "192.0.2.1")]).unwrap();
        }
        let error = call::<Done>(&(transport, context), &OPERATION).await.unwrap_err();
        assert_eq!((error.attempts(), server.requests().len()), (attempts, attempts as usize));
    }
}

#[tokio::test]
async fn nothing_is_sent_again_where_it_is_turned_off() {
    let server = Server::new(vec![status(503)]).await;
    let error = call::<Done>(&transport(&server.url, |options| options.retry = Retry::OFF), &GET).await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
    let (transport, context) = transport(&server.url, quick);
    let error = call::<Done>(&(transport, context.with_retry(Retry::OFF)), &GET).await.unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (1, 2));
    assert!(!error.to_string().contains("attempts"), "{error}");
}

#[tokio::test]
async fn clones_share_a_budget() {
    let server = Server::new(vec![status(503)]).await;
    let (transport, context) = transport(&server.url, quick);
    for _ in 0..30 {
        call::<Done>(&(transport.clone(), context.clone()), &GET).await.unwrap_err();
    }
    // 30 calls, ten retries that are there at first, and one for five calls (the first finds all of them there).
    assert_eq!(server.requests().len(), 30 + 10 + 29 / 5);
}

#[tokio::test]
async fn a_deletion_that_is_repeated_may_find_nothing() {
    let gone = answer(422, "", r#"{"error": "GONE"}"#);
    let busy = answer(422, "", r#"{"error": "BUSY"}"#);
    for (operation, first, second, succeeds) in [
        (&DELETE, Vec::new(), gone.clone(), true),
        (&DELETE, status(502), gone.clone(), true),
        (&DELETE, Vec::new(), busy, false),
        // Where the service has a code for it, a bare 404 may be a gateway's.
        (&DELETE, Vec::new(), status(404), false),
        (&PLAIN_DELETE, Vec::new(), status(404), true),
        (&PLAIN_DELETE, status(504), status(410), true),
        // A gateway may respond like this although the service has processed the request.
        (&DELETE, status(503), gone.clone(), true),
        (&DELETE, status(408), gone.clone(), true),
        // A rate limit refuses a request before it is processed.
        (&DELETE, answer(429, "retry-after: 0\r\n", "{}"), gone.clone(), false),
        (&DELETE, gone, ok(), false),
    ] {
        let (outcome, _) = sent(operation, vec![first, second.clone()]).await;
        assert_eq!(outcome.is_ok(), succeeds, "{:?}", String::from_utf8_lossy(&second));
    }
    let (outcome, _) = sent(&GET, vec![Vec::new(), status(404)]).await;
    outcome.unwrap_err();
    for (empty, succeeds) in [(&DELETE, true), (&GET, false)] {
        assert_eq!(sent(empty, vec![b"HTTP/1.1 204 None\r\n\r\n".to_vec()]).await.0.is_ok(), succeeds);
    }
}

#[tokio::test]
async fn an_error_under_a_good_status_is_one() {
    for body in [r#"{"error": "BUSY"}"#, r#"{"message": "x", "error": "BUSY", "code": 500}"#] {
        let (outcome, requests) = sent(&GET, vec![answer(200, "", body)]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.status(), requests), (ErrorKind::Api, Some(200), 1));
        assert_eq!(error.api().unwrap().error.as_deref(), Some("BUSY"));
        assert!(error.to_string().contains("code `BUSY`"), "{error}");
    }
    sent(&GET, vec![answer(200, "", r#"{"message": "BUSY", "error": "none that is listed"}"#)]).await.0.unwrap();
}

/// Counts its tokens, and has a new one as often as the test says.
struct Renewing {
    given: AtomicU32,
    asked: Arc<AtomicU32>,
    renews: bool,
}

impl Authorize for Renewing {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        // It waits, as for a token endpoint.
        Authorizing::new(async move {
            tokio::task::yield_now().await;
            let token = SecretHeader::bearer(&format!("token-{}", self.given.fetch_add(1, Ordering::Relaxed)))?;
            request.set_credentials(token);
            Ok(())
        })
    }

    fn renews(&self, refused: &Refused<'_>) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed);
        assert!(refused.carried(&SecretHeader::bearer("token-0").unwrap()));
        assert_eq!((refused.body(), refused.date()), (b"{}".as_slice(), Some(SystemTime::UNIX_EPOCH)));
        self.renews
    }
}

fn renewing(renews: bool) -> (Context, Arc<AtomicU32>) {
    let asked = Arc::<AtomicU32>::default();
    let authorize = Renewing { given: AtomicU32::new(0), asked: Arc::clone(&asked), renews };
    (Context::new().with_authorize(authorize), asked)
}

#[tokio::test]
async fn a_refused_authorization_is_renewed_once() {
    let refused = answer(401, "date: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "{}");
    for (operation, renews, asked, requests) in
        [(&GET, true, 1, 2), (&POST, true, 1, 2), (&GET, false, 1, 1), (&ONCE, true, 0, 1)]
    {
        for last in [ok(), refused.clone()] {
            let server = Server::new(vec![refused.clone(), last.clone()]).await;
            let (transport, _) = transport(&server.url, quick);
            let (context, count) = renewing(renews);
            let outcome = call::<Done>(&(transport, context), operation).await;
            assert_eq!(outcome.is_ok(), last == ok() && requests == 2);
            assert_eq!((count.load(Ordering::Relaxed), server.requests().len()), (asked, requests));
            let tokens: Vec<_> = (0..requests).map(|nth| format!("Bearer token-{nth}")).collect();
            assert!(server.requests().iter().zip(&tokens).all(|(request, token)| request.contains(token)));
        }
    }
    let server = Server::new(vec![refused.clone(), ok()]).await;
    let (transport, _) = transport(&server.url, |options| options.retry = Retry::OFF);
    let (context, count) = renewing(true);
    call::<Done>(&(transport, context), &GET).await.unwrap_err();
    assert_eq!((count.load(Ordering::Relaxed), server.requests().len()), (0, 1));
}

#[tokio::test]
async fn a_renewed_authorization_leaves_the_other_attempts() {
    let refused = answer(401, "date: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "{}");
    let server = Server::new(vec![refused, status(503), status(503), ok()]).await;
    let (transport, _) = transport(&server.url, quick);
    let (context, _) = renewing(true);
    assert_eq!(call::<Done>(&(transport, context), &GET).await.unwrap().meta().attempts(), 4);
}

#[tokio::test]
async fn all_attempts_share_one_time_limit() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = transport(&format!("http://{}", silent.local_addr().unwrap()), |options| {
        quick(options);
        options.attempt_timeout = Duration::from_millis(200);
        options.total_timeout = Duration::from_millis(300);
    });
    let started = Instant::now();
    let error = call::<Done>(&client, &GET).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NoWholeAnswer, 2));
    assert!(started.elapsed() >= Duration::from_millis(300) && started.elapsed() < Duration::from_secs(5));
    let server = Server::new(vec![ok()]).await;
    let client = transport(&server.url, |options| {
        (options.attempt_timeout, options.total_timeout) = (Duration::MAX, Duration::MAX);
    });
    call::<Done>(&client, &GET).await.unwrap();
    assert!(!format!("{error:?}").contains(CANARY));
}

#[tokio::test]
async fn localhost_is_this_machine_whatever_a_resolver_says() {
    let server = Server::new(vec![answer(200, "", r#"{"message": "here"}"#)]).await;
    let url = server.url.replace("127.0.0.1", "localhost");
    let client = transport(&url, |options| {
        // An address of another machine (RFC 5737), which would time out.
        options.resolver = Some(Arc::new(|_| Ok(vec![[192, 0, 2, 1].into()])));
    });
    call::<Done>(&client, &GET).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_insecure_host_that_is_allowed_is_reached_by_its_own_address() {
    let server = Server::new(vec![answer(200, "", r#"{"message": "here"}"#)]).await;
    let url = server.url.replace("127.0.0.1", "sandbox");
    let client = transport(&url, |options| {
        options.insecure_hosts = vec!["sandbox".to_owned()];
        options.resolver = Some(Arc::new(|name| {
            assert_eq!(name, "sandbox");
            Ok(vec![[127, 0, 0, 1].into()])
        }));
    });
    call::<Done>(&client, &GET).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}
