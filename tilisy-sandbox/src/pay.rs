//! The bank's side of a payment: pages of plain HTML, on which the PSU logs in and approves or denies it.

mod page;

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, Response};
use uuid::Uuid;

use self::page::{View, page};
use crate::body::bytes;
use crate::consent::Unable;
use crate::data::accounts::Account;
use crate::data::users::User;
use crate::page::{Complaint, back, guarded, location, message};
use crate::payments::life::{Decision, Outcome, Reason};
use crate::payments::payment::Payment;
use crate::service::Service;
use crate::settlement::{is_covered, settle};
use crate::state::{Memory, World};

/// The number of wrong one-time passwords after which the payment is refused.
const TRIES: u32 = 3;

/// `GET /pay/{payment_id}`: the step at which the PSU is.
pub(crate) async fn show(State(service): State<Arc<Service>>, Path(id): Path<String>) -> Response {
    let world = &service.world;
    settle(world);
    let mut memory = world.memory();
    let Some(payment) = open(world, &memory, &id) else { return gone() };
    if world.approves {
        return approve_for_first(world, &mut memory, &payment);
    }
    let credentials = payment.request.get("credentials").and_then(serde_json::Value::as_object);
    if let Some(credentials) = credentials.filter(|_| payment.visit.user.is_none() && !payment.visit.is_tried) {
        let fields = credentials.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        return login(world, &mut memory, &payment, &fields.collect::<Vec<_>>());
    }
    shown(&memory, &payment, None, "")
}

/// `POST /pay/{payment_id}`: a form that the PSU has filled in.
pub(crate) async fn submit(State(service): State<Arc<Service>>, Path(id): Path<String>, request: Request) -> Response {
    let world = &service.world;
    let Ok(body) = bytes(request.into_body()).await else {
        let page = message("That was too much", "The form is larger than it can be.");
        return guarded(StatusCode::UNPROCESSABLE_ENTITY, Html(page));
    };
    settle(world);
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let mut memory = world.memory();
    let Some(payment) = open(world, &memory, &id) else { return gone() };
    if field(&fields, &["token"]) != Some(payment.visit.token.as_str()) {
        let text = "The form did not come from this page. Go back, load it again, and try once more.";
        return guarded(StatusCode::FORBIDDEN, Html(message("This form is not ours", text)));
    }
    match field(&fields, &["action"]) {
        Some("cancel") => end(world, &mut memory, &payment, Decision::Cancelled),
        Some("deny") => end(world, &mut memory, &payment, Decision::Denied),
        Some("login") => onward(&payment, login(world, &mut memory, &payment, &fields)),
        Some("otp") => {
            let otp = field(&fields, &["otp"]).unwrap_or_default();
            onward(&payment, check_otp(world, &mut memory, &payment, otp))
        }
        Some("approve") => approve_one(world, &mut memory, &payment, &fields),
        _ => shown(&memory, &payment, Some(Complaint::Form("Choose one of the buttons.")), ""),
    }
}

/// Approves the payment of a link, and returns the address to which the PSU is sent back.
pub(crate) fn agreed(world: &World, link: &str) -> Option<String> {
    settle(world);
    let mut memory = world.memory();
    let payment = open(world, &memory, link.rsplit('/').next()?)?;
    location(&approve_for_first(world, &mut memory, &payment))
}

/// Approves the payment of a link as a user of the bank, from one of these accounts or from any, and returns the address to
/// which the PSU is sent back.
pub(crate) fn agreed_as(world: &World, link: &str, user: &str, hashes: Option<&[String]>) -> Result<String, Unable> {
    settle(world);
    let mut memory = world.memory();
    let payment = link.rsplit('/').next().and_then(|id| open(world, &memory, id)).ok_or(Unable::Link)?;
    let user = payment.bank.user(user).filter(|user| user.psu_type == payment.text("psu_type")).ok_or(Unable::User)?;
    let is_chosen =
        |account: &Arc<Account>| hashes.is_none_or(|hashes| hashes.iter().any(|hash| hash == account.hash()));
    let account = payment.payers(&user).into_iter().find(is_chosen).ok_or(Unable::Account)?;
    location(&approve(world, &mut memory, &payment, Some(account))).ok_or(Unable::Link)
}

/// Denies the payment of a link, and returns the address to which the PSU is sent back.
pub(crate) fn denied(world: &World, link: &str) -> Option<String> {
    let mut memory = world.memory();
    let payment = open(world, &memory, link.rsplit('/').next()?)?;
    location(&end(world, &mut memory, &payment, Decision::Denied))
}

/// Returns the payment if it can still be authorised.
fn open(world: &World, memory: &Memory, id: &str) -> Option<Payment> {
    let payment = memory.payments.get(&id.parse::<Uuid>().ok()?)?;
    payment.life.is_open(world.clock.now()).then(|| payment.clone())
}

fn gone() -> Response {
    let text = "The payment is over, or never existed. Start again from the application that sent you here.";
    guarded(StatusCode::NOT_FOUND, Html(message("There is no payment to approve here", text)))
}

fn field<'f>(fields: &'f [(String, String)], names: &[&str]) -> Option<&'f str> {
    fields.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value.as_str())
}

fn shown(memory: &Memory, payment: &Payment, complaint: Option<Complaint>, typed: &str) -> Response {
    let application = memory.applications.get(&payment.application).map(|application| application.name.as_str());
    let application = application.unwrap_or("The application");
    let status = if complaint.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    guarded(status, Html(page(&View { payment, application, typed, complaint })))
}

/// Has the browser ask for the page that a form leads to, so that it can load that page again without the form. Pages
/// with a complaint are sent as they are.
fn onward(payment: &Payment, page: Response) -> Response {
    if page.status() != StatusCode::OK {
        return page;
    }
    guarded(StatusCode::SEE_OTHER, [(header::LOCATION, format!("/pay/{}", payment.id))])
}

fn login(world: &World, memory: &mut Memory, payment: &Payment, fields: &[(String, String)]) -> Response {
    let name = field(fields, &["username", "userId"]).unwrap_or_default().trim();
    let password = field(fields, &["password"]).unwrap_or_default().trim();
    let user = payment.bank.user(name);
    let user = user.filter(|user| user.password == password && user.psu_type == payment.text("psu_type"));
    let is_right = user.is_some();
    let payment = change(world, memory, payment, |payment| {
        payment.visit.is_tried = true;
        if let Some(user) = user {
            // Another user may have logged in before, on a page that was open twice.
            payment.visit.user = Some(user);
            payment.visit.is_known = false;
        }
    });
    if is_right {
        return shown(memory, &payment, None, "");
    }
    let complaint = Complaint::Fields("No user of this bank has this name and this password.");
    shown(memory, &payment, Some(complaint), name)
}

fn check_otp(world: &World, memory: &mut Memory, payment: &Payment, otp: &str) -> Response {
    let is_right = payment.visit.user.as_ref().is_some_and(|user| user.otp == otp.trim());
    let payment = change(world, memory, payment, |payment| match is_right {
        true => payment.visit.is_known = true,
        false => payment.visit.failures += 1,
    });
    if is_right {
        return shown(memory, &payment, None, "");
    }
    if payment.visit.failures >= TRIES {
        return end(world, memory, &payment, Decision::NotAuthenticated);
    }
    let complaint = Complaint::Fields("The one-time password is another one.");
    shown(memory, &payment, Some(complaint), "")
}

fn approve_one(world: &World, memory: &mut Memory, payment: &Payment, fields: &[(String, String)]) -> Response {
    let Some(user) = payment.visit.user.as_ref().filter(|_| payment.visit.is_known) else {
        return shown(memory, payment, Some(Complaint::Form("Log in first.")), "");
    };
    let chosen = field(fields, &["account"]);
    let account = payment.payers(user).into_iter().find(|account| Some(account.hash()) == chosen);
    match account {
        Some(account) => approve(world, memory, payment, Some(account)),
        None => shown(memory, payment, Some(Complaint::Fields("Choose one of your accounts, or deny.")), ""),
    }
}

/// Approves for the owner of the debtor's account, or else for the first user who has an account to pay from.
fn approve_for_first(world: &World, memory: &mut Memory, payment: &Payment) -> Response {
    let is_served = |user: &Arc<User>| user.psu_type == payment.text("psu_type");
    let users = payment.bank.users();
    let account = users.iter().filter(|user| is_served(user)).find_map(|user| payment.payers(user).into_iter().next());
    approve(world, memory, payment, account)
}

/// Authorises the payment. Without an account, the bank rejects it afterwards, as it does without enough money.
fn approve(world: &World, memory: &mut Memory, payment: &Payment, account: Option<Arc<Account>>) -> Response {
    let reason = match &account {
        None => Some(Reason::UNKNOWN_ACCOUNT),
        Some(account) if !is_covered(world, memory, payment, account) => Some(Reason::INSUFFICIENT_FUNDS),
        Some(_) => None,
    };
    let payment = change(world, memory, payment, |payment| {
        if let Some(reason) = reason {
            payment.life.outcome = Outcome::Rejected(reason);
        }
        payment.debtor = account;
        payment.decide(world.clock.now(), Decision::Authorised);
    });
    back(payment.text("redirect_url"), &[], payment.text("state")).unwrap_or_else(gone)
}

fn end(world: &World, memory: &mut Memory, payment: &Payment, decision: Decision) -> Response {
    let payment = change(world, memory, payment, |payment| payment.decide(world.clock.now(), decision));
    let why = match decision {
        Decision::Cancelled => "Cancelled by user",
        Decision::NotAuthenticated => "Wrong one-time password",
        Decision::Denied | Decision::Authorised => "Denied payment",
    };
    let parameters = [("error", "access_denied"), ("error_description", why)];
    back(payment.text("redirect_url"), &parameters, payment.text("state")).unwrap_or_else(gone)
}

fn change(world: &World, memory: &mut Memory, payment: &Payment, work: impl FnOnce(&mut Payment)) -> Payment {
    let Some(own) = memory.payments.get_mut(&payment.id) else { return payment.clone() };
    work(own);
    world.webhooks.changed.send_replace(());
    own.clone()
}
