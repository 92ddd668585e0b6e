//! Writes records in a format.

use std::borrow::Cow;

use super::csv_style::CsvRows;
use super::record::{Column, Json, Record, Tone, column};
use super::table::{Drawing, draw};
use super::value::Value;
use super::workbook::Workbook;
use super::{Cell, Format, Layout, odd};
use crate::failure::Failure;

/// Writes records as bytes of a format, one after another.
pub(crate) struct Encoder<R: Record> {
    columns: Vec<&'static Column<R>>,
    /// Set by `--columns`.
    are_chosen: bool,
    wrapped: Vec<&'static Column<R>>,
    format: State,
    /// Set after the first record.
    is_started: bool,
    /// The bytes that are not taken yet.
    bytes: Vec<u8>,
    /// The text of a table without records.
    empty: String,
}

/// The state of a format between two records.
enum State {
    Csv(Box<CsvRows>),
    Json,
    Ndjson,
    /// The width of a column is known after the last record.
    Table {
        groups: Vec<Group>,
        is_on_screen: bool,
    },
    Xlsx(Box<Workbook>),
}

/// Records under one heading.
struct Group {
    label: Option<String>,
    rows: Vec<Vec<(String, Tone)>>,
}

impl<R: Record> Encoder<R> {
    /// Creates an encoder. A table without records is the text `empty`.
    pub(crate) fn new(format: Format, layout: &Layout, is_on_screen: bool, empty: &str) -> Result<Self, Failure> {
        let chosen = layout.columns.as_deref();
        let columns: Vec<_> = match (chosen, format) {
            (Some(names), _) => names.iter().filter_map(|name| column(name)).collect(),
            (None, Format::Table) => R::TABLE.iter().filter_map(|name| column(name)).collect(),
            (None, _) => default_columns(),
        };
        let wrapped = match (layout.json, R::JSON) {
            (Some(names), _) => names.iter().filter_map(|name| column(name)).collect(),
            (None, Json::With { columns, .. }) => columns.iter().filter_map(|name| column(name)).collect(),
            (None, Json::Columns) => default_columns(),
            (None, Json::Resource) => Vec::new(),
        };
        let names: Vec<_> = columns.iter().map(|column| column.name).collect();
        let mut bytes = Vec::new();
        let format = match format {
            Format::Csv => {
                let mut rows = CsvRows::new(layout.csv_style, &names)?;
                bytes = rows.take()?;
                State::Csv(Box::new(rows))
            }
            Format::Json => {
                bytes.push(b'[');
                State::Json
            }
            Format::Ndjson => State::Ndjson,
            Format::Table => State::Table { groups: Vec::new(), is_on_screen },
            Format::Xlsx => State::Xlsx(Box::new(Workbook::new("tilisy", &names)?)),
        };
        let are_chosen = chosen.is_some();
        Ok(Self { columns, are_chosen, wrapped, format, is_started: false, bytes, empty: empty.to_owned() })
    }

    /// Continues output that has records already: the bytes before the first one are omitted.
    pub(crate) fn continued(mut self) -> Self {
        self.bytes.clear();
        self.is_started = true;
        self
    }

    /// Returns whether there is output only at the end, as a table for people.
    pub(crate) const fn is_table(&self) -> bool {
        matches!(self.format, State::Table { .. })
    }

    /// Starts records under a heading, which tables show.
    pub(crate) fn group(&mut self, label: &str) {
        if let State::Table { groups, .. } = &mut self.format
            && groups.last().is_none_or(|group| group.label.as_deref() != Some(label))
        {
            groups.push(Group { label: Some(label.to_owned()), rows: Vec::new() });
        }
    }

    /// Adds a record.
    pub(crate) fn record(&mut self, record: &R) -> Result<(), Failure> {
        match &mut self.format {
            State::Csv(rows) => with_values(&self.columns, record, |values| rows.row(values))?,
            State::Xlsx(workbook) => with_values(&self.columns, record, |values| workbook.row(values))?,
            State::Json => {
                self.bytes.extend_from_slice(if self.is_started { b",\n" } else { b"\n" });
                object(&self.wrapped, record, &mut self.bytes).map_err(odd)?;
            }
            State::Ndjson => {
                object(&self.wrapped, record, &mut self.bytes).map_err(odd)?;
                self.bytes.push(b'\n');
            }
            State::Table { groups, .. } => {
                let cell = |column: &&Column<R>| (drawn(&(column.cell)(record)), (column.tone)(record));
                let row = self.columns.iter().map(cell).collect();
                match groups.last_mut() {
                    Some(group) => group.rows.push(row),
                    None => groups.push(Group { label: None, rows: vec![row] }),
                }
            }
        }
        self.is_started = true;
        Ok(())
    }

    /// Returns the bytes of the records since the last call.
    pub(crate) fn take(&mut self) -> Result<Vec<u8>, Failure> {
        let mut bytes = std::mem::take(&mut self.bytes);
        if let State::Csv(rows) = &mut self.format {
            bytes.extend(rows.take()?);
        }
        Ok(bytes)
    }

    /// Returns the bytes after the last record, and the headings of columns for which a terminal has no room.
    pub(crate) fn finish(&mut self) -> Result<(Vec<u8>, Vec<String>), Failure> {
        let mut bytes = self.take()?;
        let mut left_out = Vec::new();
        match std::mem::replace(&mut self.format, State::Ndjson) {
            State::Csv(_) | State::Ndjson => {}
            State::Json => bytes.extend_from_slice(if self.is_started { b"\n]\n" } else { b"]\n" }),
            State::Table { groups, is_on_screen } => {
                let (tables, missing) = self.tables(groups, is_on_screen);
                bytes.extend(tables);
                left_out = missing;
            }
            State::Xlsx(workbook) => bytes.extend(workbook.finish()?),
        }
        Ok((bytes, left_out))
    }

    fn tables(&self, groups: Vec<Group>, is_on_screen: bool) -> (Vec<u8>, Vec<String>) {
        let groups: Vec<_> = groups.into_iter().filter(|group| !group.rows.is_empty()).collect();
        if groups.is_empty() {
            return (format!("{}\n", self.empty).into_bytes(), Vec::new());
        }
        let heading = |column: &&Column<R>| {
            let heading = if self.are_chosen { column.named_heading() } else { column.heading.to_owned() };
            (heading, column.kind)
        };
        let headings: Vec<_> = self.columns.iter().map(heading).collect();
        let (mut tables, mut left_out) = (Vec::new(), Vec::<String>::new());
        for Group { label, rows } in groups {
            let Drawing { text, missing } = draw(&headings, rows, is_on_screen, self.are_chosen);
            tables.push(label.map_or_else(|| text.clone(), |label| format!("{label}\n{text}")));
            left_out.extend(missing.into_iter().filter(|name| !left_out.contains(name)).collect::<Vec<_>>());
        }
        (tables.join("\n").into_bytes(), left_out)
    }
}

/// A value as a table shows it.
fn drawn(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Bool(true) => "yes".to_owned(),
        Cell::Bool(false) => "no".to_owned(),
        Cell::List(list) => list.join(", "),
        other => other.as_text().into_owned(),
    }
}

/// Calls a function with the values of a record.
fn with_values<R>(
    columns: &[&Column<R>],
    record: &R,
    write: impl FnOnce(&[Value<'_>]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cells: Vec<_> = columns.iter().map(|column| (column.cell)(record)).collect();
    let texts: Vec<_> = cells.iter().map(text).collect();
    let values: Vec<_> = cells.iter().zip(&texts).map(|(cell, text)| value(cell, text)).collect();
    write(&values)
}

/// Returns the text of a cell that is written as text.
fn text<'a>(cell: &'a Cell<'_>) -> Cow<'a, str> {
    match cell {
        Cell::Text(_) | Cell::List(_) => cell.as_text(),
        Cell::Empty | Cell::Amount(_) | Cell::Number(_) | Cell::Date(_) | Cell::Bool(_) => Cow::Borrowed(""),
    }
}

fn value<'a>(cell: &Cell<'_>, text: &'a str) -> Value<'a> {
    match cell {
        Cell::Empty => Value::Empty,
        Cell::Text(_) | Cell::List(_) => Value::Text(text),
        Cell::Amount(amount) => Value::Amount(*amount),
        Cell::Number(number) => Value::Amount((*number).into()),
        Cell::Date(date) => Value::Date(*date),
        Cell::Bool(value) => Value::Bool(*value),
    }
}

fn default_columns<R: Record>() -> Vec<&'static Column<R>> {
    R::COLUMNS.iter().filter(|column| column.is_default).collect()
}

/// A JSON object: some columns, and the object of the API.
fn object<R: Record>(columns: &[&Column<R>], record: &R, json: &mut Vec<u8>) -> serde_json::Result<()> {
    let resource = match R::JSON {
        Json::Resource => return record.write_resource(json),
        Json::With { resource, .. } => Some(resource),
        Json::Columns => None,
    };
    json.push(b'{');
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        serde_json::to_writer(&mut *json, column.name)?;
        json.push(b':');
        (column.cell)(record).write_json(json)?;
    }
    if let Some(name) = resource {
        if !columns.is_empty() {
            json.push(b',');
        }
        serde_json::to_writer(&mut *json, name)?;
        json.push(b':');
        record.write_resource(json)?;
    }
    json.push(b'}');
    Ok(())
}
