//! Crates generated from specs of others compile without warnings.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xtask::workspace;

/// Runs cargo in a generated crate, with the dependency versions of the workspace.
fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        // Shared by all crates, so that their dependencies are built once.
        .env("CARGO_TARGET_DIR", workspace().join("target/strangers"))
        .output()
        .unwrap()
}

#[test]
fn what_is_generated_compiles_without_a_warning() {
    for name in ["features", "odd", "sound"] {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join(format!("{name}-client"));
        let spec = workspace().join(format!("codegen/tests/specs/{name}.yaml"));
        let made = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["codegen", "--spec", spec.to_str().unwrap(), "--out", folder.to_str().unwrap()])
            .output()
            .unwrap();
        assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
        let checked = cargo(&folder, &["check", "--offline", "--quiet"]);
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success() && !said.contains("warning"), "{name}: {said}");
        let documented = cargo(&folder, &["doc", "--offline", "--quiet", "--no-deps"]);
        let said = String::from_utf8_lossy(&documented.stderr);
        assert!(documented.status.success() && !said.contains("warning"), "{name}: {said}");
    }
}
