//! `cargo xtask diff` as a library, in git repositories that the tests create.
#![allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]

mod acknowledged;
mod outcome;
mod packages;
mod released;
mod revisions;
mod specs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xtask::diff::{Arguments, Comparison, compare};

const TILISY: &str = "spec/tilisy.yaml";

const SPEC: &str = "\
openapi: 3.0.3
info: {title: Things, version: 1.0.0}
paths:
  /things:
    get:
      operationId: things
      responses:
        '200': {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      description: A thing.
      properties:
        name: {type: string, description: A name.}
";

/// Returns the spec with another type of a property: `type-changed`, breaking.
fn breaking() -> String {
    changed("name: {type: string", "name: {type: integer")
}

/// Returns the spec with one more property: `property-added`, compatible.
fn compatible() -> String {
    changed("        name:", "        size: {type: integer}\n        name:")
}

/// Returns the spec without its property: `property-removed`, potentially breaking.
fn potential() -> String {
    changed("      properties:\n        name: {type: string, description: A name.}\n", "")
}

/// Returns the spec with another description: `description-changed`.
fn reworded() -> String {
    changed("A thing.", "One thing.")
}

/// Edits the spec, and fails if the edit has no effect.
fn changed(from: &str, to: &str) -> String {
    assert!(SPEC.contains(from), "no `{from}` in the spec");
    SPEC.replace(from, to)
}

/// A repository with one commit, whose spec is `SPEC`, on the branch `main`.
struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self::empty();
        repository.write(TILISY, SPEC);
        repository.commit();
        repository
    }

    fn empty() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet"]);
        repository.git(&["symbolic-ref", "HEAD", "refs/heads/main"]);
        repository
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(self.root(), arguments)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Commits the working tree, and returns the name of the commit.
    fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "An edition"]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Writes the spec and commits it.
    fn edition(&self, text: &str) -> String {
        self.write(TILISY, text);
        self.commit()
    }

    fn compare(&self, revisions: &str) -> Comparison {
        compared(self.root(), &at(revisions))
    }

    /// Returns the findings about a side or the acknowledgements, as they are printed.
    fn faults(&self, revisions: &str) -> Vec<String> {
        faults(self.root(), &at(revisions))
    }

    /// Returns the error of a comparison that is not possible.
    fn error(&self, revisions: &str) -> String {
        error(self.root(), &at(revisions))
    }
}

/// Runs git without the configuration of this machine, as a made-up author.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    // Hooks set these variables, and git would write to the repository of the hook.
    for name in ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    let output = command
        .args(["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgSign=false"])
        .args(arguments)
        .current_dir(folder)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Returns the arguments for revisions; an empty string stands for no argument.
fn at(revisions: &str) -> Arguments {
    Arguments { revisions: Some(revisions.to_owned()).filter(|name| !name.is_empty()), ..Arguments::default() }
}

fn compared(root: &Path, arguments: &Arguments) -> Comparison {
    compare(root, arguments).unwrap().unwrap()
}

fn faults(root: &Path, arguments: &Arguments) -> Vec<String> {
    let faults = compare(root, arguments).unwrap().unwrap_err();
    assert!(!faults.is_empty());
    faults.iter().map(ToString::to_string).collect()
}

fn error(root: &Path, arguments: &Arguments) -> String {
    let error = format!("{:#}", compare(root, arguments).unwrap_err());
    assert!(!error.contains('\n') && !error.ends_with('.'), "{error}");
    error
}

/// Returns the rules of the findings, in the order of the report.
fn rules(comparison: &Comparison) -> Vec<&'static str> {
    comparison.report.findings.iter().map(|finding| finding.rule).collect()
}
