//! Web addresses, the only link targets that are kept.

use std::fmt::Write;

/// Returns the length of the bare address that a text starts with, without trailing punctuation.
pub(super) fn length(text: &str) -> Option<usize> {
    let scheme = scheme(text)?;
    let ends = |character: char| character.is_whitespace() || "<>[]`\"|\\".contains(character);
    let whole = &text[..text.find(ends).unwrap_or(text.len())];
    let length = whole.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '*', '_', '~']).len();
    (length > scheme).then_some(length)
}

/// Returns the length of the `https://` or `http://` that a text starts with.
pub(super) fn scheme(text: &str) -> Option<usize> {
    ["https://", "http://"].iter().find(|scheme| text.starts_with(**scheme)).map(|scheme| scheme.len())
}

/// Returns whether a text starts with `<https://…>`.
pub(super) fn is_bracketed(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('<') else { return false };
    let Some(scheme) = scheme(inside) else { return false };
    let end = inside.find(|character: char| character.is_whitespace() || matches!(character, '<' | '>'));
    end.is_some_and(|end| end > scheme && inside[end..].starts_with('>'))
}

/// Returns an address as an autolink, `<https://…>`, or `None` if it is not a web address.
pub(super) fn bracketed(address: &str) -> Option<String> {
    scheme(address)?;
    Some(format!("<{}>", encode(address, "(){};")))
}

/// Returns an address as the target of a link, or `None` if it is not a web address.
pub(super) fn target(address: &str) -> Option<String> {
    scheme(address)?;
    // Without semicolons there are no entities.
    Some(encode(address, "").replace(';', "%3B"))
}

/// Percent-encodes everything that has a meaning in Markdown, except for the characters in `allowed`.
fn encode(address: &str, allowed: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for character in address.chars() {
        if character.is_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(character) || allowed.contains(character) {
            encoded.push(character);
        } else {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_addresses_end_before_trailing_punctuation() {
        for (text, address) in [
            ("https://example.org/a.", Some("https://example.org/a")),
            ("http://example.org), b", Some("http://example.org")),
            ("https://example.org/`x`", Some("https://example.org/")),
            ("https://", None),
            ("https://.", None),
            ("ftp://example.org", None),
        ] {
            assert_eq!(length(text).map(|length| &text[..length]), address, "{text}");
        }
    }

    #[test]
    fn link_targets_are_encoded_web_addresses() {
        assert_eq!(target("https://example.org/a(b)?c=d&e;"), Some("https://example.org/a%28b%29?c=d&e%3B".to_owned()));
        assert_eq!(target("https://example.org/ä <`b`>"), Some("https://example.org/ä%20%3C%60b%60%3E".to_owned()));
        for target_ in ["javascript:alert(1)", "data:text/html,a", "crate::Item", "", "HTTPS://EXAMPLE.ORG", "#a"] {
            assert_eq!(target(target_), None, "{target_}");
        }
    }
}
