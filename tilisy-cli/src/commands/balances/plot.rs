//! A small plot of a balance over time, in characters.

use enablebanking_client::chrono::NaiveDate;
use enablebanking_client::rust_decimal::Decimal;
use enablebanking_client::rust_decimal::prelude::ToPrimitive as _;

/// The width and the height of the plot, in characters.
const WIDTH: usize = 60;
const HEIGHT: usize = 10;

/// Parts of a character's height, from the bottom.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws the days as columns. If there are more days than columns, each column shows the last of its days.
pub(super) fn plot(days: &[(NaiveDate, Decimal)]) -> String {
    let (Some((first, _)), Some((last, now))) = (days.first(), days.last()) else {
        return String::new();
    };
    let columns = columns(days);
    let amounts = columns.iter().copied();
    // Zero is on the plot, so that heights can be compared.
    let top = amounts.clone().max().unwrap_or_default().max(Decimal::ZERO);
    let bottom = amounts.min().unwrap_or_default().min(Decimal::ZERO);
    let heights: Vec<usize> = columns.iter().map(|amount| height(*amount, bottom, top)).collect();
    let labels = [(0, top), (HEIGHT - 1, bottom)].map(|(line, amount)| (line, amount.to_string()));
    let margin = labels.iter().map(|(_, label)| label.len()).max().unwrap_or_default();
    let mut text = String::new();
    for line in 0..HEIGHT {
        let label = labels.iter().find(|(at, _)| *at == line).map(|(_, label)| label.as_str()).unwrap_or_default();
        let floor = (HEIGHT - 1 - line) * 8;
        let bars: String = heights.iter().map(|height| BLOCKS[height.saturating_sub(floor).min(8)]).collect();
        text.push_str(format!("{label:>margin$} │{bars}").trim_end());
        text.push('\n');
    }
    let (first, ended) = (first.to_string(), last.to_string());
    let gap = columns.len().saturating_sub(first.len() + ended.len()).max(2);
    text.push_str(&format!("{:margin$} └{}\n", "", "─".repeat(columns.len())));
    text.push_str(&format!("{:margin$}  {first}{}{ended}: {now}", "", " ".repeat(gap)));
    text
}

fn columns(days: &[(NaiveDate, Decimal)]) -> Vec<Decimal> {
    let count = days.len().min(WIDTH);
    let last_of = |column: usize| ((column + 1) * days.len()).div_ceil(count.max(1)) - 1;
    (0..count).filter_map(|column| days.get(last_of(column))).map(|(_, amount)| *amount).collect()
}

/// Returns the height of an amount, in eighths of a line. The difference of two amounts can be too large for a decimal.
fn height(amount: Decimal, bottom: Decimal, top: Decimal) -> usize {
    let [amount, bottom, top] = [amount, bottom, top].map(|amount| amount.to_f64().unwrap_or_default());
    let range = top - bottom;
    let share = if range > 0.0 { (amount - bottom) / range } else { 0.0 };
    // As whole numbers of eighths, at least one: a day without a mark would look like a day that is missing.
    ((share * (HEIGHT * 8) as f64).round() as usize).clamp(1, HEIGHT * 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(amounts: &[i64]) -> Vec<(NaiveDate, Decimal)> {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default();
        first.iter_days().zip(amounts.iter().map(|amount| Decimal::new(*amount, 2))).collect()
    }

    #[test]
    fn a_plot_has_its_range_and_its_days() {
        insta::assert_snapshot!(plot(&days(&[0, 1_000, 2_000, 4_000, 8_000, 8_000, 4_000, -2_000, 100, 0])));
    }

    #[test]
    fn any_balances_can_be_plotted() {
        assert_eq!(plot(&[]), "");
        for amounts in [vec![0], vec![5], vec![-5], vec![7; 61], (0..1_000).collect::<Vec<_>>()] {
            let plot = plot(&days(&amounts));
            assert_eq!(plot.lines().count(), HEIGHT + 2, "{plot}");
        }
        let extreme = [Decimal::MIN, Decimal::MAX].map(|amount| (NaiveDate::MIN, amount));
        assert_eq!(plot(&extreme).lines().count(), HEIGHT + 2);
    }
}
