//! What has to hold of a cell.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::cell::{Observed, Outcome};

/// What has to come of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// The classes of which the error has to be one; `good` for an answer. Empty where any will do.
    pub(crate) outcomes: Vec<&'static str>,
    /// How often the server is asked; nothing where any number will do.
    pub(crate) attempts: Option<RangeInclusive<usize>>,
    /// The least time between two attempts.
    pub(crate) pause: Duration,
    pub(crate) within: Duration,
    /// The most memory, in MiB, of a cell whose memory is measured.
    pub(crate) memory: u64,
    /// What a good answer has to hold, as JSON text.
    pub(crate) keeps: Vec<&'static str>,
    /// How many rows of a good answer are told as bad.
    pub(crate) bad_rows: usize,
    /// How many different tokens the server gets.
    pub(crate) tokens: Option<usize>,
}

impl Expected {
    /// Returns the limits that hold for every client and every fault: seven seconds, and 8 MiB above a cap of 64 MiB.
    pub(crate) const fn any() -> Self {
        Self {
            outcomes: Vec::new(),
            attempts: None,
            pause: Duration::ZERO,
            within: Duration::from_secs(7),
            memory: 64 + 8,
            keeps: Vec::new(),
            bad_rows: 0,
            tokens: None,
        }
    }
}

/// What can be wrong with a cell.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Check {
    /// The server did not see the fault: the cell shows nothing.
    NotSeen,
    Outcome,
    Attempts,
    Time,
    Memory,
    /// A canary can be read.
    Canary,
    Panic,
    /// The other host was asked.
    OtherHost,
}

impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotSeen => "fault not seen",
            Self::Outcome => "outcome",
            Self::Attempts => "attempts",
            Self::Time => "time",
            Self::Memory => "memory",
            Self::Canary => "canary",
            Self::Panic => "panic",
            Self::OtherHost => "other host",
        })
    }
}

/// The checks that a cell fails.
pub(crate) fn failed(observed: &Observed, expected: &Expected) -> Vec<Check> {
    let class = observed.outcome.class();
    let is_expected = match &observed.outcome {
        Outcome::Hung => false,
        // A panic has a check of its own.
        Outcome::Panicked => true,
        Outcome::Good { json, .. } if !expected.keeps.iter().all(|text| json.contains(text)) => false,
        Outcome::Good { bad_rows, .. } if *bad_rows != expected.bad_rows => false,
        _ => expected.outcomes.is_empty() || expected.outcomes.contains(&class),
    };
    let attempts = expected.attempts.as_ref();
    let is_asked = attempts.is_none_or(|attempts| attempts.contains(&observed.attempts));
    let is_told = match observed.outcome {
        Outcome::Failed { attempts: Some(told), .. } => told == observed.attempts,
        _ => true,
    };
    let is_signed = expected.tokens.is_none_or(|tokens| tokens == observed.tokens);
    let is_patient = observed.requests.iter().skip(1).all(|(_, pause)| *pause >= expected.pause);
    let checks = [
        (Check::NotSeen, observed.happened),
        (Check::Outcome, is_expected),
        (Check::Attempts, is_asked && is_told && is_patient && is_signed),
        (Check::Time, observed.elapsed <= expected.within),
        (Check::Memory, observed.peak.is_none_or(|peak| peak <= expected.memory)),
        (Check::Canary, observed.leaks.is_empty()),
        (Check::Panic, !matches!(observed.outcome, Outcome::Panicked)),
        (Check::OtherHost, observed.elsewhere == 0),
    ];
    checks.into_iter().filter(|(_, holds)| !holds).map(|(check, _)| check).collect()
}
