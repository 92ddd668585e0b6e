//! A lexer for Rust source that keeps comments and line numbers.
//!
//! `proc-macro2` drops comments. Its line numbers need the feature `span-locations`, which cargo would enable for the
//! generator as well, where it keeps a copy of every text that is parsed. Input that isn't valid Rust gives some list of
//! tokens, never a panic.

#[cfg(test)]
mod tests;

/// A piece of source that isn't white space.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Token<'a> {
    /// The kind of token.
    pub kind: Kind,
    /// The source text. Raw identifiers come without their `r#`.
    pub text: &'a str,
    /// The line where the token starts, from 1.
    pub line: usize,
}

/// The kind of a [`Token`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A comment that isn't documentation.
    Comment,
    /// `///` or `/** … */`.
    OuterDoc,
    /// `//!` or `/*! … */`.
    InnerDoc,
    /// An identifier or keyword.
    Ident,
    /// `'a`, also as a label.
    Lifetime,
    /// A string of any kind, with its quotes.
    Text,
    /// A character or a number.
    Literal,
    /// One character of punctuation.
    Punct,
}

impl Token<'_> {
    /// Returns whether the token is this character of punctuation.
    pub fn is_punct(&self, punct: char) -> bool {
        self.kind == Kind::Punct && self.text.starts_with(punct)
    }

    /// Returns whether the token is this identifier or keyword.
    pub fn is_ident(&self, name: &str) -> bool {
        self.kind == Kind::Ident && self.text == name
    }
}

/// Splits source into tokens.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = if first.is_whitespace() { (None, first.len_utf8()) } else { next(rest, first) };
        let (taken, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if let Some(kind) = kind {
            let text = if kind == Kind::Ident { taken.strip_prefix("r#").unwrap_or(taken) } else { taken };
            tokens.push(Token { kind, text, line });
        }
        line += taken.matches('\n').count();
        rest = left;
    }
    tokens
}

/// Returns the kind and the length of the token at the start of `rest`.
fn next(rest: &str, first: char) -> (Option<Kind>, usize) {
    let (kind, length) = if rest.starts_with("//") {
        (comment_kind(rest), rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        (comment_kind(rest), block_comment(rest))
    } else if let Some(length) = string(rest) {
        (Kind::Text, length)
    } else if first == '\'' {
        quote(rest)
    } else if let Some(byte) = rest.strip_prefix("b'") {
        (Kind::Literal, 2 + until_quote(byte, '\''))
    } else if let Some(name) = rest.strip_prefix("r#").filter(|name| name.starts_with(is_name_start)) {
        (Kind::Ident, 2 + name_length(name))
    } else if is_name_start(first) {
        (Kind::Ident, name_length(rest))
    } else if first.is_ascii_digit() {
        (Kind::Literal, number(rest))
    } else {
        (Kind::Punct, first.len_utf8())
    };
    (Some(kind), length)
}

fn comment_kind(rest: &str) -> Kind {
    let is_plain = rest.starts_with("////") || rest.starts_with("/***") || rest.starts_with("/**/");
    match rest.get(..3) {
        Some("///" | "/**") if !is_plain => Kind::OuterDoc,
        Some("//!" | "/*!") => Kind::InnerDoc,
        _ => Kind::Comment,
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Returns the length of the string literal at the start of `rest`, raw ones included.
fn string(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "r", "b", "c"]
        .into_iter()
        .find(|prefix| rest.strip_prefix(prefix).is_some_and(|rest| rest.trim_start_matches('#').starts_with('"')));
    let prefix = prefix.unwrap_or("");
    let body = rest.strip_prefix(prefix)?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let content = body.get(hashes..)?.strip_prefix('"')?;
    let opening = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(opening + content.find(&end).map_or(content.len(), |at| at + end.len()));
    }
    // `b#"` and `#"` aren't strings.
    (hashes == 0).then(|| opening + until_quote(content, '"'))
}

/// Returns the length up to and including the first `quote` that isn't escaped.
fn until_quote(content: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in content.char_indices() {
        if character == quote && !is_escaped {
            return at + quote.len_utf8();
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    content.len()
}

/// Distinguishes a character from a lifetime.
fn quote(rest: &str) -> (Kind, usize) {
    let mut characters = rest.chars().skip(1);
    match (characters.next(), characters.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => {
            (Kind::Literal, 1 + rest.get(1..).map_or(0, |rest| until_quote(rest, '\'')))
        }
        (Some(first), _) if is_name_start(first) => (Kind::Lifetime, 1 + rest.get(1..).map_or(0, name_length)),
        _ => (Kind::Punct, 1),
    }
}

/// Numbers keep their suffix; `1..2` are two of them.
fn number(rest: &str) -> usize {
    let whole = name_length(rest);
    match rest.get(whole..).and_then(|rest| rest.strip_prefix('.')) {
        Some(fraction) if fraction.starts_with(|digit: char| digit.is_ascii_digit()) => {
            whole + 1 + name_length(fraction)
        }
        _ => whole,
    }
}

fn name_length(rest: &str) -> usize {
    rest.find(|character: char| !(character == '_' || character.is_alphanumeric())).unwrap_or(rest.len())
}

fn is_name_start(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}
