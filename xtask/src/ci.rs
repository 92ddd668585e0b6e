//! `cargo xtask ci`: the list of all checks. Workflows and `.ci/run` call it and have no checks of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context;

use crate::Outcome;
use crate::targets::packages;

/// A check.
struct Step {
    name: &'static str,
    line: Vec<&'static str>,
    /// Additional environment variables.
    environment: &'static [(&'static str, &'static str)],
}

/// The folder where packages are built, relative to the workspace.
const PACKAGES: &str = "target/packages";

/// Packages that are published in addition to those with generated clients. The runtime comes before them.
const OTHERS: [&str; 3] = ["openbanking-codegen", "tilisy-sandbox", "tilisy-cli"];

/// Returns the packages that are published.
pub fn published() -> Vec<&'static str> {
    ["openbanking-client-runtime"].into_iter().chain(packages()).chain(OTHERS).collect()
}

/// Returns a command line of cargo about some packages.
fn about(packages: Vec<&'static str>, command: &[&'static str], options: &[&'static str]) -> Vec<&'static str> {
    let packages = packages.into_iter().flat_map(|package| ["-p", package]);
    ["cargo"].into_iter().chain(command.iter().copied()).chain(packages).chain(options.iter().copied()).collect()
}

/// Returns all checks in the order in which they run.
fn steps() -> Vec<Step> {
    let step = |name, line: &[&'static str]| Step { name, line: line.to_vec(), environment: &[] };
    let native = about(packages(), &["check", "--locked"], &["--no-default-features", "--features", "native-tls"]);
    // A single call, so that each crate is verified against the packages of the others, not against their folders.
    let package = about(published(), &["package", "--locked", "--allow-dirty", "--target-dir", PACKAGES], &[]);
    vec![
        step("format", &["cargo", "fmt", "--all", "--check"]),
        step("clippy", &["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
        step("native TLS", &native),
        // The test command of the README. CI must never write a snapshot.
        Step { environment: &[("INSTA_UPDATE", "no")], ..step("tests", &["cargo", "test", "--workspace"]) },
        // The tests cannot check how a browser handles the pages of the command and of the sandbox.
        step("browser", &["bash", "tilisy-cli/browser/run.sh"]),
        step("keys", &["bash", "tilisy-cli/openssl.sh"]),
        step("freshness", &["cargo", "xtask", "codegen", "--check"]),
        step("our lint", &["cargo", "xtask", "lint"]),
        step("words", &["cargo", "xtask", "words"]),
        step("layers", &["cargo", "xtask", "layers"]),
        step("spec linters", &["bash", "spec/lint.sh"]),
        step("sandbox", &["bash", "tilisy-sandbox/schemathesis.sh"]),
        Step {
            environment: &[("RUSTDOCFLAGS", "-D warnings")],
            ..step("docs", &["cargo", "doc", "--workspace", "--no-deps", "--locked"])
        },
        step("packages", &package),
    ]
}

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
    let versions: Vec<_> = published().iter().map(|name| format!("{name}-{}", env!("CARGO_PKG_VERSION"))).collect();
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
    let steps = steps();
    for Step { name, line, environment } in &steps {
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
    say(format!("checks: {} passed, {} failed", steps.len() - failed.len(), failed.len()));
    Ok(if failed.is_empty() { Outcome::Fine } else { Outcome::Findings })
}
