//! A checker that parses doc comments as rustdoc does.

use std::cell::RefCell;

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The options for rendered documentation, and those for doctests (rustdoc finds these without extensions).
const OPTIONS: [Options; 2] = [
    Options::ENABLE_TABLES
        .union(Options::ENABLE_FOOTNOTES)
        .union(Options::ENABLE_STRIKETHROUGH)
        .union(Options::ENABLE_TASKLISTS)
        .union(Options::ENABLE_SMART_PUNCTUATION),
    Options::empty(),
];

/// Checks a doc comment, given without its `///`.
///
/// `own` lists the info strings of the code blocks that a template adds, in order. All others must be `text`.
pub(super) fn check(doc: &str, own: &[&str]) -> Result<(), String> {
    if let Some(hidden) = doc.chars().find(|character| *character != '\n' && is_hidden(*character)) {
        return Err(format!("the character {hidden:?}"));
    }
    OPTIONS.iter().try_for_each(|options| check_with(doc, own, *options))
}

/// Returns whether a character is invisible, from a list that is independent of the one under test.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0xad | 0x61c | 0x115f | 0x1160 | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164
                | 0xfdd0..=0xfdef | 0xfeff | 0xffa0 | 0xfff9..=0xfffb | 0xe0000..=0xe0fff
        )
}

fn check_with(doc: &str, own: &[&str], options: Options) -> Result<(), String> {
    let broken = RefCell::new(None);
    let callback = |link: BrokenLink<'_>| {
        broken.replace(Some(link.reference.to_string()));
        None
    };
    let parser = Parser::new_with_broken_link_callback(doc, options, Some(callback));
    if let Some((label, _)) = parser.reference_definitions().iter().next() {
        return Err(format!("a definition of the link `{label}`"));
    }
    let mut own = own.iter();
    let mut in_link_or_code = 0;
    for event in parser {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => return Err("indented code".to_owned()),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                if &*info != "text" && own.next() != Some(&&*info) {
                    return Err(format!("a code block with the info string `{info}`"));
                }
                in_link_or_code += 1;
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                if !(dest_url.starts_with("https://") || dest_url.starts_with("http://")) {
                    return Err(format!("a link to `{dest_url}`"));
                }
                in_link_or_code += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::Link) => in_link_or_code -= 1,
            Event::Html(html) | Event::InlineHtml(html) => return Err(format!("HTML: `{html}`")),
            Event::Start(Tag::HtmlBlock) => return Err("a block of HTML".to_owned()),
            Event::Start(Tag::Image { dest_url, .. }) => return Err(format!("an image, `{dest_url}`")),
            Event::Start(Tag::FootnoteDefinition(label)) => return Err(format!("a footnote, `{label}`")),
            Event::FootnoteReference(label) => return Err(format!("a reference to the footnote `{label}`")),
            Event::TaskListMarker(_) => return Err("a check box".to_owned()),
            Event::Text(text) if in_link_or_code == 0 && is_bare_address(&text) => {
                return Err(format!("an address outside of a link: `{text}`"));
            }
            _ => {}
        }
    }
    match (broken.into_inner(), own.next()) {
        (Some(broken), _) => Err(format!("a link to the item `{broken}`")),
        (None, Some(missing)) => Err(format!("no code block with the info string `{missing}`")),
        (None, None) => Ok(()),
    }
}

/// Returns whether rustdoc's lint `bare_urls` could warn about a text.
fn is_bare_address(text: &str) -> bool {
    text.contains("https://") || text.contains("http://")
}

/// Returns the Markdown that rustdoc reads from `///` lines.
pub(super) fn uncommented(comment: &str) -> String {
    let lines: Vec<_> = comment.lines().map(|line| line.trim_start().strip_prefix("///").unwrap()).collect();
    // rustdoc removes the common indent.
    let indent = |line: &&&str| line.chars().take_while(|first| matches!(first, ' ' | '\t')).count();
    let least = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(&line)).min().unwrap_or(0);
    lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Checks all forms in which a text is printed.
pub(super) fn check_all(text: &str) -> Result<(), String> {
    let lines = super::super::lines(text);
    if let Some(odd) = lines.iter().find(|line| line.contains(['\n', '\r']) || line.ends_with(' ')) {
        return Err(format!("the line {odd:?}"));
    }
    check(&lines.join("\n"), &[]).map_err(|fault| format!("lines: {fault}\n{}", lines.join("\n")))?;
    for (name, line) in [("inline", super::super::inline(text)), ("code", super::super::code(text))] {
        if line.contains(['\n', '\r']) {
            return Err(format!("{name}: more than one line"));
        }
        check(&line, &[]).map_err(|fault| format!("{name}: {fault}\n{line}"))?;
        for around in [format!("- 404: {line}"), format!("A {line}.\n\nB"), format!("> 1. {line}\n>    {line}")] {
            check(&around, &[]).map_err(|fault| format!("{name}: {fault}\n{around}"))?;
        }
    }
    Ok(())
}

#[test]
fn checker_rejects_everything_that_rustdoc_would_run_link_or_pass_through() {
    for bad in [
        "    let x = 1;",
        "```\nx\n```",
        "```rust\nx\n```",
        "```no_run\nx\n```",
        "```text,ignore\nx\n```",
        "> ~~~\n> x",
        "- a\n\n      x",
        "a <b>",
        "<!-- a -->",
        "<div>\n\na",
        "[a](javascript:alert)",
        "[a](crate::Item)",
        "<mailto:a@example.org>",
        "[Vec]",
        "[`Vec`]",
        "[a][Vec]",
        "[Vec][]",
        "a\n\n[b]: https://example.org",
        "![a](https://example.org)",
        "a[^1]\n\n[^1]: b",
        "- [ ] a",
        "see https://example.org",
        "a\u{202e}b",
        "a\u{0}b",
    ] {
        assert!(check(bad, &[]).is_err(), "{bad}");
    }
    for good in ["a", "`<b>`", "[a](https://example.org)", "<https://example.org>", "\\[Vec\\]", "```text\n<b>\n```"] {
        assert_eq!(check(good, &[]), Ok(()), "{good}");
    }
    assert_eq!(check("```no_run\na\n```", &["no_run"]), Ok(()));
    assert!(check("a", &["no_run"]).is_err());
}
