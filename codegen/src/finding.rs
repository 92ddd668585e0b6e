//! What the generator has to say about a spec, with the place it is about.

use std::fmt;

/// Whether a [`Finding`] keeps the spec from being generated.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Nothing is generated until this is mended.
    Error,
    /// Worth mending; generation goes on.
    Warning,
}

/// One thing that is wrong with a spec: where, which rule, what, and how to mend it.
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
    /// The JSON pointer of the node that the finding is about.
    pub pointer: String,
    /// The rule's short name, such as `dangling-reference`.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub fix: String,
}

impl fmt::Display for Finding {
    /// `file:line:column  rule  what is wrong (how to mend it)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, file, line, column, rule, message, fix, .. } = self;
        write!(f, "{file}:{line}:{column}  ")?;
        if *severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        write!(f, "{rule}  {message}")?;
        if !fix.is_empty() {
            write!(f, " ({fix})")?;
        }
        Ok(())
    }
}
