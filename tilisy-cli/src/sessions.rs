//! The consents there are: what the service told when they were given, some of it only once.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tilisy_client::chrono::{DateTime, TimeDelta, Utc};
use tilisy_client::consent::{IdentifiedAccount, match_accounts};
use tilisy_client::types::{AccountResource, Aspsp, PsuType};
use tilisy_client::uuid::Uuid;

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

    /// The command that renews it.
    pub(crate) fn renewal(&self) -> String {
        let Aspsp { name, country, .. } = &self.aspsp;
        format!("tilisy connect '{}' --country {country} --psu-type {}", name.replace('\'', r"'\''"), self.psu_type)
    }

    /// Says so when it is over, or soon will be.
    pub(crate) fn warn(&self, now: DateTime<Utc>) {
        let bank = &self.aspsp.name;
        let renewal = self.renewal();
        match self.condition(now) {
            Condition::EndsSoon => {
                let left = (self.valid_until - now).to_std().unwrap_or_default();
                let left = crate::text::wait(left);
                warn(&format!("the consent for {bank} ends within {left} (renew it with `{renewal}`)"));
            }
            Condition::Ended => warn(&format!("the consent for {bank} is over (renew it with `{renewal}`)")),
            Condition::Valid | Condition::Replaced => {}
        }
    }
}

/// The sessions of a profile, each in a file.
pub(crate) struct Sessions {
    folder: PathBuf,
    application_id: Option<Uuid>,
}

impl Sessions {
    /// Those of an application, or all there are.
    pub(crate) fn of(home: &Home, application_id: Option<Uuid>) -> Self {
        Self { folder: home.sessions(), application_id }
    }

    /// All of them, the oldest first.
    pub(crate) fn all(&self) -> Result<Vec<Session>, Failure> {
        let mut all = Vec::new();
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Ok(all);
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
                .hint("`tilisy connect BANK --country CC` asks for one, `tilisy banks` lists the banks")
                .hint("`--sandbox` shows how it would be"));
        }
        all.iter().for_each(|session| session.warn(now));
        if all.iter().all(|session| session.condition(now) == Condition::Ended) {
            let renewals = all.iter().map(Session::renewal);
            return Err(renewals.fold(Failure::new(Exit::Consent, "every consent is over"), |failure, renewal| {
                failure.hint(format!("renew it: `{renewal}`"))
            }));
        }
        all.retain(|session| session.condition(now) != Condition::Ended);
        Ok(all)
    }

    pub(crate) fn write(&self, session: &Session) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(session)
            .map_err(|error| Failure::new(Exit::Other, "the session cannot be written").because(error))?;
        home::write_private(&self.file(session.session_id), &text)
    }

    pub(crate) fn remove(&self, id: Uuid) -> Result<(), Failure> {
        let file = self.file(id);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::new(Exit::Write, format!("cannot remove `{}`", file.display())).because(error))
            }
            _ => Ok(()),
        }
    }

    /// Keeps a new session. Older ones of the same bank and customer are replaced by it, and their accounts found again.
    pub(crate) fn add(&self, mut session: Session) -> Result<Renewal, Failure> {
        let mut renewal = Renewal::default();
        for mut old in self.all()? {
            if old.replaced_by.is_some() || old.session_id == session.session_id || !is_renewal(&old, &session) {
                continue;
            }
            let new = session.accounts.clone();
            let matches = match_accounts(&old.accounts, &new);
            renewal.again += matches.kept.len();
            renewal.gone.extend(matches.gone.iter().map(|account| crate::accounts::label(&account.details)));
            renewal.unclear += matches.ambiguous.len();
            for (before, now) in &matches.kept {
                if let Some(account) = session.accounts.iter_mut().find(|account| account.uid() == now.uid()) {
                    account.former_uids.extend(before.former_uids.iter().copied().chain(before.uid()));
                    account.former_uids.retain(|uid| now.uid() != Some(*uid));
                }
            }
            old.replaced_by = Some(session.session_id);
            renewal.replaced.push(old);
        }
        // The new one first: what breaks off here leaves both, and nothing is lost.
        self.write(&session)?;
        for old in &renewal.replaced {
            self.write(old)?;
        }
        Ok(renewal)
    }

    fn file(&self, id: Uuid) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }
}

/// Two customers of one bank have no account in common; one customer who renews usually has.
fn is_renewal(old: &Session, new: &Session) -> bool {
    let same_bank = old.aspsp == new.aspsp && old.psu_type == new.psu_type;
    same_bank && !match_accounts(&old.accounts, &new.accounts).kept.is_empty()
}

/// What a new session did to older ones.
#[derive(Default)]
pub(crate) struct Renewal {
    pub(crate) replaced: Vec<Session>,
    pub(crate) again: usize,
    pub(crate) gone: Vec<String>,
    pub(crate) unclear: usize,
}
