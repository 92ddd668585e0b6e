//! Scenarios: a header puts a request into a state, which the ordinary code then answers.

use axum::http::HeaderMap;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::payments::life::{Decision, Outcome};
use crate::payments::payment::Payment;
use crate::refusal::{Code, Refusal};
use crate::state::{Session, Status};

/// The header that names a scenario.
pub(crate) const HEADER: &str = "x-sandbox-scenario";

/// The state that a request meets, if it is not the ordinary one.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Scenario {
    code: Option<Code>,
    /// Set if a page comes with the key that asked for it.
    pub(crate) repeats_key: bool,
}

impl Scenario {
    /// Reads the header, or returns `default` without it.
    pub(crate) fn read(headers: &HeaderMap, default: Self) -> Result<Self, Refusal> {
        let Some(value) = headers.get(HEADER) else { return Ok(default) };
        Self::named(value.to_str().unwrap_or_default().trim())
            .ok_or_else(|| Refusal::parameters("`X-Sandbox-Scenario` names an error code, or REPEATED_KEY"))
    }

    /// Returns the scenario with a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name == "REPEATED_KEY" {
            return Some(Self { code: None, repeats_key: true });
        }
        let code = Code::ALL.iter().copied().find(|code| code.wire() == name)?;
        Some(Self { code: Some(code), repeats_key: false })
    }

    /// Returns the name, if it is not the ordinary one.
    pub(crate) fn name(self) -> Option<&'static str> {
        if self.repeats_key { Some("REPEATED_KEY") } else { self.code.map(Code::wire) }
    }

    /// Returns whether the state is the one that this code is about.
    pub(crate) fn is(self, code: Code) -> bool {
        self.code == Some(code)
    }

    /// Returns the time by which the clock is ahead.
    pub(crate) fn ahead(self) -> TimeDelta {
        match self.code {
            Some(Code::ExpiredSession | Code::ExpiredAuthorizationCode) => TimeDelta::days(3650),
            _ => TimeDelta::zero(),
        }
    }

    /// Returns whether the request is treated as one without a token, or with one that cannot be read.
    pub(crate) fn spoils_token(self) -> Option<Option<&'static str>> {
        match self.code? {
            Code::UnauthorizedAccess => Some(Some("Bearer unreadable")),
            Code::AuthorizationNotProvided => Some(None),
            _ => None,
        }
    }

    /// Returns the PSU headers that the bank requires.
    pub(crate) fn psu_headers(self, own: &'static [&'static str]) -> &'static [&'static str] {
        // One that no client sends.
        if self.is(Code::PsuHeaderNotProvided) { &["Psu-Sandbox-Scenario"] } else { own }
    }

    /// Returns the number of days for which the bank lists transactions.
    pub(crate) fn history(self, own: Option<i64>) -> Option<i64> {
        // Not even those of tomorrow.
        if self.is(Code::WrongTransactionsPeriod) { Some(i64::MIN) } else { own }
    }

    /// Changes the query of a request so that it is refused.
    pub(crate) fn query(self, query: &mut Vec<(String, String)>) {
        let days: &[(&str, &str)] = match self.code {
            Some(Code::DateToWithoutDateFrom) => &[("date_to", "2020-01-01")],
            Some(Code::WrongDateInterval) => &[("date_from", "2020-01-02"), ("date_to", "2020-01-01")],
            Some(Code::WrongTransactionsPeriod) => &[("date_from", "2020-01-01")],
            Some(Code::DateFromInFuture) => &[("date_from", "2999-01-01")],
            Some(Code::WrongContinuationKey) => &[("continuation_key", "unknown")],
            Some(Code::WrongRequestParameters) => {
                &[("continuation_key", "unknown"), ("psu_type", "none"), ("transaction_status", "none")]
            }
            _ => return,
        };
        // The strategy `longest` would accept most periods.
        let is_kept = |name: &str| {
            !days.iter().any(|(other, _)| *other == name) && !name.starts_with("date_") && name != "strategy"
        };
        query.retain(|(name, _)| is_kept(name));
        query.extend(days.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    }

    /// Returns the body of a request, or null if it is to be refused.
    pub(crate) fn body(self, body: Value) -> Value {
        if self.is(Code::WrongRequestParameters) { Value::Null } else { body }
    }

    /// Returns a session as it is in this scenario.
    pub(crate) fn session(self, mut session: Session) -> Session {
        match self.code {
            Some(Code::WrongSessionStatus) => session.status = Status::Invalid,
            Some(Code::ClosedSession) => session.status = Status::Closed,
            Some(Code::RevokedSession) => session.status = Status::Revoked,
            _ => {}
        }
        session
    }

    /// Returns a request to create a payment, changed so that it is refused.
    pub(crate) fn payment_request(self, mut request: Value) -> Value {
        if let Value::Object(entries) = &mut request {
            let change = match self.code {
                Some(Code::WebhookUriNotAllowed) => Some(("webhook_url", json!("https://stranger.example/"))),
                Some(Code::PaymentSubmissionNotSupported) => Some(("defer_submission", json!(true))),
                _ => None,
            };
            entries.extend(change.map(|(name, value)| (name.to_owned(), value)));
        }
        request
    }

    /// Returns the rules of a bank for a payment type in this scenario.
    pub(crate) fn payment_record(self, mut record: Value) -> Value {
        if let Value::Object(entries) = &mut record {
            let change = match self.code {
                Some(Code::PaymentLimitExceeded) => Some(("max_transactions", json!(0))),
                Some(Code::PaymentSubmissionNotSupported) => Some(("deferred_submission_supported", json!(false))),
                _ => None,
            };
            entries.extend(change.map(|(name, value)| (name.to_owned(), value)));
        }
        record
    }

    /// Returns a payment as it is in this scenario.
    pub(crate) fn payment(self, mut payment: Payment, now: DateTime<Utc>) -> Payment {
        payment.record = self.payment_record(payment.record);
        let life = &mut payment.life;
        match self.code {
            Some(Code::PaymentNotFinalized) => {
                (life.decided, life.outcome) = (Some((now, Decision::Authorised)), Outcome::NeverFinal);
            }
            Some(Code::PaymentNotAuthorized) => (life.created, life.decided, life.is_deferred) = (now, None, true),
            Some(Code::PaymentSubmissionNotDeferred) => life.is_deferred = false,
            Some(Code::InvalidPayment) => {
                (life.decided, life.is_deferred) = (Some((now, Decision::Denied)), true);
            }
            Some(Code::AspspPaymentNotAccessible) => life.created -= TimeDelta::days(3650),
            _ => {}
        }
        payment
    }
}
