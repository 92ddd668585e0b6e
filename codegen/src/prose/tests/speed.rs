//! Texts that are slow with a quadratic parser or printer.

use std::time::{Duration, Instant};

use crate::prose::{code, inline, lines};

/// The fragments that texts repeat.
const PARTS: &[&str] = &[
    "[",
    "![",
    "]",
    "](",
    "[a](",
    "[a](<b",
    "[a](((((",
    "[a]: b\n",
    "[a]: b\n\n[a]\n\n",
    "[^a]: ",
    "[a][b]",
    "> ",
    "> \n",
    "- ",
    "-\n  ",
    "* ",
    "1. ",
    "*",
    "*a ",
    "**a b",
    "a*b_",
    "***a",
    "_a ",
    "~~a ",
    "`",
    "`a``b```c",
    "<",
    "<a ",
    "<!--",
    "<?",
    "<![CDATA[",
    "&",
    "&lt;",
    "\\",
    "\\<",
    "|",
    "|a|\n|-|\n",
    "a|",
    "~~~",
    "```\n",
    "# ",
    "\t",
    "    a\n",
    "a\n",
    "a\n\n",
    "a\n=\n",
    "https://a ",
    "<https://a>",
    "\u{200b}",
    "w",
];

/// The size of a text in bytes.
const SIZE: usize = 100_000;

/// A text takes about 100 ms; in quadratic time it would take minutes.
const LIMIT: Duration = Duration::from_secs(10);

#[test]
fn printing_takes_linear_time() {
    let mut texts: Vec<_> = PARTS.iter().map(|part| part.repeat(SIZE / part.len())).collect();
    texts.push((0..SIZE / 12).map(|number| format!("[^{number}]: b\n")).collect());
    texts.push((0..700).map(|depth| format!("{}- a\n", " ".repeat(depth))).collect());
    texts.push((0..500).map(|depth| format!("{}a\n", "> ".repeat(depth))).collect());
    texts.push(format!("{}\n{}\n{}", "a|".repeat(SIZE / 10), "-|".repeat(SIZE / 10), "a\n".repeat(SIZE / 4)));
    texts.push(format!("[a]: https://{}\n\n{}", "b".repeat(SIZE / 10), "[a]".repeat(SIZE / 4)));
    for text in texts {
        let started = Instant::now();
        let size = lines(&text).iter().map(String::len).sum::<usize>() + inline(&text).len() + code(&text).len();
        let start: String = text.chars().take(20).collect();
        assert!(started.elapsed() < LIMIT, "{start:?} takes {:?}", started.elapsed());
        assert!(size < 40 * text.len() + 1000, "{start:?} becomes {size} bytes");
    }
}
