//! Text with a backslash before everything that Markdown would take for more than text.

use super::address;

/// The place of a text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Place {
    /// Inside the words of a link, which hold no other link.
    pub(super) linked: bool,
    /// Inside a cell of a table, which a `|` would end.
    pub(super) cell: bool,
}

/// The longest reference to a character (`&CounterClockwiseContourIntegral;`), with some room.
const ENTITY: usize = 40;

/// Escapes a text, and puts bare web addresses between `<` and `>`, as rustdoc wants them.
///
/// Block syntax is not escaped: it depends on the start of a line, which [`super::layout`] chooses.
pub(super) fn escape(text: &str, place: Place) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut previous = None;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let is_word = previous.is_some_and(char::is_alphanumeric);
        let length = match address::length(rest).filter(|_| !place.linked && !is_word) {
            Some(length) => {
                escaped.extend(address::bracketed(&rest[..length]));
                length
            }
            None if matches!(character, '*' | '_' | '~') => run(rest, previous, &mut escaped),
            None => {
                if is_special(&text[..text.len() - rest.len()], rest, character, place) {
                    escaped.push('\\');
                }
                escaped.push(character);
                character.len_utf8()
            }
        };
        previous = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    escaped
}

/// Escapes a run of one character that may be the mark of emphasis, and returns its length.
fn run(text: &str, previous: Option<char>, escaped: &mut String) -> usize {
    let mark = text.chars().next().unwrap_or_default();
    let length = text.len() - text.trim_start_matches(mark).len();
    let next = text[length..].chars().next();
    let both = |is: fn(char) -> bool| previous.is_some_and(is) && next.is_some_and(is);
    let is_text = both(char::is_whitespace) || (mark == '_' && both(char::is_alphanumeric));
    for character in text[..length].chars() {
        if !is_text {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    length
}

fn is_special(before: &str, text: &str, character: char, place: Place) -> bool {
    let after = &text[character.len_utf8()..];
    match character {
        '`' | '<' | '[' | ']' => true,
        // Before a space too: at the end of a line it would break it. An address gets a `<`.
        '\\' => !after.starts_with(char::is_alphanumeric) || address::length(after).is_some(),
        '&' => is_entity(after),
        '|' => place.cell,
        // The words of a link would start like a footnote.
        '^' => place.linked && before.is_empty(),
        // An address that could not be put between brackets, which rustdoc would warn of.
        ':' => !place.linked && after.starts_with("//") && (before.ends_with("http") || before.ends_with("https")),
        _ => false,
    }
}

/// Returns whether a text, after its `&`, refers to a character by name or number.
fn is_entity(text: &str) -> bool {
    let end = text.bytes().take(ENTITY).position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'#'));
    end.is_some_and(|end| end > 0 && text[end..].starts_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_only_where_it_would_be_more_than_text() {
        let (text, linked, cell) =
            (Place::default(), Place { linked: true, cell: false }, Place { linked: false, cell: true });
        for (place, source, expected) in [
            (text, "a <b> [c] `d`", "a \\<b> \\[c\\] \\`d\\`"),
            (text, "snake_case, 2 * 3, a ~ b, _x_ __y", "snake_case, 2 * 3, a ~ b, \\_x\\_ \\_\\_y"),
            (text, "AT&T &amp; &#60; &x", "AT&T \\&amp; \\&#60; &x"),
            (text, "C:\\dir \\[ \\ a\\", "C:\\dir \\\\\\[ \\\\ a\\\\"),
            (text, "(https://example.org/a_b).", "(<https://example.org/a_b>)."),
            (text, "xhttps://example.org ftp://a", "xhttps\\://example.org ftp://a"),
            (linked, "^a https://example.org", "\\^a https://example.org"),
            (text, "a | b", "a | b"),
            (cell, "a | b", "a \\| b"),
        ] {
            assert_eq!(escape(source, place), expected, "{source}");
        }
    }
}
