//! How a client is set up.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use openbanking_client_runtime::context::Context;
use openbanking_client_runtime::redacted_debug;
use openbanking_client_runtime::retry::Retry;
use openbanking_client_runtime::transport::{self, Options};

use crate::credentials::Signer;
use crate::{ApiHost, BuildError, Client, Credentials, USER_AGENT};

/// Sets up a [`Client`]; [`Client::builder`] begins one.
///
/// ```no_run
/// use std::time::Duration;
///
/// use tilisy_client::{ApiHost, Client, Credentials};
///
/// let client = Client::builder(Credentials::from_env()?)
///     .host(ApiHost::EnableBanking)
///     .total_timeout(Duration::from_secs(60))
///     .user_agent_suffix("example-shop/2.1")
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    credentials: Credentials,
    host: ApiHost,
    options: Options,
    user_agent_suffix: Option<String>,
}

redacted_debug!(ClientBuilder { credentials: shown, host: shown, options: shown, user_agent_suffix: hidden });

impl ClientBuilder {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self { credentials, host: ApiHost::default(), options: Options::default(), user_agent_suffix: None }
    }

    /// The host, [`ApiHost::Tilisy`] otherwise.
    pub fn host(mut self, host: ApiHost) -> Self {
        self.host = host;
        self
    }

    /// The longest time to make a connection, 5 s otherwise.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.options.connect_timeout = timeout;
        self
    }

    /// The longest time without a byte of an answer, 30 s otherwise.
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.options.read_timeout = timeout;
        self
    }

    /// The longest time of one attempt with the whole body of its answer, 60 s otherwise. Banks can be slow.
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = timeout;
        self
    }

    /// The longest time of a call with all its attempts and the waits between them, 120 s otherwise.
    pub const fn total_timeout(mut self, timeout: Duration) -> Self {
        self.options.total_timeout = timeout;
        self
    }

    /// How often and how soon a request is sent again, where that does no harm: [`Retry::default`] otherwise.
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = retry;
        self
    }

    /// Sends every request once, whatever comes of it.
    pub const fn without_retries(self) -> Self {
        self.retry(Retry::OFF)
    }

    /// The most bytes of an answer's body, counted after decompression: 64 MiB otherwise. A page of 1,000 transactions has
    /// about 1 MiB.
    pub const fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.options.limits.answer_bytes = bytes;
        self
    }

    /// What finds the addresses of hosts by their names, in place of the system. It is called on a thread that may wait.
    pub fn resolver(mut self, resolver: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Self {
        self.options.resolver = Some(Arc::new(resolver));
        self
    }

    /// The URL of an HTTP proxy, `http://` or `https://`; it may hold a user name and password.
    ///
    /// None is used otherwise: the environment (`HTTPS_PROXY` and the like) is not asked.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.options.proxy = Some(url.into());
        self
    }

    /// Certificates in PEM to trust beside those of the machine, such as those of a company's proxy. Can be called again.
    pub fn extra_root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.options.extra_roots.push(pem.into());
        self
    }

    /// What the `User-Agent` header says after this crate's name and version: best the application's own.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Makes the client. No connection is made, and no token is signed yet.
    ///
    /// # Errors
    ///
    /// - A host that is not https (plain http is for this machine only), or whose audience is empty.
    /// - A timeout of zero, a proxy's URL that is not valid, an extra root that is no certificate in PEM, a
    ///   `User-Agent` with line ends or other control characters.
    /// - A machine without CA certificates.
    ///
    /// None of these values is shown.
    pub fn build(self) -> Result<Client, BuildError> {
        self.check_timeouts()?;
        let signer = Signer::new(self.credentials, self.host.audience());
        let signer = signer.map_err(|error| BuildError::new(error.to_string()))?;
        let user_agent = match self.user_agent_suffix {
            Some(suffix) => format!("{USER_AGENT} {suffix}"),
            None => USER_AGENT.to_owned(),
        };
        let context = Context::new().with_authorize(signer).with_user_agent(&user_agent)?;
        Ok(Client::from_parts(transport::build(self.host.base_url(), &self.options)?, context))
    }

    fn check_timeouts(&self) -> Result<(), BuildError> {
        for (name, timeout) in [
            ("connect", self.options.connect_timeout),
            ("read", self.options.read_timeout),
            ("attempt", self.options.attempt_timeout),
            ("total", self.options.total_timeout),
        ] {
            if timeout.is_zero() {
                return Err(BuildError::new(format!("the {name} timeout is zero (give it a length)")));
            }
        }
        Ok(())
    }
}
