//! The committed counts, which a crate may not exceed until it has reached the goal.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, ensure};

use super::measures::{Count, Goal, MEASURES, Measure};
use super::tally::Tally;

/// Counts by the name of the crate and the key of the measure.
pub type Baseline = BTreeMap<String, BTreeMap<String, Count>>;

/// Crates with fewer words may have one occurrence more than the goal allows: a single word decides there.
const SMALL: u64 = 500;

const HEADER: &str = "\
# The counts of `cargo xtask words` for crates that have not reached its goals.
# `cargo xtask words --update` lowers them and removes what is reached. It adds nothing: new crates reach the goals.
";

/// The state of a measure of a crate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// The goal is reached.
    Good,
    /// The goal is reached, and the baseline still has an entry.
    Reached,
    /// Short of the goal, and no worse than the baseline.
    Known,
    /// Short of the goal, and better than the baseline.
    Better,
    /// Worse than the baseline.
    Worse,
    /// Short of the goal, without an entry.
    New,
}

impl State {
    /// Returns whether the command fails because of it.
    pub fn fails(self) -> bool {
        matches!(self, Self::Worse | Self::New)
    }

    /// Returns whether `--update` would change the baseline.
    pub fn can_be_lowered(self) -> bool {
        matches!(self, Self::Reached | Self::Better)
    }
}

/// Compares a count with the goal of its measure and with the entry of the baseline.
///
/// A crate is worse only if it has more occurrences *and* a higher rate: more text may bring more occurrences, and
/// deleting good text is free. Where a rate must not fall, it is worse only if there is more text, and if one occurrence
/// more would not make up for it.
pub fn state(measure: &Measure, words: u64, now: Count, known: Option<Count>) -> State {
    let one_more = Count { count: now.count + 1, ..now };
    let one_less = Count { count: now.count.saturating_sub(1), ..now };
    let is_small = words < SMALL;
    let (is_good, is_better, is_worse) = match (measure.goal, known.unwrap_or_default()) {
        (Goal::AtMost(goal), known) => (
            !(if is_small { one_less } else { now }).exceeds(goal),
            known.exceeds(now),
            now.count > known.count && now.exceeds(known),
        ),
        (Goal::AtLeast(goal), known) => (
            !goal.exceeds(if is_small { one_more } else { now }),
            now.exceeds(known),
            now.of > known.of && known.exceeds(one_more),
        ),
    };
    match (is_good, known) {
        (true, None) => State::Good,
        (true, Some(_)) => State::Reached,
        (false, None) => State::New,
        (false, Some(_)) if is_worse => State::Worse,
        (false, Some(_)) if is_better => State::Better,
        (false, Some(_)) => State::Known,
    }
}

/// Returns the state of each measure of a crate, with the entry of the baseline.
pub fn states<'a>(
    tally: &'a Tally,
    baseline: &'a Baseline,
) -> impl Iterator<Item = (&'static Measure, Count, Option<Count>, State)> + 'a {
    MEASURES.iter().zip(tally.counts).map(|(measure, now)| {
        let known = baseline.get(&tally.name).and_then(|entries| entries.get(measure.key)).copied();
        (measure, now, known, state(measure, tally.words, now, known))
    })
}

/// Returns the baseline with the better counts of today, and without the goals that are reached. No entry is added.
pub fn lowered(baseline: &Baseline, tallies: &[Tally]) -> Baseline {
    collect(tallies, baseline, |now, known, state| match state {
        State::Better => Some(now),
        State::Known | State::Worse => known,
        State::Good | State::Reached | State::New => None,
    })
}

/// Returns a baseline of all that is short of the goal today.
pub fn created(tallies: &[Tally]) -> Baseline {
    collect(tallies, &Baseline::new(), |now, _, state| (state == State::New).then_some(now))
}

fn collect(
    tallies: &[Tally],
    baseline: &Baseline,
    entry: impl Fn(Count, Option<Count>, State) -> Option<Count>,
) -> Baseline {
    let of_one = |tally: &Tally| {
        let entries = states(tally, baseline)
            .filter_map(|(measure, now, known, state)| Some((measure.key.to_owned(), entry(now, known, state)?)));
        (tally.name.clone(), entries.collect::<BTreeMap<_, _>>())
    };
    tallies.iter().map(of_one).filter(|(_, entries)| !entries.is_empty()).collect()
}

/// Reads a baseline.
///
/// # Errors
///
/// Returns an error if the text isn't TOML of this shape, or names a measure that does not exist.
pub fn parse(text: &str) -> anyhow::Result<Baseline> {
    let baseline: Baseline = toml::from_str(text).context("not a table of counts")?;
    for key in baseline.values().flat_map(BTreeMap::keys) {
        ensure!(MEASURES.iter().any(|measure| measure.key == key), "there is no measure called `{key}`");
    }
    Ok(baseline)
}

/// Prints a baseline as TOML.
pub fn render(baseline: &Baseline) -> String {
    let mut text = HEADER.to_owned();
    for (name, entries) in baseline {
        let _ = writeln!(text, "\n[\"{name}\"]");
        for measure in &MEASURES {
            if let Some(Count { count, of }) = entries.get(measure.key) {
                let _ = writeln!(text, "{} = {{ count = {count}, of = {of} }}", measure.key);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests;
