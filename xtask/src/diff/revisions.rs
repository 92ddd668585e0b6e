//! The git revisions to compare.

use std::path::Path;

use super::git::{Git, short};
use super::tree::Tree;

/// The two sides of a comparison.
#[derive(Debug)]
pub(super) struct Sides {
    /// Both sides in words.
    pub(super) description: String,
    /// The name of the older side.
    pub(super) base_name: String,
    pub(super) base: Tree,
    pub(super) head: Tree,
}

/// Returns the sides that an argument names.
pub(super) fn sides(root: &Path, revisions: Option<&str>) -> anyhow::Result<Sides> {
    let git = Git { root };
    git.check()?;
    let at = |revision: String| Tree::at(root, revision);
    let sides = |base_name: String, head_name: &str, base: Tree, head: Tree| Sides {
        description: format!("{base_name} with {head_name}"),
        base_name,
        base,
        head,
    };
    let Some(given) = revisions else {
        let (name, base) = git.merge_base_with_main()?;
        let base_name = format!("{} (merge base of {name} and HEAD)", short(&base));
        return Ok(sides(base_name, "the working tree", at(base), Tree::working(root)));
    };
    let head = |name: &str| if name.is_empty() { "HEAD" } else { name }.to_owned();
    if let Some((old, new)) = given.split_once("...") {
        let (old, new) = (head(old), head(new));
        let base = git.merge_base(&old, &new)?;
        let base_name = format!("{} (merge base of {old} and {new})", short(&base));
        return Ok(sides(base_name, &new, at(base), at(git.commit(&new)?)));
    }
    if let Some((old, new)) = given.split_once("..") {
        let (old, new) = (head(old), head(new));
        let (base, is) = (git.commit(&old)?, git.commit(&new)?);
        return Ok(sides(old, &new, at(base), at(is)));
    }
    Ok(sides(given.to_owned(), "the working tree", at(git.commit(given)?), Tree::working(root)))
}
