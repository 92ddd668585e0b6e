//! How often a client signs: 10,000 calls, the first 1,000 of them at once.
//!
//! The clock goes on by a second whenever somebody looks at it, so that no two tokens are alike; the service counts
//! different ones.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod clients;
mod outcome;
mod server;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tilisy_client::Clock;
use tokio::runtime::Builder;
use tokio::sync::Barrier;

use self::clients::{credentials, key, ours};
use self::server::{answer, serve};

const CONCURRENT: usize = 1_000;

/// How many calls there are in all.
const CALLS: usize = 10_000;

struct Hasty(AtomicU64);

impl Clock for Hasty {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

fn main() {
    let seen = Arc::new(Mutex::new(HashSet::new()));
    let count = Arc::new(AtomicUsize::new(0));
    let prepared = answer(br#"{"aspsps":[]}"#);
    let (seen_there, count_there) = (Arc::clone(&seen), Arc::clone(&count));
    let url = serve(Duration::ZERO, move |head| {
        let token = head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap();
        seen_there.lock().unwrap().insert(token.to_owned());
        count_there.fetch_add(1, Ordering::Relaxed);
        prepared.clone()
    });
    let clock = Arc::new(Hasty(AtomicU64::new(1_700_000_000)));
    // Longer than the clock goes on within so many calls.
    let credentials = credentials(&key()).with_clock(clock).with_ttl(Duration::from_secs(86_400)).unwrap();
    let client = ours(&url, credentials);
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let start = Arc::new(Barrier::new(CONCURRENT));
        let tasks: Vec<_> = (0..CONCURRENT)
            .map(|_| {
                let (client, start) = (client.clone(), Arc::clone(&start));
                tokio::spawn(async move {
                    start.wait().await;
                    for _ in 0..CALLS / CONCURRENT {
                        client.aspsps().await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert!(count.load(Ordering::Relaxed) >= CALLS);
    let signatures = u32::try_from(seen.lock().unwrap().len()).unwrap();
    outcome::write("signatures", f64::from(signatures), None);
}
