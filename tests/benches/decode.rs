//! A page of JSON into types: ours, those that progenitor alone makes, and plain structs written by hand.
//!
//! `cargo xtask bench decode` has the ratios. What is made is dropped within the time, since whoever reads a page pays
//! for that as well.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod pages;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use openbanking_baseline::{handwritten, types as bare};
use openbanking_client_runtime::decode;
use tilisy_client::types::HalTransactions;

use self::pages::{Rows, clean, odd, settle_allocator};

fn main() {
    settle_allocator();
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    for rows in [Rows::Short, Rows::Long] {
        for count in [1_000, 100_000] {
            compare(&mut criterion, rows, count);
        }
        compare_odd(&mut criterion, rows);
    }
    criterion.final_summary();
}

fn compare(criterion: &mut Criterion, rows: Rows, count: usize) {
    let page = clean(rows, count, None);
    assert!(
        page.len().abs_diff(count * rows.bytes()) < count * rows.bytes() / 20,
        "{} bytes a row",
        page.len() / count
    );
    let mut group = criterion.benchmark_group(format!("decode-{count}x{}", rows.bytes()));
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("ours", |bencher| bencher.iter(|| read(&page)));
    group.bench_function("bare", |bencher| {
        bencher.iter(|| serde_json::from_slice::<bare::HalTransactions>(black_box(&page)).unwrap());
    });
    group.bench_function("hand", |bencher| {
        bencher.iter(|| serde_json::from_slice::<handwritten::Page>(black_box(&page)).unwrap());
    });
    group.finish();
}

fn compare_odd(criterion: &mut Criterion, rows: Rows) {
    let (clean, odd) = (clean(rows, 1_000, None), odd(rows, 1_000));
    assert_eq!(read(&odd).transactions.len(), 1_000);
    let mut group = criterion.benchmark_group(format!("odd-{}", rows.bytes()));
    group.bench_function("odd", |bencher| bencher.iter(|| read(&odd)));
    group.bench_function("clean", |bencher| bencher.iter(|| read(&clean)));
    group.finish();
}

/// As the client reads an answer.
fn read(page: &[u8]) -> HalTransactions {
    decode::from_slice(black_box(page)).unwrap()
}
