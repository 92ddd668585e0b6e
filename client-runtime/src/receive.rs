//! From the raw client's outcome to ours: bodies with a cap, lenient decoding, errors that show nothing.

use bytes::Bytes;
use progenitor_client::{Error as RawError, ResponseValue};
use serde::de::IntoDeserializer;
use serde_json::error::Category;

use crate::context::Operation;
use crate::decode::{self, Decode};
use crate::error::{Cause, Error, ErrorKind, ErrorLabel, Report};
use crate::response::{Meta, Response};
use crate::transport::Limits;

mod failure;

use failure::{Body, read_body};

/// What went wrong with an answer under a good status. It travels to [`finish`] inside the answer, because the raw
/// client's error for it would lose the status and the headers.
#[derive(Clone)]
struct Broken {
    kind: ErrorKind,
    path: Option<String>,
    cause: Cause,
    body: Option<Bytes>,
}

/// Reads and decodes the body of a good answer.
///
/// # Errors
///
/// When the body is broken, too large or none of a `T`: for [`finish`] to explain.
pub async fn receive<T>(mut response: reqwest::Response) -> Result<ResponseValue<T>, RawError<()>>
where
    T: for<'de> Decode<'de>,
{
    let limit = limits(&response).answer_bytes;
    let body = read_body(&mut response, limit).await;
    match decoded(body) {
        Ok(value) => Ok(ResponseValue::new(value, response.status(), response.headers().clone())),
        Err(broken) => {
            response.extensions_mut().insert(broken);
            Err(RawError::UnexpectedResponse(response))
        }
    }
}

fn limits(response: &reqwest::Response) -> Limits {
    response.extensions().get().copied().unwrap_or_default()
}

fn decoded<T: for<'de> Decode<'de>>(body: Body) -> Result<T, Broken> {
    if !<T as Decode<'_>>::NEEDS_BODY {
        let nothing: serde::de::value::UnitDeserializer<serde_json::Error> = ().into_deserializer();
        return T::decode(nothing).map_err(|error| unexpected(explained(&error), None, body.bytes));
    }
    if let Some(cause) = body.broken {
        return Err(Broken { kind: ErrorKind::NoWholeAnswer, path: None, cause, body: Some(beginning(&body.bytes)) });
    }
    if body.bytes.is_empty() {
        return Err(unexpected("the body is empty".into(), None, body.bytes));
    }
    // A list may be null, but not the whole answer: that would pass for an empty one.
    if body.bytes.trim_ascii() == b"null" && !<T as Decode<'_>>::KEEPS_EMPTY {
        return Err(unexpected("the body is null".into(), None, body.bytes));
    }
    match decode::from_slice(&body.bytes) {
        Ok(value) => Ok(value),
        Err(error) => Err(unexpected(explained(&error), path::<T>(&body.bytes), body.bytes)),
    }
}

/// What is kept of a body that did not come whole: enough to find one value in, and never a page of megabytes.
fn beginning(body: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&body[..body.len().min(Limits::default().error_bytes)])
}

fn unexpected(cause: Cause, path: Option<String>, body: Bytes) -> Broken {
    Broken { kind: ErrorKind::Unexpected, path, cause, body: Some(body) }
}

/// Decodes once more, noting where it fails; noting it the first time would slow down every good answer.
fn path<T: for<'de> Decode<'de>>(json: &[u8]) -> Option<String> {
    let mut track = serde_path_to_error::Track::new();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let error = T::decode(tracked).err()?;
    // Where JSON itself is broken the path may end in a key that no type of ours names.
    let path = (error.classify() == Category::Data).then(|| track.path().to_string())?;
    (path != ".").then_some(path)
}

/// The part of serde_json's message that holds no value.
fn explained(error: &serde_json::Error) -> Cause {
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
    outcome: Result<ResponseValue<T>, RawError<()>>,
) -> Result<Response<T>, Error<E>>
where
    E: for<'de> Decode<'de> + ErrorLabel,
{
    match outcome {
        Ok(value) => {
            let meta = Meta::new(value.status().as_u16(), value.headers());
            Ok(Response::new(value.into_inner(), meta))
        }
        Err(error) => {
            let (report, api) = explain::<E>(operation.id, error).await;
            let repeatable = matches!(operation.method, "GET" | "HEAD" | "PUT" | "DELETE");
            let code = api.as_ref().and_then(ErrorLabel::label);
            Err(Error::new(Report { repeatable, code, ..report }, api))
        }
    }
}

async fn explain<E: for<'de> Decode<'de>>(operation: &'static str, error: RawError<()>) -> (Report, Option<E>) {
    let report = |kind| Report::new(kind, operation);
    let report = match error {
        RawError::UnexpectedResponse(response) => return answered(operation, response).await,
        // Texts of `Context::prepare`.
        RawError::Custom(text) => report(ErrorKind::NotBuilt).because(text),
        RawError::InvalidRequest(_) => {
            report(ErrorKind::NotBuilt).because("a value cannot be written into the request")
        }
        RawError::CommunicationError(error) => {
            let (kind, cause) = failure::classify(&error);
            report(kind).because(cause)
        }
        RawError::ResponseBodyError(error) | RawError::InvalidUpgrade(error) => {
            report(ErrorKind::NoWholeAnswer).because(failure::classify(&error).1)
        }
        RawError::InvalidResponsePayload(body, error) => {
            Report { body: Some(body), ..report(ErrorKind::Unexpected).because(explained(&error)) }
        }
        RawError::ErrorResponse(value) => {
            Report { meta: Some(Meta::new(value.status().as_u16(), value.headers())), ..report(ErrorKind::Api) }
        }
    };
    (report, None)
}

/// An answer that the raw client did not take for a good one.
async fn answered<E: for<'de> Decode<'de>>(
    operation: &'static str,
    mut response: reqwest::Response,
) -> (Report, Option<E>) {
    let status = response.status();
    let meta = Some(Meta::new(status.as_u16(), response.headers()));
    if let Some(broken) = response.extensions_mut().remove::<Broken>() {
        let report = Report {
            meta,
            path: broken.path,
            body: broken.body,
            ..Report::new(broken.kind, operation).because(broken.cause)
        };
        return (report, None);
    }
    let limit = limits(&response).error_bytes;
    let Body { bytes, broken } = read_body(&mut response, limit).await;
    let refused = status.is_client_error() || status.is_server_error();
    let (kind, cause, api) = if refused {
        let api = if broken.is_none() { decode::from_slice(&bytes).ok() } else { None };
        (ErrorKind::Api, broken, api)
    } else {
        (ErrorKind::Unexpected, Some("the status is not one that is described".into()), None)
    };
    (Report { meta, cause, body: Some(bytes), ..Report::new(kind, operation) }, api)
}
