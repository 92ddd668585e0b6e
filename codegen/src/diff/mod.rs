//! What changes between two editions of a spec: on the wire, and for the users of the generated crate.
//!
//! [`compare`] takes two texts and gives a [`Report`]. It compares what they mean, not how they are written: order,
//! quoting, references and names that nobody sees make no difference. Each kind of change is a rule of [`rules`], with a
//! verdict for each direction; what it does to Rust is read off the two surfaces.

mod bounds;
mod operations;
mod parts;
mod report;
mod resolve;
pub mod rules;
mod rust;
mod schemas;
mod security;
mod walk;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use self::report::{Bump, Direction, Finding, Place, Report, Rust, SCHEMA, Verdict, Wire};
use self::resolve::View;
use self::walk::Walk;
use crate::finding::{Finding as Fault, Severity};
use crate::lint::{Rules, lint, rules as faults};
use crate::load::{Document, load};

/// One edition of a spec.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The file as messages name it.
    pub file: &'a str,
    /// Its text, YAML or JSON.
    pub text: &'a str,
}

/// Why a side cannot be compared.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// `base` or `head`.
    pub side: &'static str,
    /// The file as it was named.
    pub file: String,
    /// What is wrong with it.
    pub findings: Vec<Fault>,
}

/// Compares two editions of a spec, the old one and the new one.
///
/// # Errors
///
/// Each side that is no OpenAPI 3.0, or whose references lead nowhere, with what is wrong with it.
pub fn compare(base: Side<'_>, head: Side<'_>) -> Result<Report, Vec<Failure>> {
    let (old, new) = match (read("base", base), read("head", head)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Err(old.err().into_iter().chain(new.err()).collect()),
    };
    let compared = catch_unwind(AssertUnwindSafe(|| judge(&old, &new)));
    compared.map_err(|_| {
        let message = "the comparison gave up on these two editions";
        let fault = new.0.finding(Severity::Error, "", "not-comparable", message, "please report it with both specs");
        vec![Failure { side: "head", file: head.file.to_owned(), findings: vec![fault] }]
    })
}

fn judge(old: &(Document, Vec<Fault>), new: &(Document, Vec<Fault>)) -> Report {
    let mut walk = Walk::new(View::new(&old.0), View::new(&new.0));
    walk.documents();
    let mut told = walk.findings(&new.0.file);
    if old.0.value != new.0.value {
        rust::judge(old, new, &mut told);
    }
    let version = |document: &Document| {
        let version = document.at("/info/version").and_then(|node| node.as_str());
        version.unwrap_or_default().to_owned()
    };
    let findings = told.into_iter().map(|told| told.finding).collect();
    Report::new(&new.0.file, (version(&old.0), version(&new.0)), findings)
}

/// Reads a side, with all that the lint has to say about it.
fn read(side: &'static str, given: Side<'_>) -> Result<(Document, Vec<Fault>), Failure> {
    let failure = |findings| Failure { side, file: given.file.to_owned(), findings };
    let document = load(given.file, given.text).map_err(failure)?;
    let findings = lint(&document, Rules::Stranger);
    let fatal: Vec<_> = findings.iter().filter(|fault| is_fatal(&document, fault)).cloned().collect();
    if fatal.is_empty() { Ok((document, findings)) } else { Err(failure(fatal)) }
}

/// Whether what is wrong with a spec takes the meaning from a comparison.
fn is_fatal(document: &Document, fault: &Fault) -> bool {
    if fault.severity != Severity::Error {
        return false;
    }
    match fault.rule {
        faults::UNSUPPORTED_VERSION | faults::WRONG_TYPE | faults::CYCLIC_REFERENCE | faults::WRONG_REFERENCE => true,
        // The document itself lacks `openapi`, `info` or `paths`.
        faults::MISSING_KEY => fault.pointer.is_empty(),
        // A place other than the components is nothing that generation takes, but it can be compared.
        faults::DANGLING_REFERENCE => {
            let reference = document.at(&fault.pointer).and_then(|node| node.as_str());
            reference.and_then(|target| document.follow(target)).is_none()
        }
        _ => false,
    }
}
