//! The record of a running sandbox, by which other commands find it.

use std::fs;
use std::path::PathBuf;

use enablebanking_client::ApiHost;
use enablebanking_client::uuid::Uuid;
use serde::{Deserialize, Serialize};

use crate::disk::{self, Directories, Lock};
use crate::failure::Failure;

/// A sandbox that `tilisy sandbox` runs.
///
/// Its file has no version: it is of use only as long as the process lives that wrote it.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct RunningSandbox {
    pub(crate) url: String,
    pub(crate) audience: String,
    pub(crate) application_id: Uuid,
    pub(crate) key_file: PathBuf,
    pub(crate) registration_token: String,
}

impl RunningSandbox {
    pub(crate) fn host(&self) -> ApiHost {
        ApiHost::custom(&self.url, &self.audience)
    }

    /// Returns the text of the record of a profile, if there is one.
    pub(crate) fn text(directories: &Directories) -> Result<Option<String>, Failure> {
        disk::read(&directories.sandbox())
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(crate) fn write(&self, directories: &Directories) -> Result<(), Failure> {
        disk::write_private(&directories.sandbox(), &serde_json::to_vec(self).unwrap_or_default())
    }

    /// Removes the record of a profile. A record that stays is checked again next time.
    pub(crate) fn forget(directories: &Directories, _: &Lock) {
        let _ = fs::remove_file(directories.sandbox());
    }

    /// Removes the record if it is still that of this sandbox.
    pub(crate) fn remove(&self, directories: &Directories) {
        let text = Self::text(directories).ok().flatten().unwrap_or_default();
        if Self::parse(&text).is_some_and(|written| written.url == self.url) {
            let _ = fs::remove_file(directories.sandbox());
        }
    }
}
