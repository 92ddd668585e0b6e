//! Explanations of decoding errors that hold no value of the response.

use serde_json::error::Category;

use crate::cause::Cause;
use crate::decode::Decode;

/// Returns where decoding fails, and how. Keys that are data are `?` in the path.
pub(crate) fn tracked<T: for<'de> Decode<'de>>(json: &[u8]) -> Option<(String, Category)> {
    let mut track = serde_path_to_error::Track::new();
    let mut deserializer = serde_json::Deserializer::from_str(std::str::from_utf8(json).ok()?);
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let error = T::decode_body(tracked, None).err()?;
    Some((track.path().to_string(), error.classify()))
}

/// Returns the path of the value that cannot be decoded.
///
/// It decodes a second time, because tracking the path from the start would slow down every good response.
pub(crate) fn path<T: for<'de> Decode<'de>>(json: &[u8]) -> Option<String> {
    // If the JSON itself is broken, the path may end in a key that is data.
    let (path, category) = tracked::<T>(json)?;
    (category == Category::Data && path != ".").then_some(path)
}

/// Returns the part of an error message of serde_json that holds no value.
pub(crate) fn explained(error: &serde_json::Error) -> Cause {
    if error.classify() != Category::Data {
        return format!("the body is not valid JSON: {error}").into();
    }
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let named = ["missing field `", "duplicate field `", "expected "];
    if named.iter().any(|start| text.starts_with(start)) {
        return text.to_owned().into();
    }
    // The value that was found stands before this; the part after it consists of our own words.
    match text.rsplit_once(", expected ") {
        Some((_, wanted)) => format!("expected {wanted}").into(),
        None => "expected another value".into(),
    }
}
