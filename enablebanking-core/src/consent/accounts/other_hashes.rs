//! Accounts whose primary hash has changed, matched by their other hashes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{AccountMatches, AmbiguousAccounts, IdentifiedAccount};

/// The accounts that have one hash, by their indices on each side.
#[derive(Default)]
struct Holders {
    old: BTreeSet<usize>,
    new: BTreeSet<usize>,
}

/// Matches the accounts that the primary hash did not match.
///
/// A pair is kept if a hash belongs to these two accounts only, and neither shares such a hash with a third one. Accounts
/// that the primary hash matched count too. Accounts that share a hash without being such a pair are ambiguous.
pub(super) fn match_rest<Old: IdentifiedAccount, New: IdentifiedAccount>(matches: &mut AccountMatches<'_, Old, New>) {
    let (old, new) = (std::mem::take(&mut matches.gone), std::mem::take(&mut matches.added));
    let mut holders = HashMap::<&str, Holders>::new();
    for (at, account) in old.iter().enumerate() {
        hashes(*account).for_each(|hash| _ = holders.entry(hash).or_default().old.insert(at));
    }
    for (at, account) in new.iter().enumerate() {
        hashes(*account).for_each(|hash| _ = holders.entry(hash).or_default().new.insert(at));
    }
    // A hash that a matched account has as well is not exclusive.
    let kept = matches.kept.iter().flat_map(|(old, new)| hashes(*old).chain(hashes(*new)));
    let groups = matches.ambiguous.iter();
    let ambiguous = groups.flat_map(|group| {
        let old = group.old.iter().flat_map(|account| hashes(*account));
        old.chain(group.new.iter().flat_map(|account| hashes(*account)))
    });
    let taken: HashSet<_> = kept.chain(ambiguous).collect();
    let pairs = exclusive_pairs(holders.iter().filter(|(hash, _)| !taken.contains(*hash)).map(|(_, holders)| holders));
    matches.kept.extend(pairs.iter().map(|(from, to)| (old[*from], new[*to])));
    let paired: BTreeSet<_> = pairs.values().collect();
    for holders in holders.values_mut() {
        holders.old.retain(|at| !pairs.contains_key(at));
        holders.new.retain(|at| !paired.contains(at));
    }
    let mut rest = Holders { old: (0..old.len()).collect(), new: (0..new.len()).collect() };
    rest.old.retain(|at| !pairs.contains_key(at));
    rest.new.retain(|at| !paired.contains(at));
    for group in connected(holders.into_values()) {
        group.old.iter().for_each(|at| _ = rest.old.remove(at));
        group.new.iter().for_each(|at| _ = rest.new.remove(at));
        matches.ambiguous.push(AmbiguousAccounts {
            old: group.old.iter().map(|at| old[*at]).collect(),
            new: group.new.iter().map(|at| new[*at]).collect(),
        });
    }
    matches.gone.extend(rest.old.iter().map(|at| old[*at]));
    matches.added.extend(rest.new.iter().map(|at| new[*at]));
}

/// Returns all hashes of an account. The primary hash counts too: it may be one of the others of another account.
fn hashes<Account: IdentifiedAccount>(account: &Account) -> impl Iterator<Item = &str> {
    std::iter::once(account.identification_hash()).chain(account.other_hashes()).filter(|hash| !hash.is_empty())
}

/// Returns the pairs of accounts that share a hash which no other account has, if each account is in one pair only.
fn exclusive_pairs<'a>(holders: impl Iterator<Item = &'a Holders>) -> BTreeMap<usize, usize> {
    let pairs: BTreeSet<_> = holders
        .filter(|holders| holders.old.len() == 1 && holders.new.len() == 1)
        .filter_map(|holders| holders.old.first().copied().zip(holders.new.first().copied()))
        .collect();
    let (mut of_old, mut of_new) = (HashMap::<_, usize>::new(), HashMap::<_, usize>::new());
    for (old, new) in &pairs {
        *of_old.entry(*old).or_default() += 1;
        *of_new.entry(*new).or_default() += 1;
    }
    pairs.into_iter().filter(|(old, new)| of_old.get(old) == Some(&1) && of_new.get(new) == Some(&1)).collect()
}

/// Returns the groups of accounts that are connected by hashes of accounts on both sides, by their first old account.
fn connected(holders: impl Iterator<Item = Holders>) -> Vec<Holders> {
    let mut groups: Vec<Holders> = Vec::new();
    for mut group in holders.filter(|holders| !holders.old.is_empty() && !holders.new.is_empty()) {
        groups.retain_mut(|other| {
            let touches = !other.old.is_disjoint(&group.old) || !other.new.is_disjoint(&group.new);
            if touches {
                group.old.append(&mut other.old);
                group.new.append(&mut other.new);
            }
            !touches
        });
        groups.push(group);
    }
    groups.sort_by_key(|group| group.old.first().copied());
    groups
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::match_accounts;
    use super::*;

    struct Account(u128, &'static [&'static str]);

    impl IdentifiedAccount for Account {
        type Id = Uuid;

        fn identification_hash(&self) -> &str {
            self.1.first().copied().unwrap_or_default()
        }

        fn other_hashes(&self) -> impl Iterator<Item = &str> {
            self.1.iter().copied()
        }

        fn uid(&self) -> Option<Uuid> {
            Some(Uuid::from_u128(self.0))
        }
    }

    fn numbers<'a>(list: impl IntoIterator<Item = &'a &'a Account>) -> Vec<u128> {
        list.into_iter().map(|account| account.0).collect()
    }

    #[track_caller]
    fn check(old: &[Account], new: &[Account], expected: &str) {
        let found = match_accounts(old, new);
        let kept: Vec<_> = found.kept.iter().map(|(old, new)| (old.0, new.0)).collect();
        let ambiguous: Vec<_> =
            found.ambiguous.iter().map(|group| (numbers(&group.old), numbers(&group.new))).collect();
        let found = format!("{kept:?} {:?} {:?} {ambiguous:?}", numbers(&found.gone), numbers(&found.added));
        assert_eq!(found, expected);
    }

    #[test]
    fn the_primary_hash_decides_first() {
        let old = [Account(1, &["a", "x"]), Account(2, &["b", "x"])];
        let new = [Account(3, &["b", "x"]), Account(4, &["a", "x"])];
        check(&old, &new, "[(1, 4), (2, 3)] [] [] []");
    }

    #[test]
    fn another_hash_matches_an_account_whose_primary_hash_changed() {
        check(&[Account(1, &["a", "x"])], &[Account(2, &["b", "x"])], "[(1, 2)] [] [] []");
        // The old primary hash is one of the others now.
        check(&[Account(1, &["a"])], &[Account(2, &["b", "a"])], "[(1, 2)] [] [] []");
        // A hash of the holder, which all accounts have, does not stand in the way of one that is exact.
        let old = [Account(1, &["a", "x", "holder"]), Account(2, &["b", "y", "holder"])];
        let new = [Account(3, &["c", "y", "holder"]), Account(4, &["d", "x", "holder"])];
        check(&old, &new, "[(1, 4), (2, 3)] [] [] []");
    }

    #[test]
    fn accounts_that_share_an_inexact_hash_are_ambiguous() {
        let old = [Account(1, &["a", "holder"]), Account(2, &["b", "holder"])];
        check(&old, &[Account(3, &["c", "holder"])], "[] [] [] [([1, 2], [3])]");
        // The hash is not exclusive because an account that is matched already has it: 2 was closed, and 4 is new.
        let old = [Account(1, &["a", "holder"]), Account(2, &["b", "holder"])];
        let new = [Account(3, &["a", "holder"]), Account(4, &["c", "holder"])];
        check(&old, &new, "[(1, 3)] [] [] [([2], [4])]");
        let new = [Account(3, &["a", "holder"]), Account(4, &["a", "x"]), Account(5, &["c", "x"])];
        check(&[Account(1, &["a"]), Account(2, &["b", "x"])], &new, "[] [] [] [([1], [3, 4]), ([2], [5])]");
        // One old account leads to two new ones by different hashes.
        let new = [Account(3, &["c", "x"]), Account(4, &["d", "y"])];
        check(&[Account(1, &["a", "x", "y"])], &new, "[] [] [] [([1], [3, 4])]");
    }

    #[test]
    fn accounts_without_a_common_hash_are_gone_or_added() {
        check(&[Account(1, &["a", "x"])], &[Account(2, &["b", "y"])], "[] [1] [2] []");
        // A hash that only accounts of one side share connects none of them.
        let old = [Account(1, &["a", "x"]), Account(2, &["b", "x"])];
        check(&old, &[Account(3, &["c"])], "[] [1, 2] [3] []");
        check(&[Account(1, &["", ""])], &[Account(2, &["", ""])], "[] [1] [2] []");
        check(&[Account(1, &[])], &[Account(2, &[])], "[] [1] [2] []");
    }
}
