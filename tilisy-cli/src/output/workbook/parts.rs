//! The parts of a workbook other than its rows, and text in XML.

use std::fmt::Write as _;

/// The indices of formats in [`styles`]; 0 is the format of empty cells.
pub(super) const HEADING: u32 = 1;
pub(super) const TEXT: u32 = 2;
pub(super) const DATE: u32 = 3;
const FIRST_AMOUNT: u32 = 4;

/// The largest number of decimals of an amount.
const MOST_DECIMALS: u32 = 28;

/// The first identifier of a number format that is not built in.
const FIRST_CUSTOM: u32 = 164;

pub(super) const CONTENT_TYPES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/xml"/>"#,
    r#"<Override PartName="/xl/workbook.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
    r#"<Override PartName="/xl/worksheets/sheet1.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#,
    r#"<Override PartName="/xl/styles.xml" "#,
    r#"ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>"#,
    "</Types>",
);

pub(super) const PACKAGE_RELATIONSHIPS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" "#,
    r#"Target="xl/workbook.xml"/></Relationships>"#,
);

pub(super) const WORKBOOK_RELATIONSHIPS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" "#,
    r#"Target="worksheets/sheet1.xml"/><Relationship Id="rId2" "#,
    r#"Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#,
    "</Relationships>",
);

/// Returns the index of the format for amounts with this many decimals.
pub(super) fn amount(decimals: u32) -> u32 {
    FIRST_AMOUNT + decimals.min(MOST_DECIMALS)
}

/// Returns the list of sheets: one, whose filter is over `filter`, such as `$A$1:$C$9`.
pub(super) fn workbook(sheet: &str, filter: &str) -> String {
    let (name, mut quoted) = (escaped(sheet), String::new());
    escape(&sheet.replace('\'', "''"), &mut quoted);
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" "#,
            r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
            "<bookViews><workbookView/></bookViews>",
            r#"<sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets>"#,
            r#"<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'{}'!{}"#,
            "</definedName></definedNames></workbook>",
        ),
        name, quoted, filter,
    )
}

/// Returns the formats.
pub(super) fn styles() -> String {
    let mut formats = format!(r#"<numFmt numFmtId="{FIRST_CUSTOM}" formatCode="yyyy\-mm\-dd"/>"#);
    // Bold headings; 49 is the format of text, in which an edited cell stays text.
    let mut cells = format!(
        concat!(
            r#"<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#,
            r#"<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>"#,
            r#"<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
            r#"<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
        ),
        FIRST_CUSTOM,
    );
    for decimals in 0..=MOST_DECIMALS {
        let id = FIRST_CUSTOM + 1 + decimals;
        let point = if decimals == 0 { "" } else { "." };
        let zeros = "0".repeat(decimals as usize);
        let _ = write!(formats, r#"<numFmt numFmtId="{id}" formatCode="0{point}{zeros}"/>"#);
        let _ =
            write!(cells, r#"<xf numFmtId="{id}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#);
    }
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
            r#"<numFmts count="{}">{}</numFmts>"#,
            r#"<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>"#,
            r#"<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>"#,
            r#"<fills count="2"><fill><patternFill patternType="none"/></fill>"#,
            r#"<fill><patternFill patternType="gray125"/></fill></fills>"#,
            r#"<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"#,
            r#"<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>"#,
            r#"<cellXfs count="{}">{}</cellXfs>"#,
            r#"<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
        ),
        MOST_DECIMALS + 2,
        formats,
        amount(MOST_DECIMALS) + 1,
        cells,
    )
}

/// Returns what comes before the rows of a sheet: a frozen first row and the widths of columns.
pub(super) fn sheet_start(widths: &[usize]) -> String {
    let mut start = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
        r#"<sheetViews><sheetView tabSelected="1" workbookViewId="0">"#,
        r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#,
        r#"<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><cols>"#,
    ));
    for (index, width) in widths.iter().enumerate() {
        let column = index + 1;
        let _ = write!(start, r#"<col min="{column}" max="{column}" width="{width}" customWidth="1"/>"#);
    }
    start.push_str("</cols><sheetData>");
    start
}

/// Returns what comes after the rows of a sheet.
pub(super) fn sheet_end(filter: &str) -> String {
    format!(r#"</sheetData><autoFilter ref="{filter}"/></worksheet>"#)
}

/// Returns the letters of a column, counted from 0.
pub(super) fn letters(mut column: usize) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + (column % 26) as u8));
        if column < 26 {
            return letters;
        }
        column = column / 26 - 1;
    }
}

/// Adds a text to XML.
///
/// Characters that XML does not have are written as `_x0007_`, and a text that looks like that has its first character
/// written so. Carriage returns too: XML parsers replace them.
pub(super) fn escape(text: &str, xml: &mut String) {
    for (index, character) in text.char_indices() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '_' if is_escape(&text.as_bytes()[index..]) => xml.push_str("_x005F_"),
            '\t' | '\n' => xml.push(character),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(xml, "_x{:04X}_", u32::from(character));
            }
            _ => xml.push(character),
        }
    }
}

fn escaped(text: &str) -> String {
    let mut xml = String::new();
    escape(text, &mut xml);
    xml
}

fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[4] == b'_' && digits[..4].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters_up_to_the_last() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), expected);
        }
    }

    #[test]
    fn text_is_escaped_so_that_it_comes_back_the_same() {
        for (text, expected) in [
            ("a<b>&\"c\"'", "a&lt;b&gt;&amp;&quot;c&quot;'"),
            ("]]>", "]]&gt;"),
            ("\0\u{b}\r\n\t", "_x0000__x000B__x000D_\n\t"),
            ("\u{ffff}\u{fffe}\u{7f}", "_xFFFF__xFFFE_\u{7f}"),
            ("_x000D_ _x00e4_", "_x005F_x000D_ _x005F_x00e4_"),
            ("_x000D _x00G0_ _x_ x0000_ _", "_x000D _x00G0_ _x_ x0000_ _"),
            ("ä€😀", "ä€😀"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn amounts_have_a_format_for_each_number_of_decimals() {
        let styles = styles();
        for (decimals, code) in [(0, "0"), (1, "0.0"), (2, "0.00"), (28, "0.0000000000000000000000000000")] {
            let id = FIRST_CUSTOM + 1 + decimals;
            assert!(styles.contains(&format!(r#"<numFmt numFmtId="{id}" formatCode="{code}"/>"#)), "{code}");
            let formats = styles.split_once("<cellXfs").unwrap().1;
            let format = formats.split("<xf ").nth(1 + amount(decimals) as usize).unwrap();
            assert!(format.starts_with(&format!(r#"numFmtId="{id}""#)), "{format}");
        }
    }
}
