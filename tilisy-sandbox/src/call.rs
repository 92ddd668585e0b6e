//! One request, read, and with its caller known.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use axum::http::HeaderMap;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::data::accounts::Account;
use crate::data::banks::Bank;
use crate::data::statement::Statement;
use crate::oddities::Oddities;
use crate::psu;
use crate::quirk::Quirks;
use crate::refusal::{Code, Refusal};
use crate::scenario::Scenario;
use crate::state::{Application, REQUESTS_A_CONSENT, Session, Status, UNATTENDED_A_DAY, World};

/// A request that may be answered.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a World,
    pub(crate) application: Arc<Application>,
    pub(crate) headers: &'a HeaderMap,
    /// The segments of the path, percent-decoded.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    pub(crate) scenario: Scenario,
    /// The quirks of the request, and of the bank that it turns out to be about.
    pub(crate) quirks: RefCell<Quirks>,
    /// The session that the request turns out to be about.
    pub(crate) subject: Cell<Option<Uuid>>,
}

impl Call<'_> {
    /// Returns the sandbox's time, as the scenario has it.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.world.clock.now() + self.scenario.ahead()
    }

    /// Returns whether the current edition is spoken.
    pub(crate) fn is_current(&self) -> bool {
        self.world.edition.is_current()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns a day in the query.
    pub(crate) fn day(&self, name: &str) -> Result<Option<NaiveDate>, Refusal> {
        let Some(text) = self.parameter(name) else { return Ok(None) };
        // Chrono reads `2020-1-1` as well, which is no date of RFC 3339.
        let day = text.parse::<NaiveDate>().ok().filter(|day| text.len() == 10 && day.to_string() == text);
        day.map(Some).ok_or_else(|| Refusal::parameters(format!("`{name}` must be a day such as 2020-01-31")))
    }

    /// Returns the id in the path, which must be a UUID.
    pub(crate) fn id(&self) -> Result<Uuid, Refusal> {
        let id = self.path.get(1).and_then(|id| id.parse().ok());
        id.ok_or_else(|| Refusal::parameters("the id in the path must be a UUID"))
    }

    /// Returns the oddities of the request and its bank.
    pub(crate) fn oddities(&self) -> Oddities {
        self.quirks.borrow().oddities()
    }

    /// Adds the quirks of the bank that the request is about.
    pub(crate) fn at(&self, bank: &Bank) -> Oddities {
        self.quirks.borrow_mut().add(&bank.quirks());
        self.oddities()
    }

    /// Returns the session that the path names.
    pub(crate) fn session(&self) -> Result<Session, Refusal> {
        let id = self.id()?;
        let memory = self.world.memory();
        let found = memory.sessions.get(&id).filter(|_| !self.scenario.is(Code::SessionDoesNotExist));
        let session = found.filter(|session| session.application == self.application.id || self.is_current());
        let session = session
            .ok_or_else(|| Refusal::new(Code::SessionDoesNotExist, "this application has no session with this id"))?;
        if session.application != self.application.id {
            return Err(Refusal::token("the session belongs to another application"));
        }
        self.subject.set(Some(session.id));
        self.at(&session.bank);
        Ok(self.scenario.session(session.clone()))
    }

    /// Returns the session and the account that the path names; the session must be one that can be read.
    pub(crate) fn account(&self) -> Result<(Session, Arc<Account>), Refusal> {
        let uid = self.id()?;
        let found = {
            let memory = self.world.memory();
            let own = memory.sessions.values().filter(|session| session.application == self.application.id);
            let mut accounts = own.flat_map(|session| session.accounts.iter().map(move |account| (session, account)));
            let found = accounts.find(|(_, (other, _))| *other == uid);
            found.map(|(session, (_, account))| (session.clone(), Arc::clone(account)))
        };
        let found = found.filter(|_| !self.scenario.is(Code::AccountDoesNotExist));
        let (session, account) = found.ok_or_else(|| {
            Refusal::new(Code::AccountDoesNotExist, "no session of this application has an account with this id")
        })?;
        self.subject.set(Some(session.id));
        self.at(&session.bank);
        let session = self.scenario.session(session);
        self.check_readable(&session)?;
        self.check_bank(&session.bank)?;
        if account.is_blocked() || self.scenario.is(Code::AspspAccountNotAccessible) {
            return Err(Refusal::new(Code::AspspAccountNotAccessible, "the bank does not give access to the account"));
        }
        self.check_psu(&session.bank)?;
        self.count_unattended(&account)?;
        self.count_of_consent(&session)?;
        Ok((session, account))
    }

    /// Returns an account as it is on the sandbox's day, with the oddities of the request and the bank.
    pub(crate) fn statement(&self, account: &Arc<Account>) -> Statement {
        Statement::new(Arc::clone(account), self.world.today(), self.oddities())
    }

    /// Checks that a session is authorized, and valid.
    pub(crate) fn check_readable(&self, session: &Session) -> Result<(), Refusal> {
        match session.status_at(self.now()) {
            Status::Authorized => Ok(()),
            Status::Expired => Err(Refusal::new(Code::ExpiredSession, "the session has expired")),
            Status::Closed => Err(Refusal::new(Code::ClosedSession, "the session is CLOSED")),
            Status::Revoked => Err(Refusal::new(Code::RevokedSession, "the session was revoked by the PSU")),
            other => Err(Refusal::new(Code::WrongSessionStatus, format!("the session is {}", other.wire()))),
        }
    }

    /// Checks that the bank answers.
    pub(crate) fn check_bank(&self, bank: &Bank) -> Result<(), Refusal> {
        let odd = self.at(bank);
        if odd.is_down || self.scenario.is(Code::AspspError) {
            return Err(Refusal::new(Code::AspspError, "the bank does not answer"));
        }
        if odd.is_slow || self.scenario.is(Code::AspspTimeout) {
            return Err(Refusal::new(Code::AspspTimeout, "the bank did not answer in time"));
        }
        if odd.wants_action || self.scenario.is(Code::AspspPsuActionRequired) {
            let message = "the PSU has to accept the terms of the bank first";
            return Err(Refusal::new(Code::AspspPsuActionRequired, message));
        }
        if self.scenario.is(Code::AspspRateLimitExceeded) {
            return Err(Refusal::new(Code::AspspRateLimitExceeded, "the bank has been asked too often"));
        }
        Ok(())
    }

    /// Checks the PSU headers.
    pub(crate) fn check_psu(&self, bank: &Bank) -> Result<(), Refusal> {
        psu::check_values(self.headers, self.is_current(), self.scenario)?;
        let wanted = self.scenario.psu_headers(bank.profile.psu_headers);
        // In the current edition, a request without any PSU header is one without a PSU, and legal everywhere.
        let may_lack_all = self.is_current() && !self.scenario.is(Code::PsuHeaderNotProvided);
        if may_lack_all && !psu::is_attended(self.headers) {
            return Ok(());
        }
        let missing: Vec<_> = wanted.iter().filter(|name| !self.headers.contains_key(**name)).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("this bank needs the PSU headers {}", missing.join(", "));
        Err(Refusal::new(Code::PsuHeaderNotProvided, message).detail(missing.into()))
    }

    /// Counts requests for an account without a PSU, at banks that limit them.
    fn count_unattended(&self, account: &Account) -> Result<(), Refusal> {
        let is_limited = self.world.counts_unattended || self.oddities().limits_days;
        // Later pages are part of the first request.
        let is_listing = self.path.get(2).is_some_and(|name| name == "transactions") && self.path.len() == 3;
        let is_later_page = is_listing && self.parameter("continuation_key").is_some();
        if !is_limited || psu::is_attended(self.headers) || is_later_page {
            return Ok(());
        }
        let (now, day) = (self.now(), TimeDelta::days(1));
        let mut memory = self.world.memory();
        let times = memory.unattended.entry(account.hash().to_owned()).or_default();
        times.retain(|time| now - *time < day);
        match times.first() {
            Some(first) if times.len() >= UNATTENDED_A_DAY => {
                let message = format!("an account is read {UNATTENDED_A_DAY} times a day without a PSU");
                let seconds = (*first + day - now).num_seconds().max(1);
                Err(Refusal::new(Code::AspspRateLimitExceeded, message).retry_after(seconds))
            }
            _ => {
                times.push(now);
                Ok(())
            }
        }
    }

    /// Counts requests under a consent, at banks that limit them.
    fn count_of_consent(&self, session: &Session) -> Result<(), Refusal> {
        let mut memory = self.world.memory();
        let Some(session) = memory.sessions.get_mut(&session.id) else { return Ok(()) };
        if self.oddities().limits_consents && session.requests >= REQUESTS_A_CONSENT {
            let message = format!("the allowed number of accesses for this consent is used up ({REQUESTS_A_CONSENT})");
            return Err(Refusal::new(Code::AspspRateLimitExceeded, message));
        }
        session.requests = session.requests.saturating_add(1);
        Ok(())
    }
}
