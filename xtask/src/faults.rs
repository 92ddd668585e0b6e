//! `cargo xtask faults`: runs the fault table of `tests/faults`, which is an example of that crate.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::Outcome;

/// The features are those of the whole workspace, as in the tests, so that their build is reused.
const BUILD: &[&str] = &["build", "--workspace", "--example", EXAMPLE, "--message-format", "json-render-diagnostics"];

const EXAMPLE: &str = "faults";

/// Runs the fault table against the client that progenitor alone generates. Prints the table, or writes it into
/// `tests/faults/README.md` next to the expected results of our client.
///
/// # Errors
///
/// Returns an error if the example cannot be built or run.
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

/// Returns the path of the example, if this message of cargo reports it.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_example = message["target"]["name"] == EXAMPLE && message["target"]["kind"][0] == "example";
    message["executable"].as_str().filter(|_| is_example).map(PathBuf::from)
}
