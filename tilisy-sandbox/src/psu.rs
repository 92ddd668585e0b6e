//! Headers about the PSU.

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::refusal::{Code, Refusal};
use crate::scenario::Scenario;

/// The PSU headers of the API, in lower case.
const NAMES: &[&str] = &[
    "psu-ip-address",
    "psu-user-agent",
    "psu-referer",
    "psu-accept",
    "psu-accept-charset",
    "psu-accept-encoding",
    "psu-accept-language",
    "psu-geo-location",
];

/// Returns whether a request has PSU headers, which say that the PSU is there.
pub(crate) fn is_attended(headers: &HeaderMap) -> bool {
    NAMES.iter().any(|name| headers.contains_key(*name))
}

/// Checks the values of PSU headers, which only the current edition does.
pub(crate) fn check_values(headers: &HeaderMap, is_current: bool, scenario: Scenario) -> Result<(), Refusal> {
    let invalid =
        |name: &str| Refusal::new(Code::PsuHeaderInvalid, format!("the PSU header {name} has an invalid value"));
    if scenario.is(Code::PsuHeaderInvalid) {
        return Err(invalid("Psu-Ip-Address"));
    }
    let wrong = NAMES
        .iter()
        .find(|name| is_current && headers.get(**name).is_some_and(|value| !fits(name, value.to_str().ok())));
    wrong.map_or(Ok(()), |name| Err(invalid(name)))
}

fn fits(name: &str, value: Option<&str>) -> bool {
    let Some(value) = value.filter(|value| !value.trim().is_empty()) else { return false };
    match name {
        "psu-ip-address" => value.parse::<IpAddr>().is_ok(),
        "psu-geo-location" => value
            .split_once(',')
            .is_some_and(|(latitude, longitude)| is_degrees(latitude, 2) && is_degrees(longitude, 3)),
        _ => true,
    }
}

/// Returns whether a text is degrees with one to six decimals, and at most so many digits before them.
fn is_degrees(text: &str, most: usize) -> bool {
    let is_number =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    text.split_once('.').is_some_and(|(whole, rest)| is_number(whole, most) && is_number(rest, 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_two_numbers_with_decimals() {
        for good in ["60.1,24.9", "-60.123456,-124.9"] {
            assert!(fits("psu-geo-location", Some(good)), "{good}");
        }
        for wrong in ["60,24", "60.1, 24.9", "60.1", "160.1,24.9", "60.1234567,24.9", "a.1,24.9", "60.,24.9", ""] {
            assert!(!fits("psu-geo-location", Some(wrong)), "{wrong}");
        }
    }
}
