//! Files that are written completely or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::claim::{beside, place, temporary};
use super::private::{cannot_write, folder};
use crate::failure::{Exit, Failure};

/// The suffix of a file that is being written. It contains our name, because the folder belongs to the user.
const NEW: &str = ".tilisy-new";

/// A file that is being written. It appears under its name when it is kept, and not at all otherwise.
pub(crate) struct Whole {
    target: PathBuf,
    at: At,
}

enum At {
    /// In the same folder, under another name.
    Beside(NamedTempFile),
    /// In place: a device or a pipe, which no other file can replace.
    There(File),
}

impl Whole {
    pub(crate) fn begin(file: &Path) -> Result<Self, Failure> {
        let target = target(file)?;
        let cannot = |error| cannot_write(file, error);
        let at = if is_special(&target) {
            At::There(OpenOptions::new().write(true).open(&target).map_err(cannot)?)
        } else {
            let new = temporary(&beside(&target, NEW), Duration::ZERO).map_err(cannot)?;
            At::Beside(new.ok_or_else(|| is_written(file))?)
        };
        Ok(Self { target, at })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.at {
            At::Beside(file) => file.write_all(bytes),
            At::There(file) => file.write_all(bytes),
        };
        written.map_err(|error| cannot_write(&self.target, error))
    }

    /// Completes the file.
    pub(crate) fn keep(self) -> Result<(), Failure> {
        let kept = match self.at {
            At::There(_) => return Ok(()),
            At::Beside(file) => file.as_file().sync_all().and_then(|()| place(file, &self.target, true)),
        };
        kept.map_err(|error| cannot_write(&self.target, error))
    }
}

/// Returns the failure of a file that another run is writing: the result would be a mixture of both.
pub(crate) fn is_written(file: &Path) -> Failure {
    Failure::new(Exit::Setup, format!("another run is writing `{}`", file.display()))
        .hint("wait for it, stop it, or give another `--output`")
}

/// Returns the path that a name leads to: a link is followed and stays.
pub(crate) fn target(file: &Path) -> Result<PathBuf, Failure> {
    // The target of a link need not exist yet.
    let target = fs::canonicalize(file)
        .or_else(|_| fs::read_link(file).map(|leads_to| folder(file).join(leads_to)))
        .unwrap_or_else(|_| file.to_owned());
    // Checked before any request, not when the file is complete.
    if target.is_dir() { Err(cannot_write(file, io::ErrorKind::IsADirectory.into())) } else { Ok(target) }
}

/// Returns whether it exists and is not a regular file.
pub(crate) fn is_special(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}
