//! Bodies of error responses, and errors that come under a status of success.

use super::class::ErrorLabel;
use crate::decode::{self, Decode};
use crate::exchange::BYTE_ORDER_MARK;
use crate::repair::Repaired;

/// A type that bodies of error responses decode to.
///
/// It is implemented for every type that is decoded from JSON whatever the status is, and generated for operations whose
/// errors have several types.
pub trait DecodeError: Sized {
    /// The keys of an error that came under a status of success. `None` if they are not known.
    const KEYS: Option<&'static [&'static str]> = Some(&[]);

    /// Decodes the body of a response with a status of error. Returns `None` if it does not match the API description.
    fn decode(status: u16, body: &[u8]) -> Option<Self>;

    /// Decodes an error that came under a status of success. Returns `None` for any other body.
    fn decode_disguised(_: &[u8]) -> Option<Self> {
        None
    }

    /// Returns the error code, if the API description lists it.
    fn listed_code(&self) -> Option<&'static str> {
        None
    }
}

impl<E: for<'de> Decode<'de> + ErrorLabel> DecodeError for E {
    const KEYS: Option<&'static [&'static str]> = <E as Decode<'static>>::KEYS;

    fn decode(_: u16, body: &[u8]) -> Option<Self> {
        json(body)
    }

    fn decode_disguised(body: &[u8]) -> Option<Self> {
        disguised(body)
    }

    fn listed_code(&self) -> Option<&'static str> {
        self.label()
    }
}

/// Decodes the body of an error as JSON, repaired if necessary: an odd byte must not cost the caller the error code.
#[doc(hidden)]
#[must_use]
pub fn json<E: for<'de> Decode<'de>>(body: &[u8]) -> Option<E> {
    let json = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    decode::from_slice(json).ok().or_else(|| decode::from_slice(Repaired::new(json).text.as_bytes()).ok())
}

/// Decodes the body of an error as text in UTF-8.
#[doc(hidden)]
#[must_use]
pub fn text(body: &[u8]) -> Option<String> {
    let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    std::str::from_utf8(text).ok().map(str::to_owned)
}

/// Decodes an error under a status of success. It is known by its code, whether the API description lists that or not.
fn disguised<E: for<'de> Decode<'de> + ErrorLabel>(body: &[u8]) -> Option<E> {
    let read = |body| json::<E>(body).filter(ErrorLabel::is_error);
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
