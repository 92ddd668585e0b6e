//! The limit of a bank for the length of a consent.

use std::time::Duration;

use enablebanking_client::Error;
use enablebanking_client::chrono::{DateTime, Utc};

use crate::failure::said;

/// The shortest length that is taken for the limit of a bank.
const SHORTEST: Duration = Duration::from_secs(60);

/// Returns the longest consent that a bank allows, if the list of banks has one. It is in seconds there.
pub(crate) fn listed_limit(maximum_consent_validity: i64) -> Option<Duration> {
    let limit = Duration::from_secs(u64::try_from(maximum_consent_validity).ok()?);
    Some(limit).filter(|limit| *limit >= SHORTEST)
}

/// Returns the longest consent that a refusal names, if it is shorter than what was asked for.
pub(crate) fn stated_limit(error: &Error, now: DateTime<Utc>, asked_until: DateTime<Utc>) -> Option<Duration> {
    let is_refusal = error.status().is_some_and(|status| (400..=499).contains(&status));
    let asked = (asked_until - now).to_std().ok()?;
    limit_in(&said(error).filter(|_| is_refusal)?, now, asked)
}

/// Finds the longest length below `asked` in a text, such as `7776000 seconds`, `90 days` or a point in time.
fn limit_in(text: &str, now: DateTime<Utc>, asked: Duration) -> Option<Duration> {
    // The colons and the sign of a point in time are not separators.
    let words: Vec<_> = text
        .split(|c: char| c.is_whitespace() || "()[]{}<>=\"'`".contains(c))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let lengths = words.iter().enumerate().filter_map(|(index, word)| {
        if let Ok(time) = DateTime::parse_from_rfc3339(word) {
            return (time.to_utc() - now).to_std().ok();
        }
        let split = word.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '_').unwrap_or(word.len());
        let (number, unit) = word.split_at(split);
        let number: u64 = number.replace([',', '_'], "").parse().ok()?;
        let unit = unit.trim_start_matches('-');
        let unit = if unit.is_empty() { words.get(index + 1).copied().unwrap_or_default() } else { unit };
        let seconds = match seconds_of(unit) {
            Some(seconds) => number.checked_mul(seconds)?,
            // A number of another kind, such as a status, is smaller.
            None if split == word.len() && number >= 3_600 => number,
            None => return None,
        };
        Some(Duration::from_secs(seconds))
    });
    lengths.filter(|length| (SHORTEST..asked).contains(length)).max()
}

/// Returns the seconds of a unit of time.
fn seconds_of(unit: &str) -> Option<u64> {
    Some(match &*unit.to_ascii_lowercase() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_found_in_the_message_of_the_service() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let day = 86_400;
        for (text, seconds) in [
            ("a consent can last 7776000 seconds at most", Some(7_776_000)),
            ("valid_until is too late: at most 7,776,000 s.", Some(7_776_000)),
            ("maximum_consent_validity: 3600", Some(3_600)),
            ("the consent (90 days) is the maximum", Some(90 * day)),
            ("the 90-day limit", Some(90 * day)),
            ("at most 24h", Some(day)),
            ("not later than 2026-03-01T00:00:00Z", Some(59 * day)),
            ("not later than 2026-03-01T02:00:00.5+02:00!", Some(59 * day)),
            ("15551700 was asked for, 7776000 is allowed", Some(7_776_000)),
            ("error 422 of 2026-03-01", None),
            ("at most 180 days", None),
            ("at most 0 days, 5 s", None),
            ("not later than 2025-03-01T00:00:00Z", None),
            ("99999999999999999999 days, 18446744073709551615 days", None),
            ("d 90", None),
            ("", None),
        ] {
            let found = limit_in(text, now, Duration::from_secs(180 * day - 300));
            // Half a second of one of them is lost.
            assert_eq!(found.map(|length| length.as_secs()), seconds, "{text}");
        }
    }

    #[test]
    fn a_listed_limit_of_less_than_a_minute_is_not_a_limit() {
        let limit = |seconds| listed_limit(seconds).map(|limit| limit.as_secs());
        assert_eq!(
            [i64::MIN, -1, 0, 59, 60, 7_776_000].map(limit),
            [None, None, None, None, Some(60), Some(7_776_000)]
        );
    }
}
