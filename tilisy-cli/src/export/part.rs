//! The file of an export that is not whole yet, and how far it went.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tilisy_client::uuid::Uuid;

use super::Question;
use crate::failure::{Failure, say};
use crate::home::{cannot_write, write_private};
pub(super) use crate::output::is_special;
use crate::output::target;

/// How far an account was read.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Reached {
    uid: Uuid,
    pub(super) rows: usize,
    pub(super) unreadable: usize,
    /// The key of the page that comes next.
    pub(super) key: Option<String>,
    pub(super) is_done: bool,
}

impl Reached {
    pub(super) const fn none(uid: Uuid) -> Self {
        Self { uid, rows: 0, unreadable: 0, key: None, is_done: false }
    }
}

/// What is noted beside the rows. The file may be longer than noted, by what came after.
#[derive(Deserialize, Serialize)]
struct Note {
    question: Question,
    bytes: u64,
    reached: Vec<Reached>,
}

/// An export that is not whole yet: the rows, and beside them how far it went.
pub(super) struct Part {
    target: PathBuf,
    rows: PathBuf,
    file: File,
    note: Note,
    goes_on: bool,
}

impl Part {
    /// Goes on with what an earlier run left, where it asked the same; or begins.
    pub(super) fn open(file: &Path, question: &Question, restart: bool) -> Result<Self, Failure> {
        let target = target(file)?;
        let rows = beside(&target, ".part");
        let note = if restart { None } else { read(&beside(&rows, ".json")) };
        if let Some(note) = note {
            if note.question == *question
                && let Some(file) = go_on(&rows, note.bytes)
            {
                return Ok(Self { target, rows, file, note, goes_on: true });
            }
            say(&format!("beginning anew: `{}` was left by another question", rows.display()));
        }
        let mut options = OpenOptions::new();
        // A new one, with the permissions of a new one, whatever it was that had its name.
        let _ = fs::remove_file(&rows);
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&rows).map_err(|error| cannot_write(&rows, error))?;
        let note = Note { question: question.clone(), bytes: 0, reached: Vec::new() };
        Ok(Self { target, rows, file, note, goes_on: false })
    }

    /// How far an earlier run went, if this goes on with it.
    pub(super) fn reached(&self) -> Option<Vec<Reached>> {
        self.goes_on.then(|| self.note.reached.clone())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|error| cannot_write(&self.rows, error))?;
        self.note.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Notes how far it went, once the rows are written.
    pub(super) fn note(&mut self, reached: &[Reached]) -> Result<(), Failure> {
        if self.note.reached == reached {
            return Ok(());
        }
        self.note.reached = reached.to_vec();
        write_private(&self.beside(), &serde_json::to_vec(&self.note).map_err(crate::output::odd)?)
    }

    /// Puts the whole in its place.
    pub(super) fn keep(self) -> Result<(), Failure> {
        let kept = self.file.sync_all().and_then(|()| fs::rename(&self.rows, &self.target));
        kept.map_err(|error| cannot_write(&self.target, error))?;
        // Without its rows, a note that stays is of no use and does no harm.
        let _ = fs::remove_file(self.beside());
        Ok(())
    }

    /// Takes all of it away.
    pub(super) fn forget(self) {
        for file in [&self.beside(), &self.rows] {
            let _ = fs::remove_file(file);
        }
    }

    pub(super) fn name(&self) -> String {
        self.rows.display().to_string()
    }

    fn beside(&self) -> PathBuf {
        beside(&self.rows, ".json")
    }
}

/// A path with something after it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn read(file: &Path) -> Option<Note> {
    // Larger than any note of ours.
    let mut text = String::new();
    File::open(file).ok()?.take(64 << 20).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// The file of rows, cut to what was noted; nothing where it is shorter than that.
fn go_on(rows: &Path, bytes: u64) -> Option<File> {
    let mut file = OpenOptions::new().write(true).open(rows).ok()?;
    if file.metadata().ok()?.len() < bytes {
        return None;
    }
    file.set_len(bytes).ok()?;
    file.seek(SeekFrom::End(0)).ok()?;
    Some(file)
}
