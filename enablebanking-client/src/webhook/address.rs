//! The address of the certificate (`x5u`), which decides whose signature counts.

use url::{Host, Url};

use super::error::{Error, ErrorKind};

/// The domain of the service, from the last label to the first.
const DOMAIN: [&str; 2] = ["com", "enablebanking"];

/// The longest address, in bytes.
const LONGEST: usize = 2048;

/// Returns the address if it is https to a host of the service, or plain http to one of `insecure_hosts`.
pub(super) fn checked(text: &str, insecure_hosts: &[String]) -> Result<Url, Error> {
    let refuse = |text: &'static str| Err(Error::new(ErrorKind::CertificateUrl, text));
    let parsed = if text.len() > LONGEST { None } else { Url::parse(text).ok() };
    let Some(url) = parsed.filter(|url| is_plain(text, url)) else {
        return refuse("`x5u` of the token is not a plain URL");
    };
    match url.scheme() {
        "https" if url.port().is_some() => refuse("`x5u` of the token has a port"),
        "https" if is_of_the_service(&url) => Ok(url),
        "http" if insecure_hosts.iter().any(|host| has_host(&url, host)) => Ok(url),
        "https" => refuse("`x5u` of the token does not lead to `enablebanking.com` or one of its subdomains"),
        _ => refuse("`x5u` of the token is not https"),
    }
}

/// Returns whether a URL has this host, which is a name or an address without a port.
pub(super) fn has_host(url: &Url, host: &str) -> bool {
    url.host().zip(Host::parse(host).ok()).is_some_and(|(found, wanted)| found.to_owned() == wanted)
}

/// Returns whether the text names scheme, host and port as they were parsed, apart from case.
///
/// URL parsers disagree about user names, backslashes, escapes, control characters and missing slashes. A text with any of
/// these in front of its path fails this comparison.
fn is_plain(text: &str, url: &Url) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
    let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
    let with_port = format!("{host}:{port}");
    let is_host =
        authority.eq_ignore_ascii_case(&with_port) || url.port().is_none() && authority.eq_ignore_ascii_case(host);
    is_visible && is_host && scheme.eq_ignore_ascii_case(url.scheme())
}

/// Returns whether the host is the domain of the service or below it, label by label.
fn is_of_the_service(url: &Url) -> bool {
    let Some(Host::Domain(name)) = url.host() else { return false };
    // The last label of a name with a trailing dot is empty.
    name.split('.').all(|label| !label.is_empty()) && name.rsplit('.').take(DOMAIN.len()).eq(DOMAIN)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test that fails panics")]
mod tests;
