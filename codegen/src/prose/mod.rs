//! The words of a spec's author as Rust doc comments.
//!
//! A description is Markdown from an untrusted source, and rustdoc does more than display it: it compiles and runs code
//! blocks, passes HTML through, and turns `[Name]` into links. Every text is therefore parsed with rustdoc's own parser
//! and printed again from an allow list: paragraphs, headings, lists, quotes, tables, emphasis, code, and links to web
//! pages. Anything else is printed as plain text.
//!
//! The layers, from the bottom: [`address`], [`clean`], [`escape`] (text), [`layout`] (words to lines), [`spans`]
//! (inline Markdown), [`blocks`]. [`fast`] skips the parser for text without any markup.

mod address;
mod blocks;
mod clean;
mod escape;
mod fast;
mod layout;
mod spans;
mod syntax;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;

use layout::Words;

/// Returns a text of any number of paragraphs as lines of Markdown that are safe in a doc comment.
///
/// Code blocks become `text` blocks, which rustdoc does not compile. HTML and links to anything but web pages become
/// plain text, and invisible characters are removed. Lines are wrapped at [`syntax::WIDTH`]. Passing the result in again is
/// safe and keeps its meaning, so templates may combine safe parts and print the whole.
pub(crate) fn lines(text: &str) -> Vec<String> {
    wrapped(text, syntax::WIDTH)
}

/// Returns a text of any number of paragraphs as complete Markdown, with the line breaks of its author.
///
/// A code block that the text leaves open is closed, so that more paragraphs can follow.
pub(crate) fn complete(text: &str) -> String {
    wrapped(text, usize::MAX).join("\n")
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let text = clean::clean(text);
    let text = text.trim_matches('\n').trim_end();
    if fast::is_plain(text) {
        return fast::lines(text, width);
    }
    blocks::print(&clean::mask(text), width)
}

/// Returns a text as `///` lines, each indented by `indent`.
pub(crate) fn comment(indent: &str, text: &str) -> String {
    let mut comment = String::new();
    for line in lines(text) {
        let space = if line.is_empty() { "" } else { " " };
        comment.extend([indent, "///", space, &line, "\n"]);
    }
    comment
}

/// Returns a text as one line of Markdown, for use inside a sentence or a list item.
///
/// Emphasis, code spans and web links are kept. Block syntax (headings, lists, fences) becomes plain text.
pub(crate) fn inline(text: &str) -> String {
    let text = plain(text);
    if fast::is_plain(&text) {
        let mut words = Words::default();
        words.text(&text);
        return words.into_line();
    }
    spans::line(&clean::mask(&text))
}

/// Returns a text as a code span, with escapes for line breaks and invisible characters.
pub(crate) fn code(text: &str) -> String {
    let text: String = text.chars().map(clean::visible).collect();
    let mut words = Words::default();
    words.code(if text.is_empty() { "\"\"" } else { &text });
    words.into_line()
}

/// Returns a text on one line without Markdown escapes, for comments that are not documentation.
pub(crate) fn plain(text: &str) -> String {
    clean::clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
