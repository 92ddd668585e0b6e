//! Known ways to make rustdoc run code, pass HTML through or create links.

use super::verify::{check, check_all, uncommented};
use crate::prose::comment;

/// Code blocks: fences, indents, and containers that hide them.
const CODE: &[&str] = &[
    "```\nCODE\n```",
    "```rust\nCODE\n```",
    "~~~\nCODE\n~~~",
    "   ```\nCODE\n   ```",
    "```no_run\nCODE",
    "```should_panic,edition2021\nCODE\n```",
    "``` {.rust}\nCODE\n```",
    "```text,rust\nCODE\n```",
    "```\\u{72}ust\nCODE\n```",
    "```&#114;ust\nCODE\n```",
    "`````rust\n```\nCODE\n```\n`````",
    "```text\n```rust\nCODE\n```",
    "~~~text\n```\nCODE\n~~~\n```\nCODE\n```",
    "```text\n# hidden\nCODE\n## x\n```",
    "a\n```\nCODE\n```\nb",
    "    CODE",
    "a\n\n    CODE\n\nb",
    "\tCODE",
    "a\n\n \tCODE",
    "> ```\n> CODE\n> ```",
    ">```\n>CODE\n>```",
    "> ~~~\n> CODE",
    "a\n> ```\n> CODE\n> ```",
    ">     CODE",
    ">\tCODE",
    ">\t\tCODE",
    "> > ```\n> > CODE\n> > ```",
    "> a\n```\nCODE\n```",
    "> > > a\n> ```\n> CODE\n> ```",
    "> a\n    CODE",
    "- ```\n  CODE\n  ```",
    "- ```rust\n  CODE",
    "+ ````\n  CODE\n  ````",
    "* ~~~\n  CODE\n  ~~~",
    "1. ~~~\n   CODE\n   ~~~",
    "1) ```\n   CODE",
    "-     CODE",
    "- a\n\n      CODE",
    "1.  a\n\n        CODE",
    "- > ```\n  > CODE",
    "- - - ```\n      CODE\n      ```",
    "- a\n\n  - b\n\n    ```\n    CODE\n    ```",
    "-\n  ```\n  CODE\n  ```",
    "-\n\n      CODE",
    "- a\n-\n      CODE",
    "5. a\n6. ```\n   CODE\n   ```",
    "a\n5. ```\n   CODE\n   ```",
    "999999999. a\n1. ```\n\n   CODE\n   ```",
    "9999999999. ```\n            CODE",
    "-\n  -\n    -\n    -     CODE",
    "* * *\n\n      CODE",
    "- [ ] ```\n      CODE\n      ```",
    "# a\n    CODE",
    "# ```\nCODE\n```",
    "a\n===\n\n    CODE",
    "a\n-\n\n    CODE",
    "a `b\n```\nCODE\n```",
    "`` a ``` b\n```\nCODE\n```",
    "~~~~rust ~~~~\nCODE",
    "~~ ~~~~rust~~ ~~\nCODE",
    "[^a]\n\n[^a]: ```\n    CODE\n    ```",
    "[^a]\n\n[^a]:\n\n        CODE",
    "[^a]: x\n\n        CODE",
    "[a]: x\n    CODE",
    "| a |\n|---|\n| b |\n\n    CODE",
    "| a |\n|---|\n    CODE",
    "| ``` |\n|---|\n| CODE |",
    "<!--\n-->\n\n    CODE",
    "<pre>\n\n    CODE\n</pre>",
    "<div>\n```\nCODE\n```\n</div>",
    "a\r```\rCODE\r```\r",
    "a\r\n```\r\nCODE\r\n```\r\n",
    "a\u{2028}```\u{2028}CODE",
    "\u{feff}```\nCODE\n```",
    "`\u{200b}``\nCODE\n```",
    "\u{0}    CODE",
    "    \u{ad}\n\n    CODE",
    "a\u{b}```\u{c}CODE",
    "*/\n```\nCODE\n```\n/*",
    "//! ```\n/// ```\n```\nCODE",
    "\"]\n#[doc = \"```\"]\n    CODE",
];

/// HTML, links, images, and input at the edges of the syntax.
const MARKUP: &[&str] = &[
    "<script>a</script>",
    "\\<script>a\\</script>",
    "\\\\<script>",
    "\\\\\\<b>",
    "a <img src=x onerror=alert(1)>",
    "<div\nclass='a'>",
    "`a\n<b>`",
    "`a` <b>` c",
    "``a` <b> `c``",
    "`a\n\n<script>`",
    "`a\\` <b>`",
    "`<b>\n# c\n<d>`",
    "| `a | <b>` |\n|---|---|\n| `c \\| <d>` | <e> |",
    "| a |\n|---|\n| \\<b> `\\|<i>` |",
    "<!-- a -->",
    "a <!-- b\n\nc -->",
    "<?php a ?>",
    "<!DOCTYPE html>",
    "<![CDATA[ a ]]>",
    "</div>",
    "<a\u{0}b>",
    "&#x3C;script&#x3E; &lt;b&gt; &LT;i&GT;",
    "&amp;lt;b&amp;gt;",
    "[a](javascript:alert(1))",
    "[a](JavaScript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](javascript&#58;alert(1))",
    "[a](java\u{0}script:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:a \"t\")",
    "[a](//example.org) [b](/c) [d](#e) [f](g.md)",
    "[a](https://example.org/\"onclick=\"b)",
    "[a](https://example.org 'title <b>')",
    "[a\n\nb](https://example.org)",
    "[a [b] c](https://example.org)",
    "[`a](https://example.org)` b",
    "[a](https://example.org/`b`) `c`",
    "[![a](https://example.org/b)](javascript:c)",
    "[![a](javascript:b)](https://example.org)",
    "![a [b](https://example.org) c](https://example.org)",
    "![a <https://example.org> <b>](https://example.org)",
    "![](javascript:a)",
    "**![](a)**b**![](c)**",
    "`a`![](b)``c`<d>``",
    "<javascript:alert(1)>",
    "<mailto:a@example.org> <a@example.org>",
    "<https://example.org/`a`<b>>",
    "<https://example.org/a b>",
    "<https://example.org/|a|>",
    "http://example.org/<b> https://",
    "xhttps://example.org HTTPS://example.org",
    "*https://example.org/a_b_*",
    "[https://example.org](https://example.org)",
    "[Client] [`Client`] [Client][] [a][Client] [crate::Client] [struct@Client]",
    "![Client]",
    "\\[Client] [Client\\] \\\\[Client]",
    "[Cli\nent]",
    "[a]: javascript:b\n\n[a] [c][a]",
    "[a]: https://example.org\n\n[a] [c][a] [a][]",
    "> [a]: b\n\n[a]",
    "[Client]: https://example.org 'a'",
    "[^1] [^1]: a\n\n[^1]: [Client]",
    "[^a](https://example.org) [^b]",
    "[^<b>]\n\n[^<b>]: c",
    "- [x] [Client]\n- [ ]",
    "wow![a](https://example.org)",
    "a\\",
    "a\\\n",
    "\\",
    "`",
    "```",
    "***",
    "a*b**c***d_e__f~g~~h",
    "~~a ~~b~~ c~~",
    "~~~~a~~~~",
    "# \n## \n#",
    "# a #\n## b \\##",
    "||||\n|-|-|-|\n||",
    "a | b\n- | -\nc | d | e",
    "$a$ $$b$$ {#c .d}",
    "---\na: b\n---",
    "+++\na\n+++",
    "> [!NOTE]\n> a",
    "a\n: b",
    "\u{202e}a\u{2066}b\u{200d}c\u{e0041}d\u{3164}",
];

/// The code in place of `CODE`.
const LINE: &str = "panic!(\"code of the prose\");";

/// Returns all shapes.
pub(super) fn all() -> impl Iterator<Item = String> {
    CODE.iter().chain(MARKUP).map(|shape| shape.replace("CODE", LINE))
}

#[test]
fn no_shape_becomes_code_html_or_an_item_link() {
    assert!(CODE.len() + MARKUP.len() >= 80);
    for text in all() {
        for text in [text.clone(), format!("Before.\n\n{text}\n\nAfter."), format!("{text}\n{text}")] {
            if let Err(fault) = check_all(&text) {
                panic!("{fault}\n--- of\n{text}");
            }
        }
    }
}

/// Guards against harmless shapes, with which the test above could not fail.
#[test]
fn most_shapes_are_unsafe_as_they_are() {
    let is_unsafe = |shape: &&&str| check(&shape.replace("CODE", LINE), &[]).is_err();
    assert!(CODE.iter().filter(is_unsafe).count() * 10 > CODE.len() * 8);
    assert!(MARKUP.iter().filter(is_unsafe).count() * 10 > MARKUP.len() * 6);
}

#[test]
fn comments_have_one_doc_attribute_per_line() {
    for text in all() {
        let comment = comment("    ", &text);
        let item: syn::ItemStruct = syn::parse_str(&format!("{comment}struct A;")).unwrap();
        assert_eq!(item.attrs.len(), comment.lines().count(), "{comment}");
        assert_eq!(check(&uncommented(&comment), &[]), Ok(()), "{comment}");
    }
}

#[test]
fn long_and_deeply_nested_shapes_are_safe() {
    let depth = 1000;
    let mut texts = Vec::new();
    for start in ["> ", "- ", "1. ", "* > ", "[", "![", "*", "**a ", "`", "~~a ", "<", "<b>", "&#60;", "\\", "| ", "# "]
    {
        texts.push(format!("{}\n\n    {LINE}\n```\n{LINE}", start.repeat(depth)));
        texts.push(format!("{}```\n{LINE}\n```", start.repeat(depth)));
    }
    texts.push((0..200).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect::<String>() + LINE);
    texts.push((0..200).map(|depth| format!("{}```\n{LINE}\n", "> ".repeat(depth))).collect());
    texts.push((0..60).map(|depth| format!("{}999999999. - a\n\n", " ".repeat(depth * 13))).collect());
    texts.push("word ".repeat(10_000));
    texts.push("w".repeat(100_000));
    texts.push(format!("`{}`", "# ".repeat(10_000)));
    for text in texts {
        if let Err(fault) = check_all(&text) {
            panic!("{}\n--- of\n{}", &fault[..fault.len().min(2000)], &text[..text.len().min(500)]);
        }
    }
}
