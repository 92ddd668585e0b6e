//! Text before it is parsed: without what is not seen, and with HTML and footnotes masked.

use std::borrow::Cow;

use super::address;
use crate::visible::is_hidden;

/// Stands for `<` while a text is parsed, so that the parser finds no HTML. [`clean`] removes it from input.
const LESS: char = '\u{fdd0}';

/// Stands for the `<` of `\<`, which is `<` in a text and `\<` in code.
const ESCAPED_LESS: char = '\u{fdd1}';

/// Stands for the `[` of `[^`, so that the parser finds no footnotes.
const BRACKET: char = '\u{fdd2}';

const MASKS: [char; 3] = [LESS, ESCAPED_LESS, BRACKET];

/// Removes characters that are not seen, and writes every line end as `\n`.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(|character| is_hidden(character) && character != '\n' && character != '\t') {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' => cleaned.push('\n'),
            '\n' | '\t' => cleaned.push(character),
            // They part words.
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push(' '),
            _ if is_hidden(character) => {}
            _ => cleaned.push(character),
        }
    }
    Cow::Owned(cleaned)
}

/// Returns a character, or an escape for one that is not seen.
pub(super) fn visible(character: char) -> String {
    match character {
        '\n' | '\r' | '\t' => character.escape_default().to_string(),
        _ if is_hidden(character) => character.escape_unicode().to_string(),
        _ => character.to_string(),
    }
}

/// Replaces the start of everything that could be HTML or a footnote.
///
/// The parser would take all between two tags as one piece, where most authors of specs mean Markdown. Many footnotes
/// take it very long, and they would come after everything else that a template adds to a comment.
pub(super) fn mask(text: &str) -> Cow<'_, str> {
    if !text.contains('<') && !text.contains("[^") {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut backslashes = 0;
    for (index, character) in text.char_indices() {
        let is_escaped = backslashes % 2 == 1;
        masked.push(match character {
            '<' if is_escaped => ESCAPED_LESS,
            '<' if address::is_bracketed(&text[index..]) => '<',
            '<' => LESS,
            '[' if !is_escaped && text[index..].starts_with("[^") => BRACKET,
            other => other,
        });
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
    }
    Cow::Owned(masked)
}

/// Returns a piece of a masked and parsed text as its author meant it.
pub(super) fn text(parsed: &str) -> Cow<'_, str> {
    // The parser leaves the backslash, because what it stands before is no punctuation.
    if parsed.contains(ESCAPED_LESS) {
        code(&parsed.replace("\\\u{fdd1}", "<")).into_owned().into()
    } else {
        code(parsed)
    }
}

/// Returns a masked and parsed piece of code as its author wrote it.
pub(super) fn code(parsed: &str) -> Cow<'_, str> {
    if !parsed.contains(MASKS) {
        return Cow::Borrowed(parsed);
    }
    Cow::Owned(parsed.replace([LESS, ESCAPED_LESS], "<").replace(BRACKET, "["))
}
