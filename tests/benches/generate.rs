//! What generating costs: all specs beside progenitor alone, larger specs beside ours, and the check as a whole process.
//!
//! `cargo xtask bench generate check` has the ratios, and builds the command first.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark")]

#[path = "../../codegen/benches/larger/mod.rs"]
mod larger;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::Criterion;
use openbanking_codegen::{Job, compile};
use openbanking_oracle::baseline::baseline;
use xtask::targets::TARGETS;
use xtask::workspace;

use self::larger::larger;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    all(&mut criterion);
    sizes(&mut criterion);
    check(&mut criterion);
    criterion.final_summary();
}

fn job(text: &str) -> Job<'_> {
    Job::new("s", text)
}

fn all(criterion: &mut Criterion) {
    let root = workspace().unwrap();
    let texts: Vec<_> = TARGETS.iter().map(|target| fs::read_to_string(root.join(target.spec)).unwrap()).collect();
    let mut group = criterion.benchmark_group("generate");
    group.bench_function("ours", |bencher| {
        bencher.iter(|| texts.iter().map(|text| compile(job(text)).unwrap().files.len()).sum::<usize>());
    });
    group.bench_function("bare", |bencher| {
        bencher.iter(|| texts.iter().map(|text| baseline(text).unwrap().len()).sum::<usize>());
    });
    group.finish();
}

fn sizes(criterion: &mut Criterion) {
    let text = fs::read_to_string(workspace().unwrap().join("spec/tilisy.yaml")).unwrap();
    let mut group = criterion.benchmark_group("size");
    for times in [1, 10, 100] {
        let text = larger(&text, times).to_string();
        group.bench_function(times.to_string(), |bencher| bencher.iter(|| compile(job(&text)).unwrap()));
    }
    group.finish();
}

/// `cargo xtask codegen --check`, without cargo.
fn check(criterion: &mut Criterion) {
    let program = std::env::current_exe().unwrap();
    // This one is in `release/deps`.
    let program = program.ancestors().nth(2).unwrap().join("xtask");
    let mut group = criterion.benchmark_group("check");
    group.bench_function("ours", |bencher| bencher.iter(|| succeed(&program)));
    group.finish();
}

fn succeed(program: &Path) {
    let mut command = Command::new(program);
    let status = command.args(["codegen", "--check"]).stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
}
