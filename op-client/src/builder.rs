//! How a client is set up.

use openbanking_client_runtime::context::{Context, ContextHeader};
use openbanking_client_runtime::transport::{self, Options};
use openbanking_client_runtime::{redacted_debug, transport_setters};
use uuid::Uuid;

use crate::caller::{ApplicationKey, InvalidHeader, UserToken, session};
use crate::types::ErrorDescriptor;
use crate::{BuildError, Client, SERVER, USER_AGENT};

/// Sets up a [`Client`]; [`Client::builder`] begins one.
///
/// ```no_run
/// use op_client::{ApplicationKey, Client, UserToken};
///
/// let token = UserToken::new("b6910384440ce06f495976f96a162e2ab1bafbb4")?;
/// let client = Client::builder(ApplicationKey::new("your key")?, token).user_agent_suffix("example-shop/2.1").build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    key: ApplicationKey,
    token: UserToken,
    session: Option<ContextHeader>,
    host: String,
    options: Options,
    user_agent_suffix: Option<String>,
}

redacted_debug!(ClientBuilder {
    key: hidden,
    token: hidden,
    session: hidden,
    host: shown,
    options: shown,
    user_agent_suffix: hidden,
});
transport_setters!(ClientBuilder, USER_AGENT);

impl Client {
    /// Begins a client of the application with this key, which speaks for an end user.
    pub fn builder(key: ApplicationKey, token: UserToken) -> ClientBuilder {
        let (options, host) = (Options::default(), SERVER.to_owned());
        ClientBuilder { key, token, session: None, host, options, user_agent_suffix: None }
    }
}

impl ClientBuilder {
    /// Another host with the same paths, [`SERVER`] otherwise: `https://`, or `http://` to this machine.
    pub fn host(mut self, url: impl Into<String>) -> Self {
        self.host = url.into();
        self
    }

    /// The id of the session, by which the service finds what it keeps in memory; a new UUID otherwise.
    ///
    /// # Errors
    ///
    /// An id that is empty, or holds what no header may.
    pub fn session_id(mut self, id: &str) -> Result<Self, InvalidHeader> {
        self.session = Some(session(id)?);
        Ok(self)
    }

    /// Makes the client. No connection is made.
    ///
    /// # Errors
    ///
    /// - A host that is not https (plain http is for this machine and for hosts that `allow_insecure_host` names).
    /// - A timeout of zero, a proxy's URL that is not valid, an extra root that is not a certificate in PEM, a
    ///   `User-Agent` with line ends or other control characters.
    /// - A machine without CA certificates, or without a source of random numbers.
    ///
    /// None of these values is shown.
    pub fn build(self) -> Result<Client, BuildError> {
        let transport = transport::build(&self.host, &self.options)?;
        let context = Context::new().with_user_agent(&self.user_agent())?.with_authorize(self.key.0);
        let session = match self.session {
            Some(session) => session,
            None => ContextHeader::new("x-session-id", &new_session()?.to_string())?,
        };
        let context = context.with_header(self.token.0).with_header(session).judged_by::<ErrorDescriptor>();
        Ok(Client::from_parts(transport, context))
    }
}

fn new_session() -> Result<Uuid, BuildError> {
    let id = openbanking_client_runtime::context::new_id();
    id.ok_or(BuildError::new("there is no source of random numbers for a session id (give one by `session_id`)"))
}
