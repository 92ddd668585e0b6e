//! Choosing accounts, by whatever people call them.

use std::fmt::Write as _;

use tilisy_client::chrono::NaiveDate;
use tilisy_client::consent::IdentifiedAccount as _;
use tilisy_client::types::{AccountIdentification, AccountResource};
use tilisy_client::uuid::Uuid;

use crate::failure::{Exit, Failure, period_hint, warn};
use crate::panel;
use crate::sessions::{Account, Session};
use crate::text::clean;

/// An account that can be read.
#[derive(Clone)]
pub(crate) struct Chosen {
    pub(crate) uid: Uuid,
    pub(crate) bank: String,
    /// Told when the service does not accept the consent any more.
    pub(crate) renewal: String,
    pub(crate) account: AccountResource,
    former_uids: Vec<Uuid>,
}

impl Chosen {
    pub(crate) fn label(&self) -> String {
        label(&self.account)
    }

    /// An error of a call for this account: a consent that is over has a command that renews it.
    pub(crate) fn failure(&self, error: tilisy_client::Error) -> Failure {
        let renewal = error.needs_new_consent().then(|| format!("for this one: `{}`", self.renewal));
        renewal.into_iter().fold(Failure::from(error).about(self.label()), Failure::hint)
    }

    /// The same for a call with a period, which may be the reason.
    pub(crate) fn failure_of_period(&self, error: tilisy_client::Error, from: Option<NaiveDate>) -> Failure {
        let hint = period_hint(&error, from);
        hint.into_iter().fold(self.failure(error), Failure::hint_first)
    }
}

/// The number of an account: its IBAN, or another one.
pub(crate) fn number(account: &AccountResource) -> Option<&str> {
    account.account_id.as_ref().and_then(identification)
}

/// The number in an identification.
pub(crate) fn identification(id: &AccountIdentification) -> Option<&str> {
    let iban = id.iban.as_deref().filter(|iban| !iban.is_empty());
    iban.or_else(|| id.other.as_ref().map(|other| other.identification.as_str()).filter(|text| !text.is_empty()))
}

/// What to call an account in a sentence.
pub(crate) fn label(account: &AccountResource) -> String {
    let name = account.product.as_deref().or(account.details.as_deref()).or(account.name.as_deref());
    let label = match (name, number(account)) {
        (Some(name), Some(number)) => format!("{name} ({number})"),
        (Some(text), None) | (None, Some(text)) => text.to_owned(),
        (None, None) => account.uid.map_or_else(|| "an account without a name".to_owned(), |uid| uid.to_string()),
    };
    clean(&label).into_owned()
}

/// The accounts of the sessions that can be read, each once. Those without an id cannot, which is said. What is advised
/// begins with `command`.
pub(crate) fn readable(sessions: &[Session], command: &str) -> Vec<Chosen> {
    let mut all = Vec::new();
    for (session, Account { details, former_uids }) in current(sessions) {
        let Some(uid) = details.uid else {
            warn(&format!("{} cannot be read: the bank gives it no id (it may be closed)", label(details)));
            continue;
        };
        all.push(Chosen {
            uid,
            bank: session.aspsp.name.clone(),
            renewal: session.renewal(command),
            account: details.clone(),
            former_uids: former_uids.clone(),
        });
    }
    all
}

/// The accounts of sessions, each once: where several sessions cover an account, as it is in the newest.
pub(crate) fn current(sessions: &[Session]) -> Vec<(&Session, &Account)> {
    let mut all: Vec<(&Session, &Account)> = Vec::new();
    for (index, session) in sessions.iter().enumerate() {
        let is_in_a_newer = |hash: &str| {
            let newer = sessions[index + 1..].iter().filter(|newer| newer.aspsp == session.aspsp);
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

/// Where there is no account to be read.
pub(crate) fn none_to_read() -> Failure {
    Failure::new(Exit::Consent, "the consents cover no account that can be read")
        .hint(panel::linking())
        .hint("if they are linked, connect again and select them on the bank's page")
}

/// The accounts that `wanted` names.
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
                let several: Vec<_> = several.iter().map(|account| (*account).clone()).collect();
                return Err(Failure::new(Exit::Usage, format!("several accounts are called `{}`", clean(text)))
                    .hint(format!("give more of the number, or the id, of one of them:{}", list(&several))));
            }
        }
    }
    Ok(chosen)
}

/// The accounts for a person who has to choose, each on a line.
pub(crate) fn list(all: &[Chosen]) -> String {
    let mut text = String::new();
    for account in all {
        let _ = write!(text, " {} at {}, id {};", account.label(), account.bank, account.uid);
    }
    text.trim_end_matches(';').to_owned()
}

/// By id (of now or of before), number, or hash; then by name; then by the beginning or the end of one of the first.
fn find<'a>(all: &'a [Chosen], text: &str) -> Vec<&'a Chosen> {
    let wanted = compact(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let passes: [&dyn Fn(&Chosen) -> bool; 3] = [
        &|chosen| {
            keys(chosen).any(|key| key == wanted)
                || chosen.former_uids.iter().any(|uid| compact(&uid.to_string()) == wanted)
                || chosen.account.identification_hash == text.trim()
        },
        &|chosen| {
            let AccountResource { product, details, name, .. } = &chosen.account;
            [product, details, name].into_iter().flatten().any(|name| compact(name) == wanted)
        },
        &|chosen| wanted.len() >= 4 && keys(chosen).any(|key| key.starts_with(&wanted) || key.ends_with(&wanted)),
    ];
    let mut found = Vec::new();
    for pass in passes {
        found = all.iter().filter(|chosen| pass(chosen)).collect();
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// What identifies an account, as it is compared.
fn keys(chosen: &Chosen) -> impl Iterator<Item = String> {
    let number = number(&chosen.account).map(compact);
    [compact(&chosen.uid.to_string())].into_iter().chain(number)
}

/// Without spaces, hyphens, and case.
fn compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use tilisy_client::types::CashAccountType;

    use super::*;

    pub(crate) fn account(uid: u128, iban: &str, product: &str) -> Chosen {
        let id = AccountIdentification::new().iban(iban);
        let account = AccountResource::new(CashAccountType::Cacc, "EUR", format!("hash{uid}"));
        Chosen {
            uid: Uuid::from_u128(uid),
            bank: "B".to_owned(),
            renewal: String::new(),
            account: account.account_id(id).product(product),
            former_uids: vec![Uuid::from_u128(uid + 100)],
        }
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
            ("785", None),
            ("FI", None),
            ("", None),
            (" ", None),
            ("nobody", None),
        ] {
            let found = choose(&all, &[text.to_owned()]).ok().map(|chosen| chosen[0].uid.as_u128());
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
}
