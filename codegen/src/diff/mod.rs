//! The changes between two revisions of a spec, on the wire and for the users of the generated crate.
//!
//! [`compare`] takes two texts and returns a [`Report`]. It compares the meaning of the two texts: order, quoting,
//! references, and names absent from both the wire and the client, make no difference. Each kind of change is a rule of
//! [`rules`], with a verdict for each direction. The consequences for Rust code follow from the public items of the two
//! generated crates.

mod acknowledge;
mod bounds;
mod cases;
mod directions;
mod findings;
mod graph;
mod id_set;
mod kinds;
mod meaning;
mod merge;
mod notes;
mod operations;
mod parts;
mod properties;
mod quote;
mod reach;
mod references;
mod report;
mod responses;
mod revision;
pub mod rules;
mod rust;
mod schemas;
mod security;
mod speculation;
mod subject;
mod unions;
mod values;
mod verdicts;
mod walk;

use std::collections::HashSet;

pub use self::acknowledge::{Acknowledgement, Acknowledgements};
use self::reach::Reach;
pub use self::report::{
    Bump, Colour, Compared, Direction, Finding, Left, Operations, Package, Place, Report, Rust, SCHEMA, Since, State,
    Verdict, Versions, Why, Wire, github, json_schema, markdown, text,
};
use self::revision::Revision;
use self::walk::Walk;
use crate::finding::{Finding as Fault, Severity};
use crate::lint::{Rules, lint_for, rules as faults};
use crate::panics::catch_panics;
use crate::pointer::Pointer;
use crate::read::{Document, Source, load_with};
use crate::spec::{Operation, View};

/// One revision of a spec.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The file as messages name it.
    pub file: &'a str,
    /// Its text, YAML or JSON.
    pub text: &'a str,
}

/// The reason that a side cannot be compared.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// `base` or `head`.
    pub side: &'static str,
    /// The file as it was named.
    pub file: String,
    /// The errors in it.
    pub findings: Vec<Fault>,
}

/// Compares two revisions of a spec, the old one and the new one.
///
/// # Errors
///
/// Returns a failure for each side that is neither OpenAPI 3.0 nor 3.1, refers to other files, or has broken references
/// that the other side does not have. Faults that both sides have are [warnings](Report::warnings) of the report.
pub fn compare(base: Side<'_>, head: Side<'_>) -> Result<Report, Vec<Failure>> {
    compare_with(base, head, &[])
}

/// Compares two revisions of a spec like [`compare`], after changing both by the same OpenAPI overlays.
///
/// # Errors
///
/// The same as for [`compare`], and overlays that cannot be applied.
pub fn compare_with(base: Side<'_>, head: Side<'_>, overlays: &[Source<'_>]) -> Result<Report, Vec<Failure>> {
    let (old, new) = match (read(BASE, base, overlays), read(HEAD, head, overlays)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Err(old.err().into_iter().chain(new.err()).collect()),
    };
    // If both sides have the same fault, the revision did not introduce it, and the rest can still be compared.
    let sides = [(BASE, &old, &new), (HEAD, &new, &old)].into_iter();
    let failures: Vec<_> = sides.filter_map(|(side, read, other)| read.failure(side, other)).collect();
    if !failures.is_empty() {
        return Err(failures);
    }
    let warnings = new.fatal.iter().map(Fault::to_string).collect();
    let (old, new) = ((old.document, old.findings), (new.document, new.findings));
    let mut report = guarded(HEAD, head.file, &new.0, || {
        let mut walk = Walk::new(Revision::new(&old.0), Revision::new(&new.0));
        walk.documents();
        let mut reach = Reach::new(&walk.graph);
        let mut located = walk.findings(&mut reach);
        if old.0.root != new.0.root {
            rust::judge(&old, &new, (&walk, &mut reach), &mut located);
        }
        let findings = merge::merged(located.into_iter().map(|located| located.finding).collect());
        Report::new(&new.0.file, State::Changed, (Some(version(&old.0)), Some(version(&new.0))), findings)
    })?;
    report.warnings = warnings;
    Ok(report)
}

/// Reports on a spec that has no older revision.
///
/// # Errors
///
/// The same as for [`compare`].
pub fn added(head: Side<'_>) -> Result<Report, Vec<Failure>> {
    let new = read(HEAD, head, &[]).and_then(|read| read.alone(HEAD)).map_err(|failure| vec![failure])?;
    guarded("head", head.file, &new.0, || {
        let mut findings = vec![whole(&rules::SPEC_ADDED, &new.0, "new")];
        findings.extend(rust::refusal(&new));
        Report::new(&new.0.file, State::Added, (None, Some(version(&new.0))), findings)
    })
}

/// Reports on a spec that has no newer revision.
///
/// # Errors
///
/// The same as for [`compare`].
pub fn removed(base: Side<'_>) -> Result<Report, Vec<Failure>> {
    let old = read(BASE, base, &[]).and_then(|read| read.alone(BASE)).map_err(|failure| vec![failure])?;
    guarded("base", base.file, &old.0, || {
        let findings = vec![whole(&rules::SPEC_REMOVED, &old.0, "gone")];
        Report::new(&old.0.file, State::Removed, (Some(version(&old.0)), None), findings)
    })
}

/// Runs the comparison, and reports a panic in it as a failure of this side.
fn guarded(
    side: &'static str,
    file: &str,
    document: &Document,
    work: impl FnOnce() -> Report,
) -> Result<Report, Vec<Failure>> {
    catch_panics(work).map_err(|_| {
        let (message, fix) = ("the comparison gave up on this spec", "please report it with both revisions");
        let fault = document.finding(Severity::Error, &Pointer::ROOT, "not-comparable", message, fix);
        vec![Failure { side, file: file.to_owned(), findings: vec![fault] }]
    })
}

fn version(document: &Document) -> &str {
    document.at("/info/version").and_then(|node| node.as_str()).unwrap_or_default()
}

/// Creates a finding about a spec that only one side has.
fn whole(rule: &'static rules::Rule, document: &Document, word: &str) -> Finding {
    let operations: Operations = View::new(document).operations().iter().map(Operation::name).collect();
    let count = match operations.len() {
        1 => "1 operation".to_owned(),
        several => format!("{several} operations"),
    };
    let place = Some(Place { file: document.file.clone(), line: document.position(&Pointer::ROOT).line });
    let is_new = rule.id == rules::SPEC_ADDED.id;
    Finding {
        rule: rule.id,
        wire: rule.request,
        reverse: rules::find(rule.inverse).unwrap_or(rule).request,
        rust: rule.rust,
        direction: Direction::Both,
        operations,
        schemas: Vec::new(),
        spec: document.file.clone(),
        pointer: String::new(),
        message: format!("the spec is {word}, with {count}"),
        rust_changes: Vec::new(),
        base: place.clone().filter(|_| !is_new),
        head: place.filter(|_| is_new),
        nearest: 1,
        acknowledged: None,
        also: Vec::new(),
    }
}

const BASE: &str = "base";
const HEAD: &str = "head";

/// A side that could be read.
struct Read {
    document: Document,
    /// All findings of the lint.
    findings: Vec<Fault>,
    /// The faults that keep it from being compared, unless the other side has them too.
    fatal: Vec<Fault>,
}

impl Read {
    /// Returns a failure if a fault of this side keeps it from being compared with the other side.
    fn failure(&self, side: &'static str, other: &Self) -> Option<Failure> {
        let key = |fault: &Fault| (fault.rule, fault.pointer.clone(), fault.message.clone());
        let others: HashSet<_> = other.fatal.iter().map(key).collect();
        let is_shared = |fault: &Fault| !is_hopeless(&self.document, fault) && others.contains(&key(fault));
        let file = self.document.file.clone();
        (!self.fatal.iter().all(is_shared)).then(|| Failure { side, file, findings: self.fatal.clone() })
    }

    /// The side without another one.
    fn alone(self, side: &'static str) -> Result<(Document, Vec<Fault>), Failure> {
        match self.fatal.is_empty() {
            true => Ok((self.document, self.findings)),
            false => Err(Failure { side, file: self.document.file, findings: self.fatal }),
        }
    }
}

/// Reads a side, with all findings of the lint about it.
fn read(side: &'static str, given: Side<'_>, overlays: &[Source<'_>]) -> Result<Read, Failure> {
    let failure = |findings| Failure { side, file: given.file.to_owned(), findings };
    let document = load_with(Source { file: given.file, text: given.text }, overlays).map_err(failure)?;
    let findings = lint_for(&document, Rules::Stranger, &|fault| is_fatal(&document, fault));
    let mut fatal: Vec<_> = findings.iter().filter(|fault| is_fatal(&document, fault)).cloned().collect();
    fatal.extend(references::unfollowed(&document));
    Ok(Read { document, findings, fatal })
}

/// Returns whether a fault hides changes even if both sides have it. A file that is referred to may have changed.
fn is_hopeless(document: &Document, fault: &Fault) -> bool {
    match fault.rule {
        faults::UNSUPPORTED_VERSION | faults::MISSING_KEY => true,
        faults::DANGLING_REFERENCE => {
            let target = document.node(&fault.pointer).and_then(|node| node.as_str()).unwrap_or_default();
            !target.starts_with('#')
        }
        _ => false,
    }
}

/// Returns whether a spec with this fault cannot be compared in a meaningful way.
fn is_fatal(document: &Document, fault: &Fault) -> bool {
    if fault.severity != Severity::Error {
        return false;
    }
    match fault.rule {
        faults::UNSUPPORTED_VERSION | faults::WRONG_TYPE => true,
        // The document itself lacks `openapi`, `info` or `paths`.
        faults::MISSING_KEY => fault.pointer.is_root(),
        // Generation refuses references to a place inside of a component, but they can be compared.
        faults::WRONG_REFERENCE => {
            let target = document.node(&fault.pointer).and_then(|node| node.as_str()).unwrap_or_default();
            Pointer::of_reference(target).is_some_and(|pointer| pointer.steps().len() == 3)
        }
        _ => false,
    }
}
