//! The lock of a profile.

use std::fs::File;
use std::time::{Duration, Instant};

use super::claim;
use super::directories::Directories;
use super::private::{cannot_write, make_folder};
use crate::failure::{Exit, Failure};
use crate::message::say;

/// The longest time to wait for another command: longer than any request takes, with all of its attempts.
const PATIENCE: Duration = Duration::from_secs(180);

/// The time after which waiting is explained.
const QUIET: Duration = Duration::from_secs(1);

/// The exclusive right to change the stored files of a profile, held from the read to the write. It ends when this is
/// dropped.
///
/// Locks are not reentrant: a command that has the lock must not call a function that takes it.
pub(crate) struct Lock(#[expect(dead_code, reason = "the file is locked as long as it is open")] File);

impl Lock {
    /// Waits until no other command has the lock. It can be interrupted.
    pub(crate) async fn of(directories: &Directories) -> Result<Self, Failure> {
        let path = directories.lock();
        make_folder(&directories.state)?;
        let file = claim::open(&path).map_err(|error| cannot_write(&path, error))?;
        let started = Instant::now();
        let (mut delay, mut is_explained) = (Duration::from_millis(1), false);
        loop {
            match fs4::FileExt::try_lock(&file) {
                Ok(()) => return Ok(Self(file)),
                Err(fs4::TryLockError::WouldBlock) => {}
                Err(fs4::TryLockError::Error(error)) => return Err(cannot_write(&path, error)),
            }
            let waited = started.elapsed();
            if waited > PATIENCE {
                return Err(Failure::new(Exit::Setup, "another command is still changing this profile")
                    .hint("wait for it, stop it, or choose another `--profile`"));
            }
            if waited > QUIET && !is_explained {
                is_explained = true;
                say("waiting for another command that changes this profile");
            }
            tokio::time::sleep(delay).await;
            delay = (delay * 2).min(Duration::from_millis(50));
        }
    }
}
