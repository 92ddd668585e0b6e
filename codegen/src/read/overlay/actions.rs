//! The actions of an overlay as its text has them.

use super::target::Target;
use crate::finding::{Finding, Severity};
use crate::findings::{Findings, Rank};
use crate::pointer::Pointer;
use crate::read::{Document, Node, NodeValue};
use crate::rules;

/// A change of all parts of a spec that a target selects.
pub(super) struct Action<'a> {
    /// The action inside the overlay.
    pub(super) pointer: Pointer,
    pub(super) target: Target,
    pub(super) change: Change<'a>,
    /// Set if the rules of version 1.1 apply: lists are concatenated, and values that are no collections can be selected.
    pub(super) is_1_1: bool,
}

/// The change of an action.
pub(super) enum Change<'a> {
    Remove,
    Update(&'a Node),
    /// An update by a part of the spec.
    Copy(Target),
}

/// Returns the actions of an overlay.
///
/// # Errors
///
/// Every fault of its structure.
pub(super) fn of(overlay: &Document) -> Result<Vec<Action<'_>>, Vec<Finding>> {
    let mut reader = Reader { overlay, findings: Findings::default(), is_1_1: false };
    let actions = reader.overlay();
    if reader.findings.is_empty() { Ok(actions) } else { Err(reader.findings.into_sorted()) }
}

struct Reader<'a> {
    overlay: &'a Document,
    findings: Findings,
    is_1_1: bool,
}

impl<'a> Reader<'a> {
    fn overlay(&mut self) -> Vec<Action<'a>> {
        let root = &self.overlay.root;
        let top = Pointer::ROOT;
        let fix = "begin with `overlay: 1.0.0`";
        match root.get("overlay").map(|version| (version, version.as_str())) {
            Some((_, Some(version))) if version.starts_with("1.0.") => {}
            Some((_, Some(version))) if version.starts_with("1.1.") => self.is_1_1 = true,
            Some((_, Some(version))) => {
                let message = format!("`{version}` is not a version of OpenAPI Overlay that is read");
                self.error(&top.child("overlay"), message, "use 1.0.0 or 1.1.0");
                return Vec::new();
            }
            Some(_) => {
                self.error(&top.child("overlay"), "`overlay` must be a string", fix);
                return Vec::new();
            }
            None => {
                self.error(&top, "this is not an overlay", fix);
                return Vec::new();
            }
        }
        self.known_keys(&top, root, &["actions", "extends", "info", "overlay"]);
        self.info(root);
        let pointer = top.child("actions");
        match root.get("actions").map(|actions| &actions.value) {
            Some(NodeValue::Sequence(items)) if !items.is_empty() => {
                let actions = items.iter().enumerate().map(|(nth, item)| self.action(pointer.child(nth), item));
                actions.collect::<Vec<_>>().into_iter().flatten().collect()
            }
            _ => {
                self.error(&pointer, "an overlay needs `actions`, a list with at least one of them", "list them");
                Vec::new()
            }
        }
    }

    fn info(&mut self, root: &Node) {
        let pointer = Pointer::ROOT.child("info");
        for key in ["title", "version"] {
            if root.get("info").and_then(|info| info.get(key)).and_then(Node::as_str).is_none() {
                let message = format!("the `info` of an overlay needs `{key}`, a string");
                self.error(&pointer.child(key), message, "add it, in quotes");
            }
        }
    }

    fn action(&mut self, pointer: Pointer, node: &'a Node) -> Option<Action<'a>> {
        if !matches!(node.value, NodeValue::Mapping(_)) {
            self.error(&pointer, "an action must be a mapping", "write `target` and `update` or `remove`");
            return None;
        }
        let known: &[&str] = match self.is_1_1 {
            true => &["copy", "description", "remove", "target", "update"],
            false => &["description", "remove", "target", "update"],
        };
        self.known_keys(&pointer, node, known);
        let target = self.target(&pointer, node, "target");
        if node.get("target").is_none() {
            self.error(&pointer, "an action needs `target`", "add a JSONPath, such as `$.paths['/accounts'].get`");
        }
        let remove = match node.get("remove").map(|flag| (flag, flag.as_bool())) {
            None => false,
            Some((_, Some(flag))) => flag,
            Some(_) => {
                self.error(&pointer.child("remove"), "`remove` must be `true` or `false`", "mend it");
                return None;
            }
        };
        let change = match (remove, node.get("update"), self.is_1_1 && node.get("copy").is_some()) {
            (true, ..) => Change::Remove,
            (false, Some(update), false) => Change::Update(update),
            (false, None, true) => Change::Copy(self.target(&pointer, node, "copy")?),
            (false, Some(_), true) => {
                self.error(&pointer, "an action has both `update` and `copy`", "make two actions of it");
                return None;
            }
            (false, None, false) => {
                self.error(&pointer, "an action without `update` or `remove: true` changes no part", "add one of them");
                return None;
            }
        };
        Some(Action { pointer, target: target?, change, is_1_1: self.is_1_1 })
    }

    /// Reads a JSONPath.
    fn target(&mut self, action: &Pointer, node: &Node, key: &str) -> Option<Target> {
        let pointer = action.child(key);
        let Some(text) = node.get(key)?.as_str() else {
            self.error(&pointer, format!("`{key}` must be a string"), "write a JSONPath, such as `$.paths`");
            return None;
        };
        match Target::parse(text) {
            Ok(target) => Some(target),
            Err((message, fix)) => {
                self.add(&pointer, rules::OVERLAY_TARGET, &message, &fix);
                None
            }
        }
    }

    fn known_keys(&mut self, pointer: &Pointer, node: &Node, known: &[&str]) {
        for entry in node.entries() {
            if !known.contains(&entry.key.as_str()) && !entry.key.starts_with("x-") {
                let fix = format!("use one of {}, or start it with `x-`", known.join(", "));
                self.error(&pointer.child(&entry.key), format!("no key `{}` is known here", entry.key), &fix);
            }
        }
    }

    fn error(&mut self, pointer: &Pointer, message: impl AsRef<str>, fix: &str) {
        self.add(pointer, rules::BAD_OVERLAY, message.as_ref(), fix);
    }

    fn add(&mut self, pointer: &Pointer, rule: &'static str, message: &str, fix: &str) {
        self.findings.add(self.overlay.finding(Severity::Error, pointer, rule, message, fix), Rank::Error);
    }
}
