//! Users of a bank.

use std::sync::{Arc, Mutex, PoisonError};

use super::accounts::Account;

/// A user of a bank.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) otp: String,
    pub(crate) psu_type: &'static str,
    /// The name of the accounts' holder.
    pub(crate) holder: String,
    accounts: Mutex<Vec<Arc<Account>>>,
}

/// The facts about a user, without accounts.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) otp: String,
    pub(crate) psu_type: &'static str,
    pub(crate) holder: String,
}

impl User {
    pub(crate) fn new(person: Person) -> Self {
        let Person { name, password, otp, psu_type, holder } = person;
        Self { name, password, otp, psu_type, holder, accounts: Mutex::default() }
    }

    pub(crate) fn is_business(&self) -> bool {
        self.psu_type == "business"
    }

    /// Returns the accounts of the user.
    pub(crate) fn accounts(&self) -> Vec<Arc<Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds an account that is made with its number.
    pub(crate) fn add(&self, make: impl FnOnce(u64) -> Account) -> Arc<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = Arc::new(make(accounts.len() as u64));
        accounts.push(Arc::clone(&account));
        account
    }
}
