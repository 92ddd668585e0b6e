//! Hosts of the API.

use std::fmt;

/// A host of the API: its base URL and the audience that it expects in tokens.
///
/// The two belong together, because each host refuses tokens for the other.
///
/// ```
/// use enablebanking_client::ApiHost;
///
/// assert_eq!(ApiHost::EnableBanking.base_url(), "https://api.enablebanking.com");
/// assert_eq!(ApiHost::Tilisy.audience(), "api.tilisy.com");
///
/// // A test server on this machine, which takes the place of the live host.
/// let local = ApiHost::custom("http://127.0.0.1:8080", "api.enablebanking.com");
/// assert_eq!(local.audience(), "api.enablebanking.com");
/// ```
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
#[doc(alias = "environment")]
#[doc(alias = "production")]
pub enum ApiHost {
    /// `https://api.tilisy.com`, the host of the documentation of 2020–21, with the audience `api.tilisy.com`. The
    /// service calls it deprecated.
    Tilisy,
    /// `https://api.enablebanking.com`, the live service, with the audience `api.enablebanking.com`.
    EnableBanking,
    /// Another host; see [`ApiHost::custom`].
    #[non_exhaustive]
    Custom {
        /// The URL that paths are appended to.
        base_url: String,
        /// The claim `aud` of tokens.
        audience: String,
    },
}

impl ApiHost {
    /// Another host with the same paths, such as a proxy or a sandbox.
    ///
    /// The base URL is https, or http to this machine (`localhost`, `127.0.0.1`, `[::1]`). Any other URL is refused when
    /// the client is built, unless the builder's `allow_insecure_host` names its host.
    #[must_use]
    #[doc(alias = "mock")]
    #[doc(alias = "sandbox")]
    #[doc(alias = "base url")]
    #[doc(alias = "endpoint")]
    pub fn custom(base_url: impl Into<String>, audience: impl Into<String>) -> Self {
        Self::Custom { base_url: base_url.into(), audience: audience.into() }
    }

    /// Returns the URL that paths are appended to.
    #[must_use]
    pub fn base_url(&self) -> &str {
        match self {
            Self::Tilisy => "https://api.tilisy.com",
            Self::EnableBanking => "https://api.enablebanking.com",
            Self::Custom { base_url, .. } => base_url,
        }
    }

    /// Returns the claim `aud` of tokens for this host.
    #[must_use]
    pub fn audience(&self) -> &str {
        match self {
            Self::Tilisy => "api.tilisy.com",
            Self::EnableBanking => "api.enablebanking.com",
            Self::Custom { audience, .. } => audience,
        }
    }
}

// A base URL may contain a password.
impl fmt::Debug for ApiHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Tilisy => "Tilisy",
            Self::EnableBanking => "EnableBanking",
            Self::Custom { .. } => "Custom([redacted])",
        })
    }
}
