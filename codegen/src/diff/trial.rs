//! Comparisons on trial: what two schemas differ in, before it is clear whether they are editions of one.

use super::report::Wire;
use super::rules::{self, Rule};
use super::spot::Spot;
use super::walk::{BOTH, REQUEST, RESPONSE, Walk};

/// Within how many trials another one is made.
const MAX_TRIALS: usize = 3;

/// How many pairs a comparison looks at on trial, all trials together: hundreds of cases that are all others now would
/// be tried with one another, each with all that it refers to.
pub(super) const MAX_STEPS: usize = 30_000;

/// What a change does in requests and in responses, to old clients and to new ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdicts {
    pub(super) request: Wire,
    pub(super) response: Wire,
    pub(super) reverse: (Wire, Wire),
}

impl Verdicts {
    const NONE: Self = Self { request: Wire::None, response: Wire::None, reverse: (Wire::None, Wire::None) };

    pub(super) fn of(rule: &Rule) -> Self {
        let mirror = rules::find(rule.mirror).unwrap_or(rule);
        Self { request: rule.request, response: rule.response, reverse: (mirror.request, mirror.response) }
    }

    /// The worse of both, in each direction that counts.
    fn worse(self, other: Self, ways: u8) -> Self {
        let least = |counts: u8, own: Wire, other: Wire| if ways & counts == 0 { own } else { own.min(other) };
        Self {
            request: least(REQUEST, self.request, other.request),
            response: least(RESPONSE, self.response, other.response),
            reverse: (
                least(REQUEST, self.reverse.0, other.reverse.0),
                least(RESPONSE, self.reverse.1, other.reverse.1),
            ),
        }
    }

    fn is_silent(self) -> bool {
        self.request >= Wire::Docs && self.response >= Wire::Docs
    }
}

/// What a comparison on trial finds.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) verdicts: Verdicts,
    /// What differs, in the order of its weight.
    pub(super) messages: Vec<String>,
}

impl Trial {
    /// Whether nothing differs but words.
    pub(super) fn is_equal(&self) -> bool {
        self.verdicts.is_silent()
    }
}

impl<'a> Walk<'a> {
    /// Whether this is no comparison on trial.
    pub(super) fn is_outermost(&self) -> bool {
        self.depth == 0
    }

    /// Whether there is a step left, which is taken.
    pub(super) fn take_step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// What comparing two schemas would find, without telling it; nothing where that takes too long to find out.
    pub(super) fn trial(&mut self, base: &Spot<'a>, head: &Spot<'a>) -> Option<Trial> {
        let key = (base.key(), head.key());
        if self.depth >= MAX_TRIALS {
            return None;
        }
        if let Some(known) = self.trials.get(&key) {
            return Some(known.clone());
        }
        let mut walk = Walk::new(self.base.clone(), self.head.clone());
        walk.depth = self.depth + 1;
        walk.steps = self.steps.clone();
        walk.start(String::new());
        walk.schema(base, head, BOTH);
        walk.finish();
        if self.steps.get() == 0 {
            return None;
        }
        let mut all = Vec::new();
        let mut verdicts = Verdicts::NONE;
        for (own, ways, message) in walk.changes() {
            verdicts = verdicts.worse(own, ways);
            all.push((own.request.min(own.response), message));
        }
        all.sort();
        all.dedup();
        let trial = Trial { verdicts, messages: all.into_iter().map(|(_, message)| message).collect() };
        self.trials.insert(key, trial.clone());
        Some(trial)
    }
}
