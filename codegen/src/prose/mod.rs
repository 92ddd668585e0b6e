//! The words of a spec's author as Rust doc comments.
//!
//! A description is Markdown by a stranger, and rustdoc is not a harmless reader: it compiles and runs code blocks,
//! passes HTML through and turns `[Name]` into links. So every text is parsed with rustdoc's own parser, and printed
//! again from a short list of constructs: paragraphs, headings, lists, quotes, tables, emphasis, code and web links.
//! Everything else is printed as the text that it is.
//!
//! Text goes through [`clean`], the parser, [`spans`] (inside a paragraph) or [`blocks`] (around it), and [`layout`].

mod address;
mod blocks;
mod clean;
mod escape;
mod fast;
mod layout;
mod spans;
mod syntax;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests;

use layout::Words;

/// Returns a text of several paragraphs as lines of Markdown that are safe in a doc comment.
///
/// Code blocks are marked as text, so that rustdoc compiles none of them; HTML, links to anything but web pages, and
/// characters that are not seen do not come through. Lines are wrapped to [`syntax::WIDTH`]. Printing the result again does not
/// change what is rendered.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let text = clean::clean(text);
    let text = text.trim_matches('\n').trim_end();
    if fast::is_plain(text) {
        return fast::lines(text);
    }
    blocks::print(&clean::mask(text))
}

/// Returns a text as a comment of `///` lines, each of them behind `indent`.
pub(crate) fn comment(indent: &str, text: &str) -> String {
    let mut comment = String::new();
    for line in lines(text) {
        let space = if line.is_empty() { "" } else { " " };
        comment.extend([indent, "///", space, &line, "\n"]);
    }
    comment
}

/// Returns a text as Markdown on one line, for a place inside a sentence or a list item.
///
/// Emphasis, code and web links stay; what would start a block in a text of its own is plain text here.
pub(crate) fn inline(text: &str) -> String {
    let text = plain(text);
    if fast::is_plain(&text) {
        let mut words = Words::default();
        words.text(&text);
        return words.into_line();
    }
    spans::line(&clean::mask(&text))
}

/// Returns a text as a code span that the text itself cannot end, with escapes for what is not seen.
pub(crate) fn code(text: &str) -> String {
    let text: String = text.chars().map(clean::visible).collect();
    let mut words = Words::default();
    words.code(if text.is_empty() { "\"\"" } else { &text });
    words.into_line()
}

/// Returns a text on one line, for comments that are not documentation and take no Markdown.
pub(crate) fn plain(text: &str) -> String {
    clean::clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
