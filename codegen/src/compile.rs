//! The whole way from a spec's text to the files of a client.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::api::{Api, Built, build};
use crate::emit::{Style, emit, unsupported};
use crate::finding::{Finding, Severity};
use crate::lint::{Rules, lint};
use crate::panics::catch_panics;
use crate::pointer::Pointer;
use crate::read::{Document, load};

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
    match guarded(job.file, || read_and_lint(job)) {
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
    guarded(job.file, || run(job))
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
    guarded(job.file, || {
        let (document, _) = read_and_lint(job)?;
        build(&document).map(|built| built.api)
    })
}

/// The result of compiling a document, as far as the spec diff compares it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) api: Api,
    /// The schemas of each type, by Rust name. Only a newtype has several.
    pub(crate) origins: BTreeMap<String, Vec<Pointer>>,
}

/// Compiles a document as far as its API. Files are printed from that alone.
///
/// # Errors
///
/// Where the generator refuses it: every finding of the lint, or those of the pass that refuses.
pub(crate) fn outcome(document: &Document, findings: Vec<Finding>) -> Result<Outcome, Vec<Finding>> {
    guarded(&document.file, || {
        refuse_errors(findings)?;
        let Built { api, origins } = build(document)?;
        let refused = unsupported(document, &api, &origins);
        if refused.is_empty() { Ok(Outcome { api, origins }) } else { Err(refused) }
    })
}

fn read_and_lint(job: Job<'_>) -> Result<(Document, Vec<Finding>), Vec<Finding>> {
    let document = load(job.file, job.text)?;
    let warnings = refuse_errors(lint(&document, job.rules))?;
    Ok((document, warnings))
}

/// Returns the findings as an error if one of them is an error, and otherwise as warnings.
fn refuse_errors(findings: Vec<Finding>) -> Result<Vec<Finding>, Vec<Finding>> {
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    if has_errors { Err(findings) } else { Ok(findings) }
}

/// Runs the work, and returns a panic, which would be a bug of ours, as a finding.
pub(crate) fn guarded<T>(file: &str, work: impl FnOnce() -> Result<T, Vec<Finding>>) -> Result<T, Vec<Finding>> {
    catch_panics(work).unwrap_or_else(|message| Err(vec![internal(file, &message)]))
}

/// A finding about a bug of ours: the lint should have refused the spec.
pub(crate) fn internal(file: &str, message: &str) -> Finding {
    let mut message: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = message.char_indices().nth(300) {
        message.truncate(cut);
    }
    let message = format!("the generator cannot take this spec: {message}");
    let fix = "this is a bug in our lint; please report it with the spec";
    Finding::new(Severity::Error, file, GENERATOR_REFUSED, &message, fix)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_code_block_left_open_ends_before_generated_text() {
        let text = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths:\n  /a:\n    get:\n      operationId: get_a\n      \
                    responses:\n        '200':\n          description: Fine\n          content:\n            \
                    application/json: { schema: { $ref: '#/components/schemas/A' } }\ncomponents:\n  schemas:\n    A:\n      \
                    type: object\n      required: [b]\n      properties:\n        b:\n          type: string\n          \
                    description: \"Text.\\n\\n```\\ncode\"\n          x-observed-optional: Missing in samples\n";
        let (file, source, client_path, command) = ("a.yaml", "a.yaml", "a", "test");
        let compiled = compile(Job { file, source, text, rules: Rules::Stranger, client_path, command }).unwrap();
        let types = compiled.files.values().find(|text| text.contains("pub b: ")).unwrap();
        let expected = "    /// code\n    /// ```\n    ///\n    /// Required by the documentation, but seen to be missing: Missing in samples.\n";
        assert!(types.contains(expected), "{types}");
    }
}
