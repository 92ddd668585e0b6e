//! The destination of an export.

use std::path::Path;

use super::checkpoint::{Question, Reached};
use super::part::Part;
use crate::disk::{Whole, is_special};
use crate::failure::Failure;
use crate::output::{Format, show};
use crate::progress::Progress;

/// The place that transactions are written to.
pub(super) enum Destination {
    Stdout(Format),
    /// A file that an interrupted run leaves behind, to be continued.
    Part(Part),
    /// A file that an interrupted run does not leave behind: a table, which is drawn at the end, or a device.
    Whole(Whole),
}

/// The fate of an export that is not complete.
#[derive(Clone, Copy)]
pub(super) enum Rest {
    /// The same command continues it.
    Continues,
    /// The same command starts over: accounts have other ids in another session, and keys belong to one session.
    StartsOver,
    /// It cannot be continued, or a continuation would omit the same transactions without a message.
    Removed,
}

impl Destination {
    pub(super) fn open(file: Option<&Path>, question: &Question, restart: bool) -> Result<Self, Failure> {
        match file {
            None => Ok(Self::Stdout(question.format)),
            Some(file) if question.format.is_written_at_end() || is_special(file) => {
                Whole::begin(file).map(Self::Whole)
            }
            Some(file) => Part::open(file, question, restart).map(Self::Part),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8], progress: &Progress) -> Result<(), Failure> {
        match self {
            // The line of progress may be on the same terminal.
            Self::Stdout(format) => progress.suspend(|| show(*format, bytes)),
            Self::Part(part) => part.write(bytes),
            Self::Whole(whole) => whole.write(bytes),
        }
    }

    /// Writes a checkpoint, if the destination has one.
    pub(super) fn note(&mut self, reached: &[Reached]) -> Result<(), Failure> {
        match self {
            Self::Part(part) => part.note(reached),
            Self::Stdout(_) | Self::Whole(_) => Ok(()),
        }
    }

    /// Completes the output.
    pub(super) fn keep(self) -> Result<(), Failure> {
        match self {
            Self::Stdout(_) => Ok(()),
            Self::Part(part) => part.keep(),
            Self::Whole(whole) => whole.keep(),
        }
    }

    /// Removes the output, as far as it is a file.
    pub(super) fn forget(self) {
        if let Self::Part(part) = self {
            part.forget();
        }
    }

    /// Adds to a failure what the destination has now.
    pub(super) fn leave(self, failure: Failure, rest: Rest) -> Failure {
        match (self, rest) {
            (Self::Stdout(_), _) => failure,
            (Self::Part(_), Rest::StartsOver) => failure.hint("with a renewed consent, the same command starts over"),
            (Self::Part(part), Rest::Continues) if part.has_checkpoint() => {
                let name = part.name();
                failure.hint(format!(
                    "the transactions read so far are in `{name}`: the same command continues from there"
                ))
            }
            (destination, _) => {
                destination.forget();
                failure.hint("no file was written")
            }
        }
    }
}
