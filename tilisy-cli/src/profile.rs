//! The settings of a profile, in a file that people may edit.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tilisy_client::uuid::Uuid;

use crate::failure::{Exit, Failure};
use crate::home::{self, Home};

/// What a profile says; the command line and the environment go before it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// The application's id, the `kid` of its tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) application_id: Option<Uuid>,
    /// The application's private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<PathBuf>,
    /// `enablebanking`, `tilisy`, or a URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<String>,
    /// Whom tokens are for, where the host is a URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) audience: Option<String>,
    /// Where PSUs are sent back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_url: Option<String>,
    /// The public address of the PSU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) psu_ip_address: Option<std::net::IpAddr>,
    /// What the PSU's browser calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) psu_user_agent: Option<String>,
}

impl Profile {
    /// The profile as it stands; an empty one where there is no file.
    pub(crate) fn read(home: &Home) -> Result<Self, Failure> {
        let file = home.settings();
        let Some(text) = home::read(&file)? else {
            return Ok(Self::default());
        };
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = format!("{}:{line}", file.display());
            Failure::new(Exit::Setup, format!("{place}: {}", error.message()))
                .hint("mend that line, or take the file away to begin anew")
        })
    }

    /// Writes the profile.
    pub(crate) fn write(&self, home: &Home) -> Result<(), Failure> {
        let text = toml::to_string(self)
            .map_err(|error| Failure::new(Exit::Other, "the profile cannot be written").because(error))?;
        home::write_private(&home.settings(), text.as_bytes())
    }
}
