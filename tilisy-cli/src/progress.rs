//! A line of progress on a terminal.

use std::io::{IsTerminal as _, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::text::counted;

/// Hides progress (`--quiet`).
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Shows no progress from now on.
pub(crate) fn hide() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// A line of progress on stderr.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    pages: usize,
    rows: usize,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = match stderr().is_terminal() && !IS_QUIET.load(Ordering::Relaxed) {
            true => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, started: Instant::now(), pages: 0, rows: 0 }
    }

    /// Shows a text while the command waits.
    pub(crate) fn waiting(text: impl Into<String>) -> Self {
        let progress = Self::new();
        progress.bar.set_message(text.into());
        progress
    }

    /// Counts a page.
    pub(crate) fn page(&mut self, rows: usize, of: &str) {
        self.pages += 1;
        self.rows += rows;
        let seconds = self.started.elapsed().as_secs().max(1);
        let rate = self.rows / usize::try_from(seconds).unwrap_or(usize::MAX);
        let (pages, rows, rate) = (counted(self.pages, "page"), counted(self.rows, "transaction"), rate);
        self.bar.set_message(format!("{pages}, {rows}, {rate}/s  {of}"));
    }

    /// Runs something that prints, while the line is hidden.
    pub(crate) fn suspend<R>(&self, something: impl FnOnce() -> R) -> R {
        self.bar.suspend(something)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
