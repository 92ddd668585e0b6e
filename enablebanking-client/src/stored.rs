//! A session as applications store it.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::{self as raw, RawValue};

use crate::consent::IdentifiedAccount;
use crate::types::{AccountResource, AccountUid, Aspsp, AuthorizeSessionResponse, PsuType, SessionId};

/// The version of the format that this version of the crate writes.
const VERSION: u32 = 1;

/// A session with its accounts, in a format of its own that stays readable over versions of this crate.
///
/// Store it after `POST /sessions`: some details of accounts are returned only there. It is written as JSON, by
/// `serde_json`, and contains personal data: encrypt it, or restrict access to it.
///
/// ```
/// use enablebanking_client::StoredSession;
/// # use enablebanking_client::chrono::{TimeDelta, Utc};
/// # let session = serde_json::from_str(r#"{
/// #     "session_id": "5e551011-0000-4000-8000-333344445555", "accounts": [], "psu_type": "personal",
/// #     "aspsp": {"name": "Nordea", "country": "FI"}, "access": {"valid_until": "2026-06-29T23:55:00Z"}
/// # }"#)?;
///
/// let stored = StoredSession::new(&session);
/// let json = serde_json::to_string(&stored)?;
///
/// let stored: StoredSession = serde_json::from_str(&json)?;
/// if stored.ends_within(Utc::now(), TimeDelta::days(7)) {
///     println!("ask the PSU to renew the consent");
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoredSession {
    version: u32,
    /// The id of the session.
    pub session_id: SessionId,
    /// The name of the bank.
    pub bank_name: String,
    /// The country of the bank, a two-letter ISO 3166 code.
    pub bank_country: String,
    /// The kind of PSU, `personal` or `business`.
    pub psu_type: String,
    /// The end of the session as the service returned it. A session can end earlier: the PSU or the bank can revoke it.
    pub valid_until: DateTime<Utc>,
    /// The accounts.
    pub accounts: Vec<StoredAccount>,
}

impl StoredSession {
    /// Creates the stored form of a new session.
    #[must_use]
    pub fn new(session: &AuthorizeSessionResponse) -> Self {
        Self {
            version: VERSION,
            session_id: session.session_id,
            bank_name: session.aspsp.name.clone(),
            bank_country: session.aspsp.country.clone(),
            psu_type: session.psu_type.as_str().to_owned(),
            valid_until: session.access.valid_until,
            accounts: session.accounts.iter().map(StoredAccount::new).collect(),
        }
    }

    /// Returns the bank, for the request that renews the consent.
    #[must_use]
    pub fn aspsp(&self) -> Aspsp {
        Aspsp::new(self.bank_country.as_str(), self.bank_name.as_str())
    }

    /// Returns the kind of PSU, for the request that renews the consent.
    #[must_use]
    pub fn psu_type(&self) -> PsuType {
        PsuType::from(self.psu_type.as_str())
    }

    /// Returns whether the session ends within `span` from `now`, or has ended.
    #[must_use]
    #[doc(alias = "renew")]
    #[doc(alias = "expiry")]
    pub fn ends_within(&self, now: DateTime<Utc>, span: TimeDelta) -> bool {
        self.valid_until.signed_duration_since(now) <= span
    }
}

impl fmt::Debug for StoredSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accounts = self.accounts.len();
        formatter
            .debug_struct("StoredSession")
            .field("valid_until", &self.valid_until)
            .field("accounts", &accounts)
            .finish_non_exhaustive()
    }
}

/// An account of a [`StoredSession`]. [`match_accounts`](crate::consent::match_accounts) finds it in a renewed session.
///
/// `Debug` does not show its contents.
#[derive(Clone, Deserialize, Serialize)]
#[non_exhaustive]
pub struct StoredAccount {
    /// The id of the account, for this session only. Closed and blocked accounts have none.
    #[serde(default)]
    pub uid: Option<AccountUid>,
    /// The primary identification hash, which is the same in every session.
    pub identification_hash: String,
    /// All identification hashes.
    #[serde(default)]
    pub identification_hashes: Vec<String>,
    /// The currency, an ISO 4217 code, or `XXX` if the bank does not say.
    pub currency: String,
    resource: Box<RawValue>,
}

impl StoredAccount {
    fn new(account: &AccountResource) -> Self {
        Self {
            uid: account.uid,
            identification_hash: account.identification_hash.clone(),
            identification_hashes: account.identification_hashes.clone(),
            currency: account.currency.clone(),
            // Text and not a `Value`, which has no room for large numbers and deep nesting in unlisted properties.
            resource: raw::to_raw_value(account).unwrap_or_else(|_| RawValue::NULL.to_owned()),
        }
    }

    /// Returns the account as the service returned it, with the properties that the API description does not list.
    ///
    /// # Errors
    ///
    /// Returns an error if the stored JSON was changed and is not an account any more.
    pub fn account(&self) -> Result<AccountResource, serde_json::Error> {
        serde_json::from_str(self.json())
    }

    /// Returns the account as JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        self.resource.get()
    }
}

impl PartialEq for StoredAccount {
    fn eq(&self, other: &Self) -> bool {
        let Self { uid, identification_hash, identification_hashes, currency, resource } = self;
        *uid == other.uid
            && *identification_hash == other.identification_hash
            && *identification_hashes == other.identification_hashes
            && *currency == other.currency
            && resource.get() == other.resource.get()
    }
}

impl IdentifiedAccount for StoredAccount {
    type Id = AccountUid;

    fn identification_hash(&self) -> &str {
        &self.identification_hash
    }

    fn other_hashes(&self) -> impl Iterator<Item = &str> {
        self.identification_hashes.iter().map(String::as_str)
    }

    fn uid(&self) -> Option<AccountUid> {
        self.uid
    }
}

impl fmt::Debug for StoredAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StoredAccount").finish_non_exhaustive()
    }
}

/// The part that all versions have.
#[derive(Deserialize)]
struct Written {
    version: u32,
}

/// The first version.
#[derive(Deserialize)]
struct First {
    session_id: SessionId,
    bank_name: String,
    bank_country: String,
    psu_type: String,
    valid_until: DateTime<Utc>,
    accounts: Vec<StoredAccount>,
}

impl<'de> Deserialize<'de> for StoredSession {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        // Errors of serde can show values, so they are replaced.
        let damaged = |_| D::Error::custom("the stored session is incomplete or damaged");
        let Written { version } = serde_json::from_str(text.get()).map_err(damaged)?;
        if !(1..=VERSION).contains(&version) {
            return Err(D::Error::custom(format_args!(
                "the session was stored in format {version}, and this version of enablebanking-client reads up to {VERSION} \
                 (update it)"
            )));
        }
        let First { session_id, bank_name, bank_country, psu_type, valid_until, accounts } =
            serde_json::from_str(text.get()).map_err(damaged)?;
        Ok(Self { version, session_id, bank_name, bank_country, psu_type, valid_until, accounts })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn session() -> Value {
        json!({
            "session_id": "5e551011-ca4a-4111-8222-333344445555",
            "psu_type": "personal",
            "aspsp": { "name": "Nordea", "country": "FI" },
            "access": { "valid_until": "2026-06-29T23:55:00.123456Z" },
            "accounts": [
                {
                    "uid": "acc00947-ca4a-4666-8777-888899990000", "identification_hash": "hunter2",
                    "identification_hashes": ["hunter2", "other"], "cash_account_type": "CACC", "currency": "EUR",
                    "name": "Aino Testinen", "not_listed": [1],
                },
                { "identification_hash": "b", "identification_hashes": [], "cash_account_type": "CARD", "currency": "XXX" },
            ],
        })
    }

    fn stored() -> StoredSession {
        StoredSession::new(&serde_json::from_value(session()).unwrap())
    }

    #[test]
    fn nothing_of_an_account_is_lost() {
        let json = serde_json::to_string(&stored()).unwrap();
        let again: StoredSession = serde_json::from_str(&json).unwrap();
        assert!(again == stored());
        let account = serde_json::to_value(again.accounts[0].account().unwrap()).unwrap();
        assert_eq!(account, session()["accounts"][0]);
        assert_eq!(again.accounts[1].uid, None);

        // Numbers and nesting that `serde_json::Value` cannot hold.
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        let odd = format!(r#""large": 1e400, "digits": 0.1234567890123456789, "deep": {deep}"#);
        let text = session().to_string().replacen(r#""currency":"EUR""#, &format!(r#""currency":"EUR",{odd}"#), 1);
        let stored = StoredSession::new(&serde_json::from_str(&text).unwrap());
        let again: StoredSession = serde_json::from_str(&serde_json::to_string(&stored).unwrap()).unwrap();
        let account = again.accounts[0].account().unwrap();
        assert_eq!(account.name.as_deref(), Some("Aino Testinen"));
        assert_eq!(account.extra().raw("digits"), Some("0.1234567890123456789"));
        assert!(again.accounts[0].json().contains("1e400") && again.accounts[0].json().contains(&deep));
        assert_eq!((again.aspsp().name.as_str(), again.psu_type()), ("Nordea", PsuType::Personal));
    }

    #[test]
    fn the_format_is_what_was_published() {
        let mut value = serde_json::to_value(stored()).unwrap();
        for account in value["accounts"].as_array_mut().unwrap() {
            account["resource"] = Value::Null;
        }
        let expected = json!({
            "version": 1,
            "session_id": "5e551011-ca4a-4111-8222-333344445555",
            "bank_name": "Nordea",
            "bank_country": "FI",
            "psu_type": "personal",
            "valid_until": "2026-06-29T23:55:00.123456Z",
            "accounts": [
                {
                    "uid": "acc00947-ca4a-4666-8777-888899990000", "identification_hash": "hunter2",
                    "identification_hashes": ["hunter2", "other"], "currency": "EUR", "resource": null,
                },
                { "uid": null, "identification_hash": "b", "identification_hashes": [], "currency": "XXX", "resource": null },
            ],
        });
        assert_eq!(value, expected);
    }

    #[test]
    fn other_formats_are_refused_without_being_shown() {
        for (version, message) in [
            (json!(2), "format 2, and this version of enablebanking-client reads up to 1"),
            (json!(0), "format 0"),
            (json!(1), "incomplete or damaged"),
            (json!("hunter2"), "incomplete or damaged"),
        ] {
            let text = json!({ "version": version, "session_id": "hunter2" }).to_string();
            let error = serde_json::from_str::<StoredSession>(&text).unwrap_err().to_string();
            assert!(error.contains(message) && !error.contains("hunter2"), "{error}");
        }
        for text in ["{}", "\"hunter2\"", "[\"hunter2\"]", "{\"version\": 1, \"session_id\": [\"hunter2\"]}"] {
            let error = serde_json::from_str::<StoredSession>(text).unwrap_err().to_string();
            assert!(error.contains("incomplete or damaged") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_session_is_renewed_before_it_ends() {
        let stored = stored();
        for (now, days, expected) in [
            ("2026-06-01T00:00:00Z", 7, false),
            ("2026-06-23T00:00:00Z", 7, true),
            ("2026-06-29T23:55:01Z", 0, true),
            ("2027-01-01T00:00:00Z", -1, true),
        ] {
            assert_eq!(stored.ends_within(now.parse().unwrap(), TimeDelta::days(days)), expected, "{now}");
        }
    }

    #[test]
    fn debug_shows_no_account() {
        let shown = format!("{:?} {:?}", stored(), stored().accounts[0]);
        assert!(!shown.contains("hunter2") && !shown.contains("Aino") && !shown.contains("5e551011"), "{shown}");
    }
}
