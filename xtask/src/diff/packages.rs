//! The versions of the generated crates on both sides.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow};
use openbanking_codegen::diff::Report;
use toml::Table;

use super::tree::Tree;
use crate::targets::TARGETS;

const MANIFEST: &str = "Cargo.toml";

/// Adds the crates and their versions to a report.
pub(super) fn add(report: &mut Report, base: &Tree, head: &Tree) -> anyhow::Result<()> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for target in TARGETS {
        for folder in [target.package()].iter().chain(target.reexported_by) {
            folders.entry(*folder).or_default().push(target.spec);
        }
    }
    for (folder, specs) in folders {
        let (old, new) = (package(base, folder)?, package(head, folder)?);
        let Some((name, _)) = new.as_ref().or(old.as_ref()) else { continue };
        let version = |side: &Option<(String, Option<String>)>| side.as_ref().and_then(|(_, version)| version.clone());
        report.add_package(name, &specs, version(&old).as_deref(), version(&new).as_deref());
    }
    Ok(())
}

/// Returns the name and the version of a package. The version may be inherited from the workspace.
fn package(tree: &Tree, folder: &str) -> anyhow::Result<Option<(String, Option<String>)>> {
    let Some(manifest) = manifest(tree, &format!("{folder}/{MANIFEST}"))? else { return Ok(None) };
    let at = |table: &Table, path: &[&str]| {
        let (last, above) = path.split_last()?;
        let table = above.iter().try_fold(table, |table, key| table.get(*key)?.as_table())?;
        Some(table.get(*last)?.as_str()?.to_owned())
    };
    let name = at(&manifest, &["package", "name"]).unwrap_or_else(|| folder.to_owned());
    let own = at(&manifest, &["package", "version"]);
    let version = match own {
        Some(own) => Some(own),
        None => {
            self::manifest(tree, MANIFEST)?.and_then(|workspace| at(&workspace, &["workspace", "package", "version"]))
        }
    };
    Ok(Some((name, version)))
}

fn manifest(tree: &Tree, path: &str) -> anyhow::Result<Option<Table>> {
    let Some(text) = tree.text(path)? else { return Ok(None) };
    // Only the message: the full error has several lines, with an excerpt of the file.
    let manifest = text.parse().map_err(|error: toml::de::Error| anyhow!("{}", error.message()));
    Ok(Some(manifest.with_context(|| format!("cannot read `{path}` in {}", tree.name()))?))
}
