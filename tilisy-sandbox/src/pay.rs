//! The bank's side of a payment: pages of plain HTML, on which the PSU logs in and approves or denies it.

mod page;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, Response};
use serde_json::Value;
use uuid::Uuid;

use self::page::{View, page};
use crate::consent::Unable;
use crate::data::accounts::Account;
use crate::data::users::User;
use crate::page::{Complaint, back, guarded, location, message, onward, shown};
use crate::path::{Segments, page_of};
use crate::payments::life::{Decision, Reason};
use crate::payments::payment::Payment;
use crate::service::Service;
use crate::settlement::{is_covered, settle};
use crate::state::{Memory, World};
use crate::visit::Sent;

/// The number of wrong one-time passwords after which the payment is refused.
const TRIES: u32 = 3;

/// `GET /pay/{payment_id}`: the step at which the PSU is.
pub(crate) async fn show(State(service): State<Arc<Service>>, segments: Segments) -> Response {
    let world = &service.world;
    settle(world);
    let mut memory = world.memory();
    let Some(mut payment) = open(world, &memory, segments.get(1)) else { return gone() };
    if world.approves {
        return approve_for_first(world, &mut memory, payment);
    }
    let credentials = payment.request.get("credentials").and_then(Value::as_object);
    if let Some(credentials) = credentials.filter(|given| !given.is_empty() && payment.visit.is_untried()) {
        let given = |name: &str| credentials.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (name, password) = (given("userId"), given("password"));
        let complaint = log_in(&mut payment, &name, &password).err();
        store(world, &mut memory, &payment);
        return view(&memory, &payment, complaint, &name);
    }
    view(&memory, &payment, None, "")
}

/// `POST /pay/{payment_id}`: a form that the PSU has filled in.
pub(crate) async fn submit(State(service): State<Arc<Service>>, segments: Segments, request: Request) -> Response {
    let world = &service.world;
    let sent = match Sent::read(request).await {
        Ok(sent) => sent,
        Err(page) => return page,
    };
    settle(world);
    let mut memory = world.memory();
    let Some(mut payment) = open(world, &memory, segments.get(1)) else { return gone() };
    if let Some(page) = sent.refused(&payment.visit) {
        return page;
    }
    let (name, password) = sent.login();
    let done = match sent.field("action") {
        Some("cancel") => return end(world, &mut memory, payment, Decision::Cancelled),
        Some("deny") => return end(world, &mut memory, payment, Decision::Denied),
        Some("approve") => return approve_one(world, &mut memory, payment, &sent),
        Some("login") => log_in(&mut payment, name, password),
        Some("otp") => payment.visit.confirm(sent.field("otp").unwrap_or_default()),
        _ => Err(Complaint::Form("Choose one of the buttons.")),
    };
    if payment.visit.failures() >= TRIES {
        return end(world, &mut memory, payment, Decision::NotAuthenticated);
    }
    store(world, &mut memory, &payment);
    match done {
        Ok(()) => onward(&format!("/pay/{}", payment.id)),
        Err(complaint) => view(&memory, &payment, Some(complaint), name.trim()),
    }
}

/// Approves the payment of a link, and returns the address to which the PSU is sent back.
pub(crate) fn agreed(world: &World, link: &str) -> Option<String> {
    settle(world);
    let mut memory = world.memory();
    let payment = open(world, &memory, page_of(link)?)?;
    location(&approve_for_first(world, &mut memory, payment))
}

/// Approves the payment of a link as a user of the bank, from one of these accounts or from any, and returns the address to
/// which the PSU is sent back.
pub(crate) fn agreed_as(world: &World, link: &str, user: &str, hashes: Option<&[String]>) -> Result<String, Unable> {
    settle(world);
    let mut memory = world.memory();
    let payment = page_of(link).and_then(|id| open(world, &memory, id)).ok_or(Unable::Link)?;
    let user = payment.bank.user(user).filter(|user| user.psu_type == payment.text("psu_type")).ok_or(Unable::User)?;
    let is_chosen =
        |account: &Arc<Account>| hashes.is_none_or(|hashes| hashes.iter().any(|hash| hash == account.hash()));
    let account = payment.payers(&user).into_iter().find(is_chosen).ok_or(Unable::Account)?;
    location(&approve(world, &mut memory, payment, Some(account))).ok_or(Unable::Link)
}

/// Denies the payment of a link, and returns the address to which the PSU is sent back.
pub(crate) fn denied(world: &World, link: &str) -> Option<String> {
    let mut memory = world.memory();
    let payment = open(world, &memory, page_of(link)?)?;
    location(&end(world, &mut memory, payment, Decision::Denied))
}

/// Returns the payment if it can still be authorised.
fn open(world: &World, memory: &Memory, id: &str) -> Option<Payment> {
    let payment = memory.payments.get(id.parse::<Uuid>().ok()?)?;
    payment.life.is_open(world.clock.now()).then(|| payment.clone())
}

fn gone() -> Response {
    let text = "The payment is over, or never existed. Start again from the application that sent you here.";
    guarded(StatusCode::NOT_FOUND, Html(message("There is no payment to approve here", text)))
}

fn view(memory: &Memory, payment: &Payment, complaint: Option<Complaint>, typed: &str) -> Response {
    let application = memory.name_of(payment.application);
    shown(page(&View { payment, application, typed, complaint }), complaint)
}

fn log_in(payment: &mut Payment, name: &str, password: &str) -> Result<(), Complaint> {
    let psu_type = payment.text("psu_type").to_owned();
    payment.visit.log_in(&payment.bank, &psu_type, name, password)
}

fn approve_one(world: &World, memory: &mut Memory, payment: Payment, sent: &Sent) -> Response {
    let Some(user) = payment.visit.user() else {
        return view(memory, &payment, Some(Complaint::Form("Log in first.")), "");
    };
    let account = payment.payers(user).into_iter().find(|account| sent.field("account") == Some(account.hash()));
    match account {
        Some(account) => approve(world, memory, payment, Some(account)),
        None => view(memory, &payment, Some(Complaint::Fields("Choose one of your accounts, or deny.")), ""),
    }
}

/// Approves for the owner of the debtor's account, or else for the first user who has an account to pay from.
fn approve_for_first(world: &World, memory: &mut Memory, payment: Payment) -> Response {
    let is_served = |user: &Arc<User>| user.psu_type == payment.text("psu_type");
    let users = payment.bank.users();
    let account = users.iter().filter(|user| is_served(user)).find_map(|user| payment.payers(user).into_iter().next());
    approve(world, memory, payment, account)
}

/// Authorises the payment. Without an account, the bank rejects it afterwards, as it does without enough money.
fn approve(world: &World, memory: &mut Memory, mut payment: Payment, account: Option<Arc<Account>>) -> Response {
    let reason = match &account {
        None => Some(Reason::UNKNOWN_ACCOUNT),
        Some(account) if !is_covered(world, memory, &payment, account) => Some(Reason::INSUFFICIENT_FUNDS),
        Some(_) => None,
    };
    if let Some(reason) = reason {
        payment.life.reject(reason);
    }
    payment.debtor = account;
    payment.decide(world.clock.now(), Decision::Authorised);
    store(world, memory, &payment);
    back(payment.text("redirect_url"), &[], payment.text("state")).unwrap_or_else(gone)
}

fn end(world: &World, memory: &mut Memory, mut payment: Payment, decision: Decision) -> Response {
    payment.decide(world.clock.now(), decision);
    store(world, memory, &payment);
    let why = match decision {
        Decision::Cancelled => "Cancelled by user",
        Decision::NotAuthenticated => "Wrong one-time password",
        Decision::Denied | Decision::Authorised => "Denied payment",
    };
    let parameters = [("error", "access_denied"), ("error_description", why)];
    back(payment.text("redirect_url"), &parameters, payment.text("state")).unwrap_or_else(gone)
}

/// Stores a changed payment, whose memory was locked since it was read.
fn store(world: &World, memory: &mut Memory, payment: &Payment) {
    memory.payments.put(payment.clone());
    world.webhooks.changed.send_replace(());
}
