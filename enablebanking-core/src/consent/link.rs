//! The address to which the PSU's browser is sent.

use std::error::Error;
use std::fmt;

use openbanking_client_runtime::transport::is_loopback;
use url::Url;

/// Returns the address to open in the PSU's browser, over https.
///
/// The service has been seen to return `http://` for a host that does not respond there. It becomes `https://`, and the
/// port 80 is removed. An address of this machine, such as that of a sandbox, is returned as it is. Do not compare the
/// host with a list: it has changed more than once.
///
/// An address of another machine always becomes https. For a sandbox that is reached over plain http, such as one in
/// another container, use the `url` of the response as it is.
///
/// ```
/// use enablebanking_client::consent::link;
///
/// assert_eq!(link("http://bank.example/welcome?sessionid=1")?, "https://bank.example/welcome?sessionid=1");
/// # Ok::<(), enablebanking_client::consent::LinkError>(())
/// ```
///
/// # Errors
///
/// Returns an error if a browser cannot read the address, or if it is neither https nor http. The error does not show it.
pub fn link(url: &str) -> Result<String, LinkError> {
    let mut url = Url::parse(url).map_err(|_| LinkError("the link is not a valid URL"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(LinkError("the link is neither https nor http"));
    }
    if !is_loopback(&url) {
        url.set_scheme("https").map_err(|()| LinkError("the link cannot be turned into https"))?;
        if url.port() == Some(80) {
            url.set_port(None).map_err(|()| LinkError("the link cannot do without its port"))?;
        }
    }
    Ok(url.into())
}

/// An error about a consent link. It does not show the address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LinkError(&'static str);

impl fmt::Display for LinkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl Error for LinkError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_https() {
        for (given, opened) in [
            ("https://a.example/w?sessionid=1&x=%2F+#f", "https://a.example/w?sessionid=1&x=%2F+#f"),
            ("http://a.example/w?sessionid=1&x=%2F+#f", "https://a.example/w?sessionid=1&x=%2F+#f"),
            ("HTTP://A.example/W", "https://a.example/W"),
            ("http://a.example:80/w", "https://a.example/w"),
            ("https://a.example:80/w", "https://a.example/w"),
            ("http://a.example:443/w", "https://a.example/w"),
            ("http://a.example:8080/w", "https://a.example:8080/w"),
            ("https://a.example:8443/w", "https://a.example:8443/w"),
            ("http://localhost.example/w", "https://localhost.example/w"),
            ("http://127.0.0.1.example/w", "https://127.0.0.1.example/w"),
            ("http://10.0.0.1/w", "https://10.0.0.1/w"),
            ("http://localhost:80/w", "http://localhost/w"),
            ("http://localhost:8080/w", "http://localhost:8080/w"),
            ("http://127.0.0.1:8080/w?a=b", "http://127.0.0.1:8080/w?a=b"),
            ("http://[::1]:8080/w", "http://[::1]:8080/w"),
            ("https://localhost:8443/w", "https://localhost:8443/w"),
        ] {
            assert_eq!(link(given).as_deref(), Ok(opened), "{given}");
        }
    }

    #[test]
    fn other_links_are_refused_without_being_shown() {
        for given in [
            "",
            "hunter2",
            "/hunter2",
            "//hunter2.example",
            "https://",
            "http://hunter2.example:99999/",
            "ftp://hunter2.example",
            "javascript:hunter2",
            "data:text/html,hunter2",
            "file:///hunter2",
        ] {
            let error = link(given).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}
