//! Every shape that an error takes: what is kept of it, what it means, and what it does not show.

use std::error::Error as _;

use serde_json::json;
use tilisy_client::types::{AuthorizeSessionRequest, ErrorCode};
use tilisy_client::uuid::Uuid;
use tilisy_client::{Client, Error, ErrorClass, ErrorKind};

use crate::bank::{Bank, Reply};

const ID: &str = "497f6eca-6276-4993-bfeb-53cbbbba6f08";

/// Stands for everything that an error must not show.
const CANARY: &str = "FI8821291587733472";

async fn failing(answer: Reply) -> Error {
    let server = Bank::scripted([answer]).await;
    let client = Client::with_token(server.url(), CANARY).unwrap();
    let id = ID.parse().unwrap();
    let error = client.account_transactions(&id).continuation_key(CANARY).await.unwrap_err();
    check_shows_nothing(&error, server.url());
    error
}

fn check_shows_nothing(error: &Error, url: &str) {
    let mut shown = format!("{error}\n{error:?}\n{error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        shown.push_str(&format!("\n{error}\n{error:?}"));
        source = error.source();
    }
    for secret in [CANARY, ID, url, "Psu", "Bearer"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(!error.to_string().contains('\n') && error.to_string().contains("account_transactions"), "{error}");
}

#[tokio::test]
async fn an_error_answer_keeps_what_can_be_read_of_it() {
    let full = json!({ "code": 422, "error": "WRONG_DATE_INTERVAL", "message": CANARY, "detail": { "a": CANARY } });
    let error = failing(Reply::json(422, full.to_string())).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(422)));
    assert_eq!((error.code(), error.message()), (Some(&ErrorCode::WrongDateInterval), Some(CANARY)));
    assert_eq!(error.api().unwrap().detail, Some(json!({ "a": CANARY })));
    assert_eq!(error.meta().unwrap().request_id(), Some("r-1"));

    // Fields that are missing, of another type or not in the document leave the others alone.
    for (body, code, message) in [
        (json!({ "error": "NEW_CODE", "message": "m" }), Some("NEW_CODE"), Some("m")),
        (json!({ "error": "ASPSP_ERROR" }), Some("ASPSP_ERROR"), None),
        (json!({ "code": "PERIOD_INVALID", "message": "m" }), None, Some("m")),
        (json!({ "error": { "deep": 1 }, "message": "m", "code": 400 }), None, Some("m")),
        (json!({ "detail": [{ "loc": ["body"], "msg": CANARY }] }), None, None),
        (json!({}), None, None),
    ] {
        let error = failing(Reply::json(400, body.to_string())).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(400)), "{body}");
        assert_eq!((error.code().map(ErrorCode::as_str), error.message()), (code, message), "{body}");
    }

    // What is no object of the service's keeps its status, and its text for who asks for it.
    for (status, kind, body) in [
        (502, "text/html", CANARY),
        (401, "text/html", ""),
        (500, "application/json", "[]"),
        (503, "application/json", "{\"message\": \""),
    ] {
        let error = failing(Reply::json(status, body).header("content-type", kind)).await;
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(status)));
        assert!(error.api().is_none());
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
    let cut = Reply::json(500, full.to_string()).cut_after(5);
    let error = failing(cut).await;
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(500)));
}

#[tokio::test]
async fn the_code_decides_before_the_status() {
    for (status, code, class) in [
        (401, "UNAUTHORIZED_ACCESS", ErrorClass::Auth),
        (401, "EXPIRED_SESSION", ErrorClass::Consent),
        (401, "CLOSED_SESSION", ErrorClass::Consent),
        (401, "REVOKED_SESSION", ErrorClass::Consent),
        (401, "SUSPENDED_SESSION", ErrorClass::Consent),
        (403, "WRONG_SESSION_STATUS", ErrorClass::Consent),
        (401, "ASPSP_ACCOUNT_NOT_ACCESSIBLE", ErrorClass::Consent),
        (403, "ACCESS_DENIED", ErrorClass::Auth),
        (422, "SESSION_DOES_NOT_EXIST", ErrorClass::Consent),
        (422, "EXPIRED_AUTHORIZATION_CODE", ErrorClass::Consent),
        (422, "WRONG_AUTHORIZATION_CODE", ErrorClass::Consent),
        (400, "ASPSP_ERROR", ErrorClass::Bank),
        (422, "PSU_HEADER_NOT_PROVIDED", ErrorClass::Request),
        (429, "ASPSP_RATE_LIMIT_EXCEEDED", ErrorClass::RateLimit),
        (408, "ASPSP_TIMEOUT", ErrorClass::Transient),
        (400, "SOMETHING_NEW", ErrorClass::Request),
        (401, "SOMETHING_NEW", ErrorClass::Auth),
        (429, "", ErrorClass::RateLimit),
        (503, "", ErrorClass::Transient),
        (500, "", ErrorClass::Other),
        (404, "", ErrorClass::Request),
    ] {
        let body = if code.is_empty() { String::new() } else { json!({ "error": code }).to_string() };
        let error = failing(Reply::json(status, body)).await;
        assert_eq!(error.class(), class, "{status} {code}");
        assert_eq!(error.needs_new_consent(), class == ErrorClass::Consent);
        assert_eq!(error.is_rate_limited(), class == ErrorClass::RateLimit);
        assert_eq!(error.is_auth(), class == ErrorClass::Auth);
        // A temporary fault was repeated as often as allowed already, and no response says when a limit ends.
        assert!(!error.is_retryable(), "{status} {code}");
    }
    let waiting = Reply::json(429, "").header("retry-after", "7");
    let error = failing(waiting).await;
    assert_eq!((error.retry_after().map(|wait| wait.as_secs()), error.is_retryable()), (Some(7), false));
}

#[tokio::test]
async fn a_success_that_is_none_names_the_place_and_nothing_else() {
    let rows = |row: &str| format!(r#"{{"transactions": [{row}], "continuation_key": null}}"#);
    for (body, path) in [
        (rows(&format!(r#"{{"status": "BOOK", "{CANARY}": 1}}"#)), Some("transactions[0]")),
        (
            rows(&format!(r#"{{"transaction_amount": {{"amount": "{CANARY}"}}}}"#)),
            Some("transactions[0].transaction_amount.amount"),
        ),
        (format!("<html>{CANARY}"), None),
        (String::new(), None),
        (r#"{"transactions": ["#.to_owned(), None),
    ] {
        let error = failing(Reply::json(200, body.clone())).await;
        assert_eq!((error.kind(), error.status(), error.path()), (ErrorKind::Unexpected, Some(200), path), "{body}");
        assert_eq!(error.body(), Some(body.as_bytes()));
        assert!(!error.is_retryable());
    }
    let disguised = Reply::json(200, format!(r#"{{"error": "ASPSP_ERROR", "message": "{CANARY}"}}"#));
    let error = failing(disguised).await;
    assert_eq!((error.kind(), error.status(), error.class()), (ErrorKind::Api, Some(200), ErrorClass::Bank));
    let moved = Reply::json(302, "").header("location", "https://example.org/FI8821291587733472");
    assert_eq!(failing(moved).await.kind(), ErrorKind::Unexpected);
    let cut = Reply::json(200, rows("")).cut_after(10);
    let error = failing(cut).await;
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::NoWholeAnswer, false));
}

#[tokio::test]
async fn a_session_whose_code_is_spent_can_be_salvaged() {
    let body = format!(r#"{{"session_id": "{ID}", "accounts": [{{"uid": null"#);
    for (answer, kind) in [
        (Reply::json(200, body.clone()), ErrorKind::Unexpected),
        (Reply::json(200, body).cut_after(70), ErrorKind::NoWholeAnswer),
    ] {
        let server = Bank::scripted([answer]).await;
        let client = Client::with_token(server.url(), "token").unwrap();
        let error = client.authorize_session(&AuthorizeSessionRequest::new(CANARY)).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (kind, false));
        assert_eq!(error.salvage::<Uuid>("session_id"), ID.parse().ok());
    }
}

#[tokio::test]
async fn what_was_never_sent_may_be_sent_again() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    drop(server);
    let client = Client::with_token(&url, CANARY).unwrap();
    let error = client.authorize_session(&AuthorizeSessionRequest::new(CANARY)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable(), error.status()), (ErrorKind::NotSent, true, None));
    assert_eq!(error.reason(), Some("connection refused"));
}
