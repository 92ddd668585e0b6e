//! Files that are not part of an API, such as certificates.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{HeaderMap, USER_AGENT};
use url::Url;

use super::Transport;
use crate::call::Backend;
use crate::cause::Cause;
use crate::exchange::HttpRequest;
use crate::header::header_value;
use crate::pace::Limits;

/// The reason why a file could not be fetched. It shows neither its URL nor its content.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FetchError(Cause);

impl fmt::Display for FetchError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for FetchError {}

impl Transport {
    /// Requests a file once: without credentials, retries or redirects. The URL may lead to any host. A transport that was
    /// built for https refuses plain http.
    ///
    /// # Errors
    ///
    /// Returns an error if a response does not arrive in time, if its status is not one of success, or if the body is larger than
    /// `limit` bytes.
    pub async fn fetch(
        &self,
        url: &Url,
        user_agent: &str,
        timeout: Duration,
        limit: usize,
    ) -> Result<Bytes, FetchError> {
        let user_agent =
            header_value("user-agent", user_agent).map_err(|error| FetchError(error.to_string().into()))?;
        let headers = HeaderMap::from_iter([(USER_AGENT, user_agent)]);
        let request = HttpRequest::without_credentials(Method::GET, url.clone(), headers, None);
        let limits = Limits { answer_bytes: limit, error_bytes: 0 };
        let response = self.send(request, timeout, &limits).await.map_err(|failure| FetchError(failure.cause))?;
        if !response.status.is_success() {
            return Err(FetchError(format!("the status is {}", response.status.as_u16()).into()));
        }
        match response.body.broken {
            None => Ok(response.body.bytes),
            Some(broken) => Err(FetchError(broken.cause())),
        }
    }
}
