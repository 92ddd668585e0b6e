//! Problems of a spec, each with its place.

use std::fmt;

use crate::pointer::Pointer;
use crate::visible::{shortened, shortened_message, visible};

/// The longest file name that is shown, in characters.
const MAX_FILE: usize = 1_000;

/// Whether a [`Finding`] keeps the spec from being generated.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Nothing is generated until this is fixed.
    Error,
    /// Worth fixing; generation goes on.
    Warning,
}

/// A problem of a spec: its place, the rule that it breaks, and a way to fix it.
///
/// `Display` shows it on one line, with whatever the spec's author wrote cut and escaped.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Whether generation can go on.
    pub severity: Severity,
    /// The spec as it was named to the generator.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// The node that the finding is about.
    pub pointer: Pointer,
    /// The rule's short name, such as `dangling-reference`.
    pub rule: &'static str,
    /// The problem.
    pub message: String,
    /// A way to fix it.
    pub fix: String,
}

impl Finding {
    /// Creates a finding at the start of a file. Long values in its texts are cut.
    pub(crate) fn new(severity: Severity, file: &str, rule: &'static str, message: &str, fix: &str) -> Self {
        Self {
            severity,
            file: file.to_owned(),
            line: 1,
            column: 1,
            pointer: Pointer::ROOT,
            rule,
            message: shortened_message(message),
            fix: shortened_message(fix),
        }
    }

    /// Sets the line and column, and the node there.
    pub(crate) fn at(self, (line, column): (usize, usize), pointer: Pointer) -> Self {
        Self { line, column, pointer, ..self }
    }
}

/// `file:line:column  rule  message (fix)`, always on one line. What the spec's author wrote is cut and escaped.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, line, column, rule, message, fix, .. } = self;
        let shown = |text: &str| visible(&shortened_message(text)).into_owned();
        write!(f, "{}:{line}:{column}  ", visible(&shortened(file, MAX_FILE)))?;
        if *severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        write!(f, "{rule}  {}", shown(message))?;
        if !fix.is_empty() {
            write!(f, " ({})", shown(fix))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_one_line_that_no_terminal_or_log_obeys() {
        let long = "x".repeat(100_000);
        let message = format!("no key `a\n::error::b` ##[error] `{long}`");
        let file = "::error::\u{1b}[2J.yaml";
        let finding = Finding::new(Severity::Warning, file, "unknown-key", &message, "did you mean `\u{202e}`?");
        let finding = finding.at((1, 2), Pointer::ROOT.child("a"));
        assert!(finding.message.len() < 200);
        let shown = ":\\u{3a}error::\\u{1b}[2J.yaml:1:2  warning: unknown-key  no key `a\\u{a}::error::b` #\\u{23}[error] \
                     `{}…` (did you mean `\\u{202e}`?)";
        assert_eq!(finding.to_string(), shown.replace("{}", &"x".repeat(120)));
    }
}
