//! The result of a call.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;

pub use crate::bad_row::BadRow;
use crate::decode::{self, Decode};
use crate::error::{ClientError, Error};
pub use crate::meta::{Meta, RateLimit};
use crate::observe::{self, Deviation};
use crate::operation::Operation;
use crate::rows::{BadRows, by_row};

/// A decoded response with its metadata.
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    body: Bytes,
    meta: Meta,
    rows: Option<Box<BadRows>>,
}

/// The value is not shown: it may be text or bytes, which show all of it.
impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Response");
        shown.field("meta", &self.meta).field("bad_rows", &self.bad_rows()).finish_non_exhaustive()
    }
}

impl<T> Response<T> {
    pub(crate) const fn new(value: T, body: Bytes, meta: Meta, rows: Option<Box<BadRows>>) -> Self {
        Self { value, body, meta, rows }
    }

    /// Returns the decoded body.
    #[must_use]
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// Returns the decoded body without the metadata.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// Returns the body as it was received, after decompression. `Debug` does not show it.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the first value of a header, if it is visible ASCII. The name may be in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.meta.header(name)
    }

    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.meta.status()
    }

    /// Returns the metadata: headers, request id, rate limit and number of attempts.
    #[must_use]
    pub const fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Changes the decoded body and keeps the rest.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response::new(change(self.value), self.body, self.meta, self.rows)
    }

    /// Returns the elements of lists that do not match the API description. The [`value`](Self::value) is without them.
    #[must_use]
    pub fn bad_rows(&self) -> &[BadRow] {
        self.rows.as_ref().map_or(&[], |rows| &rows.rows)
    }

    /// Decodes the body again, and returns its deviations from the API description: names only, and no values.
    ///
    /// They are sorted, and each is there once, with the number of its occurrences.
    #[must_use]
    pub fn deviations(&self) -> Vec<Deviation>
    where
        T: for<'de> Decode<'de>,
    {
        if !<T as Decode<'_>>::NEEDS_BODY {
            return Vec::new();
        }
        let decode = || match &self.rows {
            None => drop(decode::from_body::<T>(&self.body)),
            Some(bad) => {
                drop(by_row::<T>(&self.body, true));
                bad.rows.iter().map(BadRow::deviation).for_each(|(kind, path)| observe::undecoded(kind, &path));
            }
        };
        observe::collect(decode).1
    }

    /// Returns the decoded body, if it is complete.
    ///
    /// # Errors
    ///
    /// Returns an error with the [bad rows](Self::bad_rows), if there are any.
    #[doc(hidden)]
    pub fn into_whole<E: ClientError>(self, operation: &Operation) -> Result<T, E> {
        match self.rows {
            None => Ok(self.value),
            // What an operation with `x-single-use` returns cannot be requested again.
            Some(rows) if operation.single_use && rows.are_harmless() => Ok(self.value),
            Some(rows) => Err(Error::bad_rows_in(rows.rows, self.body, operation, self.meta).into()),
        }
    }
}

/// A call that is being sent. `E` is the error type of the client crate.
#[must_use = "nothing is sent before the call is awaited"]
pub struct Pending<'a, T, E> {
    future: Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>,
}

impl<'a, T, E> Pending<'a, T, E> {
    /// Creates it from a future.
    pub fn new(future: impl Future<Output = Result<T, E>> + Send + 'a) -> Self {
        Self { future: Box::pin(future) }
    }
}

impl<T, E> Future for Pending<'_, T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.future.as_mut().poll(context)
    }
}

impl<T, E> fmt::Debug for Pending<'_, T, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pending")
    }
}
