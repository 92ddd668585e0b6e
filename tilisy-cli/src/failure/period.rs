//! Periods that are too long for a bank.

use enablebanking_client::chrono::{Days, NaiveDate, Utc};
use enablebanking_client::{Error, ErrorClass, ErrorKind};
use serde_json::Value;

use super::calls::by_code;
use super::said::said;

/// The number of days before today that all banks return: 90 days with today.
const USUAL: Days = Days::new(89);

/// Returns what to do about an error whose reason may be the period, which starts at `from`.
///
/// Banks refuse a period with a code of its own, but also with `ASPSP_ERROR`, or without any code.
pub(crate) fn period_hint(error: &Error, from: Option<NaiveDate>) -> Option<String> {
    if error.kind() != ErrorKind::Api || !matches!(error.class(), ErrorClass::Bank | ErrorClass::Request) {
        return None;
    }
    let is_named = error.code().is_some_and(|code| code.as_str() == "WRONG_TRANSACTIONS_PERIOD");
    if !is_named && by_code(error).is_some() {
        return None;
    }
    if let Some(day) = error.api().and_then(|api| first_day(api.detail.as_ref()?)) {
        return Some(format!("the bank names {day} as the first day: give `--from {day}`, or a later day"));
    }
    let usual = Utc::now().date_naive().checked_sub_days(USUAL)?;
    match from {
        // The hint about this code names `--from` already.
        _ if is_named => None,
        Some(from) if from < usual => {
            Some(format!("the bank may not go that far back: give a later `--from`, such as {usual}"))
        }
        _ if said(error).is_some_and(|said| is_about_period(&said)) => {
            Some(format!("the period may be the reason: give another `--from`, such as {usual}"))
        }
        _ => None,
    }
}

/// The first day that a bank suggests.
fn first_day(detail: &Value) -> Option<NaiveDate> {
    let day = ["date_from", "dateFrom"].iter().find_map(|name| detail.get(name)?.as_str())?;
    day.get(..10)?.parse().ok()
}

fn is_about_period(said: &str) -> bool {
    let said = said.to_ascii_lowercase();
    ["period", "date_from", "datefrom", "date from", "date range", "90 days"].iter().any(|words| said.contains(words))
}
