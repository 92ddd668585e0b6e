//! Where the API is served.

use std::fmt;

use crate::SERVER;

/// A host of the API: its base URL and the audience it expects in tokens, which belong together.
///
/// A token for one host is refused by the other.
///
/// ```
/// use tilisy_client::ApiHost;
///
/// assert_eq!(ApiHost::default().base_url(), "https://api.tilisy.com");
/// assert_eq!(ApiHost::EnableBanking.audience(), "api.enablebanking.com");
///
/// // A pretend bank on this machine, which stands in for the documented host.
/// let local = ApiHost::custom("http://127.0.0.1:8080", "api.tilisy.com");
/// assert_eq!(local.audience(), "api.tilisy.com");
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
#[doc(alias = "environment")]
#[doc(alias = "production")]
pub enum ApiHost {
    /// `https://api.tilisy.com`, the host of the document, with the audience `api.tilisy.com`.
    #[default]
    Tilisy,
    /// `https://api.enablebanking.com`, where the same paths are served today, with the audience
    /// `api.enablebanking.com`.
    EnableBanking,
    /// Another one; see [`ApiHost::custom`].
    #[non_exhaustive]
    Custom {
        /// What the paths are appended to.
        base_url: String,
        /// What tokens hold as `aud`.
        audience: String,
    },
}

impl ApiHost {
    /// Another host with the same paths, such as a proxy or a pretend bank.
    ///
    /// The base URL is https, or http to this machine (`localhost`, `127.0.0.1`, `[::1]`); a client refuses any other
    /// when it is built.
    #[must_use]
    #[doc(alias = "mock")]
    #[doc(alias = "sandbox")]
    #[doc(alias = "base url")]
    #[doc(alias = "endpoint")]
    pub fn custom(base_url: impl Into<String>, audience: impl Into<String>) -> Self {
        Self::Custom { base_url: base_url.into(), audience: audience.into() }
    }

    /// What the paths are appended to.
    #[must_use]
    pub fn base_url(&self) -> &str {
        match self {
            Self::Tilisy => SERVER,
            Self::EnableBanking => "https://api.enablebanking.com",
            Self::Custom { base_url, .. } => base_url,
        }
    }

    /// What tokens hold as `aud`.
    #[must_use]
    pub fn audience(&self) -> &str {
        match self {
            Self::Tilisy => "api.tilisy.com",
            Self::EnableBanking => "api.enablebanking.com",
            Self::Custom { audience, .. } => audience,
        }
    }
}

// A base URL may be written with a password.
impl fmt::Debug for ApiHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Tilisy => "Tilisy",
            Self::EnableBanking => "EnableBanking",
            Self::Custom { .. } => "Custom([redacted])",
        })
    }
}
