//! The consents of a profile, and their renewal.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use enablebanking_client::chrono::{DateTime, TimeDelta, Utc};
use enablebanking_client::consent::{IdentifiedAccount as _, match_accounts};
use enablebanking_client::uuid::Uuid;

use crate::disk::{self, Directories, Lock};
use crate::failure::{Exit, Failure};
use crate::message::warn;
use crate::stored::{Condition, Session};
use crate::text::wait;

/// The accounts that an older session and a new one have in common.
struct Overlap {
    again: usize,
    unclear: usize,
    /// The accounts of the older session that the new one does not have.
    left: Vec<String>,
}

/// The sessions of a profile, each in a file of its own.
pub(crate) struct Consents {
    directories: Directories,
    application_id: Option<Uuid>,
    /// The start of the commands in messages.
    command: String,
}

impl Consents {
    /// Returns those of an application, or all.
    pub(crate) fn of(directories: &Directories, application_id: Option<Uuid>, command: String) -> Self {
        Self { directories: directories.clone(), application_id, command }
    }

    /// Reads all of them, the oldest first.
    pub(crate) fn all(&self) -> Result<Vec<Session>, Failure> {
        let mut all = Vec::new();
        let folder = self.directories.sessions();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(all),
            Err(error) => {
                let text = format!("cannot read the folder `{}`", folder.display());
                return Err(Failure::new(Exit::Setup, text).because(error).hint("check its permissions"));
            }
        };
        for file in entries.flatten().map(|entry| entry.path()) {
            if file.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let Some(text) = disk::read(&file)? else { continue };
            let session = Session::parse(&text, &file)?;
            if self.application_id.is_none_or(|id| id == session.application_id) {
                all.push(session);
            }
        }
        all.sort_by_key(Session::age);
        Ok(all)
    }

    /// Returns those that have neither ended nor been replaced, with warnings about those that end soon or have ended.
    pub(crate) fn usable(&self) -> Result<Vec<Session>, Failure> {
        let now = Utc::now();
        let mut all = self.all()?;
        all.retain(|session| session.condition(now) != Condition::Replaced);
        if all.is_empty() {
            return Err(Failure::new(Exit::Consent, "there is no consent yet")
                .hint(format!("`{} connect BANK --country CC` asks for one", self.command))
                .hint("`tilisy banks` lists the banks; with `--sandbox`, any command shows how it works"));
        }
        all.iter().for_each(|session| self.warn(session, now));
        if all.iter().all(|session| session.condition(now) == Condition::Ended) {
            let renewals = all.iter().map(|session| session.renewal(&self.command));
            return Err(renewals.fold(Failure::new(Exit::Consent, "every consent has ended"), |failure, renewal| {
                failure.hint(format!("renew it: `{renewal}`"))
            }));
        }
        all.retain(|session| session.condition(now) != Condition::Ended);
        Ok(all)
    }

    /// Prints a warning if a session has ended, or ends soon.
    pub(crate) fn warn(&self, session: &Session, now: DateTime<Utc>) {
        let bank = &session.bank.name;
        let renewal = session.renewal(&self.command);
        match session.condition(now) {
            Condition::EndsSoon => {
                let left = wait((session.valid_until - now).to_std().unwrap_or_default());
                warn(&format!("the consent for {bank} ends within {left} (renew it with `{renewal}`)"));
            }
            Condition::Ended => warn(&format!("the consent for {bank} has ended (renew it with `{renewal}`)")),
            Condition::Valid | Condition::Replaced => {}
        }
    }

    /// Writes a session, in place of the one with the same id.
    pub(crate) fn write(&self, session: &Session) -> Result<(), Failure> {
        let text = session
            .to_json()
            .map_err(|error| Failure::new(Exit::Other, "the session cannot be written").because(error))?;
        // One temporary name for all sessions, so that the next write replaces the file of a run that was killed.
        let new = self.directories.sessions().join("session.new");
        disk::replace(&self.file(session.session_id), &new, &text, true)
    }

    /// Removes a session from this machine.
    pub(crate) async fn remove(&self, id: Uuid) -> Result<(), Failure> {
        let _lock = Lock::of(&self.directories).await?;
        let file = self.file(id);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::new(Exit::Write, format!("cannot remove `{}`", file.display())).because(error))
            }
            _ => Ok(()),
        }
    }

    /// Updates the end of a session to the one that the service reports. A failure to write it is not an error.
    pub(crate) async fn report_end(&self, session: &mut Session, valid_until: DateTime<Utc>) {
        if session.valid_until == valid_until {
            return;
        }
        session.valid_until = valid_until;
        if let Err(failure) = self.update_end(session.session_id, valid_until).await {
            warn(failure.text());
        }
    }

    async fn update_end(&self, id: Uuid, valid_until: DateTime<Utc>) -> Result<(), Failure> {
        let _lock = Lock::of(&self.directories).await?;
        let known = self.all()?.into_iter().find(|session| session.session_id == id);
        match known.filter(|known| known.valid_until != valid_until) {
            Some(session) => self.write(&Session { valid_until, ..session }),
            None => Ok(()),
        }
    }

    /// Stores a new session, and finds the accounts of older ones of the same bank in it.
    ///
    /// An older session of which every account is found again is replaced. Another one, such as that of a second PSU with
    /// a joint account, stays. A newer one is never replaced, so that two runs at once leave one of their sessions.
    pub(crate) async fn add(&self, mut session: Session) -> Result<Renewal, Failure> {
        // Before anything else, the lock included: the service does not return it again.
        self.write(&session)?;
        let _lock = Lock::of(&self.directories).await?;
        let all = self.all()?;
        let now = Utc::now();
        // A clock that was set back must not make this session older than those that it renews.
        let others = all.iter().filter(|known| known.session_id != session.session_id);
        let newest = others.map(|known| known.authorized_at).max().filter(|newest| *newest > now);
        if let Some(after) = newest.and_then(|newest| newest.checked_add_signed(TimeDelta::milliseconds(1))) {
            session.authorized_at = session.authorized_at.max(after);
        }
        let (mut renewal, mut replaced) = (Renewal::default(), Vec::new());
        for mut old in all {
            if old.session_id == session.session_id {
                // Another run may have renewed it while this one waited for the lock.
                session.replaced_by = old.replaced_by;
                continue;
            }
            if old.replaced_by.is_some() || old.age() >= session.age() {
                continue;
            }
            let Some(Overlap { again, unclear, left }) = renew(&mut session, &old) else { continue };
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
        self.directories.sessions().join(format!("{id}.json"))
    }
}

/// The effect of a new session on older ones.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Renewal {
    /// The number of accounts that were found again.
    pub(crate) again: usize,
    /// Accounts that the new session does not have, and the sessions that still have them.
    pub(crate) left: Vec<(String, Uuid)>,
    /// The number of hashes that several accounts share.
    pub(crate) unclear: usize,
}

/// Copies the former ids of accounts from an older session to the accounts with the same hashes. Returns the accounts of
/// both sessions, or `None` if the sessions do not share an account.
fn renew(new: &mut Session, old: &Session) -> Option<Overlap> {
    if old.bank != new.bank || old.psu_type != new.psu_type {
        return None;
    }
    let accounts = new.accounts.clone();
    let matches = match_accounts(&old.accounts, &accounts);
    // A consent without accounts is replaced as a whole.
    if matches.kept.is_empty() && !old.accounts.is_empty() {
        return None;
    }
    for (before, now) in &matches.kept {
        let hash = now.hash();
        for account in new.accounts.iter_mut().filter(|account| account.hash() == hash) {
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
        left: matches.gone.into_iter().map(|account| account.label()).collect(),
    })
}

#[cfg(test)]
mod tests;
