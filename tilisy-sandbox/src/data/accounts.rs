//! Accounts.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::check::iban;
use super::history::History;
use super::kinds::{Identified, Kind};
use super::ledger::Entry;
use crate::oddities::Parties;
use crate::random::mix;

/// The facts about the bank and the user of an account that appear in its data.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) country: String,
    pub(crate) bic: String,
    pub(crate) bank: String,
    pub(crate) currency: String,
    /// The length of the bank's account numbers.
    pub(crate) digits: usize,
    pub(crate) parties: Parties,
    /// Set if accounts in several currencies share an IBAN.
    pub(crate) shares_iban: bool,
    pub(crate) holder: String,
    pub(crate) is_business: bool,
    /// The values from which the data of the user's accounts derives.
    pub(crate) parts: [u64; 3],
}

/// An account of a user at a bank.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) owner: Owner,
    pub(crate) product: String,
    pub(crate) cash_account_type: &'static str,
    pub(crate) currency: String,
    iban: Option<String>,
    other: Option<(&'static str, String)>,
    hash: String,
    /// The number among the accounts of the user.
    number: u64,
    history: Option<History>,
    /// The balance before the first transaction, where none are generated.
    opening: Decimal,
    book: Mutex<Book>,
}

/// The part of an account that changes.
#[derive(Debug, Default)]
struct Book {
    entries: Vec<Entry>,
    is_blocked: bool,
}

/// A description of an account without generated transactions.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) product: String,
    pub(crate) cash_account_type: &'static str,
    pub(crate) currency: String,
    /// The IBAN; one derived from the number of the account if `None`.
    pub(crate) iban: Option<String>,
    pub(crate) opening: Decimal,
}

impl Account {
    /// Creates an account with generated transactions.
    pub(super) fn generated(owner: Owner, kind: &'static Kind, number: u64) -> Self {
        let history = History::new(parts(&owner, number), kind.rows);
        let identity = |nth| history.parts(u64::MAX - nth);
        // Of a bank whose accounts share an IBAN, the number is that of the user's first account.
        let identified = if owner.shares_iban { 0 } else { number };
        let bban = bban(&History::new(parts(&owner, identified), 0), owner.digits);
        let card = format!("************{:04}", mix(&identity(0)) % 10_000);
        let iban = iban(&owner.country, &bban);
        let (iban, other) = match kind.by {
            Identified::Iban => (Some(iban), None),
            Identified::Card => (None, Some(("CPAN", card))),
            Identified::Domestic => (None, Some(("BBAN", bban))),
            Identified::Both => (Some(iban), Some(("BBAN", bban))),
        };
        Self {
            product: kind.product.to_owned(),
            cash_account_type: kind.cash_account_type,
            currency: kind.currency.map_or_else(|| owner.currency.clone(), str::to_owned),
            iban,
            other,
            hash: hash(&history),
            number,
            history: Some(history),
            opening: Decimal::ZERO,
            book: Mutex::default(),
            owner,
        }
    }

    /// Creates an account whose transactions are all added.
    pub(crate) fn planned(owner: Owner, plan: Plan, number: u64) -> Self {
        // Apart from the numbers of generated accounts.
        let number = number + 100;
        let identity = History::new(parts(&owner, number), 0);
        let iban = plan.iban.unwrap_or_else(|| iban(&owner.country, &bban(&identity, owner.digits)));
        Self {
            product: plan.product,
            cash_account_type: plan.cash_account_type,
            currency: plan.currency,
            iban: Some(iban),
            other: None,
            hash: hash(&identity),
            number,
            history: None,
            opening: plan.opening,
            book: Mutex::default(),
            owner,
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a transaction, and returns its number among those added.
    pub(crate) fn add(&self, entry: Entry) -> usize {
        let mut book = self.book();
        book.entries.push(entry);
        book.entries.len() - 1
    }

    /// Changes a transaction that was added.
    pub(crate) fn change(&self, number: usize, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.book().entries.get_mut(number) {
            change(entry);
        }
    }

    /// Blocks the account at the bank, or opens it again.
    pub(crate) fn set_blocked(&self, is_blocked: bool) {
        self.book().is_blocked = is_blocked;
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.book().is_blocked
    }

    /// Returns the transactions that were added, as of a day, with their numbers.
    pub(super) fn entries(&self, today: NaiveDate) -> Vec<(usize, Entry)> {
        let book = self.book();
        let listed = book.entries.iter().enumerate();
        listed.filter_map(|(number, entry)| Some((number, entry.as_of(today)?))).collect()
    }

    /// Returns the values from which something about the account derives.
    pub(super) fn identity(&self, own: u64) -> [u64; 5] {
        let [seed, bank, user] = self.owner.parts;
        [seed, bank, user, self.number, own]
    }

    pub(super) fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    pub(super) fn opening(&self) -> Decimal {
        self.opening
    }

    pub(crate) fn iban(&self) -> Option<&str> {
        self.iban.as_deref()
    }

    /// Returns how the account is identified outside this service.
    pub(crate) fn identification(&self) -> Value {
        let mut value = json!({});
        if let Some(iban) = &self.iban {
            value["iban"] = json!(iban);
        }
        if let Some((scheme, identification)) = &self.other {
            value["other"] = self.other_identification(scheme, identification);
        }
        value
    }

    /// Returns all identifiers of the account, each with its scheme.
    pub(crate) fn identifications(&self) -> Vec<Value> {
        let iban = self.iban.iter().map(|iban| json!({ "scheme_name": "IBAN", "identification": iban }));
        let other = self.other.iter().map(|(scheme, identification)| self.other_identification(scheme, identification));
        iban.chain(other).collect()
    }

    fn other_identification(&self, scheme: &str, identification: &str) -> Value {
        json!({ "scheme_name": scheme, "identification": identification, "issuer": self.owner.country })
    }

    /// Returns whether one of the account's identifiers is this one.
    pub(crate) fn is_identified_by(&self, text: &str) -> bool {
        self.iban.as_deref() == Some(text) || self.other.as_ref().is_some_and(|(_, other)| other == text)
    }

    /// Returns the primary hash, which is the same in every session.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns all hashes, the primary one first. Those of the IBAN alone are shared by accounts that differ in their
    /// currencies.
    pub(crate) fn hashes(&self) -> Vec<String> {
        let Some(iban) = &self.iban else { return vec![self.hash.clone()] };
        let digest = |paths: &str, text: &str| {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
            format!("{}.{}", STANDARD.encode(paths), STANDARD.encode(digest))
        };
        let with_currency =
            digest(r#"[["account","account_id","iban"],["account","currency"]]"#, &format!("{iban} {}", self.currency));
        vec![self.hash.clone(), digest(r#"[["account","account_id","iban"]]"#, iban), with_currency]
    }
}

fn parts(owner: &Owner, number: u64) -> [u64; 4] {
    let [seed, bank, user] = owner.parts;
    [seed, bank, user, number]
}

/// Returns the number of an account in its country.
fn bban(identity: &History, digits: usize) -> String {
    let high = format!("{:020}", mix(&identity.parts(u64::MAX)));
    let low = format!("{:020}", mix(&identity.parts(u64::MAX - 1)));
    // The first digits of a 64-bit number are small ones; its last are not.
    format!("{}{}", &high[4..], &low[4..]).chars().take(digits).collect()
}

fn hash(identity: &History) -> String {
    let halves = [mix(&identity.parts(u64::MAX - 2)), mix(&identity.parts(u64::MAX - 3))];
    format!("WWFjY291bnRfaWQiXQ==.{:016x}{:016x}", halves[0], halves[1])
}
