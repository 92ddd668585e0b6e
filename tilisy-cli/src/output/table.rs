//! Tables for people.

use comfy_table::{Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, presets};

use crate::text::on_one_line;

/// A column: its heading, and what it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    heading: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// Goes on in the next line where there is no room.
    Text,
    /// Stays on one line: half a day or an account's number is another one, or none.
    Word,
    /// The same, at the right.
    Number,
    /// The same, and is left out where there is no room for all.
    Extra,
}

impl Column {
    pub(crate) const fn text(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Text }
    }

    pub(crate) const fn word(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Word }
    }

    pub(crate) const fn number(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Number }
    }

    pub(crate) const fn extra(heading: &'static str) -> Self {
        Self { heading, kind: Kind::Extra }
    }
}

/// What a cell says beyond its text. Where there is no colour, nothing.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Good,
    Doubtful,
    Bad,
}

/// The content of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) tone: Tone,
}

impl Cell {
    pub(crate) fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), tone: Tone::Plain }
    }
}

/// How wide the widest text of a column may be before it is wrapped, where columns are left out for want of room.
const READABLE: usize = 24;

/// Which columns are shown in a width: extra ones give way from the right, as long as what is left does not fit.
fn shown(columns: &[Column], rows: &[Vec<Cell>], width: Option<u16>) -> Vec<bool> {
    let widest = |index: usize, column: &Column| {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.text.chars().count());
        let widest = cells.max().unwrap_or_default();
        let least = if column.kind == Kind::Text { widest.min(READABLE) } else { widest };
        least.max(column.heading.chars().count()) + 2
    };
    let widths: Vec<_> = columns.iter().enumerate().map(|(index, column)| widest(index, column)).collect();
    let mut shown = vec![true; columns.len()];
    let Some(width) = width else { return shown };
    for index in (0..columns.len()).rev() {
        let all: usize = widths.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(width, _)| width).sum();
        if all > usize::from(width) && columns[index].kind == Kind::Extra {
            shown[index] = false;
        }
    }
    shown
}

/// A table. On a screen it is as wide as that and may have colours, elsewhere as wide as its content.
pub(crate) fn table(columns: &[Column], rows: impl Iterator<Item = Vec<Cell>>, is_on_screen: bool) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING);
    // Some terminals do not know how wide they are, and say 0.
    let width = table.width().filter(|width| is_on_screen && *width > 0);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    if is_on_screen && anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never {
        table.enforce_styling();
    } else {
        // No colour, and nothing bold either.
        table.force_no_tty();
    }
    let rows: Vec<_> = rows.collect();
    let shown = shown(columns, &rows, width);
    let columns: Vec<_> = columns.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(column, _)| column).collect();
    let align = |cell: comfy_table::Cell, column: &Column| match column.kind {
        Kind::Number => cell.set_alignment(CellAlignment::Right),
        _ => cell,
    };
    if columns.iter().any(|column| !column.heading.is_empty()) {
        table.set_header(
            columns
                .iter()
                .map(|column| align(comfy_table::Cell::new(column.heading).add_attribute(Attribute::Bold), column)),
        );
    }
    for row in rows {
        let cells = row.into_iter().zip(&shown).filter(|(_, shown)| **shown).map(|(cell, _)| cell);
        table.add_row(cells.zip(&columns).map(|(cell, column)| {
            let content = align(comfy_table::Cell::new(on_one_line(&cell.text)), column);
            match cell.tone {
                Tone::Plain => content,
                Tone::Good => content.fg(Color::Green),
                Tone::Doubtful => content.fg(Color::Yellow),
                Tone::Bad => content.fg(Color::Red),
            }
        }));
    }
    for (column, of) in table.column_iter_mut().zip(&columns) {
        column.set_padding((0, 2));
        if of.kind != Kind::Text {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_columns_give_way_from_the_right() {
        let columns = [Column::word("A"), Column::extra("B"), Column::text("C"), Column::extra("D")];
        let row = |texts: [&str; 4]| texts.map(Cell::from).to_vec();
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
