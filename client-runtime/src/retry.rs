//! When a request is sent again, and how soon.
//!
//! The rule behind all others: what may have been processed is not sent again, unless doing it twice does no harm.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::context::Operation;
use crate::error::ErrorKind;

/// How often and how soon a request is sent again.
///
/// | | any method | GET, HEAD, PUT, DELETE |
/// | --- | --- | --- |
/// | no connection was made | again | again |
/// | no whole answer came | no | again |
/// | status 408, 429, 502, 503, 504 | no | again |
/// | a certificate or TLS version that is refused, any other answer | no | no |
///
/// `Retry-After` is honoured where it is short enough; otherwise the waiting time is random, from nothing to a limit that
/// doubles from one attempt to the next. All retries of a client draw on one budget: ten at once, and one more for every
/// five calls, so that a service in trouble is not asked much more often than in good times.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Retry {
    /// Most attempts of a call: 3. With 1 nothing is sent again.
    pub attempts: u32,
    /// Most attempts of a call that could carry PSU headers and does not: 2. Banks count these.
    pub unattended_attempts: u32,
    /// The longest wait before the second attempt: 250 ms.
    pub first_delay: Duration,
    /// The longest wait before any attempt: 8 s.
    pub longest_delay: Duration,
    /// The longest `Retry-After` that is waited for: 60 s. After a longer one the call fails at once, and tells it.
    pub longest_retry_after: Duration,
}

impl Retry {
    /// Nothing is sent again.
    pub const OFF: Self = Self {
        attempts: 1,
        unattended_attempts: 1,
        first_delay: Duration::from_millis(250),
        longest_delay: Duration::from_secs(8),
        longest_retry_after: Duration::from_secs(60),
    };

    /// The most attempts of a call.
    pub(crate) fn limit(&self, unattended: bool) -> u32 {
        if unattended { self.attempts.min(self.unattended_attempts) } else { self.attempts }
    }

    /// Whether anything is sent again at all.
    pub(crate) const fn is_off(&self) -> bool {
        self.attempts <= 1
    }

    /// How long to wait after so many attempts; nothing where the service wants more patience than there is. `random` is
    /// any number.
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

/// What became of one attempt, as far as it decides on the next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Attempt {
    /// An answer came, whole or not. Whether what it says may pass, its body may know better than its status.
    Answer { status: u16, whole: bool, passing: bool },
    /// None came. What is not passing fails again.
    Failure { kind: ErrorKind, passing: bool },
}

impl Attempt {
    /// Whether the same request may be sent again, and may then succeed.
    pub(crate) fn may_repeat(self, operation: &Operation) -> bool {
        match self {
            Self::Failure { passing: false, .. } => false,
            Self::Failure { kind: ErrorKind::NotSent, .. } => true,
            Self::Failure { kind, .. } => kind == ErrorKind::NoWholeAnswer && operation.is_repeatable(),
            Self::Answer { whole, passing, .. } => operation.is_repeatable() && (passing || !whole),
        }
    }

    /// Whether the request may have been processed, although no answer says so. What is busy or wants less has not
    /// processed it; a bank that took too long may have.
    pub(crate) fn may_be_done(self) -> bool {
        match self {
            Self::Failure { kind, .. } => kind == ErrorKind::NoWholeAnswer,
            Self::Answer { status: 408 | 429 | 503, whole, .. } => !whole,
            Self::Answer { status, whole, passing } => !whole || passing || matches!(status, 502 | 504),
        }
    }
}

/// Whether a status tells of something that passes.
pub(crate) const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 502..=504)
}

/// What one retry costs; a call brings 1.
const COST: u32 = 5;

/// What is there at first, and at most.
const FULL: u32 = 10 * COST;

/// How much may be sent again: shared by all clones of a client.
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

    /// A call begins.
    pub(crate) fn earn(&self) {
        self.change(|left| Some((left + 1).min(FULL)));
    }

    /// Whether there is enough for a retry.
    pub(crate) fn has_one(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= COST
    }

    /// A retry begins, if there is enough for it.
    pub(crate) fn spend(&self) -> bool {
        self.change(|left| left.checked_sub(COST))
    }

    /// A retry has helped.
    pub(crate) fn give_back(&self) {
        self.change(|left| Some((left + COST).min(FULL)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Authorization;

    fn operation(method: &'static str) -> Operation {
        Operation {
            id: "operation",
            method,
            path: "/",
            successes: &[(200, 200)],
            context_headers: &[],
            request_id: None,
            authorization: Some(Authorization::REQUIRED),
            single_use: false,
            gone: &[],
        }
    }

    #[test]
    fn what_may_have_been_processed_is_not_repeated() {
        let failure = |kind, passing| Attempt::Failure { kind, passing };
        let answer = |status, whole| Attempt::Answer { status, whole, passing: is_passing(status) };
        for (attempt, post, get) in [
            (failure(ErrorKind::NotSent, true), true, true),
            (failure(ErrorKind::NotSent, false), false, false),
            (failure(ErrorKind::NoWholeAnswer, true), false, true),
            (failure(ErrorKind::Unexpected, false), false, false),
            (failure(ErrorKind::NotBuilt, false), false, false),
            (answer(200, false), false, true),
            (answer(200, true), false, false),
            (answer(422, true), false, false),
            (answer(500, true), false, false),
            (answer(429, true), false, true),
            (answer(408, true), false, true),
            (answer(502, true), false, true),
            (answer(503, true), false, true),
            (answer(504, true), false, true),
            (answer(302, true), false, false),
        ] {
            for (method, expected) in [("POST", post), ("PATCH", post), ("GET", get), ("DELETE", get), ("PUT", get)] {
                assert_eq!(attempt.may_repeat(&operation(method)), expected, "{method} {attempt:?}");
            }
        }
    }

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
