//! The retry policy: how often, how soon, and how many of all calls.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How often and how soon a request is sent again.
///
/// | Outcome | GET, HEAD, PUT, DELETE | other methods |
/// | --- | --- | --- |
/// | no connection | again | again |
/// | the response was interrupted | again | no |
/// | status 429 with `Retry-After` | again | again |
/// | status 429 without `Retry-After` | no | no |
/// | status 408, 502, 503, 504 | again | no |
/// | certificate or TLS version refused, any other status | no | no |
///
/// Where a service's own error code says that an error is temporary or is about a rate limit, the code decides in place of
/// the status. An operation that sends something that can be used only once is sent again only if no connection was made.
///
/// The delay is `Retry-After`, if that is short enough. Otherwise it is random, between zero and a limit that doubles from
/// one attempt to the next. All retries of a client share one budget: ten at once, and one more for every five calls, so
/// that a service in trouble does not get many more requests than usual.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
#[doc(alias = "backoff")]
#[doc(alias = "attempts")]
pub struct Retry {
    /// The most attempts of a call: 3 by default. With 1, no request is sent again.
    pub attempts: u32,
    /// The most attempts of a call that could have PSU headers but does not: 2 by default. Banks count these calls.
    pub unattended_attempts: u32,
    /// The longest delay before the second attempt: 250 ms by default.
    pub first_delay: Duration,
    /// The longest delay before any attempt: 8 s by default.
    pub longest_delay: Duration,
    /// The longest `Retry-After` that is waited for: 60 s by default. If it is longer, the call fails at once with
    /// the time in its error.
    pub longest_retry_after: Duration,
}

impl Retry {
    /// No request is sent again.
    pub const OFF: Self = Self {
        attempts: 1,
        unattended_attempts: 1,
        first_delay: Duration::from_millis(250),
        longest_delay: Duration::from_secs(8),
        longest_retry_after: Duration::from_secs(60),
    };

    /// Returns the most attempts of a call.
    pub(crate) fn limit(&self, unattended: bool) -> u32 {
        if unattended { self.attempts.min(self.unattended_attempts) } else { self.attempts }
    }

    /// Returns whether no request is sent again.
    pub(crate) const fn is_off(&self) -> bool {
        self.attempts <= 1
    }

    /// Returns the delay after a number of attempts, or `None` if the service asks for a longer one than allowed.
    /// `random` is any number.
    pub(crate) fn delay(&self, attempts: u32, retry_after: Option<Duration>, random: u32) -> Option<Duration> {
        if let Some(wait) = retry_after {
            return (wait <= self.longest_retry_after).then_some(wait);
        }
        let doubled = self.first_delay.saturating_mul(1 << attempts.saturating_sub(1).min(16));
        let most = u64::try_from(doubled.min(self.longest_delay).as_micros()).unwrap_or(u64::MAX);
        let share = u128::from(most) * u128::from(random) / u128::from(u32::MAX);
        Some(Duration::from_micros(u64::try_from(share).unwrap_or(most)))
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 3, unattended_attempts: 2, ..Self::OFF }
    }
}

/// The cost of a retry. A call earns 1, so that there is one retry for five calls.
const COST: u32 = 5;

/// The initial and largest balance: ten retries.
const FULL: u32 = 10 * COST;

/// The balance for retries, shared by all clones of a client.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(FULL))
    }
}

impl Budget {
    fn change(&self, change: impl Fn(u32) -> Option<u32>) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }

    /// Adds the share of a call that starts.
    pub(crate) fn earn(&self) {
        self.change(|left| Some((left + 1).min(FULL)));
    }

    /// Returns whether there is enough for a retry.
    pub(crate) fn has_one(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= COST
    }

    /// Pays for a retry. Returns `false` if there is not enough for it.
    pub(crate) fn spend(&self) -> bool {
        self.change(|left| left.checked_sub(COST))
    }

    /// Refunds a retry that succeeded.
    pub(crate) fn give_back(&self) {
        self.change(|left| Some((left + COST).min(FULL)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_random_below_a_limit_that_doubles() {
        let retry = Retry::default();
        let longest = |attempts| retry.delay(attempts, None, u32::MAX).unwrap_or_default().as_millis();
        assert_eq!([1, 2, 3, 6, 7, 99].map(longest), [250, 500, 1000, 8000, 8000, 8000]);
        assert_eq!(retry.delay(3, None, 0), Some(Duration::ZERO));
        let half = retry.delay(1, None, u32::MAX / 2).unwrap_or_default();
        assert!((124..=126).contains(&half.as_millis()), "{half:?}");
    }

    #[test]
    fn the_service_may_ask_for_patience_up_to_a_limit() {
        let retry = Retry::default();
        let after = |seconds| retry.delay(1, Some(Duration::from_secs(seconds)), 1);
        assert_eq!([after(0), after(60)], [0, 60].map(|seconds| Some(Duration::from_secs(seconds))));
        assert_eq!([after(61), after(3600), after(u64::MAX)], [None; 3]);
    }

    #[test]
    fn a_budget_allows_ten_at_once_and_one_for_five_calls() {
        let budget = Budget::default();
        assert_eq!((0..20).filter(|_| budget.spend()).count(), 10);
        (0..4).for_each(|_| budget.earn());
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend() && !budget.spend());
        budget.give_back();
        assert!(budget.spend() && !budget.spend());
        (0..1000).for_each(|_| budget.earn());
        assert_eq!((0..20).filter(|_| budget.spend()).count(), 10);
    }

    #[test]
    fn calls_that_banks_count_are_repeated_less_often() {
        let retry = Retry::default();
        assert_eq!((retry.limit(false), retry.limit(true)), (3, 2));
        assert_eq!((Retry::OFF.limit(false), Retry::OFF.limit(true)), (1, 1));
        assert!(Retry::OFF.is_off() && !retry.is_off());
        let once = Retry { attempts: 1, ..retry };
        assert!(once.is_off() && once.limit(true) == 1);
    }
}
