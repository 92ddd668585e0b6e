//! The current time.

use std::time::SystemTime;

/// A source of the current time for [`Credentials`](crate::Credentials).
///
/// ```
/// use std::sync::Arc;
/// use std::time::{Duration, SystemTime};
///
/// use enablebanking_client::Clock;
///
/// /// A clock that does not advance.
/// struct Stopped(SystemTime);
///
/// impl Clock for Stopped {
///     fn now(&self) -> SystemTime {
///         self.0
///     }
/// }
///
/// let clock: Arc<dyn Clock> = Arc::new(Stopped(SystemTime::UNIX_EPOCH + Duration::from_secs(1_601_456_768)));
/// assert_eq!(clock.now(), clock.now());
/// ```
pub trait Clock: Send + Sync {
    /// Returns the current time. It may jump in either direction.
    fn now(&self) -> SystemTime;
}

/// The machine's clock.
pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
