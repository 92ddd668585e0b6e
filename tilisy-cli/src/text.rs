//! Untrusted text on a terminal, and times and counts in messages.

mod hidden;
mod shell;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use self::hidden::is_hidden;
pub(crate) use self::shell::quoted;

/// The longest excerpt of an untrusted text, in characters.
const EXCERPT: usize = 300;

/// Returns the text with U+FFFD in place of each hidden character: a bank may send anything, and a terminal would obey it.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect())
}

/// Returns the JSON text with escapes in place of hidden characters, so that it still has the same value.
///
/// Hidden characters other than line breaks are in strings only. JSON escapes UTF-16 units.
pub(crate) fn clean_json(json: &str) -> Cow<'_, str> {
    let is_escaped = |c: char| c != '\n' && is_hidden(c);
    if !json.contains(is_escaped) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// Returns the text for a cell of a table: line breaks and tabs become spaces.
pub(crate) fn on_one_line(text: &str) -> String {
    clean(&text.replace(['\n', '\r', '\t', '\u{85}', '\u{2028}', '\u{2029}'], " ")).into_owned()
}

/// Returns an untrusted text on one line, cut to a fixed length.
pub(crate) fn excerpt(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut cut: String = clean(&words).chars().take(EXCERPT).collect();
    if words.chars().count() > EXCERPT {
        cut.push('…');
    }
    cut
}

/// Formats a time to wait, rounded up.
pub(crate) fn wait(time: Duration) -> String {
    let seconds = time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0));
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds.div_ceil(60)),
        7_200..=172_799 => format!("{} h", seconds.div_ceil(3_600)),
        172_800..=31_535_999 => format!("{} days", seconds.div_ceil(86_400)),
        _ => "years".to_owned(),
    }
}

/// Formats a count with its noun, whose plural takes an `s`.
pub(crate) fn counted(count: usize, name: &str) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text} {name}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_control_a_terminal_are_replaced() {
        assert_eq!(clean("Häiriö & Co"), "Häiriö & Co");
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}c\u{9b}d\n"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
        for hidden in "\u{61c}\u{200b}\u{feff}\u{e0041}\u{ad}\u{200d}\u{3164}\u{2028}".chars() {
            assert_eq!(clean(&format!("a{hidden}b")), "a\u{fffd}b", "{hidden:?}");
        }
    }

    #[test]
    fn json_with_escaped_characters_keeps_its_value() {
        let text = "Häiriö & Co\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{61c}\u{e0041}\u{2028}\u{feff}\n\"\\";
        let json = serde_json::to_string_pretty(&[text]).unwrap_or_default();
        let shown = clean_json(&json);
        assert!(!shown.chars().any(|c| c != '\n' && is_hidden(c)), "{shown:?}");
        assert!(shown.contains("Häiriö") && shown.contains("\\udb40\\udc41"), "{shown}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&shown).ok(), Some([text.to_owned()]));
        assert!(matches!(clean_json("[\n1]"), Cow::Borrowed(_)));
    }

    #[test]
    fn excerpts_have_one_line_and_a_largest_length() {
        assert_eq!(excerpt(" a\r\n  b\t"), "a b");
        assert_eq!(on_one_line("a\r\nb\tc\u{1b}"), "a  b c\u{fffd}");
        assert_eq!(excerpt(&"ä".repeat(301)), format!("{}…", "ä".repeat(300)));
    }

    #[test]
    fn times_and_counts_have_units_and_separators() {
        let waits =
            [0, 1, 119, 120, 7_199, 7_200, 172_800, 31_536_000].map(|seconds| wait(Duration::from_secs(seconds)));
        assert_eq!(waits, ["0 s", "1 s", "119 s", "2 min", "120 min", "2 h", "2 days", "years"]);
        assert_eq!(wait(Duration::from_millis(1_001)), "2 s");
        assert_eq!(wait(Duration::MAX), "years");
        let counts = [0, 1, 999, 1_000, 1_234_567].map(|count| counted(count, "row"));
        assert_eq!(counts, ["0 rows", "1 row", "999 rows", "1,000 rows", "1,234,567 rows"]);
    }
}
