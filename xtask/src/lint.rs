//! `cargo xtask lint`: what is wrong with specs, and nothing else.

use std::path::{Path, PathBuf};

use anyhow::Context;
use openbanking_codegen::lint::Rules;
use openbanking_codegen::{Finding, Job, Severity, check};

use crate::Outcome;
use crate::targets::TARGETS;

/// The findings about the specs of the workspace at `root`, held to our own rules.
///
/// # Errors
///
/// A spec that cannot be read.
pub fn ours(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for target in TARGETS {
        findings.extend(one(&root.join(target.spec), target.spec, Rules::House)?);
    }
    Ok(findings)
}

/// The findings about other specs, to which our conventions are advice.
///
/// # Errors
///
/// A spec that cannot be read.
pub fn others(files: &[PathBuf]) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files {
        findings.extend(one(file, &file.display().to_string(), Rules::Stranger)?);
    }
    Ok(findings)
}

fn one(path: &Path, name: &str, rules: Rules) -> anyhow::Result<Vec<Finding>> {
    let text = read(path, name)?;
    Ok(check(Job { file: name, source: name, text: &text, rules, client_path: "client", command: "" }))
}

/// Reads a spec.
///
/// # Errors
///
/// A file that is missing, may not be read, or holds no text.
pub fn read(path: &Path, name: &str) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{name}`"))?;
    String::from_utf8(bytes).with_context(|| format!("cannot read `{name}` (a spec is UTF-8 text)"))
}

/// Warnings alone are fine.
pub fn outcome(findings: &[Finding]) -> Outcome {
    match findings.iter().any(|finding| finding.severity == Severity::Error) {
        true => Outcome::Findings,
        false => Outcome::Fine,
    }
}
