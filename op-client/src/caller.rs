//! Who calls, for whom, and in which session.

use std::fmt;

use openbanking_client_runtime::context::{ApiKey, ContextHeader};

use crate::Client;

const AUTHORIZATION: &str = "x-authorization";
const SESSION_ID: &str = "x-session-id";
const REQUEST_ID: &str = "x-request-id";

/// A value is none that its header can carry. It is not shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidHeader {
    name: &'static str,
}

impl InvalidHeader {
    const fn new(name: &'static str) -> Self {
        Self { name }
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for InvalidHeader {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the value for `{}` is empty, or holds something other than letters, digits and signs of ASCII (look for a \
             space or a line end that was copied along)",
            self.name
        )
    }
}

impl std::error::Error for InvalidHeader {}

/// The key of an application, from the bank's developer site: the header `x-api-key`. Nothing shows it.
#[derive(Clone, Debug)]
pub struct ApplicationKey(pub(crate) ApiKey);

impl ApplicationKey {
    /// A key.
    ///
    /// # Errors
    ///
    /// A key that is empty, or holds what no header may.
    pub fn new(key: &str) -> Result<Self, InvalidHeader> {
        ApiKey::new(key).map(Self).map_err(|_| InvalidHeader::new("x-api-key"))
    }
}

/// The token that stands for an end user: the header `x-authorization`. Nothing shows it.
///
/// The documentation prints `b6910384440ce06f495976f96a162e2ab1bafbb4`, which everybody may use in the sandbox.
#[derive(Clone, Debug)]
pub struct UserToken(pub(crate) ContextHeader);

impl UserToken {
    /// A token.
    ///
    /// # Errors
    ///
    /// A token that is empty, or holds what no header may.
    pub fn new(token: &str) -> Result<Self, InvalidHeader> {
        header(AUTHORIZATION, token).map(Self)
    }
}

/// A header of visible ASCII characters.
pub(crate) fn header(name: &'static str, text: &str) -> Result<ContextHeader, InvalidHeader> {
    let is_visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let made = ContextHeader::new(name, text).ok().filter(|_| is_visible);
    made.ok_or(InvalidHeader::new(name))
}

/// The header of a session.
pub(crate) fn session(id: &str) -> Result<ContextHeader, InvalidHeader> {
    header(SESSION_ID, id)
}

/// For whom a client speaks. A copy is cheap, and shares its connections.
impl Client {
    /// The same client for another end user.
    #[must_use]
    pub fn for_user(&self, token: UserToken) -> Self {
        self.with_header(token.0)
    }

    /// The same client in another session, by which the service finds what it keeps in memory: the header
    /// `x-session-id`.
    ///
    /// # Errors
    ///
    /// An id that is empty, or holds what no header may.
    pub fn in_session(&self, id: &str) -> Result<Self, InvalidHeader> {
        session(id).map(|header| self.with_header(header))
    }

    /// The same client with requests that carry this id, in place of a new one for each call: the header
    /// `x-request-id`. [`Error::sent_request_id`](crate::Error::sent_request_id) and
    /// [`Meta::sent_request_id`](crate::Meta::sent_request_id) tell which one a call carried.
    ///
    /// # Errors
    ///
    /// An id that is empty, or holds what no header may.
    pub fn with_request_id(&self, id: &str) -> Result<Self, InvalidHeader> {
        header(REQUEST_ID, id).map(|header| self.with_header(header))
    }

    /// A clone of this client that sends every request once, whatever comes of it.
    #[must_use]
    pub fn without_retries(&self) -> Self {
        self.with_context(self.context().clone().with_retry(crate::Retry::OFF))
    }

    fn with_header(&self, header: ContextHeader) -> Self {
        self.with_context(self.context().clone().with_header(header))
    }
}
