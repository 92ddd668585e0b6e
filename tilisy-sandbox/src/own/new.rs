//! Descriptions of what is added.

use std::fmt;

use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;
use serde_json::Value;

/// A bank to add: [`Sandbox::add_bank`](crate::Sandbox::add_bank).
#[derive(Clone, Debug)]
pub struct NewBank {
    pub(super) name: String,
    pub(super) country: String,
    pub(super) currency: Option<String>,
    pub(super) maximum_consent: Option<TimeDelta>,
    pub(super) history_days: Option<i64>,
}

impl NewBank {
    /// Creates a bank with a name, in a country by its code of two letters.
    #[must_use]
    pub fn new(name: impl Into<String>, country: impl Into<String>) -> Self {
        Self { name: name.into(), country: country.into(), currency: None, maximum_consent: None, history_days: None }
    }

    /// Sets the currency of its accounts; that of Sweden or Norway there, and EUR elsewhere, if not given.
    #[must_use]
    pub fn currency(self, currency: impl Into<String>) -> Self {
        Self { currency: Some(currency.into()), ..self }
    }

    /// Sets the longest consent that it grants; 180 days if not given.
    #[must_use]
    pub fn maximum_consent(self, longest: TimeDelta) -> Self {
        Self { maximum_consent: Some(longest), ..self }
    }

    /// Sets for how many days back it lists transactions; for all if not given.
    #[must_use]
    pub fn history_days(self, days: u16) -> Self {
        Self { history_days: Some(i64::from(days)), ..self }
    }
}

/// A user to add: [`Bank::add_user`](crate::Bank::add_user).
#[derive(Clone)]
pub struct NewUser {
    pub(super) name: String,
    pub(super) password: String,
    pub(super) otp: String,
    pub(super) psu_type: &'static str,
    pub(super) holder: Option<String>,
}

impl NewUser {
    /// Creates a private person, with the user id to log in with.
    #[must_use]
    pub fn personal(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            password: "password".to_owned(),
            otp: "123456".to_owned(),
            psu_type: "personal",
            holder: None,
        }
    }

    /// Creates a company, with the user id to log in with.
    #[must_use]
    pub fn business(name: impl Into<String>) -> Self {
        Self { psu_type: "business", ..Self::personal(name) }
    }

    /// Sets the password; `password` if not given.
    #[must_use]
    pub fn password(self, password: impl Into<String>) -> Self {
        Self { password: password.into(), ..self }
    }

    /// Sets the one-time password; `123456` if not given.
    #[must_use]
    pub fn otp(self, otp: impl Into<String>) -> Self {
        Self { otp: otp.into(), ..self }
    }

    /// Sets the name of the accounts' holder; the user id if not given.
    #[must_use]
    pub fn holder(self, holder: impl Into<String>) -> Self {
        Self { holder: Some(holder.into()), ..self }
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser").field("psu_type", &self.psu_type).finish_non_exhaustive()
    }
}

/// An account to add: [`User::account`](crate::User::account).
#[derive(Clone)]
pub struct NewAccount {
    pub(super) currency: String,
    pub(super) product: String,
    pub(super) cash_account_type: String,
    pub(super) iban: Option<String>,
    pub(super) opening: String,
}

impl NewAccount {
    /// Creates a current account in a currency, with a balance of zero.
    #[must_use]
    pub fn new(currency: impl Into<String>) -> Self {
        Self {
            currency: currency.into(),
            product: "Current account".to_owned(),
            cash_account_type: "CACC".to_owned(),
            iban: None,
            opening: "0.00".to_owned(),
        }
    }

    /// Sets the IBAN; one that the sandbox makes up if not given.
    #[must_use]
    pub fn iban(self, iban: impl Into<String>) -> Self {
        Self { iban: Some(iban.into()), ..self }
    }

    /// Sets the bank's name of the product.
    #[must_use]
    pub fn product(self, product: impl Into<String>) -> Self {
        Self { product: product.into(), ..self }
    }

    /// Sets the type of the account, such as `SVGS`; `CACC` if not given.
    #[must_use]
    pub fn cash_account_type(self, cash_account_type: impl Into<String>) -> Self {
        Self { cash_account_type: cash_account_type.into(), ..self }
    }

    /// Sets the balance before the first transaction, such as `100.00`; zero if not given.
    #[must_use]
    pub fn opening_balance(self, opening: impl Into<String>) -> Self {
        Self { opening: opening.into(), ..self }
    }
}

impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccount").field("currency", &self.currency).finish_non_exhaustive()
    }
}

/// A transaction to add: [`Account::add_transaction`](crate::Account::add_transaction).
///
/// ```
/// use tilisy_sandbox::NewTransaction;
///
/// let booked = NewTransaction::debit("12.50", "Kahvila").text("Coffee");
/// let salary = NewTransaction::credit("2450.00", "Employer").reference("2026-11");
/// ```
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTransaction {
    pub(super) amount: String,
    #[serde(rename = "credit", default)]
    pub(super) is_credit: bool,
    #[serde(default = "booked")]
    pub(super) status: String,
    pub(super) day: Option<NaiveDate>,
    pub(super) booked_on: Option<NaiveDate>,
    pub(super) party: Option<String>,
    pub(super) party_account: Option<String>,
    pub(super) text: Option<String>,
    pub(super) reference: Option<String>,
    #[serde(default)]
    pub(super) properties: serde_json::Map<String, Value>,
}

fn booked() -> String {
    "BOOK".to_owned()
}

impl NewTransaction {
    /// Creates a booked payment from the account to someone, of a positive amount such as `12.50`.
    #[must_use]
    pub fn debit(amount: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            amount: amount.into(),
            is_credit: false,
            status: booked(),
            day: None,
            booked_on: None,
            party: Some(to.into()),
            party_account: None,
            text: None,
            reference: None,
            properties: serde_json::Map::new(),
        }
    }

    /// Creates a booked payment to the account from someone, of a positive amount.
    #[must_use]
    pub fn credit(amount: impl Into<String>, from: impl Into<String>) -> Self {
        Self { is_credit: true, ..Self::debit(amount, from) }
    }

    /// Sets the day; the sandbox's newest day if not given. A transaction of a later day is listed once the clock is there.
    #[must_use]
    pub fn day(self, day: NaiveDate) -> Self {
        Self { day: Some(day), ..self }
    }

    /// Sets the status, such as `HOLD`; `BOOK` if not given.
    #[must_use]
    pub fn status(self, status: impl Into<String>) -> Self {
        Self { status: status.into(), ..self }
    }

    /// Makes the transaction pending until the day on which it is booked.
    #[must_use]
    pub fn pending_until(self, booked_on: NaiveDate) -> Self {
        Self { status: "PDNG".to_owned(), booked_on: Some(booked_on), ..self }
    }

    /// Sets the IBAN of the other party.
    #[must_use]
    pub fn party_account(self, iban: impl Into<String>) -> Self {
        Self { party_account: Some(iban.into()), ..self }
    }

    /// Sets the text, as the only line of `remittance_information`.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..self }
    }

    /// Sets the `entry_reference`; one that the sandbox makes up if not given.
    #[must_use]
    pub fn reference(self, reference: impl Into<String>) -> Self {
        Self { reference: Some(reference.into()), ..self }
    }

    /// Sets a property of the transaction as the API has it, in place of the sandbox's own value.
    #[must_use]
    pub fn property(mut self, name: impl Into<String>, value: Value) -> Self {
        self.properties.insert(name.into(), value);
        self
    }
}

impl fmt::Debug for NewTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewTransaction").field("status", &self.status).finish_non_exhaustive()
    }
}
