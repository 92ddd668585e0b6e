//! Files that are listed and written, without following symbolic links.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::links;

/// Returns the paths of the files below a folder, relative to it. A missing folder counts as empty.
///
/// # Errors
///
/// A folder that cannot be listed, or that has a symbolic link in it.
pub fn files_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(inside) = open.pop() {
        let path = folder.join(&inside);
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.with_context(|| format!("cannot list `{}`", path.display()))?,
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list `{}`", path.display()))?;
            links::refuse(&entry.path())?;
            let name = inside.join(entry.file_name());
            if entry.path().is_dir() { open.push(name) } else { found.push(name) }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a file of ours, with the folders that it needs.
///
/// The old file is removed first and the new one created, so that no link that came there meanwhile is written through.
///
/// # Errors
///
/// Returns an error if a folder or file cannot be written.
pub fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())),
    }
    .with_context(|| format!("cannot write `{}`", path.display()))
}
