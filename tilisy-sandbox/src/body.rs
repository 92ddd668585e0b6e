//! Bodies of requests.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, header};
use serde_json::Value;

use crate::refusal::Refusal;

/// The most bytes of a body.
const MAX_BODY: usize = 64 * 1024;

/// Reads a body of JSON.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Value, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let bytes = bytes(body).await?;
    // Some of the vendor's own samples send no type.
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::parameters("the body must be sent as `Content-Type: application/json`"));
    }
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
        Refusal::parameters(format!("the body is not JSON (line {}, column {})", error.line(), error.column()))
    })?;
    if value.is_object() { Ok(value) } else { Err(Refusal::parameters("the body must be a JSON object")) }
}

/// Reads a body of JSON that may be left out. An empty one is null.
pub(crate) async fn read_optional(headers: &HeaderMap, body: Body) -> Result<Value, Refusal> {
    let bytes = bytes(body).await?;
    if bytes.is_empty() { Ok(Value::Null) } else { read(headers, bytes.into()).await }
}

/// The most bytes of a document of data.
const MAX_DATA: usize = 64 * 1024 * 1024;

/// Reads a document of data.
pub(crate) async fn read_data(body: Body) -> Result<String, Refusal> {
    let bytes = to_bytes(body, MAX_DATA).await;
    let bytes = bytes.map_err(|_| Refusal::parameters(format!("the body is larger than {MAX_DATA} bytes")))?;
    String::from_utf8(bytes.into()).map_err(|_| Refusal::parameters("the body is not UTF-8"))
}

/// Reads a body up to the limit.
pub(crate) async fn bytes(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, MAX_BODY).await.map_err(|_| Refusal::parameters(format!("the body is larger than {MAX_BODY} bytes")))
}
