//! The calls by which our clients are compared with progenitor's: `tests/oracle`.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, anyhow};
use openbanking_codegen::{Compiled, Finding, Severity};
use openbanking_oracle::calls::{self, Input};
use openbanking_oracle::source::{self, Source};

use crate::codegen::{COMMAND, Files, changes, compare, inside};
use crate::counted;
use crate::input::text as read;
use crate::targets::TARGETS;

/// The calls of both clients.
#[derive(Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The number of documents.
    pub documents: usize,
    /// The number of operations in them.
    pub operations: usize,
    /// The files.
    pub files: Files,
}

/// A document, and the folder that has our client of it already.
type Subject = (Source, Option<&'static str>);

/// Reads our own specs and the corpus.
///
/// # Errors
///
/// Returns an error if a file cannot be read.
pub fn subjects(root: &Path) -> anyhow::Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    for target in TARGETS {
        let text = read(&root.join(target.spec), target.spec)?;
        let source = Source { name: target.name.to_owned(), file: target.spec.to_owned(), text };
        subjects.push((source, Some(target.out)));
    }
    let corpus = source::corpus(root).with_context(|| format!("cannot read `{}`", source::CORPUS))?;
    subjects.extend(corpus.into_iter().map(|source| (source, None)));
    subjects.sort_by(|(left, _), (right, _)| left.name.cmp(&right.name));
    Ok(subjects)
}

/// Generates the calls for every document in memory and compares them with the files at `root`.
///
/// # Errors
///
/// Returns an error if a file cannot be read or progenitor refuses a whole document, and as the inner error the findings
/// about documents.
pub fn plan(root: &Path) -> anyhow::Result<Result<Plan, Vec<Finding>>> {
    let subjects = subjects(root)?;
    let started = Instant::now();
    let (mut compiled, mut findings): (Vec<Compiled>, Vec<Finding>) = Default::default();
    for (source, _) in &subjects {
        match openbanking_oracle::ours::generate(source, COMMAND) {
            Ok(client) => compiled.push(client),
            // Warnings are about missing documentation, which the corpus does without.
            Err(found) => findings.extend(found.into_iter().filter(|it| it.severity == Severity::Error)),
        }
    }
    if !findings.is_empty() {
        return Ok(Err(findings));
    }
    let pairs = subjects.iter().zip(&compiled);
    let inputs: Vec<_> =
        pairs.map(|((source, folder), compiled)| Input { source, compiled, folder: *folder }).collect();
    let made = calls::files(&inputs, COMMAND).map_err(|message| anyhow!("the oracle cannot compare: {message}"))?;
    let (wanted, took) = (inside(calls::FOLDER, made).collect(), started.elapsed());
    let files = compare(root, source::CORPUS, vec![calls::FOLDER], wanted, took)?;
    let operations = compiled.iter().map(|client| client.api.operations.len()).sum();
    Ok(Ok(Plan { documents: subjects.len(), operations, files }))
}

/// Describes the calls in one line.
pub fn summary(plan: &Plan) -> String {
    let (documents, operations) = (counted(plan.documents, "document"), counted(plan.operations, "operation"));
    format!("{:14}{documents}, {operations}, {}", "oracle", changes(&plan.files))
}
