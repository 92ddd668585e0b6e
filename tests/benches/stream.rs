//! Whole histories, where the service takes its time: 20 ms for each answer.
//!
//! `cargo xtask bench stream accounts` has the ratios. Nearly all of the time is waiting, so few samples do.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod clients;
mod pages;
mod server;

use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, SamplingMode};
use tilisy_client::Client;
use tilisy_client::uuid::Uuid;
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use self::clients::{ACCOUNT, bare, credentials, key, ours};
use self::pages::{Rows, clean};
use self::server::{answer, serve};

/// How long the service takes for an answer.
const DELAY: Duration = Duration::from_millis(20);

/// How long the caller works on a page.
const WORK: Duration = Duration::from_millis(20);

/// How many pages a history has.
const PAGES: usize = 100;

/// How many transactions a page has.
const ROWS: usize = 100;

/// How many accounts there are, of one page each.
const ACCOUNTS: u128 = 50;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_secs(10))
        .configure_from_args();
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let url = serve(DELAY, history());
    let credentials = credentials(&key());
    let (bare, ours) = (bare(&url, &credentials), ours(&url, credentials));
    stream(&mut criterion, &runtime, &ours, &bare);
    accounts(&mut criterion, &runtime, &ours, &bare);
    criterion.final_summary();
}

/// Pages with the keys `page-1`, `page-2` …, each for [`ACCOUNT`]; one page for any other account.
fn history() -> impl Fn(&str) -> Arc<[u8]> + Send + Sync {
    let page = |key: Option<&str>| answer(&clean(Rows::Short, ROWS, key));
    let keys: Vec<_> = (1..PAGES).map(|nth| format!("page-{nth}")).collect();
    let pages: Vec<_> = keys.iter().map(|key| page(Some(key))).chain([page(None)]).collect();
    let long = ACCOUNT.to_string();
    move |head| {
        let target = head.split(' ').nth(1).unwrap();
        let asked = target.rsplit_once("page-").map_or(0, |(_, nth)| nth.parse().unwrap());
        let nth = if target.contains(&long) { asked } else { PAGES - 1 };
        pages[nth].clone()
    }
}

/// Each page is worked on: by our stream while the next is on its way, by the loop over bare calls before it is asked
/// for.
fn stream(criterion: &mut Criterion, runtime: &Runtime, ours: &Client, bare: &openbanking_baseline::Client) {
    let mut group = criterion.benchmark_group("stream");
    group.sampling_mode(SamplingMode::Flat);
    group.bench_function("ours", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let mut rows = ours.account_transactions(&ACCOUNT).stream().look_ahead(true);
                let mut count = 0;
                while rows.try_next().await.unwrap().is_some() {
                    count += 1;
                    if count % ROWS == 0 {
                        sleep(WORK).await;
                    }
                }
                assert_eq!(count, PAGES * ROWS);
            });
        });
    });
    group.bench_function("bare", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let mut key = None;
                let mut count = 0;
                loop {
                    let page = page(bare, ACCOUNT, key.as_deref()).await;
                    count += page.transactions.len();
                    sleep(WORK).await;
                    key = page.continuation_key;
                    if key.is_none() {
                        break;
                    }
                }
                assert_eq!(count, PAGES * ROWS);
            });
        });
    });
    group.finish();
}

fn accounts(criterion: &mut Criterion, runtime: &Runtime, ours: &Client, bare: &openbanking_baseline::Client) {
    let all = || (1..=ACCOUNTS).map(Uuid::from_u128);
    let expected = all().count() * ROWS;
    let mut group = criterion.benchmark_group("accounts");
    group.sampling_mode(SamplingMode::Flat);
    group.bench_function("ours", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let mut rows = ours.transactions_of(all()).concurrency(10);
                let mut count = 0;
                while let Some((_, row)) = rows.next().await {
                    row.unwrap();
                    count += 1;
                }
                assert_eq!(count, expected);
            });
        });
    });
    group.bench_function("bare", |bencher| {
        bencher.iter(|| {
            runtime.block_on(async {
                let mut count = 0;
                for account in all() {
                    count += page(bare, account, None).await.transactions.len();
                }
                assert_eq!(count, expected);
            });
        });
    });
    group.finish();
}

async fn page(
    client: &openbanking_baseline::Client,
    account: Uuid,
    key: Option<&str>,
) -> openbanking_baseline::types::HalTransactions {
    let answer =
        client.account_transactions(&account, key, None, None, None, None, None, None, None, None, None, None, None);
    answer.await.unwrap().into_inner()
}
