//! The length of a consent: the requested one, the limit of the bank, and the end that the service reports.

use std::time::Duration;

use serde::Deserialize;
use tilisy_client::chrono::{DateTime, Utc};
use tilisy_client::{Error, Extra};

use crate::failure::said;

/// The shortest length that is taken for the limit of a bank.
const SHORTEST: Duration = Duration::from_secs(60);

/// Returns the end of a consent that the service reports. The documentation does not have it.
pub(crate) fn reported_end(extra: &Extra) -> Option<DateTime<Utc>> {
    #[derive(Deserialize)]
    struct Access {
        valid_until: DateTime<Utc>,
    }
    Some(extra.get::<Access>("access").ok()??.valid_until)
}

/// Returns the longest consent of a bank, as the list of banks has it. The documentation does not have that either.
pub(crate) fn listed_limit(extra: &Extra) -> Option<Duration> {
    let seconds = extra.raw("maximum_consent_validity")?.trim_matches('"');
    let seconds = seconds.split('.').next()?.parse().ok()?;
    Some(Duration::from_secs(seconds)).filter(|limit| *limit >= SHORTEST)
}

/// Returns the longest consent that a refusal names, if it is shorter than what was asked for.
pub(crate) fn stated_limit(error: &Error, now: DateTime<Utc>, asked_until: DateTime<Utc>) -> Option<Duration> {
    let is_refusal = error.status().is_some_and(|status| (400..=499).contains(&status));
    let asked = (asked_until - now).to_std().ok()?;
    limit_in(&said(error).filter(|_| is_refusal)?, now, asked)
}

/// Finds the longest length below `asked` in a text, such as `7776000 seconds`, `90 days` or a point in time.
fn limit_in(text: &str, now: DateTime<Utc>, asked: Duration) -> Option<Duration> {
    // A point in time keeps its colons and its sign.
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

/// The seconds of a unit of time.
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
    use tilisy_client::types::AuthorizeSessionResponse;

    use super::*;

    #[test]
    fn a_limit_is_read_from_what_the_service_says() {
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
    fn what_the_documentation_does_not_have_is_read_if_it_is_there() {
        let extra = |properties: &str| {
            let json = format!(
                r#"{{"accounts": [], "aspsp": {{"name": "B", "country": "FI"}}, "psu_type": "personal",
                "session_id": "00000000-0000-0000-0000-000000000001", {properties}}}"#
            );
            serde_json::from_str::<AuthorizeSessionResponse>(&json).unwrap().extra().clone()
        };
        for (properties, end) in [
            (r#""access": {"valid_until": "2026-01-01T00:00:00.5+02:00"}"#, Some("2025-12-31T22:00:00.500Z")),
            (r#""access": {"valid_until": "2026-01-01"}"#, None),
            (r#""access": null"#, None),
            (r#""access": []"#, None),
            (r#""other": 1"#, None),
        ] {
            assert_eq!(reported_end(&extra(properties)), end.map(|end| end.parse().unwrap()), "{properties}");
        }
        for (value, seconds) in [
            ("7776000", Some(7_776_000)),
            ("\"7776000\"", Some(7_776_000)),
            ("7776000.0", Some(7_776_000)),
            ("0", None),
            ("-1", None),
            ("null", None),
            ("{}", None),
            ("1e999", None),
        ] {
            let found = listed_limit(&extra(&format!(r#""maximum_consent_validity": {value}"#)));
            assert_eq!(found.map(|limit| limit.as_secs()), seconds, "{value}");
        }
    }
}
