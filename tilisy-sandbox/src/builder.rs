//! Starting and stopping a sandbox.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use chrono::NaiveDate;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::clock::Clock;
use crate::consent::{self, Unable};
use crate::edition::Edition;
use crate::error::{AddError, ApproveError, DataError, NoConsent, StartError, UnknownName};
use crate::key::keys;
use crate::names::Names;
use crate::own::{self, Bank, NewBank};
use crate::pay;
use crate::payments::webhook::{Target, Webhooks};
use crate::quirk::Quirks;
use crate::random::uuid;
use crate::rehearsal::{NoReply, Received, Reply};
use crate::scenario::Scenario;
use crate::server;
use crate::service::Service;
use crate::state::{Application, Settings, World};
use crate::webhooks;

/// A day for [`Builder::newest_day`], on which every kind of account has the number of transactions that the README lists.
pub const FIXED_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 1, 31) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// How a sandbox shall be.
#[derive(Clone, Debug)]
pub struct Builder {
    settings: Settings,
    keeps_requests: bool,
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
    /// The number that all data, ids and codes are made from: same seed, same bytes. 0 if not given.
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

    /// The clock, of which the caller keeps a clone to move it.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings.clock = clock;
        self
    }

    /// Whether PSUs agree at once: the address of the consent page then leads straight back to the application.
    #[must_use]
    pub fn auto_approve(mut self, approves: bool) -> Self {
        self.settings.approves = approves;
        self
    }

    /// Whether banks count how often an account is asked for while no PSU is there: four times in a day, then 429.
    #[must_use]
    pub fn count_unattended(mut self, counts_unattended: bool) -> Self {
        self.settings.counts_unattended = counts_unattended;
        self
    }

    /// Whether the requests that come are kept, for [`Sandbox::requests`]: the last 10,000.
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

    /// Where to listen; a free port of 127.0.0.1 if not given.
    #[must_use]
    pub fn address(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// Allows an address that other machines can reach.
    #[must_use]
    pub fn beyond_loopback(self) -> Self {
        Self { beyond_loopback: true, ..self }
    }

    /// Makes a new key for the application, instead of the one that is in the source of this crate.
    #[must_use]
    pub fn fresh_key(self) -> Self {
        Self { fresh_key: true, ..self }
    }

    /// Where PSUs may be sent back to, besides `http://127.0.0.1:8080/redirect` and
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

    /// Starts it, on the runtime that the caller runs in.
    ///
    /// # Errors
    ///
    /// An address that cannot be listened at, or that other machines can reach.
    pub async fn start(mut self) -> Result<Sandbox, StartError> {
        let address = self.address;
        if !address.ip().is_loopback() && !self.beyond_loopback {
            return Err(StartError::BeyondLoopback { address });
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
            description: Some("The application that the sandbox begins with.".to_owned()),
            environment: "SANDBOX".to_owned(),
            redirect_urls: self.redirect_urls,
            key: keys.public,
            active: true,
            services: self.services,
            addresses: self.addresses,
            linked: None,
        };
        world.memory().applications.insert(id, application);
        let service = Arc::new(Service::new(world, self.keeps_requests, is_controlled));
        let (stop, stopped) = oneshot::channel();
        server::spawn(listener, Arc::clone(&service), self.header_limit, created, stopped);
        Ok(Sandbox { service, application_id: id, private_key_pem: keys.private_pem, _stop: stop })
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

/// A running sandbox. It stops when this is dropped.
pub struct Sandbox {
    service: Arc<Service>,
    application_id: Uuid,
    private_key_pem: String,
    _stop: oneshot::Sender<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, id) = (self.url(), self.application_id);
        f.debug_struct("Sandbox").field("url", &url).field("application_id", &id).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// How it shall be; `Sandbox::builder().start().await` is enough.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it can be reached, such as `http://127.0.0.1:8080`, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.service.world.url
    }

    /// The id of the application that is registered from the start: the `kid` of its tokens.
    pub fn application_id(&self) -> Uuid {
        self.application_id
    }

    /// The private key of that application, as PKCS#8 PEM. Unless [`Builder::fresh_key`] was called, it is in the source
    /// of this crate: for development only.
    pub fn private_key_pem(&self) -> &str {
        &self.private_key_pem
    }

    /// Returns the `aud` claim of tokens: that of the edition's host. The other edition's is accepted too.
    pub fn audience(&self) -> &'static str {
        match self.edition() {
            Edition::Current => "api.enablebanking.com",
            Edition::Document2020 => "api.tilisy.com",
        }
    }

    /// Returns the edition of the API that it speaks.
    pub fn edition(&self) -> Edition {
        self.service.world.edition
    }

    /// Returns the newest day of the data.
    pub fn newest_day(&self) -> NaiveDate {
        self.service.world.today()
    }

    /// The token with which another application is registered, by `POST {url}/api/applications`.
    pub fn registration_token(&self) -> &str {
        &self.service.world.registration_token
    }

    /// The clock by which codes, sessions and tokens expire.
    pub fn clock(&self) -> &Clock {
        &self.service.world.clock
    }

    /// The state in which the sandbox meets every request that names none itself, as the header `X-Sandbox-Scenario`
    /// does: an error code, or `REPEATED_KEY`; none for the ordinary one.
    ///
    /// # Errors
    ///
    /// A name of no scenario.
    pub fn set_scenario(&self, name: Option<&str>) -> Result<(), UnknownName> {
        let scenario = name.map_or(Some(Scenario::default()), Scenario::named).ok_or(UnknownName)?;
        self.service.defaults().scenario = scenario;
        Ok(())
    }

    /// The quirks of every answer to a request that names none itself, as the header `X-Sandbox-Quirk` does.
    ///
    /// # Errors
    ///
    /// A name of no quirk.
    pub fn set_quirks(&self, names: &[&str]) -> Result<(), UnknownName> {
        self.service.defaults().quirks = Quirks::named(names.iter().copied()).ok_or(UnknownName)?;
        Ok(())
    }

    /// Answers the next requests with these replies, one each and in their order, whatever they ask and whoever they come
    /// from. After them the banks answer again. What is left of replies that were given before is forgotten: no replies
    /// at all end a repeated one.
    ///
    /// # Errors
    ///
    /// A reply that cannot be sent; none of them is, then.
    pub fn answer_next(&self, replies: impl IntoIterator<Item = Reply>) -> Result<(), NoReply> {
        self.service.rehearsal.lay_down(replies)
    }

    /// The requests that came, oldest first, where [`Builder::keep_requests`] asked for it.
    pub fn requests(&self) -> Vec<Received> {
        self.service.rehearsal.received()
    }

    /// What a PSU does who opens the link of `POST /auth` and agrees: gives the address, with `code` and `state`, to
    /// which the bank sends the PSU back. The PSU is the bank's first test user of the kind asked for, and shares all
    /// accounts.
    ///
    /// # Errors
    ///
    /// A link that leads to no consent, or to one that has been given or denied already.
    pub fn approve(&self, link: &str) -> Result<String, NoConsent> {
        let world = &self.service.world;
        consent::agreed(world, link).or_else(|| pay::agreed(world, link)).ok_or(NoConsent)
    }

    /// Approves the consent behind a link as a user of the bank, and returns the address that the PSU comes back with.
    ///
    /// The accounts are named by their `identification_hash` ([`Account::identification_hash`](crate::Account)); all of
    /// the user's if there are none.
    ///
    /// # Errors
    ///
    /// Fails for a link without an open consent, a user whom the bank does not have among those of the PSU type that was
    /// asked for, and an account that is not the user's.
    pub fn approve_as<A: AsRef<str>>(&self, link: &str, user: &str, accounts: &[A]) -> Result<String, ApproveError> {
        let hashes: Vec<_> = accounts.iter().map(|hash| hash.as_ref().to_owned()).collect();
        let hashes = Some(hashes.as_slice()).filter(|hashes| !hashes.is_empty());
        let world = &self.service.world;
        let location = match consent::agreed_as(world, link, user, hashes) {
            Err(Unable::Link) => pay::agreed_as(world, link, user, hashes),
            location => location,
        };
        location.map_err(|unable| match unable {
            Unable::Link => ApproveError::NoConsent,
            Unable::User => ApproveError::UnknownUser,
            Unable::Account => ApproveError::UnknownAccount,
        })
    }

    /// Revokes an authorized session at the bank, as its PSU can, and returns whether there was one with this id.
    pub fn revoke(&self, session_id: Uuid) -> bool {
        self.service.world.revoke(session_id)
    }

    /// Returns the bank with a name, to which users and accounts can be added. One that the sandbox does not have is
    /// added, in Finland.
    pub fn bank(&self, name: &str) -> Bank {
        Bank::named(&self.service, name)
    }

    /// Returns the bank with a name, if there is one.
    pub fn find_bank(&self, name: &str) -> Option<Bank> {
        Bank::find(&self.service, name)
    }

    /// Adds a bank.
    ///
    /// # Errors
    ///
    /// Fails if the sandbox has a bank of this name in the country, and for a country that is not two capital letters.
    pub fn add_bank(&self, bank: &NewBank) -> Result<Bank, AddError> {
        Bank::add(&self.service, bank)
    }

    /// Adds the banks, users, accounts and transactions of a JSON document, and returns the number of transactions. The
    /// README describes its form.
    ///
    /// # Errors
    ///
    /// Fails where the document does not have that form, or contradicts itself; what precedes the fault is added.
    pub fn add_data(&self, json: &str) -> Result<usize, DataError> {
        own::load(&self.service, json)
    }

    /// What a PSU does who opens the link and denies: gives the address, with `error`, `error_description` and `state`.
    ///
    /// # Errors
    ///
    /// As those of [`Sandbox::approve`].
    pub fn deny(&self, link: &str) -> Result<String, NoConsent> {
        let world = &self.service.world;
        consent::denied(world, link).or_else(|| pay::denied(world, link)).ok_or(NoConsent)
    }
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
