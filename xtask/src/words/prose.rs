//! The words of the comments in a Rust file.

use crate::lexer::{Kind, Token, tokens};

/// A doc comment, or a run of ordinary comments. Empty ones are left out.
#[derive(Debug, Eq, PartialEq)]
pub struct Comment {
    /// Documentation: a run of `///` lines, of `//!` lines, or of `#[doc = "…"]`.
    pub is_doc: bool,
    /// Its words, without the fenced code.
    pub words: Vec<Word>,
}

/// A word and its place.
#[derive(Debug, Eq, PartialEq)]
pub struct Word {
    /// The word in lower case. A code span counts as one word, which is empty here, so that no measure matches it.
    pub text: String,
    /// Its line in the file, from 1.
    pub line: usize,
}

/// Returns the comments of a Rust file.
pub fn comments(source: &str) -> Vec<Comment> {
    let tokens = tokens(source);
    let mut runs: Vec<(Run, Vec<(usize, String)>)> = Vec::new();
    let mut rest = tokens.as_slice();
    let mut is_run = false;
    while let Some(token) = rest.first() {
        let (piece, length) = match doc_attribute(rest) {
            Some((run, text, length)) => (Some((run, text)), length),
            None => (comment(token), 1),
        };
        rest = rest.get(length..).unwrap_or_default();
        let Some((run, text)) = piece else {
            is_run = false;
            continue;
        };
        let lines = text.split('\n').enumerate().map(|(index, text)| (token.line + index, text.to_owned()));
        match runs.last_mut() {
            Some((last, text)) if is_run && *last == run => text.extend(lines),
            _ => runs.push((run, lines.collect())),
        }
        is_run = true;
    }
    let comments = runs.iter().map(|(run, lines)| Comment { is_doc: *run != Run::Plain, words: words(lines) });
    comments.filter(|comment| !comment.words.is_empty()).collect()
}

/// The kinds of comment that do not run into each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Run {
    Plain,
    Outer,
    Inner,
}

/// Returns the text of a comment without its markers.
fn comment(token: &Token<'_>) -> Option<(Run, String)> {
    let run = match token.kind {
        Kind::Comment => Run::Plain,
        Kind::OuterDoc => Run::Outer,
        Kind::InnerDoc => Run::Inner,
        _ => return None,
    };
    let text = match token.text.strip_prefix("/*") {
        None => token.text.trim_start_matches(['/', '!']).to_owned(),
        Some(block) => {
            let block = block.trim_end_matches('/').trim_start_matches(['*', '!']).trim_end_matches('*');
            let lines = block.split('\n').map(|line| line.trim_start().trim_start_matches('*'));
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    Some((run, text))
}

/// Reads `#[doc = "…"]` or `#![doc = "…"]` at the start of `tokens`; also returns its number of tokens.
fn doc_attribute(tokens: &[Token<'_>]) -> Option<(Run, String, usize)> {
    let (hash, rest) = tokens.split_first()?;
    let (run, rest) = match rest {
        [bang, rest @ ..] if bang.is_punct('!') => (Run::Inner, rest),
        _ => (Run::Outer, rest),
    };
    let [open, doc, equals, text, close, ..] = rest else { return None };
    let is_doc = hash.is_punct('#') && open.is_punct('[') && doc.is_ident("doc") && equals.is_punct('=');
    if !is_doc || !close.is_punct(']') || text.kind != Kind::Text {
        return None;
    }
    Some((run, string_value(text.text), tokens.len() - rest.len() + 5))
}

/// Returns the content of a string literal as far as prose needs it.
fn string_value(literal: &str) -> String {
    let content = literal.trim_start_matches(['b', 'r', 'c']).trim_matches('#').trim_matches('"');
    match literal.starts_with('"') {
        true => content.replace("\\n", "\n").replace("\\\"", "\""),
        false => content.to_owned(),
    }
}

/// Splits the lines of a comment into words.
fn words(lines: &[(usize, String)]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut fence: Option<&str> = None;
    let mut is_code = false;
    for (line, text) in lines {
        let trimmed = text.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
            (None, None) => {
                // A code span that was never closed ends with its paragraph.
                is_code &= !trimmed.is_empty();
                words_of_line(*line, text, &mut is_code, &mut words);
            }
        }
    }
    words
}

/// Adds the words of a line. `is_code` says whether the line starts inside a code span, and is kept for the next one.
fn words_of_line(line: usize, text: &str, is_code: &mut bool, words: &mut Vec<Word>) {
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            *is_code = !*is_code;
            if *is_code {
                words.push(Word { text: String::new(), line });
            }
        }
        if !*is_code {
            words.extend(part.split_whitespace().flat_map(split_chunk).map(|text| Word { text, line }));
        }
    }
}

/// Splits what stands between spaces. An address is one word.
fn split_chunk(chunk: &str) -> Vec<String> {
    if chunk.contains("://") {
        return vec![String::new()];
    }
    let is_letter = |character: char| character.is_alphanumeric() || matches!(character, '_' | '\'' | '’');
    let parts = chunk.split(|character| !is_letter(character)).map(|part| part.trim_matches(['\'', '’', '_']));
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[(bool, &str)]) {
        let text =
            |comment: &Comment| comment.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let found: Vec<_> = comments(source).iter().map(|comment| (comment.is_doc, text(comment))).collect();
        let found: Vec<_> = found.iter().map(|(is_doc, text)| (*is_doc, text.as_str())).collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn a_run_of_lines_is_one_comment() {
        check(
            "//! One.\n//!\n//! More.\n/// Two\n/// lines.\nfn f() {}\n// Three.\n// Four.",
            &[(true, "one more"), (true, "two lines"), (false, "three four")],
        );
        check("/// One.\nfn f() {}\n/// Two.\nfn g() {}", &[(true, "one"), (true, "two")]);
    }

    #[test]
    fn block_comments_lose_their_stars() {
        check("/** One\n * two */ fn f() {} /* three */", &[(true, "one two"), (false, "three")]);
    }

    #[test]
    fn doc_attributes_join_doc_comments() {
        check("/// One\n#[doc = \" two\\nthree\"]\n#[doc = r#\"four\"#] fn f() {}", &[(true, "one two three four")]);
        check("#![doc = \"One\"] #![doc(hidden)] #[doc = include_str!(\"x\")] fn f() {}", &[(true, "one")]);
    }

    #[test]
    fn code_is_not_prose() {
        check("/// One\n/// ```\n/// two\n/// ```\n/// three\nfn f() { \"// four\" }", &[(true, "one three")]);
        check("/// One ~~~\n/// ~~~ text\n/// ```\n/// ~~~\n/// two\nfn f() {}", &[(true, "one two")]);
    }

    #[test]
    fn a_code_span_is_one_word_without_text() {
        check("// a `b c` d", &[(false, "a  d")]);
        check("// a `b\n// c` d", &[(false, "a  d")]);
        check("// a `b\n//\n// c d", &[(false, "a  c d")]);
    }

    #[test]
    fn punctuation_separates_words() {
        check("// It's *read-only*: (see https://example.com/a-b).", &[(false, "it's read only see ")]);
    }

    #[test]
    fn words_know_their_line() {
        let lines: Vec<_> = comments("\n// a\n// b\n/* c\nd */")[0].words.iter().map(|word| word.line).collect();
        assert_eq!(lines, [2, 3, 4, 5]);
    }
}
