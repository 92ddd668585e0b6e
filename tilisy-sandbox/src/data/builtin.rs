//! The banks and users that a sandbox starts with.

use std::sync::Arc;

use chrono::{Days, NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use serde_json::Map;

use super::accounts::{Account, Owner, Plan};
use super::banks::{Bank, Login, Profile};
use super::kinds::KINDS;
use super::ledger::Entry;
use super::users::Person;
use crate::oddities::Parties;
use crate::quirk::Quirks;

const BOTH: &[&str] = &["personal", "business"];
const PERSONAL: &[&str] = &["personal"];

/// Returns the banks that a sandbox starts with, with their users and accounts.
pub(crate) fn all(seed: u64, today: NaiveDate) -> Vec<Arc<Bank>> {
    let banks = profiles().into_iter().zip(0..).map(|(profile, number)| {
        let bank = Bank::new(profile, seed, number);
        if let Some(quirks) = Quirks::named([QUIRK_OF_DOWN].into_iter()).filter(|_| bank.profile.name == DOWN) {
            bank.set_quirks(quirks);
        }
        for (person, accounts) in people(bank.profile.psu_types) {
            let user = bank.add(person);
            let owner = bank.owner(&user);
            for (kind, number) in KINDS.iter().zip(0..).filter(|(kind, _)| kind.is_business == user.is_business()) {
                if accounts == Accounts::Generated {
                    user.add(|_| Account::generated(owner.clone(), kind, number));
                }
            }
            if accounts == Accounts::Dozen {
                user.add(|number| dozen(owner.clone(), number, today));
            }
        }
        Arc::new(bank)
    });
    banks.collect()
}

/// Returns a bank without oddities.
pub(crate) fn plain(country: &str, name: &str, bic: &str) -> Profile {
    // Length of account numbers by country (ISO 13616); others are as those of Finland.
    let (currency, digits) = match country {
        "SE" => ("SEK", 20),
        "NO" => ("NOK", 11),
        "DE" => ("EUR", 18),
        "EE" => ("EUR", 16),
        "FR" => ("EUR", 23),
        _ => ("EUR", 14),
    };
    Profile {
        country: country.to_owned(),
        name: name.to_owned(),
        bic: bic.to_owned(),
        currency: currency.to_owned(),
        digits,
        psu_types: BOTH,
        login: Login::Page,
        psu_headers: &[],
        history: None,
        parties: Parties::Other,
        longest_consent: TimeDelta::days(180),
        is_beta: false,
        group: None,
        shares_iban: false,
    }
}

/// Returns the banks, in the order in which they are listed.
fn profiles() -> Vec<Profile> {
    vec![
        Profile { login: Login::Choice, parties: Parties::Both, ..plain("FI", "Saimaan Pankki", "SAIMFIHH") },
        Profile {
            psu_types: PERSONAL,
            history: Some(90),
            parties: Parties::Both,
            longest_consent: TimeDelta::days(90),
            ..plain("FI", "Revontuli", "REVOFIHH")
        },
        plain("FI", DOWN, "HAIRFIHH"),
        Profile { login: Login::Credentials, ..plain("SE", "Älvsbanken", "ALVSSESS") },
        Profile { psu_headers: &["Psu-Ip-Address", "Psu-User-Agent"], ..plain("SE", "Fjällkassan", "FJALSESS") },
        Profile { group: Some("Fjordgruppen".to_owned()), ..plain("NO", "Fjordbanken", "FJORNOKK") },
        Profile { login: Login::Credentials, ..plain("DE", "Müller & Söhne", "MUSODEFF") },
        Profile { psu_types: PERSONAL, is_beta: true, ..plain("DE", "Spreebank", "SPREDEBB") },
        Profile { parties: Parties::Both, shares_iban: true, ..plain("EE", "Läänemere Pank", "LAANEE2X") },
        Profile { longest_consent: TimeDelta::hours(1), ..plain("FR", "Banque de l’Étoile", "ETOIFRPP") },
        Profile { psu_types: &["business"], ..plain("FR", "Crédit du Midi", "MIDIFRPP") },
    ]
}

/// The bank that is down, and the quirk that makes it so.
const DOWN: &str = "Häiriöpankki";
const QUIRK_OF_DOWN: &str = "DOWN";

/// The accounts of a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Accounts {
    None,
    /// One of each kind, with generated transactions.
    Generated,
    /// One with a dozen transactions.
    Dozen,
}

/// Returns the users of a bank that serves some kinds of PSU.
fn people(psu_types: &[&str]) -> Vec<(Person, Accounts)> {
    let person = |name: &str, password: &str, otp: &str, psu_type: &'static str, holder: &str| Person {
        name: name.to_owned(),
        password: password.to_owned(),
        otp: otp.to_owned(),
        psu_type,
        holder: holder.to_owned(),
    };
    let all = vec![
        (person("aino", "revontulet", "123456", "personal", "Aino Mäkelä"), Accounts::Generated),
        (person("tyyne", "hiljaa", "000000", "personal", "Tyyne Ö. Aaltonen"), Accounts::None),
        (person("yritys", "lasku", "654321", "business", "Pähkinä & Poika Oy"), Accounts::Generated),
        (person("vilho", "pikkuinen", "111111", "personal", "Vilho Virtanen"), Accounts::Dozen),
    ];
    all.into_iter().filter(|(person, _)| psu_types.contains(&person.psu_type)).collect()
}

/// The dozen transactions of the account for fast tests: days before the newest, hundredths, other party, text.
const DOZEN: &[(u64, i64, &str, &str)] = &[
    (9, 245_000, "Lähikauppa Tähti", "Palkka"),
    (9, -1_290, "Kahvila Käpylä", "Kiitos käynnistä"),
    (8, -8_450, "Lähikauppa Tähti", "Ostos 0412"),
    (7, -72_000, "Asunto-osakeyhtiö Koivula", "Vuokra"),
    (6, -3_995, "Žižka Elektro s.r.o.", "Tilaus 20931"),
    (5, 1_500, "Bäckerei Grüß Gott", "Palautus"),
    (4, -1_290, "Kahvila Käpylä", "Kiitos käynnistä"),
    (3, -640, "Pääkirjasto", "Myöhästymismaksu"),
    (2, -15_075, "Ærø Færge", "Matkalippu"),
    (1, -2_260, "Lähikauppa Tähti", "Ostos 0731"),
    (0, -5_510, "Boulangerie Œuvre", "Kiitos käynnistä"),
    (0, -899, "Smørrebrød ApS", "Varaus"),
];

/// Returns an account with a dozen transactions up to a day. The last is pending, and is booked on the next day.
fn dozen(owner: Owner, number: u64, today: NaiveDate) -> Account {
    let plan = Plan {
        product: "Käyttötili".to_owned(),
        cash_account_type: "CACC",
        currency: owner.currency.clone(),
        iban: None,
        opening: Decimal::new(100_000, 2),
    };
    let account = Account::planned(owner, plan, number);
    for (nth, (back, hundredths, party, text)) in DOZEN.iter().enumerate() {
        let is_last = nth + 1 == DOZEN.len();
        account.add(Entry {
            day: today.checked_sub_days(Days::new(*back)).unwrap_or(today),
            amount: Decimal::new(*hundredths, 2),
            status: if is_last { "PDNG" } else { "BOOK" },
            booked_on: today.succ_opt().filter(|_| is_last),
            party: Some((*party).to_owned()),
            party_account: None,
            remittance: vec![(*text).to_owned()],
            reference: Some(format!("{}-{:02}", today.format("%y%m%d"), nth + 1)),
            properties: Map::new(),
        });
    }
    account
}
