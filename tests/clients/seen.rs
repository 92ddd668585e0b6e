//! The result of a call, of which tests look at the JSON or at the error.

use std::error::Error as StdError;
use std::{fmt, iter};

use openbanking_client_runtime::error::{ClientError, Error, ErrorBody};
use openbanking_client_runtime::response::Response;

/// A response that the client accepted.
pub(crate) struct Seen {
    /// The response as JSON.
    pub(crate) json: String,
    /// The errors of list elements that could not be decoded.
    pub(crate) bad_rows: Vec<Failure>,
}

impl Seen {
    pub(crate) fn new(answer: &impl serde::Serialize) -> Self {
        Self { json: serde_json::to_string(answer).unwrap(), bad_rows: Vec::new() }
    }

    /// Returns the response of one of our clients, or its error.
    pub(crate) fn of<E>(answer: Result<Response<impl serde::Serialize>, E>) -> Result<Self, Failure>
    where
        E: ClientError<Body: ErrorBody + Send + 'static> + Into<Error<E::Body>>,
    {
        let answer = answer.map_err(Failure::of)?;
        let bad_rows = answer.bad_rows().iter().map(|row| Failure::of_row(row.clone(), answer.status()));
        Ok(Self { bad_rows: bad_rows.collect(), ..Self::new(answer.value()) })
    }
}

/// An error of a client, with the properties that the error reports.
pub(crate) struct Failure {
    /// The error's variant, kind or class, which callers match on.
    pub(crate) class: String,
    pub(crate) status: Option<u16>,
    /// Set if the client reports that the call can be retried.
    pub(crate) retryable: bool,
    /// The number of attempts that the client reports.
    pub(crate) attempts: Option<usize>,
    pub(crate) error: Box<dyn StdError + Send>,
}

impl Failure {
    /// Converts the error of one of our clients.
    pub(crate) fn of<E>(error: E) -> Self
    where
        E: ClientError<Body: ErrorBody + Send + 'static> + Into<Error<E::Body>>,
    {
        let error: Error<E::Body> = error.into();
        Self {
            class: format!("{:?}", error.kind()),
            status: error.status(),
            retryable: error.is_retryable(),
            // Paging has errors of its own, which no request has had.
            attempts: usize::try_from(error.attempts()).ok().filter(|attempts| *attempts > 0),
            error: Box::new(error),
        }
    }

    /// Converts the error of a list element in a successful response.
    pub(crate) fn of_row(row: impl StdError + Send + 'static, status: u16) -> Self {
        Self {
            class: "BadRow".to_owned(),
            status: Some(status),
            retryable: false,
            attempts: None,
            error: Box::new(row),
        }
    }

    /// Writes everything that a log may contain of the error: `Display`, `Debug`, both alternate, and the chain of sources.
    pub(crate) fn write(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let error = &self.error;
        write!(out, "{error}\n{error:?}\n{error:#}\n{error:#?}\n")?;
        let first = error.source();
        iter::successors(first, |error| (*error).source()).try_for_each(|error| write!(out, "{error}\n{error:?}\n"))
    }
}
