//! The body of an answer, up to a limit.

use bytes::{Bytes, BytesMut};

use super::failure::Failure;
use crate::error::Cause;

/// What the sender says of a body's length reserves at most this many bytes.
const RESERVED: usize = 4 * 1024 * 1024;

/// A body as far as it was read.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    /// Why the rest of it is missing, if it is.
    pub(crate) broken: Option<Broken>,
}

/// Why the rest of a body is missing.
#[derive(Clone)]
pub(crate) enum Broken {
    /// It did not come.
    Cut(Cause),
    /// It is not wanted.
    TooLarge(Cause),
}

impl Broken {
    pub(crate) fn cause(self) -> Cause {
        match self {
            Self::Cut(cause) | Self::TooLarge(cause) => cause,
        }
    }
}

impl Body {
    /// Reads a body up to `limit` bytes, counted after decompression.
    pub(super) async fn read(response: &mut reqwest::Response, limit: usize) -> Self {
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        let (mut first, mut bytes) = (Bytes::new(), BytesMut::new());
        let broken = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if chunk.len() > limit - first.len() - bytes.len() => {
                    break Some(Broken::TooLarge(format!("the body is larger than {limit} bytes").into()));
                }
                // A body that comes in one piece is not copied.
                Ok(Some(chunk)) if first.is_empty() && bytes.is_empty() => first = chunk,
                Ok(Some(chunk)) => {
                    if bytes.is_empty() {
                        bytes.reserve(announced.min(limit).min(RESERVED));
                        bytes.extend_from_slice(&std::mem::take(&mut first));
                    }
                    bytes.extend_from_slice(&chunk);
                }
                Ok(None) => break None,
                Err(error) => break Some(Broken::Cut(Failure::from(&error).cause)),
            }
        };
        Self { bytes: if bytes.is_empty() { first } else { bytes.freeze() }, broken }
    }

    /// Whether the rest of it did not come.
    pub(super) const fn is_cut(&self) -> bool {
        matches!(self.broken, Some(Broken::Cut(_)))
    }
}
