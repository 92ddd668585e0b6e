//! Escapes for plain text, inside a line.

use super::address;

/// The inline elements that a text is part of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Inside {
    /// Link text, which cannot contain another link.
    pub(super) link: bool,
    /// A table cell, which a `|` would end.
    pub(super) cell: bool,
}

/// An upper bound for the length of an entity; the longest is `&CounterClockwiseContourIntegral;`.
const ENTITY: usize = 40;

/// Escapes inline syntax, and turns bare web addresses into autolinks (rustdoc warns about bare ones).
///
/// Block syntax only matters at the start of a line, so [`super::layout`] escapes it.
pub(super) fn escape(text: &str, inside: Inside) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut previous = None;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let is_word = previous.is_some_and(char::is_alphanumeric);
        let length = match address::length(rest).filter(|_| !inside.link && !is_word) {
            Some(length) => {
                escaped.extend(address::bracketed(&rest[..length]));
                length
            }
            None if matches!(character, '*' | '_' | '~') => run(rest, previous, &mut escaped),
            None => {
                if is_special(&text[..text.len() - rest.len()], rest, character, inside) {
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

/// Escapes a run of `*`, `_` or `~` if it could be emphasis, and returns its length.
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

fn is_special(before: &str, text: &str, character: char, inside: Inside) -> bool {
    let after = &text[character.len_utf8()..];
    match character {
        '`' | '<' | '[' | ']' => true,
        // A backslash at the end of a line would be a hard break, and an autolink starts with `<`.
        '\\' => !after.starts_with(char::is_alphanumeric) || address::length(after).is_some(),
        '&' => is_entity(after),
        '|' => inside.cell,
        // `[^` starts a footnote.
        '^' => inside.link && before.is_empty(),
        // The remaining addresses cannot be autolinks, and rustdoc would warn about them.
        ':' => !inside.link && after.starts_with("//") && (before.ends_with("http") || before.ends_with("https")),
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
    fn text_is_escaped_only_where_it_would_be_markup() {
        let (text, link, cell) =
            (Inside::default(), Inside { link: true, cell: false }, Inside { link: false, cell: true });
        for (inside, source, expected) in [
            (text, "a <b> [c] `d`", "a \\<b> \\[c\\] \\`d\\`"),
            (text, "snake_case, 2 * 3, a ~ b, _x_ __y", "snake_case, 2 * 3, a ~ b, \\_x\\_ \\_\\_y"),
            (text, "AT&T &amp; &#60; &x", "AT&T \\&amp; \\&#60; &x"),
            (text, "C:\\dir \\[ \\ a\\", "C:\\dir \\\\\\[ \\\\ a\\\\"),
            (text, "(https://example.org/a_b).", "(<https://example.org/a_b>)."),
            (text, "xhttps://example.org ftp://a", "xhttps\\://example.org ftp://a"),
            (link, "^a https://example.org", "\\^a https://example.org"),
            (text, "a | b", "a | b"),
            (cell, "a | b", "a \\| b"),
        ] {
            assert_eq!(escape(source, inside), expected, "{source}");
        }
    }
}
