//! The operations of the API, as functions from a request to an answer.

pub(crate) mod accounts;
pub(crate) mod authorization;
pub(crate) mod misc;
pub(crate) mod registration;
pub(crate) mod sessions;

use serde_json::Value;

use crate::call::Call;
use crate::refusal::Refusal;

/// What answers an operation.
pub(crate) type Operation = fn(&Call<'_>) -> Result<Value, Refusal>;

/// A required text of a body.
pub(crate) fn text<'v>(body: &'v Value, key: &str) -> Result<&'v str, Refusal> {
    body.get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| Refusal::parameters(format!("`{key}` must be given, as a text")))
}

/// An optional value of a body, which must be of a type where it is there.
pub(crate) fn optional<'v, T>(
    body: &'v Value,
    key: &str,
    kind: &str,
    read: impl FnOnce(&'v Value) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    match body.get(key) {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or_else(|| Refusal::parameters(format!("`{key}` must be {kind}"))),
    }
}

/// A kind of PSU.
pub(crate) fn psu_type(text: &str) -> Result<&'static str, Refusal> {
    match text {
        "personal" => Ok("personal"),
        "business" => Ok("business"),
        _ => Err(Refusal::parameters("`psu_type` must be personal or business")),
    }
}
