//! Parts of generated files, and their layout.

use proc_macro2::TokenStream;

/// A part of a generated file.
pub(super) enum Source {
    /// Items, to be formatted.
    Tokens(TokenStream),
    /// Code in the formatter's layout, except that lines may be too long. Most lines of a client have one of few forms,
    /// and writing them as text takes a fraction of the time that tokens, their parser and the formatter take.
    Formatted(String),
    /// Text that is printed as it is, such as macro calls, which the formatter does not touch.
    Text(String),
}

/// The longest line that the formatter does not break, unless it is a comment.
pub(super) const WIDTH: usize = 89;

/// Prints parts with an empty line between them.
///
/// # Errors
///
/// A part that is not Rust.
pub(super) fn print(sources: Vec<Source>) -> Result<String, String> {
    let mut text = String::new();
    for source in sources {
        let printed = match source {
            Source::Text(text) => text,
            Source::Formatted(text) if is_narrow(&text) => text,
            Source::Formatted(text) => format(syn::parse_str(&text))?,
            Source::Tokens(tokens) => format(syn::parse2(tokens))?,
        };
        if !printed.is_empty() {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(&printed);
        }
    }
    Ok(text)
}

fn is_narrow(code: &str) -> bool {
    code.lines().all(|line| line.len() <= WIDTH || line.trim_start().starts_with("///"))
}

fn format(file: syn::Result<syn::File>) -> Result<String, String> {
    let file = file.map_err(|error| format!("a printer wrote something that isn't Rust: {error}"))?;
    Ok(separate_items(&prettyplease::unparse(&file)))
}

/// Puts an empty line between the items of a block, which the formatter leaves out.
fn separate_items(code: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut separated = String::with_capacity(code.len() + code.len() / 20);
    let mut previous: Option<&str> = None;
    for line in code.lines() {
        let opens = ["///", "#[", "pub ", "fn ", "async fn ", "impl", "const "];
        let follows = previous.is_some_and(|previous| {
            let is_comment = previous.trim_start().starts_with("//");
            let ends = previous.trim() == "}" || previous.ends_with(';');
            ends && !is_comment && indent(previous) == indent(line)
        });
        if follows && opens.iter().any(|open| line.trim_start().starts_with(open)) {
            separated.push('\n');
        }
        separated.push_str(line);
        separated.push('\n');
        previous = Some(line);
    }
    separated
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails panics")]

    use super::*;

    /// Checks that text which is meant to be in the formatter's layout is what the formatter makes of it.
    pub(in super::super) fn check_layout(sources: impl IntoIterator<Item = Source>) {
        for source in sources {
            let Source::Formatted(text) = source else { continue };
            if is_narrow(&text) {
                assert_eq!(text, format(syn::parse_str(&text)).unwrap());
            } else {
                assert!(print(vec![Source::Formatted(text)]).unwrap().contains('\n'));
            }
        }
    }
}
