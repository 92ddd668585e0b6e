//! From the response of a call to the caller's value or error.

use bytes::Bytes;
use http::StatusCode;
use http::header::HeaderMap;
use serde::de::IntoDeserializer;

use crate::call::{Called, Received, decode_error};
use crate::cause::Cause;
use crate::decode::{self, Decode};
use crate::error::{ClientError, Error, ErrorKind, ErrorLabel, Report};
use crate::exchange::{Body, Broken, Failure, HttpResponse};
use crate::explain::{explained, path};
use crate::meta::Meta;
use crate::operation::Operation;
use crate::outcome::Outcome;
use crate::pace::Limits;
use crate::response::Response;
use crate::rows::{BadRows, by_row};

/// The reason why a response of success could not be decoded.
struct Undecoded {
    kind: ErrorKind,
    path: Option<String>,
    cause: Cause,
}

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
    E: ClientError<Body: for<'de> Decode<'de> + ErrorLabel>,
{
    let body = Body { bytes: body, broken: None };
    let received = Received::new(HttpResponse { status, headers, body }, |_, _: &E::Body| None);
    let called = Called { attempts: 1, maybe_processed: false, exhausted: false, request_id: None, end: Ok(received) };
    Ok(finish(operation, &Limits::default(), called)?)
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
) -> Result<Response<T>, Error<E>>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
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
        return refused(operation, meta, body, api, answered(None));
    }
    match decoded(&body, operation) {
        Ok((value, rows)) => match error_in::<T, E>(&value, rows.as_ref(), &body.bytes) {
            None => Ok(Response::new(value, body.bytes, meta, rows.map(Box::new))),
            Some(api) => Err(disguised(operation, meta, body.bytes, api)),
        },
        Err(undecoded) => refused(operation, meta, body, api, answered(Some(undecoded))),
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

fn decoded<T: for<'de> Decode<'de>>(body: &Body, operation: &Operation) -> Result<(T, Option<BadRows>), Undecoded> {
    if !<T as Decode<'_>>::NEEDS_BODY {
        let nothing: serde::de::value::UnitDeserializer<serde_json::Error> = ().into_deserializer();
        return T::decode(nothing).map(|value| (value, None)).map_err(|error| unexpected(explained(&error), None));
    }
    match &body.broken {
        Some(Broken::Cut(cause)) => {
            return Err(Undecoded { kind: ErrorKind::NoWholeAnswer, path: None, cause: cause.clone() });
        }
        Some(Broken::TooLarge(cause)) => return Err(unexpected(cause.clone(), None)),
        None => {}
    }
    if body.bytes.is_empty() {
        return Err(unexpected("the body is empty".into(), None));
    }
    // A list may be null, but not the whole response, which would count as an empty one.
    if body.bytes.trim_ascii() == b"null" && !<T as Decode<'_>>::KEEPS_EMPTY {
        return Err(unexpected("the body is null".into(), None));
    }
    match decode::from_body(&body.bytes) {
        Ok(value) => Ok((value, None)),
        Err(error) => match by_row(&body.bytes, operation.single_use) {
            Some((value, rows)) => Ok((value, Some(rows))),
            None => Err(unexpected(explained(&error), path::<T>(&body.bytes))),
        },
    }
}

fn unexpected(cause: Cause, path: Option<String>) -> Undecoded {
    Undecoded { kind: ErrorKind::Unexpected, path, cause }
}

/// Decodes an error under a status of success, of which the response could be decoded as well.
fn error_in<T, E>(value: &T, rows: Option<&BadRows>, body: &[u8]) -> Option<E>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
{
    // The keys of an error are then among those that the type lists, or that it does not: most pages have neither.
    let lists_one = const { share_a_key(T::KEYS, E::KEYS) };
    let may_be_error = rows.is_some() || value.has_unlisted() != Some(false) || lists_one;
    if may_be_error { error_body(body) } else { None }
}

/// Returns whether an object of each of two types may have the same key. Without a list, a type may have any.
const fn share_a_key(first: Option<&[&str]>, second: Option<&[&str]>) -> bool {
    let (Some(first), Some(second)) = (first, second) else { return true };
    let mut place = 0;
    while place < first.len() * second.len() {
        if is_same(first[place / second.len()].as_bytes(), second[place % second.len()].as_bytes()) {
            return true;
        }
        place += 1;
    }
    false
}

const fn is_same(first: &[u8], second: &[u8]) -> bool {
    let mut place = 0;
    while place < first.len() && place < second.len() && first[place] == second[place] {
        place += 1;
    }
    place == first.len() && place == second.len()
}

/// Decodes an error under a status of success. It is known by its code, whether the API description lists that or not.
fn error_body<E: for<'de> Decode<'de> + ErrorLabel>(body: &[u8]) -> Option<E> {
    let read = |body| decode_error::<E>(body).filter(ErrorLabel::is_error);
    // Most responses have no key of an error. A search for the keys is faster than decoding the body a second time.
    if E::KEYS.is_some_and(|keys| !may_have(body, keys)) && read(b"{}").is_none() {
        return None;
    }
    read(body)
}

/// Returns whether JSON may have one of these keys. With a backslash, a key can be written in many ways.
fn may_have(json: &[u8], keys: &[&str]) -> bool {
    let mut start = 0;
    for (place, byte) in json.iter().enumerate() {
        match byte {
            b'\\' => return true,
            b'"' if keys.iter().any(|key| key.as_bytes() == &json[start..place]) => return true,
            b'"' => start = place + 1,
            _ => {}
        }
    }
    false
}

fn disguised<E: ErrorLabel>(operation: &Operation, meta: Meta, body: Bytes, api: E) -> Error<E> {
    let report = Report::new(ErrorKind::Api, Outcome::Complete, operation);
    let report = report.because("an error came under a status of success");
    let (attempts, code) = (meta.attempts(), api.label());
    Error::new(Report { meta: Some(meta), attempts, body: Some(body), code, ..report }, Some(api))
}

fn refused<T, E>(
    operation: &Operation,
    meta: Meta,
    body: Body,
    api: Option<E>,
    answered: Answered<'_>,
) -> Result<Response<T>, Error<E>>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
{
    let Answered { maybe_processed, exhausted, outcome, limits, undecoded } = answered;
    let Body { bytes, broken } = body;
    let attempts = meta.attempts();
    let status = StatusCode::from_u16(meta.status()).unwrap_or_default();
    let refused = status.is_client_error() || status.is_server_error();
    let api = if refused { api } else { error_body(&bytes) };
    let code = api.as_ref().and_then(ErrorLabel::label);
    let gone = maybe_processed && operation.is_gone(status.as_u16(), code);
    let no_content = operation.method == "DELETE" && status == StatusCode::NO_CONTENT;
    if (gone || no_content)
        && let Ok(value) = decode::from_slice(b"{}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_without_a_key_of_an_error_need_not_be_read_for_one() {
        for (body, may) in [
            (r#"{"error":"NO"}"#, true),
            (r#"{ "ERROR" : "NO" }"#, true),
            (r#"{"\u0065rror":"NO"}"#, true),
            (r#"{"kind":"error"}"#, true),
            (r#"{"errors":[],"an error":"error "}"#, false),
            ("[]", false),
            ("", false),
        ] {
            assert_eq!(may_have(body.as_bytes(), &["error", "ERROR"]), may, "{body}");
        }
    }
}
