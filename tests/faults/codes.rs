//! Every error code of both editions, on every operation, in every form that was seen in responses.

use std::iter;
use std::sync::Arc;

use openbanking_client_runtime::error::{Error, ErrorBody, ErrorClass};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::answer::Answer;
use crate::canary::{ACCOUNT, IBAN, REMITTANCE, Search};
use crate::ours::{EnableBanking, Tilisy};
use crate::server::{Act, Place, Server};
use crate::subject::{Failure, Operation, Subject, Target, Timeouts};

const TILISY: &str = include_str!("../../spec/tilisy.yaml");
const ENABLEBANKING: &str = include_str!("../../spec/enablebanking.yaml");

/// The number of forms of an error.
const FORMS: usize = 8;

/// Returns the body of an error in one of its forms.
fn form(form: usize, code: &str, status: u16) -> Value {
    let detailed = |detail: Value| json!({ "code": status, "error": code, "message": REMITTANCE, "detail": detail });
    match form {
        0 => json!({ "code": status, "error": code, "message": REMITTANCE }),
        1 => json!({ "code": status, "error": code }),
        2 => json!({ "code": "PERIOD_INVALID", "error": code, "message": null }),
        3 => json!({ "error": code, "message": [REMITTANCE], "code": null }),
        4 => detailed(Value::Null),
        5 => detailed(json!(IBAN)),
        6 => detailed(json!({ "account": ACCOUNT, "deep": [{ "a": 1 }] })),
        _ => detailed(json!([{ "loc": ["body", IBAN], "msg": REMITTANCE }, null])),
    }
}

/// Returns the status that a code comes with.
fn status(code: &str) -> u16 {
    match code {
        "ASPSP_ERROR" => 500,
        "ASPSP_RATE_LIMIT_EXCEEDED" => 429,
        "ASPSP_TIMEOUT" => 408,
        "ACCESS_DENIED" | "NO_ACCOUNTS_ADDED" => 403,
        "AUTHORIZATION_NOT_PROVIDED" | "UNAUTHORIZED_ACCESS" | "UNAUTHORIZED_IP" => 401,
        "CLOSED_SESSION" | "EXPIRED_SESSION" | "REVOKED_SESSION" => 401,
        "PAYMENT_NOT_FOUND" | "TRANSACTION_DOES_NOT_EXIST" => 404,
        _ => 422,
    }
}

/// Returns the number of requests of a call that gets the same code again and again.
fn attempts(code: &str, operation: Operation) -> usize {
    match code {
        "ASPSP_TIMEOUT" if !operation.is_post() => 3,
        _ => 1,
    }
}

/// The parts of an error.
struct Reported {
    code: Option<String>,
    message: Option<String>,
    detail: Option<Value>,
    class: ErrorClass,
    /// The class that the code alone stands for.
    by_code: Option<ErrorClass>,
    status: Option<u16>,
}

/// Returns the function that reads the error of a client crate.
macro_rules! reader {
    ($client:ident) => {
        |failure: &Failure| {
            let error: &Error<$client::types::ErrorResponse> = failure.error.downcast_ref().unwrap();
            let api = error.api().expect("a body that can be read");
            Reported {
                code: error.code().map(|code| code.as_str().to_owned()),
                message: error.message().map(str::to_owned),
                detail: api.detail.clone(),
                class: error.class(),
                by_code: api.class(failure.status.unwrap_or_default()),
                status: error.status(),
            }
        }
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_is_told_in_every_form_on_every_operation() {
    assert_eq!(check::<Tilisy>(TILISY, reader!(tilisy_client)).await, 16 * FORMS * 8);
    assert_eq!(check::<EnableBanking>(ENABLEBANKING, reader!(enablebanking_client)).await, 43 * FORMS * 15);
}

/// Checks all codes of a spec, and returns how many calls that took.
async fn check<S: Subject>(spec: &str, read: fn(&Failure) -> Reported) -> usize {
    let spec: Value = serde_yaml::from_str(spec).unwrap();
    let listed = spec["components"]["schemas"]["ErrorCode"]["oneOf"].as_array().unwrap();
    let codes: Arc<[_]> = listed.iter().map(|value| value["enum"][0].as_str().unwrap().to_owned()).collect();
    let mut checks = JoinSet::new();
    for form in 0..FORMS {
        checks.spawn(check_form::<S>(form, Arc::clone(&codes), read));
    }
    checks.join_all().await.into_iter().sum()
}

/// The response that was lost may have confirmed the deletion.
#[tokio::test]
async fn a_deletion_is_done_if_a_repeated_request_finds_nothing() {
    assert_eq!(check_gone::<Tilisy>(TILISY).await, 2);
    assert_eq!(check_gone::<EnableBanking>(ENABLEBANKING).await, 4);
}

/// Checks all codes that say so, and returns how many there are.
async fn check_gone<S: Subject>(spec: &str) -> usize {
    let spec: Value = serde_yaml::from_str(spec).unwrap();
    let mut cells = 0;
    for operation in S::operations().filter(|operation| operation.is_delete()) {
        for code in spec["paths"][operation.path()]["delete"]["x-gone"].as_array().unwrap() {
            let code = code.as_str().unwrap();
            let answer = Answer::json(status(code), form(0, code, status(code)).to_string());
            let (server, subject) = pair::<S>(vec![Act::Close, Act::Answer(answer)]).await;
            let called = subject.call(operation).await;
            assert!(called.is_ok(), "{code} {operation:?}: {:?}", called.err().map(|failure| failure.error));
            assert_eq!(server.record().requests.len(), 2, "{code} {operation:?}");
            cells += 1;
        }
    }
    cells
}

/// Starts a server with a script, and creates a client of it.
async fn pair<S: Subject>(acts: Vec<Act>) -> (Server, S) {
    let server = Server::start(Place::Plain, acts, None).await.unwrap();
    let client = client(&server);
    (server, client)
}

fn client<S: Subject>(server: &Server) -> S {
    let url = format!("http://{}", server.address);
    S::build(&Target { url, root: None, resolver: None, timeouts: Timeouts::SHORT })
}

/// Checks every code in one form on every operation, one call after another.
async fn check_form<S: Subject>(nth: usize, codes: Arc<[String]>, read: fn(&Failure) -> Reported) -> usize {
    let cells = || codes.iter().flat_map(|code| S::operations().map(move |operation| (code.as_str(), operation)));
    let acts = cells().flat_map(|(code, operation)| {
        let status = status(code);
        let act = Act::Answer(Answer::json(status, form(nth, code, status).to_string()));
        iter::repeat_n(act, attempts(code, operation))
    });
    let acts: Vec<_> = acts.collect();
    let requests = acts.len();
    let (server, shared) = pair::<S>(acts).await;
    for (code, operation) in cells() {
        let form = form(nth, code, status(code));
        let place = format!("{code} {form} {operation:?}");
        // The retries of a client have a budget, which is not enough for all operations.
        let retrying = (attempts(code, operation) > 1).then(|| client::<S>(&server));
        let failure = retrying.as_ref().unwrap_or(&shared).call(operation).await.err().expect(&place);
        let reported = read(&failure);
        assert_eq!((reported.code.as_deref(), reported.status), (Some(code), Some(status(code))), "{place}");
        assert_eq!(reported.message.as_deref(), form["message"].as_str(), "{place}");
        assert_eq!(reported.detail.as_ref(), form.get("detail").filter(|detail| !detail.is_null()), "{place}");
        assert_eq!(Some(reported.class), reported.by_code, "{place}");
        assert_eq!(failure.attempts, Some(attempts(code, operation)), "{place}");
        let mut search = Search::new(S::secrets());
        failure.write(&mut search).unwrap();
        assert!(search.found().is_empty(), "{place}");
    }
    assert_eq!(server.record().requests.len(), requests);
    cells().count()
}
