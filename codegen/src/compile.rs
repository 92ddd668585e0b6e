//! The whole way from a spec's text to the files of a client.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::api::{Api, Built, build};
use crate::emit::{MAX_FILE, Style, emit, unsupported};
use crate::finding::{Finding, Severity};
use crate::lint::{Rules, lint};
use crate::omitted::{LeftOut, Omitted};
use crate::panics::catch_panics;
use crate::pointer::Pointer;
use crate::read::{Document, Source, load_with};
use crate::spec::View;

/// Not a rule of the lint, but a sign that it lacks one.
const GENERATOR_REFUSED: &str = "generator-refused";

/// What is compiled, and how.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Job<'a> {
    /// The spec as findings name it.
    pub file: &'a str,
    /// The spec as the headers of generated files name it: the same on every machine.
    pub source: &'a str,
    /// The spec's text, YAML or JSON.
    pub text: &'a str,
    /// OpenAPI overlays that change the spec first, in this order.
    pub overlays: &'a [Source<'a>],
    /// Whether our own conventions are demanded or advised.
    pub rules: Rules,
    /// The path of the module that re-exports the client, for the examples in its documentation: `tilisy_client`.
    pub client_path: &'a str,
    /// The command that generates the files again, for their header.
    pub command: &'a str,
    /// Set if the methods of operations are grouped by tag: `client.pets().list()`.
    pub by_tag: bool,
    /// The size, in bytes, above which a generated module is divided into several files, by the first letters of its items.
    pub max_file: usize,
}

impl<'a> Job<'a> {
    /// Creates a job for a spec with this file name and text: by the rules for any spec, without overlays.
    pub fn new(file: &'a str, text: &'a str) -> Self {
        let (client_path, command) = ("client", "openbanking-codegen");
        let (by_tag, max_file) = (false, MAX_FILE);
        Self { file, source: file, text, overlays: &[], rules: Rules::Stranger, client_path, command, by_tag, max_file }
    }

    /// Sets the name of the spec in the headers of generated files.
    #[must_use]
    pub fn with_source(mut self, source: &'a str) -> Self {
        self.source = source;
        self
    }

    /// Sets the overlays that change the spec first, in this order.
    #[must_use]
    pub fn with_overlays(mut self, overlays: &'a [Source<'a>]) -> Self {
        self.overlays = overlays;
        self
    }

    /// Sets the rules that the spec is held to.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Sets the path of the module that re-exports the client, for the examples in its documentation: `tilisy_client`.
    #[must_use]
    pub fn with_client_path(mut self, client_path: &'a str) -> Self {
        self.client_path = client_path;
        self
    }

    /// Sets the command that generates the files again, for their header.
    #[must_use]
    pub fn with_command(mut self, command: &'a str) -> Self {
        self.command = command;
        self
    }

    /// Groups the methods of operations by their first tag, on a handle for each tag: `client.pets().list()` in place of
    /// `client.list()`. Operations without a tag stay methods of the client.
    #[must_use]
    pub fn with_groups_by_tag(mut self) -> Self {
        self.by_tag = true;
        self
    }

    /// Sets the size, in bytes, above which a generated module is divided into several files, by the first letters of its
    /// items. The default is 512 KiB. Paths of items do not depend on it.
    #[must_use]
    pub fn with_max_file(mut self, bytes: usize) -> Self {
        self.max_file = bytes;
        self
    }

    fn load(&self) -> Result<Document, Vec<Finding>> {
        load_with(Source { file: self.file, text: self.text }, self.overlays)
    }
}

/// The result of compiling a spec.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Compiled {
    /// The text of each file, by its path inside the client's `generated` folder.
    pub files: BTreeMap<PathBuf, String>,
    /// The API that these files are printed from.
    pub api: Api,
    /// Findings that do not keep the spec from being generated.
    pub warnings: Vec<Finding>,
    /// The operations that are left out, because they cannot be generated. Empty for strict rules.
    pub left_out: Vec<LeftOut>,
    /// The name of the document's own licence, which is not that of the generated code.
    pub license: Option<String>,
}

/// Returns all findings about a spec, warnings included.
pub fn check(job: Job<'_>) -> Vec<Finding> {
    let checked = guarded(job.file, || {
        let document = job.load()?;
        let findings = lint(&document, job.rules);
        let Made { mut findings, left_out, .. } = make(&document, findings, job.rules)?;
        let view = View::new(&document);
        findings.extend(left_out.iter().map(|left_out| left_out.finding(&view)));
        Ok(sorted(findings))
    });
    checked.unwrap_or_else(|findings| findings)
}

/// Compiles a spec.
///
/// With [`Rules::Stranger`], operations that cannot be generated are left out.
///
/// # Errors
///
/// Every finding about the spec, warnings included, where at least one of them is an error that concerns the whole
/// document, or any part of it for strict rules.
pub fn compile(job: Job<'_>) -> Result<Compiled, Vec<Finding>> {
    guarded(job.file, || {
        let document = job.load()?;
        let findings = lint(&document, job.rules);
        let Made { mut api, findings, left_out, .. } = make(&document, findings, job.rules)?;
        if job.by_tag {
            api.group_by_tag();
        }
        let Job { source: spec, command, client_path, max_file, .. } = job;
        let style = Style { spec, command, client_path, max_file };
        let files = emit(&api, style).map_err(|message| vec![internal(job.file, &message)])?;
        let as_warning = |finding| Finding { severity: Severity::Warning, ..finding };
        let view = View::new(&document);
        let left: Vec<_> = left_out.iter().map(|left_out| left_out.finding(&view)).collect();
        let warnings = sorted(findings.into_iter().map(as_warning).chain(left).collect());
        let license = view.root().get("info").get("license").text("name").map(str::to_owned);
        Ok(Compiled { files, api, warnings, left_out, license })
    })
}

/// Builds the API of a spec, with no code for it.
///
/// # Errors
///
/// The same as for [`compile`].
pub fn api(job: Job<'_>) -> Result<Api, Vec<Finding>> {
    guarded(job.file, || {
        let document = job.load()?;
        let findings = lint(&document, job.rules);
        make(&document, findings, job.rules).map(|made| made.api)
    })
}

/// A document as an API.
struct Made {
    api: Api,
    /// The schemas of each type, by Rust name. Only a newtype has several.
    origins: BTreeMap<String, Vec<Pointer>>,
    findings: Vec<Finding>,
    left_out: Vec<LeftOut>,
}

/// Builds the API of a document without the parts that errors are about.
fn make(document: &Document, findings: Vec<Finding>, rules: Rules) -> Result<Made, Vec<Finding>> {
    let view = View::new(document);
    let mut omitted = Omitted::default();
    let findings = findings.into_iter().chain(document.warnings.iter().cloned());
    let (mut errors, mut warnings): (Vec<_>, Vec<_>) =
        findings.partition(|finding| finding.severity == Severity::Error);
    loop {
        let refused = match rules {
            Rules::Stranger => omitted.add(&view, errors),
            Rules::House | Rules::Strict if errors.is_empty() => Ok(()),
            Rules::House | Rules::Strict => Err(errors),
        };
        if let Err(errors) = refused {
            return Err(sorted(errors.into_iter().chain(warnings).collect()));
        }
        errors = match build(document, &omitted) {
            Err(errors) => errors,
            Ok(Built { api, origins, warnings: more }) => {
                let refused = unsupported(document, &api, &origins);
                if refused.is_empty() {
                    let (more, demanded): (Vec<_>, Vec<_>) = more.into_iter().partition(|_| rules != Rules::House);
                    warnings.extend(more);
                    if !demanded.is_empty() {
                        let as_error = |finding| Finding { severity: Severity::Error, ..finding };
                        return Err(sorted(demanded.into_iter().map(as_error).chain(warnings).collect()));
                    }
                    let findings = omitted.errors().iter().cloned().chain(warnings).collect();
                    return Ok(Made { api, origins, findings, left_out: omitted.operations(&view) });
                }
                refused
            }
        };
    }
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    findings
}

/// The result of compiling a document, as far as the spec diff compares it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) api: Api,
    /// The schemas of each type, by Rust name. Only a newtype has several.
    pub(crate) origins: BTreeMap<String, Vec<Pointer>>,
    pub(crate) left_out: Vec<LeftOut>,
}

/// Compiles a document as far as its API. Files are printed from that alone.
///
/// # Errors
///
/// Where the generator refuses it: every finding of the lint, or those of the pass that refuses.
pub(crate) fn outcome(document: &Document, findings: Vec<Finding>) -> Result<Outcome, Vec<Finding>> {
    guarded(&document.file, || {
        let Made { api, origins, left_out, .. } = make(document, findings, Rules::Stranger)?;
        Ok(Outcome { api, origins, left_out })
    })
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
        let compiled = compile(Job::new("a.yaml", text)).unwrap();
        let types = compiled.files.values().find(|text| text.contains("pub b: ")).unwrap();
        let expected = "    /// code\n    /// ```\n    ///\n    /// Required by the documentation, but seen to be missing: Missing in samples.\n";
        assert!(types.contains(expected), "{types}");
    }
}
