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
use crate::lock::Lock;
use crate::text::quoted;

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
    type Id = Uuid;

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
        let [name, country, psu_type] = [&self.aspsp.name, &self.aspsp.country, self.psu_type.as_str()].map(quoted);
        // A name that looks like an option goes last.
        if self.aspsp.name.starts_with('-') {
            return format!("{command} connect --country {country} --psu-type {psu_type} -- {name}");
        }
        format!("{command} connect {name} --country {country} --psu-type {psu_type}")
    }

    /// Orders sessions by age. The id decides between two of the same time.
    fn age(&self) -> (DateTime<Utc>, Uuid) {
        (self.authorized_at, self.session_id)
    }

    /// Takes over the earlier ids of accounts that an older session knows by the same hash. Gives what became of the
    /// accounts of that session; nothing where the two have none in common.
    fn renew(&mut self, old: &Session) -> Option<Overlap> {
        if old.aspsp != self.aspsp || old.psu_type != self.psu_type {
            return None;
        }
        let new = self.accounts.clone();
        let matches = match_accounts(&old.accounts, &new);
        // A consent without accounts is replaced as a whole.
        if matches.kept.is_empty() && !old.accounts.is_empty() {
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
    home: Home,
    application_id: Option<Uuid>,
    /// How this command is called, for what it advises.
    command: String,
}

impl Sessions {
    /// Those of an application, or all there are.
    pub(crate) fn of(home: &Home, application_id: Option<Uuid>, command: String) -> Self {
        Self { home: home.clone(), application_id, command }
    }

    /// All of them, the oldest first.
    pub(crate) fn all(&self) -> Result<Vec<Session>, Failure> {
        let mut all = Vec::new();
        let folder = self.home.sessions();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(all),
            Err(error) => {
                let text = format!("cannot read the folder `{}`", folder.display());
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
        all.sort_by_key(Session::age);
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

    /// Writes a session, over the one of the same id.
    pub(crate) fn write(&self, session: &Session) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(session)
            .map_err(|error| Failure::new(Exit::Other, "the session cannot be written").because(error))?;
        // One name for all: a session's own is not written again after its run has been killed.
        let new = self.home.sessions().join("session.new");
        home::replace(&self.file(session.session_id), &new, &text, true)
    }

    /// Removes a session from this machine.
    pub(crate) async fn remove(&self, id: Uuid) -> Result<(), Failure> {
        let _lock = Lock::of(&self.home).await?;
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
        let _lock = Lock::of(&self.home).await?;
        let known = self.all()?.into_iter().find(|session| session.session_id == id);
        match known.filter(|known| known.valid_until != valid_until) {
            Some(session) => self.write(&Session { valid_until, ..session }),
            None => Ok(()),
        }
    }

    /// Keeps a new session, and finds the accounts of older ones of the same bank in it.
    ///
    /// An older session of which every account is found again is replaced. Another one, such as that of a second customer
    /// with a joint account, stays. A newer one is never replaced, so that two runs at once leave one of their sessions.
    pub(crate) async fn add(&self, mut session: Session) -> Result<Renewal, Failure> {
        // Before anything else, the lock included: it cannot be had again.
        self.write(&session)?;
        let _lock = Lock::of(&self.home).await?;
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
        self.home.sessions().join(format!("{id}.json"))
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
mod tests;
