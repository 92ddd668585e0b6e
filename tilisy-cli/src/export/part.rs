//! The file of an export that is not complete yet.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::checkpoint::{Checkpoint, Question, Reached};
use crate::disk::{NEW, beside, cannot_write, claim, is_at, is_written, target, write_private};
use crate::failure::{Exit, Failure};
use crate::message::say;

/// The transactions of an export that is not complete, and the checkpoint beside them.
pub(super) struct Part {
    target: PathBuf,
    rows: PathBuf,
    /// Locked, because two runs in one file would be a mixture of both.
    file: File,
    checkpoint: Checkpoint,
    is_continued: bool,
}

impl Part {
    /// Opens the file to continue the export of an earlier run with the same options, or else to start one.
    pub(super) fn open(file: &Path, question: &Question, restart: bool) -> Result<Self, Failure> {
        let target = target(file)?;
        let rows = beside(&target, ".part");
        let cannot = |error| cannot_write(&rows, error);
        let mut file = locked(&rows)?;
        if !restart && let Some(checkpoint) = Checkpoint::read(&beside(&rows, ".json"))? {
            let is_shorter = file.metadata().map_err(cannot)?.len() < checkpoint.bytes;
            match checkpoint.objection(question).or(is_shorter.then_some("is shorter than it was")) {
                None => {
                    file.set_len(checkpoint.bytes).map_err(cannot)?;
                    file.seek(SeekFrom::End(0)).map_err(cannot)?;
                    return Ok(Self { target, rows, file, checkpoint, is_continued: true });
                }
                Some(objection) => say(&format!("starting over: the export in `{}` {objection}", rows.display())),
            }
        }
        file.set_len(0).map_err(cannot)?;
        Ok(Self { target, rows, file, checkpoint: Checkpoint::new(question), is_continued: false })
    }

    /// Returns the checkpoint of the earlier run that this one continues.
    pub(super) fn continued(&self) -> Option<&Checkpoint> {
        self.is_continued.then_some(&self.checkpoint)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|error| cannot_write(&self.rows, error))?;
        self.checkpoint.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Writes a checkpoint, after the transactions up to it.
    pub(super) fn note(&mut self, reached: &[Reached]) -> Result<(), Failure> {
        if self.checkpoint.reached == reached {
            return Ok(());
        }
        self.checkpoint.reached = reached.to_vec();
        write_private(&self.beside(), &serde_json::to_vec(&self.checkpoint).map_err(crate::output::odd)?)
    }

    /// Moves the complete file to its place.
    pub(super) fn keep(self) -> Result<(), Failure> {
        if !is_at(&self.file, &self.rows) {
            let text = format!("`{}` was removed while it was being written", self.rows.display());
            return Err(Failure::new(Exit::Write, text).hint("run the same command again"));
        }
        // The file is open and locked, which Windows allows: the standard library opens files with `FILE_SHARE_DELETE`.
        let kept = self.file.sync_all().and_then(|()| fs::rename(&self.rows, &self.target));
        kept.map_err(|error| cannot_write(&self.target, error))?;
        self.remove_checkpoint();
        Ok(())
    }

    /// Removes the export.
    pub(super) fn forget(self) {
        self.remove_checkpoint();
        let _ = fs::remove_file(&self.rows);
    }

    /// Removes the checkpoint, and one that a killed run was writing. A checkpoint that stays has no effect without its
    /// transactions.
    fn remove_checkpoint(&self) {
        for file in [self.beside(), beside(&self.beside(), NEW)] {
            let _ = fs::remove_file(file);
        }
    }

    /// Returns whether a later run can continue the export.
    pub(super) fn has_checkpoint(&self) -> bool {
        !self.checkpoint.reached.is_empty()
    }

    pub(super) fn name(&self) -> String {
        self.rows.display().to_string()
    }

    fn beside(&self) -> PathBuf {
        beside(&self.rows, ".json")
    }
}

/// Opens the file for this run alone, readable only by the owner.
fn locked(rows: &Path) -> Result<File, Failure> {
    claim(rows, Duration::ZERO).map_err(|error| cannot_write(rows, error))?.ok_or_else(|| is_written(rows))
}
