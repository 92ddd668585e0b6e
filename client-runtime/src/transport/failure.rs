//! Errors of connections, in words that contain no part of the request or response.

use std::error::Error;
use std::io;

use crate::exchange::Failure;
use crate::outcome::Outcome;

/// The cause if a time limit has passed.
pub(super) const TIMED_OUT: &str = "timed out";

/// Describes why a request has no response, and how far it got.
pub(super) fn failure(error: &reqwest::Error) -> Failure {
    let words = Words::of(error);
    let (outcome, cause) = match words {
        _ if error.is_builder() => (Outcome::NotBuilt, "the request is not valid"),
        Some(Words { text, meaning: Meaning::Refused }) => (Outcome::NotSent { passing: false }, text),
        Some(Words { text, meaning: Meaning::NoHttp }) => (Outcome::Complete, text),
        _ if error.is_timeout() => (outcome(error), TIMED_OUT),
        Some(Words { text, .. }) => (outcome(error), text),
        None if error.is_connect() => (Outcome::NotSent { passing: true }, "no connection was made"),
        None => (Outcome::Interrupted, "the exchange failed"),
    };
    Failure { outcome, cause: cause.into() }
}

fn outcome(error: &reqwest::Error) -> Outcome {
    if error.is_connect() { Outcome::NotSent { passing: true } } else { Outcome::Interrupted }
}

/// The description of one error in a chain of sources.
struct Words {
    text: &'static str,
    meaning: Meaning,
}

enum Meaning {
    /// It is temporary.
    Passing,
    /// The two sides do not agree on TLS. The request was not sent.
    Refused,
    /// The response is not HTTP.
    NoHttp,
}

impl Words {
    /// Describes the first known error in the chain of sources. Texts of other crates are not repeated, because they may
    /// contain a URL.
    fn of(error: &reqwest::Error) -> Option<Self> {
        let mut next = error.source();
        while let Some(source) = next {
            let found = source.downcast_ref().and_then(|found| of_io(found, error.is_connect()));
            if let Some(words) = found.or_else(|| of_text(&source.to_string(), error.is_connect())) {
                return Some(words);
            }
            next = source.source();
        }
        None
    }
}

fn of_io(error: &io::Error, connecting: bool) -> Option<Words> {
    let text = match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            "connection reset"
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "host unreachable",
        io::ErrorKind::TimedOut => TIMED_OUT,
        io::ErrorKind::UnexpectedEof => "connection closed",
        // It wraps another error, which the chain of sources leaves out.
        io::ErrorKind::Other => return of_io(error.get_ref()?.downcast_ref()?, connecting),
        // TLS libraries report a refused handshake in this way.
        io::ErrorKind::InvalidData if connecting => {
            let certificate = error.to_string().contains("certificate");
            let text = if certificate { "TLS certificate refused" } else { "TLS handshake failed" };
            return Some(Words { text, meaning: Meaning::Refused });
        }
        _ => return None,
    };
    Some(Words { text, meaning: Meaning::Passing })
}

/// Describes errors of types that are private to other crates, by their text.
fn of_text(text: &str, connecting: bool) -> Option<Words> {
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let (text, meaning) = if connecting && has(&["dns error"]) {
        ("host name not found", Meaning::Passing)
    } else if connecting && has(&["certificate"]) {
        ("TLS certificate refused", Meaning::Refused)
    } else if connecting && has(&["SSL routines", "handshake failure"]) {
        ("TLS handshake failed", Meaning::Refused)
    } else if has(&["connection closed", "unexpected EOF"]) {
        ("connection closed", Meaning::Passing)
    } else if has(&["message head is too large"]) {
        ("the answer's headers are too large", Meaning::NoHttp)
    } else if has(&["invalid HTTP", "invalid content-length", "invalid transfer-encoding"]) {
        ("the answer is no HTTP", Meaning::NoHttp)
    } else {
        return None;
    };
    Some(Words { text, meaning })
}
