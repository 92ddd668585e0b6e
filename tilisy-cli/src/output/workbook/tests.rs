#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::io::Read as _;

use enablebanking_client::rust_decimal::Decimal;
use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::*;

/// The parts of a workbook by name, read through the directory at its end.
fn unpacked(file: &[u8]) -> Vec<(String, String)> {
    let number = |at: usize, length: usize| {
        file[at..at + length].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = file.len() - 22;
    assert_eq!(file[end..end + 4], *b"PK\x05\x06");
    let mut at = number(end + 16, 4);
    let mut parts = Vec::new();
    for _ in 0..number(end + 10, 2) {
        assert_eq!(file[at..at + 4], *b"PK\x01\x02");
        let (packed, size, name_length, start) =
            (number(at + 20, 4), number(at + 24, 4), number(at + 28, 2), number(at + 42, 4));
        let name = String::from_utf8(file[at + 46..at + 46 + name_length].to_vec()).unwrap();
        assert_eq!(file[start..start + 4], *b"PK\x03\x04");
        assert_eq!(file[start + 4..start + 30], file[at + 6..at + 32], "{name}: both headers are the same");
        let data = start + 30 + name_length;
        let mut text = String::new();
        DeflateDecoder::new(&file[data..data + packed]).read_to_string(&mut text).unwrap();
        let mut sum = Crc::new();
        sum.update(text.as_bytes());
        assert_eq!((text.len(), sum.sum() as usize), (size, number(at + 16, 4)), "{name}");
        parts.push((name, text));
        at += 46 + name_length;
    }
    assert_eq!(at, end, "the directory ends where the end record starts");
    parts
}

fn part(file: &[u8], name: &str) -> String {
    unpacked(file).into_iter().find(|(found, _)| found == name).unwrap().1
}

fn sheet(workbook: Workbook) -> String {
    part(&workbook.finish().unwrap(), "xl/worksheets/sheet1.xml")
}

/// The rows of a sheet as XML, without the row of headings.
fn rows(cells: &[Value<'_>]) -> String {
    let headings = &["a", "b", "c", "d", "e", "f"][..cells.len()];
    let mut workbook = Workbook::new("Transactions", headings).unwrap();
    workbook.row(cells).unwrap();
    let sheet = sheet(workbook);
    let rows = sheet.split_once("<sheetData>").unwrap().1.split_once("</sheetData>").unwrap().0;
    rows.split_once("</row>").unwrap().1.to_owned()
}

fn amount(text: &str) -> Value<'static> {
    Value::Amount(text.parse().unwrap())
}

fn date(text: &str) -> Value<'static> {
    Value::Date(text.parse().unwrap())
}

#[test]
fn cells_have_the_types_of_their_values() {
    let style = |decimals| parts::amount(decimals);
    let expected = format!(
        concat!(
            r#"<row r="2"><c r="A2" s="2" t="inlineStr"><is><t xml:space="preserve">Käyttö &amp; co</t></is></c>"#,
            r#"<c r="B2" s="{}"><v>-12.50</v></c><c r="C2" s="{}"><v>7</v></c>"#,
            r#"<c r="D2" s="3"><v>46159</v></c><c r="F2" t="b"><v>1</v></c></row>"#,
        ),
        style(2),
        style(0),
    );
    let cells = [
        Value::Text("Käyttö & co"),
        amount("-12.50"),
        amount("7"),
        date("2026-05-17"),
        Value::Empty,
        Value::Bool(true),
    ];
    assert_eq!(rows(&cells), expected);
}

#[test]
fn texts_are_never_formulas_or_links() {
    for text in ["=1+1", "{=1}", "@x", "http://localhost/", "0012", "12345678901234567890", "TRUE"] {
        let xml = rows(&[Value::Text(text)]);
        assert!(xml.contains(&format!(r#"s="2" t="inlineStr"><is><t xml:space="preserve">{text}</t>"#)), "{xml}");
    }
    let mut workbook = Workbook::new("S", &["=a"]).unwrap();
    workbook.row(&[Value::Text("=b")]).unwrap();
    let file = workbook.finish().unwrap();
    for (name, text) in unpacked(&file) {
        assert!(!text.contains("<f>") && !text.contains("<hyperlink"), "{name}");
    }
}

#[test]
fn days_that_programs_disagree_about_are_texts() {
    for (day, expected) in [("1900-03-01", "61"), ("1970-01-01", "25569"), ("9999-12-31", "2958465")] {
        assert!(rows(&[date(day)]).contains(&format!(r#"s="3"><v>{expected}</v>"#)), "{day}");
    }
    for day in ["1900-02-28", "1899-12-31", "0001-01-01"] {
        assert!(rows(&[date(day)]).contains(&format!(r#"t="inlineStr"><is><t xml:space="preserve">{day}<"#)), "{day}");
    }
    for day in [NaiveDate::MIN, NaiveDate::MAX] {
        assert!(rows(&[Value::Date(day)]).contains("inlineStr"), "{day}");
    }
}

#[test]
fn first_row_is_bold_frozen_and_has_a_filter() {
    let mut workbook = Workbook::new("Peter's & co", &["day", "amount"]).unwrap();
    workbook.row(&[Value::Empty, amount("1")]).unwrap();
    let file = workbook.finish().unwrap();
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#));
    assert!(sheet.contains(r#"<row r="1"><c r="A1" s="1" t="inlineStr">"#), "{sheet}");
    assert!(sheet.ends_with(r#"</sheetData><autoFilter ref="A1:B2"/></worksheet>"#), "{sheet}");
    let workbook = part(&file, "xl/workbook.xml");
    assert!(workbook.contains(r#"<sheet name="Peter's &amp; co" "#), "{workbook}");
    assert!(workbook.contains("'Peter''s &amp; co'!$A$1:$B$2</definedName>"), "{workbook}");
    let styles = part(&file, "xl/styles.xml");
    let heading = styles.split_once("<cellXfs").unwrap().1.split("<xf ").nth(1 + parts::HEADING as usize).unwrap();
    assert!(heading.contains(r#"fontId="1""#) && styles.contains("</font><font><b/>"), "{styles}");
}

#[test]
fn columns_are_as_wide_as_their_first_values_within_bounds() {
    let mut workbook = Workbook::new("S", &["a", "b", "c", "a long heading"]).unwrap();
    for row in 2..=MEASURED_ROWS {
        let text = if row == MEASURED_ROWS { "x".repeat(20) } else { String::new() };
        workbook.row(&[Value::Text(&text), Value::Text(&"x".repeat(500)), Value::Bool(true), Value::Empty]).unwrap();
    }
    workbook.row(&[Value::Text(&"x".repeat(50)), Value::Empty, Value::Empty, Value::Empty]).unwrap();
    let sheet = sheet(workbook);
    for (column, width) in [(1, 22), (2, 60), (3, 8), (4, 17)] {
        let expected = format!(r#"<col min="{column}" max="{column}" width="{width}" customWidth="1"/>"#);
        assert!(sheet.contains(&expected), "{expected}");
    }
}

#[test]
fn all_rows_are_there_in_their_order() {
    for count in [0, 1, MEASURED_ROWS - 2, MEASURED_ROWS - 1, MEASURED_ROWS, 5_000] {
        let mut workbook = Workbook::new("S", &["n"]).unwrap();
        for row in 0..count {
            workbook.row(&[Value::Amount(Decimal::from(row))]).unwrap();
        }
        let sheet = sheet(workbook);
        let numbers: Vec<_> = sheet.split("<v>").skip(1).map(|rest| rest.split_once("</v>").unwrap().0).collect();
        assert_eq!(numbers, (0..count).map(|row| row.to_string()).collect::<Vec<_>>());
        let rows: Vec<_> = sheet.split("<row r=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
        assert_eq!(rows, (1..=count + 1).map(|row| row.to_string()).collect::<Vec<_>>());
        assert_eq!(sheet.matches("<sheetData>").count(), 1);
    }
}

#[test]
fn same_rows_give_the_same_bytes() {
    let file = || {
        let mut workbook = Workbook::new("S", &["a"]).unwrap();
        workbook.row(&[Value::Text("x")]).unwrap();
        workbook.finish().unwrap()
    };
    assert_eq!(file(), file());
    // 1 January 1980, midnight, in the header of the first entry.
    assert_eq!(file()[10..14], [0, 0, 0x21, 0]);
}

#[test]
fn refusals_name_the_row_and_the_column_and_leave_no_trace() {
    let long = "x".repeat(MOST_UNITS + 1);
    let wide = "😀".repeat(MOST_UNITS / 2 + 1);
    let mut workbook = Workbook::new("S", &["note", "sum"]).unwrap();
    for (row, place, words) in [
        ([Value::Empty, amount("12345678901234.56")], "row 2, column `sum`: ", "15 digits"),
        ([Value::Text(&long), Value::Empty], "row 2, column `note`: ", "32,767"),
        ([Value::Text(&wide), Value::Empty], "row 2, column `note`: ", "32,767"),
    ] {
        let failure = workbook.row(&row).unwrap_err();
        assert_eq!(failure.exit(), Exit::Other);
        assert!(failure.text().starts_with(place) && failure.text().contains(words), "{}", failure.text());
        assert!(failure.hints()[0].contains("CSV or JSON"));
        assert!(!failure.text().contains("1234567"), "values are account data");
    }
    assert!(workbook.row(&[Value::Empty]).unwrap_err().text().contains("row 2 has 1 values for 2 columns"));
    workbook.row(&[Value::Text(&"ä".repeat(MOST_UNITS)), amount("1234567890123.45")]).unwrap();
    let sheet = sheet(workbook);
    assert_eq!(sheet.matches("<row ").count(), 2);
    assert!(sheet.ends_with(r#"<autoFilter ref="A1:B2"/></worksheet>"#));
}

#[test]
fn row_beyond_the_last_is_refused_with_the_limit() {
    let mut workbook = Workbook::new("S", &["a"]).unwrap();
    workbook.rows = MOST_ROWS - 1;
    workbook.row(&[Value::Bool(true)]).unwrap();
    let failure = workbook.row(&[Value::Bool(true)]).unwrap_err();
    assert!(failure.text().contains("1,048,576 rows"), "{}", failure.text());
    assert!(sheet(workbook).contains(r#"<c r="A1048576" t="b">"#));
}

#[test]
fn names_and_columns_that_excel_does_not_allow_are_refused() {
    for name in ["", "a/b", "a\\b", "a:b", "[a]", "a?", "a*", "'a", "a'", "History", "a\u{7}", &"x".repeat(32)] {
        assert!(Workbook::new(name, &["a"]).is_err(), "{name:?}");
    }
    assert!(Workbook::new(&"ä".repeat(31), &["a"]).is_ok());
    assert!(Workbook::new("S", &[]).is_err());
    assert!(Workbook::new("S", &vec!["a"; MOST_COLUMNS + 1]).is_err());
    assert!(Workbook::new("S", &vec!["a"; MOST_COLUMNS]).is_ok());
}
