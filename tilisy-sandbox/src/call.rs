//! One request, read and with its caller known.

use axum::http::HeaderMap;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::data::accounts::Account;
use crate::data::oddities::Oddities;
use crate::refusal::{Code, Refusal};
use crate::scenario::Scenario;
use crate::state::{Application, Session, Status, UNATTENDED_A_DAY, World};

/// A request that may be answered.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) world: &'a World,
    pub(crate) application: Application,
    pub(crate) headers: &'a HeaderMap,
    /// The id in the path, where there is one.
    pub(crate) id: Option<Uuid>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    pub(crate) scenario: Scenario,
    /// The oddities of the data that the request asks for.
    pub(crate) oddities: Oddities,
}

impl Call<'_> {
    /// The sandbox's time, as the scenario has it.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.world.clock.now() + self.scenario.ahead()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A day in the query.
    pub(crate) fn day(&self, name: &str) -> Result<Option<NaiveDate>, Refusal> {
        let Some(text) = self.parameter(name) else { return Ok(None) };
        // Chrono reads `2020-1-1` as well, which is no date of RFC 3339.
        let day = text.parse::<NaiveDate>().ok().filter(|day| day.to_string() == text);
        day.map(Some).ok_or_else(|| Refusal::parameters(format!("`{name}` must be a day such as 2020-01-31")))
    }

    pub(crate) fn id(&self) -> Result<Uuid, Refusal> {
        self.id.ok_or_else(|| Refusal::parameters("the id in the path must be a UUID"))
    }

    /// The session that the path names.
    pub(crate) fn session(&self) -> Result<Session, Refusal> {
        let id = self.id()?;
        let memory = self.world.memory();
        let own = memory.sessions.get(&id).filter(|session| session.application == self.application.id);
        let own = own.filter(|_| !self.scenario.forgets_sessions()).cloned();
        own.map(|session| self.scenario.session(session))
            .ok_or_else(|| Refusal::new(Code::SessionDoesNotExist, "there is no such session of this application"))
    }

    /// The session and the account that the path names; the session must be one that can be read.
    pub(crate) fn account(&self) -> Result<(Session, Account), Refusal> {
        let uid = self.id()?;
        let found = {
            let memory = self.world.memory();
            let own = memory.sessions.values().filter(|session| session.application == self.application.id);
            let mut accounts = own.flat_map(|session| session.accounts.iter().map(move |account| (session, account)));
            let found = accounts.find(|(_, (other, _))| *other == uid);
            found.map(|(session, (_, account))| (session.clone(), *account))
        };
        let found = found.filter(|_| !self.scenario.forgets_accounts());
        let (session, account) = found.ok_or_else(|| {
            Refusal::new(Code::AccountDoesNotExist, "there is no such account in a session of this application")
        })?;
        let session = self.scenario.session(session);
        self.check_readable(&session)?;
        self.check_bank(&session)?;
        self.check_psu(&session)?;
        self.count_unattended(&account.hash())?;
        Ok((session, self.told(account)))
    }

    /// An account as odd as the request wants it.
    pub(crate) fn told(&self, account: Account) -> Account {
        account.with(self.oddities)
    }

    /// A session can be read once it is authorized, and as long as it is valid.
    pub(crate) fn check_readable(&self, session: &Session) -> Result<(), Refusal> {
        if session.status == Status::Authorized && session.valid_until <= self.now() {
            return Err(Refusal::new(Code::ExpiredSession, "the session has expired"));
        }
        match session.status {
            Status::Authorized => Ok(()),
            other => Err(Refusal::new(Code::WrongSessionStatus, format!("the session is {}", other.wire()))),
        }
    }

    pub(crate) fn check_bank(&self, session: &Session) -> Result<(), Refusal> {
        if session.bank().is_down || self.scenario.is_bank_down() {
            return Err(Refusal::new(Code::AspspError, "the bank does not answer"));
        }
        Ok(())
    }

    /// The headers about the PSU that the bank wants.
    pub(crate) fn check_psu(&self, session: &Session) -> Result<(), Refusal> {
        let wanted = self.scenario.psu_headers(session.bank().psu_headers);
        let missing: Vec<_> = wanted.iter().filter(|name| !self.headers.contains_key(**name)).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("this bank needs the PSU headers {}", missing.join(", "));
        Err(Refusal::new(Code::PsuHeaderNotProvided, message).detail(missing.into()))
    }

    /// Banks count how often they are asked while no PSU is there.
    fn count_unattended(&self, account: &str) -> Result<(), Refusal> {
        let is_attended = self.headers.keys().any(|name| name.as_str().starts_with("psu-"));
        if !self.world.counts_unattended || is_attended || self.parameter("continuation_key").is_some() {
            return Ok(());
        }
        let (now, day) = (self.now(), chrono::TimeDelta::days(1));
        let mut memory = self.world.memory();
        let times = memory.unattended.entry(account.to_owned()).or_default();
        times.retain(|time| now - *time < day);
        match times.first() {
            Some(first) if times.len() >= UNATTENDED_A_DAY => {
                let message = format!("an account is told {UNATTENDED_A_DAY} times a day while no PSU is there");
                Err(Refusal::uncoded(429, message).retry_after((*first + day - now).num_seconds().max(1)))
            }
            _ => {
                times.push(now);
                Ok(())
            }
        }
    }
}
