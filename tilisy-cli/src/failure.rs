//! The reason of a failed command, its hints, and its exit code.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io;

mod calls;
mod period;
mod said;

pub(crate) use self::calls::is_over;
pub(crate) use self::period::period_hint;
pub(crate) use self::said::{said, said_in};
use crate::message;

/// The kinds of failure, by exit code. `--help` lists them, and so does the README.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    /// None of the others.
    Other,
    /// The command line.
    Usage,
    /// The set-up of this machine: folders, profile, key, certificate.
    Setup,
    /// The service does not accept the application: its key, its token, the clock, or it is not active.
    Auth,
    /// The consent is missing, has ended, was denied, or covers no account.
    Consent,
    /// Too many requests: wait.
    Wait,
    /// The service or the bank does not respond; it may later.
    Unavailable,
    /// The service refuses what was asked for.
    Refused,
    /// Some of what was asked for is missing.
    Incomplete,
    /// Something cannot be written.
    Write,
    /// Ctrl-C.
    Interrupted,
    /// The reader of the output has closed it.
    Closed,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Other => 1,
            Self::Usage => 2,
            Self::Setup => 3,
            Self::Auth => 4,
            Self::Consent => 5,
            Self::Wait => 6,
            Self::Unavailable => 7,
            Self::Refused => 8,
            Self::Incomplete => 9,
            Self::Write => 10,
            Self::Interrupted => 130,
            Self::Closed => 0,
        }
    }
}

/// The table of exit codes, for `--help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  something else went wrong
    2  the command line is wrong
    3  set-up: no key, a key or profile that cannot be used, no home folder
    4  the service does not accept the application: key, id, clock, or not activated
    5  the consent is missing, has ended, was denied, or covers no account
    6  too many requests: wait
    7  the service or the bank does not answer; try again later
    8  the service refuses what was asked for
    9  incomplete: some of what was asked for is missing, as the messages say
   10  the output cannot be written
  130  interrupted";

/// The reason why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    text: String,
    hints: Vec<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, text: impl Into<String>) -> Self {
        Self { exit, text: text.into(), hints: Vec::new() }
    }

    /// Adds the error behind it, with its sources.
    pub(crate) fn because(mut self, cause: impl StdError) -> Self {
        let mut next: Option<&dyn StdError> = Some(&cause);
        while let Some(cause) = next {
            let said = cause.to_string();
            if !self.text.contains(&said) {
                self.text.push_str(": ");
                self.text.push_str(&said);
            }
            next = cause.source();
        }
        self
    }

    /// Adds a hint: something that the user can do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a hint before all others.
    pub(crate) fn hint_first(mut self, hint: impl Into<String>) -> Self {
        self.hints.insert(0, hint.into());
        self
    }

    /// Puts a subject in front of the text.
    pub(crate) fn about(mut self, subject: impl Display) -> Self {
        self.text = format!("{subject}: {}", self.text);
        self
    }

    /// Creates the failure of a command that is incomplete for these reasons, with the hints of all. Without any output,
    /// and if all reasons have the same exit code, it has that code.
    pub(crate) fn of_all(reasons: &[Self], is_empty: bool, text: impl Into<String>) -> Self {
        let mut exits = reasons.iter().map(Self::exit);
        let exit = match exits.next() {
            Some(first) if is_empty && exits.all(|exit| exit == first) => first,
            _ => Exit::Incomplete,
        };
        let mut failure = Self::new(exit, text);
        for hint in reasons.iter().flat_map(Self::hints) {
            if !failure.hints.contains(hint) {
                failure.hints.push(hint.clone());
            }
        }
        failure
    }

    /// Adds a hint about a file that cannot be written.
    pub(crate) fn unwritten(self, kind: io::ErrorKind) -> Self {
        self.hint(match kind {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "free some space, or choose a place on another disk"
            }
            io::ErrorKind::NotFound => "create the folder first, or choose another place",
            _ => "choose another place that you can write to",
        })
    }

    pub(crate) const fn exit(&self) -> Exit {
        self.exit
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Prints the failure and its hints on stderr.
    pub(crate) fn print(&self) {
        if self.exit == Exit::Closed {
            return;
        }
        message::error(&self.text);
        self.hints.iter().for_each(|hint| message::hint(hint));
    }
}

/// Output that could not be written.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Closed, "the output is no longer read");
        }
        Self::new(Exit::Write, "the output cannot be written").because(&error).unwritten(error.kind())
    }
}
