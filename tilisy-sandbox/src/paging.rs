//! Continuation keys: opaque, and valid for one session, one account and one set of parameters.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::data::statement::Filter;
use crate::refusal::{Code, Refusal};
use crate::state::{Session, World};

/// The place at which the next page starts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Position {
    /// The place of its first transaction.
    pub(crate) next: u64,
    /// Set if the page before it was empty.
    pub(crate) paused: bool,
    /// The day of the first page: transactions of later days do not move the others.
    pub(crate) today: NaiveDate,
    /// The number of added transactions at the first page, for the same reason.
    pub(crate) entries: usize,
}

/// The request that a key belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) session: &'a Session,
    pub(crate) account: Uuid,
    pub(crate) filter: Filter<'a>,
    pub(crate) strategy: &'a str,
}

impl Position {
    /// Returns the key for this place. Like those of the service, it has characters that must be encoded in a query.
    pub(crate) fn write(self, world: &World, asked: &Asked<'_>) -> String {
        let content = STANDARD.encode(self.content(asked).to_string());
        let seal = seal(world, &content);
        format!("{content}.{seal}")
    }

    fn content(self, asked: &Asked<'_>) -> Value {
        json!({
            "sessionId": asked.session.id,
            "accountId": asked.account,
            "dateFrom": asked.filter.from,
            "dateTo": asked.filter.to,
            "transactionStatus": asked.filter.status,
            "strategy": asked.strategy,
            "next": self.next,
            "paused": self.paused,
            "today": self.today,
            "entries": self.entries,
        })
    }

    /// Reads a key; refuses one of another session, another account or other parameters.
    pub(crate) fn read(key: &str, world: &World, asked: &Asked<'_>) -> Result<Self, Refusal> {
        let unknown =
            || Refusal::new(Code::WrongContinuationKey, "`continuation_key` is not one that this service has issued");
        let (content, sealed) = key.split_once('.').ok_or_else(unknown)?;
        if seal(world, content) != sealed {
            return Err(unknown());
        }
        let value: Value =
            serde_json::from_slice(&STANDARD.decode(content).map_err(|_| unknown())?).map_err(|_| unknown())?;
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        let position = Self {
            next: number("next").ok_or_else(unknown)?,
            paused: value.get("paused") == Some(&Value::Bool(true)),
            today: value.get("today").and_then(Value::as_str).and_then(|day| day.parse().ok()).ok_or_else(unknown)?,
            entries: number("entries").and_then(|count| usize::try_from(count).ok()).ok_or_else(unknown)?,
        };
        let expected = position.content(asked);
        let differs = ["sessionId", "accountId", "dateFrom", "dateTo", "transactionStatus", "strategy"]
            .into_iter()
            .find(|name| value.get(name) != expected.get(name));
        let Some(name) = differs else { return Ok(position) };
        let code = match name {
            "sessionId" | "accountId" => Code::WrongContinuationKey,
            _ => Code::WrongRequestParameters,
        };
        Err(Refusal::new(code, format!("{name} in request is not the same as in continuationKey")))
    }
}

fn seal(world: &World, content: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &world.seed.to_be_bytes());
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, content.as_bytes()))
}
