//! The length of a consent.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// The longest consent: 180 days, after which the law requires a bank to authenticate the PSU again.
pub const LONGEST_CONSENT: Duration = Duration::from_secs(180 * 86_400);

/// The margin that is subtracted from a length.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// Returns the end of a consent that starts `now` and lasts as long as `wanted`, in whole seconds, for
/// `Access.valid_until`.
///
/// `at_most` is the longest consent that the bank allows, if that is known. It is never longer than [`LONGEST_CONSENT`].
///
/// The end is five minutes earlier than asked for (a tenth of the length, below fifty minutes). The service counts
/// from its own clock and refuses a consent that is one second too long, and any length may be the limit of some bank:
/// 180 days, 90 days, or an hour.
///
/// ```
/// use std::time::Duration;
///
/// use enablebanking_client::consent::valid_until;
/// # use enablebanking_client::chrono::{DateTime, Utc};
///
/// const DAY: Duration = Duration::from_secs(86_400);
/// let now: DateTime<Utc> = "2021-01-01T12:00:00.75Z".parse()?;
/// assert_eq!(valid_until(now, 90 * DAY, None).to_rfc3339(), "2021-04-01T11:55:00+00:00");
/// assert_eq!(valid_until(now, 90 * DAY, Some(30 * DAY)).to_rfc3339(), "2021-01-31T11:55:00+00:00");
/// # Ok::<(), enablebanking_client::chrono::ParseError>(())
/// ```
#[must_use]
#[doc(alias = "expiry")]
#[doc(alias = "90 days")]
#[doc(alias = "consent validity")]
pub fn valid_until(now: DateTime<Utc>, wanted: Duration, at_most: Option<Duration>) -> DateTime<Utc> {
    let length = wanted.min(at_most.unwrap_or(LONGEST_CONSENT)).min(LONGEST_CONSENT);
    let length = length - MARGIN.min(length / 10);
    // Lengths are below 180 days: only a clock at the end of time goes beyond.
    let end = TimeDelta::from_std(length).ok().and_then(|length| now.checked_add_signed(length));
    end.unwrap_or(DateTime::<Utc>::MAX_UTC).trunc_subsecs(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    #[test]
    fn lengths_stay_below_the_limits() {
        let now: DateTime<Utc> = "2021-01-01T00:00:00Z".parse().unwrap();
        for (wanted, at_most, seconds) in [
            (0, None, 0),
            (60, None, 54),
            (3600, None, 3300),
            (90 * DAY, None, 90 * DAY - 300),
            (180 * DAY, None, 180 * DAY - 300),
            (180 * DAY - 1, None, 180 * DAY - 301),
            (365 * DAY, None, 180 * DAY - 300),
            (u64::MAX, None, 180 * DAY - 300),
            (u64::MAX, Some(u64::MAX), 180 * DAY - 300),
            (365 * DAY, Some(365 * DAY), 180 * DAY - 300),
            (90 * DAY, Some(90 * DAY), 90 * DAY - 300),
            (30 * DAY, Some(90 * DAY), 30 * DAY - 300),
            (DAY, Some(3600), 3300),
            (DAY, Some(3000), 2700),
            (DAY, Some(1000), 900),
            (DAY, Some(1), 0),
            (DAY, Some(0), 0),
        ] {
            let end = valid_until(now, Duration::from_secs(wanted), at_most.map(Duration::from_secs));
            assert_eq!((end - now).num_seconds(), i64::try_from(seconds).unwrap(), "{wanted} {at_most:?}");
        }
    }

    #[test]
    fn ends_are_whole_seconds_with_an_offset() {
        let now: DateTime<Utc> = "2021-01-01T00:00:00.999999999Z".parse().unwrap();
        let end = valid_until(now, Duration::from_millis(2000), None);
        assert_eq!(serde_json::to_string(&end).unwrap(), r#""2021-01-01T00:00:02Z""#);
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        for now in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            for wanted in [Duration::ZERO, Duration::MAX] {
                let end = valid_until(now, wanted, Some(Duration::MAX));
                assert!(end.timestamp() >= now.timestamp() && end.timestamp_subsec_nanos() == 0);
            }
        }
    }
}
