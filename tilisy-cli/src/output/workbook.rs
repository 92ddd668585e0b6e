//! Spreadsheets in the format of Excel (`.xlsx`), with one sheet.
//!
//! We write the format ourselves: `rust_xlsxwriter` either keeps all cells in memory (800 MB for 200,000 rows of 20
//! cells) or buffers them in a temporary file and panics if the disk is full. Here rows are compressed as they are
//! added, so that memory holds only the compressed file, and no account data gets into a temporary folder.

mod archive;
mod parts;

use std::fmt::Write as _;

use enablebanking_client::chrono::{Datelike as _, NaiveDate};

use self::archive::{Entry, Packer, archive};
use self::parts::{escape, letters};
use super::value::{EXACT_DIGITS, Value, is_exact};
use crate::failure::{Exit, Failure};

/// The most rows of a sheet, the headings among them.
const MOST_ROWS: u32 = 1_048_576;

/// The most columns of a sheet.
const MOST_COLUMNS: usize = 16_384;

/// The most UTF-16 units in a cell.
const MOST_UNITS: usize = 32_767;

/// The rows that decide about the widths of columns, which are written before the rows.
const MEASURED_ROWS: u32 = 200;

/// The bytes of rows that are compressed at once.
const CHUNK: usize = 1 << 16;

/// The bounds of the width of a column, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// The space beside a value, and the button of the filter beside a heading, in characters.
const MARGIN: usize = 2;
const BUTTON: usize = 3;

/// A spreadsheet that is being written.
///
/// Amounts are numbers that show all their decimals, and days are dates. Texts have the format of text, and are never
/// formulas or links. The same rows give the same bytes.
pub(crate) struct Workbook {
    sheet: String,
    headings: Vec<String>,
    letters: Vec<String>,
    widths: Vec<usize>,
    rows: u32,
    /// Rows that are not compressed yet; the first ones wait for the widths.
    pending: String,
    is_started: bool,
    packer: Packer,
}

impl Workbook {
    /// Starts a spreadsheet with a row of headings.
    ///
    /// # Errors
    ///
    /// Returns an error if Excel does not allow the name of the sheet or a heading, or if there are too many headings.
    pub(crate) fn new(sheet: &str, headings: &[&str]) -> Result<Self, Failure> {
        let is_allowed = (1..=31).contains(&sheet.encode_utf16().count())
            && !sheet.contains(['[', ']', ':', '*', '?', '/', '\\'])
            && !sheet.contains(char::is_control)
            && !sheet.starts_with('\'')
            && !sheet.ends_with('\'')
            && !sheet.eq_ignore_ascii_case("history");
        if !is_allowed {
            return Err(Failure::new(Exit::Other, "a sheet cannot have this name")
                .hint("names have 1 to 31 characters, and none of `[]:*?/\\`"));
        }
        if headings.is_empty() || headings.len() > MOST_COLUMNS {
            let text = format!("a spreadsheet cannot have {} columns (it has 1 to 16,384)", headings.len());
            return Err(Failure::new(Exit::Other, text));
        }
        let mut workbook = Self {
            sheet: sheet.to_owned(),
            headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
            letters: (0..headings.len()).map(letters).collect(),
            widths: headings.iter().map(|heading| heading.chars().count() + BUTTON).collect(),
            rows: 0,
            pending: String::new(),
            is_started: false,
            packer: Packer::new(),
        };
        let cells: Vec<_> = headings.iter().copied().map(Value::Text).collect();
        workbook.write(&cells, parts::HEADING)?;
        Ok(workbook)
    }

    /// Adds a row.
    ///
    /// Days before 1 March 1900 and after the year 9999 are written as text: spreadsheet programs disagree about the
    /// former, and have none of the latter.
    ///
    /// # Errors
    ///
    /// Returns an error if the sheet is full, an amount has more digits than a spreadsheet keeps, a text is too long
    /// for a cell, or the row does not have as many cells as there are headings. Such a row is not added. Also returns
    /// an error if the sheet gets larger than the format allows, after which the spreadsheet cannot be finished.
    pub(crate) fn row(&mut self, cells: &[Value<'_>]) -> Result<(), Failure> {
        self.write(cells, parts::TEXT)
    }

    /// Returns the file.
    ///
    /// # Errors
    ///
    /// Returns an error if the file gets larger than the format allows.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Failure> {
        self.flush()?;
        let last = self.letters.last().map(String::as_str).unwrap_or_default();
        let rows = self.rows;
        self.packer.add(&parts::sheet_end(&format!("A1:{last}{rows}")))?;
        archive(vec![
            Entry::new("[Content_Types].xml", parts::CONTENT_TYPES)?,
            Entry::new("_rels/.rels", parts::PACKAGE_RELATIONSHIPS)?,
            Entry::new("xl/workbook.xml", &parts::workbook(&self.sheet, &format!("$A$1:${last}${rows}")))?,
            Entry::new("xl/_rels/workbook.xml.rels", parts::WORKBOOK_RELATIONSHIPS)?,
            Entry::new("xl/styles.xml", &parts::styles())?,
            self.packer.finish("xl/worksheets/sheet1.xml")?,
        ])
    }

    fn write(&mut self, cells: &[Value<'_>], style_of_texts: u32) -> Result<(), Failure> {
        self.check(cells)?;
        self.rows += 1;
        let _ = write!(self.pending, r#"<row r="{}">"#, self.rows);
        for (column, cell) in cells.iter().enumerate() {
            self.cell(column, *cell, style_of_texts);
        }
        self.pending.push_str("</row>");
        if self.rows < MEASURED_ROWS || self.is_started && self.pending.len() < CHUNK {
            return Ok(());
        }
        self.flush()
    }

    /// Refuses a row with a value that the format cannot hold.
    fn check(&self, cells: &[Value<'_>]) -> Result<(), Failure> {
        let row = self.rows + 1;
        if self.rows >= MOST_ROWS {
            let text = "a spreadsheet has at most 1,048,576 rows, which is the limit of the format";
            return Err(
                Failure::new(Exit::Other, text).hint("choose a shorter period or fewer accounts, or write CSV or JSON")
            );
        }
        if cells.len() != self.headings.len() {
            let text = format!("row {row} has {} values for {} columns", cells.len(), self.headings.len());
            return Err(Failure::new(Exit::Other, text));
        }
        for (cell, heading) in cells.iter().zip(&self.headings) {
            let problem = match cell {
                Value::Amount(amount) if !is_exact(*amount) => {
                    format!("the amount has more than the {EXACT_DIGITS} digits that a spreadsheet keeps")
                }
                // A UTF-16 unit is at least one byte of UTF-8.
                Value::Text(text) if text.len() > MOST_UNITS && text.encode_utf16().count() > MOST_UNITS => {
                    "the text is longer than the 32,767 characters of a cell".to_owned()
                }
                _ => continue,
            };
            return Err(Failure::new(Exit::Other, format!("row {row}, column `{heading}`: {problem}"))
                .hint("write CSV or JSON, which have no such limit"));
        }
        Ok(())
    }

    fn cell(&mut self, column: usize, cell: Value<'_>, style_of_texts: u32) {
        let (letters, row) = (&self.letters[column], self.rows);
        let xml = &mut self.pending;
        // Writing to a string cannot fail.
        let width = match cell {
            Value::Empty => return,
            Value::Bool(value) => {
                let _ = write!(xml, r#"<c r="{letters}{row}" t="b"><v>{}</v></c>"#, u8::from(value));
                "FALSE".len()
            }
            Value::Amount(amount) => {
                let style = parts::amount(amount.scale());
                let _ = write!(xml, r#"<c r="{letters}{row}" s="{style}"><v>{amount}</v></c>"#);
                amount.to_string().len()
            }
            Value::Date(day) => match serial(day) {
                Some(serial) => {
                    let _ = write!(xml, r#"<c r="{letters}{row}" s="{}"><v>{serial}</v></c>"#, parts::DATE);
                    "yyyy-mm-dd".len()
                }
                None => return self.cell(column, Value::Text(&day.to_string()), style_of_texts),
            },
            Value::Text(text) => {
                let _ = write!(xml, r#"<c r="{letters}{row}" s="{style_of_texts}" t="inlineStr"><is>"#);
                xml.push_str(r#"<t xml:space="preserve">"#);
                escape(text, xml);
                xml.push_str("</t></is></c>");
                text.chars().count()
            }
        };
        self.widths[column] = self.widths[column].max(width + MARGIN);
    }

    /// Compresses the rows that wait.
    fn flush(&mut self) -> Result<(), Failure> {
        if !self.is_started {
            let widths: Vec<_> = self.widths.iter().map(|width| (*width).clamp(WIDTHS.0, WIDTHS.1)).collect();
            self.packer.add(&parts::sheet_start(&widths))?;
            self.is_started = true;
        }
        self.packer.add(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}

/// Returns the number that stands for a day, or `None` where programs disagree about it or have none.
fn serial(day: NaiveDate) -> Option<i64> {
    // Excel believes that 1900 was a leap year; from 1 March 1900 on that does not matter.
    let serial = day.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30)?).num_days();
    (serial >= 61 && day.year() <= 9999).then_some(serial)
}

#[cfg(test)]
mod tests;
