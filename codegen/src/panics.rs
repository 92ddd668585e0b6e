//! Panics that become errors.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// How many calls of [`catch_panics`] this thread is inside of.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Runs the work, and returns the message of a panic as the error.
///
/// The panic hook still runs. Programs that report the error themselves install a hook that does nothing while
/// [`is_panic_caught`] says so.
pub(crate) fn catch_panics<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    DEPTH.set(DEPTH.get() + 1);
    // The state that a panic may leave behind is local to the work, and dropped with it.
    let result = catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    result.map_err(|panic| message(&*panic).to_owned())
}

/// Whether a panic on this thread would be caught by the library, which reports it as a finding.
pub fn is_panic_caught() -> bool {
    DEPTH.get() > 0
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without a message")
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;

    use super::*;

    #[test]
    fn panics_are_returned_with_their_message() {
        assert_eq!(catch_panics(|| 1), Ok(1));
        assert!(!is_panic_caught());
        let caught = catch_panics(|| {
            assert!(is_panic_caught());
            assert_eq!(catch_panics(|| panic!("{} levels", 2)), Err::<(), _>("2 levels".to_owned()));
            assert!(is_panic_caught());
            panic_any(0)
        });
        assert_eq!(caught, Err::<(), _>("a panic without a message".to_owned()));
        assert!(!is_panic_caught());
    }
}
