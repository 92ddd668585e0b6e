//! From the response of a call to the caller's value or error.

use bytes::Bytes;
use http::StatusCode;
use http::header::HeaderMap;

use crate::answer::{Answer, Undecoded};
use crate::call::{Called, Received};
use crate::decode::Decode;
use crate::error::{ClientError, DecodeError, Error, ErrorKind, Report};
use crate::exchange::{Body, Broken, Failure, HttpResponse};
use crate::meta::Meta;
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::pace::Limits;
use crate::response::Response;

/// Decodes a response that was received by other means.
///
/// # Errors
///
/// Returns an error if the status is not one of success, or the body cannot be decoded.
pub fn read<T, E>(
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response<T>, E>
where
    T: for<'de> Decode<'de>,
    E: ClientError<Body: DecodeError>,
{
    let body = Body { bytes: body, broken: None };
    let received = Received::new(HttpResponse { status, headers, body }, |_, _: &E::Body| None);
    let called = Called { attempts: 1, maybe_processed: false, exhausted: false, request_id: None, end: Ok(received) };
    Ok(finish(operation, &Limits::default(), called, Answer::json)?)
}

/// Decodes the response of a call, or returns the error that kept it from having one.
///
/// # Errors
///
/// Returns an error if the call failed, the status is not one of success, or the body cannot be decoded.
pub(crate) fn finish<T, E>(
    operation: &'static Operation,
    limits: &Limits,
    called: Called<E>,
    decode: impl Fn(&mut Answer<E>) -> Result<T, Undecoded>,
) -> Result<Response<T>, Error<E>>
where
    E: DecodeError,
{
    let Called { attempts, maybe_processed, exhausted, request_id, end } = called;
    let Received { response, outcome, api } = match end {
        Ok(received) => received,
        Err(failure) => {
            let report = failed(operation, failure);
            return Err(Error::new(Report { attempts, exhausted, request_id, ..report }, None));
        }
    };
    let HttpResponse { status, headers, body } = response;
    let meta = Meta::new(status.as_u16(), headers, attempts, request_id);
    let answered = |undecoded| Answered { maybe_processed, exhausted, outcome, limits, undecoded };
    if !operation.is_success(meta.status()) {
        return refused(operation, meta, body, api, answered(None), decode);
    }
    let mut answer = Answer::new(operation, meta.status(), body);
    match decode(&mut answer) {
        Ok(value) => match answer.error {
            None => Ok(Response::new(value, answer.body.bytes, meta, answer.rows.map(Box::new))),
            Some(api) => Err(disguised(operation, meta, answer.body.bytes, api)),
        },
        Err(undecoded) => refused(operation, meta, answer.body, api, answered(Some(undecoded)), decode),
    }
}

/// The facts about a response that is not a success, or could not be decoded as one.
struct Answered<'a> {
    maybe_processed: bool,
    exhausted: bool,
    outcome: Outcome,
    limits: &'a Limits,
    undecoded: Option<Undecoded>,
}

fn failed(operation: &Operation, failure: Failure) -> Report {
    let Failure { outcome, cause } = failure;
    let kind = match outcome {
        Outcome::NotBuilt => ErrorKind::NotBuilt,
        Outcome::NotSent { .. } => ErrorKind::NotSent,
        Outcome::Interrupted => ErrorKind::NoWholeAnswer,
        _ => ErrorKind::Unexpected,
    };
    Report::new(kind, outcome, operation).because(cause)
}

fn disguised<E: DecodeError>(operation: &Operation, meta: Meta, body: Bytes, api: E) -> Error<E> {
    let report = Report::new(ErrorKind::Api, Outcome::Complete, operation);
    let report = report.because("an error came under a status of success");
    let (attempts, code) = (meta.attempts(), api.listed_code());
    Error::new(Report { meta: Some(meta), attempts, body: Some(body), code, ..report }, Some(api))
}

fn refused<T, E>(
    operation: &'static Operation,
    meta: Meta,
    body: Body,
    api: Option<E>,
    answered: Answered<'_>,
    decode: impl Fn(&mut Answer<E>) -> Result<T, Undecoded>,
) -> Result<Response<T>, Error<E>>
where
    E: DecodeError,
{
    let Answered { maybe_processed, exhausted, outcome, limits, undecoded } = answered;
    let Body { bytes, broken } = body;
    let attempts = meta.attempts();
    let status = StatusCode::from_u16(meta.status()).unwrap_or_default();
    let refused = status.is_client_error() || status.is_server_error();
    let api = if refused { api } else { E::decode_disguised(&bytes) };
    let code = api.as_ref().and_then(DecodeError::listed_code);
    let gone = maybe_processed && operation.is_gone(status.as_u16(), code);
    let no_content = operation.method == "DELETE" && status == StatusCode::NO_CONTENT;
    if (gone || no_content)
        && let Ok(value) = decode(&mut Answer::deleted(operation))
    {
        // It is deleted, and the service says no more about it.
        return Ok(Response::new(value, bytes, meta, None));
    }
    if !refused && let Some(api) = api {
        return Err(disguised(operation, meta, bytes, api));
    }
    let (kind, path, cause) = match undecoded {
        Some(Undecoded { kind, path, cause }) => (kind, path, Some(cause)),
        None if refused => (ErrorKind::Api, None, broken.map(Broken::cause)),
        None if status.is_redirection() => {
            (ErrorKind::Unexpected, None, Some("the response is a redirect, which is not followed".into()))
        }
        None => (ErrorKind::Unexpected, None, Some("the API description does not list this status".into())),
    };
    let report = Report::new(kind, outcome, operation);
    let body = Some(if kind == ErrorKind::NoWholeAnswer { beginning(&bytes, limits) } else { bytes });
    Err(Error::new(Report { meta: Some(meta), attempts, exhausted, path, cause, body, code, ..report }, api))
}

/// Returns the part of an interrupted body that is kept: enough to find one value in, and not megabytes.
fn beginning(body: &[u8], limits: &Limits) -> Bytes {
    Bytes::copy_from_slice(&body[..body.len().min(limits.error_bytes)])
}
