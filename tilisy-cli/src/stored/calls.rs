//! The requests of today, by account: banks allow few without a PSU.

use std::collections::BTreeMap;

use enablebanking_client::chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::version;
use crate::disk::{self, Directories};
use crate::failure::{Exit, Failure};

/// The version that is written.
const VERSION: u32 = 1;

/// The number of times that accounts were read without a PSU on a day (UTC), by their hashes.
///
/// It counts the commands of this profile only: other programs that use the application count at the bank too.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Calls {
    version: u32,
    day: NaiveDate,
    accounts: BTreeMap<String, u32>,
}

impl Calls {
    /// Reads the calls of a day. A damaged file counts as none: the counts are of use for hours only.
    pub(crate) fn read(directories: &Directories, today: NaiveDate) -> Result<Self, Failure> {
        let file = directories.calls();
        let text = disk::read(&file)?.unwrap_or_default();
        version::of_json(&text, &file, VERSION)?;
        let read = serde_json::from_str::<Self>(&text).ok().filter(|calls| calls.day == today);
        Ok(read.unwrap_or(Self { version: VERSION, day: today, accounts: BTreeMap::new() }))
    }

    /// Returns the number for an account.
    pub(crate) fn of(&self, hash: &str) -> u32 {
        self.accounts.get(hash).copied().unwrap_or_default()
    }

    /// Counts a command that reads these accounts.
    pub(crate) fn count<'a>(&mut self, hashes: impl Iterator<Item = &'a str>) {
        for hash in hashes {
            let count = self.accounts.entry(hash.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
    }

    pub(crate) fn write(&self, directories: &Directories) -> Result<(), Failure> {
        let text = serde_json::to_vec(self)
            .map_err(|error| Failure::new(Exit::Other, "the counts of requests cannot be written").because(error))?;
        disk::write_private(&directories.calls(), &text)
    }
}
