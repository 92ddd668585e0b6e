//! The two time limits of an attempt.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use super::LONGEST;

/// A time limit for an attempt and one for each wait within it.
///
/// Both share one timer, because setting a timer is a large part of what a small call costs.
pub(super) struct Watch<'a> {
    timer: Pin<&'a mut Sleep>,
    /// The end of the attempt.
    deadline: Instant,
    /// The longest wait.
    idle: Duration,
    /// The start of the current wait, unless something was received since.
    waiting: Option<Instant>,
}

/// Creates the timer of a [`Watch`] that starts now.
pub(super) fn timer(attempt: Duration, idle: Duration) -> Sleep {
    sleep_until(Instant::now() + attempt.min(idle).min(LONGEST))
}

impl<'a> Watch<'a> {
    /// Starts both limits with a timer for the same times.
    pub(super) fn new(timer: Pin<&'a mut Sleep>, attempt: Duration, idle: Duration) -> Self {
        let (attempt, idle) = (attempt.min(LONGEST), idle.min(LONGEST));
        let start = timer.deadline() - attempt.min(idle);
        Self { timer, deadline: start + attempt, idle, waiting: Some(start) }
    }

    /// Waits for a part of the response. Returns `None` if a limit passes first.
    pub(super) async fn within<F: Future>(&mut self, part: F) -> Option<F::Output> {
        let mut part = pin!(part);
        poll_fn(|context| {
            if let Poll::Ready(output) = part.as_mut().poll(context) {
                self.waiting = None;
                return Poll::Ready(Some(output));
            }
            let waiting = *self.waiting.get_or_insert_with(Instant::now);
            while self.timer.as_mut().poll(context).is_ready() {
                // The timer may have been set for an earlier wait.
                let due = self.deadline.min(waiting + self.idle);
                if due <= Instant::now() {
                    return Poll::Ready(None);
                }
                self.timer.as_mut().reset(due);
            }
            Poll::Pending
        })
        .await
    }
}
