//! Symbolic links, which are not followed where files are written.

use std::path::Path;
use std::{fs, io};

use anyhow::{Context, bail};

/// Checks that a path is not a symbolic link. A path that does not exist is fine.
///
/// # Errors
///
/// A symbolic link, or a path that cannot be looked at.
pub fn refuse(path: &Path) -> anyhow::Result<()> {
    // Of a path that ends with a separator, the system would follow the link.
    let path = path.components().as_path();
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            bail!("`{}` is a symbolic link, which is not followed (name or put the real one there)", path.display())
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot look at `{}`", path.display()))
        }
        _ => Ok(()),
    }
}

/// Checks that neither a path nor a folder between it and `top` is a symbolic link.
///
/// # Errors
///
/// As [`refuse`].
pub fn refuse_below(top: &Path, inside: &Path) -> anyhow::Result<()> {
    let mut path = top.to_path_buf();
    for component in inside.components() {
        path.push(component);
        refuse(&path)?;
    }
    Ok(())
}
