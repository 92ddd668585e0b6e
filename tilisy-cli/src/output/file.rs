//! Files that are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::failure::{Exit, Failure};
use crate::file::{beside, temporary};
use crate::home::{cannot_write, folder};

/// The ending of a file that is not whole yet. It has our name, because it is in a folder of the user's.
const NEW: &str = ".tilisy-new";

/// A file on its way. Unless it is kept, it was never there.
pub(crate) struct Whole {
    target: PathBuf,
    at: At,
}

enum At {
    /// Beside its place, under another name.
    Beside(NamedTempFile),
    /// In its place: a device or a pipe, which nobody could put another file in place of.
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

    /// Puts it in its place.
    pub(crate) fn keep(self) -> Result<(), Failure> {
        let kept = match self.at {
            At::There(_) => return Ok(()),
            At::Beside(file) => file
                .as_file()
                .sync_all()
                .and_then(|()| file.persist(&self.target).map(drop).map_err(|refused| refused.error)),
        };
        kept.map_err(|error| cannot_write(&self.target, error))
    }
}

/// Two runs in one file would be a mixture of both.
pub(crate) fn is_written(file: &Path) -> Failure {
    Failure::new(Exit::Setup, format!("another run is writing `{}`", file.display()))
        .hint("wait for it, stop it, or give another `--output`")
}

/// What a file's name leads to: a link is followed and stays.
pub(crate) fn target(file: &Path) -> Result<PathBuf, Failure> {
    // Also a link to what is not there yet.
    let target = fs::canonicalize(file)
        .or_else(|_| fs::read_link(file).map(|leads_to| folder(file).join(leads_to)))
        .unwrap_or_else(|_| file.to_owned());
    // Before anything is asked for, and not when it is to be put there.
    if target.is_dir() { Err(cannot_write(file, io::ErrorKind::IsADirectory.into())) } else { Ok(target) }
}

/// Whether it is there, and no ordinary file.
pub(crate) fn is_special(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}
