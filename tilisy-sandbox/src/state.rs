//! The state of a sandbox: banks, applications, and sessions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::clock::Clock;
use crate::data::accounts::Account;
use crate::data::banks::Bank;
use crate::data::builtin;
use crate::data::users::User;
use crate::edition::Edition;
use crate::key::PublicKey;
use crate::names::Names;
use crate::payments::store::Payments;
use crate::payments::webhook::Webhooks;
use crate::random::{mix, unguessable, uuid};
use crate::visit::Visit;

/// The time for which an authorization code can be redeemed.
pub(crate) const CODE_LIFE: TimeDelta = TimeDelta::minutes(5);

/// The number of times that an account is read in a day without a PSU, where that is counted.
pub(crate) const UNATTENDED_A_DAY: usize = 4;

/// The number of requests under one consent, where that is counted.
pub(crate) const REQUESTS_A_CONSENT: usize = 20;

/// A registered application.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) environment: String,
    pub(crate) redirect_urls: Vec<String>,
    pub(crate) key: PublicKey,
    pub(crate) active: bool,
    /// The services open to it: `AIS`, `PIS`.
    pub(crate) services: Vec<String>,
    /// The addresses that it may call from. An empty list allows all.
    pub(crate) addresses: Vec<IpAddr>,
    /// The hashes of the accounts that are linked to it, if it may read no others.
    pub(crate) linked: Option<BTreeSet<String>>,
}

/// The state of a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    Pending,
    Returned,
    Authorized,
    Closed,
    Invalid,
    Expired,
    Revoked,
    Cancelled,
}

impl Status {
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Pending => "PENDING_AUTHORIZATION",
            Self::Returned => "RETURNED_FROM_BANK",
            Self::Authorized => "AUTHORIZED",
            Self::Closed => "CLOSED",
            Self::Invalid => "INVALID",
            Self::Expired => "EXPIRED",
            Self::Revoked => "REVOKED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// A session, from the moment in which its authorization begins.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    /// The id of the authorization, by which the consent page goes.
    pub(crate) authorization: Uuid,
    pub(crate) application: Uuid,
    pub(crate) bank: Arc<Bank>,
    pub(crate) psu_type: &'static str,
    pub(crate) psu_id_hash: String,
    pub(crate) status: Status,
    pub(crate) valid_until: DateTime<Utc>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) authorized: Option<DateTime<Utc>>,
    pub(crate) closed: Option<DateTime<Utc>>,
    pub(crate) reads_balances: bool,
    pub(crate) reads_transactions: bool,
    /// Set if the request for consent contained both flags instead of relying on their defaults.
    pub(crate) names_access: bool,
    /// The identifications of accounts to which the application has limited itself.
    pub(crate) wanted: Vec<String>,
    pub(crate) redirect_url: String,
    pub(crate) state: String,
    /// The credentials that the application passed along for the login.
    pub(crate) credentials: BTreeMap<String, String>,
    pub(crate) autosubmit: bool,
    pub(crate) visit: Visit,
    pub(crate) consent: Consent,
    /// The accounts, with their ids in this session.
    pub(crate) accounts: Vec<(Uuid, Arc<Account>)>,
    /// The number of requests for data so far.
    pub(crate) requests: usize,
}

impl Session {
    /// Returns the status at a time.
    pub(crate) fn status_at(&self, now: DateTime<Utc>) -> Status {
        let is_over = self.status == Status::Authorized && self.valid_until <= now;
        if is_over { Status::Expired } else { self.status }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

/// The result of a consent.
#[derive(Clone, Default)]
pub(crate) struct Consent {
    /// The code for the application, and the time at which it was issued.
    pub(crate) code: Option<(String, DateTime<Utc>)>,
    /// True once the code has been redeemed.
    pub(crate) is_spent: bool,
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consent").field("is_spent", &self.is_spent).finish_non_exhaustive()
    }
}

/// Everything that changes.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) applications: BTreeMap<Uuid, Arc<Application>>,
    pub(crate) sessions: BTreeMap<Uuid, Session>,
    pub(crate) payments: Payments,
    /// The times at which accounts were read without a PSU, by the hash of the account.
    pub(crate) unattended: BTreeMap<String, Vec<DateTime<Utc>>>,
    /// Continuation keys whose page was sent once already, where the last page comes twice.
    pub(crate) repeated: BTreeSet<String>,
    made: u64,
}

impl Memory {
    /// Returns the name of an application for the pages of banks.
    pub(crate) fn name_of(&self, application: Uuid) -> &str {
        self.applications.get(&application).map_or("The application", |application| application.name.as_str())
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (applications, sessions) = (self.applications.len(), self.sessions.len());
        f.debug_struct("Memory")
            .field("applications", &applications)
            .field("sessions", &sessions)
            .finish_non_exhaustive()
    }
}

/// The settings of a sandbox that its operations read.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) edition: Edition,
    /// The number from which all data, ids and codes derive.
    pub(crate) seed: u64,
    /// The newest day of the data, if it is not the clock's.
    pub(crate) newest: Option<NaiveDate>,
    pub(crate) clock: Clock,
    /// Set if consents and payments are approved at once.
    pub(crate) approves: bool,
    pub(crate) counts_unattended: bool,
}

/// The banks, applications and sessions.
pub(crate) struct World {
    pub(crate) edition: Edition,
    pub(crate) seed: u64,
    newest: Option<NaiveDate>,
    pub(crate) clock: Clock,
    pub(crate) approves: bool,
    pub(crate) counts_unattended: bool,
    /// The address of the sandbox, without a slash at its end.
    pub(crate) url: String,
    /// The names under which it answers.
    pub(crate) names: Names,
    pub(crate) registration_token: String,
    pub(crate) webhooks: Webhooks,
    banks: Mutex<Vec<Arc<Bank>>>,
    memory: Mutex<Memory>,
}

impl World {
    pub(crate) fn new(url: String, names: Names, webhooks: Webhooks, settings: Settings) -> Self {
        let Settings { edition, seed, newest, clock, approves, counts_unattended } = settings;
        let today = today(newest, &clock);
        Self {
            edition,
            seed,
            newest,
            clock,
            approves,
            counts_unattended,
            url,
            names,
            registration_token: format!("sandbox-{:016x}", mix(&[seed, 0x7e61])),
            webhooks,
            banks: Mutex::new(builtin::all(seed, today)),
            memory: Mutex::default(),
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the newest day of the data.
    pub(crate) fn today(&self) -> NaiveDate {
        today(self.newest, &self.clock)
    }

    /// Returns the banks, in the order in which they are listed.
    pub(crate) fn banks(&self) -> Vec<Arc<Bank>> {
        self.banks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the bank of a country and a name.
    pub(crate) fn bank(&self, country: &str, name: &str) -> Option<Arc<Bank>> {
        let is_it = |bank: &Arc<Bank>| bank.profile.country == country && bank.profile.name == name;
        self.banks().into_iter().find(is_it)
    }

    /// Adds a bank, which is made with its number.
    pub(crate) fn add_bank(&self, make: impl FnOnce(u64) -> Bank) -> Arc<Bank> {
        let mut banks = self.banks.lock().unwrap_or_else(PoisonError::into_inner);
        let bank = Arc::new(make(banks.len() as u64));
        banks.push(Arc::clone(&bank));
        bank
    }

    /// Returns the next id: no two are the same, and all are the same in the next run.
    pub(crate) fn next_id(&self, memory: &mut Memory) -> Uuid {
        uuid(&[self.seed, 0x1d, self.next_number(memory)])
    }

    /// Returns a number that no other call has got.
    pub(crate) fn next_number(&self, memory: &mut Memory) -> u64 {
        memory.made += 1;
        memory.made
    }

    /// Creates the token of a form. Unlike ids and codes it is random, so that no other page can know it. It takes a
    /// number all the same: those of the next ids stay as they were.
    pub(crate) fn form_token(&self, memory: &mut Memory) -> Option<String> {
        memory.made += 1;
        unguessable()
    }

    /// Returns a text that only those can guess who know the seed.
    pub(crate) fn next_secret(&self, memory: &mut Memory) -> String {
        memory.made += 1;
        let halves = [mix(&[self.seed, 0x5ec, memory.made]), mix(&[self.seed, 0x5ed, memory.made])];
        format!("{:016x}{:016x}", halves[0], halves[1])
    }

    /// Returns the accounts of a user that a session may be about.
    pub(crate) fn accounts(&self, session: &Session, user: &User) -> Vec<Arc<Account>> {
        let is_limited = session.bank.quirks().oddities().shares_current_accounts && !session.names_access;
        let is_wanted = |account: &Arc<Account>| {
            if is_limited && account.cash_account_type != "CACC" {
                return false;
            }
            session.wanted.is_empty() || session.wanted.iter().any(|wanted| account.is_identified_by(wanted))
        };
        user.accounts().into_iter().filter(is_wanted).collect()
    }

    /// Ends a consent with approval, and returns the code that the application redeems.
    pub(crate) fn approve(&self, memory: &mut Memory, id: Uuid, chosen: Vec<Arc<Account>>) -> Option<String> {
        let code = self.next_secret(memory);
        let accounts = chosen.into_iter().map(|account| (self.next_id(memory), account)).collect();
        let session = memory.sessions.get_mut(&id)?;
        session.status = Status::Returned;
        session.accounts = accounts;
        session.consent.code = Some((code.clone(), self.clock.now()));
        Some(code)
    }

    /// Ends a session at the bank, as its PSU can.
    pub(crate) fn revoke(&self, id: Uuid) -> bool {
        let now = self.clock.now();
        let mut memory = self.memory();
        let session = memory.sessions.get_mut(&id).filter(|session| session.status_at(now) == Status::Authorized);
        let Some(session) = session else { return false };
        session.status = Status::Revoked;
        session.closed = Some(now);
        true
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("edition", &self.edition).field("url", &self.url).finish_non_exhaustive()
    }
}

/// Returns the newest day of the data: that of the clock, or a fixed one that moves on as the clock is moved.
fn today(newest: Option<NaiveDate>, clock: &Clock) -> NaiveDate {
    match newest {
        None => clock.now().date_naive(),
        Some(day) => day.checked_add_signed(clock.moved()).unwrap_or(day),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it needs by failing")]
mod tests {
    use super::*;

    const SECRET: &str = "a secret of a test";

    fn session(world: &World) -> Session {
        let bank = world.banks().remove(0);
        let user = bank.first_user("personal").unwrap();
        let mut visit = Visit::new(SECRET.to_owned());
        visit.log_in(&bank, "personal", &user.name, &user.password).unwrap();
        let now = world.clock.now();
        Session {
            id: Uuid::from_u128(1),
            authorization: Uuid::from_u128(2),
            application: Uuid::from_u128(3),
            accounts: user.accounts().into_iter().map(|account| (Uuid::from_u128(4), account)).collect(),
            bank,
            psu_type: "personal",
            psu_id_hash: SECRET.to_owned(),
            status: Status::Pending,
            valid_until: now,
            created: now,
            authorized: None,
            closed: None,
            reads_balances: true,
            reads_transactions: true,
            names_access: true,
            wanted: vec![SECRET.to_owned()],
            redirect_url: String::new(),
            state: SECRET.to_owned(),
            credentials: BTreeMap::from([("password".to_owned(), SECRET.to_owned())]),
            autosubmit: true,
            visit,
            consent: Consent { code: Some((SECRET.to_owned(), now)), is_spent: false },
            requests: 0,
        }
    }

    #[test]
    fn secrets_and_people_are_not_shown() {
        let names = Names::new("127.0.0.1:1".parse().unwrap(), &[]);
        let (webhooks, _) = Webhooks::new(Vec::new(), Vec::new());
        let settings = Settings {
            edition: Edition::default(),
            seed: 0,
            newest: None,
            clock: Clock::default(),
            approves: false,
            counts_unattended: false,
        };
        let world = World::new("http://127.0.0.1:1".to_owned(), names, webhooks, settings);
        let session = session(&world);
        let user = session.bank.first_user("personal").unwrap();
        let mut memory = Memory::default();
        memory.sessions.insert(session.id, session.clone());
        let shown = format!("{session:?}{:?}{:?}{:?}{memory:?}{world:?}", session.consent, session.visit, session.bank);
        assert!(shown.contains("Session {") && shown.contains("World {"), "{shown}");
        for text in [SECRET, &world.registration_token, &user.name, &user.password, &user.otp] {
            assert!(!shown.contains(text), "{text}: {shown}");
        }
    }
}
