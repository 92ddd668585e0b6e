//! The environment of a command: its profile, its directories, and the backend that it talks to.

mod own;
mod running;
mod settings;

use std::path::PathBuf;

use enablebanking_client::chrono::Utc;
use enablebanking_client::uuid::Uuid;
use enablebanking_client::{ApiHost, Client, Credentials};

pub(crate) use self::own::{OwnSandbox, consented};
pub(crate) use self::running::{find_locked, newest_mail};
pub(crate) use self::settings::{Key, application_id};
use crate::accounts::{Chosen, readable};
use crate::consents::Consents;
use crate::disk::{Directories, Lock};
use crate::failure::Failure;
use crate::message::{say, warn};
use crate::options::{Global, Psu};
use crate::stored::{Calls, Profile, RunningSandbox, Session};

/// The redirect address, unless the settings have another one. The sandbox has it registered.
pub(crate) const REDIRECT_URL: &str = "http://127.0.0.1:8080/redirect";

/// The environment of a command.
pub(crate) struct Environment {
    pub(crate) global: Global,
    pub(crate) directories: Directories,
    pub(crate) profile: Profile,
    pub(crate) backend: Backend,
}

/// The side that a command talks to.
pub(crate) enum Backend {
    /// The service.
    Service,
    /// The sandbox that another command runs.
    Running(RunningSandbox),
    /// A sandbox of this command.
    Own(Box<OwnSandbox>),
}

impl Environment {
    /// Returns the environment that the command line asks for.
    pub(crate) async fn open(global: &Global) -> Result<Self, Failure> {
        let global = global.clone();
        if !global.sandbox {
            let directories = Directories::of(&global.profile)?;
            let profile = Profile::read(&directories)?;
            return Ok(Self { global, directories, profile, backend: Backend::Service });
        }
        // Without a home directory, no sandbox can be recorded.
        let running = match Directories::of(&global.profile) {
            Ok(directories) => running::find(&directories).await?,
            Err(_) => None,
        };
        if let Some(record) = running {
            let directories = sandbox_directories(&global)?;
            let profile = Profile::read(&directories)?;
            return Ok(Self { global, directories, profile, backend: Backend::Running(record) });
        }
        let own = OwnSandbox::start(global.sandbox_newest_day).await?;
        let (directories, profile) = (own.directories.clone(), Profile::default());
        Ok(Self { global, directories, profile, backend: Backend::Own(Box::new(own)) })
    }

    /// Returns the environment with the profile as it is stored now.
    pub(crate) fn reopened(self) -> Result<Self, Failure> {
        let profile = match self.backend {
            Backend::Own(_) => self.profile,
            Backend::Service | Backend::Running(_) => Profile::read(&self.directories)?,
        };
        Ok(Self { profile, ..self })
    }

    /// Returns the environment with a consent to read from: a sandbox of this command starts without one.
    pub(crate) async fn open_with_consent(global: &Global) -> Result<Self, Failure> {
        let environment = Self::open(global).await?;
        if let Backend::Own(own) = &environment.backend {
            let session: Session = consented(&environment.client()?, &own.sandbox, &own.redirect_url).await?;
            environment.consents()?.write(&session)?;
        }
        Ok(environment)
    }

    /// Returns the consents of the application.
    pub(crate) fn consents(&self) -> Result<Consents, Failure> {
        Ok(Consents::of(&self.directories, self.application_id()?, self.global.command()))
    }

    /// Returns the accounts that can be read.
    pub(crate) fn readable(&self) -> Result<Vec<Chosen>, Failure> {
        Ok(readable(&self.consents()?.usable()?, &self.global.command()))
    }

    /// Returns the id of the application, if one is set.
    pub(crate) fn application_id(&self) -> Result<Option<Uuid>, Failure> {
        match &self.backend {
            Backend::Service => application_id(&self.global, &self.profile),
            Backend::Running(record) => Ok(Some(self.profile.application_id.unwrap_or(record.application_id))),
            Backend::Own(own) => Ok(Some(self.profile.application_id.unwrap_or_else(|| own.sandbox.application_id()))),
        }
    }

    /// Returns the redirect address: the given one, else that of the environment, else that of the profile.
    pub(crate) fn redirect_url(&self, given: Option<&str>) -> String {
        let variable = std::env::var("TILISY_REDIRECT_URL").ok().filter(|url| !url.is_empty());
        let own = match &self.backend {
            Backend::Own(own) => Some(own.redirect_url.clone()),
            _ => None,
        };
        let known = || own.or(variable).or_else(|| self.profile.redirect_url.clone());
        given.map(str::to_owned).or_else(known).unwrap_or_else(|| REDIRECT_URL.to_owned())
    }

    pub(crate) fn host(&self) -> Result<ApiHost, Failure> {
        match &self.backend {
            Backend::Service => settings::host(&self.global, &self.profile),
            Backend::Running(record) => Ok(record.host()),
            Backend::Own(own) => Ok(ApiHost::custom(own.sandbox.url(), own.sandbox.audience())),
        }
    }

    pub(crate) fn credentials(&self) -> Result<Credentials, Failure> {
        match (&self.backend, &self.profile.application_id) {
            (Backend::Service, _) => settings::credentials(&self.global, &self.profile, &self.directories),
            // An application that was registered at the sandbox.
            (_, Some(id)) => Ok(Credentials::from_file(&id.to_string(), self.key_file())?),
            (Backend::Running(record), None) => {
                Ok(Credentials::from_file(&record.application_id.to_string(), &record.key_file)?)
            }
            (Backend::Own(own), None) => {
                let id = own.sandbox.application_id().to_string();
                Ok(Credentials::from_pem(&id, own.sandbox.private_key_pem())?)
            }
        }
    }

    /// Returns the source of the private key.
    pub(crate) fn key(&self) -> Result<Key, Failure> {
        settings::key(&self.global, &self.profile, &self.directories)
    }

    /// Returns the path of the profile's key, which need not exist.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.profile.key_file.clone().unwrap_or_else(|| self.directories.key())
    }

    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let client = Client::builder(self.credentials()?).host(self.host()?);
        Ok(client.user_agent_suffix(concat!("tilisy-cli/", env!("CARGO_PKG_VERSION"))).build()?)
    }

    /// Returns the client, with the headers of a PSU if the settings have them.
    pub(crate) fn client_for(&self, psu: &Psu) -> Result<Client, Failure> {
        let client = self.client()?;
        Ok(match settings::psu(psu, &self.profile, self.global.sandbox)? {
            Some(headers) => client.with_psu(headers),
            None => client,
        })
    }

    /// Counts a command that reads accounts without a PSU. A failure to store it is not an error.
    pub(crate) async fn count_calls(&self, client: &Client, accounts: &[Chosen]) {
        if client.has_psu() || matches!(self.backend, Backend::Own(_)) {
            return;
        }
        let counted = async {
            let _lock = Lock::of(&self.directories).await?;
            let mut calls = Calls::read(&self.directories, Utc::now().date_naive())?;
            calls.count(accounts.iter().map(|account| account.account.hash()));
            calls.write(&self.directories)
        };
        if let Err(failure) = counted.await {
            warn(failure.text());
        }
    }

    /// Explains that the effects of a command end with its sandbox.
    pub(crate) fn say_what_stays(&self) {
        if let Backend::Own(_) = self.backend {
            say("(this sandbox ends with the command and stores nothing; `tilisy sandbox` runs one that stays)");
        }
    }
}

/// Returns the directories of a profile's sandbox, apart from those of the service.
pub(crate) fn sandbox_directories(global: &Global) -> Result<Directories, Failure> {
    // No name of a profile contains a dot.
    Directories::of(&format!("{}.sandbox", global.profile))
}
