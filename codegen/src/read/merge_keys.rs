//! Merge keys (`<<: *defaults`), which YAML 1.1 has and most readers still know.

use std::collections::{BTreeSet, HashSet};

use super::{Entry, Mapping, Node, NodeValue};
use crate::pointer::Pointer;

/// A text that was read, before its merge keys are replaced.
pub(super) struct Read {
    pub(super) root: Node,
    /// The places of merge keys.
    pub(super) merge_keys: BTreeSet<(usize, usize)>,
}

/// Returns the first merge key whose value is neither a mapping nor a list of mappings.
pub(super) fn misplaced(root: &Node, keys: &BTreeSet<(usize, usize)>) -> Option<Pointer> {
    if keys.is_empty() {
        return None;
    }
    let mut open = vec![(Pointer::ROOT, root)];
    while let Some((pointer, node)) = open.pop() {
        for entry in node.entries() {
            let below = pointer.child(&entry.key);
            if is_merge(entry, keys) && !can_be_merged(&entry.value) {
                return Some(below);
            }
            open.push((below, &entry.value));
        }
        open.extend(node.items().iter().enumerate().map(|(nth, item)| (pointer.child(nth), item)));
    }
    None
}

fn can_be_merged(value: &Node) -> bool {
    let is_mapping = |node: &Node| matches!(node.value, NodeValue::Mapping(_));
    match &value.value {
        NodeValue::Sequence(items) => items.iter().all(is_mapping),
        _ => is_mapping(value),
    }
}

fn is_merge(entry: &Entry, keys: &BTreeSet<(usize, usize)>) -> bool {
    entry.key == "<<" && keys.contains(&(entry.line, entry.column))
}

/// Replaces merge keys by the keys of the mappings that are their values. A key of the mapping itself wins, then the
/// mapping that is listed first.
pub(super) fn merged(root: Node, keys: &BTreeSet<(usize, usize)>) -> Node {
    if keys.is_empty() { root } else { merge(root, keys) }
}

fn merge(node: Node, keys: &BTreeSet<(usize, usize)>) -> Node {
    let value = match node.value {
        NodeValue::Sequence(items) => NodeValue::Sequence(items.into_iter().map(|item| merge(item, keys)).collect()),
        NodeValue::Mapping(entries) => {
            let own = entries.iter().filter(|entry| !is_merge(entry, keys)).map(|entry| entry.key.clone());
            let mut taken: HashSet<String> = own.collect();
            let mut all = Vec::new();
            for entry in entries.into_entries() {
                let is_merge = is_merge(&entry, keys);
                let entry = Entry { value: merge(entry.value, keys), ..entry };
                match is_merge {
                    true => all.extend(inherited(entry.value).into_iter().filter(|it| taken.insert(it.key.clone()))),
                    false => all.push(entry),
                }
            }
            NodeValue::Mapping(Mapping::new(all))
        }
        scalar => scalar,
    };
    Node { value, ..node }
}

/// Returns the entries in the value of a merge key.
fn inherited(value: Node) -> Vec<Entry> {
    match value.value {
        NodeValue::Mapping(entries) => entries.into_entries(),
        NodeValue::Sequence(items) => items.into_iter().flat_map(inherited).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use serde_json::json;

    use crate::read::load;
    use crate::rules;

    #[test]
    fn own_keys_win_over_merged_ones() {
        let text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: *a, y: 5}\nd:\n  x: 6\n  <<: [*a, *b]\ne:\n  <<:\n    <<: *b\n";
        let document = load("a.yaml", text).unwrap();
        let json = json!({
            "a": {"x": 1, "y": 2},
            "b": {"y": 3, "z": 4},
            "c": {"x": 1, "y": 5},
            "d": {"x": 6, "y": 2, "z": 4},
            "e": {"y": 3, "z": 4},
        });
        assert_eq!(document.root.to_json(), json);
    }

    #[test]
    fn a_quoted_key_is_not_a_merge_key() {
        let text = "{\"a\": {\"<<\": 1}}";
        assert_eq!(load("a.json", text).unwrap().root.to_json(), json!({"a": {"<<": 1}}));
    }

    #[test]
    fn only_mappings_can_be_merged() {
        for text in ["a:\n  <<: 1\n", "a:\n  <<: [{b: 1}, 2]\n"] {
            let findings = load("a.yaml", text).unwrap_err();
            assert_eq!((findings.len(), findings[0].rule, findings[0].line), (1, rules::YAML_FEATURE, 2));
        }
    }
}
