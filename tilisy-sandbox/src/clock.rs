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
    /// Returns the time that the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        let (start, ahead) = self.with(|hands| (hands.stopped.unwrap_or_else(Utc::now), hands.ahead));
        start.checked_add_signed(ahead).unwrap_or(start)
    }

    /// Moves the clock forward, or back if the time is negative. A time that no date can have leaves it as it is.
    pub fn advance(&self, time: TimeDelta) {
        self.with(|hands| {
            let ahead = hands.ahead.checked_add(&time);
            // Ten thousand years and more are beyond what a response can say.
            let limit = TimeDelta::days(365 * 5_000);
            if let Some(ahead) = ahead.filter(|ahead| *ahead < limit && *ahead > -limit) {
                hands.ahead = ahead;
            }
        });
    }

    /// Stops the clock at a moment; [`Clock::advance`] still moves it.
    pub fn stop_at(&self, moment: DateTime<Utc>) {
        self.with(|hands| *hands = Hands { stopped: Some(moment), ahead: TimeDelta::zero() });
    }

    /// Lets the clock run with the machine's again.
    pub fn reset(&self) {
        self.with(|hands| *hands = Hands::default());
    }

    /// Returns the whole days by which the clock was moved.
    pub(crate) fn moved(&self) -> TimeDelta {
        self.with(|hands| TimeDelta::days(hands.ahead.num_days()))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Hands) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
