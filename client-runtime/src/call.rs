//! One call: attempt after attempt, until one counts.

mod body;
mod failure;

use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::{Client, Request, Response, StatusCode};
use tokio::time::{Instant, sleep};
use tracing::field::Empty;
use tracing::{Instrument, debug, info_span};

pub(crate) use self::body::{Body, Broken};
pub(crate) use self::failure::Failure;
use crate::context::{Context, Operation, Refused};
use crate::error::ErrorClass;
use crate::response::{RateLimit, Told, date, retry_after};
use crate::retry::{Attempt, is_passing};

/// The result of a call with all its attempts.
pub(crate) struct Outcome {
    /// The number of times the request was sent.
    pub(crate) attempts: u32,
    /// Whether an attempt before the last one may have been processed.
    pub(crate) maybe_done: bool,
    /// Whether the last answer says of itself that it may pass.
    pub(crate) transient: bool,
    /// The id that the request carried, if it carries one.
    pub(crate) request_id: Option<Box<str>>,
    pub(crate) end: End,
}

pub(crate) enum End {
    /// There is a response, with this body.
    Answer(Body),
    /// There is none.
    Failure(Failure),
}

impl Outcome {
    /// The result of a call whose response is there already, with its body read up to `limit` bytes.
    pub(crate) async fn of(response: &mut Response, limit: usize) -> Self {
        let end = End::Answer(Body::read(response, limit).await);
        Self { attempts: 1, maybe_done: false, transient: false, request_id: None, end }
    }
}

/// A request on its way.
pub(crate) struct Call<'a> {
    pub(crate) context: &'a Context,
    pub(crate) client: &'a Client,
    pub(crate) operation: &'static Operation,
}

/// What all attempts came to.
struct Tried {
    attempts: u32,
    maybe_done: bool,
    transient: bool,
    end: End,
}

/// Why and when there is another attempt.
struct Again {
    delay: Duration,
    /// Whether only the authorization was at fault.
    renewed: bool,
}

impl Call<'_> {
    /// Sends the request until a response counts or a retry is pointless. Without a response, the one that is returned
    /// is a placeholder.
    pub(crate) async fn run(self, request: Request) -> (Response, Outcome) {
        let Operation { id, method, path, .. } = *self.operation;
        let span = info_span!(
            "call",
            operation = id,
            http.request.method = method,
            url.template = path,
            http.response.status_code = Empty,
            attempts = Empty,
        );
        let request_id = self.operation.request_id.and_then(|name| request.headers().get(name)?.to_str().ok());
        let request_id = request_id.map(Box::from);
        let (response, tried) = self.attempts(request).instrument(span.clone()).await;
        let Tried { attempts, maybe_done, transient, end } = tried;
        let outcome = Outcome { attempts, maybe_done, transient, request_id, end };
        span.record("attempts", outcome.attempts);
        if matches!(outcome.end, End::Answer(_)) {
            span.record("http.response.status_code", response.status().as_u16());
        }
        (response, outcome)
    }

    async fn attempts(&self, request: Request) -> (Response, Tried) {
        let pace = &self.context.pace;
        let deadline = Instant::now().checked_add(pace.total_timeout);
        let most = pace.retry.limit(self.context.is_unattended(self.operation));
        pace.budget.earn();
        // Attempts that may have reached more than the check of the authorization.
        let (mut attempts, mut counted) = (0, 0);
        let (mut renewed, mut maybe_done) = (false, false);
        let mut next = request;
        loop {
            let mut request = next;
            let copy = if pace.retry.is_off() { None } else { request.try_clone() };
            *request.timeout_mut() = Some(pace.attempt_timeout.min(left(deadline)));
            let (response, end) = self.attempt(request).await;
            attempts += 1;
            counted += 1;
            let class = self.class(&response, &end);
            let transient = class == Some(ErrorClass::Transient);
            let attempt = judged(&response, &end, class);
            let again = match &copy {
                Some(copy) if !renewed && self.renews(copy, &response, &end) => {
                    Some(Again { delay: Duration::ZERO, renewed: true })
                }
                Some(_) if counted < most && attempt.may_repeat(self.operation) => self.later(&response, counted),
                _ => None,
            };
            let again = again.filter(|again| again.delay < left(deadline));
            if renewed && let Some(copy) = &copy {
                self.refused(copy, &response, &end, |refused| self.context.renewed_in_vain(refused));
            }
            let (Some(again), Some(mut copy)) = (again, copy) else {
                if counted > 1 && matches!(attempt, Attempt::Answer { status: 200..=299, whole: true, .. }) {
                    pace.budget.give_back();
                }
                return (response, Tried { attempts, maybe_done, transient, end });
            };
            if again.renewed {
                (renewed, counted) = (true, counted - 1);
            } else if !pace.budget.has_one() {
                return (response, Tried { attempts, maybe_done, transient, end });
            }
            self.tell(&response, &end, attempts, again.delay);
            if !again.delay.is_zero() {
                sleep(again.delay).await;
            }
            // Without an authorization, or when others were faster, the last answer is what there is. Nothing is spent
            // before the wait: it may never end.
            let is_signed = self.context.sign(copy.headers_mut(), self.operation).is_ok();
            if !is_signed || !again.renewed && !pace.budget.spend() {
                return (response, Tried { attempts, maybe_done, transient, end });
            }
            maybe_done |= attempt.may_be_done();
            next = copy;
        }
    }

    async fn attempt(&self, request: Request) -> (Response, End) {
        match self.client.execute(request).await {
            Ok(mut response) => {
                let limits = &self.context.pace.limits;
                let limit = if response.status().is_success() { limits.answer_bytes } else { limits.error_bytes };
                let body = Body::read(&mut response, limit).await;
                (response, End::Answer(body))
            }
            Err(error) => (none(), End::Failure(Failure::from(&error))),
        }
    }

    /// When to send the request again; never where the service wants more patience than there is.
    fn later(&self, response: &Response, counted: u32) -> Option<Again> {
        let told = Told::new(response.headers());
        let wait = retry_after(&told);
        // Nothing is left for a time that nobody tells: every other request would be one too many as well.
        let left = RateLimit::new(&told).and_then(|limit| limit.remaining);
        if response.status() == StatusCode::TOO_MANY_REQUESTS && wait.is_none() && left == Some(0) {
            return None;
        }
        // Where there is no source of random numbers, the longest wait is the kindest.
        let random = getrandom::u32().unwrap_or(u32::MAX);
        let delay = self.context.pace.retry.delay(counted, wait, random)?;
        Some(Again { delay, renewed: false })
    }

    /// What the body of an error answer says to do.
    fn class(&self, response: &Response, end: &End) -> Option<ErrorClass> {
        let status = response.status();
        match end {
            End::Answer(body) if !status.is_success() => self.context.class(status.as_u16(), &body.bytes),
            _ => None,
        }
    }

    /// Whether the authorization was refused, and another one may not be.
    fn renews(&self, copy: &Request, response: &Response, end: &End) -> bool {
        let ask = |refused: &Refused<'_>| self.context.renews(refused);
        !self.operation.single_use && self.refused(copy, response, end, ask).unwrap_or_default()
    }

    /// Shows an answer by which the authorization was refused, if this is one.
    fn refused<T>(
        &self,
        copy: &Request,
        response: &Response,
        end: &End,
        show: impl FnOnce(&Refused<'_>) -> T,
    ) -> Option<T> {
        if response.status() != StatusCode::UNAUTHORIZED {
            return None;
        }
        let (Some(authorization), End::Answer(body)) = (self.operation.authorization, end) else { return None };
        let sent: &HeaderValue = copy.headers().get(authorization.header)?;
        let date = date(&Told::new(response.headers())).map(Into::into);
        Some(show(&Refused { sent, date, body: &body.bytes }))
    }

    /// Tells who listens why the request is sent again.
    fn tell(&self, response: &Response, end: &End, attempt: u32, delay: Duration) {
        let delay_ms = delay.as_millis();
        match end {
            End::Answer(Body { broken: Some(Broken::Cut(cause)), .. }) => {
                debug!(attempt, cause = %cause, delay_ms, "sent again");
            }
            End::Answer(_) => debug!(attempt, status = response.status().as_u16(), delay_ms, "sent again"),
            End::Failure(failure) => debug!(attempt, cause = %failure.cause, delay_ms, "sent again"),
        }
    }
}

/// What decides on the next attempt.
fn judged(response: &Response, end: &End, class: Option<ErrorClass>) -> Attempt {
    let body = match end {
        End::Failure(Failure { kind, passing, .. }) => return Attempt::Failure { kind: *kind, passing: *passing },
        End::Answer(body) => body,
    };
    let status = response.status();
    let (code, is_success) = (status.as_u16(), status.is_success());
    let passing =
        class.map_or_else(|| is_passing(code), |class| matches!(class, ErrorClass::RateLimit | ErrorClass::Transient));
    // What an error status says is known by the status.
    Attempt::Answer { status: code, whole: !(is_success && body.is_cut()), passing }
}

/// An answer in the place of none.
fn none() -> Response {
    let mut response = http::Response::new(reqwest::Body::default());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response.into()
}

/// The time until a deadline; all the time in the world where there is none.
fn left(deadline: Option<Instant>) -> Duration {
    deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()))
}
