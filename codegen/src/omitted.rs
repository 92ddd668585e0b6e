//! The operations and components that are left out, because something in them cannot be generated.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::finding::{Finding, Severity};
use crate::pointer::Pointer;
use crate::rules;
use crate::spec::{METHODS, NodeRef, Operation, View};

/// Keys whose values are data, in which `$ref` is no reference.
const DATA: &[&str] = &["callbacks", "default", "enum", "example", "examples"];

/// The parts of a document that are left out, each with the error that is the reason.
#[derive(Clone, Debug, Default)]
pub(crate) struct Omitted {
    errors: Vec<Finding>,
    /// The index of the error by the pointer of an operation or component.
    parts: BTreeMap<Pointer, usize>,
}

/// An operation that is left out.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The operation in the document.
    pub pointer: Pointer,
    /// The error that is the reason.
    pub reason: Finding,
}

impl Omitted {
    /// Leaves out everything that errors are about, and everything that refers to it.
    ///
    /// # Errors
    ///
    /// All errors, if one of them is about the document as a whole, or if no operation is left.
    pub(crate) fn add(&mut self, view: &View<'_>, errors: Vec<Finding>) -> Result<(), Vec<Finding>> {
        if errors.is_empty() {
            return Ok(());
        }
        let first = self.errors.len();
        self.errors.extend(errors);
        let mut open = Vec::new();
        for (nth, error) in self.errors.iter().enumerate().skip(first) {
            let Some(part) = part(&error.pointer) else { return Err(self.errors.clone()) };
            open.push((part, nth));
        }
        let dependents = dependents(view);
        // The error that comes first in the text is the reason.
        open.sort_by_key(|(_, nth)| self.errors.get(*nth).map(|error| (error.line, error.column)));
        open.reverse();
        while let Some((part, nth)) = open.pop() {
            if self.parts.contains_key(&part) {
                continue;
            }
            let further = dependents.get(&part).into_iter().flatten();
            open.extend(further.map(|dependent| (dependent.clone(), nth)));
            self.parts.insert(part, nth);
        }
        let operations = view.operations();
        let is_empty = !operations.is_empty() && operations.iter().all(|operation| self.has(&operation.node.pointer));
        if is_empty { Err(self.errors.clone()) } else { Ok(()) }
    }

    /// Returns whether an operation or component is left out.
    pub(crate) fn has(&self, part: &Pointer) -> bool {
        self.parts.contains_key(part)
    }

    /// The errors that are the reasons.
    pub(crate) fn errors(&self) -> &[Finding] {
        &self.errors
    }

    /// The operations that are left out, in the order of the document.
    pub(crate) fn operations(&self, view: &View<'_>) -> Vec<LeftOut> {
        let reason = |operation: &Operation<'_>| self.errors.get(*self.parts.get(&operation.node.pointer)?).cloned();
        let left_out = |operation: Operation<'_>| {
            let (method, path) = (operation.method.to_uppercase(), operation.path.to_owned());
            Some(LeftOut { method, path, reason: reason(&operation)?, pointer: operation.node.pointer })
        };
        view.operations().into_iter().filter_map(left_out).collect()
    }
}

impl LeftOut {
    /// The finding about it.
    pub(crate) fn finding(&self, view: &View<'_>) -> Finding {
        let Finding { rule, line, message, .. } = &self.reason;
        let message = format!("`{} {}` is left out: {message} (line {line}, {rule})", self.method, self.path);
        let fix = "fix the reason, or refuse such documents with `--strict`";
        view.document.finding(Severity::Warning, &self.pointer, rules::OPERATION_LEFT_OUT, message, fix)
    }
}

/// The operation, path item or component that a place belongs to. `None` for a place of the document as a whole.
fn part(place: &Pointer) -> Option<Pointer> {
    let steps = place.steps();
    let length = match *steps.as_slice() {
        ["components", _, _, ..] => 3,
        ["paths", _, method, ..] if METHODS.contains(&method) => 3,
        ["paths", _, ..] => 2,
        _ => return None,
    };
    Some(Pointer::ROOT.join(steps.into_iter().take(length)))
}

/// The parts that refer to each part.
fn dependents<'a>(view: &View<'a>) -> HashMap<Pointer, BTreeSet<Pointer>> {
    let mut found: HashMap<Pointer, BTreeSet<Pointer>> = HashMap::new();
    let mut add = |dependent: &Pointer, place: &NodeRef<'a>, is_operation: bool| {
        for target in references(place, is_operation) {
            let target = view.follow(target).and_then(|target| part(&target.pointer));
            if let Some(target) = target.filter(|target| target != dependent) {
                found.entry(target).or_default().insert(dependent.clone());
            }
        }
    };
    for (_, section) in view.root().get("components").children() {
        section.children().for_each(|(_, component)| add(&component.pointer, &component, false));
    }
    for (_, item) in view.root().get("paths").members() {
        add(&item.pointer, &item.get("parameters"), false);
        add(&item.pointer, &NodeRef::new(item.pointer.clone(), item.node.filter(|_| item.has("$ref"))), false);
    }
    let operations = view.operations();
    operations.iter().for_each(|operation| add(&operation.node.pointer, &operation.node, true));
    for operation in operations {
        let own = Pointer::ROOT.child("paths").child(operation.path);
        for item in [own, operation.item.pointer] {
            found.entry(item).or_default().insert(operation.node.pointer.clone());
        }
    }
    found
}

/// The references inside a node, without those in error responses of an operation, for which no code is made.
fn references<'a>(place: &NodeRef<'a>, is_operation: bool) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut open = vec![(place.clone(), usize::from(is_operation))];
    while let Some((place, level)) = open.pop() {
        found.extend(place.text("$ref"));
        for (key, child) in place.children() {
            // Level 1 is an operation, level 2 its responses.
            let level = if level == 1 && key == "responses" { 2 } else { 0 };
            if !DATA.contains(&key) && !key.starts_with("x-") {
                match level {
                    2 => open.extend(child.children().filter(|(status, _)| !is_error(status)).map(|(_, it)| (it, 0))),
                    level => open.push((child, level)),
                }
            }
        }
        open.extend(place.items().map(|item| (item, 0)));
    }
    found
}

fn is_error(status: &str) -> bool {
    status.starts_with(['4', '5'])
}
