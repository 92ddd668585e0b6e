//! Connections to a service, over reqwest and tokio.

mod body;
mod failure;
mod fetch;
mod options;
mod resolver;
mod send;
mod setters;
mod tls;
mod turns;
mod watch;

use std::error::Error as _;
use std::fmt;
use std::iter;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy, redirect, retry};
use url::{Host, Url};

pub use self::fetch::FetchError;
pub use self::options::{Identity, Options, Resolver};
use self::resolver::{Loopback, Names};
use self::tls::{with_identity, with_roots, without_platform_roots};
pub(crate) use self::turns::Turns;
use crate::cause::BuildError;
pub use crate::pace::Limits;
use crate::pace::Pace;

/// A year. Longer times overflow the clocks of some dependencies.
const LONGEST: Duration = Duration::from_secs(365 * 86_400);

/// Connections to one service.
#[derive(Clone)]
pub struct Transport {
    /// The base URL without a slash at its end.
    pub base_url: String,
    /// The HTTP client. It follows no redirects and sends no referer.
    pub client: Client,
    pub(crate) pace: Pace,
    /// The longest time without a byte of the response.
    read_timeout: Duration,
}

impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Transport")
    }
}

/// Creates the HTTP client for a service. The base URL is https, or http to this machine or to an insecure host that the
/// options allow.
///
/// # Errors
///
/// Returns an error if a timeout is zero, if the base URL, the proxy or a certificate is not usable, if plain http would
/// go through a proxy, or if https is used and the machine has no CA certificates. It shows no URL and no certificate.
pub fn build(base_url: &str, options: &Options) -> Result<Transport, BuildError> {
    for (name, timeout) in [
        ("connect", options.connect_timeout),
        ("read", options.read_timeout),
        ("attempt", options.attempt_timeout),
        ("total", options.total_timeout),
    ] {
        if timeout.is_zero() {
            return Err(BuildError::new(format!("the {name} timeout is zero (set a longer one)")));
        }
    }
    let url = checked(base_url, &options.insecure_hosts)?;
    if url.scheme() == "http" && options.proxy.is_some() {
        let text = "plain http cannot go through a proxy (remove the proxy, or use https)";
        return Err(BuildError::new(text));
    }
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        // The retry loop counts every request that is sent.
        .retry(retry::never())
        .referer(false)
        .https_only(url.scheme() == "https")
        .no_proxy()
        .connect_timeout(options.connect_timeout.min(LONGEST))
        .pool_idle_timeout(options.pool_idle_timeout.min(LONGEST));
    let builder = with_proxy(builder, options.proxy.as_deref())?;
    let builder = with_roots(builder, &options.extra_roots)?;
    let builder = with_identity(builder, options.identity.as_ref())?;
    let builder = match &options.resolver {
        _ if url.scheme() == "http" && is_loopback(&url) => {
            builder.dns_resolver(Arc::new(Loopback(options.resolver.clone())))
        }
        Some(resolver) => builder.dns_resolver(Arc::new(Names(Arc::clone(resolver)))),
        None => builder,
    };
    let needs_roots = url.scheme() == "https" || options.proxy.is_some();
    let builder = if needs_roots { builder } else { without_platform_roots(builder) };
    Ok(Transport {
        base_url: url.as_str().trim_end_matches('/').to_owned(),
        client: builder.build().map_err(|error| refusal(&error, options))?,
        pace: Pace::from(options),
        read_timeout: options.read_timeout,
    })
}

/// Explains why reqwest builds no client. Its own text is not repeated, because it may contain values of options.
fn refusal(error: &reqwest::Error, options: &Options) -> BuildError {
    let sources = iter::successors(error.source(), |error| (*error).source());
    let texts: Vec<_> = sources.map(ToString::to_string).collect();
    BuildError::new(if texts.iter().any(|text| text.contains("No CA certificates")) {
        "this machine has no CA certificates to check the service by (install them, as by the package \
         `ca-certificates`, or point `SSL_CERT_FILE` to some, or give an extra root)"
    } else if options.identity.is_some() {
        "the HTTP client cannot be built (is the identity or an extra root damaged?)"
    } else if !options.extra_roots.is_empty() {
        "the HTTP client cannot be built (is an extra root damaged?)"
    } else {
        "the HTTP client cannot be built (are the CA certificates of this machine usable?)"
    })
}

fn checked(base_url: &str, insecure_hosts: &[String]) -> Result<Url, BuildError> {
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
    check_scheme(&url, insecure_hosts, "base URL")?;
    Ok(url)
}

/// Checks that a URL is https, or http to this machine or one of the hosts. The error calls it `what`.
pub(crate) fn check_scheme(url: &Url, insecure_hosts: &[String], what: &str) -> Result<(), BuildError> {
    let is_allowed = || is_loopback(url) || insecure_hosts.iter().any(|host| is_host(url, host));
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_allowed() => Ok(()),
        "http" => Err(BuildError::new(format!(
            "the {what} is not https (plain http only to `localhost`, `127.0.0.1`, `[::1]` or a host that \
             `allow_insecure_host` names)"
        ))),
        _ => Err(BuildError::new(format!("the {what} is not https"))),
    }
}

/// Returns whether a URL has this host, which is a name or an address without a port.
fn is_host(url: &Url, host: &str) -> bool {
    url.host().zip(Host::parse(host).ok()).is_some_and(|(found, wanted)| found.to_owned() == wanted)
}

/// Returns whether a URL leads to this machine.
#[doc(hidden)]
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
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
    fn plain_http_reaches_the_insecure_hosts_that_are_named_and_no_other() {
        let options = |host: &str| Options { insecure_hosts: vec![host.to_owned()], ..Options::default() };
        for (host, url) in [
            ("sandbox", "http://sandbox:8080"),
            ("Sandbox", "http://SANDBOX/a"),
            ("172.17.0.2", "http://172.17.0.2:80"),
            ("[fd00::2]", "http://[fd00::2]:8080"),
        ] {
            build(url, &options(host)).unwrap();
            assert!(build(url, &Options::default()).is_err(), "{url}");
        }
        for host in ["sandbox", "sandbox:8080", "http://sandbox", "*", "", "api.example.com.", "example.com"] {
            let error = build("http://api.example.com", &options(host)).unwrap_err().to_string();
            assert!(error.contains("`allow_insecure_host`"), "{host}: {error}");
        }
        let proxied = Options { proxy: Some("http://127.0.0.1:3128".to_owned()), ..options("sandbox") };
        assert!(build("http://sandbox", &proxied).is_err());
        assert!(!format!("{:?}", options(CANARY)).contains(CANARY));
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
        let identity = Identity::from_pem(CANARY, CANARY);
        let identified = Options { identity: Some(identity), ..Options::default() };
        for options in [rooted, identified] {
            let error = build("https://localhost", &options).unwrap_err().to_string();
            assert!(!error.contains(CANARY) && !format!("{options:?}").contains(CANARY), "{error}");
        }
    }

    #[test]
    fn plain_http_never_goes_through_a_proxy() {
        let proxied = Options { proxy: Some("http://127.0.0.1:3128".to_owned()), ..Options::default() };
        for url in ["http://127.0.0.1:80", "http://localhost", "http://[::1]"] {
            let error = build(url, &proxied).unwrap_err().to_string();
            assert_eq!(error, "plain http cannot go through a proxy (remove the proxy, or use https)");
        }
        build("https://localhost", &proxied).unwrap();
    }
}
