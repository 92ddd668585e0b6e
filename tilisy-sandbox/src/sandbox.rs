//! A running sandbox.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::agreement;
use crate::clock::Clock;
use crate::consent::Unable;
use crate::edition::Edition;
use crate::error::{AddError, ApproveError, DataError, NoConsent, UnknownName};
use crate::own::{self, Bank, NewBank};
use crate::quirk::Quirks;
use crate::rehearsal::{NoReply, Received, Reply};
use crate::scenario::Scenario;
use crate::service::Service;

/// A running sandbox. It stops when this is dropped.
pub struct Sandbox {
    service: Arc<Service>,
    application_id: Uuid,
    private_key_pem: String,
    _stop: oneshot::Sender<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, id) = (self.url(), self.application_id);
        f.debug_struct("Sandbox").field("url", &url).field("application_id", &id).finish_non_exhaustive()
    }
}

impl Sandbox {
    pub(crate) fn new(service: Arc<Service>, id: Uuid, private_key_pem: String, stop: oneshot::Sender<()>) -> Self {
        Self { service, application_id: id, private_key_pem, _stop: stop }
    }

    /// Returns the base URL, such as `http://127.0.0.1:8080`, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.service.world.url
    }

    /// Returns the id of the application that is registered from the start: the `kid` of its tokens.
    pub fn application_id(&self) -> Uuid {
        self.application_id
    }

    /// Returns the private key of that application as PKCS#8 PEM. Unless
    /// [`Builder::fresh_key`](crate::Builder::fresh_key) was called, it is the one in the source of this crate: for
    /// development only.
    pub fn private_key_pem(&self) -> &str {
        &self.private_key_pem
    }

    /// Returns the `aud` claim of tokens: that of the edition's host. The other edition's is accepted too.
    pub fn audience(&self) -> &'static str {
        match self.edition() {
            Edition::Current => "api.enablebanking.com",
            Edition::Document2020 => "api.tilisy.com",
        }
    }

    /// Returns the edition of the API that it speaks.
    pub fn edition(&self) -> Edition {
        self.service.world.edition
    }

    /// Returns the newest day of the data.
    pub fn newest_day(&self) -> NaiveDate {
        self.service.world.today()
    }

    /// Returns the bearer token of the control panel, with which other applications are registered at
    /// `POST {url}/api/applications`.
    pub fn registration_token(&self) -> &str {
        &self.service.world.registration_token
    }

    /// Returns the link of the last mail that the control panel sent to an address, to sign in.
    pub fn login_link(&self, email: &str) -> Option<String> {
        self.service.logins.mails(email).pop().map(|mail| mail.link)
    }

    /// Returns the clock by which data, codes, sessions, payments and tokens go.
    pub fn clock(&self) -> &Clock {
        &self.service.world.clock
    }

    /// Sets the scenario of all requests without the header `X-Sandbox-Scenario`: an error code, or `REPEATED_KEY`; `None`
    /// for the ordinary state.
    ///
    /// # Errors
    ///
    /// Fails if no scenario has this name.
    pub fn set_scenario(&self, name: Option<&str>) -> Result<(), UnknownName> {
        let scenario = name.map_or(Some(Scenario::default()), Scenario::named).ok_or(UnknownName)?;
        self.service.defaults().scenario = scenario;
        Ok(())
    }

    /// Sets the quirks of responses to all requests without the header `X-Sandbox-Quirk`.
    ///
    /// # Errors
    ///
    /// Fails if a quirk is unknown, and changes none then.
    pub fn set_quirks(&self, names: &[&str]) -> Result<(), UnknownName> {
        self.service.defaults().quirks = Quirks::named(names.iter().copied()).ok_or(UnknownName)?;
        Ok(())
    }

    /// Answers the next requests with these replies, one each and in this order, whatever the requests are. After them the
    /// banks answer again. Replies that are left from an earlier call are dropped, so an empty list ends a repeated one.
    ///
    /// # Errors
    ///
    /// Fails if a reply cannot be sent; none of them is used then.
    pub fn answer_next(&self, replies: impl IntoIterator<Item = Reply>) -> Result<(), NoReply> {
        self.service.rehearsal.lay_down(replies)
    }

    /// Returns the requests that came, oldest first, if [`Builder::keep_requests`](crate::Builder::keep_requests) was set.
    pub fn requests(&self) -> Vec<Received> {
        self.service.rehearsal.received()
    }

    /// Approves the consent or the payment behind a link, as the bank's first user of its PSU type who has accounts, and
    /// returns the address that the PSU comes back with: with `code` and `state`, or with `state` alone for a payment. A
    /// consent covers all accounts of the user.
    ///
    /// # Errors
    ///
    /// Fails for a link without an open consent or payment: links are used once.
    pub fn approve(&self, link: &str) -> Result<String, NoConsent> {
        agreement::approve(&self.service.world, link).ok_or(NoConsent)
    }

    /// Approves the consent or the payment behind a link as a user of the bank, and returns the address that the PSU comes
    /// back with.
    ///
    /// `accounts` contains values of `identification_hash` ([`Account::identification_hash`](crate::Account)). An empty
    /// list selects all accounts of the user.
    ///
    /// # Errors
    ///
    /// Fails for a link without an open consent, a user whom the bank does not have among those of the PSU type that was
    /// asked for, and an account that is not the user's.
    pub fn approve_as<A: AsRef<str>>(&self, link: &str, user: &str, accounts: &[A]) -> Result<String, ApproveError> {
        let hashes: Vec<_> = accounts.iter().map(|hash| hash.as_ref().to_owned()).collect();
        let hashes = Some(hashes.as_slice()).filter(|hashes| !hashes.is_empty());
        agreement::approve_as(&self.service.world, link, user, hashes).map_err(|unable| match unable {
            Unable::Link => ApproveError::NoConsent,
            Unable::User => ApproveError::UnknownUser,
            Unable::Account => ApproveError::UnknownAccount,
        })
    }

    /// Revokes an authorized session at the bank, as its PSU can, and returns whether there was one with this id.
    pub fn revoke(&self, session_id: Uuid) -> bool {
        self.service.world.revoke(session_id)
    }

    /// Returns the bank with a name, to which users and accounts can be added. One that the sandbox does not have is
    /// added, in Finland.
    pub fn bank(&self, name: &str) -> Bank {
        Bank::named(&self.service, name)
    }

    /// Returns the bank with a name, if there is one.
    pub fn find_bank(&self, name: &str) -> Option<Bank> {
        Bank::find(&self.service, name)
    }

    /// Adds a bank.
    ///
    /// # Errors
    ///
    /// Fails if the sandbox has a bank of this name in the country, and for a country that is not two capital letters.
    pub fn add_bank(&self, bank: &NewBank) -> Result<Bank, AddError> {
        Bank::add(&self.service, bank)
    }

    /// Adds the banks, users, accounts and transactions of a JSON document, and returns the number of transactions. The
    /// README describes its form.
    ///
    /// # Errors
    ///
    /// Fails where the document does not have that form, or contradicts itself; what precedes the fault is added.
    pub fn add_data(&self, json: &str) -> Result<usize, DataError> {
        own::load(&self.service, json)
    }

    /// Denies the consent or the payment behind a link, and returns the address that the PSU comes back with: with `error`,
    /// `error_description` and `state`.
    ///
    /// # Errors
    ///
    /// Fails for a link without an open consent or payment.
    pub fn deny(&self, link: &str) -> Result<String, NoConsent> {
        agreement::deny(&self.service.world, link).ok_or(NoConsent)
    }
}
