//! What may go wrong on the wire, in words that hold nothing of the request or the answer.

use std::error::Error;
use std::io;

use crate::error::{Cause, ErrorKind};

/// An attempt that came to nothing.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) cause: Cause,
    /// Whether it may go better next time.
    pub(crate) passing: bool,
}

impl Failure {
    fn new(kind: ErrorKind, cause: &'static str, passing: bool) -> Self {
        Self { kind, cause: cause.into(), passing }
    }
}

impl From<&reqwest::Error> for Failure {
    /// How far a request got that came to nothing, and why.
    fn from(error: &reqwest::Error) -> Self {
        let words = Words::of(error);
        match words {
            _ if error.is_builder() => Self::new(ErrorKind::NotBuilt, "the request is not valid", false),
            Some(Words { text, meaning: Meaning::Refused }) => Self::new(ErrorKind::NotSent, text, false),
            Some(Words { text, meaning: Meaning::NoHttp }) => Self::new(ErrorKind::Unexpected, text, false),
            _ if error.is_timeout() => Self::new(kind(error), "timed out", true),
            Some(Words { text, .. }) => Self::new(kind(error), text, true),
            None if error.is_connect() => Self::new(ErrorKind::NotSent, "no connection was made", true),
            None => Self::new(ErrorKind::NoWholeAnswer, "the exchange failed", true),
        }
    }
}

fn kind(error: &reqwest::Error) -> ErrorKind {
    if error.is_connect() { ErrorKind::NotSent } else { ErrorKind::NoWholeAnswer }
}

/// What one error in a chain of sources says.
struct Words {
    text: &'static str,
    meaning: Meaning,
}

enum Meaning {
    /// It may pass.
    Passing,
    /// The two sides do not agree on TLS; nothing was sent.
    Refused,
    /// What came is no HTTP.
    NoHttp,
}

impl Words {
    /// The first thing in the chain of sources that we have words for. No foreign text is repeated: it may hold a URL.
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
        io::ErrorKind::TimedOut => "timed out",
        io::ErrorKind::UnexpectedEof => "connection closed",
        // It stands for the one inside, which the chain of sources leaves out.
        io::ErrorKind::Other => return of_io(error.get_ref()?.downcast_ref()?, connecting),
        // What a TLS library makes of a handshake that it does not like.
        io::ErrorKind::InvalidData if connecting => {
            let certificate = error.to_string().contains("certificate");
            let text = if certificate { "TLS certificate refused" } else { "TLS handshake failed" };
            return Some(Words { text, meaning: Meaning::Refused });
        }
        _ => return None,
    };
    Some(Words { text, meaning: Meaning::Passing })
}

/// Types that only other crates can name are known by their text.
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
