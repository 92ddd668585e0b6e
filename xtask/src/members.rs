//! The crates of the workspace, as its manifests list them.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

/// A crate of the workspace.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Member {
    /// The name of the package.
    pub name: String,
    /// Its folder, from the workspace's folder.
    pub folder: String,
}

/// Returns the crates of the workspace at `root`.
///
/// # Errors
///
/// Returns an error if a manifest cannot be read, or lacks the members or the name.
pub fn members(root: &Path) -> anyhow::Result<Vec<Member>> {
    let manifest = manifest(root)?;
    let folders = manifest.get("workspace").and_then(|workspace| workspace.get("members"));
    let folders = folders.and_then(toml::Value::as_array).context("`Cargo.toml` lists no members of a workspace")?;
    let mut members = Vec::new();
    for folder in folders.iter().filter_map(toml::Value::as_str) {
        ensure!(!folder.contains('*'), "`Cargo.toml` has the pattern `{folder}` as a member (list the folders)");
        members.push(Member { name: package_name(&root.join(folder))?, folder: folder.to_owned() });
    }
    Ok(members)
}

fn package_name(folder: &Path) -> anyhow::Result<String> {
    let manifest = manifest(folder)?;
    let name = manifest.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
    name.map(str::to_owned).with_context(|| format!("`{}/Cargo.toml` names no package", folder.display()))
}

fn manifest(folder: &Path) -> anyhow::Result<toml::Table> {
    let path = folder.join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    text.parse().with_context(|| format!("cannot parse `{}`", path.display()))
}
