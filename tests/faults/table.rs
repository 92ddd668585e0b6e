//! The table of faults: each with what the server does, and the operations that it cannot happen to.

mod answers;
mod connections;
mod shapes;

use crate::server::{Act, Place};
use crate::subject::Operation;
use crate::tls::Identity;

/// A fault, or one form of it where its row has several.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The number of its row, with a letter where there are several forms.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// What the server does, or why the fault cannot happen to an operation.
    pub(crate) stage: fn(Operation) -> Result<Stage, &'static str>,
    pub(crate) play: Play,
    pub(crate) counts: Counts,
    pub(crate) load: Load,
}

/// Where a call arrives, and what happens there.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// No host has the name.
    NoHost,
    Server(Place, Vec<Act>),
}

/// What is asked of the client.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Play {
    /// One call.
    Once,
    /// A good call, then the one that counts.
    AfterAnother,
    /// All pages.
    Pages,
    /// A call that is dropped once the server has it, then the one that counts.
    Dropped,
    /// This many first calls at the same time.
    Crowd(usize),
}

/// What an attempt is, as far as the server can see.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Counts {
    /// A complete request.
    Requests,
    /// A connection.
    Connections,
    /// A look-up of the host's address.
    LookUps,
}

/// How a cell is run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Load {
    /// Beside others.
    Light,
    /// Alone.
    Heavy,
    /// Alone, in a process whose memory is measured.
    Measured,
}

impl Fault {
    const fn new(id: &'static str, name: &'static str, stage: fn(Operation) -> Result<Stage, &'static str>) -> Self {
        Self { id, name, stage, play: Play::Once, counts: Counts::Requests, load: Load::Light }
    }

    const fn play(self, play: Play) -> Self {
        Self { play, ..self }
    }

    const fn counts(self, counts: Counts) -> Self {
        Self { counts, ..self }
    }

    const fn load(self, load: Load) -> Self {
        Self { load, ..self }
    }

    /// The number of its row.
    pub(crate) fn number(&self) -> usize {
        self.id.trim_end_matches(|letter: char| letter.is_ascii_lowercase()).parse().expect("a number")
    }
}

/// All faults, by their numbers.
pub(crate) fn faults() -> impl Iterator<Item = &'static Fault> {
    let parts = [connections::BEFORE, answers::ANSWERS, shapes::SHAPES, connections::AFTER];
    parts.into_iter().flatten()
}

/// No fault at all, in two ways.
#[cfg(test)]
pub(crate) fn controls() -> impl Iterator<Item = &'static Fault> {
    connections::NONE.iter()
}

fn plain(acts: impl Into<Vec<Act>>) -> Result<Stage, &'static str> {
    Ok(Stage::Server(Place::Plain, acts.into()))
}

fn tls(identity: Identity, acts: impl Into<Vec<Act>>) -> Result<Stage, &'static str> {
    Ok(Stage::Server(Place::Tls(identity), acts.into()))
}
