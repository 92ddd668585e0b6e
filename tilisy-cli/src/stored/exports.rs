//! The last complete export of each account, for `--since last`.

use std::collections::BTreeMap;

use enablebanking_client::chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::version;
use crate::disk::{self, Directories};
use crate::failure::{Exit, Failure};

/// The version that is written.
const VERSION: u32 = 1;

/// The times of the last complete exports, by the hashes of accounts: hashes stay the same when a consent is renewed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Exports {
    version: u32,
    accounts: BTreeMap<String, DateTime<Utc>>,
}

impl Exports {
    /// Reads the exports of a profile.
    pub(crate) fn read(directories: &Directories) -> Result<Self, Failure> {
        let file = directories.exports();
        let Some(text) = disk::read(&file)? else {
            return Ok(Self { version: VERSION, accounts: BTreeMap::new() });
        };
        version::of_json(&text, &file, VERSION)?;
        serde_json::from_str(&text).map_err(|_| {
            Failure::new(Exit::Setup, format!("`{}` is not a list of exports that this command wrote", file.display()))
                .hint("move the file away, and give `--from` once")
        })
    }

    /// Returns the start of the last complete export of an account.
    pub(crate) fn last(&self, hash: &str) -> Option<DateTime<Utc>> {
        self.accounts.get(hash).copied()
    }

    /// Records a complete export that started at `begun`.
    pub(crate) fn record<'a>(&mut self, hashes: impl Iterator<Item = &'a str>, begun: DateTime<Utc>) {
        for hash in hashes.filter(|hash| !hash.is_empty()) {
            let last = self.accounts.entry(hash.to_owned()).or_insert(begun);
            *last = begun.max(*last);
        }
    }

    pub(crate) fn write(&self, directories: &Directories) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Failure::new(Exit::Other, "the list of exports cannot be written").because(error))?;
        disk::write_private(&directories.exports(), &text)
    }
}
