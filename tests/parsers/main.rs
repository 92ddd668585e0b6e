//! A page of transactions into our types, and into plain structs by sonic-rs and simd-json.
//!
//! `cargo run --release --manifest-path tests/parsers/Cargo.toml` prints ratios of medians. The readers take turns, so that
//! other work on the machine affects all of them. Each decodes a copy of the page, which simd-json needs and the others
//! could do without: copying is not timed.
#![allow(clippy::unwrap_used, reason = "a benchmark")]

#[path = "../benches/pages.rs"]
mod pages;

use std::hint::black_box;
use std::time::{Duration, Instant};

use openbanking_baseline::handwritten::Page;
use openbanking_client_runtime::decode;
use tilisy_client::types::HalTransactions;

use self::pages::{Rows, clean, settle_allocator};

const TURNS: usize = 41;

fn main() {
    settle_allocator();
    for (rows, count) in [(Rows::Short, 1_000), (Rows::Short, 100_000), (Rows::Long, 1_000), (Rows::Long, 100_000)] {
        let page = clean(rows, count, None);
        let turns = if count > 1_000 { TURNS / 4 } else { TURNS };
        let [mut ours, mut sonic, mut simd] = [const { Vec::new() }; 3];
        for _ in 0..turns {
            ours.push(timed(&page, |page| drop(decode::from_slice::<HalTransactions>(page).unwrap())));
            sonic.push(timed(&page, |page| drop(sonic_rs::from_slice::<Page>(page).unwrap())));
            simd.push(timed(&page, |page| drop(simd_json::from_slice::<Page>(page).unwrap())));
        }
        let [ours, sonic, simd] = [ours, sonic, simd].map(median);
        println!(
            "{count} rows of {} bytes: ours {ours:?}, {:.2} times sonic-rs, {:.2} times simd-json",
            rows.bytes(),
            ours.as_secs_f64() / sonic.as_secs_f64(),
            ours.as_secs_f64() / simd.as_secs_f64()
        );
    }
}

/// The time that it takes to decode a page and to drop what it is decoded into.
fn timed(page: &[u8], read: impl FnOnce(&mut [u8])) -> Duration {
    let mut copy = page.to_vec();
    let start = Instant::now();
    read(black_box(&mut copy));
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
