//! The file of an export that is not whole yet, and how far it went.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tilisy_client::chrono::{DateTime, TimeDelta, Utc};
use tilisy_client::uuid::Uuid;

use super::Question;
use crate::failure::{Exit, Failure, say};
use crate::file::{beside, claim, is_at};
use crate::home::{NEW, cannot_write, write_private};
use crate::output::{is_written, target};

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

/// How long a part is gone on with. Later there may be other rows in front of those that it has.
const LASTS: TimeDelta = TimeDelta::hours(6);

/// More rows than any account has.
const MOST_ROWS: usize = 1 << 31;

/// What is noted beside the rows. The file may be longer than noted, by what came after.
#[derive(Deserialize, Serialize)]
struct Note {
    question: Question,
    begun: DateTime<Utc>,
    bytes: u64,
    reached: Vec<Reached>,
}

impl Note {
    fn new(question: &Question) -> Self {
        Self { question: question.clone(), begun: Utc::now(), bytes: 0, reached: Vec::new() }
    }

    /// Why a run with this question cannot go on from here.
    fn objection(&self, question: &Question) -> Option<&'static str> {
        let age = Utc::now() - self.begun;
        let uids = self.reached.iter().map(|reached| &reached.uid);
        let is_odd = |reached: &Reached| reached.rows.max(reached.unreadable) > MOST_ROWS;
        match () {
            () if self.reached.iter().any(is_odd) => Some("is damaged"),
            () if self.question != *question || !uids.eq(&question.accounts) => Some("is of another question"),
            () if age > LASTS || age < TimeDelta::zero() => Some("is too old"),
            () => None,
        }
    }
}

/// An export that is not whole yet: the rows, and beside them how far it went.
pub(super) struct Part {
    target: PathBuf,
    rows: PathBuf,
    /// Locked: two runs in one file would be a mixture of both.
    file: File,
    note: Note,
    goes_on: bool,
}

impl Part {
    /// Goes on with what an earlier run left, where it asked the same; or begins.
    pub(super) fn open(file: &Path, question: &Question, restart: bool) -> Result<Self, Failure> {
        let target = target(file)?;
        let rows = beside(&target, ".part");
        let cannot = |error| cannot_write(&rows, error);
        let mut file = locked(&rows)?;
        if !restart && let Some(note) = read(&beside(&rows, ".json")) {
            let is_shorter = file.metadata().map_err(cannot)?.len() < note.bytes;
            match note.objection(question).or(is_shorter.then_some("is not all of it there")) {
                None => {
                    file.set_len(note.bytes).map_err(cannot)?;
                    file.seek(SeekFrom::End(0)).map_err(cannot)?;
                    return Ok(Self { target, rows, file, note, goes_on: true });
                }
                Some(objection) => say(&format!("beginning anew: what `{}` holds {objection}", rows.display())),
            }
        }
        file.set_len(0).map_err(cannot)?;
        Ok(Self { target, rows, file, note: Note::new(question), goes_on: false })
    }

    /// When an earlier run began and how far it went, if this goes on with it.
    pub(super) fn goes_on(&self) -> Option<(DateTime<Utc>, &[Reached])> {
        self.goes_on.then_some((self.note.begun, &*self.note.reached))
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
        if !is_at(&self.file, &self.rows) {
            let text = format!("`{}` was removed while it was being written", self.rows.display());
            return Err(Failure::new(Exit::Write, text).hint("run the same command again"));
        }
        let kept = self.file.sync_all().and_then(|()| fs::rename(&self.rows, &self.target));
        kept.map_err(|error| cannot_write(&self.target, error))?;
        self.remove_notes();
        Ok(())
    }

    /// Takes all of it away.
    pub(super) fn forget(self) {
        self.remove_notes();
        let _ = fs::remove_file(&self.rows);
    }

    /// Removes the note, and one that a killed run was writing. Without its rows, a note that stays is of no use and does
    /// no harm.
    fn remove_notes(&self) {
        for file in [self.beside(), beside(&self.beside(), NEW)] {
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

fn read(file: &Path) -> Option<Note> {
    // Larger than any note of ours.
    let mut text = String::new();
    File::open(file).ok()?.take(64 << 20).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// The file of rows, for this run alone and for nobody else's eyes.
fn locked(rows: &Path) -> Result<File, Failure> {
    claim(rows, Duration::ZERO).map_err(|error| cannot_write(rows, error))?.ok_or_else(|| is_written(rows))
}
