//! How far a command is, on a terminal and nowhere else.

use std::io::{IsTerminal as _, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::text::counted;

/// A line on stderr that tells how far it went.
pub(crate) struct Progress {
    bar: ProgressBar,
    began: Instant,
    pages: usize,
    rows: usize,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let bar = match stderr().is_terminal() {
            true => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, began: Instant::now(), pages: 0, rows: 0 }
    }

    /// Tells what is waited for.
    pub(crate) fn waiting(text: impl Into<String>) -> Self {
        let progress = Self::new();
        progress.bar.set_message(text.into());
        progress
    }

    /// Tells of a page that came.
    pub(crate) fn page(&mut self, rows: usize, of: &str) {
        self.pages += 1;
        self.rows += rows;
        let seconds = self.began.elapsed().as_secs().max(1);
        let rate = self.rows / usize::try_from(seconds).unwrap_or(usize::MAX);
        let (pages, rows, rate) = (counted(self.pages, "page"), counted(self.rows, "row"), counted(rate, "row"));
        self.bar.set_message(format!("{pages}, {rows}, {rate}/s  {of}"));
    }

    /// Says something that stays, or gives output, above the line.
    pub(crate) fn say<R>(&self, something: impl FnOnce() -> R) -> R {
        self.bar.suspend(something)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
