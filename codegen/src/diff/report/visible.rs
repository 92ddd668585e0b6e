//! Text of a spec, made safe to show: it may hold anything, and reports go to terminals, web pages and scripts.

use std::borrow::Cow;

/// What GitHub obeys anywhere in a line of a log.
const COMMAND: &str = "##[";

/// Text with escapes in place of what a reader would not see, or a terminal or a log would obey.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(COMMAND) {
        return Cow::Owned(visible(&text.replace(COMMAND, "#\\u{23}[")).into_owned());
    }
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and those that turn the direction of writing or have no width.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(visible("ä → 🏦"), "ä → 🏦");
        assert_eq!(visible("a\u{1b}[2Jb\nc"), "a\\u{1b}[2Jb\\u{a}c");
        assert_eq!(visible("##[error]a"), "#\\u{23}[error]a");
        assert_eq!(visible("user\u{202e}nimda"), "user\\u{202e}nimda");
    }
}
