//! Messages on stderr.

use anstyle::{AnsiColor, Style};

use crate::text::clean;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Prints a line as it is. If stderr is closed, the line is lost.
pub(crate) fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Prints a warning.
pub(crate) fn warn(text: &str) {
    say(&format!("{WARNING}warning:{WARNING:#} {}", clean(text)));
}

/// Prints an error.
pub(crate) fn error(text: &str) {
    say(&format!("{ERROR}error:{ERROR:#} {}", clean(text)));
}

/// Prints a hint. It can have several lines: the line breaks stay.
pub(crate) fn hint(text: &str) {
    let lines: Vec<_> = text.split('\n').map(clean).collect();
    say(&format!("{HINT}hint:{HINT:#} {}", lines.join("\n")));
}
