//! The whole way from a spec's text to the files of a client.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crate::api::{Api, Built, build};
use crate::emit::{Style, emit, unsupported};
use crate::finding::{Finding, Severity};
use crate::lint::{Rules, lint};
use crate::pointer::Pointer;
use crate::read::{self, Document, load};

/// Not a rule of the lint, but a sign that it lacks one.
const GENERATOR_REFUSED: &str = "generator-refused";

/// What is compiled, and how.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The spec as findings name it.
    pub file: &'a str,
    /// The spec as the headers of generated files name it: the same on every machine.
    pub source: &'a str,
    /// The spec's text, YAML or JSON.
    pub text: &'a str,
    /// Whether our own conventions are demanded or advised.
    pub rules: Rules,
    /// The path of the module that re-exports the client, for the examples in its documentation: `tilisy_client`.
    pub client_path: &'a str,
    /// The command that generates the files again, for their header.
    pub command: &'a str,
}

/// What comes out of a spec.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Compiled {
    /// The text of each file, by its path inside the client's `generated` folder.
    pub files: BTreeMap<PathBuf, String>,
    /// The API that these files are printed from.
    pub api: Api,
    /// Findings that do not keep the spec from being generated.
    pub warnings: Vec<Finding>,
}

/// Reads and lints a spec: all that is wrong with it, warnings included.
pub fn check(job: Job<'_>) -> Vec<Finding> {
    match netted(job.file, || read_and_lint(job)) {
        Ok((_, warnings)) => warnings,
        Err(findings) => findings,
    }
}

/// Compiles a spec.
///
/// # Errors
///
/// Every finding about the spec, warnings included, where at least one of them is an error.
pub fn compile(job: Job<'_>) -> Result<Compiled, Vec<Finding>> {
    netted(job.file, || run(job))
}

fn run(job: Job<'_>) -> Result<Compiled, Vec<Finding>> {
    let (document, warnings) = read_and_lint(job)?;
    let with_warnings = |mut findings: Vec<Finding>| {
        findings.extend(warnings.iter().cloned());
        findings.sort_by_key(|finding| (finding.line, finding.column));
        findings
    };
    let Built { api, origins } = build(&document).map_err(with_warnings)?;
    let refused = unsupported(&document, &api, &origins);
    if !refused.is_empty() {
        return Err(with_warnings(refused));
    }
    let style = Style { spec: job.source, command: job.command, client_path: job.client_path };
    let files = emit(&api, style).map_err(|message| with_warnings(vec![internal(job.file, &message)]))?;
    Ok(Compiled { files, api, warnings })
}

/// Builds the API of a spec, with no code for it.
///
/// # Errors
///
/// Every finding about the spec, warnings included, where at least one of them is an error.
pub fn api(job: Job<'_>) -> Result<Api, Vec<Finding>> {
    netted(job.file, || {
        let (document, _) = read_and_lint(job)?;
        build(&document).map(|built| built.api)
    })
}

/// The result of compiling a document, as far as the spec diff compares it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) api: Api,
    /// The schema of each type, by Rust name.
    pub(crate) origins: BTreeMap<String, Pointer>,
}

/// Compiles a document as far as its API. Files are printed from that alone.
///
/// # Errors
///
/// Where the generator refuses it: every finding of the lint, or those of the pass that refuses.
pub(crate) fn outcome(document: &Document, findings: Vec<Finding>) -> Result<Outcome, Vec<Finding>> {
    netted(&document.file, || {
        model_too(document, findings)?;
        let Built { api, origins } = build(document)?;
        let refused = unsupported(document, &api, &origins);
        if refused.is_empty() { Ok(Outcome { api, origins }) } else { Err(refused) }
    })
}

fn read_and_lint(job: Job<'_>) -> Result<(Document, Vec<Finding>), Vec<Finding>> {
    let document = load(job.file, job.text)?;
    let findings = model_too(&document, lint(&document, job.rules))?;
    Ok((document, findings))
}

/// What the grammar lets through, the typed model has to hold without loss.
fn model_too(document: &Document, mut findings: Vec<Finding>) -> Result<Vec<Finding>, Vec<Finding>> {
    if !has_errors(&findings)
        && let Err(lost) = read::model(document)
    {
        findings.extend(lost);
    }
    if has_errors(&findings) { Err(findings) } else { Ok(findings) }
}

fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Turns a panic, which would be a bug of ours, into a finding.
pub(crate) fn netted<T>(file: &str, work: impl FnOnce() -> Result<T, Vec<Finding>>) -> Result<T, Vec<Finding>> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(vec![internal(file, text.unwrap_or("a panic without a message"))])
    })
}

/// A finding about a bug of ours: the lint should have refused the spec.
pub(crate) fn internal(file: &str, message: &str) -> Finding {
    let mut message: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = message.char_indices().nth(300) {
        message.truncate(cut);
    }
    Finding {
        severity: Severity::Error,
        file: file.to_owned(),
        line: 1,
        column: 1,
        pointer: String::new(),
        rule: GENERATOR_REFUSED,
        message: format!("the generator cannot take this spec: {message}"),
        fix: "this is a bug in our lint; please report it with the spec".to_owned(),
    }
}
