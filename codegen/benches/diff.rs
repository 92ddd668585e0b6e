//! What a review costs: comparing two editions of a large spec, beside generating one of them once.
//!
//! `cargo bench -p openbanking-codegen --bench diff` measures both in one run and prints their ratio.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a benchmark")]

mod larger;

use std::fs;
use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use openbanking_codegen::diff::{Side, compare};
use openbanking_codegen::{Job, compile};
use serde_json::{Value, json};

use self::larger::larger;

/// How much larger the spec is than ours.
const TIMES: usize = 100;

/// What the review may cost of generating once.
const TARGET: f64 = 2.5;

/// The next edition: in every tenth copy a type, a property and some words are others.
fn next(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for nth in (0..TIMES).step_by(10) {
        let amount = &mut spec["components"]["schemas"][format!("AmountType{nth}")];
        amount["properties"]["currency"] = json!({"type": "integer", "description": "A number, for once."});
        let bank = &mut spec["components"]["schemas"][format!("ASPSP{nth}")];
        bank["properties"]["more"] = json!({"type": "string", "description": "Something more."});
        bank["description"] = json!("A bank, in other words.");
    }
    spec
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(folder.join("../spec/tilisy.yaml")).unwrap();
    let spec = larger(&text, TIMES);
    let (old, new) = (spec.to_string(), next(&spec).to_string());
    let job = Job::new("s", &old);
    let sides = (Side { file: "old", text: &old }, Side { file: "new", text: &new });
    assert!(compile(job).is_ok(), "the large spec must generate");
    assert!(compare(sides.0, sides.1).unwrap().findings.len() >= 3 * TIMES / 10, "the edits must be found");

    let mut criterion =
        Criterion::default().sample_size(10).measurement_time(Duration::from_secs(30)).configure_from_args();
    let mut group = criterion.benchmark_group("review");
    group.bench_function(BenchmarkId::new("generate", TIMES), |bencher| bencher.iter(|| compile(job).is_ok()));
    group.bench_function(BenchmarkId::new("diff", TIMES), |bencher| bencher.iter(|| compare(sides.0, sides.1).is_ok()));
    group.finish();
    criterion.final_summary();
    match (median(folder, "generate"), median(folder, "diff")) {
        (Some(generate), Some(diff)) => {
            let ratio = diff / generate;
            let word = if ratio <= TARGET { "met" } else { "not met" };
            println!("diff / generate at {TIMES} times our spec: {ratio:.2} (target {TARGET}: {word})");
        }
        _ => println!("no measurements (a filter left one out)"),
    }
}

/// The median that criterion has written, in nanoseconds.
fn median(folder: &Path, name: &str) -> Option<f64> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| folder.join("../target"), Into::into);
    let file = target.join(format!("criterion/review/{name}/{TIMES}/new/estimates.json"));
    let estimates: Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}
