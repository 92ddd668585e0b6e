//! The settings of a sandbox, and its start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use chrono::NaiveDate;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::clock::Clock;
use crate::edition::Edition;
use crate::error::StartError;
use crate::key::keys;
use crate::names::Names;
use crate::page::can_be_location;
use crate::payments::webhook::{Target, Webhooks};
use crate::random::uuid;
use crate::sandbox::Sandbox;
use crate::server;
use crate::service::Service;
use crate::state::{Application, Settings, World};
use crate::webhooks;

/// A day for [`Builder::newest_day`], on which every kind of account has the number of transactions that the README lists.
pub const FIXED_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 31) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The settings of a sandbox; each has a default.
#[derive(Clone, Debug)]
pub struct Builder {
    settings: Settings,
    keeps_requests: bool,
    machine_time_tokens: bool,
    is_controlled: Option<bool>,
    address: SocketAddr,
    beyond_loopback: bool,
    fresh_key: bool,
    redirect_urls: Vec<String>,
    /// The number of redirect addresses that were added.
    own_urls: usize,
    services: Vec<String>,
    addresses: Vec<IpAddr>,
    host_names: Vec<String>,
    url: Option<String>,
    header_limit: Duration,
    webhook_origins: Vec<String>,
    webhook_pauses: Vec<Duration>,
}

impl Sandbox {
    /// Creates the settings of a sandbox. `Sandbox::builder().start().await` is enough.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            settings: Settings {
                edition: Edition::default(),
                seed: 0,
                newest: None,
                clock: Clock::default(),
                approves: false,
                counts_unattended: false,
            },
            keeps_requests: false,
            machine_time_tokens: false,
            is_controlled: None,
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            beyond_loopback: false,
            fresh_key: false,
            own_urls: 0,
            services: vec!["AIS".to_owned(), "PIS".to_owned()],
            addresses: Vec::new(),
            host_names: Vec::new(),
            url: None,
            header_limit: Duration::from_secs(30),
            webhook_origins: Vec::new(),
            webhook_pauses: webhooks::PAUSES.to_vec(),
            redirect_urls: vec![
                "http://127.0.0.1:8080/redirect".to_owned(),
                "http://localhost:8080/auth_redirect".to_owned(),
            ],
        }
    }
}

impl Builder {
    /// Sets the number from which all data, ids and codes derive: the same seed makes the same bytes; 0 if not given.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Sets the edition of the API; the current one if not given.
    #[must_use]
    pub fn edition(mut self, edition: Edition) -> Self {
        self.settings.edition = edition;
        self
    }

    /// Fixes the newest day of the data, so that responses stay the same on every day of the calendar. It moves on by
    /// whole days as [`Clock::advance`] moves the clock. If not given, data runs up to the clock's current day (UTC).
    #[must_use]
    pub fn newest_day(mut self, newest: NaiveDate) -> Self {
        self.settings.newest = Some(newest);
        self
    }

    /// Sets the clock, of which the caller keeps a clone to move it.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings.clock = clock;
        self
    }

    /// Accepts tokens that are valid by the time of the machine too, from applications that do not know the sandbox's clock.
    /// Moving the clock by the control endpoint does the same.
    #[must_use]
    pub fn machine_time_tokens(self) -> Self {
        Self { machine_time_tokens: true, ..self }
    }

    /// Sets whether PSUs agree at once: links of consents and payments then lead straight back to the application.
    #[must_use]
    pub fn auto_approve(mut self, approves: bool) -> Self {
        self.settings.approves = approves;
        self
    }

    /// Sets whether all banks limit requests without a PSU: four for each account in a day, then 429.
    #[must_use]
    pub fn count_unattended(mut self, counts_unattended: bool) -> Self {
        self.settings.counts_unattended = counts_unattended;
        self
    }

    /// Sets whether requests are kept, for [`Sandbox::requests`]: the last 10,000.
    #[must_use]
    pub fn keep_requests(self, keeps_requests: bool) -> Self {
        Self { keeps_requests, ..self }
    }

    /// Sets whether the control endpoint is served (`/sandbox`), by which programs in other languages set the clock, quirks
    /// and scenarios, add data, and approve consents; if not given, it is at a loopback address only.
    #[must_use]
    pub fn control(self, is_controlled: bool) -> Self {
        Self { is_controlled: Some(is_controlled), ..self }
    }

    /// Sets the address to listen at; a free port of 127.0.0.1 if not given.
    #[must_use]
    pub fn address(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// Allows an address that other machines can reach.
    #[must_use]
    pub fn beyond_loopback(self) -> Self {
        Self { beyond_loopback: true, ..self }
    }

    /// Makes a new key for the application, instead of using the one in the source of this crate.
    #[must_use]
    pub fn fresh_key(self) -> Self {
        Self { fresh_key: true, ..self }
    }

    /// Adds a redirect address of the application, before `http://127.0.0.1:8080/redirect` and
    /// `http://localhost:8080/auth_redirect`.
    #[must_use]
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        // Before the default ones: some clients take the first.
        self.redirect_urls.insert(self.own_urls, url.into());
        self.own_urls += 1;
        self
    }

    /// Sets the services that are open to the application; `AIS` and `PIS` if not given.
    #[must_use]
    pub fn services(mut self, services: &[&str]) -> Self {
        self.services = services.iter().map(|service| (*service).to_owned()).collect();
        self
    }

    /// Adds an address that the application may call from; all if none is given.
    #[must_use]
    pub fn caller_address(mut self, address: IpAddr) -> Self {
        self.addresses.push(address);
        self
    }

    /// Sets the address that links have, if callers reach the sandbox at another than the one it listens at, such as the
    /// published port of a container. Requests to its host are accepted.
    #[must_use]
    pub fn url(self, url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..self }
    }

    /// Adds a name of this machine, such as that of a container. Requests for other names than `localhost` are refused,
    /// since the page of another site may have sent them.
    #[must_use]
    pub fn host_name(mut self, name: impl Into<String>) -> Self {
        self.host_names.push(name.into());
        self
    }

    /// Sets how long a connection may take to send the header of a request, before it is closed; 30 seconds if not given.
    #[must_use]
    pub fn header_limit(self, header_limit: Duration) -> Self {
        Self { header_limit, ..self }
    }

    /// Allows webhooks to an origin, such as `http://127.0.0.1:8080`: the `webhook_url` of a payment must have one that is
    /// allowed. It must be plain HTTP to `localhost` or a loopback address.
    #[must_use]
    pub fn webhook_origin(mut self, origin: impl Into<String>) -> Self {
        self.webhook_origins.push(origin.into());
        self
    }

    /// Sets the pauses before a webhook that was not acknowledged is sent again. It is given up after the last one. They
    /// are real time, whatever the clock of the sandbox shows; if not given, they grow from one second to one minute.
    #[must_use]
    pub fn webhook_pauses(mut self, pauses: impl IntoIterator<Item = Duration>) -> Self {
        self.webhook_pauses = pauses.into_iter().collect();
        self
    }

    /// Starts the sandbox on the runtime of the caller.
    ///
    /// # Errors
    ///
    /// Fails if it cannot listen at the address, if other machines could reach it and
    /// [`beyond_loopback`](Builder::beyond_loopback) was not called, and for addresses of links, redirects and webhooks in
    /// another form.
    pub async fn start(mut self) -> Result<Sandbox, StartError> {
        let address = self.address;
        if !address.ip().is_loopback() && !self.beyond_loopback {
            return Err(StartError::BeyondLoopback { address });
        }
        if let Some(url) = self.redirect_urls.iter().find(|url| !can_be_location(url)) {
            return Err(StartError::RedirectUrl { url: url.clone() });
        }
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let bound = listener.local_addr().map_err(listen)?;
        let is_controlled = self.is_controlled.unwrap_or(address.ip().is_loopback());
        let keys = keys(self.fresh_key).ok_or(StartError::Key)?;
        let url = match &self.url {
            None => format!("http://{bound}"),
            Some(url) => {
                self.host_names.push(host_of(url).ok_or(StartError::Url)?);
                url.trim_end_matches('/').to_owned()
            }
        };
        let names = Names::new(bound, &self.host_names);
        let id = uuid(&[self.settings.seed, 0xa99]);
        let (webhooks, created) = webhooks(&self.webhook_origins, self.webhook_pauses)?;
        let world = World::new(url, names, webhooks, self.settings);
        let application = Application {
            id,
            name: "Sandbox application".to_owned(),
            description: Some("The application that is registered from the start.".to_owned()),
            environment: "SANDBOX".to_owned(),
            redirect_urls: self.redirect_urls,
            key: keys.public,
            active: true,
            services: self.services,
            addresses: self.addresses,
            linked: None,
        };
        world.memory().applications.insert(id, Arc::new(application));
        let service = Arc::new(Service::new(world, self.keeps_requests, is_controlled));
        if self.machine_time_tokens {
            service.accept_machine_time();
        }
        let (stop, stopped) = oneshot::channel();
        server::spawn(listener, Arc::clone(&service), self.header_limit, created, stopped);
        Ok(Sandbox::new(service, id, keys.private_pem, stop))
    }
}

/// Returns the host of an http or https address without a path.
fn host_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let is_plain =
        matches!(uri.scheme_str(), Some("http" | "https")) && matches!(uri.path(), "" | "/") && uri.query().is_none();
    let authority = uri.authority().filter(|authority| is_plain && !authority.as_str().contains('@'))?;
    Some(authority.host().to_owned())
}

/// Reads the origins of webhooks.
fn webhooks(
    origins: &[String],
    pauses: Vec<Duration>,
) -> Result<(Webhooks, mpsc::UnboundedReceiver<Uuid>), StartError> {
    let read = |origin: &String| {
        let wrong = || StartError::WebhookOrigin { origin: origin.clone() };
        Target::parse(origin).ok_or_else(wrong)
    };
    Ok(Webhooks::new(origins.iter().map(read).collect::<Result<_, _>>()?, pauses))
}
