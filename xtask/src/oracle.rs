//! The calls by which our clients are compared with progenitor's: `tests/oracle`.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, anyhow};
use openbanking_codegen::cli::input::text as read;
use openbanking_codegen::{Finding, Severity};
use openbanking_oracle::calls::{self, Input};
use openbanking_oracle::source::{self, Source};
use openbanking_oracle::{ours, threads};

use crate::codegen::{COMMAND, Files, changes, compare, inside};
use crate::counted;
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
    let (mut operations, mut wanted, mut findings) = (0, BTreeMap::new(), Vec::new());
    let mut refused = None;
    // The largest come first, so that the threads finish at about the same time.
    let mut ordered: Vec<_> = subjects.iter().collect();
    ordered.sort_by_key(|(source, _)| Reverse(source.text.len()));
    for ((source, _), result) in ordered.iter().zip(threads::map(&ordered, |subject| calls_of(subject))) {
        match result.unwrap_or_else(|panic| Err(Refusal::Message(format!("{}: {panic}", source.file)))) {
            Ok((count, files)) => {
                operations += count;
                wanted.extend(files);
            }
            // Warnings are about missing documentation, which the corpus does without.
            Err(Refusal::Findings(found)) => {
                findings.extend(found.into_iter().filter(|it| it.severity == Severity::Error));
            }
            Err(Refusal::Message(message)) => drop(refused.get_or_insert(message)),
        }
    }
    if !findings.is_empty() {
        findings.sort_by(|left, right| left.file.cmp(&right.file));
        return Ok(Err(findings));
    }
    let names: Vec<_> = subjects.iter().map(|(source, _)| source.name.as_str()).collect();
    let index = refused.map_or_else(|| calls::index(&names, COMMAND), Err);
    wanted.extend([index.map_err(|message| anyhow!("the oracle cannot compare: {message}"))?]);
    let (wanted, took) = (inside(calls::FOLDER, wanted).collect(), started.elapsed());
    let files = compare(root, source::CORPUS, vec![calls::FOLDER], wanted, took)?;
    Ok(Ok(Plan { documents: subjects.len(), operations, files }))
}

/// The reason why there are no calls for a document.
enum Refusal {
    /// Our generator has findings about it.
    Findings(Vec<Finding>),
    /// progenitor refuses it, or something panics.
    Message(String),
}

/// Returns the number of operations of a document, and the files with their calls.
fn calls_of((source, folder): &Subject) -> Result<(usize, BTreeMap<PathBuf, String>), Refusal> {
    let compiled = ours::generate(source, COMMAND).map_err(Refusal::Findings)?;
    let input = Input { source, compiled: &compiled, folder: *folder };
    let files = calls::files(&input, COMMAND).map_err(Refusal::Message)?;
    Ok((compiled.api.operations.len(), files))
}

/// Describes the calls in one line.
pub fn summary(plan: &Plan) -> String {
    let (documents, operations) = (counted(plan.documents, "document"), counted(plan.operations, "operation"));
    format!("{:14}{documents}, {operations}, {}", "oracle", changes(&plan.files))
}
