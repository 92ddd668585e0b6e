//! The specs of two trees, in pairs.

use std::collections::BTreeSet;

use super::tree::Tree;
use crate::targets::TARGETS;

/// The folder of the specs.
pub(super) const FOLDER: &str = "spec";

/// The file of acknowledged changes.
pub(super) const ACKNOWLEDGED: &str = "spec/acknowledged.yaml";

/// A spec on both sides.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) base: Option<String>,
    pub(super) head: Option<String>,
}

/// Returns every file that is a spec on at least one side.
///
/// A file that is a spec on one side only is compared as well: an edit that breaks the first line of a spec must not
/// exclude it from the comparison.
pub(super) fn pairs(base: &Tree, head: &Tree) -> anyhow::Result<Vec<Pair>> {
    let mut names: BTreeSet<String> = TARGETS.iter().map(|target| target.spec.to_owned()).collect();
    for tree in [base, head] {
        for path in tree.files(FOLDER)?.into_iter().filter(|path| may_be_spec(path)) {
            if tree.bytes(&path)?.is_some_and(|bytes| is_spec(&bytes)) {
                names.insert(path);
            }
        }
    }
    let pair = |name: String| Ok(Pair { base: base.text(&name)?, head: head.text(&name)?, name });
    names.into_iter().map(pair).collect()
}

fn may_be_spec(path: &str) -> bool {
    path != ACKNOWLEDGED && [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
}

/// Returns whether a file has the key `openapi` at its top level, unlike the rule files of linters in the same folder.
///
/// The rest of the file may be broken: such a spec has to be reported, not skipped.
fn is_spec(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{')
        && let Ok(value) = serde_json::from_str::<serde_json::Value>(text)
    {
        return value.get("openapi").is_some();
    }
    let is_key = |line: &str| {
        let line = line.trim_start_matches(['{', ' ', '\t']);
        let rest = ["openapi", "\"openapi\"", "'openapi'"].iter().find_map(|key| line.strip_prefix(key));
        rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    let is_flow = text.trim_start().starts_with('{');
    text.lines().any(|line| (is_flow || !line.starts_with([' ', '\t'])) && is_key(line))
}
