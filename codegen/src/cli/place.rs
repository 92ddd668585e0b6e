//! The folder of a runtime that is given as `path=DIR`, as the manifest of a crate names it.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};

use super::input;
use crate::package::Runtime;

/// Returns the runtime as the manifest of the crate in `out` names it.
///
/// A relative folder is one of the current folder, and becomes relative to the crate. An absolute one is kept.
///
/// # Errors
///
/// A folder without the runtime, or one that no relative path leads to.
pub(super) fn from_crate(runtime: &Runtime, out: &Path) -> anyhow::Result<Runtime> {
    let Runtime::Path(given) = runtime else { return Ok(runtime.clone()) };
    let folder = Path::new(given);
    if !is_runtime(folder)? {
        bail!("`{given}` is not the folder of openbanking-client-runtime (give --runtime path=DIR its folder)");
    }
    if folder.is_absolute() {
        return Ok(runtime.clone());
    }
    let path = relative(&real(out)?, &real(folder)?);
    let path = path.with_context(|| format!("no relative path leads to `{given}` (give an absolute one)"))?;
    Ok(Runtime::Path(path))
}

/// Returns whether a folder is the package of the runtime.
pub(super) fn is_runtime(folder: &Path) -> anyhow::Result<bool> {
    let manifest = folder.join("Cargo.toml");
    if !manifest.exists() {
        return Ok(false);
    }
    let text = input::text(&manifest, &manifest.display().to_string())?;
    Ok(text.lines().any(|line| line == "name = \"openbanking-client-runtime\""))
}

/// Returns the absolute path of a folder without links. Its end may not exist yet.
fn real(folder: &Path) -> anyhow::Result<PathBuf> {
    let full = std::path::absolute(folder).with_context(|| format!("cannot find `{}`", folder.display()))?;
    let existing = full.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let (above, mut real) = existing.with_context(|| format!("cannot find `{}`", folder.display()))?;
    for component in full.components().skip(above.components().count()) {
        match component {
            Component::ParentDir => drop(real.pop()),
            other => real.push(other),
        }
    }
    Ok(real)
}

/// Returns the path from one absolute folder to another, with `/` on every system. `None` for those on different drives.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let shared = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    if shared == 0 {
        return None;
    }
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<_> = up.chain(down).collect();
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_from_one_folder_to_another() {
        for (from, to, path) in [
            ("/a/crate", "/a/runtime", "../runtime"),
            ("/a/crate", "/a/crate/runtime", "runtime"),
            ("/a/b/crate", "/c", "../../../c"),
            ("/a", "/a", "."),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)).as_deref(), Some(path), "{from} {to}");
        }
        assert_eq!(relative(Path::new("/a"), Path::new("b")), None);
    }
}
