//! The output of a command: a table for people, or CSV and JSON for programs; on stdout or in a file.

mod cell;
mod csv_style;
mod encoder;
mod record;
mod table;
mod value;
mod workbook;

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

pub(crate) use self::cell::Cell;
pub(crate) use self::csv_style::CsvStyle;
pub(crate) use self::encoder::Encoder;
#[cfg(test)]
pub(crate) use self::record::check_columns;
pub(crate) use self::record::{Column, Json, Record, Tone};
use crate::disk::Whole;
use crate::failure::{Exit, Failure};
use crate::message::say;
use crate::text::{clean, clean_json};

/// The format and the target of output.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct Output {
    /// The format [default: by the extension of `--output`, or else a table].
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// The file to write, completely or not at all; stdout if not given. Only you can read it.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The columns of a table, CSV or workbook, by their names in CSV, such as `day,amount,counterparty`.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Option<Vec<String>>,
    /// The dialect of CSV.
    #[arg(long, value_name = "STYLE", default_value = "rfc4180")]
    csv_style: CsvStyle,
}

/// A format of output.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// A JSON array, an object on each line.
    Json,
    /// A JSON object on each line, without an array.
    Ndjson,
    /// Comma-separated values with a header, quoted by RFC 4180.
    Csv,
    /// A workbook for Excel and LibreOffice.
    Xlsx,
}

impl Format {
    /// Returns whether the format is written only when it is complete.
    pub(crate) const fn is_written_at_end(self) -> bool {
        matches!(self, Self::Table | Self::Xlsx)
    }
}

/// The selection of columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// The columns of tables and CSV by name, if not the default ones.
    pub(crate) columns: Option<Vec<String>>,
    /// The columns of JSON objects, if not the default ones.
    pub(crate) json: Option<&'static [&'static str]>,
    pub(crate) csv_style: CsvStyle,
}

/// File name extensions and their formats. A file without an extension is a table.
const EXTENSIONS: [(&str, Format); 6] = [
    ("csv", Format::Csv),
    ("json", Format::Json),
    ("ndjson", Format::Ndjson),
    ("jsonl", Format::Ndjson),
    ("txt", Format::Table),
    ("xlsx", Format::Xlsx),
];

impl Output {
    /// Returns the format.
    pub(crate) fn format(&self) -> Format {
        self.format.or_else(|| self.by_extension()).unwrap_or(Format::Table)
    }

    /// Refuses options that do not go together, before any request.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.check_extension()?;
        if self.csv_style != CsvStyle::Rfc4180 && self.format() != Format::Csv {
            return Err(Failure::new(Exit::Usage, "`--csv-style` is for CSV").hint("pass `--format csv` too"));
        }
        if self.format() == Format::Xlsx && self.is_on_screen() {
            return Err(Failure::new(Exit::Usage, "a workbook cannot be shown on a terminal")
                .hint("pass `--output FILE.xlsx`, or choose another `--format`"));
        }
        Ok(())
    }

    /// Refuses a file whose extension has no format.
    fn check_extension(&self) -> Result<(), Failure> {
        let Some(file) = self.output.as_ref().filter(|_| self.format.is_none()) else { return Ok(()) };
        if file.extension().is_none_or(|extension| extension.is_empty()) || self.by_extension().is_some() {
            return Ok(());
        }
        let known: Vec<_> = EXTENSIONS.iter().map(|(extension, _)| format!("`.{extension}`")).collect();
        let text = format!("the extension of `{}` has no format", file.display());
        Err(Failure::new(Exit::Usage, text)
            .hint(format!("the extensions are {}; `--format` goes with any other", known.join(", "))))
    }

    /// Returns the selection of columns of a kind of records.
    pub(crate) fn layout<R: Record>(&self) -> Result<Layout, Failure> {
        let csv_style = self.csv_style;
        let Some(names) = &self.columns else { return Ok(Layout { csv_style, ..Layout::default() }) };
        if matches!(self.format(), Format::Json | Format::Ndjson) {
            return Err(Failure::new(
                Exit::Usage,
                "`--columns` is for tables, CSV and workbooks: JSON has all properties",
            )
            .hint("leave `--columns` out, or choose another `--format`"));
        }
        let names: Vec<_> = names.iter().map(|name| name.trim().to_lowercase()).collect();
        if let Some(name) = names.iter().find(|name| record::column::<R>(name).is_none()) {
            let known: Vec<_> = R::COLUMNS.iter().map(|column| column.name).collect();
            let text = format!("no column is called `{}`", clean(name));
            return Err(Failure::new(Exit::Usage, text).hint(format!("the columns are {}", known.join(", "))));
        }
        Ok(Layout { columns: Some(names), json: None, csv_style })
    }

    pub(crate) const fn csv_style(&self) -> CsvStyle {
        self.csv_style
    }

    /// Returns whether columns were asked for by name.
    pub(crate) const fn chooses_columns(&self) -> bool {
        self.columns.is_some()
    }

    fn by_extension(&self) -> Option<Format> {
        let extension = self.output.as_ref()?.extension()?.to_ascii_lowercase();
        EXTENSIONS.iter().find(|(known, _)| extension == *known).map(|(_, format)| *format)
    }

    /// Returns the file to write, if it is not stdout.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        self.output.as_ref()
    }

    /// Writes records. A table without records is the text `empty`.
    pub(crate) fn records<R: Record>(&self, records: &[R], empty: &str) -> Result<(), Failure> {
        let mut encoder = Encoder::new(self.format(), &self.layout::<R>()?, self.is_on_screen(), empty)?;
        records.iter().try_for_each(|record| encoder.record(record))?;
        let (bytes, left_out) = encoder.finish()?;
        self.put(&bytes)?;
        say_left_out(&left_out);
        Ok(())
    }

    /// Writes bytes as they are.
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

    /// Returns whether the output goes to a terminal.
    pub(crate) fn is_on_screen(&self) -> bool {
        self.output.is_none() && io::stdout().is_terminal()
    }
}

/// Reports the columns for which a terminal has no room.
pub(crate) fn say_left_out(headings: &[String]) {
    if !headings.is_empty() {
        let names = headings.join(", ");
        say(&format!("(no room for {names}: widen the terminal, or choose columns with `--columns`)"));
    }
}

/// Writes output of a format to stdout. The cells of a table are clean already, and its colours are ours.
pub(crate) fn show(format: Format, bytes: &[u8]) -> Result<(), Failure> {
    if format.is_written_at_end() || !io::stdout().is_terminal() {
        return to_stdout(bytes);
    }
    to_stdout(on_terminal(format, &String::from_utf8_lossy(bytes)).as_bytes())
}

/// Returns data without characters that a terminal would obey, or that a reader would not see. CSV has no escapes, so they
/// are replaced there. Programs get the data as it is.
fn on_terminal(format: Format, text: &str) -> Cow<'_, str> {
    match format {
        Format::Json | Format::Ndjson => clean_json(text),
        Format::Csv | Format::Table | Format::Xlsx => text.split('\n').map(clean).collect::<Vec<_>>().join("\n").into(),
    }
}

/// Writes to stdout.
pub(crate) fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush())?;
    Ok(())
}

/// Returns the failure of output that cannot be encoded.
pub(crate) fn odd(error: impl std::error::Error) -> Failure {
    Failure::new(Exit::Other, "the output cannot be encoded").because(error)
}
