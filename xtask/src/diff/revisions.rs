//! The git revisions to compare.

use std::path::Path;

use super::git::{Git, short};
use super::tree::Tree;

/// Returns a description of the comparison, the base and the head.
pub(super) fn sides(root: &Path, revisions: Option<&str>) -> anyhow::Result<(String, Tree, Tree)> {
    let git = Git { root };
    git.check()?;
    let at = |revision: String| Tree::at(root, revision);
    let Some(given) = revisions else {
        let (name, base) = git.merge_base_with_main()?;
        let sides = format!("{} (merge base of {name} and HEAD) with the working tree", short(&base));
        return Ok((sides, at(base), Tree::working(root)));
    };
    let head = |name: &str| if name.is_empty() { "HEAD" } else { name }.to_owned();
    if let Some((old, new)) = given.split_once("...") {
        let (old, new) = (head(old), head(new));
        let base = git.merge_base(&old, &new)?;
        let sides = format!("{} (merge base of {old} and {new}) with {new}", short(&base));
        return Ok((sides, at(base), at(git.commit(&new)?)));
    }
    if let Some((old, new)) = given.split_once("..") {
        let (old, new) = (head(old), head(new));
        return Ok((format!("{old} with {new}"), at(git.commit(&old)?), at(git.commit(&new)?)));
    }
    Ok((format!("{given} with the working tree"), at(git.commit(given)?), Tree::working(root)))
}
