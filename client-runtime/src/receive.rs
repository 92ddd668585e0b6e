//! From the response of a call to the caller's value or error: lenient decoding, errors that show no data.

use bytes::Bytes;
use reqwest::StatusCode;
use serde::de::IntoDeserializer;
use serde_json::error::Category;

use crate::call::{Body, Broken, End, Failure, Outcome};
use crate::context::Operation;
use crate::decode::{self, Decode};
use crate::error::{Cause, Error, ErrorKind, ErrorLabel, Report};
use crate::response::{BadRows, Meta, Response, by_row};
use crate::transport::Limits;

/// The reason why a response of success could not be decoded.
struct Undecoded {
    kind: ErrorKind,
    path: Option<String>,
    cause: Cause,
}

/// Reads and decodes a response that is there already.
///
/// # Errors
///
/// Returns an error if the status is not one of success, or the body cannot be decoded.
pub async fn read<T, E>(operation: &'static Operation, mut response: reqwest::Response) -> Result<Response<T>, Error<E>>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
{
    let limits = Limits::default();
    let limit = if response.status().is_success() { limits.answer_bytes } else { limits.error_bytes };
    let outcome = Outcome::of(&mut response, limit).await;
    finish(operation, &response, outcome)
}

fn decoded<T: for<'de> Decode<'de>>(body: &Body) -> Result<(T, Option<BadRows>), Undecoded> {
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
    // A list may be null, but not the whole answer: that would pass for an empty one.
    if body.bytes.trim_ascii() == b"null" && !<T as Decode<'_>>::KEEPS_EMPTY {
        return Err(unexpected("the body is null".into(), None));
    }
    match decode::from_slice(&body.bytes) {
        Ok(value) => Ok((value, None)),
        Err(error) => match by_row(&body.bytes) {
            Some((value, rows)) => Ok((value, Some(rows))),
            None => Err(unexpected(explained(&error), path::<T>(&body.bytes))),
        },
    }
}

fn unexpected(cause: Cause, path: Option<String>) -> Undecoded {
    Undecoded { kind: ErrorKind::Unexpected, path, cause }
}

/// Decodes once more, noting where it fails; noting it the first time would slow down every good answer.
fn path<T: for<'de> Decode<'de>>(json: &[u8]) -> Option<String> {
    // Where JSON itself is broken the path may end in a key that no type of ours names.
    let (path, category) = tracked::<T>(json)?;
    (category == Category::Data && path != ".").then_some(path)
}

/// Where decoding fails, and how.
pub(crate) fn tracked<T: for<'de> Decode<'de>>(json: &[u8]) -> Option<(String, Category)> {
    let mut track = serde_path_to_error::Track::new();
    let mut deserializer = serde_json::Deserializer::from_str(std::str::from_utf8(json).ok()?);
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let error = T::decode(tracked).err()?;
    Some((track.path().to_string(), error.classify()))
}

/// The part of serde_json's message that holds no value.
pub(crate) fn explained(error: &serde_json::Error) -> Cause {
    if error.classify() != Category::Data {
        return format!("the body is no valid JSON ({error})").into();
    }
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let named = ["missing field `", "duplicate field `", "expected "];
    if named.iter().any(|start| text.starts_with(start)) {
        return text.to_owned().into();
    }
    // The found value stands before this; what is wanted is in our own words.
    match text.rsplit_once(", expected ") {
        Some((_, wanted)) => format!("expected {wanted}").into(),
        None => "expected another value".into(),
    }
}

/// Decodes the response of a call, or explains why there is none.
///
/// # Errors
///
/// Returns an error if the call failed, the status is not one of success, or the body cannot be decoded.
pub(crate) fn finish<T, E>(
    operation: &'static Operation,
    response: &reqwest::Response,
    outcome: Outcome,
) -> Result<Response<T>, Error<E>>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
{
    let Outcome { attempts, maybe_done, transient, request_id, end } = outcome;
    let body = match end {
        End::Answer(body) => body,
        End::Failure(failure) => {
            return Err(Error::new(Report { attempts, request_id, ..failed(operation, failure) }, None));
        }
    };
    let meta = Meta::new(response.status().as_u16(), response.headers(), attempts, request_id);
    if !operation.is_success(meta.status()) {
        return refused(operation, Answered { meta, body, maybe_done, transient, undecoded: None });
    }
    match decoded(&body) {
        Ok((value, rows)) => match error_body(&body.bytes) {
            None => Ok(Response::new(value, meta, rows.map(Box::new))),
            Some(api) => Err(disguised(operation, meta, body.bytes, api)),
        },
        Err(undecoded) => {
            let undecoded = Some(undecoded);
            refused(operation, Answered { meta, body, maybe_done, transient, undecoded })
        }
    }
}

/// A response that is not a success, or could not be decoded as one.
struct Answered {
    meta: Meta,
    body: Body,
    maybe_done: bool,
    transient: bool,
    undecoded: Option<Undecoded>,
}

fn failed(operation: &Operation, failure: Failure) -> Report {
    let Failure { kind, cause, passing } = failure;
    Report { passing, ..Report::new(kind, operation).because(cause) }
}

/// What an error says that comes under a good status. Its code tells it from an ordinary answer, listed or not.
fn error_body<E: for<'de> Decode<'de> + ErrorLabel>(body: &[u8]) -> Option<E> {
    if body.len() > Limits::default().error_bytes {
        return None;
    }
    let read = |body| decode::from_slice::<E>(body).ok().filter(ErrorLabel::is_error);
    // Most answers have no key of an error, and need not be read a second time to know what they say of one.
    if E::KEYS.is_some_and(|keys| !may_have(body, keys)) && read(b"{}").is_none() {
        return None;
    }
    read(body)
}

/// Whether JSON may have one of these keys. With a backslash, a key may be written in many ways.
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
    let report = Report::new(ErrorKind::Api, operation).because("an error came under a status of success");
    let (attempts, code) = (meta.attempts(), api.label());
    Error::new(Report { meta: Some(meta), attempts, body: Some(body), code, ..report }, Some(api))
}

fn refused<T, E>(operation: &Operation, answered: Answered) -> Result<Response<T>, Error<E>>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
{
    let Answered { meta, body: Body { bytes, broken }, maybe_done, transient, undecoded } = answered;
    let attempts = meta.attempts();
    let status = StatusCode::from_u16(meta.status()).unwrap_or_default();
    let refused = status.is_client_error() || status.is_server_error();
    let api: Option<E> = if refused {
        if broken.is_none() { decode::from_slice(&bytes).ok() } else { None }
    } else {
        error_body(&bytes)
    };
    let code = api.as_ref().and_then(ErrorLabel::label);
    let gone = maybe_done && operation.is_gone(status.as_u16(), code);
    let no_content = operation.method == "DELETE" && status == StatusCode::NO_CONTENT;
    if (gone || no_content)
        && let Ok(value) = decode::from_slice(b"{}")
    {
        // It is deleted, and nothing more is to be said about it.
        return Ok(Response::new(value, meta, None));
    }
    if !refused && let Some(api) = api {
        return Err(disguised(operation, meta, bytes, api));
    }
    let (kind, path, cause) = match undecoded {
        Some(Undecoded { kind, path, cause }) => (kind, path, Some(cause)),
        None if refused => (ErrorKind::Api, None, broken.map(Broken::cause)),
        None if status.is_redirection() => {
            (ErrorKind::Unexpected, None, Some("the service points elsewhere, where no request is sent".into()))
        }
        None => (ErrorKind::Unexpected, None, Some("the status is not one that is described".into())),
    };
    let report = Report::new(kind, operation);
    let body = Some(if kind == ErrorKind::NoWholeAnswer { beginning(&bytes) } else { bytes });
    Err(Error::new(Report { meta: Some(meta), attempts, path, cause, body, code, transient, ..report }, api))
}

/// What is kept of a body that did not come whole: enough to find one value in, and never a page of megabytes.
fn beginning(body: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&body[..body.len().min(Limits::default().error_bytes)])
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
