//! A spec's prose as doc comments.

/// The width that prose is wrapped to, the comment's own marks not counted.
const WIDTH: usize = 110;

/// A text as a comment, each line of it behind `indent`.
pub(crate) fn comment(indent: &str, text: &str) -> String {
    let mut comment = String::new();
    for line in lines(text) {
        let space = if line.is_empty() { "" } else { " " };
        comment.extend([indent, "///", space, &line, "\n"]);
    }
    comment
}

/// A text on one line, for the middle of a sentence.
pub(crate) fn inline(text: &str) -> String {
    lines(text).join(" ")
}

/// A text as a code span.
pub(crate) fn code(text: &str) -> String {
    format!("`{}`", text.replace(['`', '\n'], "'"))
}

/// The lines of a text as rustdoc takes them: wrapped, with nothing that it would run, link or read as HTML.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence = None;
    let text: String = text.chars().filter(|character| is_seen(*character)).collect();
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

/// Source code holds no control characters, and none that turn the direction of what stands around them.
fn is_seen(character: char) -> bool {
    let turns =
        matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    matches!(character, '\n' | '\t') || !(character.is_control() || turns)
}

/// Puts a backslash before what starts a tag or a link to an item, except within code spans; brackets bare addresses.
/// Links to web pages stay links.
fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        let kept = match next {
            '`' => code_span(rest),
            '<' => autolink(rest),
            '[' => link(rest),
            _ => None,
        };
        if let Some(length) = kept {
            escaped.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if let Some(length) = address(rest).filter(|_| !escaped.ends_with(char::is_alphanumeric)) {
            escaped.push_str(&format!("<{}>", &rest[..length]));
            rest = &rest[length..];
        } else {
            if matches!(next, '<' | '[' | ']') {
                escaped.push('\\');
            }
            escaped.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    escaped
}

/// The length of a code span at the start of a text.
fn code_span(text: &str) -> Option<usize> {
    let fence = text.len() - text.trim_start_matches('`').len();
    let inside = &text[fence..];
    inside.find(&text[..fence]).map(|end| fence + end + fence)
}

/// The length of `<https://…>` at the start of a text.
fn autolink(text: &str) -> Option<usize> {
    let length = address(&text[1..])?;
    text[1 + length..].starts_with('>').then_some(length + 2)
}

/// The length of `[words](https://…)` at the start of a text.
fn link(text: &str) -> Option<usize> {
    let words = text.find(']').filter(|end| !text[1..*end].contains(['[', '<', '`']))?;
    let target = text[words + 1..].strip_prefix('(')?;
    address(target)?;
    let end = target.find(')')?;
    (!target[..end].contains(char::is_whitespace)).then_some(words + 2 + end + 1)
}

/// The length of a web address at the start of a text, less the punctuation of its sentence.
fn address(text: &str) -> Option<usize> {
    if !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    let ends = |character: char| character.is_whitespace() || "<>[]`\"|".contains(character);
    let whole = &text[..text.find(ends).unwrap_or(text.len())];
    Some(whole.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '*', '_']).len())
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
            ("(https://example.org/a)", "(<https://example.org/a>)"),
            ("[a guide](https://example.org/a) here", "[a guide](https://example.org/a) here"),
            ("<https://example.org/a>", "<https://example.org/a>"),
            ("[an item](crate::Item)", "\\[an item\\](crate::Item)"),
            ("``a ` <b>`` <c>", "``a ` <b>`` \\<c>"),
            ("a\u{0}b\u{202e}c\r\nd", "abc\nd"),
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
