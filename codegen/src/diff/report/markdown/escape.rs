//! Text of specs in Markdown: shown as it is, and never as markup.

use std::borrow::Cow;
use std::fmt::Write;

use crate::visible::visible;

/// The largest number of characters of a name.
const MAX_NAME: usize = 200;

/// The largest number of characters of a message.
const MAX_MESSAGE: usize = 1_000;

/// Text that is shown literally, in one cell of a table, without Markdown and without mentions of users and issues.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", entities(&clipped(text, MAX_NAME)))
}

/// A message without Markdown of its own. Text between backticks becomes code.
pub(super) fn escaped(text: &str) -> String {
    let mut result = String::new();
    for (nth, part) in clipped(text, MAX_MESSAGE).split('`').enumerate() {
        if nth % 2 == 1 {
            result.push_str(&code(part));
        } else {
            // GitHub looks for mentions in the rendered page, in which entities are characters again.
            let part = entities(part);
            let parts = ["&#64;", "&#35;", "GH-", "gh-"].iter();
            result.push_str(&parts.fold(part, |part, mark| part.replace(mark, &format!("{mark}<!-- -->"))));
        }
    }
    result
}

/// The beginning of a text that is too long.
pub(super) fn clipped(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

fn entities(text: &str) -> String {
    let mut result = String::new();
    for character in visible(text).chars() {
        match character {
            '&' | '<' | '>' | '"' | '\'' | '`' | '*' | '_' | '~' | '|' | '[' | ']' | '\\' | '#' | '@' | '!' | '$' => {
                let _ = write!(result, "&#{};", u32::from(character));
            }
            other => result.push(other),
        }
    }
    // Reports have no links, but GitHub makes one of each address, in `<code>` too.
    result.replace("://", ":<!-- -->//").replace("www.", "www.<!-- -->")
}
