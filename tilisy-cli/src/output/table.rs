//! Tables for people.

use comfy_table::{Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, presets};

use crate::text::clean;

/// A column: its heading, and whether it holds numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) is_number: bool,
}

impl Column {
    pub(crate) const fn text(heading: &'static str) -> Self {
        Self { heading, is_number: false }
    }

    pub(crate) const fn number(heading: &'static str) -> Self {
        Self { heading, is_number: true }
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
    let align = |cell: comfy_table::Cell, column: &Column| match column.is_number {
        true => cell.set_alignment(CellAlignment::Right),
        false => cell,
    };
    table.set_header(
        columns
            .iter()
            .map(|column| align(comfy_table::Cell::new(column.heading).add_attribute(Attribute::Bold), column)),
    );
    for row in rows {
        table.add_row(row.into_iter().zip(columns).map(|(cell, column)| {
            let shown = align(comfy_table::Cell::new(clean(&cell.text)), column);
            match cell.tone {
                Tone::Plain => shown,
                Tone::Good => shown.fg(Color::Green),
                Tone::Doubtful => shown.fg(Color::Yellow),
                Tone::Bad => shown.fg(Color::Red),
            }
        }));
    }
    for (column, kind) in table.column_iter_mut().zip(columns) {
        column.set_padding((0, 2));
        if kind.is_number {
            // A number on two lines is another number.
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}
