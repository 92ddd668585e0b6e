//! Settings of connections and limits of calls.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use crate::pace::{Limits, Pace};
use crate::retry::Retry;

/// Returns the addresses of a host by its name.
pub type Resolver = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

/// A certificate with its private key, by which a client identifies itself (mutual TLS).
#[derive(Clone)]
#[cfg_attr(
    not(any(feature = "rustls", feature = "native-tls")),
    allow(dead_code, reason = "without TLS, a client with an identity is refused")
)]
pub struct Identity {
    pub(super) certificate: Vec<u8>,
    pub(super) private_key: Vec<u8>,
}

impl Identity {
    /// Creates an identity from a certificate, with the chain above it if there is one, and a PKCS#8 key, both in PEM.
    ///
    /// They are checked when the client is built.
    #[must_use]
    pub fn from_pem(certificate: impl Into<Vec<u8>>, private_key: impl Into<Vec<u8>>) -> Self {
        Self { certificate: certificate.into(), private_key: private_key.into() }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Identity([redacted])")
    }
}

/// Settings of connections and limits of calls.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// The longest time to make a connection: 5 s by default.
    pub connect_timeout: Duration,
    /// The longest time without a byte of the response: 30 s by default.
    pub read_timeout: Duration,
    /// The longest time of one attempt, including the body of the response: 60 s by default.
    pub attempt_timeout: Duration,
    /// The longest time of a call with all its attempts and the delays between them: 120 s by default.
    pub total_timeout: Duration,
    /// The time that an unused connection is kept: 60 s by default.
    pub pool_idle_timeout: Duration,
    /// The URL of a proxy: none by default. The environment is never read.
    pub proxy: Option<String>,
    /// Certificates in PEM that are trusted in addition to the usual ones.
    pub extra_roots: Vec<Vec<u8>>,
    /// The client's certificate and private key for mutual TLS: none by default.
    pub identity: Option<Identity>,
    /// Hosts that plain http is allowed to, in addition to this machine: none by default.
    pub insecure_hosts: Vec<String>,
    /// Resolves host names in place of the system. It is called on a thread that may block.
    pub resolver: Option<Resolver>,
    /// The retry policy.
    pub retry: Retry,
    /// The limits of bodies.
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
            identity: None,
            insecure_hosts: Vec::new(),
            resolver: None,
            retry: Retry::default(),
            limits: Limits::default(),
        }
    }
}

// The URL of the proxy may contain a password.
crate::redacted_debug!(Options {
    connect_timeout: shown,
    read_timeout: shown,
    attempt_timeout: shown,
    total_timeout: shown,
    pool_idle_timeout: shown,
    proxy: hidden,
    extra_roots: hidden,
    identity: hidden,
    insecure_hosts: hidden,
    resolver: hidden,
    retry: shown,
    limits: shown,
});

impl From<&Options> for Pace {
    fn from(options: &Options) -> Self {
        let Options { attempt_timeout, total_timeout, limits, retry, .. } = *options;
        Self { attempt_timeout, total_timeout, limits, retry, budget: Arc::default() }
    }
}
