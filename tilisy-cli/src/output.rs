//! What a command gives: as a table for people, or as JSON and CSV for programs; on stdout or in a file.

mod file;
mod table;

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use self::file::{Whole, is_special, is_written, target};
pub(crate) use self::table::{Cell, Column, Tone, table};
use crate::failure::{Exit, Failure};
use crate::text::{clean, clean_json};

/// Where the output goes, and how it is written.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// How to write it [default: by the ending of `--output`, or else a table].
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The file to write, whole or not at all; stdout if not given. Only you can read it.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How output is written.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One JSON array.
    Json,
    /// A JSON object on each line.
    Ndjson,
    /// Comma-separated values, with a line of names; quoted as RFC 4180 has it.
    Csv,
}

/// The endings of files, and the formats that they stand for. A file without an ending has a table.
const ENDINGS: [(&str, Format); 5] = [
    ("csv", Format::Csv),
    ("json", Format::Json),
    ("ndjson", Format::Ndjson),
    ("jsonl", Format::Ndjson),
    ("txt", Format::Table),
];

/// A row of output.
pub(crate) trait Row: Serialize {
    /// The names of what is serialized, in their order: those of the columns in CSV.
    const FIELDS: &'static [&'static str];
    /// The columns of the table.
    const COLUMNS: &'static [Column];

    /// What stands in the columns of the table.
    fn cells(&self) -> Vec<Cell>;
}

impl Output {
    /// How to write it.
    pub(crate) fn format(&self) -> Format {
        self.format.or_else(|| self.by_ending()).unwrap_or(Format::Table)
    }

    /// Refuses a file whose ending stands for no format, before anything is requested.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let Some(file) = self.output.as_ref().filter(|_| self.format.is_none()) else { return Ok(()) };
        if file.extension().is_none_or(|ending| ending.is_empty()) || self.by_ending().is_some() {
            return Ok(());
        }
        let known: Vec<_> = ENDINGS.iter().map(|(ending, _)| format!("`.{ending}`")).collect();
        Err(Failure::new(Exit::Usage, format!("the ending of `{}` stands for no format", file.display()))
            .hint(format!("the endings are {}; `--format` goes with any other", known.join(", "))))
    }

    fn by_ending(&self) -> Option<Format> {
        let ending = self.output.as_ref()?.extension()?.to_ascii_lowercase();
        ENDINGS.iter().find(|(known, _)| ending == *known).map(|(_, format)| *format)
    }

    /// The file to write, if it is not stdout.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        self.output.as_ref()
    }

    /// Gives rows, of which `empty` says that there are none.
    pub(crate) fn rows<R: Row>(&self, rows: &[R], empty: &str) -> Result<(), Failure> {
        let text = match self.format() {
            Format::Table if rows.is_empty() => format!("{empty}\n").into_bytes(),
            Format::Table => table(R::COLUMNS, rows.iter().map(Row::cells), self.is_on_screen()).into_bytes(),
            Format::Json => {
                let mut text = serde_json::to_vec_pretty(rows).map_err(odd)?;
                text.push(b'\n');
                text
            }
            Format::Ndjson => {
                let mut text = Vec::new();
                for row in rows {
                    serde_json::to_writer(&mut text, row).map_err(odd)?;
                    text.push(b'\n');
                }
                text
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(Vec::new());
                csv.write_record(R::FIELDS).map_err(odd)?;
                for row in rows {
                    csv.write_record(fields::<R>(row)?).map_err(odd)?;
                }
                csv.into_inner().map_err(odd)?
            }
        };
        self.put(&text)
    }

    /// Gives bytes as they are.
    pub(crate) fn put(&self, bytes: &[u8]) -> Result<(), Failure> {
        match &self.output {
            Some(file) => {
                let mut whole = Whole::begin(file)?;
                whole.write(bytes)?;
                whole.keep()
            }
            None => show(self.format(), bytes),
        }
    }

    /// Whether people see it as it comes.
    pub(crate) fn is_on_screen(&self) -> bool {
        self.output.is_none() && io::IsTerminal::is_terminal(&io::stdout())
    }
}

/// Writes output of a format to stdout. The cells of a table are clean already, and its colours are ours.
pub(crate) fn show(format: Format, bytes: &[u8]) -> Result<(), Failure> {
    if format == Format::Table || !io::IsTerminal::is_terminal(&io::stdout()) {
        return to_stdout(bytes);
    }
    to_stdout(on_terminal(format, &String::from_utf8_lossy(bytes)).as_bytes())
}

/// Data as a terminal shows it: with no character that it would obey, or that a reader would not see. CSV has no
/// escapes, so that a stand-in must do. Programs get the data as it is.
fn on_terminal(format: Format, text: &str) -> Cow<'_, str> {
    match format {
        Format::Json | Format::Ndjson => clean_json(text),
        Format::Csv | Format::Table => text.split('\n').map(clean).collect::<Vec<_>>().join("\n").into(),
    }
}

/// Writes to stdout.
pub(crate) fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush())?;
    Ok(())
}

/// The fields of a row as texts.
fn fields<R: Row>(row: &R) -> Result<Vec<String>, Failure> {
    let value = serde_json::to_value(row).map_err(odd)?;
    Ok(R::FIELDS.iter().map(|name| value.get(name).map(field).unwrap_or_default()).collect())
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(field).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// What cannot happen with the rows there are.
pub(crate) fn odd(error: impl std::error::Error) -> Failure {
    Failure::new(Exit::Other, "the output cannot be put together").because(error)
}

/// The names in a row of this kind, as they are serialized.
#[cfg(test)]
pub(crate) fn check_fields<R: Row>(row: &R) {
    let text = serde_json::to_string(row).unwrap_or_default();
    let mut last = 0;
    for name in R::FIELDS {
        let place = text.find(&format!("\"{name}\":"));
        assert!(place.is_some_and(|place| place >= last), "`{name}` in {text}");
        last = place.unwrap_or_default();
    }
    let keys = serde_json::to_value(row).ok().and_then(|value| value.as_object().map(serde_json::Map::len));
    assert_eq!(keys, Some(R::FIELDS.len()));
    assert_eq!(row.cells().len(), R::COLUMNS.len());
}
