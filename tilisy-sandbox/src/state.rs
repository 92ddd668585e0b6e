//! What the sandbox remembers: applications, authorizations on their way, and sessions.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::clock::Clock;
use crate::data::accounts::{self, Account};
use crate::data::banks::{BANKS, Bank};
use crate::data::users::User;
use crate::key::PublicKey;
use crate::names::Names;
use crate::random::{mix, unguessable, uuid};

/// For how long an authorization code can be redeemed.
pub(crate) const CODE_LIFE: TimeDelta = TimeDelta::minutes(5);

/// For how long a bank lets an application read, at most.
pub(crate) const LONGEST_CONSENT: TimeDelta = TimeDelta::days(180);

/// How often an account is told in a day while no PSU is there, where that is counted.
pub(crate) const UNATTENDED_A_DAY: usize = 4;

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
}

/// How far a session has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    Pending,
    Returned,
    Authorized,
    Closed,
    Invalid,
}

impl Status {
    pub(crate) fn wire(self) -> &'static str {
        match self {
            Self::Pending => "PENDING_AUTHORIZATION",
            Self::Returned => "RETURNED_FROM_BANK",
            Self::Authorized => "AUTHORIZED",
            Self::Closed => "CLOSED",
            Self::Invalid => "INVALID",
        }
    }
}

/// A session, from the moment in which its authorization begins.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) application: Uuid,
    pub(crate) bank: usize,
    pub(crate) psu_type: String,
    pub(crate) status: Status,
    pub(crate) valid_until: DateTime<Utc>,
    pub(crate) reads_balances: bool,
    pub(crate) reads_transactions: bool,
    /// IBANs and the like to which the application has limited itself.
    pub(crate) wanted: Vec<String>,
    pub(crate) redirect_url: String,
    pub(crate) state: String,
    /// What the application passed along for the login.
    pub(crate) credentials: BTreeMap<String, String>,
    pub(crate) autosubmit: bool,
    pub(crate) consent: Consent,
    /// The accounts, with their ids in this session.
    pub(crate) accounts: Vec<(Uuid, Account)>,
}

impl Session {
    pub(crate) fn bank(&self) -> &'static Bank {
        BANKS.get(self.bank).unwrap_or(&BANKS[0])
    }
}

/// How far the PSU has come at the bank.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    /// What a form has to carry, so that no other page can send it.
    pub(crate) token: String,
    pub(crate) user: Option<&'static User>,
    /// Whether the one-time password was right.
    pub(crate) is_known: bool,
    /// The code for the application, and when it was made.
    pub(crate) code: Option<(String, DateTime<Utc>)>,
}

/// Everything that changes.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) applications: BTreeMap<Uuid, Application>,
    pub(crate) sessions: BTreeMap<Uuid, Session>,
    /// When accounts were told while no PSU was there, by the hash of the account.
    pub(crate) unattended: BTreeMap<String, Vec<DateTime<Utc>>>,
    made: u64,
}

/// The settings of a sandbox that its operations read.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The number that all data, ids and codes are made from.
    pub(crate) seed: u64,
    /// The newest day of which the banks know.
    pub(crate) newest: NaiveDate,
    pub(crate) clock: Clock,
    /// Set if PSUs agree at once.
    pub(crate) approves: bool,
    pub(crate) counts_unattended: bool,
}

/// The banks, applications and sessions.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) newest: NaiveDate,
    pub(crate) clock: Clock,
    pub(crate) approves: bool,
    pub(crate) counts_unattended: bool,
    /// Where the sandbox can be reached, without a slash at its end.
    pub(crate) url: String,
    /// The names under which it answers.
    pub(crate) names: Names,
    pub(crate) registration_token: String,
    memory: Mutex<Memory>,
}

impl World {
    pub(crate) fn new(url: String, names: Names, settings: Settings) -> Self {
        let Settings { seed, newest, clock, approves, counts_unattended } = settings;
        Self {
            seed,
            newest,
            clock,
            approves,
            counts_unattended,
            url,
            names,
            registration_token: format!("sandbox-{:016x}", mix(&[seed, 0x7e61])),
            memory: Mutex::default(),
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next id: no two are the same, and all are the same in the next run.
    pub(crate) fn next_id(&self, memory: &mut Memory) -> Uuid {
        memory.made += 1;
        uuid(&[self.seed, 0x1d, memory.made])
    }

    /// Creates the token of a form. Unlike ids and codes it is random, so that no other page can know it. It takes its
    /// number all the same: those of the next ids stay as they were.
    pub(crate) fn form_token(&self, memory: &mut Memory) -> Option<String> {
        memory.made += 1;
        unguessable()
    }

    /// A text that nobody guesses who does not know the seed.
    pub(crate) fn next_secret(&self, memory: &mut Memory) -> String {
        memory.made += 1;
        let halves = [mix(&[self.seed, 0x5ec, memory.made]), mix(&[self.seed, 0x5ed, memory.made])];
        format!("{:016x}{:016x}", halves[0], halves[1])
    }

    /// The accounts of a user that a session may be about.
    pub(crate) fn accounts(&self, session: &Session, user: &User) -> Vec<Account> {
        let all = accounts::of(self.seed, self.newest, session.bank, user);
        let is_wanted = |account: &Account| {
            let named = account.identification().to_string();
            session.wanted.is_empty() || session.wanted.iter().any(|wanted| named.contains(&format!("\"{wanted}\"")))
        };
        all.into_iter().filter(is_wanted).collect()
    }

    /// The PSU has agreed: gives the code that the application redeems.
    pub(crate) fn approve(&self, memory: &mut Memory, id: Uuid, chosen: Vec<Account>) -> Option<String> {
        let code = self.next_secret(memory);
        let accounts = chosen.into_iter().map(|account| (self.next_id(memory), account)).collect();
        let session = memory.sessions.get_mut(&id)?;
        session.status = Status::Returned;
        session.accounts = accounts;
        session.consent.code = Some((code.clone(), self.clock.now()));
        Some(code)
    }
}
