//! The sandbox's own clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use tokio::sync::watch;

/// The time of a sandbox: that of the machine, moved by a test, or stopped. Clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    hands: Mutex<Hands>,
    /// Changes when the clock is moved.
    moved: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Hands {
    /// The time at which the clock was stopped, or `None` while it runs.
    stopped: Option<DateTime<Utc>>,
    /// The time by which it was moved.
    ahead: TimeDelta,
}

impl Clock {
    /// Returns the time that the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        let (start, ahead) = self.with(|hands| (hands.stopped.unwrap_or_else(Utc::now), hands.ahead));
        start.checked_add_signed(ahead).unwrap_or(start)
    }

    /// Moves the clock forward, or back if the time is negative. It stays where it is if it would leave the years 0 to 9999.
    pub fn advance(&self, time: TimeDelta) {
        self.set(|hands| {
            let ahead = hands.ahead.checked_add(&time);
            let start = hands.stopped.unwrap_or_else(Utc::now);
            let is_shown = |ahead: &TimeDelta| start.checked_add_signed(*ahead).is_some_and(Self::shows);
            if let Some(ahead) = ahead.filter(is_shown) {
                hands.ahead = ahead;
            }
        });
    }

    /// Stops the clock at a time in the years 0 to 9999; [`Clock::advance`] still moves it.
    pub fn stop_at(&self, moment: DateTime<Utc>) {
        if Self::shows(moment) {
            self.set(|hands| *hands = Hands { stopped: Some(moment), ahead: TimeDelta::zero() });
        }
    }

    /// Returns whether the clock can show a time, which responses write with four digits of its year.
    pub(crate) fn shows(moment: DateTime<Utc>) -> bool {
        (0..=9999).contains(&moment.year())
    }

    /// Sets the clock to the time of the machine again, with which it then runs.
    pub fn reset(&self) {
        self.set(|hands| *hands = Hands::default());
    }

    /// Returns the time until the clock shows a moment, or `None` if it is stopped before that.
    pub(crate) fn until(&self, moment: DateTime<Utc>) -> Option<Duration> {
        let left = moment - self.now();
        let is_stopped = self.with(|hands| hands.stopped.is_some());
        (left <= TimeDelta::zero() || !is_stopped).then(|| left.to_std().unwrap_or_default())
    }

    /// Returns a receiver that sees when the clock is moved, stopped or reset.
    pub(crate) fn moves(&self) -> watch::Receiver<()> {
        self.0.moved.subscribe()
    }

    /// Returns the whole days by which the clock was moved.
    pub(crate) fn moved(&self) -> TimeDelta {
        self.with(|hands| TimeDelta::days(hands.ahead.num_days()))
    }

    fn set(&self, work: impl FnOnce(&mut Hands)) {
        self.with(work);
        self.0.moved.send_replace(());
    }

    fn with<T>(&self, work: impl FnOnce(&mut Hands) -> T) -> T {
        work(&mut self.0.hands.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_comes_to_no_later_moment_by_itself() {
        let clock = Clock::default();
        let start = clock.now();
        assert!(clock.until(start + TimeDelta::hours(1)).unwrap() <= Duration::from_secs(3600));
        clock.stop_at(start);
        assert_eq!(clock.until(start + TimeDelta::seconds(1)), None);
        assert_eq!(clock.until(start), Some(Duration::ZERO));
        clock.advance(TimeDelta::seconds(2));
        assert_eq!(clock.until(start + TimeDelta::seconds(1)), Some(Duration::ZERO));
    }

    #[test]
    fn every_change_of_the_hands_is_seen() {
        let clock = Clock::default();
        let mut moves = clock.moves();
        let changes: [fn(&Clock); 3] =
            [|clock| clock.advance(TimeDelta::seconds(1)), |clock| clock.stop_at(Utc::now()), Clock::reset];
        for change in changes {
            assert!(!moves.has_changed().unwrap());
            change(&clock.clone());
            assert!(moves.has_changed().unwrap());
            moves.mark_unchanged();
        }
    }
}
