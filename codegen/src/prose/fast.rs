//! A fast path for text without markup, which most descriptions are.

use super::layout::Words;

/// Returns whether a cleaned text is free of Markdown.
pub(super) fn is_plain(text: &str) -> bool {
    text.split('\n').all(is_plain_line)
}

fn is_plain_line(line: &str) -> bool {
    let mut previous = ' ';
    let mut characters = line.chars().peekable();
    // Blocks start with punctuation, digits or spaces. Two trailing spaces are a hard line break.
    let starts_plain = characters.peek().is_none_or(|first| first.is_alphabetic() || matches!(first, '(' | '"' | '\''));
    if !starts_plain || line.ends_with("  ") {
        return false;
    }
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let is_plain = match character {
            '`' | '*' | '~' | '[' | ']' | '<' | '&' | '\\' | '\t' => false,
            '_' => previous.is_alphanumeric() && next.is_some_and(char::is_alphanumeric),
            // Addresses become links.
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

/// Returns a plain text with its lines wrapped at `width`.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        for line in paragraph.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            if line.len() <= width && !line.contains("  ") {
                lines.push(line.to_owned());
            } else {
                let mut words = Words::default();
                words.text(line);
                lines.extend(words.into_lines(width));
            }
        }
    }
    lines
}
