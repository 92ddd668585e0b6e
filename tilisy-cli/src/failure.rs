//! Why a command failed, what to do about it, and the exit code that goes with it.

use std::error::Error as StdError;
use std::fmt::Display;
use std::io;

mod calls;
mod period;
mod said;

use anstyle::{AnsiColor, Style};

pub(crate) use self::calls::is_over;
pub(crate) use self::period::period_hint;
pub(crate) use self::said::said;
use crate::text::clean;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

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
    /// The service or the bank does not answer; it may later.
    Unavailable,
    /// The service refuses what was asked for.
    Refused,
    /// Some of what was asked for is missing.
    Incomplete,
    /// Something cannot be written.
    Write,
    /// Ctrl-C.
    Interrupted,
    /// Whoever read the output has had enough of it.
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

/// Why a command failed.
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

    /// Adds what lies behind it.
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

    /// Adds what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what to do before anything else.
    pub(crate) fn hint_first(mut self, hint: impl Into<String>) -> Self {
        self.hints.insert(0, hint.into());
        self
    }

    /// The same, said of something.
    pub(crate) fn about(mut self, subject: impl Display) -> Self {
        self.text = format!("{subject}: {}", self.text);
        self
    }

    /// Some of what was asked for is missing, for these reasons. Where nothing came at all and all reasons are of one
    /// kind, it is that kind.
    pub(crate) fn of_all(reasons: &[Self], nothing_came: bool, text: impl Into<String>) -> Self {
        let mut exits = reasons.iter().map(Self::exit);
        let exit = match exits.next() {
            Some(first) if nothing_came && exits.all(|exit| exit == first) => first,
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

    /// Adds what to do about something that cannot be written.
    pub(crate) fn unwritten(self, kind: io::ErrorKind) -> Self {
        self.hint(match kind {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, or choose a place on another disk",
            io::ErrorKind::NotFound => "make the folder first, or choose another place",
            _ => "choose another place, one that you may write to",
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

    /// Says it beside the output.
    pub(crate) fn tell(&self) {
        if self.exit == Exit::Closed {
            return;
        }
        say(&format!("{ERROR}error:{ERROR:#} {}", clean(&self.text)));
        for hint in &self.hints {
            say(&format!("{HINT}hint:{HINT:#} {}", clean(hint)));
        }
    }
}

/// Output that could not be written.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Closed, "nobody reads the output any more");
        }
        Self::new(Exit::Write, "the output cannot be written").because(&error).unwritten(error.kind())
    }
}

/// Says something beside the output. Where there is no place for it, it is lost.
pub(crate) fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(anstream::stderr(), "{line}");
}

/// Says what may become a problem.
pub(crate) fn warn(text: &str) {
    say(&format!("{WARNING}warning:{WARNING:#} {}", clean(text)));
}
