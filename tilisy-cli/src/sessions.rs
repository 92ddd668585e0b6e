//! The consents there are: what the service told when they were given, some of it only once.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tilisy_client::chrono::{DateTime, TimeDelta, Utc};
use tilisy_client::consent::{IdentifiedAccount, match_accounts};
use tilisy_client::types::{AccountResource, Aspsp, PsuType};
use tilisy_client::uuid::Uuid;

use crate::accounts::label;
use crate::failure::{Exit, Failure, warn};
use crate::home::{self, Home};

/// How long before its end a consent is worth a warning.
const NEAR: TimeDelta = TimeDelta::days(7);

/// A session, as it is kept.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Session {
    pub(crate) session_id: Uuid,
    /// The application that it belongs to: another one cannot use it.
    pub(crate) application_id: Uuid,
    pub(crate) aspsp: Aspsp,
    pub(crate) psu_type: PsuType,
    /// When it began.
    pub(crate) authorized_at: DateTime<Utc>,
    /// When it ends, if nothing ends it before.
    pub(crate) valid_until: DateTime<Utc>,
    /// The session that renewed this one.
    pub(crate) replaced_by: Option<Uuid>,
    pub(crate) accounts: Vec<Account>,
}

/// An account, as it is kept.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Account {
    pub(crate) details: AccountResource,
    /// The ids that it had in sessions before, by which people may still know it.
    pub(crate) former_uids: Vec<Uuid>,
}

impl IdentifiedAccount for Account {
    fn identification_hash(&self) -> &str {
        &self.details.identification_hash
    }

    fn uid(&self) -> Option<Uuid> {
        self.details.uid
    }
}

/// What becomes of a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Condition {
    Valid,
    EndsSoon,
    Ended,
    Replaced,
}

impl Condition {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::EndsSoon => "ends soon",
            Self::Ended => "ended",
            Self::Replaced => "replaced",
        }
    }
}

impl Session {
    pub(crate) fn condition(&self, now: DateTime<Utc>) -> Condition {
        let left = self.valid_until - now;
        // Of a consent for a day, the last quarter is near its end.
        let near = NEAR.min((self.valid_until - self.authorized_at) / 4);
        match () {
            () if self.replaced_by.is_some() => Condition::Replaced,
            () if left <= TimeDelta::zero() => Condition::Ended,
            () if left <= near => Condition::EndsSoon,
            () => Condition::Valid,
        }
    }

    /// The command that renews it, which begins with `command`.
    pub(crate) fn renewal(&self, command: &str) -> String {
        let Aspsp { name, country, .. } = &self.aspsp;
        let name = name.replace('\'', r"'\''");
        format!("{command} connect '{name}' --country {country} --psu-type {}", self.psu_type)
    }

    /// Takes over the earlier ids of accounts that an older session knows by the same hash. Gives what became of the
    /// accounts of that session; nothing where the two have none in common.
    fn renew(&mut self, old: &Session) -> Option<Overlap> {
        if old.aspsp != self.aspsp || old.psu_type != self.psu_type {
            return None;
        }
        let new = self.accounts.clone();
        let matches = match_accounts(&old.accounts, &new);
        if matches.kept.is_empty() {
            return None;
        }
        for (before, now) in &matches.kept {
            let hash = now.identification_hash();
            for account in self.accounts.iter_mut().filter(|account| account.identification_hash() == hash) {
                for uid in before.former_uids.iter().copied().chain(before.uid()) {
                    if now.uid() != Some(uid) && !account.former_uids.contains(&uid) {
                        account.former_uids.push(uid);
                    }
                }
            }
        }
        Some(Overlap {
            again: matches.kept.len(),
            unclear: matches.ambiguous.len(),
            left: matches.gone.into_iter().map(|account| label(&account.details)).collect(),
        })
    }
}

/// What an older session and a new one have in common.
struct Overlap {
    again: usize,
    unclear: usize,
    /// The accounts of the older session that the new one does not have.
    left: Vec<String>,
}

/// The sessions of a profile, each in a file.
pub(crate) struct Sessions {
    folder: PathBuf,
    application_id: Option<Uuid>,
    /// How this command is called, for what it advises.
    command: String,
}

impl Sessions {
    /// Those of an application, or all there are.
    pub(crate) fn of(home: &Home, application_id: Option<Uuid>, command: String) -> Self {
        Self { folder: home.sessions(), application_id, command }
    }

    /// All of them, the oldest first.
    pub(crate) fn all(&self) -> Result<Vec<Session>, Failure> {
        let mut all = Vec::new();
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(all),
            Err(error) => {
                let text = format!("cannot read the folder `{}`", self.folder.display());
                return Err(Failure::new(Exit::Setup, text).because(error).hint("see that you may read it"));
            }
        };
        for file in entries.flatten().map(|entry| entry.path()) {
            if file.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let Some(text) = home::read(&file)? else { continue };
            let session: Session = serde_json::from_str(&text).map_err(|_| {
                Failure::new(Exit::Setup, format!("`{}` is not a session that this command wrote", file.display()))
                    .hint("take the file away, and connect to the bank again")
            })?;
            if self.application_id.is_none_or(|id| id == session.application_id) {
                all.push(session);
            }
        }
        all.sort_by_key(|session: &Session| (session.authorized_at, session.session_id));
        Ok(all)
    }

    /// Those that can be read from: neither over nor replaced. Says which ones end soon, or are over.
    pub(crate) fn usable(&self) -> Result<Vec<Session>, Failure> {
        let now = Utc::now();
        let mut all = self.all()?;
        all.retain(|session| session.condition(now) != Condition::Replaced);
        if all.is_empty() {
            return Err(Failure::new(Exit::Consent, "there is no consent yet")
                .hint(format!("`{} connect BANK --country CC` asks for one", self.command))
                .hint("`tilisy banks` lists the banks, and any command with `--sandbox` shows how it would be"));
        }
        all.iter().for_each(|session| self.warn(session, now));
        if all.iter().all(|session| session.condition(now) == Condition::Ended) {
            let renewals = all.iter().map(|session| session.renewal(&self.command));
            return Err(renewals.fold(Failure::new(Exit::Consent, "every consent is over"), |failure, renewal| {
                failure.hint(format!("renew it: `{renewal}`"))
            }));
        }
        all.retain(|session| session.condition(now) != Condition::Ended);
        Ok(all)
    }

    /// Says so when a session is over, or soon will be.
    pub(crate) fn warn(&self, session: &Session, now: DateTime<Utc>) {
        let bank = &session.aspsp.name;
        let renewal = session.renewal(&self.command);
        match session.condition(now) {
            Condition::EndsSoon => {
                let left = crate::text::wait((session.valid_until - now).to_std().unwrap_or_default());
                warn(&format!("the consent for {bank} ends within {left} (renew it with `{renewal}`)"));
            }
            Condition::Ended => warn(&format!("the consent for {bank} is over (renew it with `{renewal}`)")),
            Condition::Valid | Condition::Replaced => {}
        }
    }

    pub(crate) fn write(&self, session: &Session) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(session)
            .map_err(|error| Failure::new(Exit::Other, "the session cannot be written").because(error))?;
        home::write_private(&self.file(session.session_id), &text)
    }

    pub(crate) fn remove(&self, id: Uuid) -> Result<(), Failure> {
        let file = self.file(id);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::new(Exit::Write, format!("cannot remove `{}`", file.display())).because(error))
            }
            _ => Ok(()),
        }
    }

    /// Keeps a new session, and finds the accounts of older ones of the same bank in it.
    ///
    /// An older session of which every account is found again is replaced. Another one, such as that of a second customer
    /// with a joint account, stays.
    pub(crate) fn add(&self, mut session: Session) -> Result<Renewal, Failure> {
        // Before anything else: it cannot be had again.
        self.write(&session)?;
        let (mut renewal, mut replaced) = (Renewal::default(), Vec::new());
        for mut old in self.all()? {
            if old.replaced_by.is_some() || old.session_id == session.session_id {
                continue;
            }
            let Some(Overlap { again, unclear, left }) = session.renew(&old) else { continue };
            renewal.again += again;
            renewal.unclear += unclear;
            if left.is_empty() {
                old.replaced_by = Some(session.session_id);
                replaced.push(old);
            } else {
                renewal.left.extend(left.into_iter().map(|account| (account, old.session_id)));
            }
        }
        self.write(&session)?;
        for old in &replaced {
            self.write(old)?;
        }
        Ok(renewal)
    }

    fn file(&self, id: Uuid) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }
}

/// What a new session did to older ones.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Renewal {
    /// How many accounts were found again.
    pub(crate) again: usize,
    /// Accounts that the new session does not have, and the sessions that still have them.
    pub(crate) left: Vec<(String, Uuid)>,
    /// How many hashes several accounts share.
    pub(crate) unclear: usize,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use tilisy_client::types::CashAccountType;

    use super::*;
    use crate::accounts::current;

    /// A session of accounts by their hashes and uids, where 0 is none.
    fn session(id: u128, accounts: &[(&str, u128)]) -> Session {
        let account = |(hash, uid): &(&str, u128)| {
            let mut details = AccountResource::new(CashAccountType::Cacc, "EUR", *hash).product(*hash);
            details.uid = (*uid > 0).then(|| Uuid::from_u128(*uid));
            Account { details, former_uids: Vec::new() }
        };
        Session {
            session_id: Uuid::from_u128(id),
            application_id: Uuid::nil(),
            aspsp: Aspsp::new("FI", "Bank"),
            psu_type: PsuType::Personal,
            authorized_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(id).unwrap()),
            valid_until: DateTime::<Utc>::MAX_UTC,
            replaced_by: None,
            accounts: accounts.iter().map(account).collect(),
        }
    }

    struct Kept {
        sessions: Sessions,
        _folder: tempfile::TempDir,
    }

    impl Kept {
        fn new() -> Self {
            let folder = tempfile::TempDir::new().unwrap();
            let sessions = Sessions::of(&Home::within(folder.path()), None, "tilisy".to_owned());
            Self { sessions, _folder: folder }
        }

        /// Each account that can be read: its hash, its uid, and those that it had.
        fn accounts(&self) -> Vec<(String, u128, Vec<u128>)> {
            let account = |(_, account): (&Session, &Account)| {
                let former = account.former_uids.iter().map(Uuid::as_u128).collect();
                (account.identification_hash().to_owned(), account.uid().map_or(0, |uid| uid.as_u128()), former)
            };
            current(&self.sessions.usable().unwrap()).into_iter().map(account).collect()
        }
    }

    fn known(hash: &str, uid: u128, former: &[u128]) -> (String, u128, Vec<u128>) {
        (hash.to_owned(), uid, former.to_vec())
    }

    #[test]
    fn former_ids_stay_with_their_accounts() {
        let kept = Kept::new();
        kept.sessions.add(session(1, &[("a", 1), ("b", 2)])).unwrap();
        // A bank that tells no ids for a while.
        kept.sessions.add(session(2, &[("a", 0), ("b", 0)])).unwrap();
        let renewal = kept.sessions.add(session(3, &[("b", 12), ("a", 11)])).unwrap();
        assert_eq!(renewal, Renewal { again: 2, ..Renewal::default() });
        assert_eq!(kept.accounts(), [known("b", 12, &[2]), known("a", 11, &[1])]);
    }

    #[test]
    fn accounts_that_a_new_consent_does_not_cover_stay_with_the_old_one() {
        let kept = Kept::new();
        kept.sessions.add(session(1, &[("joint", 1), ("anna", 2)])).unwrap();
        let renewal = kept.sessions.add(session(2, &[("joint", 3), ("bert", 4)])).unwrap();
        let left = vec![("anna".to_owned(), Uuid::from_u128(1))];
        assert_eq!(renewal, Renewal { again: 1, left, unclear: 0 });
        assert_eq!(kept.accounts(), [known("anna", 2, &[]), known("joint", 3, &[1]), known("bert", 4, &[])]);
        // Each of them renews alone.
        kept.sessions.add(session(3, &[("anna", 5), ("joint", 6)])).unwrap();
        let all = [known("bert", 4, &[]), known("anna", 5, &[2]), known("joint", 6, &[1, 3])];
        assert_eq!(kept.accounts(), all);
    }

    #[test]
    fn other_banks_and_customers_are_left_alone() {
        let kept = Kept::new();
        kept.sessions.add(session(1, &[("a", 1)])).unwrap();
        let mut other = session(2, &[("a", 2)]);
        other.psu_type = PsuType::Business;
        assert_eq!(kept.sessions.add(other).unwrap(), Renewal::default());
        assert_eq!(kept.sessions.add(session(3, &[("c", 3)])).unwrap(), Renewal::default());
        assert_eq!(kept.sessions.usable().unwrap().len(), 3);
    }

    #[test]
    fn what_cannot_be_told_apart_is_not_guessed() {
        let kept = Kept::new();
        kept.sessions.add(session(1, &[("a", 1), ("same", 2), ("same", 3)])).unwrap();
        let renewal = kept.sessions.add(session(2, &[("a", 4), ("same", 5), ("same", 6)])).unwrap();
        assert_eq!(renewal, Renewal { again: 1, left: vec![], unclear: 1 });
        assert_eq!(kept.accounts(), [known("a", 4, &[1]), known("same", 5, &[]), known("same", 6, &[])]);
    }

    #[test]
    fn a_new_session_is_kept_beside_one_that_is_damaged() {
        let kept = Kept::new();
        kept.sessions.add(session(1, &[("a", 1)])).unwrap();
        fs::write(kept.sessions.folder.join("old.json"), "{").unwrap();
        assert!(kept.sessions.add(session(2, &[("a", 2)])).is_err());
        fs::remove_file(kept.sessions.folder.join("old.json")).unwrap();
        assert_eq!(kept.accounts(), [known("a", 2, &[])]);
        assert_eq!(kept.sessions.all().unwrap().len(), 2);
    }
}
