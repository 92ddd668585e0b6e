//! The metadata of a response: status and headers.

use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use http::header::{DATE, HeaderMap, HeaderValue};

use crate::decode::{self, Decode};

/// The longest request id that is kept.
const REQUEST_ID_LENGTH: usize = 128;

/// The metadata of a response: status, request id, limits and retries.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Meta {
    status: u16,
    request_id: Option<String>,
    rate_limit: Option<RateLimit>,
    retry_after: Option<Duration>,
    headers: HeaderMap,
    attempts: u32,
    sent_request_id: Option<Box<str>>,
}

impl Meta {
    pub(crate) fn new(status: u16, headers: HeaderMap, attempts: u32, sent_request_id: Option<Box<str>>) -> Self {
        let read = Headers::new(&headers);
        Self {
            status,
            attempts,
            sent_request_id,
            request_id: request_id(&read),
            rate_limit: RateLimit::new(&read),
            retry_after: retry_after(&read),
            headers,
        }
    }

    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Returns the id that the service gave to this request, for its support. `Debug` does not show it.
    #[must_use]
    #[doc(alias = "trace id")]
    #[doc(alias = "correlation id")]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns how many requests are left, if the service says so.
    #[must_use]
    pub const fn rate_limit(&self) -> Option<&RateLimit> {
        self.rate_limit.as_ref()
    }

    /// Returns the id that the request was sent with, if its operation sends one. `Debug` does not show it.
    #[must_use]
    pub fn sent_request_id(&self) -> Option<&str> {
        self.sent_request_id.as_deref()
    }

    /// Returns how often the request was sent until this response.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns how long the service asks to wait before the next request.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns the first value of a header, if it is visible ASCII. The name may be in any case. `Debug` does not show it.
    #[must_use]
    #[doc(alias = "response header")]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the first value of a header as a scalar. The name may be in any case.
    #[doc(hidden)]
    #[must_use]
    pub fn header_value<T: for<'de> Decode<'de>>(&self, name: &str) -> Option<T> {
        decode::from_header(self.header(name)?)
    }

    /// Returns the values of a header as a list of scalars, which stand between commas.
    #[doc(hidden)]
    #[must_use]
    pub fn header_list<T: for<'de> Decode<'de>>(&self, name: &str) -> Option<Vec<T>> {
        let texts = self.headers.get_all(name).iter().map(|value| value.to_str().ok());
        let texts: Option<Vec<_>> = texts.collect();
        let texts = texts.filter(|texts| !texts.is_empty())?;
        texts.iter().flat_map(|text| text.split(',')).map(|text| decode::from_header(text.trim_ascii())).collect()
    }

    /// Returns the time of the service's clock (`Date`), in whole seconds.
    #[must_use]
    pub fn date(&self) -> Option<DateTime<Utc>> {
        self.headers.get(DATE).and_then(read_date)
    }
}

crate::redacted_debug!(Meta {
    status: shown,
    request_id: hidden,
    rate_limit: shown,
    retry_after: shown,
    headers: hidden,
    attempts: shown,
    sent_request_id: hidden
});

/// The limit on requests that a service reports, in its own units.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
#[doc(alias = "rate limit")]
#[doc(alias = "quota")]
#[doc(alias = "throttle")]
pub struct RateLimit {
    /// Requests allowed in the current period.
    pub limit: Option<u64>,
    /// Requests left in it.
    pub remaining: Option<u64>,
    /// The end of the period: seconds from now for most services, seconds since 1970 for others.
    pub reset: Option<u64>,
}

impl RateLimit {
    pub(crate) fn new(headers: &Headers<'_>) -> Option<Self> {
        let either = |name, prefixed| number(headers, prefixed).or_else(|| number(headers, name));
        let found = Self {
            limit: either(Read::Limit, Read::PrefixedLimit),
            remaining: either(Read::Remaining, Read::PrefixedRemaining),
            reset: either(Read::Reset, Read::PrefixedReset),
        };
        let any = found.limit.or(found.remaining).or(found.reset);
        any.map(|_| found)
    }
}

/// A header that [`Meta`] reads.
#[derive(Clone, Copy)]
enum Read {
    Date,
    Limit,
    Remaining,
    Reset,
    RequestId,
    RetryAfter,
    CorrelationId,
    PrefixedLimit,
    PrefixedRemaining,
    PrefixedReset,
    PrefixedRequestId,
}

/// The names of these headers, in the order of [`Read`].
const READ: [&str; 11] = [
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

/// The first value of each header of [`READ`], found in one pass. A lookup for each of them takes longer than everything
/// else that is done with the headers of a response.
pub(crate) struct Headers<'a>([Option<&'a HeaderValue>; READ.len()]);

impl<'a> Headers<'a> {
    pub(crate) fn new(headers: &'a HeaderMap) -> Self {
        let mut found = [None; READ.len()];
        for (name, value) in headers {
            if let Some(place) = READ.iter().position(|known| *known == name.as_str()) {
                found[place].get_or_insert(value);
            }
        }
        Self(found)
    }

    const fn get(&self, header: Read) -> Option<&'a HeaderValue> {
        self.0[header as usize]
    }
}

/// The number at the start of a header such as `10, 10;w=60`.
fn number(headers: &Headers<'_>, header: Read) -> Option<u64> {
    let text = headers.get(header)?.to_str().ok()?;
    let number = text.split([',', ';']).next()?.trim();
    // `parse` alone would accept a sign.
    if number.bytes().all(|byte| byte.is_ascii_digit()) { number.parse().ok() } else { None }
}

fn request_id(headers: &Headers<'_>) -> Option<String> {
    let names = [Read::PrefixedRequestId, Read::RequestId, Read::CorrelationId];
    let id = names.into_iter().find_map(|header| headers.get(header))?;
    let bytes = id.as_bytes();
    let fits = (1..=REQUEST_ID_LENGTH).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
    if fits { id.to_str().ok().map(str::to_owned) } else { None }
}

pub(crate) fn retry_after(headers: &Headers<'_>) -> Option<Duration> {
    if let Some(seconds) = number(headers, Read::RetryAfter) {
        return Some(Duration::from_secs(seconds));
    }
    // More seconds than fit in a number.
    let digits = headers.get(Read::RetryAfter).map(HeaderValue::as_bytes).unwrap_or_default();
    if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) {
        return Some(Duration::MAX);
    }
    let until = http_date(headers, Read::RetryAfter)?;
    // Dates are relative to the service's own clock, if it shows it.
    let now = date(headers).unwrap_or_else(Utc::now);
    Some((until - now).to_std().unwrap_or(Duration::ZERO))
}

/// Returns the time of the service's clock.
pub(crate) fn date(headers: &Headers<'_>) -> Option<DateTime<Utc>> {
    http_date(headers, Read::Date)
}

fn http_date(headers: &Headers<'_>, header: Read) -> Option<DateTime<Utc>> {
    headers.get(header).and_then(read_date)
}

fn read_date(value: &HeaderValue) -> Option<DateTime<Utc>> {
    let text = value.to_str().ok()?;
    // RFC 9110 requires the two obsolete forms too.
    let old = |form| NaiveDateTime::parse_from_str(text, form).ok().map(|date| date.and_utc());
    let date = DateTime::parse_from_rfc2822(text).ok().map(|date| date.with_timezone(&Utc));
    let date = date.or_else(|| old("%A, %d-%b-%y %H:%M:%S GMT")).or_else(|| old("%a %b %e %H:%M:%S %Y"))?;
    // Not every system's clock can represent later years.
    (date.year() <= 9999).then_some(date)
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
        Meta::new(200, map, 1, None)
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
    fn headers_are_found_by_name_in_any_case() {
        let meta = meta(&[("x-next-page", "7"), ("x-broken", "ä")]);
        assert_eq!(
            [meta.header("X-Next-Page"), meta.header("x-none"), meta.header("x-broken")],
            [Some("7"), None, None]
        );
        assert_eq!(meta.header("no name"), None);
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
