//! `cargo xtask words`: counts the words in comments that make our prose hard to read, crate by crate.
//!
//! A crate fails if it gets worse than `xtask/words.toml`, or, without an entry there, if it is short of a goal.

pub mod baseline;
pub mod measures;
pub mod prose;
pub mod table;
pub mod tally;
pub mod units;

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use self::baseline::{Baseline, State, states};
use self::measures::{Count, Goal, Measure};
use self::table::{rate, table};
use self::tally::{Place, Tally, tally};
use self::units::{Unit, units};
use crate::targets::TARGETS;
use crate::{Outcome, counted};

/// The baseline, from the workspace's folder.
const BASELINE: &str = "xtask/words.toml";

/// Occurrences shown for each measure that fails.
const SHOWN: usize = 10;

/// The command line of `cargo xtask words`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Arguments {
    /// Crates to look at; every place that counts against them is listed.
    #[arg(value_name = "CRATE")]
    pub crates: Vec<String>,
    /// Lower the baseline to the counts of today; it is never raised.
    #[arg(long, conflicts_with = "crates")]
    pub update: bool,
}

/// Counts the words of the workspace at `root` and compares them with the baseline.
///
/// # Errors
///
/// Returns an error if a file cannot be read or written, or if a crate that is asked for does not exist.
pub fn run(root: &Path, arguments: &Arguments, say: &mut dyn FnMut(String)) -> anyhow::Result<Outcome> {
    let generated: Vec<_> = TARGETS.iter().map(|target| (target.name, target.out)).collect();
    let units = units(root, &generated)?;
    compare(root, &units, arguments, say)
}

fn compare(root: &Path, units: &[Unit], arguments: &Arguments, say: &mut dyn FnMut(String)) -> anyhow::Result<Outcome> {
    for name in &arguments.crates {
        ensure!(units.iter().any(|unit| unit.name == *name), "there is no crate called `{name}`");
    }
    let is_wanted = |unit: &&Unit| arguments.crates.is_empty() || arguments.crates.contains(&unit.name);
    let tallies: Vec<_> = units.iter().filter(is_wanted).map(tally).collect();
    let before = read(root)?;
    let baseline = match (arguments.update, before) {
        (true, before) => update(root, before, &tallies)?,
        (false, before) => before.unwrap_or_default(),
    };
    report(&tallies, &baseline, !arguments.crates.is_empty(), say);
    let fails = tallies.iter().flat_map(|tally| states(tally, &baseline)).any(|(.., state)| state.fails());
    Ok(if fails { Outcome::Findings } else { Outcome::Fine })
}

/// Writes and returns the lowered baseline, or the first one.
fn update(root: &Path, before: Option<Baseline>, tallies: &[Tally]) -> anyhow::Result<Baseline> {
    let after = match before {
        Some(before) => baseline::lowered(&before, tallies),
        None => baseline::created(tallies),
    };
    fs::write(root.join(BASELINE), baseline::render(&after)).with_context(|| format!("cannot write `{BASELINE}`"))?;
    Ok(after)
}

fn read(root: &Path) -> anyhow::Result<Option<Baseline>> {
    let path = root.join(BASELINE);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{BASELINE}`"))?;
    baseline::parse(&text).map(Some).with_context(|| format!("cannot parse `{BASELINE}`"))
}

/// Prints the table and the places that matter; with `is_detailed`, all places of every measure short of its goal.
fn report(tallies: &[Tally], baseline: &Baseline, is_detailed: bool, say: &mut dyn FnMut(String)) {
    say("words in 10,000 words of comments (in parentheses the baseline of a crate short of the goal)".to_owned());
    say(table(tallies, baseline).trim_end().to_owned());
    let mut lower = 0;
    for tally in tallies {
        for ((measure, now, known, state), places) in states(tally, baseline).zip(&tally.places) {
            lower += usize::from(state.can_be_lowered());
            if state.fails() || is_detailed && !matches!(state, State::Good | State::Reached) {
                say(format!("\n{}", sentence(&tally.name, measure, now, known, state)));
                // A word that is missing has no line to show.
                let places = if matches!(measure.goal, Goal::AtLeast(_)) { &[] } else { places.as_slice() };
                let shown = if is_detailed { places.len() } else { SHOWN };
                show(&tally.name, places, shown, say);
            }
        }
    }
    if lower > 0 {
        say(format!("\n{} better than the baseline (run `cargo xtask words --update`)", counted(lower, "rate")));
    }
}

fn show(name: &str, places: &[Place], shown: usize, say: &mut dyn FnMut(String)) {
    for place in places.iter().take(shown) {
        say(format!("  {}:{}: {}", place.file.display(), place.line, place.text));
    }
    if places.len() > shown {
        say(format!("  … and {} more (`cargo xtask words {name}` lists all)", places.len() - shown));
    }
}

/// Says what is wrong with a measure of a crate: `x: nothing: 6 in 10000 is 6, goal ≤ 5`.
fn sentence(name: &str, measure: &Measure, now: Count, known: Option<Count>, state: State) -> String {
    let Count { count, of } = now;
    let verdict = match state {
        State::Worse => "worse than the baseline",
        State::New => "short of the goal",
        State::Better => "better than the baseline",
        State::Known => "no worse than the baseline",
        State::Good | State::Reached => "good",
    };
    let known = known.map(|known| format!(", baseline {}", rate(measure, known))).unwrap_or_default();
    let goal = rate(measure, measure.goal.rate());
    format!("{name}: {}: {verdict} ({count} in {of} is {}{known}, goal {goal})", measure.title, rate(measure, now))
}

#[cfg(test)]
mod tests;
