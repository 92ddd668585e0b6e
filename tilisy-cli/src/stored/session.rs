//! A consent as it is stored: the response to `POST /sessions`, parts of which the service returns only once.

use std::path::Path;

use enablebanking_client::chrono::{DateTime, TimeDelta, Utc};
use enablebanking_client::consent::IdentifiedAccount;
use enablebanking_client::types::{Aspsp, AuthorizeSessionResponse};
use enablebanking_client::uuid::Uuid;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::version;
use crate::failure::{Exit, Failure};
use crate::text::{clean, quoted};

/// The version that is written.
const VERSION: u32 = 2;

/// The time before its end from which a consent is reported.
const NEAR: TimeDelta = TimeDelta::days(7);

/// A session of the API.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) session_id: Uuid,
    /// The application that it belongs to: no other one can use it.
    pub(crate) application_id: Uuid,
    pub(crate) bank: Bank,
    /// `personal` or `business`.
    pub(crate) psu_type: String,
    pub(crate) authorized_at: DateTime<Utc>,
    /// The end of the session, unless the bank, the PSU or the service ends it earlier.
    pub(crate) valid_until: DateTime<Utc>,
    /// The session that renewed this one.
    pub(crate) replaced_by: Option<Uuid>,
    pub(crate) accounts: Vec<Account>,
}

/// The bank (ASPSP) of a session.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Bank {
    pub(crate) name: String,
    /// A two-letter ISO 3166 code.
    pub(crate) country: String,
}

/// An account of a session.
#[derive(Clone)]
pub(crate) struct Account {
    /// The account as the service returned it.
    resource: Box<RawValue>,
    known: Known,
    /// Its ids in earlier sessions.
    pub(crate) former_uids: Vec<Uuid>,
}

/// The properties of an account that the command uses.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Known {
    uid: Option<Uuid>,
    #[serde(deserialize_with = "or_default")]
    identification_hash: String,
    #[serde(deserialize_with = "or_default")]
    identification_hashes: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    account_id: Number,
    #[serde(deserialize_with = "or_default")]
    currency: String,
    #[serde(deserialize_with = "or_default")]
    cash_account_type: String,
    usage: Option<String>,
    product: Option<String>,
    details: Option<String>,
    name: Option<String>,
}

/// The identification of an account.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Number {
    iban: Option<String>,
    other: Option<Other>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Other {
    identification: Option<String>,
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The state of a session, as far as it is known without asking the service.
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
    /// Creates the stored form of a new session.
    pub(crate) fn new(response: &AuthorizeSessionResponse, application_id: Uuid) -> Self {
        Self {
            session_id: response.session_id.into(),
            application_id,
            bank: Bank::from(&response.aspsp),
            psu_type: response.psu_type.to_string(),
            authorized_at: Utc::now(),
            valid_until: response.access.valid_until,
            replaced_by: None,
            accounts: response.accounts.iter().filter_map(|account| Account::new(account).ok()).collect(),
        }
    }

    /// Reads a session from the text of a file.
    pub(crate) fn parse(text: &str, file: &Path) -> Result<Self, Failure> {
        let read = match version::of_json(text, file, VERSION)? {
            1 => serde_json::from_str::<First>(text).map(Self::from),
            _ => serde_json::from_str::<Second>(text).map(Self::from),
        };
        read.map_err(|_| {
            Failure::new(Exit::Setup, format!("`{}` is not a session that this command wrote", file.display()))
                .hint("move the file away, and connect to the bank again")
        })
    }

    /// Returns the session as JSON.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec_pretty(&Second::from(self))
    }

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

    /// Returns the command that renews the consent. It starts with `command`.
    pub(crate) fn renewal(&self, command: &str) -> String {
        let [name, country, psu_type] = [&self.bank.name, &self.bank.country, &self.psu_type].map(|text| quoted(text));
        // A name that looks like an option goes last.
        if self.bank.name.starts_with('-') {
            return format!("{command} connect --country {country} --psu-type {psu_type} -- {name}");
        }
        format!("{command} connect {name} --country {country} --psu-type {psu_type}")
    }

    /// Returns the key by which sessions are ordered by age. The id decides between two of the same time.
    pub(crate) fn age(&self) -> (DateTime<Utc>, Uuid) {
        (self.authorized_at, self.session_id)
    }
}

impl From<&Aspsp> for Bank {
    fn from(aspsp: &Aspsp) -> Self {
        Self { name: aspsp.name.clone(), country: aspsp.country.clone() }
    }
}

impl Account {
    /// Creates the stored form of an account.
    pub(crate) fn new(account: &impl Serialize) -> Result<Self, serde_json::Error> {
        Self::of(serde_json::value::to_raw_value(account)?, Vec::new())
    }

    fn of(resource: Box<RawValue>, former_uids: Vec<Uuid>) -> Result<Self, serde_json::Error> {
        let known = serde_json::from_str(resource.get())?;
        Ok(Self { resource, known, former_uids })
    }

    /// Returns the account as the service returned it, unlisted properties included.
    pub(crate) fn resource(&self) -> &RawValue {
        &self.resource
    }

    /// Returns the id of the account in this session. Closed and blocked accounts have none.
    pub(crate) fn id(&self) -> Option<Uuid> {
        self.known.uid
    }

    /// Returns the hash that identifies the account in every session.
    pub(crate) fn hash(&self) -> &str {
        &self.known.identification_hash
    }

    /// Returns the number of the account: its IBAN, or another one.
    pub(crate) fn number(&self) -> Option<&str> {
        let Number { iban, other } = &self.known.account_id;
        let iban = iban.as_deref().filter(|iban| !iban.is_empty());
        iban.or_else(|| other.as_ref()?.identification.as_deref().filter(|text| !text.is_empty()))
    }

    pub(crate) fn currency(&self) -> &str {
        &self.known.currency
    }

    pub(crate) fn cash_account_type(&self) -> &str {
        &self.known.cash_account_type
    }

    pub(crate) fn usage(&self) -> Option<&str> {
        self.known.usage.as_deref()
    }

    pub(crate) fn product(&self) -> Option<&str> {
        self.known.product.as_deref()
    }

    pub(crate) fn details(&self) -> Option<&str> {
        self.known.details.as_deref()
    }

    /// Returns the name of the account holder, or of the account: banks differ.
    pub(crate) fn name(&self) -> Option<&str> {
        self.known.name.as_deref()
    }

    /// Returns a name for messages.
    pub(crate) fn label(&self) -> String {
        let label = match (self.product().or(self.details()).or(self.name()), self.number()) {
            (Some(name), Some(number)) => format!("{name} ({number})"),
            (Some(text), None) | (None, Some(text)) => text.to_owned(),
            (None, None) => self.id().map_or_else(|| "an account without a name".to_owned(), |uid| uid.to_string()),
        };
        clean(&label).into_owned()
    }
}

impl IdentifiedAccount for Account {
    type Id = Uuid;

    fn identification_hash(&self) -> &str {
        self.hash()
    }

    fn other_hashes(&self) -> impl Iterator<Item = &str> {
        self.known.identification_hashes.iter().map(String::as_str)
    }

    fn uid(&self) -> Option<Uuid> {
        self.id()
    }
}

/// The first version, which had the types of the documentation of 2020.
#[derive(Deserialize)]
struct First {
    session_id: Uuid,
    application_id: Uuid,
    aspsp: Bank,
    psu_type: String,
    authorized_at: DateTime<Utc>,
    valid_until: DateTime<Utc>,
    replaced_by: Option<Uuid>,
    accounts: Vec<FirstAccount>,
}

#[derive(Deserialize)]
struct FirstAccount {
    details: RawAccount,
    #[serde(default)]
    former_uids: Vec<Uuid>,
}

#[derive(Deserialize, Serialize)]
struct Second {
    version: u32,
    session_id: Uuid,
    application_id: Uuid,
    bank: Bank,
    psu_type: String,
    authorized_at: DateTime<Utc>,
    valid_until: DateTime<Utc>,
    replaced_by: Option<Uuid>,
    accounts: Vec<SecondAccount>,
}

#[derive(Deserialize, Serialize)]
struct SecondAccount {
    resource: RawAccount,
    #[serde(default)]
    former_uids: Vec<Uuid>,
}

/// An account whose known properties could be read.
struct RawAccount(Box<RawValue>, Known);

impl<'de> Deserialize<'de> for RawAccount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let resource = Box::<RawValue>::deserialize(deserializer)?;
        let known = serde_json::from_str(resource.get()).map_err(serde::de::Error::custom)?;
        Ok(Self(resource, known))
    }
}

impl Serialize for RawAccount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl From<First> for Session {
    fn from(stored: First) -> Self {
        let First { session_id, application_id, aspsp, psu_type, authorized_at, valid_until, replaced_by, accounts } =
            stored;
        let account = |FirstAccount { details: RawAccount(resource, known), former_uids }| Account {
            resource,
            known,
            former_uids,
        };
        let accounts = accounts.into_iter().map(account).collect();
        Self { session_id, application_id, bank: aspsp, psu_type, authorized_at, valid_until, replaced_by, accounts }
    }
}

impl From<Second> for Session {
    fn from(stored: Second) -> Self {
        let Second { session_id, application_id, bank, psu_type, authorized_at, valid_until, replaced_by, .. } = stored;
        let account = |SecondAccount { resource: RawAccount(resource, known), former_uids }| Account {
            resource,
            known,
            former_uids,
        };
        let accounts = stored.accounts.into_iter().map(account).collect();
        Self { session_id, application_id, bank, psu_type, authorized_at, valid_until, replaced_by, accounts }
    }
}

impl From<&Session> for Second {
    fn from(session: &Session) -> Self {
        let account = |account: &Account| SecondAccount {
            resource: RawAccount(account.resource.clone(), account.known.clone()),
            former_uids: account.former_uids.clone(),
        };
        Self {
            version: VERSION,
            session_id: session.session_id,
            application_id: session.application_id,
            bank: session.bank.clone(),
            psu_type: session.psu_type.clone(),
            authorized_at: session.authorized_at,
            valid_until: session.valid_until,
            replaced_by: session.replaced_by,
            accounts: session.accounts.iter().map(account).collect(),
        }
    }
}
