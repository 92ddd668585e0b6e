//! What may go wrong on the wire, in words that hold nothing of the request or the answer.

use std::error::Error;
use std::io;

use bytes::{Bytes, BytesMut};

use crate::error::{Cause, ErrorKind};

/// A body as far as it was read.
pub(super) struct Body {
    pub(super) bytes: Bytes,
    /// Why the rest of it is missing, if it is.
    pub(super) broken: Option<Cause>,
}

/// Reads a body up to `limit` bytes, counted after decompression.
pub(super) async fn read_body(response: &mut reqwest::Response, limit: usize) -> Body {
    let mut bytes = BytesMut::new();
    let broken = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit - bytes.len() => {
                break Some(format!("the body is larger than {limit} bytes").into());
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break None,
            Err(error) => break Some(classify(&error).1),
        }
    };
    Body { bytes: bytes.freeze(), broken }
}

/// How far a request got that came to nothing, and why.
pub(super) fn classify(error: &reqwest::Error) -> (ErrorKind, Cause) {
    if error.is_builder() {
        return (ErrorKind::NotBuilt, "the request is not valid".into());
    }
    if error.is_connect() {
        let cause = if error.is_timeout() { Some("timed out") } else { words(error) };
        return (ErrorKind::NotSent, cause.unwrap_or("no connection was made").into());
    }
    let cause = if error.is_timeout() { Some("timed out") } else { words(error) };
    (ErrorKind::NoWholeAnswer, cause.unwrap_or("the exchange failed").into())
}

/// The first thing in the chain of sources that we have words for. No foreign text is repeated: it may hold a URL.
fn words(error: &reqwest::Error) -> Option<&'static str> {
    let mut next = error.source();
    while let Some(source) = next {
        let found = source.downcast_ref().and_then(of_io).or_else(|| of_text(&source.to_string()));
        if found.is_some() {
            return found;
        }
        next = source.source();
    }
    None
}

fn of_io(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some("connection refused"),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Some("connection reset")
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Some("host unreachable"),
        io::ErrorKind::TimedOut => Some("timed out"),
        io::ErrorKind::UnexpectedEof => Some("connection closed"),
        _ => None,
    }
}

/// Types that only other crates can name are known by their text.
fn of_text(text: &str) -> Option<&'static str> {
    if text.starts_with("dns error") {
        return Some("host name not found");
    }
    if text.contains("certificate") {
        return Some("TLS certificate refused");
    }
    let closed = text.contains("connection closed") || text.contains("unexpected EOF");
    closed.then_some("connection closed")
}
