//! The body of a success, decoded as the API description says.

use bytes::{Buf, Bytes};
use serde::de::IntoDeserializer;

use crate::cause::Cause;
use crate::decode::{self, Decode};
use crate::error::{DecodeError, ErrorKind};
use crate::exchange::{BYTE_ORDER_MARK, Body, Broken};
use crate::explain::{explained, path};
use crate::operation::Operation;
use crate::rows::{BadRows, by_row};

/// The reason why a response of success could not be decoded.
#[derive(Debug)]
pub struct Undecoded {
    pub(crate) kind: ErrorKind,
    pub(crate) path: Option<String>,
    pub(crate) cause: Cause,
}

/// A response of success, whose body is to be decoded. `E` is the schema of error responses.
pub struct Answer<E> {
    operation: &'static Operation,
    status: u16,
    pub(crate) body: Body,
    /// The list elements that could not be decoded.
    pub(crate) rows: Option<BadRows>,
    /// An error that came under a status of success.
    pub(crate) error: Option<E>,
    /// Set if the resource is deleted, and the service says no more about it.
    is_deleted: bool,
}

impl<E> std::fmt::Debug for Answer<E> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}

impl<E> Answer<E> {
    pub(crate) const fn new(operation: &'static Operation, status: u16, body: Body) -> Self {
        Self { operation, status, body, rows: None, error: None, is_deleted: false }
    }

    /// Creates the answer that stands for one without content, which a service need not document.
    pub(crate) const fn deleted(operation: &'static Operation) -> Self {
        let body = Body { bytes: Bytes::from_static(b"{}"), broken: None };
        Self { operation, status: 204, body, rows: None, error: None, is_deleted: true }
    }

    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Decodes a JSON body. List elements that cannot be decoded are left out and kept as bad rows.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not complete, or does not match the type.
    pub fn json<T>(&mut self) -> Result<T, Undecoded>
    where
        T: for<'de> Decode<'de>,
        E: DecodeError,
    {
        if self.is_deleted {
            return decode::from_slice(&self.body.bytes).map_err(|error| unexpected(explained(&error), None));
        }
        self.skip_byte_order_mark();
        let (value, rows) = decoded::<T>(&self.body, self.operation)?;
        // The keys of an error are then among those that the type lists, or that it does not: most pages have neither.
        let lists_one = const { share_a_key(T::KEYS, E::KEYS) };
        if rows.is_some() || value.has_unlisted() != Some(false) || lists_one {
            self.error = E::decode_disguised(&self.body.bytes);
        }
        self.rows = rows;
        Ok(value)
    }

    /// Decodes a body of plain text in UTF-8.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not complete, or is not text in UTF-8.
    pub fn text(&mut self) -> Result<String, Undecoded> {
        self.skip_byte_order_mark();
        let bytes = self.bytes()?;
        let text = std::str::from_utf8(&bytes).map_err(|_| unexpected(decode::NO_TEXT.into(), None))?;
        Ok(text.to_owned())
    }

    /// Returns the body as it is.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not complete.
    pub fn bytes(&mut self) -> Result<Bytes, Undecoded> {
        if self.is_deleted {
            return Err(unexpected("the response has no body".into(), None));
        }
        self.body.check_complete()?;
        Ok(self.body.bytes.clone())
    }

    /// Returns the error for a status that the API description does not list.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn unlisted<T>(&mut self) -> Result<T, Undecoded> {
        Err(unexpected("the API description does not list this status".into(), None))
    }

    fn skip_byte_order_mark(&mut self) {
        if self.body.bytes.starts_with(BYTE_ORDER_MARK) {
            self.body.bytes.advance(BYTE_ORDER_MARK.len());
        }
    }
}

impl Body {
    fn check_complete(&self) -> Result<(), Undecoded> {
        match &self.broken {
            Some(Broken::Cut(cause)) => {
                Err(Undecoded { kind: ErrorKind::NoWholeAnswer, path: None, cause: cause.clone() })
            }
            Some(Broken::TooLarge(cause)) => Err(unexpected(cause.clone(), None)),
            None => Ok(()),
        }
    }
}

fn decoded<T: for<'de> Decode<'de>>(body: &Body, operation: &Operation) -> Result<(T, Option<BadRows>), Undecoded> {
    if !<T as Decode<'_>>::NEEDS_BODY {
        let nothing: serde::de::value::UnitDeserializer<serde_json::Error> = ().into_deserializer();
        return T::decode(nothing).map(|value| (value, None)).map_err(|error| unexpected(explained(&error), None));
    }
    body.check_complete()?;
    if body.bytes.is_empty() {
        return Err(unexpected("the body is empty".into(), None));
    }
    // A list may be null, but not the whole response, which would count as an empty one.
    if body.bytes.trim_ascii() == b"null" && !<T as Decode<'_>>::KEEPS_EMPTY {
        return Err(unexpected("the body is null".into(), None));
    }
    match decode::from_body(&body.bytes) {
        Ok(value) => Ok((value, None)),
        Err(error) => match by_row(&body.bytes, operation.single_use) {
            Some((value, rows)) => Ok((value, Some(rows))),
            None => Err(unexpected(explained(&error), path::<T>(&body.bytes))),
        },
    }
}

fn unexpected(cause: Cause, path: Option<String>) -> Undecoded {
    Undecoded { kind: ErrorKind::Unexpected, path, cause }
}

/// Returns whether an object of each of two types may have the same key. Without a list, a type may have any.
const fn share_a_key(first: Option<&[&str]>, second: Option<&[&str]>) -> bool {
    let (Some(first), Some(second)) = (first, second) else { return true };
    let mut place = 0;
    while place < first.len() * second.len() {
        if is_same(first[place / second.len()].as_bytes(), second[place % second.len()].as_bytes()) {
            return true;
        }
        place += 1;
    }
    false
}

const fn is_same(first: &[u8], second: &[u8]) -> bool {
    let mut place = 0;
    while place < first.len() && place < second.len() && first[place] == second[place] {
        place += 1;
    }
    place == first.len() && place == second.len()
}
