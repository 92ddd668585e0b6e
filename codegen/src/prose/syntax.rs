//! The Markdown that is read and written.

use pulldown_cmark::Options;

/// The width that prose is wrapped to, without the comment's own marks.
pub(super) const WIDTH: usize = 110;

/// The syntax that rustdoc reads, except for footnotes, which are masked, and smart punctuation, which would rewrite
/// quotes and dashes.
pub(super) const OPTIONS: Options =
    Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_TASKLISTS);
