//! `cargo xtask ci`: the list of all checks. Workflows and `.ci/run` call it and have no checks of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context;

use crate::Outcome;

/// A check: its name, its command line, and additional environment variables.
type Step = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

/// The folder where packages are built, relative to the workspace.
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
    // The test command of the README. CI must never write a snapshot.
    ("tests", &["cargo", "test", "--workspace"], &[("INSTA_UPDATE", "no")]),
    // The tests cannot check how a browser handles the pages of the command and of the sandbox.
    ("browser", &["bash", "tilisy-cli/browser/run.sh"], &[]),
    ("keys", &["bash", "tilisy-cli/openssl.sh"], &[]),
    ("freshness", &["cargo", "xtask", "codegen", "--check"], &[]),
    ("our lint", &["cargo", "xtask", "lint"], &[]),
    ("words", &["cargo", "xtask", "words"], &[]),
    ("layers", &["cargo", "xtask", "layers"], &[]),
    ("spec linters", &["bash", "spec/lint.sh"], &[]),
    ("docs", &["cargo", "doc", "--workspace", "--no-deps", "--locked"], &[("RUSTDOCFLAGS", "-D warnings")]),
    // A single call, so that each crate is verified against the packages of the others, not against their folders.
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

/// Removes the packages that cargo unpacked and built in an earlier verification.
///
/// Cargo identifies them by name and version, and would verify a crate against those of that earlier run.
fn forget_packages(root: &Path) {
    // Failing is fine, here and below: usually these folders do not exist.
    let _ = fs::remove_dir_all(root.join(PACKAGES));
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    // The temporary registry of a verification is a local folder, so its name has no host before the hash.
    let is_local = |folder: &fs::DirEntry| folder.file_name().to_string_lossy().starts_with('-');
    let packages = STEPS.iter().filter(|(name, ..)| *name == "packages").flat_map(|(_, line, _)| *line);
    let versions: Vec<_> = packages.map(|name| format!("{name}-{}", env!("CARGO_PKG_VERSION"))).collect();
    for folder in sources.into_iter().flatten().flatten().filter(is_local) {
        for package in &versions {
            let _ = fs::remove_dir_all(folder.path().join(package));
        }
    }
}

/// Runs all checks in the workspace at `root`, and lists those that failed at the end.
///
/// # Errors
///
/// Returns an error if a program cannot be started.
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
