//! The banks of the sandbox. None of them exists.

use super::oddities::Parties;

/// A bank, and what is odd about it.
#[derive(Debug)]
pub(crate) struct Bank {
    pub(crate) country: &'static str,
    pub(crate) name: &'static str,
    pub(crate) bic: &'static str,
    pub(crate) currency: &'static str,
    /// The length of its account numbers.
    pub(crate) digits: usize,
    pub(crate) psu_types: &'static [&'static str],
    pub(crate) login: Login,
    /// The PSU headers without which it tells nothing.
    pub(crate) psu_headers: &'static [&'static str],
    /// For how many days back it tells transactions.
    pub(crate) history: Option<i64>,
    /// The parties that it names in transactions.
    pub(crate) parties: Parties,
    /// Whether it never answers.
    pub(crate) is_down: bool,
}

/// How PSUs show who they are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Login {
    /// On the bank's page, by name and password; nothing can be passed along.
    Page,
    /// By user id and password, which can be passed along.
    Credentials,
    /// By one of two methods.
    Choice,
}

const BOTH: &[&str] = &["personal", "business"];
const PERSONAL: &[&str] = &["personal"];

const PLAIN: Bank = Bank {
    country: "FI",
    name: "",
    bic: "",
    currency: "EUR",
    digits: 14,
    psu_types: BOTH,
    login: Login::Page,
    psu_headers: &[],
    history: None,
    parties: Parties::Other,
    is_down: false,
};

/// Every bank, in the order in which they are listed.
pub(crate) static BANKS: &[Bank] = &[
    Bank { name: "Saimaan Pankki", bic: "SAIMFIHH", login: Login::Choice, parties: Parties::Both, ..PLAIN },
    Bank {
        name: "Revontuli",
        bic: "REVOFIHH",
        psu_types: PERSONAL,
        history: Some(90),
        parties: Parties::Both,
        ..PLAIN
    },
    Bank { name: "Häiriöpankki", bic: "HAIRFIHH", is_down: true, ..PLAIN },
    Bank {
        country: "SE",
        name: "Älvsbanken",
        bic: "ALVSSESS",
        currency: "SEK",
        digits: 20,
        login: Login::Credentials,
        ..PLAIN
    },
    Bank {
        country: "SE",
        name: "Fjällkassan",
        bic: "FJALSESS",
        currency: "SEK",
        digits: 20,
        psu_headers: &["Psu-Ip-Address", "Psu-User-Agent"],
        ..PLAIN
    },
    Bank { country: "NO", name: "Fjordbanken", bic: "FJORNOKK", currency: "NOK", digits: 11, ..PLAIN },
    Bank { country: "DE", name: "Müller & Söhne", bic: "MUSODEFF", digits: 18, login: Login::Credentials, ..PLAIN },
    Bank { country: "DE", name: "Spreebank", bic: "SPREDEBB", digits: 18, psu_types: PERSONAL, ..PLAIN },
    Bank { country: "EE", name: "Läänemere Pank", bic: "LAANEE2X", digits: 16, parties: Parties::Both, ..PLAIN },
    Bank { country: "FR", name: "Banque de l’Étoile", bic: "ETOIFRPP", digits: 23, ..PLAIN },
    Bank { country: "FR", name: "Crédit du Midi", bic: "MIDIFRPP", digits: 23, psu_types: &["business"], ..PLAIN },
];

/// The bank of a country and a name.
pub(crate) fn find(country: &str, name: &str) -> Option<usize> {
    BANKS.iter().position(|bank| bank.country == country && bank.name == name)
}

impl Bank {
    /// Whether a method of this name is among the bank's.
    pub(crate) fn has_method(&self, name: &str) -> bool {
        match self.login {
            Login::Page => false,
            Login::Credentials => name == "password",
            Login::Choice => matches!(name, "password" | "app"),
        }
    }
}
