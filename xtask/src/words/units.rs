//! The files that are counted, crate by crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::members::members;

/// Folders that hold no source of ours.
const SKIPPED: &[&str] = &["target", "node_modules", "snapshots"];

/// The files that are counted together: a crate's hand-written ones, or the generated ones of a target.
#[derive(Debug, Eq, PartialEq)]
pub struct Unit {
    /// The name of the package, or `generated/` and the name of the target.
    pub name: String,
    /// Paths and texts, in order. Paths start at the workspace's folder.
    pub files: BTreeMap<PathBuf, String>,
}

/// Reads the crates of the workspace at `root`, and the generated folders, given by name.
///
/// # Errors
///
/// Returns an error if a manifest, folder or file cannot be read.
pub fn units(root: &Path, generated: &[(&str, &str)]) -> anyhow::Result<Vec<Unit>> {
    let members = members(root)?;
    let mut units = Vec::new();
    for member in &members {
        let others = members.iter().filter(|other| *other != member).map(|other| root.join(&other.folder)).collect();
        let mut files = source_files(root, &root.join(&member.folder), &others)?;
        files.retain(|_, text| !is_generated(text));
        units.push(Unit { name: member.name.clone(), files });
    }
    for (name, folder) in generated {
        let files = source_files(root, &root.join(folder), &BTreeSet::new())?;
        units.push(Unit { name: format!("generated/{name}"), files });
    }
    Ok(units)
}

/// Every generated file says so in its first line.
fn is_generated(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.starts_with("//") && line.contains("@generated"))
}

/// Reads the Rust files below a folder, without those of `others`.
fn source_files(root: &Path, folder: &Path, others: &BTreeSet<PathBuf>) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list `{}`", folder.display()))?;
            let (path, name) = (entry.path(), entry.file_name());
            let is_skipped = name.to_string_lossy().starts_with('.') || SKIPPED.iter().any(|skipped| name == *skipped);
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !is_skipped && !others.contains(&path) {
                open.push(path);
            } else if !is_folder && path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
                files.insert(path.strip_prefix(root).unwrap_or(&path).to_path_buf(), text);
            }
        }
    }
    Ok(files)
}
