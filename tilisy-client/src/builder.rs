//! How a client is set up.

use openbanking_client_runtime::context::Context;
use openbanking_client_runtime::transport::{self, Options};
use openbanking_client_runtime::{redacted_debug, transport_setters};

use crate::credentials::Signer;
use crate::types::ErrorResponse;
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

transport_setters!(ClientBuilder, USER_AGENT);
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

    /// Makes the client. No connection is made, and no token is signed yet.
    ///
    /// # Errors
    ///
    /// - A host that is not https (plain http is for this machine only), or whose audience is empty.
    /// - A timeout of zero, a proxy's URL that is not valid, an extra root that is not a certificate in PEM, a
    ///   `User-Agent` with line ends or other control characters.
    /// - A machine without CA certificates.
    ///
    /// None of these values is shown.
    pub fn build(self) -> Result<Client, BuildError> {
        let transport = transport::build(self.host.base_url(), &self.options)?;
        let user_agent = self.user_agent();
        let signer = Signer::new(self.credentials, self.host.audience());
        let signer = signer.map_err(|error| BuildError::new(error.to_string()))?;
        let context = Context::new().with_authorize(signer).with_user_agent(&user_agent)?;
        let context = context.judged_by::<ErrorResponse>();
        Ok(Client::from_parts(transport, context))
    }
}
