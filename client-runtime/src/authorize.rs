//! Credentials of requests.

use std::fmt;
use std::future::{self, Future};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::SystemTime;

use crate::exchange::HttpRequest;
use crate::header::{AuthorizeError, SecretHeader};

/// Adds credentials to requests.
///
/// It sees the whole request with the bytes of its body, so that it can sign them, and it may wait, for example for a
/// token endpoint.
///
/// There are types for [bearer tokens](crate::context::BearerToken), [user names and
/// passwords](crate::context::BasicCredentials), [API keys](crate::context::ApiKey) and [OAuth 2.0 client
/// credentials](crate::oauth2::ClientCredentials); [`Credentials`](crate::context::Credentials) combines several of them.
/// A client certificate is an option of the transport, [`Options::identity`](crate::transport::Options).
///
/// # Signatures
///
/// This one sends a digest of the body, and a signature of the digest and the URL. `sha256` and `sign` come from a library
/// for cryptography. Everything that has to be in the signature must be set already, so pass it to
/// [`Credentials::with_signer`](crate::context::Credentials::with_signer) if there are other credentials.
///
/// ```
/// use openbanking_client_runtime::context::{Authorize, Authorizing, AuthorizeError, HttpRequest, SecretHeader};
///
/// struct Signer {
///     key_id: String,
///     // In base64.
///     sha256: fn(&[u8]) -> String,
///     sign: fn(&[u8]) -> Option<String>,
/// }
///
/// impl Signer {
///     fn add_signature(&self, request: &mut HttpRequest) -> Result<(), AuthorizeError> {
///         let digest = format!("SHA-256={}", (self.sha256)(request.body()));
///         let signed = format!("{} {}\ndigest: {digest}", request.method(), request.url());
///         let signature = (self.sign)(signed.as_bytes()).ok_or(AuthorizeError::new("the key cannot sign"))?;
///         let signature = format!("keyId=\"{}\", headers=\"digest\", signature=\"{signature}\"", self.key_id);
///         // `false` means that a header cannot have such a name.
///         assert!(request.set_header("Digest", SecretHeader::new(&digest)?));
///         assert!(request.set_header("Signature", SecretHeader::new(&signature)?));
///         Ok(())
///     }
/// }
///
/// impl Authorize for Signer {
///     fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
///         Authorizing::ready(self.add_signature(request))
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

/// The same credentials, shared by several clients.
impl<A: Authorize + ?Sized> Authorize for Arc<A> {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        (**self).authorize(request)
    }

    fn renews(&self, refused: &Refused<'_>) -> bool {
        (**self).renews(refused)
    }

    fn renewed_in_vain(&self, refused: &Refused<'_>) {
        (**self).renewed_in_vain(refused);
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
    pub(crate) sent: &'a HttpRequest,
    pub(crate) date: Option<SystemTime>,
    pub(crate) body: &'a [u8],
}

impl Refused<'_> {
    /// Returns whether the request was sent with this value, at any place that its operation has for credentials.
    #[must_use]
    pub fn carried(&self, value: &SecretHeader) -> bool {
        self.sent.carried().any(|sent| sent == value.0)
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
