//! The source by which tests reach every type and operation of our clients: `tests/clients/generated`.

use std::path::Path;
use std::time::Instant;

use anyhow::anyhow;
use openbanking_codegen::cli::input::text as read;
use openbanking_oracle::clients::{self, Client};

use crate::codegen::{self, COMMAND, Files, changes, compare, inside};

/// Generates the source in memory and compares it with the files at `root`.
///
/// # Errors
///
/// Returns an error if a spec or a file cannot be read.
pub fn plan(root: &Path, plans: &[codegen::Plan]) -> anyhow::Result<Files> {
    let started = Instant::now();
    let texts = plans.iter().map(|plan| read(&root.join(plan.target.spec), plan.target.spec));
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    let all: Vec<_> = plans
        .iter()
        .zip(&texts)
        .map(|(codegen::Plan { target, api, .. }, text)| Client {
            name: target.name,
            spec: target.spec,
            text,
            path: target.client_path,
            api,
        })
        .collect();
    let wanted =
        clients::files(&all, COMMAND).map_err(|message| anyhow!("tests cannot call the clients: {message}"))?;
    let wanted = inside(clients::FOLDER, wanted).collect();
    compare(root, "xtask/src/targets.rs", vec![clients::FOLDER], wanted, started.elapsed())
}

/// Describes the source in one line.
pub fn summary(files: &Files) -> String {
    format!("{:14}{}", "tests", changes(files))
}
