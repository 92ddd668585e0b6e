//! Text from strangers, made safe to show on terminals and in the logs of build services.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest value that a message quotes, in characters.
const MAX_VALUE: usize = 120;

/// The longest message, in characters.
const MAX_MESSAGE: usize = 1_000;

/// Returns the text on one line, with escapes in place of hidden characters and of commands to a build service.
///
/// GitHub takes `::name` for a command at the start of a line, also after white space, and `##[name]` anywhere in it.
/// Azure Pipelines and TeamCity have `##vso[` and `##teamcity[`.
pub fn visible(text: &str) -> Cow<'_, str> {
    let start = text.len() - text.trim_start().len();
    let is_command = |at: usize| opens_bracket(&text[at..]) || at == start && text[at..].starts_with("::");
    if !is_command(start) && !text.contains("##") && !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    // The second character of a command is the one that is escaped.
    let mut is_second = false;
    for (at, character) in text.char_indices() {
        if is_second || is_hidden(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
        is_second = is_command(at);
    }
    Cow::Owned(shown)
}

/// Whether a text starts like `##[` or `##vso[`.
fn opens_bracket(text: &str) -> bool {
    let rest =
        text.strip_prefix("##").map(|rest| rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric()));
    rest.is_some_and(|rest| rest.starts_with('['))
}

/// Returns the beginning of a text, with `…` in place of the rest if it has more characters than the limit.
pub(crate) fn shortened(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((cut, _)) => Cow::Owned(format!("{}…", &text[..cut])),
        None => Cow::Borrowed(text),
    }
}

/// Shortens the values in a message, which stand in backticks, and then the message itself.
pub(crate) fn shortened_message(message: &str) -> String {
    let parts: Vec<_> = message.split('`').map(|part| shortened(part, MAX_VALUE)).collect();
    shortened(&parts.join("`"), MAX_MESSAGE).into_owned()
}

/// Whether a character has no shape of its own: control and format characters (among them those that turn the direction
/// of writing), line and paragraph separators, fillers and noncharacters.
///
/// `tilisy-cli/src/text/hidden.rs` has the same rule; a test compares the two.
pub(crate) fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    let category = character.general_category();
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    ) || is_blank(character)
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Whether a letter, mark or symbol is blank, or a code point is reserved for characters that are.
fn is_blank(character: char) -> bool {
    matches!(
        character,
        // The combining grapheme joiner, Hangul fillers, Khmer inherent vowels, Mongolian variation selectors, the empty
        // Braille pattern.
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}' | '\u{3164}'
            | '\u{ffa0}'
            // Reserved for format characters, tags and variation selectors. (The other variation selectors choose between
            // two shapes of an emoji.)
            | '\u{2060}'..='\u{206f}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'
            // Noncharacters, beside the last two of each plane.
            | '\u{fdd0}'..='\u{fdef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped() {
        for (text, shown) in [
            ("ä → 🏦 Häiriö", "ä → 🏦 Häiriö"),
            ("a\u{1b}[2Jb\nc\r", "a\\u{1b}[2Jb\\u{a}c\\u{d}"),
            ("user\u{202e}nimda", "user\\u{202e}nimda"),
            ("\u{61c}\u{200b}\u{ad}\u{feff}", "\\u{61c}\\u{200b}\\u{ad}\\u{feff}"),
            ("\u{2028}\u{85}\u{e0041}\u{3164}\u{2800}", "\\u{2028}\\u{85}\\u{e0041}\\u{3164}\\u{2800}"),
        ] {
            assert_eq!(visible(text), shown, "{text:?}");
        }
    }

    #[test]
    fn commands_to_build_services_are_escaped() {
        for (text, shown) in [
            ("##[error]a", "#\\u{23}[error]a"),
            ("a ###[b", "a ##\\u{23}[b"),
            ("##vso[task.complete]", "#\\u{23}vso[task.complete]"),
            ("##teamcity[x] ##[y]", "#\\u{23}teamcity[x] #\\u{23}[y]"),
            ("## A heading [1]", "## A heading [1]"),
            ("::error::a ::b", ":\\u{3a}error::a ::b"),
            (" \u{a0}::error::a", " \u{a0}:\\u{3a}error::a"),
            ("\n::error::a", "\\u{a}:\\u{3a}error::a"),
            ("a ::error::b", "a ::error::b"),
            (":", ":"),
        ] {
            assert_eq!(visible(text), shown, "{text:?}");
        }
    }

    #[test]
    fn no_text_that_was_made_visible_is_a_command() {
        // Every text of up to five of these.
        let pieces = ["#", ":", "[", "a", " ", "\n", "\u{200b}"];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            let longer = texts.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}")));
            texts = longer.collect();
            for text in &texts {
                let shown = visible(text);
                let is_command =
                    shown.trim_start().starts_with("::") || shown.contains("##[") || shown.contains("##a[");
                assert!(!is_command && !shown.contains(is_hidden), "{text:?} is shown as {shown:?}");
            }
        }
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(shortened("ääää", 4), "ääää");
        assert_eq!(shortened("äääää", 4), "ääää…");
        let long = "x".repeat(1_000_000);
        let cut = shortened_message(&format!("`{long}` has no `{long}` in it"));
        assert_eq!(cut, format!("`{0}…` has no `{0}…` in it", "x".repeat(MAX_VALUE)));
        assert_eq!(shortened_message(&"`".repeat(1_000_000)).chars().count(), MAX_MESSAGE + 1);
    }
}
