//! The sources of the runtime inside of the generator: `codegen/src/vendored`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use openbanking_codegen::cli::files::files_below;
use openbanking_codegen::cli::input::text as read;
use toml::{Table, Value};

use crate::codegen::{Files, changes, compare};

/// The folder of the runtime.
const SOURCE: &str = "client-runtime";

/// The folder of the file that the generator reads.
const FOLDER: &str = "codegen/src/vendored";

/// Packs the runtime in memory and compares the result with the file at `root`.
///
/// # Errors
///
/// Returns an error if a file cannot be read, or a manifest is not as expected.
pub fn plan(root: &Path) -> anyhow::Result<Files> {
    let started = Instant::now();
    let mut files = BTreeMap::new();
    for name in files_below(&root.join(SOURCE).join("src"))? {
        let name = Path::new("src").join(name);
        files.insert(slashed(&name), text(root, &Path::new(SOURCE).join(&name))?);
    }
    files.insert("README.md".to_owned(), text(root, &Path::new(SOURCE).join("README.md"))?);
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        files.insert(name.to_owned(), text(root, Path::new(name))?);
    }
    let manifests = [text(root, Path::new("Cargo.toml"))?, text(root, &Path::new(SOURCE).join("Cargo.toml"))?];
    files.insert("Cargo.toml".to_owned(), manifest(&manifests[0], &manifests[1])?);
    let json = serde_json::to_string_pretty(&files).context("cannot write the runtime as JSON")? + "\n";
    let wanted = BTreeMap::from([(PathBuf::from(FOLDER).join("runtime.json"), json)]);
    compare(root, SOURCE, vec![FOLDER], wanted, started.elapsed())
}

/// Describes the file in one line.
pub fn summary(files: &Files) -> String {
    format!("{:14}{}", "runtime", changes(files))
}

/// Reads a file with `\n` as line ends, whichever git uses on this machine.
fn text(root: &Path, name: &Path) -> anyhow::Result<String> {
    Ok(read(&root.join(name), &name.display().to_string())?.replace("\r\n", "\n"))
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The manifest of the runtime on its own, with what it takes from the workspace written out.
fn manifest(workspace: &str, member: &str) -> anyhow::Result<String> {
    let workspace: Table = workspace.parse().context("`Cargo.toml` of the workspace is not TOML")?;
    let member: Table = member.parse().context("`Cargo.toml` of the runtime is not TOML")?;
    let shared = table(&workspace, "workspace")?;
    let mut text = "[package]\n".to_owned();
    let (package, inherited) = (table(&member, "package")?, table(shared, "package")?);
    for key in ["name", "description", "version", "edition", "rust-version", "license", "repository", "readme"] {
        let value = package.get(key).and_then(Value::as_str).or_else(|| inherited.get(key).and_then(Value::as_str));
        let value = value.with_context(|| format!("the runtime has no `{key}`"))?;
        writeln!(text, "{key} = {value:?}")?;
    }
    text.push_str("\n[features]\n");
    for (name, features) in table(&member, "features")? {
        writeln!(text, "{name} = {:?}", texts(features))?;
    }
    text.push_str("\n[dependencies]\n");
    let known = table(shared, "dependencies")?;
    for (name, own) in table(&member, "dependencies")? {
        let base = known.get(name).with_context(|| format!("the workspace does not list `{name}`"))?;
        let version = base.as_str().or_else(|| base.get("version").and_then(Value::as_str));
        let version = version.with_context(|| format!("the workspace has no version of `{name}`"))?;
        let mut features: Vec<_> =
            [base, own].into_iter().filter_map(|it| it.get("features")).flat_map(texts).collect();
        features.sort_unstable();
        features.dedup();
        let has_defaults = base.get("default-features").and_then(Value::as_bool) != Some(false);
        let defaults = if has_defaults { "" } else { ", default-features = false" };
        let features = if features.is_empty() { String::new() } else { format!(", features = {features:?}") };
        writeln!(text, "{name} = {{ version = {version:?}{defaults}{features} }}")?;
    }
    Ok(text)
}

fn table<'a>(parent: &'a Table, key: &str) -> anyhow::Result<&'a Table> {
    parent.get(key).and_then(Value::as_table).with_context(|| format!("a manifest has no table `{key}`"))
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
