//! The counts as a table.

use super::baseline::{Baseline, State, states};
use super::measures::{Count, Goal, MEASURES, Measure};
use super::tally::Tally;

/// Prints a row for each crate: rates, and in parentheses those of the baseline. `!` marks what fails.
pub fn table(tallies: &[Tally], baseline: &Baseline) -> String {
    let titles = MEASURES.iter().map(|measure| measure.title.to_owned());
    let goals = MEASURES.iter().map(|measure| match measure.goal {
        Goal::AtMost(goal) => format!("≤ {}", rate(measure, goal)),
        Goal::AtLeast(goal) => format!("≥ {}", rate(measure, goal)),
    });
    let mut rows: Vec<Vec<String>> = vec![
        ["".to_owned(), "words".to_owned()].into_iter().chain(titles).collect(),
        ["goal".to_owned(), "".to_owned()].into_iter().chain(goals).collect(),
    ];
    for tally in tallies {
        let cells = states(tally, baseline).map(|(measure, now, known, state)| cell(measure, now, known, state));
        rows.push([tally.name.clone(), tally.words.to_string()].into_iter().chain(cells).collect());
    }
    align(&rows)
}

fn cell(measure: &Measure, now: Count, known: Option<Count>, state: State) -> String {
    let mark = if state.fails() { "!" } else { "" };
    let known = known.map(|known| format!(" ({})", rate(measure, known))).unwrap_or_default();
    format!("{mark}{}{known}", rate(measure, now))
}

/// Returns a rate with one digit after the point, rounded.
pub fn rate(measure: &Measure, count: Count) -> String {
    let of = u128::from(count.of.max(1));
    let tenths = (u128::from(count.count) * u128::from(measure.per) * 10 + of / 2) / of;
    match tenths % 10 {
        0 => format!("{}", tenths / 10),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

/// Aligns the first column to the left and the others to the right.
fn align(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |row: &Vec<String>| {
        let cells = row.iter().enumerate().map(|(column, cell)| match column {
            0 => format!("{cell:<width$}", width = width(0)),
            column => format!("  {cell:>width$}", width = width(column)),
        });
        format!("{}\n", cells.collect::<String>().trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_to_one_digit() {
        let check = |measure: &Measure, count, of, expected: &str| {
            assert_eq!(rate(measure, Count { count, of }), expected, "{count}/{of}");
        };
        let [openings, nothing, ..] = &MEASURES;
        check(openings, 1, 3, "33.3");
        check(openings, 3, 100, "3");
        check(nothing, 1, 3, "3333.3");
        check(nothing, 199, 10_000, "199");
        check(nothing, 1999, 100_000, "199.9");
        check(nothing, 19_996, 1_000_000, "200");
        check(nothing, 0, 0, "0");
    }
}
