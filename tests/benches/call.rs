//! Calls over the loopback interface with keep-alive: what a client adds to a small one, and a page from end to end.
//!
//! `cargo xtask bench call page` has the ratios.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod clients;
mod pages;
mod server;

use std::time::Duration;

use criterion::Criterion;
use tokio::runtime::{Builder, Runtime};

use self::clients::{ACCOUNT, bare, credentials, hand, key, ours};
use self::pages::{Rows, clean, settle_allocator};
use self::server::{APPLICATION, answer, serve};

fn main() {
    settle_allocator();
    let mut criterion = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    small(&mut criterion, &runtime);
    page(&mut criterion, &runtime, Rows::Short);
    page(&mut criterion, &runtime, Rows::Long);
    criterion.final_summary();
}

fn small(criterion: &mut Criterion, runtime: &Runtime) {
    let prepared = answer(APPLICATION);
    let url = serve(Duration::ZERO, move |_| prepared.clone());
    let credentials = credentials(&key());
    let (bare, ours) = (bare(&url, &credentials), ours(&url, credentials));
    let mut group = criterion.benchmark_group("call");
    group.bench_function("ours", |bencher| {
        bencher.iter(|| runtime.block_on(async { ours.application().await }).unwrap());
    });
    group.bench_function("bare", |bencher| {
        bencher.iter(|| runtime.block_on(async { bare.application().await }).unwrap());
    });
    group.finish();
}

fn page(criterion: &mut Criterion, runtime: &Runtime, rows: Rows) {
    let prepared = answer(&clean(rows, 1_000, None));
    let url = serve(Duration::ZERO, move |_| prepared.clone());
    let credentials = credentials(&key());
    let (hand, ours) = (hand(&url, &credentials), ours(&url, credentials));
    let mut group = criterion.benchmark_group(format!("page-{}", rows.bytes()));
    group.bench_function("ours", |bencher| {
        bencher.iter(|| runtime.block_on(async { ours.account_transactions(&ACCOUNT).await }).unwrap());
    });
    let account = ACCOUNT.to_string();
    group.bench_function("hand", |bencher| {
        bencher.iter(|| runtime.block_on(hand.transactions(&account, None)).unwrap());
    });
    group.finish();
}
