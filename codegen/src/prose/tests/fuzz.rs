//! Random combinations of Markdown fragments.

use fastrand::Rng;

use super::verify::{check, check_all};
use crate::prose::syntax::WIDTH;
use crate::prose::{blocks, clean, fast, inline, lines};

/// The fragments.
const PARTS: &[&str] = &[
    "a",
    "Client",
    "let x = 1;",
    "rust",
    "text",
    "no_run",
    " ",
    "  ",
    "    ",
    "     ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "> ",
    ">",
    "- ",
    "-",
    "* ",
    "*",
    "+ ",
    "1. ",
    "1.",
    "2) ",
    "7. ",
    "999999999. ",
    "# ",
    "#",
    "###### ",
    "```",
    "````",
    "~~~",
    "~~",
    "~",
    "`",
    "``",
    "`a`",
    "``a`b``",
    "**",
    "_",
    "__",
    "***",
    "---",
    "===",
    "=",
    "|",
    "| a | b |\n",
    "|---|---|\n",
    "|:-",
    "\\",
    "\\\\",
    "\\<",
    "\\[",
    "\\`",
    "\\|",
    "<",
    ">",
    "<b>",
    "</b>",
    "<div>",
    "<script>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!A",
    "<a b=\"",
    "[",
    "]",
    "](",
    ")",
    "[a]",
    "[Client]",
    "[a](",
    "[a][b]",
    "[]",
    "[a](https://example.org)",
    "[a](javascript:b)",
    "[a]: ",
    "[b]: https://example.org\n",
    "[^a]",
    "[^a]: ",
    "![",
    "![a](b)",
    "![](c)",
    "!",
    "<https://example.org>",
    "https://example.org/a",
    "http://",
    "://",
    "javascript:",
    "&",
    "&lt;",
    "&#60;",
    "&#x5b;",
    ";",
    "[ ] ",
    "[x] ",
    ":",
    "'",
    "\"",
    "\u{0}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\u{fdd0}",
    "\u{fdd1}",
    "\u{a0}",
    "é",
    "\u{301}",
    "口",
    "//",
    "/*",
    "*/",
    "#[doc]",
    "{",
    "}",
    "$",
    "^",
    ".",
    "%",
];

/// Returns a random text.
pub(super) fn any(rng: &mut Rng) -> String {
    if rng.bool() { flat(rng) } else { nested(rng) }
}

fn flat(rng: &mut Rng) -> String {
    let longest = if rng.u8(..) < 16 { 80 } else { 16 };
    (0..rng.usize(1..=longest)).map(|_| PARTS[rng.usize(..PARTS.len())]).collect()
}

/// Returns several lines, most of them inside containers or indented.
fn nested(rng: &mut Rng) -> String {
    let starts = ["> ", "- ", "  ", "    ", "1. ", "   ", ""];
    let mut text = String::new();
    for _ in 0..rng.usize(1..8) {
        for _ in 0..rng.usize(0..5) {
            text.push_str(starts[rng.usize(..starts.len())]);
        }
        for _ in 0..rng.usize(0..4) {
            text.push_str(PARTS[rng.usize(..PARTS.len())]);
        }
        text.push('\n');
    }
    text
}

#[test]
fn random_prose_is_safe() {
    for seed in 0..6_000 {
        let text = any(&mut Rng::with_seed(seed));
        if let Err(fault) = check_all(&text) {
            panic!("seed {seed}: {fault}\n--- of {text:?}");
        }
        // Templates combine safe parts and print the whole.
        let twice = lines(&lines(&text).join("\n"));
        if let Err(fault) = check(&twice.join("\n"), &[]) {
            panic!("seed {seed}, twice: {fault}\n--- of {text:?}");
        }
        let twice = inline(&inline(&text));
        assert_eq!(check(&twice, &[]), Ok(()), "seed {seed}: {text:?}");
    }
}

#[test]
fn fast_path_and_parser_print_the_same_lines() {
    let parts =
        ["a", "word word", " ", "\n", "\n\n", ". ", "(", "-", "1.", ":", "/", "_", "#", "|", "é", "'", "!", ">", "="];
    let mut plain = 0;
    for seed in 0..4_000 {
        let mut rng = Rng::with_seed(seed);
        let text: String = (0..rng.usize(1..40)).map(|_| parts[rng.usize(..parts.len())]).collect();
        let text = clean::clean(text.trim());
        if fast::is_plain(&text) {
            plain += 1;
            assert_eq!(fast::lines(&text, WIDTH), blocks::print(&text, WIDTH), "{text:?}");
        }
    }
    assert!(plain > 100, "{plain}");
}
