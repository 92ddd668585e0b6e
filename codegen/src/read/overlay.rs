//! OpenAPI overlays (versions 1.0 and 1.1): changes of a spec that leave its file alone.

mod actions;
mod merge;
mod target;

use self::actions::{Action, Change};
use self::merge::Merging;
use super::size::Size;
use super::{Document, MAX_DEPTH, MAX_NODES, MAX_TEXT, Node};
use crate::finding::{Finding, Severity};
use crate::findings::MAX_FINDINGS;
use crate::rules;

/// Applies the actions of an overlay to a tree, one after the other. `lines` is added to the lines of nodes that come from
/// the overlay.
///
/// Returns the changed tree and findings that are no errors.
///
/// # Errors
///
/// The faults of the overlay, or those of the first action that cannot be applied.
pub(super) fn apply(root: Node, overlay: &Document, lines: usize) -> Result<(Node, Vec<Finding>), Vec<Finding>> {
    let actions = actions::of(overlay)?;
    let mut warnings = Vec::new();
    let mut root = root;
    for action in &actions {
        root = act(root, action, overlay, lines, &mut warnings)?;
    }
    Ok((root, warnings))
}

fn act(
    root: Node,
    action: &Action<'_>,
    overlay: &Document,
    lines: usize,
    warnings: &mut Vec<Finding>,
) -> Result<Node, Vec<Finding>> {
    let refuse = |key: &str, rule, message: &str, fix: &str| {
        vec![overlay.finding(Severity::Error, &action.pointer.child(key), rule, message, fix)]
    };
    let json = root.to_json();
    let selection = action.target.select(&json);
    if selection.count() == 0 {
        if warnings.len() < MAX_FINDINGS {
            let (message, fix) = ("the target selects no part of the spec", "compare it with the spec");
            let place = action.pointer.child("target");
            warnings.push(overlay.finding(Severity::Warning, &place, rules::OVERLAY_WITHOUT_EFFECT, message, fix));
        }
        return Ok(root);
    }
    let copied;
    let (key, update, offset) = match &action.change {
        Change::Remove if selection.is_selected => {
            let fix = "select parts of the document";
            return Err(refuse("target", rules::OVERLAY_TARGET, "the whole document cannot be removed", fix));
        }
        Change::Remove => return Ok(merge::without(root, &selection)),
        Change::Update(update) => ("update", *update, lines),
        Change::Copy(source) => {
            let source = source.select(&json);
            let places = source.places();
            let [place] = &places[..] else {
                let fix = "select a single one";
                return Err(refuse("copy", rules::OVERLAY_TARGET, "`copy` must select one part of the spec", fix));
            };
            let Some(node) = place.iter().try_fold(&root, |node, step| node.step(step).map(|(_, value)| value)) else {
                return Ok(root);
            };
            copied = node.clone();
            ("copy", &copied, 0)
        }
    };
    drop(json);
    let size = Size::of(update);
    let is_too_much = |one: usize, most: usize| one.saturating_mul(selection.count()) > most;
    if is_too_much(size.nodes, MAX_NODES) || is_too_much(size.bytes, MAX_TEXT) {
        let message = format!("this adds more than {MAX_NODES} values, or {MAX_TEXT} bytes");
        return Err(refuse(key, rules::TOO_LARGE, &message, "select fewer parts of the spec"));
    }
    let mut merging = Merging::new(overlay, action, key, offset);
    let changed = merging.merged_at(root, &selection, update);
    let mismatches = merging.into_findings();
    if !mismatches.is_empty() {
        return Err(mismatches);
    }
    let Size { nodes, depth, .. } = Size::of(&changed);
    if nodes > MAX_NODES {
        let message = format!("the spec has more than {MAX_NODES} values after this");
        return Err(refuse(key, rules::TOO_LARGE, &message, "select fewer parts of the spec"));
    }
    if depth > MAX_DEPTH {
        let message = format!("lists and mappings nest deeper than {MAX_DEPTH} levels after this");
        return Err(refuse(key, rules::TOO_DEEP, &message, "make components of the inner schemas"));
    }
    Ok(changed)
}

#[cfg(test)]
mod tests;
