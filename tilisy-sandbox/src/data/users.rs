//! Users of a bank.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::accounts::Account;

/// A user of a bank.
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
#[derive(Clone)]
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

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("psu_type", &self.psu_type).finish_non_exhaustive()
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("psu_type", &self.psu_type).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_shown_without_their_names_and_passwords() {
        let text = |text: &str| text.to_owned();
        let (name, password, otp, holder) = (text("aino"), text("revontulet"), text("123456"), text("Aino Mäkelä"));
        let person = Person { name, password, otp, psu_type: "personal", holder };
        assert_eq!(format!("{person:?}"), "Person { psu_type: \"personal\", .. }");
        assert_eq!(format!("{:?}", User::new(person)), "User { psu_type: \"personal\", .. }");
    }
}
