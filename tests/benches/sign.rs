//! A token with a kept key of 4096 bits, beside the signature alone by aws-lc-rs.
//!
//! `cargo xtask bench sign` has the ratio.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

mod clients;

use std::hint::black_box;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use criterion::Criterion;

use self::clients::{credentials, host, key};

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    let key = key();
    let host = host("http://127.0.0.1");
    let credentials = credentials(&key);
    let token = credentials.token(&host).unwrap();
    let (message, _) = token.expose().rsplit_once('.').unwrap();
    let pair = RsaKeyPair::from_pkcs8(&key).unwrap();
    let mut group = criterion.benchmark_group("sign");
    group.bench_function("ours", |bencher| bencher.iter(|| credentials.token(black_box(&host)).unwrap()));
    group.bench_function("direct", |bencher| {
        bencher.iter(|| {
            let mut signature = vec![0; pair.public_modulus_len()];
            let message = black_box(message).as_bytes();
            pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
            signature
        });
    });
    group.finish();
    criterion.final_summary();
}
