//! A row of the table with its results, formatted for display.

use super::measure::Found;
use super::rows::{Measure, Row, Target};

/// A line of the table.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The operation that was measured.
    pub(super) what: String,
    /// The alternative that it was compared with.
    pub(super) beside: String,
    /// Our result, with its unit.
    pub(super) ours: String,
    /// The result of the alternative, with its unit.
    pub(super) baseline: String,
    /// Our result divided by that of the alternative.
    pub(super) ratio: String,
    /// The limit.
    pub(super) target: String,
    /// The result divided by the limit; the target is met up to 1.
    pub(super) part: f64,
}

impl Line {
    /// Creates the line of a row.
    pub(super) fn new(row: &Row, found: Found) -> Self {
        let Found { ours, baseline, ratio } = found;
        let (target, part) = match row.target {
            Target::Ratio(most) => (format!("≤ {}", times(most)), ratio.unwrap_or(f64::NAN) / most),
            Target::Seconds(most) => (format!("≤ {}", seconds(most)), ours / most),
            Target::TwiceAnd(most) => {
                let limit = baseline.map_or(f64::NAN, |baseline| 2.0 * baseline + most);
                (format!("≤ 2 pages + {}", bytes(most)), ours / limit)
            }
            // A lower number is just as wrong.
            Target::Exactly(number) => (format!("{number}"), if ours < number { f64::INFINITY } else { ours / number }),
        };
        // The baseline is part of the target here, so a ratio would be misleading.
        let shows_ratio = !matches!(row.target, Target::TwiceAnd(_));
        let unit = match row.measure {
            Measure::Timed(..) | Measure::TimedAlone(_) => seconds,
            Measure::Bytes(_) => bytes,
            Measure::Count(_) => |number: f64| format!("{number}"),
        };
        Self {
            what: row.what.to_owned(),
            beside: row.beside.to_owned(),
            ours: unit(ours),
            baseline: baseline.map_or_else(|| "–".to_owned(), unit),
            ratio: ratio.filter(|_| shows_ratio).map_or_else(|| "–".to_owned(), times),
            target,
            part,
        }
    }

    /// Returns whether the target is met.
    pub(super) fn is_met(&self) -> bool {
        self.part <= 1.0
    }
}

/// Formats a ratio with three significant digits at most.
pub(super) fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2} ×") } else { format!("{ratio:.0} ×") }
}

/// Formats a time in the unit that suits it.
pub(super) fn seconds(time: f64) -> String {
    match time {
        10.0.. => format!("{time:.0} s"),
        1.0.. => format!("{time:.1} s"),
        1e-3.. => digits(time * 1e3, "ms"),
        _ => digits(time * 1e6, "µs"),
    }
}

fn bytes(bytes: f64) -> String {
    let kibibytes = bytes / 1024.0;
    if kibibytes < 1024.0 { digits(kibibytes, "KiB") } else { digits(kibibytes / 1024.0, "MiB") }
}

fn digits(value: f64, unit: &str) -> String {
    if value < 10.0 { format!("{value:.2} {unit}") } else { format!("{value:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::rows::ROWS;

    #[test]
    fn a_target_is_met_up_to_its_value() {
        let row = ROWS.iter().find(|row| row.name == "signatures").copied();
        let met = |ours| row.map(|row| Line::new(&row, Found { ours, baseline: None, ratio: None }).is_met());
        assert_eq!([0.0, 1.0, 2.0].map(met), [Some(false), Some(true), Some(false)]);
    }

    #[test]
    fn values_have_the_unit_that_suits_them() {
        let shown = [seconds(0.000_051), seconds(0.001_02), seconds(0.5), seconds(71.0), bytes(66_557.0), times(11.96)];
        assert_eq!(shown, ["51 µs", "1.02 ms", "500 ms", "71 s", "65 KiB", "12 ×"]);
    }
}
