//! Tokens of OAuth 2.0.

mod token;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use url::{Url, form_urlencoded};

use self::token::{Issued, State};
use crate::authorize::{Authorize, Authorizing, Refused};
use crate::call::Backend;
use crate::cause::BuildError;
use crate::credentials::set_authorization;
use crate::exchange::{Broken, HttpRequest};
use crate::header::{AuthorizeError, SecretHeader};
use crate::pace::Limits;
use crate::transport::{self, Options, Transport, Turns};

/// Token responses have a few kilobytes, even if the tokens are JWTs with many claims.
const LIMITS: Limits = Limits { answer_bytes: 256 * 1024, error_bytes: 64 * 1024 };

/// The time without renewals after a new token was refused like the one before: the token is not the reason.
const PAUSE: Duration = Duration::from_secs(60);

/// Parameters of a token request that have methods of their own.
const OWN: &[&str] = &["client_id", "client_secret", "grant_type"];

/// A client that authenticates as itself: the grant `client_credentials` of OAuth 2.0 ([RFC 6749, section
/// 4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4)).
///
/// The token is requested with the first call and used until shortly before it expires. Concurrent calls wait for one
/// request. If a call is refused with status 401, a new token is requested once. To use the same token in several clients,
/// put it in an [`Arc`](std::sync::Arc).
///
/// ```
/// use openbanking_client_runtime::context::Context;
/// use openbanking_client_runtime::oauth2::ClientCredentials;
///
/// let credentials = ClientCredentials::new("https://auth.example.com/token", "f3a1", "open sesame")?
///     .with_scope("accounts payments")
///     .with_parameter("audience", "https://api.example.com")?;
/// let context = Context::new().with_authorize(credentials);
/// # Ok::<(), openbanking_client_runtime::error::BuildError>(())
/// ```
pub struct ClientCredentials {
    transport: Transport,
    url: Url,
    id: String,
    secret: String,
    is_in_body: bool,
    parameters: Vec<(String, String)>,
    state: Mutex<State>,
    turns: Turns,
}

impl ClientCredentials {
    /// Creates the credentials of a client that authenticates to the token URL by HTTP basic authentication.
    ///
    /// # Errors
    ///
    /// Returns an error if the token URL is not https, or http to this machine, and if it contains a user name or a fragment.
    pub fn new(token_url: &str, client_id: &str, client_secret: &str) -> Result<Self, BuildError> {
        Self::with_options(token_url, client_id, client_secret, &Options::default())
    }

    /// Like [`new`](Self::new), with other settings of connections, such as a client certificate. Of the time limits, those
    /// of one attempt apply: token requests are not retried.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new), and options that are not usable.
    pub fn with_options(
        token_url: &str,
        client_id: &str,
        client_secret: &str,
        options: &Options,
    ) -> Result<Self, BuildError> {
        let url = Url::parse(token_url).map_err(|_| BuildError::new("the token URL is not valid"))?;
        transport::check_scheme(&url, &options.insecure_hosts, "token URL")?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(BuildError::new("the token URL contains a user name, password or fragment (leave it out)"));
        }
        let mut base = url.clone();
        base.set_query(None);
        Ok(Self {
            transport: transport::build(base.as_str(), options)?,
            url,
            id: client_id.to_owned(),
            secret: client_secret.to_owned(),
            is_in_body: false,
            parameters: Vec::new(),
            state: Mutex::default(),
            turns: Turns::default(),
        })
    }

    /// Sends the client id and secret in the body, for services that do not take them by HTTP basic authentication.
    #[must_use]
    pub fn with_secret_in_body(mut self) -> Self {
        self.is_in_body = true;
        self
    }

    /// Sets the scope of the token: names with spaces between them.
    #[must_use]
    pub fn with_scope(mut self, scope: &str) -> Self {
        self.set("scope", scope);
        self
    }

    /// Sets another parameter of the token request, such as `audience` or `resource`.
    ///
    /// # Errors
    ///
    /// Returns an error for `grant_type`, `client_id` and `client_secret`.
    pub fn with_parameter(mut self, name: &str, value: &str) -> Result<Self, BuildError> {
        if OWN.contains(&name) {
            return Err(BuildError::new(format!("`{name}` of a token request is set by the client")));
        }
        self.set(name, value);
        Ok(self)
    }

    fn set(&mut self, name: &str, value: &str) {
        self.parameters.retain(|(other, _)| other != name);
        self.parameters.push((name.to_owned(), value.to_owned()));
    }

    async fn token(&self) -> Result<SecretHeader, AuthorizeError> {
        if let Some(token) = self.cached() {
            return Ok(token);
        }
        let _turn = self.turns.take().await;
        // Another call may have requested one during the wait.
        if let Some(token) = self.cached() {
            return Ok(token);
        }
        // Its lifetime is counted from here, because the time of the response is not known.
        let requested = self.transport.now();
        let issued = self.request_token().await?;
        let token = issued.header.clone();
        self.state().store(issued, requested);
        Ok(token)
    }

    fn cached(&self) -> Option<SecretHeader> {
        self.state().usable(self.transport.now())
    }

    async fn request_token(&self) -> Result<Issued, AuthorizeError> {
        let timeout = self.transport.pace.attempt_timeout;
        let response = self.transport.send(self.token_request()?, timeout, &LIMITS).await;
        let no_response = |cause: &dyn fmt::Display| AuthorizeError::new(format!("no token was received: {cause}"));
        let response = response.map_err(|failure| no_response(&failure.cause))?;
        if response.status.is_success() {
            return match response.body.broken.map(Broken::cause) {
                None => Issued::parse(&response.body.bytes),
                Some(cause) => Err(no_response(&cause)),
            };
        }
        let status = response.status.as_u16();
        Err(AuthorizeError::new(match token::error_code(&response.body.bytes) {
            Some(code) => format!("the token request was refused with status {status} and code `{code}`"),
            None => format!("the token request was refused with status {status}"),
        }))
    }

    fn token_request(&self) -> Result<HttpRequest, AuthorizeError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials").extend_pairs(&self.parameters);
        if self.is_in_body {
            form.append_pair("client_id", &self.id).append_pair("client_secret", &self.secret);
        } else {
            // RFC 6749, section 2.3.1: both are encoded as in a form first.
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            headers.insert(AUTHORIZATION, SecretHeader::basic(&encoded(&self.id), &encoded(&self.secret))?.0);
        }
        let body = Some(Bytes::from(form.finish()));
        Ok(HttpRequest::without_credentials(Method::POST, self.url.clone(), headers, body))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change of the state is one assignment after another, none of which can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Authorize for ClientCredentials {
    fn authorize<'a>(&'a self, request: &'a mut HttpRequest) -> Authorizing<'a> {
        if request.authorization.credentials.is_empty() {
            return Authorizing::ready(Ok(()));
        }
        if let Some(token) = self.cached() {
            return Authorizing::ready(set_authorization(request, &token));
        }
        Authorizing::new(async move { set_authorization(request, &self.token().await?) })
    }

    fn renews(&self, refused: &Refused<'_>) -> bool {
        self.state().renew(self.transport.now(), |token| refused.carried(token))
    }

    fn renewed_in_vain(&self, refused: &Refused<'_>) {
        let until = self.transport.now().checked_add(PAUSE);
        self.state().pause(until, |token| refused.carried(token));
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientCredentials([redacted])")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    const CANARY: &str = "hunter2";

    #[test]
    fn tokens_are_requested_over_https_or_from_this_machine() {
        for url in ["https://a.example/token?p=a", "http://127.0.0.1:1/token", "http://localhost"] {
            let credentials = ClientCredentials::new(url, "a", CANARY).unwrap();
            assert!(!format!("{credentials:?}").contains(CANARY));
        }
        for url in [
            "",
            "a.example/hunter2",
            "http://a.example/hunter2",
            "ftp://a.example/hunter2",
            "https://a:hunter2@a.example",
            "https://a.example/#hunter2",
        ] {
            let error = ClientCredentials::new(url, "a", CANARY).unwrap_err().to_string();
            assert!(error.starts_with("the token URL ") && !error.contains(CANARY), "{error}");
        }
    }

    #[test]
    fn parameters_replace_those_of_the_same_name_alone() {
        let credentials = || ClientCredentials::new("https://a.example/", "i&d", CANARY).unwrap().with_scope("a");
        let credentials = credentials().with_scope("b c").with_parameter("audience", "x").unwrap();
        for name in OWN {
            let error = ClientCredentials::new("https://a.example/", "a", "b").unwrap().with_parameter(name, CANARY);
            assert!(!error.unwrap_err().to_string().contains(CANARY));
        }
        let request = credentials.token_request().unwrap();
        assert_eq!(request.body(), b"grant_type=client_credentials&scope=b+c&audience=x");
        // `i%26d:hunter2`
        assert_eq!(request.header("authorization"), Some("Basic aSUyNmQ6aHVudGVyMg=="));
        let request = credentials.with_secret_in_body().token_request().unwrap();
        assert!(request.body().ends_with(b"&client_id=i%26d&client_secret=hunter2"));
        assert_eq!(request.header("authorization"), None);
    }
}
