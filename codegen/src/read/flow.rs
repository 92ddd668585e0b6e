//! Lists and mappings in brackets whose lines are indented less than YAML demands.
//!
//! YAML wants the lines of `{ … }` and `[ … ]` to be indented more than the block around them. Most readers accept less, and
//! examples in JSON are often pasted that way.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::merge_keys::Read;
use super::{Mapping, Node, NodeValue};

/// Lines with spaces in front that the text does not have.
#[derive(Debug, Default)]
pub(super) struct Padding {
    /// The number of added spaces by line, counted from 1.
    lines: BTreeMap<usize, usize>,
}

impl Padding {
    /// Adds spaces to the lines of the brackets that open at a place. Returns `None` if they are padded already, or never
    /// closed.
    pub(super) fn pad(&mut self, text: &str, (line, column): (usize, usize)) -> Option<String> {
        let last = last_line(text, (line, column))?;
        if last == line || self.lines.contains_key(&(line + 1)) {
            return None;
        }
        self.lines.extend((line + 1..=last).map(|line| (line, column)));
        let spaces = " ".repeat(column);
        let padded = text.split_inclusive('\n').enumerate().map(|(index, content)| {
            let is_inside = (line + 1..=last).contains(&(index + 1));
            if is_inside { format!("{spaces}{content}") } else { content.to_owned() }
        });
        Some(padded.collect())
    }

    /// Gives nodes the columns that they have in the text.
    pub(super) fn remove(&self, read: Read) -> Read {
        if self.lines.is_empty() {
            return read;
        }
        let unpadded = |(line, column): (usize, usize)| (line, self.column(line, column));
        let merge_keys = read.merge_keys.into_iter().map(unpadded).collect();
        Read { root: self.unpadded(read.root), merge_keys }
    }

    fn unpadded(&self, node: Node) -> Node {
        let value = match node.value {
            NodeValue::Sequence(items) => {
                NodeValue::Sequence(items.into_iter().map(|item| self.unpadded(item)).collect())
            }
            NodeValue::Mapping(entries) => {
                let entries = entries.into_entries().into_iter().map(|mut entry| {
                    entry.column = self.column(entry.line, entry.column);
                    entry.value = self.unpadded(entry.value);
                    entry
                });
                NodeValue::Mapping(Mapping::new(entries.collect()))
            }
            scalar => scalar,
        };
        Node { line: node.line, column: self.column(node.line, node.column), value }
    }

    /// The column in the text.
    pub(super) fn column(&self, line: usize, column: usize) -> usize {
        column.saturating_sub(self.lines.get(&line).copied().unwrap_or_default()).max(1)
    }
}

/// Returns the place of the first bracket between two places that is not closed there.
pub(super) fn first_open(text: &str, from: (usize, usize), to: (usize, usize)) -> Option<(usize, usize)> {
    let mut open = Vec::new();
    let _ = brackets(text, from, |place, is_open| {
        if place >= to {
            return ControlFlow::Break(());
        }
        if is_open {
            open.push(place);
        } else {
            open.pop();
        }
        ControlFlow::Continue(())
    });
    open.first().copied()
}

/// Returns the line in which the bracket at a place is closed.
fn last_line(text: &str, place: (usize, usize)) -> Option<usize> {
    let mut depth = 0_usize;
    let closed = brackets(text, place, |(line, _), is_open| {
        depth = if is_open { depth + 1 } else { depth.saturating_sub(1) };
        if depth == 0 { ControlFlow::Break(line) } else { ControlFlow::Continue(()) }
    });
    closed.break_value()
}

/// Calls back with the place of each bracket from a place on, and whether it opens. Those in quotes and comments are not
/// brackets.
fn brackets<T>(
    text: &str,
    (line, column): (usize, usize),
    mut found: impl FnMut((usize, usize), bool) -> ControlFlow<T>,
) -> ControlFlow<T> {
    let mut quote = None;
    for (index, content) in text.lines().enumerate().skip(line - 1) {
        let skipped = if index + 1 == line { column - 1 } else { 0 };
        let mut characters = content.chars().enumerate().skip(skipped).peekable();
        let mut before = ' ';
        while let Some((nth, character)) = characters.next() {
            match (quote, character) {
                (Some('"'), '\\') => {
                    characters.next();
                }
                // Two apostrophes are one in the text.
                (Some('\''), '\'') if characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                    characters.next();
                }
                (Some(open), close) if open == close => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if " \t,:{[".contains(before) => quote = Some(character),
                (None, '#') if before.is_whitespace() => break,
                (None, '{' | '[') => found((index + 1, nth + 1), true)?,
                (None, '}' | ']') => found((index + 1, nth + 1), false)?,
                (None, _) => {}
            }
            before = character;
        }
    }
    ControlFlow::Continue(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use crate::read::load;

    #[test]
    fn brackets_may_close_at_the_column_of_their_key() {
        assert!(load("a.yaml", "a:\n  b:\n    {\n    \"c\": \"[\"\n  }\n").is_ok());
        let text = "a:\n  value: {\n  \"b\": [1,\n  \"}\" # ]\n  ],\n\"c\": 'it''s'\n}\n  other: [\n]\n";
        let document = load("a.yaml", text).unwrap();
        let json = serde_json::json!({"a": {"value": {"b": [1, "}"], "c": "it's"}, "other": []}});
        assert_eq!(document.root.to_json(), json);
        let entry = document.at("/a/value").unwrap().entries().iter().find(|entry| entry.key == "c").unwrap();
        assert_eq!((entry.line, entry.column, entry.value.column), (6, 1, 6));
    }

    #[test]
    fn brackets_that_are_never_closed_are_refused_at_their_place() {
        let findings = load("a.yaml", "a:\n  b: {\n  c: 1\nd: 2\n").unwrap_err();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].rule, "not-yaml");
    }
}
