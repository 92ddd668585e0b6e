//! Characters that a reader does not see, or that control a terminal.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Returns whether a character is invisible: control and format characters (also those that change the direction of
/// writing), line and paragraph separators, fillers and noncharacters.
///
/// `codegen/src/visible.rs` has the same rule; a test compares the two.
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

/// Returns whether a letter, mark or symbol is blank, or a code point is reserved for such characters.
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
