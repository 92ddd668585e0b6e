//! Addresses of web pages: the only targets of links.

use std::fmt::Write;

/// Returns the length of a bare address at the start of a text, without the punctuation of its sentence.
pub(super) fn length(text: &str) -> Option<usize> {
    let scheme = scheme(text)?;
    let ends = |character: char| character.is_whitespace() || "<>[]`\"|\\".contains(character);
    let whole = &text[..text.find(ends).unwrap_or(text.len())];
    let length = whole.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '*', '_', '~']).len();
    (length > scheme).then_some(length)
}

/// Returns the length of `https://` or `http://` at the start of a text.
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

/// Returns an address as it stands between `<` and `>`, or nothing if it does not lead to a web page.
pub(super) fn bracketed(address: &str) -> Option<String> {
    scheme(address)?;
    Some(format!("<{}>", encode(address, "(){};")))
}

/// Returns an address as the target of a link, or nothing if it does not lead to a web page.
pub(super) fn target(address: &str) -> Option<String> {
    scheme(address)?;
    // Only with a semicolon is an entity one.
    Some(encode(address, "").replace(';', "%3B"))
}

/// Percent-encodes what could mean anything to Markdown.
fn encode(address: &str, also: &str) -> String {
    let mut encoded = String::with_capacity(address.len());
    for character in address.chars() {
        if character.is_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(character) || also.contains(character) {
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
    fn an_address_ends_before_the_punctuation_of_its_sentence() {
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
    fn targets_are_addresses_of_web_pages_without_markdown() {
        assert_eq!(target("https://example.org/a(b)?c=d&e;"), Some("https://example.org/a%28b%29?c=d&e%3B".to_owned()));
        assert_eq!(target("https://example.org/ä <`b`>"), Some("https://example.org/ä%20%3C%60b%60%3E".to_owned()));
        for target_ in ["javascript:alert(1)", "data:text/html,a", "crate::Item", "", "HTTPS://EXAMPLE.ORG", "#a"] {
            assert_eq!(target(target_), None, "{target_}");
        }
    }
}
