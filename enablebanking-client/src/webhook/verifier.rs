//! Verification with certificates that are fetched when they are needed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use openbanking_client_runtime::redacted_debug;
use openbanking_client_runtime::transport::{self, Options, Transport};
use tokio::sync::Semaphore;
use tokio::time;
use url::Url;

use super::address;
use super::cache::Cache;
use super::certificate::{self, Certificate};
use super::error::{Error, ErrorKind};
use super::expected::Expected;
use super::token::Unverified;
use super::verified::Verified;
use crate::{BuildError, USER_AGENT};

/// The most requests for certificates at a time. Others wait.
const FETCHES: usize = 4;

/// Verifies webhooks, and fetches the certificates that this takes.
///
/// A certificate is requested over https, without redirects, within 5 s, and kept for an hour. If a signature does not fit a
/// certificate that was requested more than a minute ago, it is requested again, because the service may have replaced it.
/// All checks that need no certificate are made first, so that a webhook for another application causes no request.
///
/// Cloning is cheap, and all clones share the certificates. Create one for each application.
///
/// ```
/// use enablebanking_client::types::Environment;
/// use enablebanking_client::webhook::{Expected, Verifier};
///
/// let application_id = "cf589be3-3755-465b-a8df-a90a16a31403".parse()?;
/// let verifier = Verifier::builder(Expected::new(application_id, Environment::Production)).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    expected: Expected,
    transports: Transports,
    timeout: Duration,
    places: Semaphore,
    cache: Cache<Arc<Certificate>>,
}

/// Connections for https, and for plain http to each insecure host.
struct Transports {
    https: Option<Transport>,
    insecure: Vec<(String, Transport)>,
}

impl Verifier {
    /// Creates the builder of a verifier for webhooks with these values.
    pub fn builder(expected: Expected) -> VerifierBuilder {
        VerifierBuilder { expected, options: Options::default(), timeout: Duration::from_secs(5) }
    }

    /// Verifies a webhook by the value of its `Authorization` header and the bytes of its body, as they were received.
    ///
    /// Pass an empty value if there is no such header. The future can be dropped at any time.
    ///
    /// # Errors
    ///
    /// Returns an error with the [kind](Error::kind) of the first check that fails. If the certificate could not be fetched,
    /// [`is_retryable`](Error::is_retryable) returns `true`.
    #[doc(alias = "construct_event")]
    pub async fn verify(&self, authorization: impl AsRef<[u8]>, body: impl AsRef<[u8]>) -> Result<Verified, Error> {
        let token = Unverified::parse(authorization, &self.0.expected)?;
        token.check_body(body.as_ref())?;
        self.0.check_signature(&token).await?;
        Ok(Verified::new(body.as_ref()))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Verifier").field("expected", &self.0.expected).finish_non_exhaustive()
    }
}

impl Inner {
    async fn check_signature(&self, token: &Unverified<'_>) -> Result<(), Error> {
        let now = self.expected.now();
        if let Some(kept) = self.cache.get(token.url(), now) {
            let checked = token.check_signature(&kept.certificate);
            if checked.is_ok() || !kept.may_be_replaced(now) {
                return checked;
            }
        }
        // The wait for a place counts as well: the service waits for ten seconds.
        let checked = time::timeout(self.timeout, self.check_with_new(token, now)).await;
        checked.unwrap_or_else(|_| Err(unfetched("timed out")))
    }

    /// Checks a signature with a certificate that was fetched after `start`.
    async fn check_with_new(&self, token: &Unverified<'_>, start: Duration) -> Result<(), Error> {
        let _place = self.places.acquire().await.map_err(unfetched)?;
        // Another call may have fetched it while this one waited.
        let kept = self.cache.get(token.url(), self.expected.now());
        if let Some(kept) = kept.filter(|kept| kept.fetched >= start) {
            return token.check_signature(&kept.certificate);
        }
        let certificate = Arc::new(self.fetch(token.url()).await?);
        let checked = token.check_signature(&certificate);
        self.cache.put(token.url(), certificate, checked.is_ok(), self.expected.now());
        checked
    }

    async fn fetch(&self, url: &Url) -> Result<Certificate, Error> {
        let transport = match url.scheme() {
            "https" => self.transports.https.as_ref(),
            _ => self.transports.insecure.iter().find(|(host, _)| address::has_host(url, host)).map(|(_, it)| it),
        };
        let transport = transport.ok_or_else(|| unfetched("this machine has no CA certificates"))?;
        let fetched = transport.fetch(url, USER_AGENT, self.timeout, certificate::LONGEST).await;
        Certificate::read(&fetched.map_err(unfetched)?)
    }
}

fn unfetched(reason: impl fmt::Display) -> Error {
    Error::new(ErrorKind::Fetch, format!("the certificate cannot be fetched: {reason}"))
}

/// Settings of a [`Verifier`]; [`Verifier::builder`] creates one.
///
/// ```
/// use std::time::Duration;
///
/// use enablebanking_client::types::Environment;
/// use enablebanking_client::webhook::{Expected, Verifier};
///
/// let application_id = "cf589be3-3755-465b-a8df-a90a16a31403".parse()?;
/// let verifier = Verifier::builder(Expected::new(application_id, Environment::Production))
///     .timeout(Duration::from_secs(3))
///     .proxy("http://proxy.example.com:3128")
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct VerifierBuilder {
    expected: Expected,
    options: Options,
    timeout: Duration,
}

redacted_debug!(VerifierBuilder { expected: shown, options: shown, timeout: shown });

impl VerifierBuilder {
    /// Sets the longest time to fetch a certificate. The default is 5 s. The service waits 10 s for the response to a webhook.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the URL of an HTTP proxy, `http://` or `https://`. It may contain a user name and password.
    ///
    /// There is no proxy by default. Environment variables such as `HTTPS_PROXY` are not read.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.options.proxy = Some(url.into());
        self
    }

    /// Adds certificates in PEM that are trusted for https in addition to those of the machine, such as those of a company's
    /// proxy. It can be called several times.
    #[doc(alias = "ca certificate")]
    pub fn extra_root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.options.extra_roots.push(pem.into());
        self
    }

    /// Creates the verifier. No connection is made yet.
    ///
    /// # Errors
    ///
    /// Returns an error if the time limit is zero, if the URL of the proxy, an extra root or an insecure host is not valid, if
    /// there are both a proxy and an insecure host, or if the machine has no CA certificates and https is all that is
    /// allowed. None of these values is shown.
    pub fn build(self) -> Result<Verifier, BuildError> {
        let Self { expected, mut options, timeout } = self;
        (options.connect_timeout, options.read_timeout) = (timeout, timeout);
        let mut insecure = Vec::new();
        for host in &expected.insecure_hosts {
            let mut options = options.clone();
            options.insecure_hosts.push(host.clone());
            insecure.push((host.clone(), transport::build(&format!("http://{host}"), &options)?));
        }
        let https = match transport::build("https://enablebanking.com", &options) {
            // A machine for tests may have no CA certificates.
            Err(error) if insecure.is_empty() => return Err(error),
            https => https.ok(),
        };
        let transports = Transports { https, insecure };
        let (places, cache) = (Semaphore::new(FETCHES), Cache::new());
        Ok(Verifier(Arc::new(Inner { expected, transports, timeout, places, cache })))
    }
}
