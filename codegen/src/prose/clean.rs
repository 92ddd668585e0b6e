//! Preparation of a text for the parser: invisible characters are removed, HTML and footnotes are masked.

use std::borrow::Cow;

use super::address;
use crate::visible::is_hidden;

/// A noncharacter that replaces `<` during parsing, so that the parser finds no HTML. [`clean`] removes it from input.
const LESS: char = '\u{fdd0}';

/// Replaces the `<` of `\<`, which means `<` in text and `\<` in code.
const ESCAPED_LESS: char = '\u{fdd1}';

/// Replaces the `[` of `[^`, so that the parser finds no footnotes.
const BRACKET: char = '\u{fdd2}';

const MASKS: [char; 3] = [LESS, ESCAPED_LESS, BRACKET];

/// Removes invisible characters and normalizes line ends to `\n`.
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
            // Removing these would join two words.
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push(' '),
            _ if is_hidden(character) => {}
            _ => cleaned.push(character),
        }
    }
    Cow::Owned(cleaned)
}

/// Returns a character, or an escape such as `\u{200b}` if it is invisible.
pub(super) fn visible(character: char) -> String {
    match character {
        '\n' | '\r' | '\t' => character.escape_default().to_string(),
        _ if is_hidden(character) => character.escape_unicode().to_string(),
        _ => character.to_string(),
    }
}

/// Replaces every character that could start HTML or a footnote.
///
/// Markdown between HTML tags stays Markdown that way, as most authors of specs expect. Footnotes are masked because the
/// parser takes quadratic time for many of them, and because rustdoc would move them below the text of our templates.
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

/// Restores masked text.
pub(super) fn text(parsed: &str) -> Cow<'_, str> {
    // The parser kept the backslash, because a noncharacter isn't punctuation.
    if parsed.contains(ESCAPED_LESS) {
        code(&parsed.replace("\\\u{fdd1}", "<")).into_owned().into()
    } else {
        code(parsed)
    }
}

/// Restores masked code, in which a backslash is a backslash.
pub(super) fn code(parsed: &str) -> Cow<'_, str> {
    if !parsed.contains(MASKS) {
        return Cow::Borrowed(parsed);
    }
    Cow::Owned(parsed.replace([LESS, ESCAPED_LESS], "<").replace(BRACKET, "["))
}
