//! The progress of an export, which is stored beside its file.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use enablebanking_client::chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use enablebanking_client::uuid::Uuid;
use serde::{Deserialize, Serialize};

use super::line::{FIRST_COLUMNS, FIRST_JSON};
use crate::failure::Failure;
use crate::output::{CsvStyle, Format, Layout};
use crate::stored;

/// The version that is written.
const VERSION: u32 = 2;

/// The time for which an export is continued. Later, there may be other transactions before those that it has.
const LASTS: TimeDelta = TimeDelta::hours(6);

/// More transactions than any account has.
const MOST_ROWS: usize = 1 << 31;

/// The largest file that is read.
const LARGEST: u64 = 64 << 20;

/// The request of an export: it is continued only if all of it is the same.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Question {
    pub(crate) accounts: Vec<Uuid>,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) status: Option<String>,
    /// Set by `--history longest`.
    #[serde(default)]
    pub(crate) longest: bool,
    pub(crate) limit: Option<u64>,
    pub(crate) skip_unreadable: bool,
    pub(crate) format: Format,
    #[serde(default)]
    pub(crate) columns: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) csv_style: CsvStyle,
}

/// The progress of an account.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Reached {
    uid: Uuid,
    pub(super) rows: usize,
    pub(super) unreadable: usize,
    /// The key of the next page.
    pub(super) key: Option<String>,
    pub(super) is_done: bool,
}

impl Reached {
    pub(super) const fn none(uid: Uuid) -> Self {
        Self { uid, rows: 0, unreadable: 0, key: None, is_done: false }
    }
}

/// The progress of an export. Its file may be longer than `bytes`, by transactions that were written afterwards.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Checkpoint {
    /// The first version did not write its number, and had fewer columns.
    #[serde(default = "first")]
    version: u32,
    question: Question,
    pub(super) begun: DateTime<Utc>,
    pub(super) bytes: u64,
    pub(super) reached: Vec<Reached>,
}

const fn first() -> u32 {
    1
}

impl Checkpoint {
    pub(super) fn new(question: &Question) -> Self {
        Self { version: VERSION, question: question.clone(), begun: Utc::now(), bytes: 0, reached: Vec::new() }
    }

    /// Reads a checkpoint. A file that is missing or damaged has none.
    ///
    /// # Errors
    ///
    /// Returns an error if the file has a later version.
    pub(super) fn read(file: &Path) -> Result<Option<Self>, Failure> {
        let mut text = String::new();
        let read = File::open(file).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        if read.is_err() {
            return Ok(None);
        }
        stored::json_version(&text, file, VERSION)
            .map_err(|failure| failure.hint("or pass `--restart`, which replaces it"))?;
        Ok(serde_json::from_str(&text).ok())
    }

    /// Returns why an export with this question cannot be continued from here.
    pub(super) fn objection(&self, question: &Question) -> Option<&'static str> {
        let age = Utc::now() - self.begun;
        let uids = self.reached.iter().map(|reached| &reached.uid);
        let is_odd = |reached: &Reached| reached.rows.max(reached.unreadable) > MOST_ROWS;
        match () {
            () if self.reached.iter().any(is_odd) => Some("is damaged"),
            () if self.question != *question || !uids.eq(&question.accounts) => Some("has other options"),
            () if age > LASTS || age < TimeDelta::zero() => Some("is too old"),
            () => None,
        }
    }

    /// Returns the layout of the transactions that are written already.
    pub(super) fn layout(&self, current: &Layout) -> Layout {
        if self.version > 1 {
            return current.clone();
        }
        let columns = Some(FIRST_COLUMNS.map(str::to_owned).to_vec());
        Layout { columns, json: Some(&FIRST_JSON), csv_style: CsvStyle::Rfc4180 }
    }
}
