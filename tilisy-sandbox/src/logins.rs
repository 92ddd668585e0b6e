//! Logins to the control panel: mails with links, and tokens.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::random::unguessable;

/// The time for which the link of a mail can be used.
const LINK_LIFE: TimeDelta = TimeDelta::hours(1);

/// The time for which a token is valid.
pub(crate) const TOKEN_LIFE: TimeDelta = TimeDelta::hours(1);

/// The number of mails, and of tokens of each kind, that are kept.
const KEPT: usize = 1_000;

/// A mail with a link.
#[derive(Clone)]
pub(crate) struct Mail {
    pub(crate) email: String,
    pub(crate) link: String,
    code: String,
    sent: DateTime<Utc>,
    is_used: bool,
}

/// The tokens of a user who has signed in.
pub(crate) struct Tokens {
    pub(crate) id: String,
    pub(crate) refresh: String,
}

/// The logins of a sandbox.
#[derive(Default)]
pub(crate) struct Logins(Mutex<Book>);

#[derive(Default)]
struct Book {
    mails: Vec<Mail>,
    /// The ends of id tokens.
    ids: BTreeMap<String, DateTime<Utc>>,
    /// The refresh tokens, with the time of issue.
    refreshes: BTreeMap<String, DateTime<Utc>>,
}

impl fmt::Debug for Logins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logins").finish_non_exhaustive()
    }
}

impl Logins {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a mail whose link leads to an address, or returns `None` if the system has no random numbers.
    pub(crate) fn mail(&self, email: &str, address: &str, now: DateTime<Utc>) -> Option<()> {
        let code = unguessable()?;
        let and = if address.contains('?') { '&' } else { '?' };
        let link = format!("{address}{and}mode=signIn&oobCode={code}");
        let mut book = self.book();
        if book.mails.len() == KEPT {
            book.mails.remove(0);
        }
        book.mails.push(Mail { email: email.to_owned(), link, code, sent: now, is_used: false });
        Some(())
    }

    /// Returns the mails to an address, oldest first.
    pub(crate) fn mails(&self, email: &str) -> Vec<Mail> {
        self.book().mails.iter().filter(|mail| mail.email == email).cloned().collect()
    }

    /// Signs in with the code of a mail, once.
    pub(crate) fn sign_in(&self, email: &str, code: &str, now: DateTime<Utc>) -> Option<Tokens> {
        let mut book = self.book();
        let mut mails = book.mails.iter_mut();
        let is_open =
            |mail: &&mut Mail| mail.email == email && mail.code == code && !mail.is_used && now - mail.sent < LINK_LIFE;
        mails.find(is_open)?.is_used = true;
        book.issue(now)
    }

    /// Issues tokens for a refresh token, which stays valid.
    pub(crate) fn refresh(&self, token: &str, now: DateTime<Utc>) -> Option<Tokens> {
        let mut book = self.book();
        book.refreshes.get(token)?;
        let issued = book.issue(now)?;
        // Another refresh token is not needed.
        book.refreshes.remove(&issued.refresh);
        Some(Tokens { refresh: token.to_owned(), ..issued })
    }

    /// Returns whether an id token was issued here, and is valid.
    pub(crate) fn accepts(&self, token: &str, now: DateTime<Utc>) -> bool {
        self.book().ids.get(token).is_some_and(|end| now < *end)
    }
}

impl Book {
    fn issue(&mut self, now: DateTime<Utc>) -> Option<Tokens> {
        let tokens = Tokens { id: unguessable()?, refresh: unguessable()? };
        self.ids.retain(|_, end| now < *end);
        let end = now.checked_add_signed(TOKEN_LIFE)?;
        for (kept, token, time) in [(&mut self.ids, &tokens.id, end), (&mut self.refreshes, &tokens.refresh, now)] {
            if kept.len() >= KEPT {
                kept.pop_first();
            }
            kept.insert(token.clone(), time);
        }
        Some(tokens)
    }
}
