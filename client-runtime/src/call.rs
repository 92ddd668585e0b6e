//! The retry loop of a call.

use std::future::Future;
use std::time::{Duration, Instant};

use bytes::Buf;
use http::StatusCode;
use tracing::field::Empty;
use tracing::{Instrument, debug, info_span};

use crate::authorize::Refused;
use crate::context::Context;
use crate::error::{DecodeError, ErrorClass};
use crate::exchange::{BYTE_ORDER_MARK, Broken, Failure, HttpRequest, HttpResponse};
use crate::meta::{Headers, date, retry_after};
use crate::operation::Operation;
use crate::outcome::{Outcome, Safety};
use crate::pace::{Limits, Pace};
use crate::retry::Retry;

/// Connections and a clock.
pub(crate) trait Backend {
    /// Sends a request once and reads the response up to the limits.
    fn send(
        &self,
        request: HttpRequest,
        timeout: Duration,
        limits: &Limits,
    ) -> impl Future<Output = Result<HttpResponse, Failure>> + Send;

    /// Returns the time that deadlines are measured by.
    fn now(&self) -> Instant;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}

/// The result of a call with all its attempts.
pub(crate) struct Called<E> {
    /// The number of times that the request was sent.
    pub(crate) attempts: u32,
    /// Set if a request before the last one may have been processed.
    pub(crate) maybe_processed: bool,
    /// Set if the limits on attempts kept the request from being sent again.
    pub(crate) exhausted: bool,
    /// The id that the request was sent with, if its operation sends one.
    pub(crate) request_id: Option<Box<str>>,
    pub(crate) end: Result<Received<E>, Failure>,
}

/// The response to one request.
pub(crate) struct Received<E> {
    pub(crate) response: HttpResponse,
    pub(crate) outcome: Outcome,
    /// The decoded body of an error status.
    pub(crate) api: Option<E>,
}

impl<E> Received<E> {
    /// Decodes the body if the status is an error, and looks up what follows from it.
    pub(crate) fn new(mut response: HttpResponse, classify: impl FnOnce(u16, &E) -> Option<ErrorClass>) -> Self
    where
        E: DecodeError,
    {
        // The body of a success may be a file, which is returned as it is.
        if !response.status.is_success() && response.body.bytes.starts_with(BYTE_ORDER_MARK) {
            response.body.bytes.advance(BYTE_ORDER_MARK.len());
        }
        let status = response.status;
        if !status.is_client_error() && !status.is_server_error() {
            // A response of success that was cut can be requested again. The status of an error is enough.
            let is_cut = status.is_success() && response.body.is_cut();
            let outcome = if is_cut { Outcome::Interrupted } else { Outcome::Complete };
            return Self { response, outcome, api: None };
        }
        let api: Option<E> = match response.body.broken {
            None => E::decode(status.as_u16(), &response.body.bytes),
            Some(_) => None,
        };
        let class = api.as_ref().and_then(|api| classify(status.as_u16(), api));
        let says_when = retry_after(&Headers::new(&response.headers)).is_some();
        let outcome = Outcome::Refused { status: status.as_u16(), class, says_when };
        Self { response, outcome, api }
    }
}

/// A request that is being sent.
pub(crate) struct Call<'a, B> {
    pub(crate) context: &'a Context,
    pub(crate) backend: &'a B,
    pub(crate) pace: &'a Pace,
    pub(crate) retry: Retry,
    pub(crate) operation: &'static Operation,
}

/// The decision after an attempt.
enum Next {
    /// Return the result. `exhausted` if only the limits on attempts speak against another attempt.
    Stop { exhausted: bool },
    /// Send the request again after a delay.
    Again(Duration),
    /// Send the request again with new credentials.
    Renew,
}

impl<B: Backend> Call<'_, B> {
    /// Sends the request until a response is final or sending it again is not allowed.
    pub(crate) async fn run<E>(self, request: HttpRequest) -> Called<E>
    where
        E: DecodeError + 'static,
    {
        let Operation { id, method, path, .. } = *self.operation;
        let span = info_span!(
            "call",
            operation = id,
            http.request.method = method,
            url.template = path,
            http.response.status_code = Empty,
            attempts = Empty,
        );
        let request_id = self.operation.request_id.and_then(|name| request.header(name)).map(Box::from);
        let called = if span.is_disabled() {
            self.attempts(request).await
        } else {
            // In a box, because the wrapper moves the future, which is large.
            Box::pin(self.attempts(request)).instrument(span.clone()).await
        };
        span.record("attempts", called.attempts);
        if let Ok(received) = &called.end {
            span.record("http.response.status_code", received.response.status.as_u16());
        }
        Called { request_id, ..called }
    }

    async fn attempts<E>(&self, request: HttpRequest) -> Called<E>
    where
        E: DecodeError + 'static,
    {
        let deadline = self.backend.now().checked_add(self.pace.total_timeout);
        let mut timeout = self.pace.attempt_timeout.min(self.pace.total_timeout);
        self.pace.budget.earn();
        let (mut attempts, mut renewed, mut maybe_processed) = (0, false, false);
        let mut next = request;
        loop {
            let mut request = next;
            let copy = if self.retry.is_off() { None } else { Some(request.clone()) };
            let end = match self.backend.send(request, timeout, &self.pace.limits).await {
                Ok(response) => {
                    Ok(Received::new(response, |status, api: &E| self.context.class(status, api as &dyn std::any::Any)))
                }
                Err(failure) => Err(failure),
            };
            attempts += 1;
            let outcome = end.as_ref().map_or_else(|failure| failure.outcome, |received| received.outcome);
            let stop = |end, exhausted| Called { attempts, maybe_processed, exhausted, request_id: None, end };
            let Some(copy) = copy else { return stop(end, false) };
            // A request that was refused for its credentials does not count as an attempt.
            let counted = attempts - u32::from(renewed);
            if renewed {
                self.refused(&copy, &end, |refused| self.context.renewed_in_vain(refused));
            }
            let (delay, is_renewal) = match self.next(&copy, &end, outcome, counted, renewed) {
                Next::Again(delay) => (delay, false),
                Next::Renew => (Duration::ZERO, true),
                Next::Stop { exhausted } => {
                    if counted > 1 && outcome == Outcome::Complete && is_success(&end) {
                        self.pace.budget.give_back();
                    }
                    return stop(end, exhausted);
                }
            };
            if delay >= self.left(deadline) {
                return stop(end, false);
            }
            if !is_renewal && !self.pace.budget.has_one() {
                return stop(end, true);
            }
            report(&end, attempts, delay);
            if !delay.is_zero() {
                self.backend.sleep(delay).await;
            }
            // The budget is spent after the wait, which the caller may cancel, and other calls may have spent it meanwhile.
            request = copy;
            let is_authorized = self.context.authorize(&mut request, self.operation).await.is_ok();
            if !is_authorized || !is_renewal && !self.pace.budget.spend() {
                return stop(end, is_authorized);
            }
            renewed |= is_renewal;
            maybe_processed |= outcome.verdict().maybe_processed;
            timeout = self.pace.attempt_timeout.min(self.left(deadline));
            next = request;
        }
    }

    fn next<E>(
        &self,
        sent: &HttpRequest,
        end: &Result<Received<E>, Failure>,
        outcome: Outcome,
        counted: u32,
        renewed: bool,
    ) -> Next {
        let renews = |refused: &Refused<'_>| self.context.renews(refused);
        if !renewed && !self.operation.single_use && self.refused(sent, end, renews).unwrap_or_default() {
            return Next::Renew;
        }
        if !outcome.verdict().repeat.allows(Safety::of(self.operation)) {
            return Next::Stop { exhausted: false };
        }
        if counted >= self.retry.limit(self.context.is_unattended(self.operation)) {
            // Banks do not count requests without a connection.
            return Next::Stop { exhausted: !matches!(outcome, Outcome::NotSent { .. }) };
        }
        let wait = end.as_ref().ok().and_then(|received| retry_after(&Headers::new(&received.response.headers)));
        // Without a source of random numbers, the longest delay is the safest.
        let random = getrandom::u32().unwrap_or(u32::MAX);
        self.retry.delay(counted, wait, random).map_or(Next::Stop { exhausted: false }, Next::Again)
    }

    /// Calls `show` with a response that refuses the credentials, if this is one.
    fn refused<E, T>(
        &self,
        sent: &HttpRequest,
        end: &Result<Received<E>, Failure>,
        show: impl FnOnce(&Refused<'_>) -> T,
    ) -> Option<T> {
        let response = &end.as_ref().ok().filter(|it| it.response.status == StatusCode::UNAUTHORIZED)?.response;
        // Other credentials do not change the response to a request that had none.
        sent.carried().next()?;
        let date = date(&Headers::new(&response.headers)).map(Into::into);
        Some(show(&Refused { sent, date, body: &response.body.bytes }))
    }

    /// Returns the time until a deadline.
    fn left(&self, deadline: Option<Instant>) -> Duration {
        deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(self.backend.now()))
    }
}

fn is_success<E>(end: &Result<Received<E>, Failure>) -> bool {
    end.as_ref().is_ok_and(|received| received.response.status.is_success())
}

/// Traces why the request is sent again.
fn report<E>(end: &Result<Received<E>, Failure>, attempt: u32, delay: Duration) {
    let delay_ms = delay.as_millis();
    match end {
        Ok(Received { response, .. }) => match &response.body.broken {
            Some(Broken::Cut(cause)) => debug!(attempt, cause = %cause, delay_ms, "sent again"),
            _ => debug!(attempt, status = response.status.as_u16(), delay_ms, "sent again"),
        },
        Err(failure) => debug!(attempt, cause = %failure.cause, delay_ms, "sent again"),
    }
}
