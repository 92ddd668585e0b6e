//! The way around the parser for text that holds no Markdown, as most text does.

use super::layout::Words;
use super::syntax::WIDTH;

/// Returns whether nothing in a cleaned text can mean anything to Markdown.
pub(super) fn is_plain(text: &str) -> bool {
    text.split('\n').all(is_plain_line)
}

fn is_plain_line(line: &str) -> bool {
    let mut previous = ' ';
    let mut characters = line.chars().peekable();
    // A letter starts no block. Two spaces at the end break a line.
    let starts_plain = characters.peek().is_none_or(|first| first.is_alphabetic() || matches!(first, '(' | '"' | '\''));
    if !starts_plain || line.ends_with("  ") {
        return false;
    }
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let is_plain = match character {
            '`' | '*' | '~' | '[' | ']' | '<' | '&' | '\\' | '\t' => false,
            '_' => previous.is_alphanumeric() && next.is_some_and(char::is_alphanumeric),
            // An address becomes a link.
            ':' => next != Some('/'),
            _ => true,
        };
        if !is_plain {
            return false;
        }
        previous = character;
    }
    true
}

/// Returns a plain text in lines: those of the text, wrapped.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        let mut words = Words::default();
        for line in paragraph.split('\n') {
            words.text(line);
            words.end_line(false);
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(words.into_lines(WIDTH));
    }
    lines
}
