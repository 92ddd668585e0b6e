//! Panics that become errors.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the work, and returns the message of a panic as the error.
pub(crate) fn catch_panics<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // The state that a panic may leave behind is local to the work, and dropped with it.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        text.unwrap_or("a panic without a message").to_owned()
    })
}
