//! The sandbox that `tilisy sandbox` runs, as other commands find it.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, ErrorKind};

use crate::failure::{Exit, Failure, say};
use crate::home::{self, Home};
use crate::lock::Lock;
use crate::text::clean;

/// How long a sandbox on this machine may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running sandbox.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Record {
    pub(crate) url: String,
    pub(crate) audience: String,
    pub(crate) application_id: Uuid,
    pub(crate) key_file: PathBuf,
    pub(crate) registration_token: String,
}

/// The record of a profile's sandbox.
enum Recorded {
    Nothing,
    Running(Record),
    /// A record without a sandbox, as text.
    Gone(String),
}

/// What became of a sandbox that was recorded.
enum Found {
    Answers,
    /// It is there, and does not answer in time.
    Silent,
    /// Nothing listens there, or something else does.
    Gone,
}

impl Record {
    /// Returns the one that runs, if one does. The record of one that is gone is removed.
    pub(crate) async fn find(home: &Home) -> Result<Option<Self>, Failure> {
        match Self::look_up(home).await? {
            Recorded::Running(record) => Ok(Some(record)),
            Recorded::Gone(text) => {
                let lock = Lock::of(home).await?;
                // Another sandbox may have taken its place.
                if home::read(&home.sandbox())?.is_some_and(|now| now == text) {
                    Self::forget(home, &lock);
                }
                Ok(None)
            }
            Recorded::Nothing => Ok(None),
        }
    }

    /// The same for a command that has the lock.
    pub(crate) async fn find_locked(home: &Home, lock: &Lock) -> Result<Option<Self>, Failure> {
        match Self::look_up(home).await? {
            Recorded::Running(record) => Ok(Some(record)),
            Recorded::Gone(_) => {
                Self::forget(home, lock);
                Ok(None)
            }
            Recorded::Nothing => Ok(None),
        }
    }

    async fn look_up(home: &Home) -> Result<Recorded, Failure> {
        let file = home.sandbox();
        let Some(text) = home::read(&file)? else {
            return Ok(Recorded::Nothing);
        };
        let Ok(record) = serde_json::from_str::<Self>(&text) else {
            return Ok(Recorded::Gone(text));
        };
        match record.look().await {
            Found::Answers => Ok(Recorded::Running(record)),
            Found::Silent => Err(Failure::new(
                Exit::Unavailable,
                format!("the sandbox at {} is there and does not answer", record.url),
            )
            .hint(format!("wait for it, or stop it and take `{}` away", file.display()))),
            Found::Gone => {
                say(&format!("(the sandbox that ran at {} is gone)", clean(&record.url)));
                Ok(Recorded::Gone(text))
            }
        }
    }

    /// Removes the record. If it cannot be removed, it is looked at again next time.
    fn forget(home: &Home, _: &Lock) {
        let _ = std::fs::remove_file(home.sandbox());
    }

    /// Whether it still knows its application: its port may be another program's by now.
    async fn look(&self) -> Found {
        let credentials = Credentials::from_file(&self.application_id.to_string(), &self.key_file);
        let client = credentials.map(|credentials| {
            Client::builder(credentials).host(self.host()).total_timeout(PATIENCE).attempt_timeout(PATIENCE).build()
        });
        let Ok(Ok(client)) = client else {
            return Found::Gone;
        };
        match client.without_retries().application().await {
            Ok(_) => Found::Answers,
            Err(error) if error.kind() == ErrorKind::NoWholeAnswer => Found::Silent,
            Err(_) => Found::Gone,
        }
    }

    pub(crate) fn host(&self) -> ApiHost {
        ApiHost::custom(&self.url, &self.audience)
    }

    pub(crate) fn write(&self, home: &Home) -> Result<(), Failure> {
        home::write_private(&home.sandbox(), &serde_json::to_vec(self).unwrap_or_default())
    }

    /// Takes the record away, if it is still that of this sandbox.
    pub(crate) fn remove(&self, home: &Home) {
        let file = home.sandbox();
        let text = home::read(&file).ok().flatten().unwrap_or_default();
        if serde_json::from_str::<Self>(&text).is_ok_and(|written| written.url == self.url) {
            let _ = std::fs::remove_file(file);
        }
    }
}
