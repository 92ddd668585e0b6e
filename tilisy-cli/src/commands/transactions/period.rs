//! The period of an export.

use clap::{Args, ValueEnum};
use enablebanking_client::chrono::{Days, NaiveDate};

use crate::accounts::Chosen;
use crate::days::Day;
use crate::failure::{Exit, Failure};
use crate::stored::Exports;

/// The days before the last export from which transactions are read again: banks add some late, and pending ones become
/// booked under other references.
const OVERLAP: Days = Days::new(7);

/// The options for a period.
#[derive(Args, Clone, Debug)]
pub(super) struct Period {
    /// The first day: 2026-05-17, 2026-05, 2026, today, yesterday, -30d, -2w, -3m or -1y. Many banks return only the last
    /// 90 days, except within an hour of the consent.
    #[arg(long, value_name = "DAY", allow_hyphen_values = true)]
    from: Option<Day>,
    /// The last day, in the same forms.
    #[arg(long, value_name = "DAY", allow_hyphen_values = true, requires = "from")]
    to: Option<Day>,
    /// Read from the last export of the same accounts on, with an overlap of 7 days. An export is a complete run in a format
    /// other than a table.
    #[arg(long, value_enum, value_name = "START", conflicts_with_all = ["from", "to", "history"])]
    since: Option<Since>,
    /// Ask for the longest history that the bank has. It can take longer and count as several requests.
    #[arg(long, value_enum, value_name = "LENGTH", conflicts_with = "to")]
    history: Option<HistoryLength>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Since {
    /// The last export of the same accounts.
    Last,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum HistoryLength {
    /// All that the bank has.
    Longest,
}

/// The days of a period. A side that is not set is up to the bank.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct PeriodDays {
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
}

impl Period {
    /// Returns the days, and refuses periods that banks would refuse, or ignore.
    pub(super) fn days(&self, today: NaiveDate) -> Result<PeriodDays, Failure> {
        let refused = |text: String| Failure::new(Exit::Usage, text);
        let from = self.from.as_ref().map(|day| day.first(today)).transpose().map_err(refused)?;
        let to = self.to.as_ref().map(|day| day.last(today)).transpose().map_err(refused)?;
        match (from, to) {
            (Some(from), Some(to)) if to < from => {
                Err(Failure::new(Exit::Usage, format!("`--to {to}` is before `--from {from}`")).hint("swap them"))
            }
            (Some(from), _) if from > today => {
                let text = format!("`--from {from}` is in the future (it is {today} in UTC)");
                Err(Failure::new(Exit::Usage, text).hint("give an earlier day"))
            }
            _ => Ok(PeriodDays { from, to }),
        }
    }

    pub(super) const fn is_since_last(&self) -> bool {
        matches!(self.since, Some(Since::Last))
    }

    pub(super) const fn is_longest(&self) -> bool {
        matches!(self.history, Some(HistoryLength::Longest))
    }
}

/// Returns the first day since the last export of all of these accounts, and an explanation.
pub(super) fn since_last(exports: &Exports, accounts: &[Chosen]) -> Result<(NaiveDate, String), Failure> {
    let mut oldest: Option<NaiveDate> = None;
    for account in accounts {
        let Some(last) = exports.last(account.account.hash()) else {
            let text = format!("there is no earlier export of {}", account.label());
            return Err(Failure::new(Exit::Usage, text).hint(
                "give `--from` once: complete exports as CSV, JSON or a workbook are recorded, without `--limit`, \
                 `--status` and `--to`",
            ));
        };
        let day = last.date_naive();
        oldest = Some(oldest.map_or(day, |oldest| oldest.min(day)));
    }
    let last = oldest.unwrap_or_default();
    let from = last.checked_sub_days(OVERLAP).unwrap_or(last);
    let reason = format!(
        "(from {from} on: the last export was on {last}, and 7 days before it are read again for late transactions)"
    );
    Ok((from, reason))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    fn period(from: &str, to: Option<&str>) -> Period {
        let day = |text: &str| text.parse().unwrap();
        Period { from: Some(day(from)), to: to.map(day), since: None, history: None }
    }

    #[test]
    fn months_are_whole_periods() {
        let today = "2026-06-15".parse().unwrap();
        let days = period("2026-05", Some("2026-05")).days(today).unwrap();
        assert_eq!((days.from, days.to), ("2026-05-01".parse().ok(), "2026-05-31".parse().ok()));
        let days = period("-30d", Some("yesterday")).days(today).unwrap();
        assert_eq!((days.from, days.to), ("2026-05-16".parse().ok(), "2026-06-14".parse().ok()));
    }

    #[test]
    fn periods_that_end_before_they_start_are_refused() {
        let today = "2026-06-15".parse().unwrap();
        let refused = |from: &str, to| period(from, to).days(today).unwrap_err().text().to_owned();
        assert!(refused("2026-05", Some("2026-04")).contains("is before"));
        assert!(refused("2026-07", None).contains("in the future"));
    }
}
