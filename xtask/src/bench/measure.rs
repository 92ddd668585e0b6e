//! Builds the programs of `tests/benches`, runs them, and reads their results.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::rows::{Measure, Row};

/// The result of a row, in seconds, bytes or a plain number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The median of our rounds.
    pub(super) ours: f64,
    /// The median of the baseline's rounds.
    pub(super) baseline: Option<f64>,
    /// Our time divided by the baseline's: the median of the ratios of all rounds.
    pub(super) ratio: Option<f64>,
}

/// Runs the benchmarks that `rows` need, several times, and returns the result of each row.
///
/// Each benchmark is a separate process, because earlier work in the same process changes how the allocator behaves.
/// A round runs all benchmarks in turn, so that a busy minute slows ours and the baselines down alike.
///
/// # Errors
///
/// Returns an error if a benchmark cannot be built, run or read.
pub(super) fn run(root: &Path, rows: &[Row], quick: bool, say: &mut dyn FnMut(String)) -> anyhow::Result<Vec<Found>> {
    let programs = build(root, rows)?;
    let program = |row: &Row| programs.get(row.program).with_context(|| format!("cargo built no `{}`", row.program));
    let target = programs.values().next().and_then(|path| path.ancestors().nth(3)).context("nothing was built")?;
    let mut rounds: Vec<BTreeMap<&str, f64>> = Vec::new();
    let count = if quick { 1 } else { 3 };
    for round in 1..=count {
        let mut found = BTreeMap::new();
        let mut counted = BTreeSet::new();
        for row in rows {
            let ids = match row.measure {
                Measure::Timed(ours, baseline) => vec![ours, baseline],
                Measure::TimedAlone(ours) => vec![ours],
                Measure::Bytes(_) | Measure::Count(_) => {
                    if round == 1 && counted.insert(row.program) {
                        say(row.program.to_owned());
                        execute(Command::new(program(row)?))?;
                    }
                    continue;
                }
            };
            for id in ids {
                if !found.contains_key(id) {
                    say(format!("{id}, round {round} of {count}"));
                    found.insert(id, time(program(row)?, target, id, quick)?);
                }
            }
        }
        rounds.push(found);
    }
    rows.iter().map(|row| outcome(row, &rounds, target)).collect()
}

/// Builds the benchmarks and the commands that they start. A single call of cargo unifies their features.
fn build(root: &Path, rows: &[Row]) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let programs: BTreeSet<_> = rows.iter().map(|row| row.program).collect();
    let mut command = Command::new("cargo");
    command.args(["build", "--release", "--locked", "--message-format", "json-render-diagnostics"]);
    command.args(["-p", "openbanking-tests", "-p", "xtask", "-p", "tilisy-sandbox", "--bins"]);
    command.args(programs.iter().flat_map(|program| ["--bench", program]));
    let built = command.current_dir(root).stderr(Stdio::inherit()).output().context("cannot start `cargo`")?;
    ensure!(built.status.success(), "the benchmarks cannot be built");
    let messages = String::from_utf8_lossy(&built.stdout);
    Ok(messages.lines().filter_map(executable).collect())
}

/// Returns the name and the path of a benchmark, if this message of cargo reports one.
fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = &message["target"];
    let name = target["name"].as_str().filter(|_| target["kind"][0] == "bench")?;
    Some((name.to_owned(), message["executable"].as_str()?.into()))
}

/// Runs a benchmark with criterion and returns the median in seconds.
fn time(program: &Path, target: &Path, id: &str, quick: bool) -> anyhow::Result<f64> {
    let results = target.join("criterion");
    let mut command = Command::new(program);
    command.args(["--bench", "--noplot", "--exact", id]).env("CRITERION_HOME", &results);
    if quick {
        command.args(["--sample-size", "10", "--measurement-time", "1"]);
    }
    execute(command)?;
    let estimates = read(&results.join(id).join("new/estimates.json"))?;
    let nanoseconds = estimates["median"]["point_estimate"].as_f64().context("criterion wrote no median")?;
    Ok(nanoseconds / 1e9)
}

/// Runs a program; its output is shown only if it fails.
fn execute(mut command: Command) -> anyhow::Result<()> {
    let output = command.output().context("cannot start a benchmark")?;
    let printed = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "a benchmark failed: {}", printed.trim());
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn outcome(row: &Row, rounds: &[BTreeMap<&str, f64>], target: &Path) -> anyhow::Result<Found> {
    let of = |id: &str| rounds.iter().filter_map(|round| round.get(id).copied()).collect::<Vec<_>>();
    match row.measure {
        Measure::Timed(ours, baseline) => {
            let ratios = of(ours).into_iter().zip(of(baseline)).map(|(ours, baseline)| ours / baseline).collect();
            let ratio = median(ratios);
            Ok(Found { ours: median(of(ours)), baseline: Some(median(of(baseline))), ratio: Some(ratio) })
        }
        Measure::TimedAlone(ours) => Ok(Found { ours: median(of(ours)), baseline: None, ratio: None }),
        Measure::Bytes(name) | Measure::Count(name) => {
            let found = read(&target.join(format!("bench/{name}.json")))?;
            let ours = found["ours"].as_f64().context("a benchmark counted nothing")?;
            let baseline = found["baseline"].as_f64();
            Ok(Found { ours, baseline, ratio: baseline.map(|baseline| ours / baseline) })
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
