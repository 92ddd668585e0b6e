//! A test's own banks, users, accounts and transactions.

mod load;
mod new;

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::Map;

pub(crate) use self::load::load;
pub use self::new::{NewAccount, NewBank, NewTransaction, NewUser};
use crate::data::accounts::{self, Plan};
use crate::data::banks;
use crate::data::builtin;
use crate::data::ledger::{Entry, STATUSES};
use crate::data::users::{self, Person};
use crate::error::{AddError, UnknownName};
use crate::quirk::Quirks;
use crate::service::Service;

/// A bank of a sandbox.
#[derive(Clone)]
pub struct Bank {
    service: Arc<Service>,
    bank: Arc<banks::Bank>,
}

/// A user of a bank of a sandbox.
#[derive(Clone)]
pub struct User {
    bank: Bank,
    user: Arc<users::User>,
}

/// An account of a sandbox.
#[derive(Clone)]
pub struct Account {
    user: User,
    account: Arc<accounts::Account>,
}

impl Bank {
    /// Returns the first bank with a name.
    pub(crate) fn find(service: &Arc<Service>, name: &str) -> Option<Self> {
        let found = service.world.banks().into_iter().find(|bank| bank.profile.name == name);
        found.map(|bank| Self { service: Arc::clone(service), bank })
    }

    /// Returns the first bank with a name, or adds one in Finland.
    pub(crate) fn named(service: &Arc<Service>, name: &str) -> Self {
        let make = || Self::make(service, &NewBank::new(name, "FI"));
        Self::find(service, name).unwrap_or_else(|| Self { service: Arc::clone(service), bank: make() })
    }

    /// Returns a bank of a sandbox.
    pub(crate) fn of(service: &Arc<Service>, bank: Arc<banks::Bank>) -> Self {
        Self { service: Arc::clone(service), bank }
    }

    /// Returns whether the bank has a user with a name.
    pub(crate) fn has_user(&self, name: &str) -> bool {
        self.bank.user(name).is_some()
    }

    /// Adds a bank.
    pub(crate) fn add(service: &Arc<Service>, bank: &NewBank) -> Result<Self, AddError> {
        if bank.country.len() != 2 || !bank.country.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Err(AddError("the country of a bank must be two capital letters"));
        }
        if service.world.bank(&bank.country, &bank.name).is_some() {
            return Err(AddError("the sandbox has a bank of this name in this country already"));
        }
        Ok(Self { service: Arc::clone(service), bank: Self::make(service, bank) })
    }

    fn make(service: &Arc<Service>, bank: &NewBank) -> Arc<banks::Bank> {
        let seed = service.world.seed;
        service.world.add_bank(|number| {
            let bic = format!("TEST{}{number:02}", bank.country);
            let mut profile = builtin::plain(&bank.country, &bank.name, &bic);
            profile.history = bank.history_days;
            profile.longest_consent = bank.maximum_consent.unwrap_or(profile.longest_consent);
            if let Some(currency) = &bank.currency {
                profile.currency.clone_from(currency);
            }
            banks::Bank::new(profile, seed, number)
        })
    }

    /// Sets the quirks of the bank, by their names in the README; they apply to every response about it.
    ///
    /// # Errors
    ///
    /// Fails if a quirk is unknown, and changes none then.
    pub fn set_quirks(&self, names: &[&str]) -> Result<(), UnknownName> {
        self.bank.set_quirks(Quirks::named(names.iter().copied()).ok_or(UnknownName)?);
        Ok(())
    }

    /// Returns the user with a name. One whom the bank does not have is added: a person with the password `password`
    /// and the one-time password `123456`.
    pub fn user(&self, name: &str) -> User {
        self.add_user(NewUser::personal(name))
    }

    /// Adds a user, unless the bank has one with this name, who is returned then.
    pub fn add_user(&self, user: NewUser) -> User {
        let NewUser { name, password, otp, psu_type, holder } = user;
        let holder = holder.unwrap_or_else(|| name.clone());
        User { bank: self.clone(), user: self.bank.add(Person { name, password, otp, psu_type, holder }) }
    }
}

impl User {
    /// Adds an account without transactions.
    ///
    /// # Errors
    ///
    /// Fails for an IBAN, a currency, a type or a balance that no account can have, and for an IBAN that the bank has
    /// already.
    pub fn account(&self, account: NewAccount) -> Result<Account, AddError> {
        let NewAccount { currency, product, cash_account_type, iban, opening } = account;
        if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Err(AddError("a currency must be three capital letters"));
        }
        let known =
            ["CACC", "CARD", "CASH", "LOAN", "OTHR", "SVGS"].into_iter().find(|known| *known == cash_account_type);
        let cash_account_type =
            known.ok_or(AddError("the type of an account must be one of the API's, such as CACC"))?;
        if let Some(iban) = &iban {
            if !(5..=34).contains(&iban.len()) || !iban.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
                return Err(AddError("an IBAN must have 5 to 34 letters and digits, without spaces"));
            }
            if self.bank.bank.account(iban).is_some() {
                return Err(AddError("the bank has an account with this IBAN already"));
            }
        }
        let opening = decimal(&opening);
        let opening = opening.ok_or(AddError("a balance must be a decimal number such as 100.00, below 10^15"))?;
        let owner = self.bank.bank.owner(&self.user);
        let plan = Plan { product, cash_account_type, currency, iban, opening };
        let account = self.user.add(|number| accounts::Account::planned(owner, plan, number));
        Ok(Account { user: self.clone(), account })
    }

    /// Returns the accounts of the user.
    pub fn accounts(&self) -> Vec<Account> {
        self.user.accounts().into_iter().map(|account| Account { user: self.clone(), account }).collect()
    }
}

impl Account {
    /// Returns the IBAN, if the account has one.
    pub fn iban(&self) -> Option<&str> {
        self.account.iban()
    }

    /// Returns the `identification_hash`, which is the same in every session.
    pub fn identification_hash(&self) -> &str {
        self.account.hash()
    }

    /// Adds a transaction, and returns its `entry_reference`.
    ///
    /// # Errors
    ///
    /// Fails for an amount that is not positive, and for an unknown status.
    pub fn add_transaction(&self, transaction: NewTransaction) -> Result<String, AddError> {
        let entry = self.entry(transaction)?;
        let reference = entry.reference.clone().unwrap_or_default();
        self.account.add(entry);
        Ok(reference)
    }

    fn entry(&self, transaction: NewTransaction) -> Result<Entry, AddError> {
        let service = &self.user.bank.service;
        let amount = decimal(&transaction.amount).filter(|amount| amount.is_sign_positive() && !amount.is_zero());
        let amount =
            amount.ok_or(AddError("an amount must be a positive decimal number such as 12.50, below 10^15"))?;
        let status = STATUSES.iter().find(|known| **known == transaction.status);
        let status = status.ok_or(AddError("the status of a transaction must be one of the API's, such as BOOK"))?;
        let number = service.world.next_number(&mut service.world.memory());
        Ok(Entry {
            day: transaction.day.unwrap_or_else(|| service.world.today()),
            amount: if transaction.is_credit { amount } else { -amount },
            status,
            booked_on: transaction.booked_on,
            party: transaction.party,
            party_account: transaction.party_account,
            remittance: transaction.text.into_iter().collect(),
            reference: Some(transaction.reference.unwrap_or_else(|| format!("OWN-{number:06}"))),
            properties: Map::from_iter(transaction.properties),
        })
    }

    /// Blocks the account at the bank, or opens it again. Requests for a blocked one are refused with
    /// `ASPSP_ACCOUNT_NOT_ACCESSIBLE`, and new sessions list it without a `uid`.
    pub fn set_blocked(&self, is_blocked: bool) {
        self.account.set_blocked(is_blocked);
    }
}

/// Returns a decimal number that can be added up without end: below 10^15, and with at most eight decimals.
fn decimal(text: &str) -> Option<Decimal> {
    let limit = Decimal::new(1_000_000_000_000_000, 0);
    Decimal::from_str_exact(text).ok().filter(|number| number.abs() < limit && number.scale() <= 8)
}

impl fmt::Debug for Bank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bank").field("name", &self.bank.profile.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("bank", &self.bank).finish_non_exhaustive()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("bank", &self.user.bank).finish_non_exhaustive()
    }
}
