//! The accounts that can be read, and their selection by the names that people use.

use enablebanking_client::chrono::NaiveDate;
use enablebanking_client::consent::IdentifiedAccount as _;
use enablebanking_client::types::AccountUid;
use enablebanking_client::uuid::Uuid;

use crate::failure::{Exit, Failure, period_hint};
use crate::hints;
use crate::matching::{rank, rank_numbers};
use crate::message::warn;
use crate::stored::{Account, Session};
use crate::text::clean;

/// An account that can be read.
#[derive(Clone)]
pub(crate) struct Chosen {
    pub(crate) uid: AccountUid,
    pub(crate) bank: String,
    /// The command that renews the consent.
    pub(crate) renewal: String,
    pub(crate) account: Account,
}

impl Chosen {
    pub(crate) fn label(&self) -> String {
        self.account.label()
    }

    pub(crate) fn number(&self) -> Option<&str> {
        self.account.number()
    }

    /// An error of a call for this account: a consent that is over has a command that renews it.
    pub(crate) fn failure(&self, error: enablebanking_client::Error) -> Failure {
        let renewal = error.needs_new_consent().then(|| format!("for this one: `{}`", self.renewal));
        renewal.into_iter().fold(Failure::from(error).about(self.label()), Failure::hint)
    }

    /// The same for a call with a period, which may be the reason.
    pub(crate) fn failure_of_period(&self, error: enablebanking_client::Error, from: Option<NaiveDate>) -> Failure {
        let hint = period_hint(&error, from);
        hint.into_iter().fold(self.failure(error), Failure::hint_first)
    }
}

/// The accounts of the sessions that can be read, each once. Those without an id cannot, which is said. What is advised
/// begins with `command`.
pub(crate) fn readable(sessions: &[Session], command: &str) -> Vec<Chosen> {
    let mut all = Vec::new();
    for (session, account) in current(sessions) {
        let Some(uid) = account.id() else {
            warn(&format!("{} cannot be read: it has no id (it may be closed)", account.label()));
            continue;
        };
        let (bank, renewal) = (session.bank.name.clone(), session.renewal(command));
        all.push(Chosen { uid: uid.into(), bank, renewal, account: account.clone() });
    }
    all
}

/// The accounts of sessions, each once: where several sessions cover an account, as it is in the newest.
pub(crate) fn current(sessions: &[Session]) -> Vec<(&Session, &Account)> {
    let mut all: Vec<(&Session, &Account)> = Vec::new();
    for (index, session) in sessions.iter().enumerate() {
        let is_in_a_newer = |hash: &str| {
            let newer = sessions[index + 1..].iter().filter(|newer| newer.bank == session.bank);
            !hash.is_empty()
                && newer.flat_map(|newer| &newer.accounts).any(|account| account.identification_hash() == hash)
        };
        for account in &session.accounts {
            let is_listed = account.uid().is_some() && all.iter().any(|(_, listed)| listed.uid() == account.uid());
            if !is_listed && !is_in_a_newer(account.identification_hash()) {
                all.push((session, account));
            }
        }
    }
    all
}

/// Returns the failure of consents without a readable account.
pub(crate) fn none_to_read() -> Failure {
    Failure::new(Exit::Consent, "the consents cover no account that can be read")
        .hint(hints::linking())
        .hint("if they are linked, connect again and select them on the bank's page")
}

/// Returns the accounts that `wanted` names, each once.
///
/// # Errors
///
/// Returns an error if a name means no account, or several.
pub(crate) fn choose(all: &[Chosen], wanted: &[String]) -> Result<Vec<Chosen>, Failure> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for text in wanted {
        let found = find(all, text);
        match &*found {
            [one] => {
                if chosen.iter().all(|other| other.uid != one.uid) {
                    chosen.push((*one).clone());
                }
            }
            [] => {
                return Err(Failure::new(Exit::Usage, format!("no account is called `{}`", clean(text)))
                    .hint(format!("the accounts are:{}", list(all))));
            }
            several => {
                let hint = "give more of the number, the currency, or the id of one of them:";
                return Err(Failure::new(Exit::Usage, format!("several accounts are called `{}`", clean(text)))
                    .hint(format!("{hint}{}", list(several.iter().copied()))));
            }
        }
    }
    Ok(chosen)
}

/// Returns the accounts for a person who has to choose, each on a line.
pub(crate) fn list<'a>(all: impl IntoIterator<Item = &'a Chosen>) -> String {
    let line = |account: &Chosen| {
        let (label, bank) = (account.label(), clean(&account.bank).into_owned());
        format!("\n  {label} {} at {bank}, id {}", clean(account.account.currency()), account.uid)
    };
    all.into_iter().map(line).collect()
}

/// Finds accounts by id (of now or of before) or hash; then by number, name, or currency; then by name and currency.
fn find<'a>(all: &'a [Chosen], text: &str) -> Vec<&'a Chosen> {
    let text = text.trim();
    let of = |indices: Vec<usize>| -> Vec<&Chosen> { indices.into_iter().filter_map(|index| all.get(index)).collect() };
    let by_id = all.iter().filter(|chosen| has_id(chosen, text)).collect::<Vec<_>>();
    if !by_id.is_empty() || text.is_empty() {
        return by_id;
    }
    let numbers: Vec<_> = all.iter().map(|chosen| chosen.number().unwrap_or_default()).collect();
    let by_number = of(rank_numbers(text, &numbers));
    if !by_number.is_empty() {
        return by_number;
    }
    let by_name = by_name(all, text);
    let by_currency = |found: &[&'a Chosen], currency: &str| -> Vec<&'a Chosen> {
        let has = |chosen: &&&Chosen| chosen.account.currency().eq_ignore_ascii_case(currency);
        found.iter().filter(has).copied().collect()
    };
    if !by_name.is_empty() {
        return by_name;
    }
    match text.rsplit_once(char::is_whitespace) {
        Some((name, currency)) => by_currency(&find(all, name), currency),
        None => by_currency(&all.iter().collect::<Vec<_>>(), text),
    }
}

/// Returns the accounts of which a product, details or name matches best.
fn by_name<'a>(all: &'a [Chosen], text: &str) -> Vec<&'a Chosen> {
    let names: Vec<(usize, &str)> = all
        .iter()
        .enumerate()
        .flat_map(|(index, Chosen { account, .. })| {
            [account.product(), account.details(), account.name()].into_iter().flatten().map(move |name| (index, name))
        })
        .collect();
    let texts: Vec<_> = names.iter().map(|(_, name)| *name).collect();
    let mut found: Vec<_> = rank(text, &texts).into_iter().map(|place| names[place].0).collect();
    found.dedup();
    found.into_iter().map(|index| &all[index]).collect()
}

/// Returns whether a text is an id of an account, the start of one, or its hash.
fn has_id(chosen: &Chosen, text: &str) -> bool {
    let wanted: String = text.chars().filter(|c| *c != '-').flat_map(char::to_lowercase).collect();
    let is_start = |uid: &Uuid| {
        let id = uid.simple().to_string();
        id == wanted || (wanted.len() >= 8 && wanted.bytes().all(|b| b.is_ascii_hexdigit()) && id.starts_with(&wanted))
    };
    let former = chosen.account.former_uids.iter();
    chosen.account.hash() == text || std::iter::once(&Uuid::from(chosen.uid)).chain(former).any(is_start)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use serde_json::json;

    use super::*;

    fn account(uid: u128, iban: &str, product: &str) -> Chosen {
        let mut account = Account::new(&json!({
            "account_id": { "iban": iban }, "product": product, "identification_hash": format!("hash{uid}"),
        }))
        .unwrap();
        account.former_uids.push(Uuid::from_u128(uid + 100));
        Chosen { uid: Uuid::from_u128(uid).into(), bank: "B".to_owned(), renewal: String::new(), account }
    }

    #[test]
    fn accounts_go_by_many_names() {
        let all = [account(1, "FI2112345600000785", "Current"), account(2, "FI5542345670000081", "Savings")];
        for (text, uid) in [
            ("FI21 1234 5600 0007 85", Some(1)),
            ("fi2112345600000785", Some(1)),
            ("0785", Some(1)),
            ("FI55", Some(2)),
            ("savings", Some(2)),
            ("hash2", Some(2)),
            ("00000000-0000-0000-0000-000000000001", Some(1)),
            // The id that it had before.
            ("00000000-0000-0000-0000-000000000066", Some(2)),
            ("785", Some(1)),
            ("sav", Some(2)),
            ("SAVÍNGS", Some(2)),
            ("FI", None),
            ("", None),
            (" ", None),
            ("nobody", None),
        ] {
            let found = choose(&all, &[text.to_owned()]).ok().map(|chosen| Uuid::from(chosen[0].uid).as_u128());
            assert_eq!(found, uid, "{text}");
        }
    }

    #[test]
    fn what_names_several_is_refused_with_their_names() {
        let all = [account(1, "FI2100", "Current"), account(2, "FI2111", "Current")];
        let refused = choose(&all, &["current".to_owned()]).err().map(|failure| failure.hints()[0].clone());
        assert!(refused.is_some_and(|hint| hint.contains("FI2100") && hint.contains("FI2111")));
        assert_eq!(choose(&all, &["FI2100".to_owned(), "FI2100".to_owned()]).map(|all| all.len()).ok(), Some(1));
    }

    #[test]
    fn a_currency_decides_between_accounts_of_one_name() {
        let in_currency = |uid: u128, currency: &str| {
            let mut chosen = account(uid, "FI2100", "Käyttötili");
            chosen.account = Account::new(&json!({ "product": "Käyttötili", "currency": currency })).unwrap();
            chosen
        };
        let all = [in_currency(1, "EUR"), in_currency(2, "USD"), in_currency(3, "USD")];
        let found = |text: &str| choose(&all, &[text.to_owned()]).map(|chosen| Uuid::from(chosen[0].uid).as_u128());
        assert_eq!((found("kayttotili eur").ok(), found("EUR").ok()), (Some(1), Some(1)));
        let refused = found("USD").unwrap_err();
        assert_eq!(refused.hints()[0].lines().count(), 3, "{refused:?}");
    }
}
