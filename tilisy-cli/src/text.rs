//! Text of others on a terminal, and times for people.

use std::borrow::Cow;
use std::time::Duration;

/// How much of a stranger's message is shown.
const EXCERPT: usize = 300;

/// Text without what moves cursors, changes colours, or turns the direction of writing: a bank may send anything.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_odd(c) { '\u{fffd}' } else { c }).collect())
}

/// Text as a cell of a table: what parts lines or columns becomes a space.
pub(crate) fn on_one_line(text: &str) -> String {
    clean(&text.replace(['\n', '\r', '\t', '\u{85}', '\u{2028}', '\u{2029}'], " ")).into_owned()
}

/// What a stranger says, on one line and not without end.
pub(crate) fn excerpt(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut cut: String = clean(&words).chars().take(EXCERPT).collect();
    if words.chars().count() > EXCERPT {
        cut.push('…');
    }
    cut
}

fn is_odd(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A time to wait, rounded up.
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

/// How many there are of something, whose name takes an `s`.
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
    fn what_a_terminal_would_obey_is_replaced() {
        assert_eq!(clean("Häiriö & Co"), "Häiriö & Co");
        assert_eq!(clean("a\u{1b}[2Jb\u{202e}c\u{9b}d\n"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
    }

    #[test]
    fn excerpts_are_one_line_and_end() {
        assert_eq!(excerpt(" a\r\n  b\t"), "a b");
        assert_eq!(on_one_line("a\r\nb\tc\u{1b}"), "a  b c\u{fffd}");
        assert_eq!(excerpt(&"ä".repeat(301)), format!("{}…", "ä".repeat(300)));
    }

    #[test]
    fn numbers_are_for_people() {
        let waits =
            [0, 1, 119, 120, 7_199, 7_200, 172_800, 31_536_000].map(|seconds| wait(Duration::from_secs(seconds)));
        assert_eq!(waits, ["0 s", "1 s", "119 s", "2 min", "120 min", "2 h", "2 days", "years"]);
        assert_eq!(wait(Duration::from_millis(1_001)), "2 s");
        assert_eq!(wait(Duration::MAX), "years");
        let counts = [0, 1, 999, 1_000, 1_234_567].map(|count| counted(count, "row"));
        assert_eq!(counts, ["0 rows", "1 row", "999 rows", "1,000 rows", "1,234,567 rows"]);
    }
}
