//! The one error of every call.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;

use crate::context::Operation;
use crate::decode::Decode;
use crate::response::{BadRow, Meta};

mod class;
mod salvage;

pub use class::{ErrorBody, ErrorClass, ErrorLabel};

/// How far a request got.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// It could not be put together; nothing was sent.
    NotBuilt,
    /// No connection was made; nothing was sent.
    NotSent,
    /// It may have been sent and processed, but no whole answer came.
    NoWholeAnswer,
    /// The service answered with an error status.
    Api,
    /// The service answered with something that its description does not promise.
    Unexpected,
    /// One element of a list in an answer is not as described; what comes before and after it is there.
    BadRow,
    /// A page leads back to one that was read before: going on would never end.
    RepeatedPage,
    /// There are more pages, or more empty ones in a row, than was allowed.
    TooManyPages,
}

/// Why a call failed.
///
/// Neither `Display` nor `Debug`, nor any source, shows a URL, a header, a body or a value of one.
///
/// `E` is what the service's description declares for its error answers.
pub struct Error<E = ()> {
    inner: Box<Inner<E>>,
}

struct Inner<E> {
    report: Report,
    api: Option<E>,
}

/// All of an error but the service's own description of it.
pub(crate) struct Report {
    pub(crate) kind: ErrorKind,
    pub(crate) operation: &'static str,
    pub(crate) meta: Option<Meta>,
    pub(crate) path: Option<String>,
    pub(crate) cause: Option<Cause>,
    pub(crate) body: Option<Bytes>,
    /// How often the request was sent.
    pub(crate) attempts: u32,
    /// The id that the request carried, where no answer began.
    pub(crate) request_id: Option<Box<str>>,
    /// Whether what kept it from being sent may pass.
    pub(crate) passing: bool,
    /// Whether the answer says of itself that it may pass, whatever its status.
    pub(crate) transient: bool,
    /// The place of the row that this is about.
    pub(crate) row: Option<usize>,
    pub(crate) rows: Vec<BadRow>,
    /// Whether sending the request twice does what sending it once does.
    pub(crate) repeatable: bool,
    /// The service's own code, if it is a listed one.
    pub(crate) code: Option<&'static str>,
}

impl Report {
    pub(crate) fn new(kind: ErrorKind, operation: &Operation) -> Self {
        Self { repeatable: operation.is_repeatable(), ..Self::of(kind, operation.id) }
    }

    const fn of(kind: ErrorKind, operation: &'static str) -> Self {
        Self {
            kind,
            operation,
            meta: None,
            path: None,
            cause: None,
            body: None,
            attempts: 0,
            request_id: None,
            passing: true,
            transient: false,
            row: None,
            rows: Vec::new(),
            repeatable: false,
            code: None,
        }
    }

    pub(crate) fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl<E> Error<E> {
    pub(crate) fn new(report: Report, api: Option<E>) -> Self {
        Self { inner: Box::new(Inner { report, api }) }
    }

    /// A request of `operation` that was not put together. `cause` is shown: it must hold no secret.
    #[must_use]
    pub fn not_built(operation: &'static str, cause: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Report::of(ErrorKind::NotBuilt, operation).because(cause.into()), None)
    }

    /// An answer of `operation` that breaks a promise. `cause` is shown: it must hold no value of the answer.
    #[must_use]
    pub fn unexpected(operation: &'static str, cause: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Report::of(ErrorKind::Unexpected, operation).because(cause.into()), None)
    }

    /// Paging of `operation` that cannot go on, for one of the two reasons that [`ErrorKind`] has for it.
    #[must_use]
    pub fn paging(operation: &'static str, kind: ErrorKind) -> Self {
        Self::new(Report::of(kind, operation), None)
    }

    /// How far the request got.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.inner.report.kind
    }

    /// The operation that failed, by the name it has in the service's description.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.inner.report.operation
    }

    /// The HTTP status, when an answer began.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.meta().map(Meta::status)
    }

    /// What the head of the answer said, when an answer began.
    #[must_use]
    pub const fn meta(&self) -> Option<&Meta> {
        self.inner.report.meta.as_ref()
    }

    /// The service's own description of the error, when it is as declared.
    #[must_use]
    pub const fn api(&self) -> Option<&E> {
        self.inner.api.as_ref()
    }

    /// Where in the answer the unexpected value stands, such as `transactions[1].amount`. Keys that are data are `?`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.inner.report.path.as_deref()
    }

    /// The id that the request carried, where its operation has requests carry one. Nothing else shows it.
    #[must_use]
    pub fn sent_request_id(&self) -> Option<&str> {
        self.meta().and_then(Meta::sent_request_id).or(self.inner.report.request_id.as_deref())
    }

    /// How often the request was sent: 0 where it was not built.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.report.attempts
    }

    /// Whether the request may have been processed, and sending it again may do it a second time: find out first what
    /// became of it. A GET, HEAD, PUT or DELETE can always be sent again.
    #[must_use]
    pub fn outcome_is_unknown(&self) -> bool {
        let report = &self.inner.report;
        let sent = match report.kind {
            ErrorKind::NoWholeAnswer | ErrorKind::Unexpected => true,
            ErrorKind::Api => report.transient || matches!(self.status(), Some(200..=299 | 408 | 500..=599)),
            _ => false,
        };
        sent && report.attempts > 0 && !report.repeatable
    }

    /// The place in its list, counted from 0, of the element that a [`BadRow`](ErrorKind::BadRow) is about.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        self.inner.report.row
    }

    /// Elements of the answer's lists that are not as described, where nothing else is wrong with it.
    #[must_use]
    pub fn bad_rows(&self) -> &[BadRow] {
        &self.inner.report.rows
    }

    /// The answer's body as far as it was kept. It may hold personal data: nothing else shows it.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.inner.report.body.as_deref()
    }

    /// Reads one value of an answer that was of no use as a whole: what stands under `key` of the outermost object, if
    /// it came through.
    ///
    /// For what is spent and cannot be asked for again, such as the id of a session that was just made.
    #[must_use]
    pub fn salvage<T: for<'de> Decode<'de>>(&self, key: &str) -> Option<T> {
        salvage::find(self.body()?, key)
    }

    /// Changes the type that describes the service's errors.
    #[must_use]
    pub fn map_api<F>(self, change: impl FnOnce(E) -> F) -> Error<F> {
        Error::new(self.inner.report, self.inner.api.map(change))
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: ", self.operation())?;
        formatter.write_str(match self.kind() {
            ErrorKind::NotBuilt => "the request could not be built",
            ErrorKind::NotSent => "the request was not sent",
            ErrorKind::NoWholeAnswer if self.inner.report.repeatable => {
                "no whole answer came (sending it again does no harm)"
            }
            ErrorKind::NoWholeAnswer => {
                "no whole answer came (it may have been processed: find out before you send it again)"
            }
            ErrorKind::Api => "the service answered with an error",
            ErrorKind::Unexpected => "the answer is not as described",
            ErrorKind::BadRow => "a row is not as described (the others are not touched by that)",
            ErrorKind::RepeatedPage => "a page leads back to one that was read before (what came so far is incomplete)",
            ErrorKind::TooManyPages => "there are more pages than allowed (what came so far is incomplete)",
        })?;
        if let Some(status) = self.status() {
            write!(formatter, ", status {status}")?;
        }
        if let Some(code) = self.inner.report.code {
            write!(formatter, ", code `{code}`")?;
        }
        if let Some(path) = self.path() {
            write!(formatter, ", at `{path}`")?;
        }
        match self.bad_rows().len() {
            0 | 1 => {}
            rows => write!(formatter, " and in {} more rows (`bad_rows` has them all)", rows - 1)?,
        }
        match self.attempts() {
            0 | 1 => Ok(()),
            attempts => write!(formatter, ", after {attempts} attempts"),
        }
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.kind())
            .field("operation", &self.operation())
            .field("status", &self.status())
            .field("code", &self.inner.report.code)
            .field("path", &self.path())
            .field("attempts", &self.attempts())
            .field("cause", &self.inner.report.cause)
            .finish_non_exhaustive()
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = self.inner.report.cause.as_ref()?;
        Some(cause)
    }
}

/// What lies behind an [`Error`], in a few words of ours.
#[derive(Clone, Eq, PartialEq)]
pub struct Cause(Cow<'static, str>);

impl From<&'static str> for Cause {
    fn from(text: &'static str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Cause {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Cow<'static, str>> for Cause {
    fn from(text: Cow<'static, str>) -> Self {
        Self(text)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl StdError for Cause {}

/// Something a client is built from is not usable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildError(Cow<'static, str>);

impl BuildError {
    /// An error that shows `text`, which must hold no secret.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl StdError for BuildError {}
