//! The error of every call.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;

use crate::bad_row::BadRow;
pub use crate::cause::{BuildError, Cause};
use crate::decode::Decode;
use crate::meta::Meta;
use crate::operation::Operation;
pub use crate::outcome::{ErrorClass, ErrorKind};
use crate::outcome::{Outcome, Safety};

mod body;
mod class;
mod client;
mod salvage;

pub use body::{DecodeError, json, text};
pub use class::{ErrorBody, ErrorLabel};
#[doc(hidden)]
pub use client::ClientError;

/// An error of a call.
///
/// Neither `Display` nor `Debug`, nor any source, shows a URL, a header, a body or a value of one.
///
/// `E` is the schema of error responses in the API description.
pub struct Error<E = ()> {
    inner: Box<Inner<E>>,
}

struct Inner<E> {
    report: Report,
    api: Option<E>,
}

/// Everything about an error except the decoded body.
pub(crate) struct Report {
    pub(crate) kind: ErrorKind,
    pub(crate) outcome: Outcome,
    pub(crate) safety: Safety,
    pub(crate) operation: &'static str,
    pub(crate) meta: Option<Meta>,
    pub(crate) path: Option<String>,
    pub(crate) cause: Option<Cause>,
    pub(crate) body: Option<Bytes>,
    /// The number of times that the request was sent.
    pub(crate) attempts: u32,
    /// Set if the limits on attempts kept the call from sending the request again.
    pub(crate) exhausted: bool,
    /// The id that the request was sent with, if there is no response.
    pub(crate) request_id: Option<Box<str>>,
    /// The index of the element that this is about.
    pub(crate) row: Option<usize>,
    pub(crate) rows: Vec<BadRow>,
    /// The service's own code, if the API description lists it.
    pub(crate) code: Option<&'static str>,
}

impl Report {
    pub(crate) fn new(kind: ErrorKind, outcome: Outcome, operation: &Operation) -> Self {
        Self { safety: Safety::of(operation), ..Self::of(kind, outcome, operation.id) }
    }

    const fn of(kind: ErrorKind, outcome: Outcome, operation: &'static str) -> Self {
        Self {
            kind,
            outcome,
            safety: Safety::Unsafe,
            operation,
            meta: None,
            path: None,
            cause: None,
            body: None,
            attempts: 0,
            exhausted: false,
            request_id: None,
            row: None,
            rows: Vec::new(),
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

    /// Creates an error about a request that was not built. `cause` is shown and must not contain secrets.
    #[must_use]
    pub fn not_built(operation: &'static str, cause: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Report::of(ErrorKind::NotBuilt, Outcome::NotBuilt, operation).because(cause.into()), None)
    }

    /// Creates an error about a response that does not match the API description. `cause` is shown and must not contain
    /// values of the response.
    #[must_use]
    pub fn unexpected(operation: &'static str, cause: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Report::of(ErrorKind::Unexpected, Outcome::Complete, operation).because(cause.into()), None)
    }

    /// Creates an error about paging that cannot continue.
    #[must_use]
    pub fn paging(operation: &'static str, kind: ErrorKind) -> Self {
        Self::new(Report::of(kind, Outcome::Local, operation), None)
    }

    /// Creates the error of one element of a list.
    #[doc(hidden)]
    #[must_use]
    pub fn bad_row(row: BadRow, operation: &Operation, meta: &Meta) -> Self {
        let report = Report::new(ErrorKind::BadRow, Outcome::Local, operation).because(row.cause);
        let report = Report {
            attempts: meta.attempts(),
            meta: Some(meta.clone()),
            path: Some(row.path),
            row: Some(row.index),
            body: Some(row.json),
            ..report
        };
        Self::new(report, None)
    }

    /// Creates the error of a response whose lists have bad elements.
    pub(crate) fn bad_rows_in(rows: Vec<BadRow>, body: Bytes, operation: &Operation, meta: Meta) -> Self {
        let first = rows.first();
        let cause =
            first.map_or(Cause::from("a list element does not match the API description"), |row| row.cause.clone());
        let report = Report::new(ErrorKind::Unexpected, Outcome::Complete, operation).because(cause);
        let path = first.map(|row| row.path.clone());
        Self::new(Report { attempts: meta.attempts(), meta: Some(meta), path, body: Some(body), rows, ..report }, None)
    }

    /// Returns how far the request got.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.inner.report.kind
    }

    /// Returns the `operationId` of the operation that failed.
    #[must_use]
    pub const fn operation(&self) -> &'static str {
        self.inner.report.operation
    }

    /// Returns the HTTP status, if there is a response.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.meta().map(Meta::status)
    }

    /// Returns the metadata of the response, if there is one.
    #[must_use]
    pub const fn meta(&self) -> Option<&Meta> {
        self.inner.report.meta.as_ref()
    }

    /// Returns the decoded body of an error response, if it matches the API description.
    #[must_use]
    pub const fn api(&self) -> Option<&E> {
        self.inner.api.as_ref()
    }

    /// Returns the path of the unexpected value, such as `transactions[1].amount`. Keys that are data are `?`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.inner.report.path.as_deref()
    }

    /// Returns the reason of the error in a few words, which contain no values of the request or response. `Display` shows
    /// it too.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.inner.report.cause.as_ref().map(Cause::text)
    }

    /// Returns the id that the request was sent with, if its operation sends one. `Display` and `Debug` do not show it.
    #[must_use]
    pub fn sent_request_id(&self) -> Option<&str> {
        self.meta().and_then(Meta::sent_request_id).or(self.inner.report.request_id.as_deref())
    }

    /// Returns how often the request was sent, which is 0 if it was not built.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.report.attempts
    }

    /// Returns whether the request may have been processed, so that sending it again may do it a second time. Find out
    /// first whether it was processed. It is `false` for GET, HEAD, PUT and DELETE, which are safe to repeat.
    #[must_use]
    pub fn outcome_is_unknown(&self) -> bool {
        let Report { outcome, safety, attempts, .. } = self.inner.report;
        outcome.verdict().maybe_processed && attempts > 0 && safety != Safety::Safe
    }

    /// Returns the index in its list of the element that a [`BadRow`](ErrorKind::BadRow) is about, starting at 0.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        self.inner.report.row
    }

    /// Returns the elements of lists that do not match the API description, if the rest of the response does.
    #[must_use]
    pub fn bad_rows(&self) -> &[BadRow] {
        &self.inner.report.rows
    }

    /// Returns the raw body of the response, as far as it was kept. It may contain personal data, and `Debug` does not
    /// show it.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.inner.report.body.as_deref()
    }

    /// Decodes the value under `key` of the outermost object from a response that could not be decoded as a whole.
    ///
    /// It is for values that cannot be requested again, such as the id of a session that was just created.
    #[must_use]
    pub fn salvage<T: for<'de> Decode<'de>>(&self, key: &str) -> Option<T> {
        salvage::find(self.body()?, key)
    }

    /// Drops the decoded body. The raw one is kept.
    #[must_use]
    pub fn without_api<F>(self) -> Error<F> {
        Error::new(self.inner.report, None)
    }

    /// Changes the type of the decoded body.
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
            ErrorKind::NoWholeAnswer => "no complete response was received",
            ErrorKind::Api => "the service returned an error",
            ErrorKind::Unexpected => "the response does not match the API description",
            ErrorKind::BadRow => "a list element does not match the API description",
            ErrorKind::RepeatedPage => "a page was returned twice, so the list is incomplete",
            ErrorKind::TooManyPages => "there are more pages than allowed, so the list is incomplete",
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
        if let Some(cause) = &self.inner.report.cause {
            write!(formatter, ": {cause}")?;
        }
        match self.bad_rows().len() {
            0 | 1 => {}
            rows => write!(formatter, " ({} more elements in `bad_rows`)", rows - 1)?,
        }
        if self.kind() == ErrorKind::NoWholeAnswer && self.inner.report.safety != Safety::Safe {
            formatter.write_str(" (the request may have been processed: find out before you send it again)")?;
        }
        match self.attempts() {
            0 | 1 => Ok(()),
            attempts => write!(formatter, " (after {attempts} attempts)"),
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

impl<E> StdError for Error<E> {}
