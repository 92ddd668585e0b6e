//! A sign-in to the control panel as it is stored.

use std::fmt;

use enablebanking_client::chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::version;
use crate::disk::{self, Directories};
use crate::failure::{Exit, Failure};

/// The version that is written.
const VERSION: u32 = 1;

/// The time before its end from which a token is renewed.
const MARGIN: TimeDelta = TimeDelta::seconds(60);

/// The tokens of a person who is signed in.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Login {
    version: u32,
    /// The URL of the control panel's API that issued the tokens.
    pub(crate) panel: String,
    /// The mail address of the person; a pasted token has none.
    pub(crate) email: Option<String>,
    pub(crate) id_token: String,
    /// A pasted token has none.
    pub(crate) refresh_token: Option<String>,
    /// The end of the id token; unknown for a pasted one.
    pub(crate) expires_at: Option<DateTime<Utc>>,
}

impl Login {
    pub(crate) fn new(panel: &str, email: Option<&str>, id_token: String, refresh_token: Option<String>) -> Self {
        let (panel, email) = (panel.to_owned(), email.map(str::to_owned));
        Self { version: VERSION, panel, email, id_token, refresh_token, expires_at: None }
    }

    /// Returns whether the id token has to be renewed before it is used.
    pub(crate) fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end - MARGIN <= now)
    }

    /// Reads the sign-in of a profile, if there is one.
    pub(crate) fn read(directories: &Directories) -> Result<Option<Self>, Failure> {
        let file = directories.login();
        let Some(text) = disk::read(&file)? else { return Ok(None) };
        version::of_json(&text, &file, VERSION)?;
        serde_json::from_str(&text).map(Some).map_err(|_| {
            Failure::new(Exit::Setup, format!("`{}` is not a sign-in that this command wrote", file.display()))
                .hint("`tilisy logout` removes it, and `tilisy login EMAIL` signs in again")
        })
    }

    /// Writes the sign-in, readable only by the owner.
    pub(crate) fn write(&self, directories: &Directories) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Failure::new(Exit::Other, "the sign-in cannot be written").because(error))?;
        disk::write_private(&directories.login(), &text)
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Login").field("panel", &self.panel).finish_non_exhaustive()
    }
}
