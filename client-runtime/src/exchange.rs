//! Requests and responses as they are sent and received.

use std::fmt;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use url::Url;

use crate::cause::Cause;
use crate::header::SecretHeader;
use crate::operation::{Authorization, Place};
use crate::outcome::Outcome;
use crate::place;

/// The bytes that some servers put before JSON in UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A request with all its parts, before it is sent.
///
/// `Debug` shows the method alone: URL, headers and body may contain personal data.
#[derive(Clone)]
pub struct HttpRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    /// The places for the credentials of this operation.
    pub(crate) authorization: Authorization,
    /// The first of the credentials that could not be set.
    pub(crate) problem: Option<&'static str>,
}

impl HttpRequest {
    /// Returns the HTTP method, in upper case.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Returns the complete URL with its query, for signatures. It may contain an API key, so do not log it.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the body as it will be sent, which is empty for a request without a body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }

    /// Returns the first value of a header, if it is visible ASCII. The name may be in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Sets the header, query parameter or cookie in which the API expects the credentials of this operation, usually the
    /// header `Authorization`. If several apply together, it is the first of them;
    /// [`set_credential`](Self::set_credential) sets them one by one.
    ///
    /// The request is not sent if the value cannot be a cookie and has to be one. For operations without such a place, the
    /// value is not used.
    pub fn set_credentials(&mut self, value: SecretHeader) {
        if let Some(first) = self.authorization.credentials.first() {
            self.put(first.place, value);
        }
    }

    /// Sets the credentials for a security scheme of the API description.
    ///
    /// Returns `false` and changes nothing if this operation does not use the scheme.
    #[must_use]
    pub fn set_credential(&mut self, scheme: &str, value: SecretHeader) -> bool {
        let found = self.authorization.credentials.iter().find(|credential| credential.scheme == scheme);
        found.map(|credential| self.put(credential.place, value)).is_some()
    }

    /// Returns the names of the security schemes that apply to this operation together.
    pub fn schemes(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.authorization.credentials.iter().map(|credential| credential.scheme)
    }

    /// Sets another header, such as a signature or digest of the body, in place of all values that it had.
    ///
    /// Returns `false` and changes nothing if no header can have this name.
    #[must_use]
    pub fn set_header(&mut self, name: &str, value: SecretHeader) -> bool {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { return false };
        self.headers.insert(name, value.0);
        true
    }

    /// Creates a request of no operation.
    pub(crate) fn without_credentials(method: Method, url: Url, headers: HeaderMap, body: Option<Bytes>) -> Self {
        Self { method, url, headers, body, authorization: Authorization::NONE, problem: None }
    }

    /// Sets the value at a place, in place of all values that it had.
    pub(crate) fn put(&mut self, place: Place, value: SecretHeader) {
        if let Err(problem) = place::set(place, value.0, &mut self.url, &mut self.headers) {
            self.problem.get_or_insert(problem);
        }
    }

    /// Returns the credentials that it carries.
    pub(crate) fn carried(&self) -> impl Iterator<Item = HeaderValue> {
        let credentials = self.authorization.credentials.iter();
        credentials.filter_map(|credential| place::get(credential.place, &self.url, &self.headers))
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HttpRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// A response with its body.
pub(crate) struct HttpResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// A body as far as it was received.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    /// The reason why the rest of it is missing, if it is.
    pub(crate) broken: Option<Broken>,
}

/// The reason why the rest of a body is missing.
#[derive(Clone)]
pub(crate) enum Broken {
    /// It was not received.
    Cut(Cause),
    /// It is larger than the limit.
    TooLarge(Cause),
}

impl Broken {
    pub(crate) fn cause(self) -> Cause {
        match self {
            Self::Cut(cause) | Self::TooLarge(cause) => cause,
        }
    }
}

impl Body {
    /// Returns whether the rest of it was not received.
    pub(crate) const fn is_cut(&self) -> bool {
        matches!(self.broken, Some(Broken::Cut(_)))
    }
}

/// A request without a response.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) outcome: Outcome,
    pub(crate) cause: Cause,
}
