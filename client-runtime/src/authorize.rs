//! Credentials of requests.

use std::fmt;
use std::future::{self, Future};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use http::header::HeaderValue;

use crate::exchange::HttpRequest;
use crate::header::{AuthorizeError, SecretHeader};

/// Adds credentials to requests.
///
/// It sees the whole request with the bytes of its body, so that it can sign them, and it may wait, for example for a
/// token endpoint.
///
/// ```
/// use openbanking_client_runtime::context::{Authorize, Authorizing, HttpRequest, SecretHeader};
///
/// struct Fixed(SecretHeader);
///
/// impl Authorize for Fixed {
///     fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
///         Authorizing::new(async move {
///             request.set_credentials(self.0.clone());
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait Authorize: Send + Sync {
    /// Adds credentials to a request. It is called before every attempt, so keep what is expensive to create.
    ///
    /// # Errors
    ///
    /// The future returns an error if there are no credentials. The request is not sent then.
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a>;

    /// Returns whether a request that was refused with status 401 should be sent once more with new credentials.
    ///
    /// It is called at most once for a call, and never for operations with `x-single-use`. The default is `false`.
    fn renews(&self, refused: &Refused<'_>) -> bool {
        let _ = refused;
        false
    }

    /// Reports that the request was refused again after [`renews`](Self::renews) returned `true`.
    fn renewed_in_vain(&self, refused: &Refused<'_>) {
        let _ = refused;
    }
}

/// The future of [`Authorize::authorize`].
#[must_use = "a future does nothing until it is awaited"]
pub struct Authorizing<'a>(State<'a>);

enum State<'a> {
    Ready(future::Ready<Result<(), AuthorizeError>>),
    Pending(Pin<Box<dyn Future<Output = Result<(), AuthorizeError>> + Send + 'a>>),
}

impl<'a> Authorizing<'a> {
    /// Creates it from a future.
    pub fn new(future: impl Future<Output = Result<(), AuthorizeError>> + Send + 'a) -> Self {
        Self(State::Pending(Box::pin(future)))
    }

    /// Creates it from a result that is known already, without an allocation.
    pub fn ready(result: Result<(), AuthorizeError>) -> Self {
        Self(State::Ready(future::ready(result)))
    }
}

impl Future for Authorizing<'_> {
    type Output = Result<(), AuthorizeError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Ready(future) => Pin::new(future).poll(context),
            State::Pending(future) => future.as_mut().poll(context),
        }
    }
}

impl fmt::Debug for Authorizing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Authorizing")
    }
}

/// A response with status 401, as far as it says why.
#[derive(Clone, Copy)]
pub struct Refused<'a> {
    pub(crate) sent: &'a HeaderValue,
    pub(crate) date: Option<SystemTime>,
    pub(crate) body: &'a [u8],
}

impl Refused<'_> {
    /// Returns whether the request was sent with this value.
    #[must_use]
    pub fn carried(&self, header: &SecretHeader) -> bool {
        *self.sent == header.0
    }

    /// Returns the time of the service's clock, from the header `Date`.
    #[must_use]
    pub const fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// Returns the body of the response.
    #[must_use]
    pub const fn body(&self) -> &[u8] {
        self.body
    }
}

impl fmt::Debug for Refused<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Refused").field("date", &self.date).finish_non_exhaustive()
    }
}

/// A bearer token that does not change.
#[derive(Clone, Debug)]
pub struct BearerToken(SecretHeader);

impl BearerToken {
    /// Creates credentials from a token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token is empty or contains characters that are not allowed in a header.
    pub fn new(token: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::bearer(token).map(Self)
    }
}

impl Authorize for BearerToken {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        request.set_credentials(self.0.clone());
        Authorizing::ready(Ok(()))
    }
}

/// An API key that does not change, for services that expect it in a header of their own.
#[derive(Clone, Debug)]
pub struct ApiKey(SecretHeader);

impl ApiKey {
    /// Creates credentials from a key.
    ///
    /// # Errors
    ///
    /// Returns an error if the key is empty or contains characters that are not allowed in a header.
    pub fn new(key: &str) -> Result<Self, AuthorizeError> {
        SecretHeader::plain(key).map(Self)
    }
}

impl Authorize for ApiKey {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        request.set_credentials(self.0.clone());
        Authorizing::ready(Ok(()))
    }
}
