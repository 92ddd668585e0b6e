//! Values with an anchor (`&name`), for the aliases (`*name`) that stand for them.

use std::collections::HashMap;

use super::Node;
use super::size::Size;

/// A value with an anchor.
pub(super) struct Anchored {
    pub(super) node: Node,
    pub(super) size: Size,
}

/// The anchored values of a text, with the number of copies: a few lines of aliases of aliases could fill the memory.
#[derive(Default)]
pub(super) struct Anchors {
    /// Values by the number that the parser gives their anchor.
    found: HashMap<usize, Anchored>,
    nodes: usize,
    bytes: usize,
}

impl Anchors {
    /// Returns the value of an anchor, or `None` while that value is still being read.
    pub(super) fn find(&self, anchor: usize) -> Option<&Anchored> {
        self.found.get(&anchor)
    }

    pub(super) fn keep(&mut self, anchor: usize, anchored: Anchored) {
        self.found.insert(anchor, anchored);
    }

    /// Counts a copy, and returns the values and bytes of all of them.
    pub(super) fn count_copy(&mut self, size: Size) -> (usize, usize) {
        self.nodes += size.nodes;
        self.bytes += size.bytes;
        (self.nodes, self.bytes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use serde_json::json;

    use crate::read::load;
    use crate::rules;

    fn rule(text: &str) -> &'static str {
        let findings = load("a.yaml", text).unwrap_err();
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings[0].rule
    }

    #[test]
    fn aliases_stand_for_anchored_values() {
        let text = "a: &a\n  b: &b [1, &c two]\n  d: *c\ne: [*a, *b]\n&f g: *f\n";
        let document = load("a.yaml", text).unwrap();
        let a = json!({"b": [1, "two"], "d": "two"});
        assert_eq!(document.root.to_json(), json!({"a": a, "e": [a, [1, "two"]], "g": "g"}));
        let copied = document.at("/e/0").unwrap();
        assert_eq!((copied.line, copied.get("d").unwrap().line), (1, 2));
        // A name may be used again.
        let again = load("a.yaml", "a: &x 1\nb: *x\nc: &x 2\nd: *x\n").unwrap();
        assert_eq!(again.root.to_json(), json!({"a": 1, "b": 1, "c": 2, "d": 2}));
    }

    #[test]
    fn aliases_without_a_value_are_refused() {
        for text in ["a: *b\n", "a: &a [*a]\n", "a: &a {b: *a}\n"] {
            assert_eq!(rule(text), rules::YAML_FEATURE, "{text}");
        }
        assert_eq!(rule("a: &a b\n*a : c\n"), rules::KEY_NOT_STRING);
    }

    #[test]
    fn copies_are_limited() {
        let doubled = |first: &str, levels: usize| {
            let lines = (1..=levels).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
            format!("a0: &a0 {first}\n{}", lines.collect::<String>())
        };
        assert!(load("a.yaml", &doubled("x", 10)).is_ok());
        assert_eq!(rule(&doubled("x", 60)), rules::TOO_LARGE);
        assert_eq!(rule(&doubled(&"x".repeat(1_000_000), 4)), rules::TOO_LARGE);
        // Anchors on every level of a deep list are copies as well.
        let nested: String = (0..60).map(|nth| format!("&a{nth} [")).collect();
        let text = format!("a: {nested}{}{}", "1, ".repeat(10_000), "]".repeat(60));
        assert_eq!(rule(&text), rules::TOO_LARGE);
        let deeper = (1..70).map(|nth| format!("a{nth}: &a{nth} [*a{}]\n", nth - 1)).collect::<String>();
        assert_eq!(rule(&format!("a0: &a0 1\n{deeper}")), rules::TOO_DEEP);
    }
}
