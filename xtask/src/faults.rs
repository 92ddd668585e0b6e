//! `cargo xtask faults`: the table of faults of `tests/faults`, which is an example there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::Outcome;

/// With the features of the whole workspace, as the tests have it: there is nothing left to build after them.
const BUILD: &[&str] = &["build", "--workspace", "--example", EXAMPLE, "--message-format", "json-render-diagnostics"];

const EXAMPLE: &str = "faults";

/// Runs the table against what progenitor alone makes, and prints it, or writes it into `tests/faults/README.md` beside
/// what has to come of our client.
///
/// # Errors
///
/// An example that cannot be built or run.
pub fn run(root: &Path, bare: bool) -> anyhow::Result<Outcome> {
    let built = Command::new("cargo")
        .args(BUILD)
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start `cargo`")?;
    ensure!(built.status.success(), "the example `{EXAMPLE}` cannot be built");
    let messages = String::from_utf8_lossy(&built.stdout);
    let program = messages.lines().find_map(executable).context("cargo does not say where the example is")?;
    let status = Command::new(&program)
        .args(bare.then_some("--bare"))
        .status()
        .with_context(|| format!("cannot start `{}`", program.display()))?;
    Ok(if status.success() { Outcome::Fine } else { Outcome::Findings })
}

/// Where the example is, if this message of cargo's tells.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_example = message["target"]["name"] == EXAMPLE && message["target"]["kind"][0] == "example";
    message["executable"].as_str().filter(|_| is_example).map(PathBuf::from)
}
