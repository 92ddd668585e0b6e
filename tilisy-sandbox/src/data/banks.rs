//! The banks of a sandbox: those that it starts with, none of which exists, and those that tests add.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;

use super::accounts::{Account, Owner};
use super::users::{Person, User};
use crate::oddities::Parties;
use crate::quirk::Quirks;

/// A bank.
#[derive(Debug)]
pub(crate) struct Bank {
    pub(crate) profile: Profile,
    seed: u64,
    number: u64,
    users: Mutex<Vec<Arc<User>>>,
    quirks: Mutex<Quirks>,
}

/// The facts about a bank.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) country: String,
    pub(crate) name: String,
    pub(crate) bic: String,
    pub(crate) currency: String,
    /// The length of its account numbers.
    pub(crate) digits: usize,
    pub(crate) psu_types: &'static [&'static str],
    pub(crate) login: Login,
    /// The PSU headers that it needs: all of them, or none at all in the current edition.
    pub(crate) psu_headers: &'static [&'static str],
    /// The number of days for which it lists transactions.
    pub(crate) history: Option<i64>,
    /// The parties that it names in transactions.
    pub(crate) parties: Parties,
    pub(crate) longest_consent: TimeDelta,
    pub(crate) is_beta: bool,
    pub(crate) group: Option<String>,
    /// Set if accounts in several currencies share an IBAN.
    pub(crate) shares_iban: bool,
}

/// The way in which PSUs log in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Login {
    /// On the bank's page, by name and password; nothing can be passed along.
    Page,
    /// By user id and password, which can be passed along.
    Credentials,
    /// By one of two methods.
    Choice,
}

impl Bank {
    pub(crate) fn new(profile: Profile, seed: u64, number: u64) -> Self {
        Self { profile, seed, number, users: Mutex::default(), quirks: Mutex::default() }
    }

    /// Returns the bank's quirks.
    pub(crate) fn quirks(&self) -> Quirks {
        self.quirks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_quirks(&self, quirks: Quirks) {
        *self.quirks.lock().unwrap_or_else(PoisonError::into_inner) = quirks;
    }

    /// Returns the users of the bank.
    pub(crate) fn users(&self) -> Vec<Arc<User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the user with a name.
    pub(crate) fn user(&self, name: &str) -> Option<Arc<User>> {
        self.users().into_iter().find(|user| user.name == name)
    }

    /// Returns the first user of a kind who has accounts.
    pub(crate) fn first_user(&self, psu_type: &str) -> Option<Arc<User>> {
        self.users().into_iter().find(|user| user.psu_type == psu_type && !user.accounts().is_empty())
    }

    /// Returns the user with this person's name, and adds one if the bank has no such user.
    pub(crate) fn add(&self, person: Person) -> Arc<User> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(user) = users.iter().find(|user| user.name == person.name) {
            return Arc::clone(user);
        }
        let user = Arc::new(User::new(person));
        users.push(Arc::clone(&user));
        user
    }

    /// Returns what the data of a user's accounts needs to know.
    pub(crate) fn owner(&self, user: &User) -> Owner {
        let nth = self.users().iter().position(|other| other.name == user.name).unwrap_or_default();
        let Profile { country, bic, name, currency, digits, parties, shares_iban, .. } = self.profile.clone();
        Owner {
            country,
            bic,
            bank: name,
            currency,
            digits,
            parties,
            shares_iban,
            holder: user.holder.clone(),
            is_business: user.is_business(),
            parts: [self.seed, self.number, nth as u64],
        }
    }

    /// Returns the account with an IBAN or another identification.
    pub(crate) fn account(&self, identification: &str) -> Option<Arc<Account>> {
        let accounts = self.users().into_iter().flat_map(|user| user.accounts());
        accounts.into_iter().find(|account| account.is_identified_by(identification))
    }

    /// Returns whether a method of this name is among the bank's.
    pub(crate) fn has_method(&self, name: &str) -> bool {
        match self.profile.login {
            Login::Page => false,
            Login::Credentials => name == "password",
            Login::Choice => matches!(name, "password" | "app"),
        }
    }
}
