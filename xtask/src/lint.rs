//! `cargo xtask lint`: the findings of the lint about the specs of the workspace.

use std::path::Path;

use openbanking_codegen::Finding;
use openbanking_codegen::cli::lint::one;
use openbanking_codegen::lint::Rules;

use crate::targets::TARGETS;

/// The findings about the specs of the workspace at `root`, held to our own rules.
///
/// # Errors
///
/// A spec that cannot be read.
pub fn ours(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for target in TARGETS {
        findings.extend(one(&root.join(target.spec), target.spec, &[], Rules::House)?);
    }
    Ok(findings)
}
