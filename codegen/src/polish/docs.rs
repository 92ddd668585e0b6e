//! A spec's prose as doc comments.

use quote::quote;

/// The width that prose is wrapped to, the comment's own marks not counted.
const WIDTH: usize = 110;

/// One `#[doc]` attribute for each line of a text.
pub(crate) fn attributes(text: &str) -> Vec<syn::Attribute> {
    lines(text)
        .into_iter()
        .map(|line| {
            let line = if line.is_empty() { line } else { format!(" {line}") };
            syn::parse_quote!(#[doc = #line])
        })
        .collect()
}

/// Doc attributes as tokens.
pub(crate) fn tokens(text: &str) -> proc_macro2::TokenStream {
    let attributes = attributes(text);
    quote!(#(#attributes)*)
}

/// The lines of a text as rustdoc takes them: wrapped, with nothing that it would run, link or read as HTML.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence = None;
    for line in text.trim().lines() {
        let trimmed = line.trim();
        match (fence, trimmed.starts_with("```") || trimmed.starts_with("~~~")) {
            // Unlabelled code would be compiled as a test.
            (None, true) => {
                let mark = &trimmed[..3];
                fence = Some(mark);
                lines.push(format!("{mark}text"));
            }
            (Some(mark), true) if trimmed.starts_with(mark) => {
                fence = None;
                lines.push(mark.to_owned());
            }
            (Some(_), _) => lines.push(line.trim_end().to_owned()),
            // Four spaces would make code of it.
            (None, false) => wrap(&escape(trimmed), &mut lines),
        }
    }
    if let Some(mark) = fence {
        lines.push(mark.to_owned());
    }
    lines
}

/// Puts a backslash before what starts a link or a tag, except within code spans; brackets bare addresses.
fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            escaped.push('`');
        }
        // Between an odd and an even backtick there is code; the last part of an unpaired one is prose again.
        let is_code = index % 2 == 1 && line.matches('`').count() > index;
        if is_code {
            escaped.push_str(part);
        } else {
            escape_prose(part, &mut escaped);
        }
    }
    escaped
}

fn escape_prose(text: &str, escaped: &mut String) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        let start = word.find("https://").or_else(|| word.find("http://"));
        match start {
            Some(start) if !word.contains(['<', '[', ']']) => {
                let end = word.trim_end_matches(['.', ',', ';', ':', ')', '"', '\'']).len().max(start);
                escaped.push_str(&format!("{}<{}>{}", &word[..start], &word[start..end], &word[end..]));
            }
            _ => {
                for character in word.chars() {
                    if matches!(character, '<' | '[' | ']') {
                        escaped.push('\\');
                    }
                    escaped.push(character);
                }
            }
        }
    }
}

fn wrap(line: &str, lines: &mut Vec<String>) {
    let indent = if line.starts_with("- ") || line.starts_with("* ") { "  " } else { "" };
    let mut current = String::new();
    for word in line.split_whitespace() {
        if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > WIDTH && !line.starts_with('|') {
            lines.push(std::mem::replace(&mut current, indent.to_owned()));
        }
        if !current.is_empty() && !current.ends_with("  ") {
            current.push(' ');
        }
        current.push_str(word);
    }
    lines.push(current);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_cannot_link_run_or_mark_up() {
        for (text, expected) in [
            ("a <b> [c]", "a \\<b> \\[c\\]"),
            ("code `<b>` stays", "code `<b>` stays"),
            ("see https://example.org/a.", "see <https://example.org/a>."),
            ("an odd ` <b>", "an odd ` \\<b>"),
            ("    let x = 1;", "let x = 1;"),
            ("```\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
            ("```rust\nnever closed", "```text\nnever closed\n```"),
        ] {
            assert_eq!(lines(text).join("\n"), expected, "{text}");
        }
    }

    #[test]
    fn long_lines_wrap_and_lists_stay_lists() {
        let text = format!("- {}", "word ".repeat(40));
        let lines = lines(&text);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with("  word"), "{lines:?}");
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
    }
}
