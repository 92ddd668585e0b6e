//! Continuation keys: opaque, and good for one session, one account and one set of parameters.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::data::transactions::Filter;
use crate::refusal::Refusal;
use crate::state::{Session, World};

/// Where the next page begins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Position {
    /// The number of its first row.
    pub(crate) next: u64,
    /// Whether the page before it was empty.
    pub(crate) paused: bool,
}

impl Position {
    /// The key for this place. Like those of the service, it has signs that must be encoded in a query.
    pub(crate) fn write(self, world: &World, session: &Session, account: Option<Uuid>, filter: &Filter<'_>) -> String {
        let content = STANDARD.encode(self.content(session, account, filter).to_string());
        let seal = seal(world, &content);
        format!("{content}.{seal}")
    }

    fn content(self, session: &Session, account: Option<Uuid>, filter: &Filter<'_>) -> Value {
        json!({
            "sessionId": session.id,
            "accountId": account,
            "dateFrom": filter.from,
            "dateTo": filter.to,
            "transactionStatus": filter.status,
            "next": self.next,
            "paused": self.paused,
        })
    }

    /// Reads a key; refuses one of another session, another account or other parameters.
    pub(crate) fn read(
        key: &str,
        world: &World,
        session: &Session,
        account: Option<Uuid>,
        filter: &Filter<'_>,
    ) -> Result<Self, Refusal> {
        let unknown = || Refusal::parameters("`continuation_key` is none that this service has given");
        let (content, sealed) = key.split_once('.').ok_or_else(unknown)?;
        if seal(world, content) != sealed {
            return Err(unknown());
        }
        let value: Value =
            serde_json::from_slice(&STANDARD.decode(content).map_err(|_| unknown())?).map_err(|_| unknown())?;
        let next = value.get("next").and_then(Value::as_u64).ok_or_else(unknown)?;
        let position = Self { next, paused: value.get("paused") == Some(&Value::Bool(true)) };
        let expected = position.content(session, account, filter);
        let differs = ["sessionId", "accountId", "dateFrom", "dateTo", "transactionStatus"]
            .into_iter()
            .find(|name| value.get(name) != expected.get(name));
        match differs {
            Some(name) => Err(Refusal::parameters(format!("{name} in request is not the same as in continuationKey"))),
            None => Ok(position),
        }
    }
}

fn seal(world: &World, content: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &world.seed.to_be_bytes());
    URL_SAFE_NO_PAD.encode(hmac::sign(&key, content.as_bytes()))
}
