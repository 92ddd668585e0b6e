//! A payment, and the form in which the API returns it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::life::{Decision, Life, Outcome, Step};
use super::rules;
use super::webhook::Target;
use crate::data::accounts::Account;
use crate::data::banks::Bank;
use crate::data::users::User;
use crate::random::uuid;
use crate::visit::Visit;

/// The time after which a bank no longer gives out a payment.
const KEPT: TimeDelta = TimeDelta::days(90);

/// A payment, from its creation on.
#[derive(Clone)]
pub(crate) struct Payment {
    pub(crate) id: Uuid,
    pub(crate) application: Uuid,
    pub(crate) bank: Arc<Bank>,
    /// The request, without properties that are null.
    pub(crate) request: Value,
    /// The rules of the bank for this payment type (`ResponsePaymentType`).
    pub(crate) record: Value,
    pub(crate) psu_id_hash: String,
    pub(crate) webhook: Option<Target>,
    pub(crate) life: Life,
    pub(crate) visit: Visit,
    /// The account that pays, from the authorisation on.
    pub(crate) debtor: Option<Arc<Account>>,
    pub(crate) booked: Booked,
    /// True while its statuses are reported by webhooks; it is kept for them.
    pub(crate) is_followed: bool,
}

/// The transactions that the payment has caused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Booked {
    /// The numbers of the pending transactions on the debtor's account, one for each transfer.
    pub(crate) pending: Vec<usize>,
    /// True once all transactions are final.
    pub(crate) is_settled: bool,
}

impl fmt::Debug for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payment").field("id", &self.id).field("life", &self.life).finish_non_exhaustive()
    }
}

impl Payment {
    /// Returns a text of the request at its top level.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.request.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the `payment_request` of the request.
    pub(crate) fn resource(&self) -> &Value {
        self.request.get("payment_request").unwrap_or(&Value::Null)
    }

    pub(crate) fn transfers(&self) -> &[Value] {
        rules::transfers(self.resource())
    }

    /// Returns the identification of the debtor's account in the request.
    pub(crate) fn requested_debtor(&self) -> Option<&str> {
        self.resource().pointer("/debtor_account/identification").and_then(Value::as_str)
    }

    /// Returns whether the bank still gives out the payment.
    pub(crate) fn is_kept(&self, now: DateTime<Utc>) -> bool {
        now < self.kept_until()
    }

    /// Returns the time from which on the bank no longer gives out the payment.
    pub(crate) fn kept_until(&self) -> DateTime<Utc> {
        self.life.created + KEPT
    }

    /// Returns whether submission can be deferred for this payment type of the bank.
    pub(crate) fn can_be_deferred(&self) -> bool {
        self.record.get("deferred_submission_supported") == Some(&Value::Bool(true))
    }

    /// Returns whether the payment will take money from the account of the debtor, and has no transaction there yet.
    pub(crate) fn reserves_money(&self) -> bool {
        let is_waiting = self.life.is_deferred && self.life.submitted.is_none();
        let is_rejected = matches!(self.life.outcome, Outcome::Rejected(_));
        self.debtor.is_some()
            && self.booked.pending.is_empty()
            && !self.booked.is_settled
            && !is_waiting
            && !is_rejected
    }

    /// Ends the authorisation.
    pub(crate) fn decide(&mut self, now: DateTime<Utc>, decision: Decision) {
        self.life.decided = Some((now, decision));
    }

    /// Returns the accounts of a user from which the payment can be made.
    pub(crate) fn payers(&self, user: &User) -> Vec<Arc<Account>> {
        let schemes = self.record.get("debtor_account_schemas").and_then(Value::as_array);
        let has_scheme = |account: &Account| {
            let own = account.identifications();
            schemes.is_none_or(|schemes| own.iter().any(|id| schemes.iter().any(|scheme| id["scheme_name"] == *scheme)))
        };
        let wanted = self.requested_debtor();
        let fits = |account: &Arc<Account>| {
            account.cash_account_type == "CACC"
                && !account.is_blocked()
                && has_scheme(account)
                && wanted.is_none_or(|wanted| account.is_identified_by(wanted))
        };
        user.accounts().into_iter().filter(fits).collect()
    }

    /// Returns the payment as `POST /payments` does.
    pub(crate) fn created(&self, sandbox: &str, now: DateTime<Utc>) -> Value {
        json!({
            "payment_id": self.id,
            "status": self.life.at(now).status.wire(),
            "url": format!("{sandbox}/pay/{}", self.id),
            "psu_id_hash": self.psu_id_hash,
        })
    }

    /// Returns the payment as `GET /payments/{payment_id}` does.
    pub(crate) fn shown(&self, now: DateTime<Utc>) -> Value {
        let mut shown = self.status(now);
        shown["payment_type"] = json!(self.text("payment_type"));
        shown["aspsp"] = json!({ "name": self.bank.profile.name, "country": self.bank.profile.country });
        shown["psu_id_hash"] = json!(self.psu_id_hash);
        shown["payment_details"] = self.details(now);
        shown
    }

    /// Returns the payment as `POST /payments/{payment_id}/submit` does.
    pub(crate) fn status(&self, now: DateTime<Utc>) -> Value {
        let Step { status, is_final, reason, .. } = self.life.at(now);
        let mut shown = json!({ "payment_id": self.id, "status": status.wire(), "final_status": is_final });
        if let Some(reason) = reason {
            shown["status_reason_information"] = reason.wire();
        }
        shown
    }

    /// Returns a transfer as `GET /payments/{payment_id}/transactions/{transaction_id}` does.
    pub(crate) fn transfer(&self, id: &str, now: DateTime<Utc>) -> Option<Value> {
        let nth = (0..self.transfers().len()).find(|nth| self.transfer_id(*nth) == id)?;
        Some(json!({ "payment_id": self.id, "transaction_details": self.transfer_details(nth, now) }))
    }

    fn transfer_id(&self, nth: usize) -> String {
        let (high, low) = self.id.as_u64_pair();
        uuid(&[high, low, nth as u64]).to_string()
    }

    fn transfer_details(&self, nth: usize, now: DateTime<Utc>) -> Value {
        let mut details = self.transfers().get(nth).cloned().unwrap_or_else(|| json!({}));
        details["transaction_id"] = json!(self.transfer_id(nth));
        details["transaction_status"] = json!(self.life.transfer(nth, now).wire());
        details
    }

    /// Returns the payment with what the bank has added: once it is authorised, the bank names the debtor.
    fn details(&self, now: DateTime<Utc>) -> Value {
        let mut details = self.resource().as_object().cloned().unwrap_or_default();
        let transfers = (0..self.transfers().len()).map(|nth| self.transfer_details(nth, now));
        details.insert("credit_transfer_transaction".to_owned(), transfers.collect());
        add(&mut details, "charge_bearer", || self.record.pointer("/charge_bearer_values/0").cloned());
        if let Some(account) = &self.debtor {
            add(&mut details, "debtor", || Some(json!({ "name": account.owner.holder })));
            add(&mut details, "debtor_account", || account.identifications().into_iter().next());
            if details.get("debtor_currency").is_none_or(|currency| currency == "XXX") {
                details.insert("debtor_currency".to_owned(), json!(account.currency));
            }
        }
        Value::Object(details)
    }
}

fn add(details: &mut Map<String, Value>, key: &str, value: impl FnOnce() -> Option<Value>) {
    if !details.contains_key(key)
        && let Some(value) = value()
    {
        details.insert(key.to_owned(), value);
    }
}

/// Returns the latest day of execution that a request asks for.
pub(crate) fn execution_day(payment: &Value) -> Option<NaiveDate> {
    let days = rules::transfers(payment).iter().filter_map(|transfer| transfer.get("requested_execution_date"));
    days.filter_map(Value::as_str).filter_map(|day| day.parse().ok()).max()
}
