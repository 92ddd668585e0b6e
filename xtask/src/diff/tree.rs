//! The files of a commit or of the working tree.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, bail};
use openbanking_codegen::cli::input;
use openbanking_codegen::read::MAX_TEXT;

use super::git;

/// One side of a comparison. Paths are relative to the workspace.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
    /// The commit; `None` for the working tree.
    revision: Option<String>,
}

impl Tree {
    pub(super) fn at(root: &Path, revision: String) -> Self {
        Self { root: root.to_path_buf(), revision: Some(revision) }
    }

    pub(super) fn working(root: &Path) -> Self {
        Self { root: root.to_path_buf(), revision: None }
    }

    /// Returns the commit, or the one that the working tree is based on.
    pub(super) fn commit(&self) -> &str {
        self.revision.as_deref().unwrap_or("HEAD")
    }

    /// Returns the name of the side for messages.
    pub(super) fn name(&self) -> String {
        match &self.revision {
            Some(revision) => git::short(revision).to_owned(),
            None => "the working tree".to_owned(),
        }
    }

    /// Returns the paths of the files in a folder. A missing folder counts as empty.
    pub(super) fn files(&self, folder: &str) -> anyhow::Result<Vec<String>> {
        let mut paths = match &self.revision {
            Some(revision) => self.committed(revision, &format!("{folder}/"))?,
            None => {
                let entries = match fs::read_dir(self.root.join(folder)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                    entries => entries.with_context(|| format!("cannot list `{folder}`"))?,
                };
                let mut paths = Vec::new();
                for entry in entries {
                    let entry = entry.with_context(|| format!("cannot list `{folder}`"))?;
                    if !entry.path().is_dir() {
                        paths.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
                    }
                }
                paths
            }
        };
        paths.sort();
        Ok(paths)
    }

    /// Returns the files of a commit that match a pathspec.
    fn committed(&self, revision: &str, path: &str) -> anyhow::Result<Vec<String>> {
        let output = git::run(&self.root, &["ls-tree", "-z", revision, "--", path])?;
        if !output.status.success() {
            bail!("cannot list `{path}` in {}: {}", self.name(), String::from_utf8_lossy(&output.stderr).trim());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let blobs: Vec<_> = text.split('\0').filter_map(|line| line.split_once('\t')).collect();
        if let Some((_, link)) = blobs.iter().find(|(kind, _)| kind.starts_with("120000 ")) {
            bail!("`{link}` in {} is a symbolic link, which is not followed (put the file itself there)", self.name());
        }
        Ok(blobs.into_iter().filter(|(kind, _)| kind.contains(" blob ")).map(|(_, path)| path.to_owned()).collect())
    }

    /// Returns the bytes of a file, if it exists.
    pub(super) fn bytes(&self, path: &str) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(revision) = &self.revision else {
            if self.root.join(path).is_symlink() {
                bail!("`{path}` is a symbolic link, which is not followed (put the file itself there)");
            }
            return match input::bytes(&self.root.join(path)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                bytes => bytes.map(Some).with_context(|| format!("cannot read `{path}`")),
            };
        };
        if self.committed(revision, path)?.is_empty() {
            return Ok(None);
        }
        let object = format!("{revision}:./{path}");
        let size = git::run(&self.root, &["cat-file", "-s", &object])?.stdout;
        if String::from_utf8_lossy(&size).trim().parse::<usize>().is_ok_and(|size| size > MAX_TEXT) {
            return Err(input::too_large()).with_context(|| format!("cannot read `{path}` in {}", self.name()));
        }
        let output = git::run(&self.root, &["cat-file", "blob", &object])?;
        if !output.status.success() {
            bail!("cannot read `{path}` in {}: {}", self.name(), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(Some(output.stdout))
    }

    /// Returns the text of a file, if it exists.
    pub(super) fn text(&self, path: &str) -> anyhow::Result<Option<String>> {
        let text = self.bytes(path)?.map(String::from_utf8).transpose();
        text.with_context(|| format!("cannot read `{path}` in {} (it is no UTF-8 text)", self.name()))
    }
}
