//! Limits of a call: time, size and attempts.

use std::sync::Arc;
use std::time::Duration;

use crate::retry::{Budget, Retry};

/// The longest bodies of responses that are read, counted after decompression.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// The most bytes of a response: 64 MiB by default.
    pub answer_bytes: usize,
    /// The most bytes of a response with an error status: 64 KiB by default.
    pub error_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // A page of 1,000 transactions has about 1 MiB. Error bodies are a few hundred bytes, unless a proxy sends a page.
        Self { answer_bytes: 64 * 1024 * 1024, error_bytes: 64 * 1024 }
    }
}

/// The limits of a call: time, size of bodies, and attempts.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) limits: Limits,
    pub(crate) retry: Retry,
    /// Shared by all clones of a client.
    pub(crate) budget: Arc<Budget>,
}
