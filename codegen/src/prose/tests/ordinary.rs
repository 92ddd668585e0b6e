//! Prose as most specs have it.

use crate::prose::{code, comment, inline, lines, plain};

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(lines(text).join("\n"), expected, "{text}");
    assert_eq!(lines(expected).join("\n"), expected, "printed again: {text}");
}

#[test]
fn ordinary_prose_is_unchanged() {
    for text in [
        "",
        "One line.",
        "Two\nlines.\n\nAnother paragraph (with some words), and a snake_case name: 5 - 3 = 2 \"quoted\".",
        "**Bold**, *one*, _two_, __three__ and ~~struck~~ words with `code` and ``a ` b``.",
        "[a guide](https://example.org/guide) and <https://example.org/a>, <http://localhost:8080/>.",
        "# Heading\n\nText below it.\n\n## Another\nRight below.",
        "Some things:\n- one\n- two\n  - below two\n\nAnd on.",
        "* one\n* two",
        "1. one\n2. two\n3. three",
        "- loose\n\n- items\n\n  with a paragraph",
        "> A quote.\n>\n> - with\n> - items",
        "| a | b |\n|---|:-:|\n| `c` | d |",
        "```text\nlet x = 1;\n\n    indented\n```",
        "A break\\\nhere.",
        "Fish & chips, AT&T, 100% {path} $5 #tag @user ^ a|b",
        "Größe → „ja“ 口座 🏦",
    ] {
        check(text, text);
    }
}

#[test]
fn other_markup_is_rewritten() {
    for (text, expected) in [
        ("a <b> [c]", "a \\<b> \\[c\\]"),
        ("\\<script> \\[a\\]", "\\<script> \\[a\\]"),
        ("see https://example.org/a.", "see <https://example.org/a>."),
        ("(https://example.org/a)", "(<https://example.org/a>)"),
        ("[an item](crate::Item)", "\\[an item\\](crate::Item)"),
        ("[`Vec`] [Vec][] [a][Vec]", "\\[`Vec`\\] \\[Vec\\]\\[\\] \\[a\\]\\[Vec\\]"),
        ("[a]\n\n[a]: https://example.org", "[a](https://example.org)"),
        ("![a picture](https://example.org/a.png)", "[a picture](https://example.org/a.png)"),
        ("![](https://example.org/a.png) ![b](c.png)", "<https://example.org/a.png> b"),
        ("an odd ` <b>", "an odd \\` \\<b>"),
        ("a\u{0}b\u{202e}c\r\nd", "abc\nd"),
        ("a\u{2028}b\rc", "a b\nc"),
        ("text\n\n    let x = 1;", "text\n\n```text\nlet x = 1;\n```"),
        ("```\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
        ("~~~rust\nnever closed", "```text\nnever closed\n```"),
        ("````\n```\n````", "````text\n```\n````"),
        ("> ```\n> a\n> ```", "> ```text\n> a\n> ```"),
        ("- ```\n  a\n  ```", "- ```text\n  a\n  ```"),
        ("Title\n=====\n\nmore\n---", "# Title\n\n## more"),
        ("<p>Some **bold** HTML</p>", "\\<p>Some **bold** HTML\\</p>"),
        ("a[^1]\n\n[^1]: A note.", "a\\[^1\\]\n\n\\[^1\\]: A note."),
        ("[^1]: https://example.org", "\\[^1\\]: <https://example.org>"),
        ("https://example.org/<id>", "<https://example.org/>\\<id>"),
        ("[![a](https://example.org/b)](https://example.org)", "[a](https://example.org)"),
        ("[](https://example.org) and **![](b)** nothing", "<https://example.org> and nothing"),
        ("a  \nb", "a\\\nb"),
        ("a\n\n```\n```\n\nb", "a\n\nb"),
        ("- [ ] open\n- [x] done", "- \\[ \\] open\n- \\[x\\] done"),
        ("a\n***\nb", "a\n\n___\n\nb"),
        ("&lt;b&gt; &#60;i>", "\\<b> \\<i>"),
        ("&amp;lt;", "\\&lt;"),
        ("- a\n-\n- b", "- a\n- b"),
        ("1.\n2. a\n3.\n4. b", "1. a\n2. b"),
        ("wow![a](https://example.org)", "wow[a](https://example.org)"),
        ("wow\\![a](https://example.org)", "wow\\![a](https://example.org)"),
        ("<https://example.org/a`b>", "<https://example.org/a%60b>"),
        ("`a\nb`", "`a b`"),
    ] {
        check(text, expected);
    }
}

#[test]
fn long_lines_are_wrapped_with_the_indent_of_their_block() {
    for (start, rest) in [("", ""), ("- ", "  "), ("> ", "> "), ("10. ", "    ")] {
        let lines = lines(&format!("{start}{}", "word `a b` ".repeat(15)));
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with(start) && lines[1].starts_with(rest), "{lines:?}");
        assert!(lines.iter().all(|line| line.chars().count() <= 110));
    }
    let lines = lines(&format!("{} - 1. # > + = | `- a", "w".repeat(109)));
    assert_eq!(lines[1..], ["\\- 1. # > + = | \\`- a"]);
}

#[test]
fn inline_text_never_starts_a_block() {
    for (text, expected) in [
        ("Get a thing", "Get a thing"),
        ("# Get\n\n> a `thing` [A] https://example.org", "\\# Get > a `thing` \\[A\\] <https://example.org>"),
        ("- a\n- b", "\\- a - b"),
        ("```\nlet x;\n```", "`let x;`"),
        ("1. a\n2. b", "1\\. a 2. b"),
        ("**a** <b>", "**a** \\<b>"),
        ("", ""),
        ("\n \n", ""),
    ] {
        assert_eq!(inline(text), expected, "{text}");
    }
}

#[test]
fn code_spans_show_invisible_characters() {
    for (text, expected) in [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("a\n\n> ```\n", "`a\\n\\n> ```\\n`"),
        ("a\u{202e}\u{e0041}", "`a\\u{202e}\\u{e0041}`"),
        ("", "`\"\"`"),
        ("<b> [a] \\", "`<b> [a] \\`"),
    ] {
        assert_eq!(code(text), expected, "{text:?}");
    }
}

#[test]
fn comments_have_the_same_lines() {
    assert_eq!(comment("    ", "a\n\n<b>"), "    /// a\n    ///\n    /// \\<b>\n");
    assert_eq!(plain(" a_b\n\u{202e}[c] "), "a_b [c]");
}
