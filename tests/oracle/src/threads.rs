//! Work on several threads.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

use crate::panics::catch_panics;

/// Runs the work for each item, on as many threads as there are cores, and returns the results in the order of the items.
///
/// A panic is the error of its item.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<Result<R, String>> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return done };
            done.push((index, catch_panics(|| work(item))));
        }
    };
    let threads = available_parallelism().map_or(1, usize::from).min(items.len());
    let mut done = scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut done = run();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order_and_panics_are_errors() {
        let items: Vec<_> = (0..1000).collect();
        let results = map(&items, |&item| if item == 7 { panic!("{item} is refused") } else { 2 * item });
        let wanted = |&item: &i32| if item == 7 { Err("7 is refused".to_owned()) } else { Ok(2 * item) };
        assert_eq!(results, items.iter().map(wanted).collect::<Vec<_>>());
        assert_eq!(map(&[], |(): &()| ()), []);
    }
}
