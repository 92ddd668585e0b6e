//! What is counted instead of timed, for `cargo xtask bench` to read.

use std::fs;

use serde_json::json;

/// Writes what was found into `bench/NAME.json` of the target folder, and prints it.
#[allow(clippy::print_stdout, reason = "a benchmark")]
pub(crate) fn write(name: &str, ours: f64, baseline: Option<f64>) {
    let program = std::env::current_exe().unwrap();
    // It is in `release/deps`.
    let folder = program.ancestors().nth(3).unwrap().join("bench");
    fs::create_dir_all(&folder).unwrap();
    let found = json!({ "ours": ours, "baseline": baseline });
    fs::write(folder.join(format!("{name}.json")), found.to_string()).unwrap();
    println!("{name}: {found}");
}
