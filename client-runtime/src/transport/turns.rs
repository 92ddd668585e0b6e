//! One caller at a time.

use tokio::sync::{Mutex, MutexGuard};

/// Lets one caller in at a time. The others wait without blocking a thread.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<()>);

impl Turns {
    /// Waits for a turn, which ends when the returned value is dropped.
    pub(crate) async fn take(&self) -> MutexGuard<'_, ()> {
        self.0.lock().await
    }
}
