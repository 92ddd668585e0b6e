//! `cargo xtask ci`: the list of everything that has to hold. Workflows and `.ci/run` call it and add nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context;

use crate::Outcome;

/// Something that has to hold: what it is called, the command line, and what its environment adds.
type Step = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

/// Where packages are built, from the workspace's folder.
const PACKAGES: &str = "target/packages";

const STEPS: &[Step] = &[
    ("format", &["cargo", "fmt", "--all", "--check"], &[]),
    ("clippy", &["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[]),
    (
        "native TLS",
        &[
            "cargo",
            "check",
            "--locked",
            "-p",
            "tilisy-client",
            "-p",
            "op-client",
            "--no-default-features",
            "--features",
            "native-tls",
        ],
        &[],
    ),
    // README's test command, which never writes a snapshot here.
    ("tests", &["cargo", "test", "--workspace"], &[("INSTA_UPDATE", "no")]),
    // It meets the command and the sandbox where the tests cannot: what a browser makes of their pages.
    ("browser", &["bash", "tilisy-cli/browser/run.sh"], &[]),
    ("keys", &["bash", "tilisy-cli/openssl.sh"], &[]),
    ("freshness", &["cargo", "xtask", "codegen", "--check"], &[]),
    ("our lint", &["cargo", "xtask", "lint"], &[]),
    ("spec linters", &["bash", "spec/lint.sh"], &[]),
    ("docs", &["cargo", "doc", "--workspace", "--no-deps", "--locked"], &[("RUSTDOCFLAGS", "-D warnings")]),
    // One invocation, so that the second crate is built against the first as it would be published.
    (
        "packages",
        &[
            "cargo",
            "package",
            "--locked",
            "--allow-dirty",
            "--target-dir",
            PACKAGES,
            "-p",
            "openbanking-client-runtime",
            "-p",
            "tilisy-client",
            "-p",
            "op-client",
            "-p",
            "tilisy-sandbox",
            "-p",
            "tilisy-cli",
        ],
        &[],
    ),
];

/// Removes what cargo unpacked and built of our packages when it last verified them. It goes by name and version, and
/// would verify today's client against the runtime of an earlier run.
fn forget_packages(root: &Path) {
    // Most often there is nothing to remove, here and below.
    let _ = fs::remove_dir_all(root.join(PACKAGES));
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    // The registry of one verification is a folder on this machine, and has no host before its hash.
    let is_local = |folder: &fs::DirEntry| folder.file_name().to_string_lossy().starts_with('-');
    for folder in sources.into_iter().flatten().flatten().filter(is_local) {
        let package = concat!("openbanking-client-runtime-", env!("CARGO_PKG_VERSION"));
        let _ = fs::remove_dir_all(folder.path().join(package));
    }
}

/// Runs every step in the workspace at `root`, and says at the end which ones failed.
///
/// # Errors
///
/// A program that cannot be started.
pub fn run(root: &Path, say: &mut dyn FnMut(String)) -> anyhow::Result<Outcome> {
    let mut failed = Vec::new();
    forget_packages(root);
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
