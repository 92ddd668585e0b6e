//! The HTTP client under a generated one, and its limits.

mod setters;

use std::error::Error as _;
use std::fmt;
use std::io;
use std::iter;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Proxy, Url, redirect, retry};

use crate::error::BuildError;
use crate::retry::{Budget, Retry};

/// How much of an answer's body is read, counted after decompression.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// Most bytes of an answer: 64 MiB.
    pub answer_bytes: usize,
    /// Most bytes of an answer with an error status: 64 KiB.
    pub error_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer_bytes: 64 * 1024 * 1024, error_bytes: 64 * 1024 }
    }
}

/// Finds the addresses of a host by its name.
pub type Resolver = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

/// A year. Longer times overflow the clocks of some crates underneath.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// How connections are made and how long they may take.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Longest time to make a connection: 5 s.
    pub connect_timeout: Duration,
    /// Longest time without a byte of the answer: 30 s.
    pub read_timeout: Duration,
    /// Longest time of one attempt, its body included: 60 s.
    pub attempt_timeout: Duration,
    /// Longest time of a call with all its attempts and the waits between them: 120 s.
    pub total_timeout: Duration,
    /// How long an unused connection is kept: 60 s.
    pub pool_idle_timeout: Duration,
    /// The proxy to use: none. The environment is never asked.
    pub proxy: Option<String>,
    /// Certificates in PEM to trust beside the usual ones.
    pub extra_roots: Vec<Vec<u8>>,
    /// What finds hosts by their names, in place of the system. It is called on a thread that may wait.
    pub resolver: Option<Resolver>,
    /// How often and how soon a request is sent again.
    pub retry: Retry,
    /// How much of an answer is read.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(60),
            total_timeout: Duration::from_secs(120),
            pool_idle_timeout: Duration::from_secs(60),
            proxy: None,
            extra_roots: Vec::new(),
            resolver: None,
            retry: Retry::default(),
            limits: Limits::default(),
        }
    }
}

// The proxy may be written with a password.
crate::redacted_debug!(Options {
    connect_timeout: shown,
    read_timeout: shown,
    attempt_timeout: shown,
    total_timeout: shown,
    pool_idle_timeout: shown,
    proxy: hidden,
    extra_roots: hidden,
    resolver: hidden,
    retry: shown,
    limits: shown,
});

/// Where requests go and by what.
#[derive(Clone)]
pub struct Transport {
    /// The base URL without a slash at its end.
    pub base_url: String,
    /// The client, which follows no redirect and sends no referer.
    pub client: Client,
    pub(crate) pace: Pace,
}

/// How long a call may take, how much it may read, and how often it is tried.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    pub(crate) attempt_timeout: Duration,
    pub(crate) total_timeout: Duration,
    pub(crate) limits: Limits,
    pub(crate) retry: Retry,
    /// Shared by all clones of a client.
    pub(crate) budget: Arc<Budget>,
}

impl From<&Options> for Pace {
    fn from(options: &Options) -> Self {
        let Options { attempt_timeout, total_timeout, limits, retry, .. } = *options;
        Self { attempt_timeout, total_timeout, limits, retry, budget: Arc::default() }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::from(&Options::default())
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Transport")
    }
}

/// Makes the HTTP client for a service. The base URL is https, or http to this machine.
///
/// # Errors
///
/// When a timeout is zero, the base URL, the proxy or a certificate is not usable, or the machine has no CA certificates
/// and https needs them. Neither URL nor certificate is shown.
pub fn build(base_url: &str, options: &Options) -> Result<Transport, BuildError> {
    for (name, timeout) in [
        ("connect", options.connect_timeout),
        ("read", options.read_timeout),
        ("attempt", options.attempt_timeout),
        ("total", options.total_timeout),
    ] {
        if timeout.is_zero() {
            return Err(BuildError::new(format!("the {name} timeout is zero (give it a length)")));
        }
    }
    let url = checked(base_url)?;
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        // Attempts are counted in one place, and it is not this one.
        .retry(retry::never())
        .referer(false)
        .https_only(url.scheme() == "https")
        .no_proxy()
        .connect_timeout(options.connect_timeout.min(LONGEST))
        .read_timeout(options.read_timeout.min(LONGEST))
        .pool_idle_timeout(options.pool_idle_timeout.min(LONGEST));
    let builder = with_proxy(builder, options.proxy.as_deref())?;
    let builder = with_roots(builder, &options.extra_roots)?;
    let builder = match &options.resolver {
        Some(resolver) => builder.dns_resolver(Arc::new(Names(Arc::clone(resolver)))),
        None => builder,
    };
    let needs_roots = url.scheme() == "https" || options.proxy.is_some();
    let builder = if needs_roots { builder } else { without_platform_roots(builder) };
    Ok(Transport {
        base_url: url.as_str().trim_end_matches('/').to_owned(),
        client: builder.build().map_err(|error| refusal(&error, options))?,
        pace: Pace::from(options),
    })
}

/// A resolver as reqwest wants it.
struct Names(Resolver);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || resolver(name.as_str())).await;
            // A resolver that panics has found nothing.
            let addresses = found.unwrap_or_else(|_| Err(io::ErrorKind::NotFound.into()))?;
            // The port is filled in from the URL.
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

/// Why reqwest builds no client. Its own words may hold what was given: they are looked at, not passed on.
fn refusal(error: &reqwest::Error, options: &Options) -> BuildError {
    let sources = iter::successors(error.source(), |error| (*error).source());
    let texts: Vec<_> = sources.map(ToString::to_string).collect();
    BuildError::new(if texts.iter().any(|text| text.contains("No CA certificates")) {
        "this machine has no CA certificates to check the service by (install them, as by the package \
         `ca-certificates`, or point `SSL_CERT_FILE` to some, or give an extra root)"
    } else if !options.extra_roots.is_empty() {
        "the HTTP client cannot be built (is an extra root damaged?)"
    } else {
        "the HTTP client cannot be built (are the CA certificates of this machine usable?)"
    })
}

fn checked(base_url: &str) -> Result<Url, BuildError> {
    let refuse = |text: &'static str| Err(BuildError::new(text));
    let Ok(url) = Url::parse(base_url) else {
        return refuse("the base URL is not valid (example: `https://api.example.com`)");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("the base URL holds a user name or password (set credentials on the client)");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("the base URL ends in a query or fragment (leave out `?` and `#`)");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => refuse("the base URL is not https (plain http only to `localhost`, `127.0.0.1` or `[::1]`)"),
        _ => refuse("the base URL is not https"),
    }
}

/// Whether a URL leads to this machine.
#[doc(hidden)]
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
}

fn with_proxy(builder: ClientBuilder, proxy: Option<&str>) -> Result<ClientBuilder, BuildError> {
    let Some(text) = proxy else {
        return Ok(builder);
    };
    let valid = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match Proxy::all(text) {
        Ok(proxy) if valid => Ok(builder.proxy(proxy)),
        _ => Err(BuildError::new("the proxy's URL is not valid (example: `http://proxy.example.com:3128`)")),
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn with_roots(builder: ClientBuilder, roots: &[Vec<u8>]) -> Result<ClientBuilder, BuildError> {
    let mut certificates = Vec::new();
    for pem in roots {
        match reqwest::Certificate::from_pem_bundle(pem) {
            Ok(found) if !found.is_empty() => certificates.extend(found),
            _ => return Err(BuildError::new("an extra root is no certificate in PEM")),
        }
    }
    let builder = builder.tls_version_min(reqwest::tls::Version::TLS_1_2);
    // A builder that was given no certificates keeps its ordinary verifier.
    Ok(if certificates.is_empty() { builder } else { builder.tls_certs_merge(certificates) })
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_roots(builder: ClientBuilder, roots: &[Vec<u8>]) -> Result<ClientBuilder, BuildError> {
    match roots {
        [] => Ok(builder),
        _ => Err(BuildError::new("extra roots need TLS (enable the feature `rustls` or `native-tls`)")),
    }
}

/// A client that never speaks TLS does without the certificates of the platform, which may have none.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn without_platform_roots(builder: ClientBuilder) -> ClientBuilder {
    builder.tls_certs_only([])
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn without_platform_roots(builder: ClientBuilder) -> ClientBuilder {
    builder
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    const CANARY: &str = "hunter2";

    #[test]
    fn https_and_this_machine_are_reached() {
        for (given, base) in [
            ("https://api.example.com", "https://api.example.com"),
            ("https://api.example.com/", "https://api.example.com"),
            ("https://api.example.com:8443/v1//", "https://api.example.com:8443/v1"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.9.9.9/", "http://127.9.9.9"),
            ("http://[::1]:8080/", "http://[::1]:8080"),
            ("http://LOCALHOST:1/a", "http://localhost:1/a"),
        ] {
            assert_eq!(build(given, &Options::default()).unwrap().base_url, base);
        }
    }

    #[test]
    fn other_base_urls_are_refused_without_being_shown() {
        for given in [
            "",
            "api.example.com/hunter2",
            "http://api.example.com/hunter2",
            "http://localhost.hunter2.com",
            "http://127.0.0.1.hunter2.com",
            "http://0.0.0.0/hunter2",
            "http://10.0.0.1/hunter2",
            "https://user:hunter2@api.example.com",
            "https://hunter2@api.example.com",
            "http://127.0.0.1@hunter2.com",
            "https://api.example.com?hunter2",
            "https://api.example.com#hunter2",
            "ftp://hunter2.com",
            "file:///hunter2",
            "https://",
        ] {
            let error = build(given, &Options::default()).unwrap_err().to_string();
            assert!(!error.contains(CANARY), "{error}");
        }
    }

    #[test]
    fn unusable_options_are_refused_without_being_shown() {
        let mut proxied = Options::default();
        for proxy in ["hunter2", "ftp://hunter2", "http://"] {
            proxied.proxy = Some(proxy.to_owned());
            let error = build("https://localhost", &proxied).unwrap_err().to_string();
            assert!(!error.contains(CANARY), "{error}");
        }
        proxied.proxy = Some("http://user:hunter2@127.0.0.1:3128".to_owned());
        let transport = build("https://localhost", &proxied).unwrap();
        assert!(!format!("{proxied:?} {transport:?}").contains(CANARY));

        let rooted = Options { extra_roots: vec![CANARY.into()], ..Options::default() };
        let error = build("https://localhost", &rooted).unwrap_err().to_string();
        assert!(!error.contains(CANARY), "{error}");
    }
}
