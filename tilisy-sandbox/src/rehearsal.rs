//! What a test has the sandbox say word by word, and what the sandbox was asked.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::Frame;

use crate::body::bytes;

/// How many requests are kept: of more, the last ones.
const KEPT: usize = 10_000;

/// An answer in a test's own words, for what no bank of the sandbox would say: [`crate::Sandbox::answer_next`] takes it.
///
/// ```
/// use tilisy_sandbox::Reply;
///
/// let busy = Reply::new(503).header("retry-after", "1");
/// let odd = Reply::json(200, r#"{"transactions": "none"}"#);
/// let broken_off = Reply::json(200, r#"{"transactions": []}"#).cut_after(10);
/// ```
#[derive(Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    cut: Option<usize>,
    repeats: bool,
}

impl Reply {
    /// An answer with this status, from 200 to 599, and no body.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), cut: None, repeats: false }
    }

    /// An answer with this status and body, said to be JSON whether it is or not.
    #[must_use]
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status).header("content-type", "application/json").body(body)
    }

    /// The same with a body.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    /// The same with a header, in place of one of the same name.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let name = name.into();
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
        self.headers.push((name, value.into()));
        self
    }

    /// The same with the connection closed after so many bytes of the body; the length that the head tells stays.
    #[must_use]
    pub fn cut_after(self, bytes: usize) -> Self {
        Self { cut: Some(bytes), ..self }
    }

    /// The same for every request from its turn on.
    #[must_use]
    pub fn repeated(self) -> Self {
        Self { repeats: true, ..self }
    }

    /// The answer as it is sent.
    fn ready(self) -> Option<Ready> {
        let status = StatusCode::from_u16(self.status).ok().filter(|_| (200..600).contains(&self.status))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
        }
        // Another length than the body's is what `cut_after` is for; a server would not send it.
        let length = self.body.len().to_string();
        if headers.get_all(header::CONTENT_LENGTH).iter().any(|told| told.as_bytes() != length.as_bytes()) {
            return None;
        }
        Some(Ready { status, headers, body: self.body.into(), cut: self.cut, repeats: self.repeats })
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

/// A [`Reply`] cannot be sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "reply {number} cannot be sent (its status is not from 200 to 599, a header holds what none may, or tells another length)"
)]
pub struct NoReply {
    /// Which of those given, counted from 1.
    pub number: usize,
}

#[derive(Clone)]
struct Ready {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    cut: Option<usize>,
    repeats: bool,
}

impl Ready {
    fn response(mut self) -> Response {
        let body = match self.cut {
            None => Body::from(self.body),
            Some(cut) => {
                self.headers.entry(header::CONTENT_LENGTH).or_insert(HeaderValue::from(self.body.len()));
                Body::new(Cut { rest: Some(self.body.slice(..cut.min(self.body.len()))), flushed: false })
            }
        };
        (self.status, self.headers, body).into_response()
    }
}

/// A body that breaks off.
struct Cut {
    rest: Option<Bytes>,
    flushed: bool,
}

impl HttpBody for Cut {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(rest) = self.rest.take().filter(|rest| !rest.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(rest))));
        }
        if !self.flushed {
            // The server writes out what it has when a body makes it wait, and not when one fails.
            self.flushed = true;
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}

/// A request that came. `Debug` shows no header and no body.
#[derive(Clone)]
pub struct Received {
    method: String,
    target: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    /// The method, such as `GET`.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Path and query, as they came.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// A header by its name, in whatever case; none where it did not come, or is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body; empty where there was none, or more than the sandbox takes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.target.split('?').next().unwrap_or_default();
        f.debug_struct("Received").field("method", &self.method).field("path", &path).finish_non_exhaustive()
    }
}

/// What was laid down for the next requests, and what became of the last ones.
#[derive(Default)]
pub(crate) struct Rehearsal {
    keeps: bool,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    replies: VecDeque<Ready>,
    received: VecDeque<Received>,
}

impl Rehearsal {
    pub(crate) fn new(keeps: bool) -> Self {
        Self { keeps, ..Self::default() }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lay_down(&self, replies: impl IntoIterator<Item = Reply>) -> Result<(), NoReply> {
        let ready = replies.into_iter().enumerate().map(|(at, reply)| reply.ready().ok_or(NoReply { number: at + 1 }));
        let ready = ready.collect::<Result<_, _>>()?;
        self.book().replies = ready;
        Ok(())
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.book().received.iter().cloned().collect()
    }

    fn next(&self) -> Option<Ready> {
        let replies = &mut self.book().replies;
        match replies.front() {
            Some(reply) if reply.repeats => Some(reply.clone()),
            _ => replies.pop_front(),
        }
    }

    fn keep(&self, request: Received) {
        let received = &mut self.book().received;
        if received.len() == KEPT {
            received.pop_front();
        }
        received.push_back(request);
    }
}

impl fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rehearsal").field("keeps", &self.keeps).finish_non_exhaustive()
    }
}

/// Stands before every path: keeps the request, and gives the answer that was laid down for it.
pub(crate) async fn rehearsed(State(rehearsal): State<Arc<Rehearsal>>, request: Request, next: Next) -> Response {
    let (parts, mut body) = request.into_parts();
    // The control endpoint takes larger bodies, and is not part of the API.
    if rehearsal.keeps && !parts.uri.path().starts_with("/sandbox/") {
        let read = bytes(body).await;
        rehearsal.keep(Received {
            method: parts.method.to_string(),
            target: parts.uri.path_and_query().map_or_else(|| parts.uri.to_string(), ToString::to_string),
            headers: parts.headers.clone(),
            body: read.as_ref().map_or_else(|_| Bytes::new(), Bytes::clone),
        });
        body = match read {
            Ok(bytes) => Body::from(bytes),
            Err(refusal) => return refusal.into_response(),
        };
    }
    match rehearsal.next() {
        Some(reply) => reply.response(),
        None => next.run(Request::from_parts(parts, body)).await,
    }
}
