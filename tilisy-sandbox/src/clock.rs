//! The sandbox's own clock.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// The time as the sandbox sees it: that of the machine, moved as far as a test likes, or stopped.
///
/// Clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Mutex<Hands>>);

#[derive(Debug, Default)]
struct Hands {
    /// The time at which the clock stands; none while it runs.
    stopped: Option<DateTime<Utc>>,
    /// How far it is ahead of the machine's.
    ahead: TimeDelta,
}

impl Clock {
    /// What the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.with(|hands| hands.stopped.unwrap_or_else(Utc::now) + hands.ahead)
    }

    /// Moves the clock forward, or back where the time is negative.
    pub fn advance(&self, time: TimeDelta) {
        self.with(|hands| hands.ahead += time);
    }

    /// Stops the clock at a moment; [`Clock::advance`] still moves it.
    pub fn stop_at(&self, moment: DateTime<Utc>) {
        self.with(|hands| *hands = Hands { stopped: Some(moment), ahead: TimeDelta::zero() });
    }

    /// Lets the clock run with the machine's again.
    pub fn reset(&self) {
        self.with(|hands| *hands = Hands::default());
    }

    fn with<T>(&self, work: impl FnOnce(&mut Hands) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
