//! The expected values of webhooks.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use openbanking_client_runtime::redacted_debug;
use uuid::Uuid;

use crate::Clock;
use crate::types::Environment;

/// The expected values of webhooks: the application and its environment.
///
/// [`Client::application`](crate::Client::application) returns both (`kid` and `environment`).
///
/// ```
/// use enablebanking_client::types::Environment;
/// use enablebanking_client::webhook::Expected;
///
/// let application_id = "cf589be3-3755-465b-a8df-a90a16a31403".parse()?;
/// let expected = Expected::new(application_id, Environment::Production);
/// # Ok::<(), enablebanking_client::uuid::Error>(())
/// ```
#[derive(Clone)]
pub struct Expected {
    pub(super) application_id: Uuid,
    pub(super) environment: Environment,
    pub(super) insecure_hosts: Vec<String>,
    clock: Option<Arc<dyn Clock>>,
}

redacted_debug!(Expected { application_id: shown, environment: shown, insecure_hosts: hidden, clock: hidden });

impl Expected {
    /// Creates a value for an application and the environment in which it is registered.
    #[must_use]
    pub const fn new(application_id: Uuid, environment: Environment) -> Self {
        Self { application_id, environment, insecure_hosts: Vec::new(), clock: None }
    }

    /// Sets a clock in place of that of the machine.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Allows certificates at plain http on this host, a name or an address without a port, such as `127.0.0.1`. It can be
    /// called several times.
    ///
    /// **Only for tests**, such as a sandbox. Anyone who can serve a file there, or change it on the network, can forge
    /// webhooks. Never call it in production.
    #[must_use]
    #[doc(alias = "http")]
    #[doc(alias = "sandbox")]
    #[doc(alias = "localhost")]
    pub fn allow_insecure_host(mut self, host: impl Into<String>) -> Self {
        self.insecure_hosts.push(host.into());
        self
    }

    /// Returns the time since the epoch. A clock before 1970 shows the epoch, at which no certificate is valid.
    pub(super) fn now(&self) -> Duration {
        let now = self.clock.as_ref().map_or_else(SystemTime::now, |clock| clock.now());
        now.duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}
