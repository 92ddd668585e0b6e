//! The accounts of a user.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::banks::{BANKS, Bank};
use super::check::iban;
use super::oddities::Oddities;
use super::users::{USERS, User};
use crate::random::mix;

/// An account, by the numbers that everything about it is made from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Account {
    pub(crate) seed: u64,
    pub(crate) newest: NaiveDate,
    pub(crate) odd: Oddities,
    bank: usize,
    user: usize,
    number: usize,
}

/// What kind of account it is, the same at every bank.
#[derive(Debug)]
pub(super) struct Kind {
    psu_type: &'static str,
    pub(super) cash_account_type: &'static str,
    pub(super) product: &'static str,
    /// The currency; none for that of the bank.
    currency: Option<&'static str>,
    /// How many transactions there are.
    rows: u64,
    by: Identified,
}

/// What tells the account from others outside this service.
#[derive(Debug, Eq, PartialEq)]
enum Identified {
    Iban,
    /// The number of a card, masked.
    Card,
    /// An account number as the country writes it.
    Domestic,
    Both,
}

static KINDS: &[Kind] = &[
    Kind {
        psu_type: "personal",
        cash_account_type: "CACC",
        product: "Käyttötili",
        currency: None,
        rows: 1_000,
        by: Identified::Iban,
    },
    Kind {
        psu_type: "personal",
        cash_account_type: "CARD",
        product: "Luottokortti",
        currency: None,
        rows: 100_000,
        by: Identified::Card,
    },
    Kind {
        psu_type: "personal",
        cash_account_type: "LOAN",
        product: "Asuntolaina",
        currency: None,
        rows: 1,
        by: Identified::Domestic,
    },
    Kind {
        psu_type: "personal",
        cash_account_type: "CACC",
        product: "Säästötili",
        currency: Some("USD"),
        rows: 0,
        by: Identified::Both,
    },
    Kind {
        psu_type: "business",
        cash_account_type: "CACC",
        product: "Yritystili",
        currency: None,
        rows: 1_000_000,
        by: Identified::Iban,
    },
    Kind {
        psu_type: "business",
        cash_account_type: "CASH",
        product: "Kassatili",
        currency: Some("CHF"),
        rows: 1_000,
        by: Identified::Both,
    },
];

/// All accounts of a user at a bank.
pub(crate) fn of(seed: u64, newest: NaiveDate, bank: usize, user: &User) -> Vec<Account> {
    let Some(index) = USERS.iter().position(|other| other.name == user.name).filter(|_| user.has_accounts) else {
        return Vec::new();
    };
    let fits = KINDS.iter().enumerate().filter(|(_, kind)| kind.psu_type == user.psu_type);
    fits.map(|(number, _)| Account { seed, newest, odd: Oddities::default(), bank, user: index, number }).collect()
}

impl Account {
    /// The account as a bank of these oddities tells it.
    pub(crate) fn with(self, odd: Oddities) -> Self {
        Self { odd, ..self }
    }

    /// The numbers that its data is made from.
    pub(crate) fn parts(&self, index: u64) -> [u64; 5] {
        [self.seed, self.bank as u64, self.user as u64, self.number as u64, index]
    }

    pub(crate) fn bank(&self) -> &'static Bank {
        BANKS.get(self.bank).unwrap_or(&BANKS[0])
    }

    pub(super) fn kind(&self) -> &'static Kind {
        KINDS.get(self.number).unwrap_or(&KINDS[0])
    }

    /// The user who has it.
    pub(super) fn user(&self) -> &'static User {
        USERS.get(self.user).unwrap_or(&USERS[0])
    }

    pub(crate) fn currency(&self) -> &'static str {
        self.kind().currency.unwrap_or(self.bank().currency)
    }

    pub(crate) fn rows(&self) -> u64 {
        self.kind().rows
    }

    /// The number of the account in its country.
    fn bban(&self) -> String {
        let digits = self.bank().digits;
        let high = format!("{:020}", mix(&self.parts(u64::MAX)));
        let low = format!("{:020}", mix(&self.parts(u64::MAX - 1)));
        // The first digits of a 64-bit number are small ones; its last are not.
        format!("{}{}", &high[4..], &low[4..]).chars().take(digits).collect()
    }

    pub(crate) fn iban(&self) -> String {
        iban(self.bank().country, &self.bban())
    }

    /// How the account is identified outside this service.
    pub(crate) fn identification(&self) -> Value {
        let card = format!("************{:04}", mix(&self.parts(u64::MAX)) % 10_000);
        let other = |scheme: &str, identification: String| json!({ "scheme_name": scheme, "identification": identification, "issuer": self.bank().country });
        match self.kind().by {
            Identified::Iban => json!({ "iban": self.iban() }),
            Identified::Card => json!({ "other": other("CPAN", card) }),
            Identified::Domestic => json!({ "other": other("BBAN", self.bban()) }),
            Identified::Both => json!({ "iban": self.iban(), "other": other("BBAN", self.bban()) }),
        }
    }

    /// The same in every session.
    pub(crate) fn hash(&self) -> String {
        let halves = [mix(&self.parts(u64::MAX - 2)), mix(&self.parts(u64::MAX - 3))];
        format!("WWFjY291bnRfaWQiXQ==.{:016x}{:016x}", halves[0], halves[1])
    }
}
