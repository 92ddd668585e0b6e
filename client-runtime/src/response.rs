//! What a call gives back.

mod rows;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use crate::context::Operation;
use crate::error::Error;

pub use self::rows::BadRow;
pub(crate) use self::rows::{BadRows, by_row};

/// Longest request id that is kept.
const REQUEST_ID_LENGTH: usize = 128;

/// An answer: the decoded body, and what its head said.
#[derive(Clone, Debug)]
pub struct Response<T> {
    body: T,
    meta: Meta,
    rows: Option<Box<BadRows>>,
}

impl<T> Response<T> {
    pub(crate) const fn new(body: T, meta: Meta, rows: Option<Box<BadRows>>) -> Self {
        Self { body, meta, rows }
    }

    /// The decoded body.
    #[must_use]
    pub const fn body(&self) -> &T {
        &self.body
    }

    /// The decoded body, without the rest.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.meta.status
    }

    /// What the answer's head said.
    #[must_use]
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Changes the body and keeps the rest.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response::new(change(self.body), self.meta, self.rows)
    }

    /// Elements of the answer's lists that are not as described, by their place. The [`body`](Self::body) is without them.
    #[must_use]
    pub fn bad_rows(&self) -> &[BadRow] {
        self.rows.as_ref().map_or(&[], |rows| &rows.rows)
    }

    /// The decoded body, if nothing is missing in it.
    ///
    /// # Errors
    ///
    /// When there are [bad rows](Self::bad_rows): the error names them.
    #[doc(hidden)]
    pub fn into_whole<E>(self, operation: &Operation) -> Result<T, Error<E>> {
        match self.rows {
            None => Ok(self.body),
            Some(rows) => Err(rows.into_error(operation, self.meta)),
        }
    }
}

/// What the head of an answer said.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Meta {
    status: u16,
    request_id: Option<String>,
    rate_limit: Option<RateLimit>,
    retry_after: Option<Duration>,
    /// As it came: few callers want it read.
    date: Option<HeaderValue>,
    attempts: u32,
    sent_request_id: Option<Box<str>>,
}

impl Meta {
    pub(crate) fn new(status: u16, headers: &HeaderMap, attempts: u32, sent_request_id: Option<Box<str>>) -> Self {
        let told = Told::new(headers);
        Self {
            status,
            attempts,
            sent_request_id,
            request_id: request_id(&told),
            rate_limit: RateLimit::new(&told),
            retry_after: retry_after(&told),
            date: told.get(DATE.as_str()).cloned(),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The name the service gave to this request, for its support. `Debug` does not show it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How many requests are left, when the service says so.
    #[must_use]
    pub const fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate_limit.as_ref()
    }

    /// The id that the request carried, where its operation has requests carry one. `Debug` does not show it.
    #[must_use]
    pub fn sent_request_id(&self) -> Option<&str> {
        self.sent_request_id.as_deref()
    }

    /// How often the request was sent until this answer came.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the service asks to wait before the next attempt.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What the service's clock showed when it answered (`Date`), in whole seconds.
    #[must_use]
    pub fn date(&self) -> Option<DateTime<Utc>> {
        self.date.as_ref().and_then(read_date)
    }
}

crate::redacted_debug!(Meta {
    status: shown,
    request_id: hidden,
    rate_limit: shown,
    retry_after: shown,
    date: hidden,
    attempts: shown,
    sent_request_id: hidden
});

/// What a service said of its limit on requests, in its own units.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in the current period.
    pub limit: Option<u64>,
    /// Requests left in it.
    pub remaining: Option<u64>,
    /// When it ends: seconds from now with most services, seconds since 1970 with others.
    pub reset: Option<u64>,
}

impl RateLimit {
    pub(crate) fn new(told: &Told<'_>) -> Option<Self> {
        let either = |name, prefixed| number(told, prefixed).or_else(|| number(told, name));
        let found = Self {
            limit: either("ratelimit-limit", "x-ratelimit-limit"),
            remaining: either("ratelimit-remaining", "x-ratelimit-remaining"),
            reset: either("ratelimit-reset", "x-ratelimit-reset"),
        };
        let any = found.limit.or(found.remaining).or(found.reset);
        any.map(|_| found)
    }
}

/// The headers that say something of a call.
const TOLD: [&str; 11] = [
    "date",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "request-id",
    "retry-after",
    "x-correlation-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
];

/// The first value of each header of [`TOLD`], from one walk: to ask the map for one after the other takes longer than all
/// else that is done with the head of an answer.
pub(crate) struct Told<'a>([Option<&'a HeaderValue>; TOLD.len()]);

impl<'a> Told<'a> {
    pub(crate) fn new(headers: &'a HeaderMap) -> Self {
        let mut told = [None; TOLD.len()];
        for (name, value) in headers {
            if let Some(place) = place(name.as_str()) {
                told[place].get_or_insert(value);
            }
        }
        Self(told)
    }

    fn get(&self, name: &str) -> Option<&'a HeaderValue> {
        self.0[place(name)?]
    }
}

fn place(name: &str) -> Option<usize> {
    TOLD.iter().position(|told| *told == name)
}

/// The number at the start of a header such as `10, 10;w=60`.
fn number(told: &Told<'_>, name: &str) -> Option<u64> {
    let text = told.get(name)?.to_str().ok()?;
    let number = text.split([',', ';']).next()?.trim();
    // `parse` alone would take a sign.
    if number.bytes().all(|byte| byte.is_ascii_digit()) { number.parse().ok() } else { None }
}

fn request_id(told: &Told<'_>) -> Option<String> {
    let id = ["x-request-id", "request-id", "x-correlation-id"].into_iter().find_map(|name| told.get(name))?;
    let bytes = id.as_bytes();
    let fits = (1..=REQUEST_ID_LENGTH).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
    if fits { id.to_str().ok().map(str::to_owned) } else { None }
}

pub(crate) fn retry_after(told: &Told<'_>) -> Option<Duration> {
    if let Some(seconds) = number(told, RETRY_AFTER.as_str()) {
        return Some(Duration::from_secs(seconds));
    }
    // More seconds than a number can hold are as good as never.
    let digits = told.get(RETRY_AFTER.as_str()).map(HeaderValue::as_bytes).unwrap_or_default();
    if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) {
        return Some(Duration::MAX);
    }
    let until = http_date(told, RETRY_AFTER.as_str())?;
    // The service's own clock is the better one to measure its dates by.
    let now = date(told).unwrap_or_else(Utc::now);
    Some((until - now).to_std().unwrap_or(Duration::ZERO))
}

/// What time it is by the clock of the service.
pub(crate) fn date(told: &Told<'_>) -> Option<DateTime<Utc>> {
    http_date(told, DATE.as_str())
}

fn http_date(told: &Told<'_>, name: &str) -> Option<DateTime<Utc>> {
    told.get(name).and_then(read_date)
}

fn read_date(value: &HeaderValue) -> Option<DateTime<Utc>> {
    let text = value.to_str().ok()?;
    // The two old forms of RFC 9110 are to be read too.
    let old = |form| NaiveDateTime::parse_from_str(text, form).ok().map(|date| date.and_utc());
    let date = DateTime::parse_from_rfc2822(text).ok().map(|date| date.with_timezone(&Utc));
    let date = date.or_else(|| old("%A, %d-%b-%y %H:%M:%S GMT")).or_else(|| old("%a %b %e %H:%M:%S %Y"))?;
    // Later years are none that every system's clock can tell.
    (date.year() <= 9999).then_some(date)
}

/// A call on its way.
#[must_use = "nothing is sent before the call is awaited"]
pub struct Pending<'a, T, E = ()> {
    future: Pin<Box<dyn Future<Output = Result<T, Error<E>>> + Send + 'a>>,
}

impl<'a, T, E> Pending<'a, T, E> {
    /// A call that `future` makes.
    pub fn new(future: impl Future<Output = Result<T, Error<E>>> + Send + 'a) -> Self {
        Self { future: Box::pin(future) }
    }
}

impl<T, E> Future for Pending<'_, T, E> {
    type Output = Result<T, Error<E>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.future.as_mut().poll(context)
    }
}

impl<T, E> fmt::Debug for Pending<'_, T, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pending")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    const CANARY: &str = "FI2112345600000785";

    fn meta(headers: &[(&'static str, &str)]) -> Meta {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Meta::new(200, &map, 1, None)
    }

    #[test]
    fn request_ids_are_visible_ascii_of_bounded_length() {
        let long = "a".repeat(REQUEST_ID_LENGTH + 1);
        for (value, kept) in
            [("ab-12", true), ("a b", false), ("ä", false), ("", false), (&long, false), (&long[1..], true)]
        {
            assert_eq!(meta(&[("x-request-id", value)]).request_id(), kept.then_some(value), "{value}");
        }
        assert_eq!(meta(&[("x-correlation-id", "c")]).request_id(), Some("c"));
    }

    #[test]
    fn debug_shows_no_header_text() {
        let meta = meta(&[("x-request-id", CANARY), ("x-ratelimit-limit", CANARY), ("retry-after", CANARY)]);
        assert!(!format!("{meta:?} {meta:#?}").contains(CANARY));
        assert_eq!((meta.rate_limit(), meta.retry_after()), (None, None));
    }

    #[test]
    fn rate_limits_are_read_under_both_names() {
        let prefixed =
            meta(&[("x-ratelimit-limit", "10"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "60")]);
        let plain =
            meta(&[("ratelimit-limit", "10, 10;w=60"), ("ratelimit-remaining", "0"), ("ratelimit-reset", "60")]);
        let wanted = RateLimit { limit: Some(10), remaining: Some(0), reset: Some(60) };
        assert_eq!(prefixed.rate_limit(), Some(&wanted));
        assert_eq!(plain.rate_limit(), Some(&wanted));
        assert_eq!(meta(&[]).rate_limit(), None);
        assert_eq!(
            meta(&[("x-ratelimit-limit", "-1"), ("x-ratelimit-reset", "99999999999999999999999")]).rate_limit(),
            None
        );
    }

    #[test]
    fn the_date_is_the_services() {
        let read = meta(&[("date", "Sun, 06 Nov 1994 08:49:37 GMT")]).date();
        assert_eq!(read.map(|date| date.to_rfc3339()).as_deref(), Some("1994-11-06T08:49:37+00:00"));
        assert_eq!(meta(&[("date", CANARY)]).date(), None);
        assert_eq!(meta(&[]).date(), None);
    }

    #[test]
    fn waiting_times_are_seconds_or_dates() {
        let at = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        for (value, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
            ("1.5", None),
        ] {
            let wanted = seconds.map(Duration::from_secs);
            assert_eq!(meta(&[at, ("retry-after", value)]).retry_after(), wanted, "{value}");
        }
    }
}
