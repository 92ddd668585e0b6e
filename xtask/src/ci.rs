//! `cargo xtask ci`: the list of everything that has to hold. Workflows and `.ci/run` call it and add nothing.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context;

use crate::Outcome;

/// Something that has to hold: what it is called, the command line, and what its environment adds.
type Step = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const STEPS: &[Step] = &[
    ("format", &["cargo", "fmt", "--all", "--check"], &[]),
    ("clippy", &["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[]),
    (
        "native TLS",
        &["cargo", "check", "--locked", "-p", "tilisy-client", "--no-default-features", "--features", "native-tls"],
        &[],
    ),
    // README's test command, which never writes a snapshot here.
    ("tests", &["cargo", "test", "--workspace"], &[("INSTA_UPDATE", "no")]),
    ("freshness", &["cargo", "xtask", "codegen", "--check"], &[]),
    ("our lint", &["cargo", "xtask", "lint"], &[]),
    ("spec linters", &["bash", "spec/lint.sh"], &[]),
    ("docs", &["cargo", "doc", "--workspace", "--no-deps", "--locked"], &[("RUSTDOCFLAGS", "-D warnings")]),
    // One invocation, so that the second crate is built against the first as it would be published.
    (
        "packages",
        &["cargo", "package", "--locked", "--allow-dirty", "-p", "openbanking-client-runtime", "-p", "tilisy-client"],
        &[],
    ),
];

/// Runs every step in the workspace at `root`, and says at the end which ones failed.
///
/// # Errors
///
/// A program that cannot be started.
pub fn run(root: &Path, say: &mut dyn FnMut(String)) -> anyhow::Result<Outcome> {
    let mut failed = Vec::new();
    for (name, line, environment) in STEPS {
        say(format!("== {name}: {}", line.join(" ")));
        let started = Instant::now();
        let (program, arguments) = line.split_first().context("a step without a program")?;
        let status = Command::new(program)
            .args(arguments)
            .envs(environment.iter().copied())
            .current_dir(root)
            .status()
            .with_context(|| format!("cannot start `{program}`"))?;
        say(format!(
            "== {name}: {} after {} s",
            if status.success() { "passed" } else { "FAILED" },
            started.elapsed().as_secs()
        ));
        if !status.success() {
            failed.push(*name);
        }
    }
    if !failed.is_empty() {
        say(format!("== failed: {}", failed.join(", ")));
    }
    say(format!("checks: {} passed, {} failed", STEPS.len() - failed.len(), failed.len()));
    Ok(if failed.is_empty() { Outcome::Fine } else { Outcome::Findings })
}
