//! Where a command works: with the service, with the sandbox that runs, or with one of its own.

use std::net::TcpListener;
use std::time::Duration;

use tempfile::TempDir;
use tilisy_client::chrono::{DateTime, Utc};
use tilisy_client::consent::{Redirect, State, valid_until};
use tilisy_client::types::{Access, Aspsp, AuthorizeSessionResponse, StartAuthorizationRequest};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials};
use tilisy_sandbox::{Edition, FIXED_DAY, Sandbox};

use crate::accounts::{Chosen, readable};
use crate::arguments::{Global, Psu};
use crate::consent::reported_end;
use crate::failure::{Exit, Failure, say};
use crate::home::Home;
use crate::profile::Profile;
use crate::record::Record;
use crate::sessions::{Account, Session, Sessions};
use crate::settings;

/// Where PSUs are sent back to, unless the settings say otherwise. The sandbox has it registered.
pub(crate) const REDIRECT_URL: &str = "http://127.0.0.1:8080/redirect";

/// Everything that a command works with.
pub(crate) struct Place {
    pub(crate) global: Global,
    pub(crate) home: Home,
    pub(crate) profile: Profile,
    pub(crate) side: Side,
}

/// Whom a command talks to.
pub(crate) enum Side {
    /// The service.
    Service,
    /// The sandbox that another command runs.
    Running(Record),
    /// A sandbox of this command.
    Own(Box<Own>),
}

/// A sandbox that ends with the command, and what is kept for as long.
pub(crate) struct Own {
    pub(crate) sandbox: Sandbox,
    /// Where the way back of a browser would be caught.
    pub(crate) catcher: Option<TcpListener>,
    pub(crate) redirect_url: String,
    _folder: TempDir,
}

impl Place {
    /// The place that the command line asks for.
    pub(crate) async fn open(global: &Global) -> Result<Self, Failure> {
        let global = global.clone();
        if !global.sandbox {
            let home = Home::of(&global.profile)?;
            let profile = Profile::read(&home)?;
            return Ok(Self { global, home, profile, side: Side::Service });
        }
        // Without a home folder there is no record of one that runs.
        let running = match Home::of(&global.profile) {
            Ok(home) => Record::find(&home).await?,
            Err(_) => None,
        };
        if let Some(record) = running {
            let home = sandbox_home(&global)?;
            let profile = Profile::read(&home)?;
            return Ok(Self { global, home, profile, side: Side::Running(record) });
        }
        let (home, own) = start().await?;
        Ok(Self { global, home, profile: Profile::default(), side: Side::Own(Box::new(own)) })
    }

    /// The same, with a consent to read from: a sandbox of this command has none to begin with.
    pub(crate) async fn open_with_consent(global: &Global) -> Result<Self, Failure> {
        let place = Self::open(global).await?;
        if let Side::Own(own) = &place.side {
            let session = consented(&place.client()?, &own.sandbox, &own.redirect_url).await?;
            place.sessions()?.write(&session)?;
        }
        Ok(place)
    }

    /// The sessions of the application.
    pub(crate) fn sessions(&self) -> Result<Sessions, Failure> {
        Ok(Sessions::of(&self.home, self.application_id()?, self.global.command()))
    }

    /// The accounts that can be read.
    pub(crate) fn readable(&self) -> Result<Vec<Chosen>, Failure> {
        Ok(readable(&self.sessions()?.usable()?, &self.global.command()))
    }

    /// The id of the application, if there is one.
    pub(crate) fn application_id(&self) -> Result<Option<Uuid>, Failure> {
        match &self.side {
            Side::Service => settings::application_id(&self.global, &self.profile),
            Side::Running(record) => Ok(Some(self.profile.application_id.unwrap_or(record.application_id))),
            Side::Own(own) => Ok(Some(self.profile.application_id.unwrap_or_else(|| own.sandbox.application_id()))),
        }
    }

    /// Where customers are sent back to: as it is given, or by the environment, or by the profile.
    pub(crate) fn redirect_url(&self, given: Option<&str>) -> String {
        let variable = std::env::var("TILISY_REDIRECT_URL").ok().filter(|url| !url.is_empty());
        let own = match &self.side {
            Side::Own(own) => Some(own.redirect_url.clone()),
            _ => None,
        };
        let known = || own.or(variable).or_else(|| self.profile.redirect_url.clone());
        given.map(str::to_owned).or_else(known).unwrap_or_else(|| REDIRECT_URL.to_owned())
    }

    pub(crate) fn host(&self) -> Result<ApiHost, Failure> {
        match &self.side {
            Side::Service => settings::host(&self.global, &self.profile),
            Side::Running(record) => Ok(record.host()),
            Side::Own(own) => Ok(ApiHost::custom(own.sandbox.url(), own.sandbox.audience())),
        }
    }

    pub(crate) fn credentials(&self) -> Result<Credentials, Failure> {
        match (&self.side, &self.profile.application_id) {
            (Side::Service, _) => settings::credentials(&self.global, &self.profile, &self.home),
            // An application that was registered there.
            (_, Some(id)) => Ok(Credentials::from_file(&id.to_string(), self.key_file())?),
            (Side::Running(record), None) => {
                Ok(Credentials::from_file(&record.application_id.to_string(), &record.key_file)?)
            }
            (Side::Own(own), None) => {
                let id = own.sandbox.application_id().to_string();
                Ok(Credentials::from_pem(&id, own.sandbox.private_key_pem())?)
            }
        }
    }

    /// Where the key of the profile is, or would be.
    pub(crate) fn key_file(&self) -> std::path::PathBuf {
        self.profile.key_file.clone().unwrap_or_else(|| self.home.key())
    }

    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let client = Client::builder(self.credentials()?).host(self.host()?);
        Ok(client.user_agent_suffix(concat!("tilisy-cli/", env!("CARGO_PKG_VERSION"))).build()?)
    }

    /// The client, speaking for a PSU if the settings say that one is there.
    pub(crate) fn client_for(&self, psu: &Psu) -> Result<Client, Failure> {
        let client = self.client()?;
        Ok(match settings::psu(psu, &self.profile, self.global.sandbox)? {
            Some(headers) => client.with_psu(headers),
            None => client,
        })
    }

    /// Says that what a command did is gone with its sandbox.
    pub(crate) fn say_what_stays(&self) {
        if let Side::Own(_) = self.side {
            say("(this sandbox ends with the command and keeps nothing; `tilisy sandbox` runs one that stays)");
        }
    }
}

/// The folders of a profile's sandbox, apart from those of the service.
pub(crate) fn sandbox_home(global: &Global) -> Result<Home, Failure> {
    // No profile's name has a point in it.
    Home::of(&format!("{}.sandbox", global.profile))
}

async fn start() -> Result<(Home, Own), Failure> {
    let cannot =
        |error: &dyn std::error::Error| Failure::new(Exit::Other, format!("the sandbox cannot be started: {error}"));
    let folder = TempDir::new().map_err(|error| cannot(&error))?;
    let catcher = TcpListener::bind("127.0.0.1:0").map_err(|error| cannot(&error))?;
    let address = catcher.local_addr().map_err(|error| cannot(&error))?;
    let redirect_url = format!("http://{address}/redirect");
    let sandbox = Sandbox::builder()
        .edition(Edition::Document2020)
        .newest_day(FIXED_DAY)
        .redirect_url(&redirect_url)
        .start()
        .await
        .map_err(|error| cannot(&error))?;
    Ok((Home::within(folder.path()), Own { sandbox, catcher: Some(catcher), redirect_url, _folder: folder }))
}

/// A consent of the sandbox's first test user.
pub(crate) async fn consented(client: &Client, sandbox: &Sandbox, redirect_url: &str) -> Result<Session, Failure> {
    let odd = |_| Failure::new(Exit::Other, "the sandbox does not do what it should");
    let state = State::generate().map_err(|error| Failure::new(Exit::Other, error.to_string()))?;
    let until = valid_until(Utc::now(), Duration::from_secs(90 * 86_400), None);
    let bank = Aspsp::new("FI", "Saimaan Pankki");
    let request = StartAuthorizationRequest::new(Access::new(until), bank, redirect_url, state.as_str());
    let link = client.start_authorization(&request).await?.link();
    let link = link.map_err(|error| Failure::new(Exit::Other, error.to_string()))?;
    let code = Redirect::parse(&sandbox.approve(&link).map_err(odd)?, &state)?;
    Ok(session(client.authorize_session(&code.into()).await?, sandbox.application_id(), until))
}

/// Creates the record of a new session. Its end is the one that the service reports, or else the requested one.
pub(crate) fn session(answer: AuthorizeSessionResponse, application_id: Uuid, valid_until: DateTime<Utc>) -> Session {
    let valid_until = reported_end(answer.extra()).unwrap_or(valid_until);
    let AuthorizeSessionResponse { accounts, aspsp, psu_type, session_id, .. } = answer;
    let accounts = accounts.into_iter().map(|details| Account { details, former_uids: Vec::new() });
    Session {
        session_id,
        application_id,
        aspsp,
        psu_type,
        authorized_at: Utc::now(),
        valid_until,
        replaced_by: None,
        accounts: accounts.collect(),
    }
}
