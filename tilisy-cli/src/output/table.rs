//! Tables for people.

use comfy_table::{Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, presets};

use super::record::{Kind, Tone};
use crate::text::on_one_line;

/// A table as text.
pub(super) struct Drawing {
    pub(super) text: String,
    /// The headings of columns for which the terminal has no room.
    pub(super) missing: Vec<String>,
}

/// The width from which a text is wrapped while other columns are left out for want of room.
const READABLE: usize = 24;

/// Returns which columns are shown in a width: as long as the rest does not fit, extra ones are left out from the right.
fn shown(columns: &[(String, Kind)], rows: &[Vec<(String, Tone)>], width: Option<u16>) -> Vec<bool> {
    let widest = |index: usize, (heading, kind): &(String, Kind)| {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(|(text, _)| text.chars().count());
        let widest = cells.max().unwrap_or_default();
        let least = if *kind == Kind::Text { widest.min(READABLE) } else { widest };
        least.max(heading.chars().count()) + 2
    };
    let widths: Vec<_> = columns.iter().enumerate().map(|(index, column)| widest(index, column)).collect();
    let mut shown = vec![true; columns.len()];
    let Some(width) = width else { return shown };
    for index in (0..columns.len()).rev() {
        let all: usize = widths.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(width, _)| width).sum();
        if all > usize::from(width) && columns[index].1 == Kind::Extra {
            shown[index] = false;
        }
    }
    shown
}

/// Draws a table. On a terminal it is as wide as that and may have colours, elsewhere as wide as its content. All columns
/// are shown if the user `chose` them.
pub(super) fn draw(
    columns: &[(String, Kind)],
    rows: Vec<Vec<(String, Tone)>>,
    is_on_screen: bool,
    chose: bool,
) -> Drawing {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING);
    // Some terminals report a width of 0.
    let width = table.width().filter(|width| is_on_screen && *width > 0);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    if is_on_screen && anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never {
        table.enforce_styling();
    } else {
        // No colours, and no bold text either.
        table.force_no_tty();
    }
    let shown = shown(columns, &rows, width.filter(|_| !chose));
    let of = |wanted: bool| columns.iter().zip(&shown).filter(move |(_, shown)| **shown == wanted);
    let missing = of(false).map(|((heading, _), _)| heading.clone()).collect();
    let columns: Vec<_> = of(true).map(|(column, _)| column).collect();
    let align = |cell: comfy_table::Cell, kind: Kind| match kind {
        Kind::Number => cell.set_alignment(CellAlignment::Right),
        _ => cell,
    };
    if columns.iter().any(|(heading, _)| !heading.is_empty()) {
        let heading = |heading: &str| comfy_table::Cell::new(heading).add_attribute(Attribute::Bold);
        table.set_header(columns.iter().map(|(text, kind)| align(heading(text), *kind)));
    }
    for row in rows {
        let cells = row.into_iter().zip(&shown).filter(|(_, shown)| **shown).map(|(cell, _)| cell);
        table.add_row(cells.zip(&columns).map(|((text, tone), (_, kind))| {
            let content = align(comfy_table::Cell::new(on_one_line(&text)), *kind);
            match tone {
                Tone::Plain => content,
                Tone::Good => content.fg(Color::Green),
                Tone::Doubtful => content.fg(Color::Yellow),
                Tone::Bad => content.fg(Color::Red),
            }
        }));
    }
    for (column, (_, kind)) in table.column_iter_mut().zip(&columns) {
        column.set_padding((0, 2));
        if *kind != Kind::Text {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let text = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    Drawing { text, missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_columns_are_left_out_from_the_right() {
        let columns = [("A", Kind::Word), ("B", Kind::Extra), ("C", Kind::Text), ("D", Kind::Extra)];
        let columns = columns.map(|(heading, kind)| (heading.to_owned(), kind));
        let row = |texts: [&str; 4]| texts.map(|text| (text.to_owned(), Tone::Plain)).to_vec();
        let long = "so long that it would be wrapped in any case";
        let rows = [row(["12345678", "12345678", long, "12345678"]), row(["1", "2", "3", "4"])];
        let seen = |width| shown(&columns, &rows, width);
        assert_eq!(seen(None), [true; 4]);
        assert_eq!(seen(Some(56)), [true; 4]);
        assert_eq!(seen(Some(55)), [true, true, true, false]);
        assert_eq!(seen(Some(45)), [true, false, true, false]);
        assert_eq!(seen(Some(1)), [true, false, true, false]);
    }
}
