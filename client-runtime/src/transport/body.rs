//! The body of a response, up to a limit.

use bytes::{Bytes, BytesMut};

use super::failure::{TIMED_OUT, failure};
use super::watch::Watch;
use crate::exchange::{Body, Broken};

/// The most bytes that are reserved for the length that a response announces.
const RESERVED: usize = 4 * 1024 * 1024;

/// Reads a body up to `limit` bytes, counted after decompression.
pub(super) async fn read(response: &mut reqwest::Response, limit: usize, watch: &mut Watch<'_>) -> Body {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    let (mut first, mut bytes) = (Bytes::new(), BytesMut::new());
    let broken = loop {
        let Some(chunk) = watch.within(response.chunk()).await else {
            break Some(Broken::Cut(TIMED_OUT.into()));
        };
        match chunk {
            Ok(Some(chunk)) if chunk.len() > limit - first.len() - bytes.len() => {
                break Some(Broken::TooLarge(format!("the body is larger than {limit} bytes").into()));
            }
            // A body that is received in one piece is not copied.
            Ok(Some(chunk)) if first.is_empty() && bytes.is_empty() => first = chunk,
            Ok(Some(chunk)) => {
                if bytes.is_empty() {
                    bytes.reserve(announced.min(limit).min(RESERVED));
                    bytes.extend_from_slice(&std::mem::take(&mut first));
                }
                bytes.extend_from_slice(&chunk);
            }
            Ok(None) => break None,
            Err(error) => break Some(Broken::Cut(failure(&error).cause)),
        }
    };
    Body { bytes: if bytes.is_empty() { first } else { bytes.freeze() }, broken }
}
