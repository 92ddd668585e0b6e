//! A small call, repeated, to count its instructions:
//!
//! ```text
//! valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*counted*' <this binary> small-ours 1000
//! ```
//!
//! The first call, with its connection and its token, is not counted. `short-ours` and `long-bare` decode pages.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod clients;
mod pages;
mod server;

use std::hint::black_box;
use std::time::Duration;

use openbanking_baseline::{handwritten, types as bare};
use openbanking_client_runtime::decode;
use tilisy_client::types::HalTransactions;
use tokio::runtime::Builder;

use self::clients::{bare, credentials, key, ours};
use self::pages::{Rows, clean};
use self::server::{APPLICATION, answer, serve};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(work), Some(count)) = (arguments.next(), arguments.next()) else { return };
    let count = count.parse().unwrap();
    match work.split_once('-') {
        Some(("small", who)) => small(who, count),
        Some(("short", who)) => decoded(who, &clean(Rows::Short, 1_000, None), count),
        Some(("long", who)) => decoded(who, &clean(Rows::Long, 1_000, None), count),
        _ => panic!("small, short or long, and who: small-ours"),
    }
}

fn small(who: &str, count: u32) {
    let prepared = answer(APPLICATION);
    let url = serve(Duration::ZERO, move |_| prepared.clone());
    let credentials = credentials(&key());
    let (bare, ours) = (bare(&url, &credentials), ours(&url, credentials));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    match who {
        "ours" => repeated(count, || drop(runtime.block_on(async { ours.application().await }).unwrap())),
        _ => repeated(count, || drop(runtime.block_on(async { bare.application().await }).unwrap())),
    }
}

fn decoded(who: &str, page: &[u8], count: u32) {
    match who {
        "ours" => repeated(count, || drop(decode::from_slice::<HalTransactions>(black_box(page)).unwrap())),
        "bare" => repeated(count, || drop(serde_json::from_slice::<bare::HalTransactions>(black_box(page)).unwrap())),
        _ => repeated(count, || drop(serde_json::from_slice::<handwritten::Page>(black_box(page)).unwrap())),
    }
}

/// Works once more than `count` times, of which the first is not counted.
fn repeated(count: u32, mut work: impl FnMut()) {
    work();
    counted(count, &mut work);
}

#[inline(never)]
fn counted(count: u32, work: &mut dyn FnMut()) {
    for _ in 0..count {
        work();
    }
}
