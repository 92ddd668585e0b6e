//! The lock of a profile.

use std::fs::File;
use std::time::{Duration, Instant};

use crate::failure::{Exit, Failure, say};
use crate::file;
use crate::home::{Home, cannot_write, make_folder};

/// The longest time to wait for another command: longer than any request takes, with all of its attempts.
const PATIENCE: Duration = Duration::from_secs(180);

/// The time after which waiting is explained.
const QUIET: Duration = Duration::from_secs(1);

/// The right to change what a profile keeps, from the look at it to the write. It ends when this is dropped.
///
/// Locks are not reentrant: a command that has the lock must not call what takes it.
pub(crate) struct Lock(#[expect(dead_code, reason = "the file is locked as long as it is open")] File);

impl Lock {
    /// Waits until no other command has the lock. It can be interrupted.
    pub(crate) async fn of(home: &Home) -> Result<Self, Failure> {
        let path = home.lock();
        make_folder(&home.state)?;
        let file = file::open(&path).map_err(|error| cannot_write(&path, error))?;
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use std::fs;
    use std::sync::Barrier;

    use tilisy_client::uuid::Uuid;

    use super::*;
    use crate::profile::Profile;

    #[test]
    fn one_of_two_that_look_at_a_profile_at_once_writes_it() {
        // In memory where that is possible, since each file is synced.
        let folder = tempfile::TempDir::new_in("/dev/shm").or_else(|_| tempfile::TempDir::new()).unwrap();
        let home = Home::within(folder.path());
        for round in 0..1_000 {
            let barrier = Barrier::new(2);
            let write = |id: u128| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                barrier.wait();
                let _lock = runtime.block_on(Lock::of(&home)).unwrap();
                let mut profile = Profile::read(&home).unwrap();
                let is_first = profile.application_id.is_none();
                if is_first {
                    profile.application_id = Some(Uuid::from_u128(id));
                    profile.write(&home).unwrap();
                }
                is_first
            };
            let wrote = std::thread::scope(|scope| {
                [scope.spawn(|| write(1)), scope.spawn(|| write(2))].map(|thread| thread.join().unwrap())
            });
            let kept = Profile::read(&home).unwrap().application_id.unwrap().as_u128();
            assert_eq!(wrote, [kept == 1, kept == 2], "round {round}");
            fs::remove_file(home.settings()).unwrap();
        }
    }
}
