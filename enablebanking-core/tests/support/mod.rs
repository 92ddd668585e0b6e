//! Keys, clocks and child processes for tests.
#![allow(dead_code, clippy::unwrap_used, reason = "not every test needs all of it, and a test that fails panics")]

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use enablebanking_core::{Clock, Credentials};

pub(crate) const ID: &str = "cf589be3-3755-465b-a8df-a90a16a31403";

/// The path of a file in `keys`.
pub(crate) fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "keys", name].iter().collect()
}

/// The text of a file in `keys`.
pub(crate) fn key(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap()
}

/// A clock that stands still.
pub(crate) struct Stopped(pub(crate) SystemTime);

impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        self.0
    }
}

/// Credentials that believe it is this many seconds after the epoch.
pub(crate) fn credentials_at(seconds: u64) -> Credentials {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    Credentials::from_pem(ID, key("rsa2048.pkcs8.pem")).unwrap().with_clock(Arc::new(Stopped(now)))
}

/// Runs one test of this program again, in a process with these variables and no others of ours.
pub(crate) fn again(test: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars_os() {
        if ["TILISY_", "ENABLEBANKING_"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env("TILISY_TEST_CHILD", "1").envs(variables.iter().copied()).output().unwrap()
}

/// Returns whether [`again`] started this process.
pub(crate) fn is_child() -> bool {
    std::env::var_os("TILISY_TEST_CHILD").is_some()
}
