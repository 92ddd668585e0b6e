//! Days as people type them: `2026-05-17`, `2026-05`, `yesterday`, `-30d`.

use std::str::FromStr;

use enablebanking_client::chrono::{Datelike as _, Days, Months, NaiveDate};

/// The forms that are accepted, for messages.
const FORMS: &str = "`2026-05-17`, `2026-05`, `2026`, `today`, `yesterday`, or days, weeks, months or years back \
                     such as `-30d`, `-2w`, `-3m` and `-1y`";

/// A day, month or year, possibly relative to today.
///
/// It is parsed before the current day is known, so that a command takes that day once and uses it for all options.
/// Options of this type need `allow_hyphen_values`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Day {
    /// A day of the calendar.
    On(NaiveDate),
    /// The month that starts on this day.
    Month(NaiveDate),
    /// The year that starts on this day.
    Year(NaiveDate),
    /// A number of days before today.
    DaysAgo(u64),
    /// A number of calendar months before today; the last day of the month if it is too short.
    MonthsAgo(u32),
}

impl Day {
    /// Returns the first day of what was typed.
    ///
    /// # Errors
    ///
    /// Returns a message if the day is before year 1.
    pub(crate) fn first(&self, today: NaiveDate) -> Result<NaiveDate, String> {
        let day = match *self {
            Self::On(day) | Self::Month(day) | Self::Year(day) => Some(day),
            Self::DaysAgo(count) => today.checked_sub_days(Days::new(count)),
            Self::MonthsAgo(count) => today.checked_sub_months(Months::new(count)),
        };
        day.filter(|day| day.year() >= 1).ok_or_else(|| refusal("the day is too far back"))
    }

    /// Returns the last day of what was typed.
    ///
    /// # Errors
    ///
    /// Returns a message if the day is before year 1.
    pub(crate) fn last(&self, today: NaiveDate) -> Result<NaiveDate, String> {
        let first = self.first(today)?;
        let months = match self {
            Self::Month(_) => Months::new(1),
            Self::Year(_) => Months::new(12),
            Self::On(_) | Self::DaysAgo(_) | Self::MonthsAgo(_) => return Ok(first),
        };
        let last = first.checked_add_months(months).and_then(|next| next.pred_opt());
        last.ok_or_else(|| refusal("there is no such day in the calendar"))
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_lowercase();
        match text.as_str() {
            "" => Err(refusal("the day is empty")),
            "today" => Ok(Self::DaysAgo(0)),
            "yesterday" => Ok(Self::DaysAgo(1)),
            text => match text.strip_prefix('-') {
                Some(back) => ago(back),
                None => calendar(text),
            },
        }
    }
}

/// Parses `30d`, `2w`, `3m` or `1y`.
fn ago(text: &str) -> Result<Day, String> {
    let unknown = || refusal("this is not a day");
    let unit = text.chars().next_back().ok_or_else(unknown)?;
    let count = text.strip_suffix(unit).unwrap_or_default();
    if !is_digits(count) {
        return Err(unknown());
    }
    let far = || refusal("the day is too far back");
    let count: u32 = count.parse().map_err(|_| far())?;
    match unit {
        'd' => Ok(Day::DaysAgo(count.into())),
        'w' => Ok(Day::DaysAgo(u64::from(count) * 7)),
        'm' => Ok(Day::MonthsAgo(count)),
        'y' => count.checked_mul(12).map(Day::MonthsAgo).ok_or_else(far),
        _ => Err(unknown()),
    }
}

/// Parses `2026-05-17`, `2026-05` or `2026`.
fn calendar(text: &str) -> Result<Day, String> {
    let parts: Vec<_> = text.split('-').collect();
    // `u32::from_str` accepts a sign, and other widths are usually another order of day, month and year.
    let is_number =
        |index: usize| parts.get(index).is_none_or(|part| is_digits(part) && part.len() == [4, 2, 2][index]);
    if parts.len() > 3 || !(0..3).all(is_number) {
        return Err(refusal("this is not a day"));
    }
    let number = |index: usize| parts.get(index).map_or(1, |part| part.parse::<u16>().unwrap_or_default());
    let (year, month, day) = (number(0), number(1), number(2));
    let day = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
        .filter(|_| year > 0)
        .ok_or_else(|| refusal("there is no such day in the calendar"))?;
    Ok(match parts.len() {
        1 => Day::Year(day),
        2 => Day::Month(day),
        _ => Day::On(day),
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn refusal(reason: &str) -> String {
    format!("{reason} (give {FORMS})")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails panics")]
mod tests {
    use clap::Parser;

    use super::*;

    /// The 29th of February of a leap year, so that months and years back must be clamped.
    fn today() -> NaiveDate {
        day("2024-02-29")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn periods_start_and_end_on_the_days_that_were_typed() {
        for (text, first, last) in [
            ("2026-05-17", "2026-05-17", "2026-05-17"),
            ("2026-05", "2026-05-01", "2026-05-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026-12", "2026-12-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("9999", "9999-01-01", "9999-12-31"),
            ("0001-01-01", "0001-01-01", "0001-01-01"),
            ("today", "2024-02-29", "2024-02-29"),
            ("  Yesterday\n", "2024-02-28", "2024-02-28"),
            ("-0d", "2024-02-29", "2024-02-29"),
            ("-30d", "2024-01-30", "2024-01-30"),
            ("-2W", "2024-02-15", "2024-02-15"),
            ("-3m", "2023-11-29", "2023-11-29"),
            ("-12m", "2023-02-28", "2023-02-28"),
            ("-1y", "2023-02-28", "2023-02-28"),
            ("-4y", "2020-02-29", "2020-02-29"),
        ] {
            assert_eq!(text.parse::<Day>().and_then(|parsed| parsed.first(today())), Ok(day(first)), "first of {text}");
            assert_eq!(text.parse::<Day>().and_then(|parsed| parsed.last(today())), Ok(day(last)), "last of {text}");
        }
        assert_eq!(
            "-3m".parse::<Day>().and_then(|parsed| parsed.first(day("2026-05-31"))),
            Ok(day("2026-02-28")),
            "clamped"
        );
    }

    #[test]
    fn refusals_name_the_accepted_forms() {
        for text in [
            "",
            " ",
            "-",
            "--",
            "--to",
            "-d",
            "-30",
            "30d",
            "+30d",
            "-30 d",
            "--30d",
            "-+30d",
            "-1.5d",
            "-30h",
            "-30ä",
            "-٣d",
            "tomorrow",
            "17.5.2026",
            "2026/05/17",
            "05-2026",
            "26-05-17",
            "2026-5-1",
            "2026-+5-01",
            "2026-05-17-1",
            "2026-",
            "2026-05-",
            "02026",
            "+2026",
            "２０２６",
            "2026-05-17T00:00:00Z",
        ] {
            check_refusal(text, "day");
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2026-02-30", "2025-02-29", "2026-13", "2026-00", "2026-05-00", "0000", "0000-01", "0000-01-01"] {
            check_refusal(text, "no such day");
        }
    }

    #[test]
    fn days_before_year_1_are_refused_without_overflow() {
        for text in [
            "-99999999999d",
            "-4294967295d",
            "-4294967295w",
            "-4294967295m",
            "-4294967295y",
            "-2024y",
            "-800000d",
            "-184467440737095516160d",
        ] {
            check_refusal(text, "too far back");
        }
        let earliest = "-1d".parse::<Day>().unwrap();
        assert!(earliest.first(NaiveDate::MIN).is_err());
        assert!(earliest.last(NaiveDate::MIN).is_err());
    }

    fn check_refusal(text: &str, reason: &str) {
        for result in [
            text.parse::<Day>().and_then(|parsed| parsed.first(today())),
            text.parse::<Day>().and_then(|parsed| parsed.last(today())),
        ] {
            let message = result.expect_err(text);
            assert!(message.contains(reason), "{text}: {message}");
            for form in ["2026-05-17", "`2026-05`", "`2026`", "today", "yesterday", "-30d", "-2w", "-3m", "-1y"] {
                assert!(message.contains(form), "{text}: {message}");
            }
            assert!(!message.contains('\n'), "{message}");
        }
    }

    #[derive(Debug, Parser)]
    struct Options {
        #[arg(long, allow_hyphen_values = true)]
        from: Option<Day>,
        #[arg(long, allow_hyphen_values = true)]
        to: Option<Day>,
    }

    #[test]
    fn clap_takes_a_day_with_a_hyphen_as_a_value() {
        let options = Options::try_parse_from(["test", "--from", "-30d", "--to=-1M"]).unwrap();
        assert_eq!((options.from, options.to), (Some(Day::DaysAgo(30)), Some(Day::MonthsAgo(1))));
    }

    #[test]
    fn clap_refuses_another_option_as_a_day() {
        for line in [&["test", "--from", "--to"][..], &["test", "--from", "--to", "2026"], &["test", "--from"]] {
            Options::try_parse_from(line).expect_err("an option is not a day");
        }
        let error = Options::try_parse_from(["test", "--to", "2026-13"]).unwrap_err().to_string();
        assert!(error.contains("`2026-05-17`"), "{error}");
    }
}
