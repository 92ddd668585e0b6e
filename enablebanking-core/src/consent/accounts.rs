//! Accounts over renewals of a consent.

use std::collections::HashMap;
use std::fmt;

use uuid::Uuid;

mod other_hashes;

/// An account that can be recognised in another session.
///
/// Implement it for the type in which you store accounts, or use a pair of hash and id.
pub trait IdentifiedAccount {
    /// The type of the id of an account within its session.
    type Id: Copy + Eq;

    /// Returns the primary identification hash, which is the same in every session.
    fn identification_hash(&self) -> &str;

    /// Returns the other identification hashes. Not all of them are unique, so that they only count where the primary hash
    /// does not lead to one account.
    fn other_hashes(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }

    /// Returns the id of the account within its session, which differs in the next. Closed accounts may have none.
    fn uid(&self) -> Option<Self::Id>;
}

impl<Text: AsRef<str>> IdentifiedAccount for (Text, Uuid) {
    type Id = Uuid;

    fn identification_hash(&self) -> &str {
        self.0.as_ref()
    }

    fn uid(&self) -> Option<Uuid> {
        Some(self.1)
    }
}

impl<Account: IdentifiedAccount + ?Sized> IdentifiedAccount for &Account {
    type Id = Account::Id;

    fn identification_hash(&self) -> &str {
        (**self).identification_hash()
    }

    fn other_hashes(&self) -> impl Iterator<Item = &str> {
        (**self).other_hashes()
    }

    fn uid(&self) -> Option<Self::Id> {
        (**self).uid()
    }
}

/// Finds the accounts of an `old` session again in a `new` one, by their identification hashes.
///
/// The primary hash decides first. Accounts that it does not match are then matched by their other hashes, as far as
/// such a hash belongs to one account on each side. Accounts that share a hash with several others
/// are [`ambiguous`](AccountMatches). An account that is listed twice with the same id counts once, and an empty hash
/// matches no account.
///
/// ```
/// use enablebanking_client::consent::match_accounts;
/// use enablebanking_client::uuid::Uuid;
///
/// let stored = [("hash of A", Uuid::from_u128(1)), ("hash of B", Uuid::from_u128(2))];
/// let renewed = [("hash of B", Uuid::from_u128(3)), ("hash of C", Uuid::from_u128(4))];
///
/// let matches = match_accounts(&stored, &renewed);
/// assert_eq!(matches.uids().collect::<Vec<_>>(), [(Uuid::from_u128(2), Uuid::from_u128(3))]);
/// assert_eq!(matches.gone, [&stored[0]]);
/// ```
#[must_use]
#[doc(alias = "deduplicate")]
#[doc(alias = "same account")]
#[doc(alias = "reconnect")]
pub fn match_accounts<'a, Old, New>(old: &'a [Old], new: &'a [New]) -> AccountMatches<'a, Old, New>
where
    Old: IdentifiedAccount,
    New: IdentifiedAccount,
{
    let mut groups = Groups { list: Vec::new(), by_hash: HashMap::new() };
    for account in old {
        push_once(&mut groups.of(account.identification_hash()).old, account);
    }
    for account in new {
        push_once(&mut groups.of(account.identification_hash()).new, account);
    }
    let mut matches = AccountMatches { kept: vec![], gone: vec![], added: vec![], ambiguous: vec![] };
    for group in groups.list {
        match (&*group.old, &*group.new) {
            ([old], [new]) => matches.kept.push((*old, *new)),
            (old, []) => matches.gone.extend(old),
            ([], new) => matches.added.extend(new),
            _ => matches.ambiguous.push(group),
        }
    }
    other_hashes::match_rest(&mut matches);
    matches
}

/// Accounts by hash, in the order in which the hashes first appear.
struct Groups<'a, Old, New> {
    list: Vec<AmbiguousAccounts<'a, Old, New>>,
    by_hash: HashMap<&'a str, usize>,
}

impl<'a, Old, New> Groups<'a, Old, New> {
    fn of(&mut self, hash: &'a str) -> &mut AmbiguousAccounts<'a, Old, New> {
        let next = self.list.len();
        let index = if hash.is_empty() { next } else { *self.by_hash.entry(hash).or_insert(next) };
        if index == next {
            self.list.push(AmbiguousAccounts { old: vec![], new: vec![] });
        }
        &mut self.list[index]
    }
}

fn push_once<'a, Account: IdentifiedAccount>(list: &mut Vec<&'a Account>, account: &'a Account) {
    if list.iter().all(|listed| listed.uid() != account.uid()) {
        list.push(account);
    }
}

/// The accounts of two sessions, compared. `Debug` shows how many there are of each kind.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct AccountMatches<'a, Old, New> {
    /// The accounts of both sessions, each in its old and its new form.
    pub kept: Vec<(&'a Old, &'a New)>,
    /// The accounts that the new session does not have.
    pub gone: Vec<&'a Old>,
    /// The accounts that the old session did not have.
    pub added: Vec<&'a New>,
    /// The accounts of both sessions whose hashes do not distinguish them.
    pub ambiguous: Vec<AmbiguousAccounts<'a, Old, New>>,
}

impl<Old: IdentifiedAccount, New: IdentifiedAccount> AccountMatches<'_, Old, New> {
    /// Returns the old and the new id of each account that both sessions have, if it has both.
    pub fn uids(&self) -> impl Iterator<Item = (Old::Id, New::Id)> {
        self.kept.iter().filter_map(|(old, new)| old.uid().zip(new.uid()))
    }
}

impl<Old, New> fmt::Debug for AccountMatches<'_, Old, New> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccountMatches")
            .field("kept", &self.kept.len())
            .field("gone", &self.gone.len())
            .field("added", &self.added.len())
            .field("ambiguous", &self.ambiguous)
            .finish()
    }
}

/// Accounts of two sessions that share a hash. `Debug` shows how many there are.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct AmbiguousAccounts<'a, Old, New> {
    /// The accounts of the old session.
    pub old: Vec<&'a Old>,
    /// The accounts of the new session.
    pub new: Vec<&'a New>,
}

impl<Old, New> fmt::Debug for AmbiguousAccounts<'_, Old, New> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AmbiguousAccounts").field("old", &self.old.len()).field("new", &self.new.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (&'static str, u128);

    fn rows(rows: &[Row]) -> Vec<(&'static str, Uuid)> {
        rows.iter().map(|(hash, uid)| (*hash, Uuid::from_u128(*uid))).collect()
    }

    fn numbers<'a>(list: impl IntoIterator<Item = &'a &'a (&'static str, Uuid)>) -> Vec<u128> {
        list.into_iter().map(|row| row.1.as_u128()).collect()
    }

    struct Case {
        old: &'static [Row],
        new: &'static [Row],
        kept: &'static [(u128, u128)],
        gone: &'static [u128],
        added: &'static [u128],
        ambiguous: &'static [(&'static [u128], &'static [u128])],
    }

    const NOTHING: Case = Case { old: &[], new: &[], kept: &[], gone: &[], added: &[], ambiguous: &[] };

    #[test]
    fn accounts_are_found_by_their_hash() {
        for case in [
            NOTHING,
            Case { old: &[("a", 1), ("b", 2)], gone: &[1, 2], ..NOTHING },
            Case { new: &[("a", 1), ("b", 2)], added: &[1, 2], ..NOTHING },
            Case { old: &[("a", 1), ("b", 2)], new: &[("b", 3), ("a", 4)], kept: &[(1, 4), (2, 3)], ..NOTHING },
            Case {
                old: &[("a", 1), ("b", 2)],
                new: &[("c", 3), ("b", 2)],
                kept: &[(2, 2)],
                gone: &[1],
                added: &[3],
                ..NOTHING
            },
            // The same uid does not make the same account.
            Case { old: &[("a", 1)], new: &[("A", 1)], gone: &[1], added: &[1], ..NOTHING },
            // Named twice.
            Case { old: &[("a", 1), ("a", 1)], new: &[("a", 2), ("a", 2)], kept: &[(1, 2)], ..NOTHING },
            // Two uids for one hash.
            Case {
                old: &[("a", 1), ("a", 2), ("b", 3)],
                new: &[("a", 4), ("b", 5)],
                kept: &[(3, 5)],
                ambiguous: &[(&[1, 2], &[4])],
                ..NOTHING
            },
            Case { old: &[("a", 1)], new: &[("a", 2), ("a", 3)], ambiguous: &[(&[1], &[2, 3])], ..NOTHING },
            Case { old: &[("a", 1), ("a", 2)], new: &[("b", 3), ("b", 4)], gone: &[1, 2], added: &[3, 4], ..NOTHING },
            // No hash.
            Case { old: &[("", 1), ("", 1)], new: &[("", 2)], gone: &[1, 1], added: &[2], ..NOTHING },
        ] {
            let (old, new) = (rows(case.old), rows(case.new));
            let found = match_accounts(&old, &new);
            let kept: Vec<_> = found.uids().map(|(old, new)| (old.as_u128(), new.as_u128())).collect();
            let ambiguous: Vec<_> =
                found.ambiguous.iter().map(|group| (numbers(&group.old), numbers(&group.new))).collect();
            let expected: Vec<_> = case.ambiguous.iter().map(|(old, new)| (old.to_vec(), new.to_vec())).collect();
            assert_eq!(kept, case.kept);
            assert_eq!(numbers(&found.gone), case.gone);
            assert_eq!(numbers(&found.added), case.added);
            assert_eq!(ambiguous, expected);
        }
    }

    struct Closed(&'static str);

    impl IdentifiedAccount for Closed {
        type Id = Uuid;

        fn identification_hash(&self) -> &str {
            self.0
        }

        fn uid(&self) -> Option<Uuid> {
            None
        }
    }

    #[test]
    fn an_account_without_uid_is_kept_without_a_pair_of_uids() {
        let (old, new) = (rows(&[("a", 1)]), [Closed("a")]);
        let found = match_accounts(&old, &new);
        assert_eq!((found.kept.len(), found.uids().count()), (1, 0));
    }

    #[test]
    fn debug_shows_numbers_alone() {
        let (old, new) = (rows(&[("hunter2", 1), ("x", 2)]), rows(&[("hunter2", 3), ("hunter2", 4)]));
        let shown = "AccountMatches { kept: 0, gone: 1, added: 0, ambiguous: [AmbiguousAccounts { old: 1, new: 2 }] }";
        assert_eq!(format!("{:?}", match_accounts(&old, &new)), shown);
    }
}
