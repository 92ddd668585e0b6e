//! The operations of the API, as functions from a request to an answer.

pub(crate) mod accounts;
pub(crate) mod authorization;
pub(crate) mod misc;
pub(crate) mod payments;
pub(crate) mod sessions;
mod start;

use serde_json::Value;
use uuid::Uuid;

use crate::call::Call;
use crate::refusal::Refusal;

/// What answers an operation.
pub(crate) type Operation = fn(&Call<'_>) -> Result<Value, Refusal>;

/// Returns a required string of a body.
pub(crate) fn text<'v>(body: &'v Value, key: &str) -> Result<&'v str, Refusal> {
    body.get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| Refusal::parameters(format!("`{key}` must be a string, and is required")))
}

/// Returns an optional value of a body, which must have a type if it is present.
pub(crate) fn optional<'v, T>(
    body: &'v Value,
    key: &str,
    kind: &str,
    read: impl FnOnce(&'v Value) -> Option<T>,
) -> Result<Option<T>, Refusal> {
    match body.get(key) {
        // Some clients write null for what they leave out.
        None | Some(Value::Null) => Ok(None),
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

/// Returns whether a value is a language of two small letters.
pub(crate) fn is_language(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_lowercase()))
}

/// Returns the hash of a PSU's id within the application; a random one, by `fallback`, if the id is left out.
pub(crate) fn psu_id_hash(call: &Call<'_>, psu_id: Option<&str>, fallback: Uuid) -> String {
    let id = psu_id.map_or_else(|| fallback.to_string(), |id| format!("id {id}"));
    let text = format!("{} {id}", call.application.id);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
