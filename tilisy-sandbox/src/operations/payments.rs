//! `POST /payments`, `GET` and `DELETE /payments/{payment_id}`, `POST …/submit`, and `GET …/transactions/{transaction_id}`.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{psu_id_hash, start};
use crate::call::Call;
use crate::data::accounts::Account;
use crate::data::banks::Bank;
use crate::payments::life::{Decision, Life, Outcome, Reason, last_status};
use crate::payments::payment::{Booked, Payment, execution_day};
use crate::payments::webhook::Target;
use crate::payments::{offers, rules};
use crate::refusal::{Code, Refusal};
use crate::settlement::is_covered;
use crate::visit::Visit;

/// Creates a payment, which the PSU then has to authorise.
pub(crate) fn create(call: &Call<'_>) -> Result<Value, Refusal> {
    if !call.application.services.iter().any(|service| service == "PIS") || call.scenario.is(Code::AccessDenied) {
        return Err(Refusal::new(Code::AccessDenied, "the application has no access to payment initiation"));
    }
    let request = call.scenario.payment_request(rules::without_nulls(call.body.clone()));
    rules::check_shape(&request)?;
    let bank = start::bank(call, &request)?;
    start::redirect_url(call, &request)?;
    let webhook = webhook(call, &request)?;
    start::credentials(call, &bank, &request)?;
    let offers = offers::of(&bank);
    let record = call.scenario.payment_record(rules::record(&offers, &request)?.clone());
    rules::check(&request, &record, call.world.clock.now().date_naive())?;
    check_parties(call, &request)?;
    call.check_bank(&bank)?;
    let created = insert(call, bank, request, record, webhook)?;
    Ok(created.created(&call.world.url, created.life.created))
}

/// Returns a payment as it is.
pub(crate) fn show(call: &Call<'_>) -> Result<Value, Refusal> {
    let payment = accessible(call)?;
    Ok(payment.shown(call.world.clock.now()))
}

/// Forgets a payment that is final.
pub(crate) fn delete(call: &Call<'_>) -> Result<Value, Refusal> {
    if let Some(id) = dropped(call)? {
        call.world.memory().payments.remove(id);
        return Ok(json!({ "message": "OK" }));
    }
    let payment = payment(call)?;
    let step = payment.life.at(call.world.clock.now());
    if !step.is_final {
        let message = format!("the payment is {}, which is not final", step.status.wire());
        return Err(Refusal::new(Code::PaymentNotFinalized, message));
    }
    call.world.memory().payments.remove(payment.id);
    call.world.webhooks.changed.send_replace(());
    Ok(json!({ "message": "OK" }))
}

/// Has a deferred payment executed, once.
pub(crate) fn submit(call: &Call<'_>) -> Result<Value, Refusal> {
    let payment = accessible(call)?;
    let now = call.world.clock.now();
    if !payment.can_be_deferred() {
        let message = "this payment type of the bank has no deferred submission";
        return Err(Refusal::new(Code::PaymentSubmissionNotSupported, message));
    }
    if !payment.life.is_deferred {
        let message = "the payment was created without `defer_submission`";
        return Err(Refusal::new(Code::PaymentSubmissionNotDeferred, message));
    }
    let is_authorised = matches!(payment.life.decided, Some((_, Decision::Authorised)));
    if payment.life.is_open(now) {
        return Err(Refusal::new(Code::PaymentNotAuthorized, "the PSU has not authorised the payment yet"));
    }
    if !is_authorised || payment.life.submitted.is_some() {
        let why = if is_authorised { "has been submitted already" } else { "is over" };
        return Err(Refusal::new(Code::InvalidPayment, format!("the payment {why}")));
    }
    call.check_bank(&payment.bank)?;
    let submitted = {
        let mut memory = call.world.memory();
        // Between the two looks, another request may have submitted it.
        let own = memory.payments.get(payment.id).filter(|own| own.life.submitted.is_none()).cloned();
        let gone = || Refusal::new(Code::InvalidPayment, "the payment has been submitted already");
        let mut own = own.ok_or_else(gone)?;
        // Other payments may have taken the money since the authorisation.
        let has_money = |debtor: &Arc<Account>| is_covered(call.world, &memory, &own, debtor);
        if !own.debtor.as_ref().is_none_or(has_money) {
            own.life.reject(Reason::INSUFFICIENT_FUNDS);
        }
        own.life.submitted = Some(now);
        memory.payments.put(own.clone());
        own
    };
    call.world.webhooks.changed.send_replace(());
    Ok(submitted.status(now))
}

/// Returns one transfer of a payment.
pub(crate) fn transaction(call: &Call<'_>) -> Result<Value, Refusal> {
    let payment = accessible(call)?;
    let id = call.path.get(3).map(String::as_str).unwrap_or_default();
    let found =
        payment.transfer(id, call.world.clock.now()).filter(|_| !call.scenario.is(Code::TransactionDoesNotExist));
    found.ok_or_else(|| Refusal::new(Code::TransactionDoesNotExist, "the payment has no transfer with this id"))
}

/// Returns the payment that the path names.
fn payment(call: &Call<'_>) -> Result<Payment, Refusal> {
    let found = id(call).and_then(|id| call.world.memory().payments.get(id).cloned());
    let payment = found.ok_or_else(|| Refusal::new(Code::PaymentNotFound, "there is no payment with this id"))?;
    check_owner(call, payment.application)?;
    call.at(&payment.bank);
    Ok(call.scenario.payment(payment, call.world.clock.now()))
}

/// Returns the payment that the path names, if the bank still gives it out.
fn accessible(call: &Call<'_>) -> Result<Payment, Refusal> {
    let message = "the bank gives out payments of the last 90 days only";
    let inaccessible = || Refusal::new(Code::AspspPaymentNotAccessible, message);
    if dropped(call)?.is_some() {
        return Err(inaccessible());
    }
    let payment = payment(call)?;
    if payment.is_kept(call.world.clock.now()) { Ok(payment) } else { Err(inaccessible()) }
}

/// Returns the id in the path, if it is that of a payment that is no longer kept.
fn dropped(call: &Call<'_>) -> Result<Option<Uuid>, Refusal> {
    let Some(id) = id(call) else { return Ok(None) };
    let Some(application) = call.world.memory().payments.dropped(id) else { return Ok(None) };
    check_owner(call, application)?;
    Ok(Some(id))
}

fn id(call: &Call<'_>) -> Option<Uuid> {
    call.path.get(1).and_then(|id| id.parse().ok()).filter(|_| !call.scenario.is(Code::PaymentNotFound))
}

fn check_owner(call: &Call<'_>, application: Uuid) -> Result<(), Refusal> {
    if application == call.application.id {
        return Ok(());
    }
    Err(Refusal::token("the payment belongs to another application"))
}

fn text<'v>(request: &'v Value, pointer: &str) -> &'v str {
    request.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn webhook(call: &Call<'_>, request: &Value) -> Result<Option<Target>, Refusal> {
    let Some(url) = request.get("webhook_url").and_then(Value::as_str) else { return Ok(None) };
    let target = Target::parse(url);
    let allowed = target.filter(|target| call.world.webhooks.origins.iter().any(|own| own.has_origin_of(target)));
    let message = "the origin of `webhook_url` is not allowed for the application";
    allowed.map(Some).ok_or_else(|| Refusal::new(Code::WebhookUriNotAllowed, message))
}

/// Checks payer and receivers, where the application is limited to accounts that are linked to it.
fn check_parties(call: &Call<'_>, request: &Value) -> Result<(), Refusal> {
    let untrusted = || Refusal::new(Code::UntrustedPaymentParty, "an account is not linked to the application");
    if call.scenario.is(Code::UntrustedPaymentParty) {
        return Err(untrusted());
    }
    let Some(linked) = &call.application.linked else { return Ok(()) };
    let payment = request.get("payment_request").unwrap_or(&Value::Null);
    let creditors = rules::transfers(payment).iter().map(|transfer| transfer.pointer("/beneficiary/creditor_account"));
    let accounts = creditors.chain([payment.get("debtor_account")]).flatten();
    let banks = call.world.banks();
    let is_linked = |account: &Value| {
        let identification = text(account, "/identification");
        banks.iter().filter_map(|bank| bank.account(identification)).any(|account| linked.contains(account.hash()))
    };
    if accounts.into_iter().all(is_linked) { Ok(()) } else { Err(untrusted()) }
}

fn insert(
    call: &Call<'_>,
    bank: Arc<Bank>,
    request: Value,
    record: Value,
    webhook: Option<Target>,
) -> Result<Payment, Refusal> {
    let life = life(call, &request, &record);
    let is_followed = webhook.is_some();
    let mut memory = call.world.memory();
    let id = call.world.next_id(&mut memory);
    let no_token = || Refusal::uncoded(500, "the system has no random numbers for a form");
    let token = call.world.form_token(&mut memory).ok_or_else(no_token)?;
    let payment = Payment {
        id,
        application: call.application.id,
        bank,
        psu_id_hash: psu_id_hash(call, request.get("psu_id").and_then(Value::as_str), id),
        request,
        record,
        webhook,
        life,
        visit: Visit::new(token),
        debtor: None,
        booked: Booked::default(),
        is_followed,
    };
    memory.payments.put(payment.clone());
    drop(memory);
    if payment.webhook.is_some() {
        call.world.webhooks.follow(id);
    }
    Ok(payment)
}

/// Returns the life of a new payment, with the end that the quirks of the request and the bank choose.
fn life(call: &Call<'_>, request: &Value, record: &Value) -> Life {
    let odd = call.oddities();
    let outcome = match (odd.rejects_payments, odd.pays_in_part, odd.never_settles) {
        (true, ..) => Outcome::Rejected(Reason::CLOSED_ACCOUNT),
        (_, true, _) => Outcome::Partial,
        (_, _, true) => Outcome::NeverFinal,
        _ => Outcome::Good,
    };
    let resource = request.get("payment_request").unwrap_or(&Value::Null);
    Life {
        created: call.world.clock.now(),
        decided: None,
        submitted: None,
        is_deferred: request.get("defer_submission") == Some(&Value::Bool(true)),
        day: execution_day(resource),
        outcome,
        transfers: rules::transfers(resource).len(),
        last: last_status(record),
    }
}
