//! Sessions that renew each other.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::sync::Barrier;

use serde_json::json;

use super::*;
use crate::accounts::current;
use crate::stored::{Account, Bank};

/// Returns a session of accounts by their hashes and uids; 0 stands for an account without a uid.
fn session(id: u128, accounts: &[(&str, u128)]) -> Session {
    let account = |(hash, uid): &(&str, u128)| {
        let uid = (*uid > 0).then(|| Uuid::from_u128(*uid));
        Account::new(&json!({ "identification_hash": hash, "product": hash, "currency": "EUR", "uid": uid })).unwrap()
    };
    Session {
        session_id: Uuid::from_u128(id),
        application_id: Uuid::nil(),
        bank: Bank { name: "Bank".to_owned(), country: "FI".to_owned() },
        psu_type: "personal".to_owned(),
        authorized_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(id).unwrap()),
        valid_until: DateTime::<Utc>::MAX_UTC,
        replaced_by: None,
        accounts: accounts.iter().map(account).collect(),
    }
}

struct Kept {
    sessions: Consents,
    _folder: tempfile::TempDir,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::TempDir::new().unwrap();
        let sessions = Consents::of(&Directories::within(folder.path()), None, "tilisy".to_owned());
        Self { sessions, _folder: folder }
    }

    fn add(&self, session: Session) -> Result<Renewal, Failure> {
        add(&self.sessions, session)
    }

    /// Returns the hash, the uid and the former uids of each account that can be read.
    fn accounts(&self) -> Vec<(String, u128, Vec<u128>)> {
        let account = |(_, account): (&Session, &Account)| {
            let former = account.former_uids.iter().map(Uuid::as_u128).collect();
            (account.hash().to_owned(), account.id().map_or(0, |uid| uid.as_u128()), former)
        };
        current(&self.sessions.usable().unwrap()).into_iter().map(account).collect()
    }
}

/// Adds a session, as a separate command would.
fn add(sessions: &Consents, session: Session) -> Result<Renewal, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(sessions.add(session))
}

fn known(hash: &str, uid: u128, former: &[u128]) -> (String, u128, Vec<u128>) {
    (hash.to_owned(), uid, former.to_vec())
}

#[test]
fn former_ids_stay_with_their_accounts() {
    let kept = Kept::new();
    kept.add(session(1, &[("a", 1), ("b", 2)])).unwrap();
    // The bank returns no ids for a while.
    kept.add(session(2, &[("a", 0), ("b", 0)])).unwrap();
    let renewal = kept.add(session(3, &[("b", 12), ("a", 11)])).unwrap();
    assert_eq!(renewal, Renewal { again: 2, ..Renewal::default() });
    assert_eq!(kept.accounts(), [known("b", 12, &[2]), known("a", 11, &[1])]);
}

#[test]
fn accounts_that_a_new_consent_does_not_cover_stay_with_the_old_one() {
    let kept = Kept::new();
    kept.add(session(1, &[("joint", 1), ("anna", 2)])).unwrap();
    let renewal = kept.add(session(2, &[("joint", 3), ("bert", 4)])).unwrap();
    let left = vec![("anna".to_owned(), Uuid::from_u128(1))];
    assert_eq!(renewal, Renewal { again: 1, left, unclear: 0 });
    assert_eq!(kept.accounts(), [known("anna", 2, &[]), known("joint", 3, &[1]), known("bert", 4, &[])]);
    // Each of them renews alone.
    kept.add(session(3, &[("anna", 5), ("joint", 6)])).unwrap();
    let all = [known("bert", 4, &[]), known("anna", 5, &[2]), known("joint", 6, &[1, 3])];
    assert_eq!(kept.accounts(), all);
}

#[test]
fn sessions_of_other_banks_and_psu_types_are_not_renewed() {
    let kept = Kept::new();
    kept.add(session(1, &[("a", 1)])).unwrap();
    let mut other = session(2, &[("a", 2)]);
    other.psu_type = "business".to_owned();
    assert_eq!(kept.add(other).unwrap(), Renewal::default());
    assert_eq!(kept.add(session(3, &[("c", 3)])).unwrap(), Renewal::default());
    assert_eq!(kept.sessions.usable().unwrap().len(), 3);
}

#[test]
fn accounts_that_share_a_hash_are_not_matched() {
    let kept = Kept::new();
    kept.add(session(1, &[("a", 1), ("same", 2), ("same", 3)])).unwrap();
    let renewal = kept.add(session(2, &[("a", 4), ("same", 5), ("same", 6)])).unwrap();
    assert_eq!(renewal, Renewal { again: 1, left: vec![], unclear: 1 });
    assert_eq!(kept.accounts(), [known("a", 4, &[1]), known("same", 5, &[]), known("same", 6, &[])]);
}

#[test]
fn a_new_session_is_stored_even_if_another_one_is_damaged() {
    let kept = Kept::new();
    kept.add(session(1, &[("a", 1)])).unwrap();
    fs::write(kept.sessions.directories.sessions().join("old.json"), "{").unwrap();
    assert!(kept.add(session(2, &[("a", 2)])).is_err());
    fs::remove_file(kept.sessions.directories.sessions().join("old.json")).unwrap();
    assert_eq!(kept.accounts(), [known("a", 2, &[])]);
    assert_eq!(kept.sessions.all().unwrap().len(), 2);
}

#[test]
fn a_session_without_accounts_is_replaced_by_the_next() {
    let kept = Kept::new();
    kept.add(session(1, &[])).unwrap();
    assert_eq!(kept.add(session(2, &[("a", 2)])).unwrap(), Renewal::default());
    assert_eq!(kept.accounts(), [known("a", 2, &[])]);
    kept.add(session(3, &[])).unwrap();
    assert_eq!(kept.accounts(), [known("a", 2, &[])]);
}

#[test]
fn a_session_is_never_replaced_by_an_older_one() {
    let kept = Kept::new();
    kept.add(session(2, &[("a", 2)])).unwrap();
    assert_eq!(kept.add(session(1, &[("a", 1)])).unwrap(), Renewal::default());
    assert_eq!(kept.accounts(), [known("a", 2, &[])]);
    assert!(kept.sessions.all().unwrap().iter().all(|session| session.replaced_by.is_none()));
}

#[test]
fn a_session_renews_others_even_if_the_clock_was_set_back() {
    let kept = Kept::new();
    let ahead = session(1, &[("a", 1)]);
    kept.add(Session { authorized_at: Utc::now() + TimeDelta::hours(5), ..ahead }).unwrap();
    let now = session(2, &[("a", 2)]);
    kept.add(Session { authorized_at: Utc::now(), ..now }).unwrap();
    assert_eq!(kept.accounts(), [known("a", 2, &[1])]);
}

#[test]
fn the_end_that_the_service_reports_is_stored() {
    let kept = Kept::new();
    kept.add(session(1, &[("a", 1)])).unwrap();
    kept.add(session(2, &[("a", 2)])).unwrap();
    let end = Utc::now() + TimeDelta::days(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    for id in [1, 3] {
        runtime.block_on(kept.sessions.update_end(Uuid::from_u128(id), end)).unwrap();
    }
    let all = kept.sessions.all().unwrap();
    assert_eq!((all.len(), all[0].valid_until, all[0].replaced_by), (2, end, Some(Uuid::from_u128(2))));
    assert_eq!(all[1].valid_until, DateTime::<Utc>::MAX_UTC);
}

#[test]
fn sessions_that_are_added_at_once_leave_one_to_use() {
    // In memory where that is possible, since each file is synced.
    let folder = tempfile::TempDir::new_in("/dev/shm").or_else(|_| tempfile::TempDir::new()).unwrap();
    let sessions = Consents::of(&Directories::within(folder.path()), None, "tilisy".to_owned());
    // Windows starts a process for each file.
    for round in 0..if cfg!(windows) { 50 } else { 1_000 } {
        let ids = [round * 2 + 1, round * 2 + 2];
        let barrier = Barrier::new(2);
        let run = |thread: usize| {
            let mut session = session(ids[thread], &[("a", ids[thread])]);
            // The first thread has the older session in one round, and the newer one in the next.
            session.authorized_at += TimeDelta::seconds(if round % 2 == thread as u128 { 0 } else { 5 });
            barrier.wait();
            add(&sessions, session).unwrap()
        };
        let renewals = std::thread::scope(|scope| {
            [scope.spawn(|| run(0)), scope.spawn(|| run(1))].map(|thread| thread.join().unwrap())
        });
        let all = sessions.all().unwrap();
        let [older, newer] = &all[..] else { panic!("{}", all.len()) };
        assert_eq!(newer.replaced_by, None);
        assert!(sessions.usable().unwrap().iter().any(|session| session.session_id == newer.session_id));
        // The accounts of the newer session stay renewed in either order.
        let of_newer = usize::from(newer.session_id == Uuid::from_u128(ids[1]));
        let renewed = renewals[of_newer].again > 0;
        assert_eq!(older.replaced_by, renewed.then_some(newer.session_id), "round {round}");
        assert_eq!(newer.accounts[0].former_uids.len(), usize::from(renewed), "round {round}");
        fs::remove_dir_all(sessions.directories.sessions()).unwrap();
    }
}

// Its words are split by the rules of POSIX; `text/shell.rs` tests those of Windows.
#[cfg(not(windows))]
#[test]
fn the_command_that_renews_can_be_copied_into_a_shell() {
    for (name, country, psu_type) in [
        ("Saimaan Pankki", "FI", "personal"),
        ("O'Hara's \"Bank\"", "FI", "business"),
        ("$(touch pwned)", "FI; touch pwned", "a b"),
        ("`touch pwned`", "", "'"),
        ("-odd", "FI", "personal"),
        ("--help", "FI", "personal"),
    ] {
        let mut session = session(1, &[]);
        session.bank = Bank { name: name.to_owned(), country: country.to_owned() };
        session.psu_type = psu_type.to_owned();
        let renewal = session.renewal("tilisy --profile x");
        let words = shlex::split(&renewal).unwrap();
        let options = ["--country", country, "--psu-type", psu_type];
        let expected = match name.starts_with('-') {
            true => [&["tilisy", "--profile", "x", "connect"], &options[..], &["--", name]].concat(),
            false => [&["tilisy", "--profile", "x", "connect", name], &options[..]].concat(),
        };
        assert_eq!(words, expected, "{renewal}");
    }
}
