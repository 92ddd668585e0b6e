//! From the raw client's outcome to ours: lenient decoding, errors that show nothing.

use std::fmt;

use bytes::Bytes;
use progenitor_client::Error as RawError;
use reqwest::StatusCode;
use serde::de::IntoDeserializer;
use serde_json::error::Category;

use crate::call::{Body, Broken, End, Failure, Outcome};
use crate::context::Operation;
use crate::decode::{self, Decode};
use crate::error::{Cause, Error, ErrorKind, ErrorLabel, Report};
use crate::response::{BadRows, Meta, Response, by_row};
use crate::transport::Limits;

/// A good answer, as far as it was read.
pub struct Received<T> {
    value: T,
    meta: Meta,
    rows: Option<Box<BadRows>>,
    body: Bytes,
}

impl<T> fmt::Debug for Received<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Received").field("meta", &self.meta).finish_non_exhaustive()
    }
}

/// What went wrong with an answer under a good status. It travels to [`finish`] inside the answer, because the raw
/// client's error for it would lose the status and the headers.
#[derive(Clone)]
struct Undecoded {
    kind: ErrorKind,
    path: Option<String>,
    cause: Cause,
}

/// Decodes the body of a good answer.
///
/// # Errors
///
/// When the body is broken, too large or none of a `T`: for [`finish`] to explain.
pub async fn receive<T>(mut response: reqwest::Response) -> Result<Received<T>, RawError<()>>
where
    T: for<'de> Decode<'de>,
{
    let outcome = Outcome::of(&mut response, Limits::default().answer_bytes).await;
    if let End::Answer(body) = &outcome.end {
        match decoded(body) {
            Ok((value, rows)) => {
                let Outcome { attempts, request_id, .. } = &outcome;
                let status = response.status().as_u16();
                let meta = Meta::new(status, response.headers(), *attempts, request_id.clone());
                return Ok(Received { value, meta, rows: rows.map(Box::new), body: body.bytes.clone() });
            }
            Err(undecoded) => drop(response.extensions_mut().insert(undecoded)),
        }
    }
    response.extensions_mut().insert(outcome);
    Err(RawError::UnexpectedResponse(response))
}

/// Refuses a text that cannot stand in a path: it would lead elsewhere.
///
/// # Errors
///
/// When it is empty, `.` or `..`.
pub fn path_part<E>(operation: &Operation, name: &str, text: &str) -> Result<(), Error<E>> {
    if !matches!(text, "" | "." | "..") {
        return Ok(());
    }
    Err(Error::not_built(operation.id, format!("`{name}` is empty, `.` or `..`, which leads to another path")))
}

/// A good answer that has no body.
#[must_use]
pub fn empty(mut response: reqwest::Response) -> Received<()> {
    let outcome = response.extensions_mut().remove::<Outcome>();
    let (attempts, id) = outcome.map_or((1, None), |outcome| (outcome.attempts, outcome.request_id));
    let meta = Meta::new(response.status().as_u16(), response.headers(), attempts, id);
    Received { value: (), meta, rows: None, body: Bytes::new() }
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

/// Makes our answer or our error of what the raw client came back with.
///
/// # Errors
///
/// When the call failed, or its answer is not as described.
pub async fn finish<T, E>(
    operation: &'static Operation,
    outcome: Result<Received<T>, RawError<()>>,
) -> Result<Response<T>, Error<E>>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
{
    let error = match outcome {
        Ok(Received { value, meta, rows, body }) => match error_body(&body) {
            None => return Ok(Response::new(value, meta, rows)),
            Some(api) => return Err(disguised(operation, meta, body, api)),
        },
        Err(error) => error,
    };
    let report = match error {
        RawError::UnexpectedResponse(response) => return answered(operation, response).await,
        // Texts of `Context::prepare`.
        RawError::Custom(text) => Report::new(ErrorKind::NotBuilt, operation).because(text),
        RawError::CommunicationError(error) | RawError::ResponseBodyError(error) | RawError::InvalidUpgrade(error) => {
            failed(operation, Failure::from(&error))
        }
        // The raw client decodes nothing itself.
        RawError::InvalidRequest(_) | RawError::InvalidResponsePayload(..) | RawError::ErrorResponse(_) => {
            Report::new(ErrorKind::NotBuilt, operation).because("a value cannot be written into the request")
        }
    };
    Err(Error::new(report, None))
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

/// An answer that the raw client did not take for a good one.
async fn answered<T, E>(operation: &Operation, mut response: reqwest::Response) -> Result<Response<T>, Error<E>>
where
    T: for<'de> Decode<'de>,
    E: for<'de> Decode<'de> + ErrorLabel,
{
    let status = response.status();
    let outcome = Outcome::of(&mut response, Limits::default().error_bytes).await;
    let Outcome { attempts, maybe_done, transient, request_id, end } = outcome;
    let Body { bytes, broken } = match end {
        End::Answer(body) => body,
        End::Failure(failure) => {
            return Err(Error::new(Report { attempts, request_id, ..failed(operation, failure) }, None));
        }
    };
    let meta = Meta::new(status.as_u16(), response.headers(), attempts, request_id);
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
    let undecoded = response.extensions_mut().remove::<Undecoded>();
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
