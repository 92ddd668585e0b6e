//! What is fed with anything at all: plain functions that panic where a rule is broken. `tests/mutations.rs` drives them
//! with seeded mutants, and the wrappers in `tests/fuzz` with what libFuzzer thinks of.
#![expect(clippy::panic, reason = "that is how a fuzzer is told of a broken rule")]

use std::fmt::Debug;

use http::{HeaderMap, StatusCode};
use openbanking_client_runtime::context::{Authorization, Operation};
use openbanking_client_runtime::decode::Decode;
use openbanking_client_runtime::receive;
use openbanking_client_runtime::response::Response;
use openbanking_codegen::lint::Rules;
use openbanking_codegen::{Job, compile};
use serde::Serialize;
use tilisy_client::{Error, types};

/// Stands for every operation: its name is all that matters here.
static OPERATION: Operation = Operation {
    id: "any",
    method: "GET",
    path: "/",
    successes: &[(200, 200)],
    context_headers: &[],
    authorization: Some(Authorization::REQUIRED),
    request_id: None,
    single_use: false,
    gone: &[],
};

/// Reads a body as a client does that gets it as an answer with this status.
///
/// # Errors
///
/// Those of the client.
pub fn answered<T: for<'de> Decode<'de>>(status: u16, body: &[u8]) -> Result<Response<T>, Error> {
    let status = StatusCode::from_u16(status).unwrap_or_else(|error| panic!("status {status}: {error}"));
    receive::read(&OPERATION, status, HeaderMap::new(), body.to_vec().into())
}

/// Any bytes as the body of each answer. What is read can be written, and is then read as the same; what is not read
/// says why in one line.
pub fn decode(data: &[u8]) {
    check::<types::AuthorizeSessionResponse>(data);
    check::<types::GetApplicationResponse>(data);
    check::<types::GetAspspsResponse>(data);
    check::<types::GetSessionResponse>(data);
    check::<types::HalBalances>(data);
    check::<types::HalTransactions>(data);
    check::<types::StartAuthorizationResponse>(data);
    check::<types::SuccessResponse>(data);
    check_error(&match answered::<types::SuccessResponse>(422, data) {
        Ok(_) => panic!("an error status is no success"),
        Err(error) => error,
    });
}

fn check<T: for<'de> Decode<'de> + Serialize + PartialEq + Debug>(data: &[u8]) {
    match answered::<T>(200, data) {
        Ok(response) => {
            let written = serde_json::to_vec(response.value()).unwrap_or_else(|error| panic!("not written: {error}"));
            match answered::<T>(200, &written) {
                Ok(again) => assert_eq!((again.value(), again.bad_rows()), (response.value(), &[][..])),
                Err(error) => panic!("what was written is not read: {error:?}"),
            }
            response.bad_rows().iter().for_each(|row| assert!(!row.to_string().contains('\n')));
        }
        Err(error) => check_error(&error),
    }
}

fn check_error(error: &Error) {
    let text = error.to_string();
    assert!(!text.is_empty() && !text.contains('\n') && text.len() < 1000, "{text}");
}

/// Any bytes as a spec: a client comes of it, or findings that say where.
pub fn generate(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let rules = if text.len().is_multiple_of(2) { Rules::House } else { Rules::Stranger };
    let job = Job::new("spec.yaml", text).with_rules(rules);
    if let Err(findings) = compile(job) {
        assert!(!findings.is_empty(), "refused without a word");
        assert!(findings.iter().all(|finding| finding.line > 0 && finding.rule != "generator-refused"), "{findings:?}");
    }
}
