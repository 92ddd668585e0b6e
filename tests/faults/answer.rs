//! An answer of the server, down to the byte at which it goes wrong.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{sleep, timeout};

/// A head and a body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(&'static str, Header)>,
    body: Body,
}

#[derive(Clone, Debug)]
enum Header {
    Text(String),
    /// The time so many seconds from now.
    Time(i64),
}

#[derive(Clone, Debug)]
enum Body {
    /// No body, and no word about its length.
    None,
    Whole(Vec<u8>),
    /// The length of all, but only so many bytes; then the end.
    Cut(Vec<u8>, usize, End),
    /// One byte after another.
    Drip(Vec<u8>, Duration),
    /// So many spaces, in chunks.
    Spaces(u64),
}

/// How a connection ends in the middle of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    Close,
    Reset,
    /// It does not: nothing comes any more.
    Silence,
}

/// What became of an answer.
#[derive(Debug)]
pub(crate) enum Sent {
    /// All of it is written, and the connection can go on.
    Whole,
    /// It ended as it was meant to, with a word on how.
    Ended(String, End),
    /// The other side went away too early.
    Lost(String),
}

/// How many bytes of an endless body have to be out before it counts as one.
const FLOOD: u64 = 1024 * 1024;

impl Answer {
    /// A JSON body.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::typed(status, "application/json", body)
    }

    pub(crate) fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::typed(status, "text/html; charset=utf-8", body)
    }

    fn typed(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", Header::Text(content_type.to_owned()))];
        Self { status, headers, body: Body::Whole(body.into()) }
    }

    /// A head alone.
    pub(crate) fn without_body(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::None }
    }

    /// 200 and this many spaces as a chunked body.
    pub(crate) fn spaces(count: u64) -> Self {
        Self { body: Body::Spaces(count), ..Self::json(200, "") }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = Header::Text(value.into());
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value));
        self
    }

    /// A header that holds the time so many seconds from when the answer is sent.
    pub(crate) fn time(mut self, name: &'static str, seconds: i64) -> Self {
        self.headers.push((name, Header::Time(seconds)));
        self
    }

    /// Only half of the body comes.
    pub(crate) fn cut(mut self, end: End) -> Self {
        let body = self.bytes();
        let half = body.len() / 2;
        self.body = Body::Cut(body, half, end);
        self
    }

    pub(crate) fn dripping(mut self, every: Duration) -> Self {
        self.body = Body::Drip(self.bytes(), every);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        match &self.body {
            Body::Whole(bytes) => bytes.clone(),
            _ => Vec::new(),
        }
    }

    /// Writes the answer.
    pub(crate) async fn send<W: AsyncRead + AsyncWrite + Unpin>(&self, wire: &mut W) -> Sent {
        if wire.write_all(self.head().as_bytes()).await.is_err() {
            return Sent::Lost(format!("{}: the peer went away before the head", self.status));
        }
        match &self.body {
            Body::None => Sent::Whole,
            Body::Whole(bytes) => match wire.write_all(bytes).await {
                Ok(()) => Sent::Whole,
                Err(_) => Sent::Lost(format!("{}: the peer went away before the body", self.status)),
            },
            Body::Cut(bytes, at, end) => cut(wire, bytes, *at, *end).await,
            Body::Drip(bytes, every) => drip(wire, bytes, *every).await,
            Body::Spaces(count) => flood(wire, *count).await,
        }
    }

    fn head(&self) -> String {
        let length = match &self.body {
            Body::None => String::new(),
            Body::Whole(bytes) | Body::Cut(bytes, ..) | Body::Drip(bytes, _) => {
                format!("content-length: {}\r\n", bytes.len())
            }
            Body::Spaces(_) => "transfer-encoding: chunked\r\n".to_owned(),
        };
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {}\r\n", value.text())).collect();
        format!("HTTP/1.1 {} As it is\r\n{headers}{length}\r\n", self.status)
    }
}

impl Header {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Time(seconds) => {
                let time = Utc::now() + TimeDelta::seconds(*seconds);
                time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
            }
        }
    }
}

async fn cut<W: AsyncRead + AsyncWrite + Unpin>(wire: &mut W, bytes: &[u8], at: usize, end: End) -> Sent {
    if wire.write_all(&bytes[..at]).await.is_err() || wire.flush().await.is_err() {
        return Sent::Lost("the peer went away before the cut".to_owned());
    }
    // A reset takes back what is not read yet: the peer gets the time to read.
    sleep(Duration::from_millis(30)).await;
    Sent::Ended(format!("ended after {at} of {} bytes", bytes.len()), end)
}

async fn drip<W: AsyncRead + AsyncWrite + Unpin>(wire: &mut W, bytes: &[u8], every: Duration) -> Sent {
    for (count, byte) in bytes.iter().enumerate() {
        let written = wire.write_all(&[*byte]).await;
        // Nothing more is asked on this connection: whatever can be read is its end.
        let is_gone = timeout(every, wire.read(&mut [0])).await.is_ok();
        if written.is_err() || is_gone {
            let text = format!("the peer went away after {count} of {} bytes", bytes.len());
            return if count > 1 { Sent::Ended(text, End::Close) } else { Sent::Lost(text) };
        }
    }
    Sent::Ended(format!("the peer waited for all {} bytes", bytes.len()), End::Close)
}

async fn flood<W: AsyncWrite + Unpin>(wire: &mut W, count: u64) -> Sent {
    const PIECE: u64 = 64 * 1024;
    let chunk = format!("{PIECE:x}\r\n{}\r\n", " ".repeat(PIECE as usize));
    for written in (0..count).step_by(PIECE as usize) {
        if wire.write_all(chunk.as_bytes()).await.is_err() {
            let text = format!("the peer went away after {} MiB", written / 1024 / 1024);
            return if written >= FLOOD { Sent::Ended(text, End::Close) } else { Sent::Lost(text) };
        }
    }
    match wire.write_all(b"0\r\n\r\n").await {
        Ok(()) => Sent::Ended(format!("all {} MiB written", count / 1024 / 1024), End::Close),
        Err(_) => Sent::Ended("the peer went away at the end".to_owned(), End::Close),
    }
}
