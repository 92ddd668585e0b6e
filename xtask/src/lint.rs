//! `cargo xtask lint`: the findings of the lint about specs.

use std::path::{Path, PathBuf};

use openbanking_codegen::lint::Rules;
use openbanking_codegen::{Finding, Job, Severity, check};

use crate::targets::TARGETS;
use crate::{Outcome, input};

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

/// The findings about other specs.
///
/// # Errors
///
/// A spec that cannot be read.
pub fn others(files: &[PathBuf], rules: Rules) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in files {
        findings.extend(one(file, &file.display().to_string(), rules)?);
    }
    Ok(findings)
}

fn one(path: &Path, name: &str, rules: Rules) -> anyhow::Result<Vec<Finding>> {
    let text = input::text(path, name)?;
    Ok(check(Job { file: name, source: name, text: &text, overlays: &[], rules, client_path: "client", command: "" }))
}

/// Warnings alone are fine.
pub fn outcome(findings: &[Finding]) -> Outcome {
    match findings.iter().any(|finding| finding.severity == Severity::Error) {
        true => Outcome::Findings,
        false => Outcome::Fine,
    }
}
