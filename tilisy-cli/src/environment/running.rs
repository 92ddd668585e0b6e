//! Finds the sandbox that another command runs.

use std::time::Duration;

use enablebanking_client::{Client, Credentials, ErrorKind};
use openbanking_client_runtime::transport::{self, Options};
use serde::Deserialize;
use url::Url;

use crate::disk::{Directories, Lock};
use crate::failure::{Exit, Failure};
use crate::message::say;
use crate::stored::RunningSandbox;
use crate::text::clean;

/// The longest time that a sandbox on this machine may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest list of mails.
const MAILS: usize = 1 << 20;

/// The record of a profile's sandbox.
enum Recorded {
    Missing,
    Running(RunningSandbox),
    /// A record without a sandbox, as text.
    Gone(String),
}

/// The state of a sandbox that was recorded.
enum Found {
    Answers,
    /// It accepts connections, and does not respond in time.
    Silent,
    /// Its port is closed, or used by another program.
    Gone,
}

/// Returns the sandbox that runs for a profile. The record of one that has ended is removed.
pub(crate) async fn find(directories: &Directories) -> Result<Option<RunningSandbox>, Failure> {
    match look_up(directories).await? {
        Recorded::Running(record) => Ok(Some(record)),
        Recorded::Gone(text) => {
            let lock = Lock::of(directories).await?;
            // Another sandbox may have taken its place.
            if RunningSandbox::text(directories)?.is_some_and(|now| now == text) {
                RunningSandbox::forget(directories, &lock);
            }
            Ok(None)
        }
        Recorded::Missing => Ok(None),
    }
}

/// Does the same for a command that has the lock.
pub(crate) async fn find_locked(directories: &Directories, lock: &Lock) -> Result<Option<RunningSandbox>, Failure> {
    match look_up(directories).await? {
        Recorded::Running(record) => Ok(Some(record)),
        Recorded::Gone(_) => {
            RunningSandbox::forget(directories, lock);
            Ok(None)
        }
        Recorded::Missing => Ok(None),
    }
}

async fn look_up(directories: &Directories) -> Result<Recorded, Failure> {
    let Some(text) = RunningSandbox::text(directories)? else {
        return Ok(Recorded::Missing);
    };
    let Some(record) = RunningSandbox::parse(&text) else {
        return Ok(Recorded::Gone(text));
    };
    match check(&record).await {
        Found::Answers => Ok(Recorded::Running(record)),
        Found::Silent => {
            let file = directories.sandbox();
            let text = format!("the sandbox at {} does not respond", record.url);
            Err(Failure::new(Exit::Unavailable, text)
                .hint(format!("wait for it, or stop it and remove `{}`", file.display())))
        }
        Found::Gone => {
            say(&format!("(the sandbox at {} has ended)", clean(&record.url)));
            Ok(Recorded::Gone(text))
        }
    }
}

/// Returns the link of the newest mail to an address, which the sandbox shows in place of sending it.
pub(crate) async fn newest_mail(record: &RunningSandbox, email: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Mails {
        mails: Vec<Mail>,
    }
    #[derive(Deserialize)]
    struct Mail {
        link: String,
    }
    let mut url: Url = record.url.parse().ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(["sandbox", "mails", email]);
    let transport = transport::build(&record.url, &Options::default()).ok()?;
    let body = transport.fetch(&url, "tilisy-cli", PATIENCE, MAILS).await.ok()?;
    let Mails { mails } = serde_json::from_slice(&body).ok()?;
    mails.into_iter().next_back().map(|mail| mail.link)
}

/// Asks the sandbox for its application: another program may use its port by now.
async fn check(record: &RunningSandbox) -> Found {
    let credentials = Credentials::from_file(&record.application_id.to_string(), &record.key_file);
    let client = credentials.map(|credentials| {
        Client::builder(credentials).host(record.host()).total_timeout(PATIENCE).attempt_timeout(PATIENCE).build()
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
