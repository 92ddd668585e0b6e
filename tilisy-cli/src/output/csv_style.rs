//! CSV for programs, and CSV for spreadsheet programs.

use std::borrow::Cow;

use clap::ValueEnum;
use csv::{Terminator, Writer, WriterBuilder};
use serde::{Deserialize, Serialize};

use super::value::{Value, is_exact};
use crate::failure::{Exit, Failure};

/// Makes Excel read a file as UTF-8 instead of the code page of the machine.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The digits of the longest whole number that Excel shows in full; longer ones become `1,23457E+11`.
const SHOWN_DIGITS: usize = 11;

/// The dialect of a CSV file.
///
/// Excel decides about each value of a CSV file again, and quotes don't stop it: `=…` is calculated, `00123` loses its
/// zeros, digits after the fifteenth become zeros, `12E5` is a power of ten and `1-2` a date. In the dialect for Excel
/// such texts get a leading `'`, which Excel shows. A workbook has no such marks.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ValueEnum)]
pub(crate) enum CsvStyle {
    /// For programs: UTF-8, commas, decimal points, quoted as in RFC 4180; texts are unchanged.
    #[default]
    #[value(name = "rfc4180")]
    Rfc4180,
    /// For Excel in most of Europe: with a byte order mark, semicolons and decimal commas; texts stay texts.
    Excel,
}

impl CsvStyle {
    fn writer(self, start: Vec<u8>) -> Writer<Vec<u8>> {
        let mut builder = WriterBuilder::new();
        if self == Self::Excel {
            builder.delimiter(b';').terminator(Terminator::CRLF);
        }
        builder.from_writer(start)
    }

    fn value(self, cell: Value<'_>) -> Cow<'_, str> {
        match (self, cell) {
            (_, Value::Empty) => "".into(),
            (_, Value::Bool(value)) => if value { "true" } else { "false" }.into(),
            (Self::Rfc4180, Value::Text(text)) => text.into(),
            (Self::Rfc4180, Value::Amount(amount)) => amount.to_string().into(),
            (Self::Rfc4180, Value::Date(day)) => day.to_string().into(),
            (Self::Excel, Value::Text(text)) => marked(text),
            (Self::Excel, Value::Amount(amount)) => {
                let mark = if is_exact(amount) { "" } else { "'" };
                format!("{mark}{amount}").replace('.', ",").into()
            }
            // Years of more than four digits start with a sign.
            (Self::Excel, Value::Date(day)) if day.to_string().starts_with(is_operator) => format!("'{day}").into(),
            (Self::Excel, Value::Date(day)) => day.to_string().into(),
        }
    }
}

/// Writes rows of cells as CSV.
pub(crate) struct CsvRows {
    style: CsvStyle,
    columns: usize,
    rows: Writer<Vec<u8>>,
}

impl CsvRows {
    /// Starts a file with a line of headings, which are written as they are.
    ///
    /// # Errors
    ///
    /// Returns an error if the headings cannot be written.
    pub(crate) fn new(style: CsvStyle, headings: &[&str]) -> Result<Self, Failure> {
        let start = match style {
            CsvStyle::Rfc4180 => Vec::new(),
            CsvStyle::Excel => BYTE_ORDER_MARK.to_vec(),
        };
        let mut rows = style.writer(start);
        rows.write_record(headings).map_err(unwritten)?;
        Ok(Self { style, columns: headings.len(), rows })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// Returns an error if the row does not have as many cells as there are headings.
    pub(crate) fn row(&mut self, cells: &[Value<'_>]) -> Result<(), Failure> {
        if cells.len() != self.columns {
            let text = format!("a row has {} values for {} columns", cells.len(), self.columns);
            return Err(Failure::new(Exit::Other, text));
        }
        for cell in cells {
            self.rows.write_field(self.style.value(*cell).as_bytes()).map_err(unwritten)?;
        }
        self.rows.write_record(None::<&[u8]>).map_err(unwritten)
    }

    /// Returns the bytes that were written since the last call; the first ones include the headings.
    ///
    /// # Errors
    ///
    /// Returns an error if they cannot be written.
    pub(crate) fn take(&mut self) -> Result<Vec<u8>, Failure> {
        let rows = std::mem::replace(&mut self.rows, self.style.writer(Vec::new()));
        rows.into_inner().map_err(|error| error.into_error().into())
    }
}

/// Marks a text as one where Excel would read it as something else.
///
/// A formula is marked after separators too: a program that splits at other separators starts a new cell there, in
/// spite of the quotes.
fn marked(text: &str) -> Cow<'_, str> {
    let mut marked = String::new();
    let mut copied = 0;
    let mut mark = |at: usize| {
        marked.push_str(&text[copied..at]);
        marked.push('\'');
        copied = at;
    };
    if text.starts_with(['\t', '\r', '\n']) || is_changed(text) {
        mark(0);
    }
    let mut start = Some(0);
    for (index, character) in text.char_indices() {
        match start {
            _ if matches!(character, ',' | ';' | '\t' | '\r' | '\n') => start = Some(index + 1),
            Some(_) if is_skipped(character) => {}
            Some(at) => {
                if is_operator(character) {
                    mark(at);
                }
                start = None;
            }
            None => {}
        }
    }
    if marked.is_empty() {
        return text.into();
    }
    marked.push_str(&text[copied..]);
    marked.into()
}

/// Returns whether a cell that starts with this character is a formula; Excel also accepts the wide forms.
const fn is_operator(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// Returns whether a program may drop this character at the start of a cell.
fn is_skipped(character: char) -> bool {
    let is_invisible = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    is_invisible || character.is_whitespace() || character.is_control() || matches!(character, '"' | '\'')
}

/// Returns whether Excel would change a text to another number, a date or a time.
///
/// Whole numbers that it shows as they are don't count, nor do dates with the names of months.
fn is_changed(text: &str) -> bool {
    let text = text.trim();
    let is_part = |character: char| character.is_numeric() || " \u{a0}\u{202f}.,-/:eE%()".contains(character);
    if !text.starts_with(|first: char| first.is_numeric() || ".,(".contains(first))
        || !text.chars().all(is_part)
        || !text.contains(char::is_numeric)
    {
        return false;
    }
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    !is_whole || text.len() > SHOWN_DIGITS || text.len() > 1 && text.starts_with('0')
}

fn unwritten(error: csv::Error) -> Failure {
    Failure::new(Exit::Other, "the CSV file cannot be written").because(error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    fn text(style: CsvStyle, rows: &[&[Value<'_>]]) -> String {
        let headings = &["a", "b", "c", "d", "e"][..rows[0].len()];
        let mut csv = CsvRows::new(style, headings).unwrap();
        for row in rows {
            csv.row(row).unwrap();
        }
        String::from_utf8(csv.take().unwrap()).unwrap()
    }

    fn cells() -> [Value<'static>; 5] {
        [
            Value::Text("Käyttö, \"A\"; B"),
            Value::Amount("-12.50".parse().unwrap()),
            Value::Date("2026-05-17".parse().unwrap()),
            Value::Bool(true),
            Value::Empty,
        ]
    }

    #[test]
    fn programs_get_commas_and_points() {
        let expected = "a,b,c,d,e\n\"Käyttö, \"\"A\"\"; B\",-12.50,2026-05-17,true,\n";
        assert_eq!(text(CsvStyle::Rfc4180, &[&cells()]), expected);
    }

    #[test]
    fn programs_get_texts_as_they_are() {
        let hostile = "=1+1,\t@x\r\n007";
        let text = text(CsvStyle::Rfc4180, &[&[Value::Text(hostile), Value::Text("-1")]]);
        assert_eq!(text, format!("a,b\n\"{hostile}\",-1\n"));
    }

    #[test]
    fn excel_gets_semicolons_and_decimal_commas() {
        let expected = "\u{feff}a;b;c;d;e\r\n\"Käyttö, \"\"A\"\"; B\";-12,50;2026-05-17;true;\r\n";
        assert_eq!(text(CsvStyle::Excel, &[&cells()]), expected);
    }

    #[test]
    fn byte_order_mark_and_headings_come_once() {
        let mut csv = CsvRows::new(CsvStyle::Excel, &["a"]).unwrap();
        assert_eq!(csv.take().unwrap(), "\u{feff}a\r\n".as_bytes());
        csv.row(&[Value::Text("x")]).unwrap();
        csv.row(&[Value::Empty]).unwrap();
        assert_eq!(csv.take().unwrap(), b"x\r\n\"\"\r\n");
        assert_eq!(csv.take().unwrap(), b"");
    }

    #[test]
    fn rows_of_another_length_are_refused_and_leave_no_trace() {
        let mut csv = CsvRows::new(CsvStyle::Rfc4180, &["a", "b"]).unwrap();
        csv.take().unwrap();
        for row in [&[][..], &[Value::Bool(true)], &[Value::Empty; 3]] {
            assert!(csv.row(row).is_err());
        }
        csv.row(&[Value::Bool(false), Value::Empty]).unwrap();
        assert_eq!(csv.take().unwrap(), b"false,\n");
    }

    #[test]
    fn excel_calculates_no_text() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+358 40 123", "'+358 40 123"),
            ("-12", "'-12"),
            ("- Lunch", "'- Lunch"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("  =1", "'  =1"),
            ("\u{a0}\u{feff}\u{200b}=1", "'\u{a0}\u{feff}\u{200b}=1"),
            ("\"=1", "'\"=1"),
            ("' \"'=1", "'' \"'=1"),
            ("\0=1", "'\0=1"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("\n=1", "'\n'=1"),
            ("=1,=2", "'=1,'=2"),
            ("x,=cmd|' /C calc'!A0", "x,'=cmd|' /C calc'!A0"),
            ("x; \"@y", "x;' \"@y"),
            ("x\r\n+1", "x\r\n'+1"),
            ("ä\t\t-1\tz", "ä\t\t'-1\tz"),
            // Not at the start of a cell.
            ("a=b", "a=b"),
            ("x, y = z", "x, y = z"),
            ("'t Hof", "'t Hof"),
            ("Käyttö-tili @ Nordea", "Käyttö-tili @ Nordea"),
            ("", ""),
            ("  ", "  "),
        ] {
            assert_eq!(marked(text), expected, "{text:?}");
        }
    }

    #[test]
    fn excel_keeps_numbers_that_are_texts() {
        let changed = [
            "00123",
            "01",
            "123456789012",
            "1234567890123456789",
            "12E5",
            "1e5",
            "1-2",
            "2026-05-17",
            "1/2",
            "12:30",
            "1.5",
            "1,5",
            ".5",
            "50%",
            "(5)",
            "1 00012 34567",
            "1\u{a0}000",
            " 007 ",
            "１２",
        ];
        for text in changed {
            assert_eq!(marked(text), format!("'{text}"));
        }
        let kept = [
            "0",
            "5411",
            "12345678901",
            "XX2112345600000785",
            "12 May Street",
            "RF18539007547034",
            "e5",
            "...",
            "()",
            "4bcd1234-0000-0000-0000-00000000000e5f",
            "",
        ];
        for text in kept {
            assert_eq!(marked(text), text);
        }
    }

    #[test]
    fn excel_gets_amounts_as_numbers_unless_it_would_round_them() {
        for (amount, expected) in [
            ("-12.50", "-12,50"),
            ("0.00", "0,00"),
            ("1234567890123.45", "1234567890123,45"),
            ("-12345678901234.56", "'-12345678901234,56"),
        ] {
            assert_eq!(CsvStyle::Excel.value(Value::Amount(amount.parse().unwrap())), expected);
            assert_eq!(CsvStyle::Rfc4180.value(Value::Amount(amount.parse().unwrap())), amount);
        }
    }

    #[test]
    fn excel_gets_days_with_a_sign_as_texts() {
        let [first, last] =
            [enablebanking_client::chrono::NaiveDate::MIN, enablebanking_client::chrono::NaiveDate::MAX];
        assert_eq!(CsvStyle::Excel.value(Value::Date(first)), format!("'{first}"));
        assert_eq!(CsvStyle::Excel.value(Value::Date(last)), format!("'{last}"));
    }

    #[test]
    fn long_texts_are_marked_in_one_pass() {
        let text = "\t".repeat(1 << 20);
        assert_eq!(marked(&text).len(), text.len() + 1);
    }
}
