//! The bank's side of a consent: pages of plain HTML, which work without scripts.

mod page;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, Response};
use uuid::Uuid;

use self::page::{View, page};
use crate::data::accounts::Account;
use crate::data::users::User;
use crate::page::{Complaint, back as return_to, guarded, location, message, onward, shown};
use crate::path::{Segments, page_of};
use crate::service::Service;
use crate::state::{Memory, Session, Status, World};
use crate::visit::Sent;

/// `GET /consent/{session_id}`: the step at which the PSU is.
pub(crate) async fn show(State(service): State<Arc<Service>>, segments: Segments) -> Response {
    let world = &service.world;
    let mut memory = world.memory();
    let Some(mut session) = pending(&memory, segments.get(1)) else { return gone() };
    if world.approves {
        return approve_all(world, &mut memory, &session);
    }
    if session.autosubmit && session.visit.is_untried() && !session.credentials.is_empty() {
        let given = |name: &str| session.credentials.get(name).map(String::as_str).unwrap_or_default();
        let (name, password) = (given("userId").to_owned(), given("password").to_owned());
        let complaint = session.visit.log_in(&session.bank, session.psu_type, &name, &password).err();
        memory.sessions.insert(session.id, session.clone());
        return view(world, &memory, &session, complaint, &name);
    }
    view(world, &memory, &session, None, "")
}

/// `POST /consent/{session_id}`: a form that the PSU has filled in.
pub(crate) async fn submit(State(service): State<Arc<Service>>, segments: Segments, request: Request) -> Response {
    let world = &service.world;
    let sent = match Sent::read(request).await {
        Ok(sent) => sent,
        Err(page) => return page,
    };
    let mut memory = world.memory();
    let Some(mut session) = pending(&memory, segments.get(1)) else { return gone() };
    if let Some(page) = sent.refused(&session.visit) {
        return page;
    }
    let (name, password) = sent.login();
    let done = match sent.field("action") {
        Some("cancel") => return deny(&mut memory, session, Status::Cancelled, "Cancelled by user"),
        Some("deny") => return deny(&mut memory, session, Status::Invalid, "Denied data sharing consent"),
        Some("approve") => return approve_some(world, &mut memory, &session, &sent),
        Some("login") => session.visit.log_in(&session.bank, session.psu_type, name, password),
        Some("otp") => session.visit.confirm(sent.field("otp").unwrap_or_default()),
        _ => Err(Complaint::Form("Choose one of the buttons.")),
    };
    memory.sessions.insert(session.id, session.clone());
    match done {
        Ok(()) => onward(&format!("/consent/{}", link(world, &session))),
        Err(complaint) => view(world, &memory, &session, Some(complaint), name.trim()),
    }
}

/// Approves a consent to everything, and returns the address to which the PSU is sent back.
pub(crate) fn agreed(world: &World, link: &str) -> Option<String> {
    let mut memory = world.memory();
    let session = pending(&memory, page_of(link)?)?;
    location(&approve_all(world, &mut memory, &session))
}

/// Approves a consent as a user of the bank, for some accounts or for all, and returns the address that the PSU comes back
/// with.
pub(crate) fn agreed_as(world: &World, link: &str, user: &str, hashes: Option<&[String]>) -> Result<String, Unable> {
    let mut memory = world.memory();
    let session = page_of(link).and_then(|id| pending(&memory, id)).ok_or(Unable::Link)?;
    let user: Arc<User> =
        session.bank.user(user).filter(|user| user.psu_type == session.psu_type).ok_or(Unable::User)?;
    let mut accounts = world.accounts(&session, &user);
    if let Some(hashes) = hashes {
        let all = accounts.iter().map(|account| account.hash().to_owned()).collect::<Vec<_>>();
        if hashes.iter().any(|hash| !all.contains(hash)) {
            return Err(Unable::Account);
        }
        accounts.retain(|account| hashes.iter().any(|hash| hash == account.hash()));
    }
    location(&approved(world, &mut memory, &session, accounts)).ok_or(Unable::Link)
}

/// The reason why a consent cannot be given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unable {
    Link,
    User,
    Account,
}

/// Denies a consent, and returns the address to which the PSU is sent back.
pub(crate) fn denied(world: &World, link: &str) -> Option<String> {
    let mut memory = world.memory();
    let session = pending(&memory, page_of(link)?)?;
    location(&deny(&mut memory, session, Status::Invalid, "Denied data sharing consent"))
}

/// The session whose consent is still open.
fn pending(memory: &Memory, id: &str) -> Option<Session> {
    let id = id.parse::<Uuid>().ok()?;
    let mut sessions = memory.sessions.values();
    let session = sessions.find(|session| session.id == id || session.authorization == id)?;
    (session.status == Status::Pending).then(|| session.clone())
}

fn gone() -> Response {
    let text = "Either it is over, or it never was. Start again from the application that sent you here.";
    guarded(StatusCode::NOT_FOUND, Html(message("There is nothing to agree to here", text)))
}

/// Returns the id in the address of the pages.
fn link(world: &World, session: &Session) -> Uuid {
    if world.edition.is_current() { session.authorization } else { session.id }
}

fn view(world: &World, memory: &Memory, session: &Session, complaint: Option<Complaint>, typed: &str) -> Response {
    let accounts = session.visit.user().map(|user| world.accounts(session, user)).unwrap_or_default();
    let application = memory.name_of(session.application);
    shown(page(&View { session, application, accounts: &accounts, typed, complaint }), complaint)
}

fn approve_some(world: &World, memory: &mut Memory, session: &Session, sent: &Sent) -> Response {
    let Some(user) = session.visit.user() else {
        return view(world, memory, session, Some(Complaint::Form("Log in first.")), "");
    };
    let all = world.accounts(session, user);
    let chosen: Vec<_> = all.iter().filter(|account| sent.has("account", account.hash())).cloned().collect();
    if chosen.is_empty() && !all.is_empty() {
        let complaint = Complaint::Fields("Choose at least one account, or deny.");
        return view(world, memory, session, Some(complaint), "");
    }
    approved(world, memory, session, chosen)
}

/// Agrees for the first user of the bank, to all accounts.
fn approve_all(world: &World, memory: &mut Memory, session: &Session) -> Response {
    let accounts = session.bank.first_user(session.psu_type).map(|user| world.accounts(session, &user));
    approved(world, memory, session, accounts.unwrap_or_default())
}

fn approved(world: &World, memory: &mut Memory, session: &Session, chosen: Vec<Arc<Account>>) -> Response {
    match world.approve(memory, session.id, chosen) {
        Some(code) => back(session, &[("code", &code)]),
        None => gone(),
    }
}

fn deny(memory: &mut Memory, mut session: Session, status: Status, why: &str) -> Response {
    session.status = status;
    let page = back(&session, &[("error", "access_denied"), ("error_description", why)]);
    memory.sessions.insert(session.id, session);
    page
}

/// Sends the PSU back to the application.
fn back(session: &Session, answer: &[(&str, &str)]) -> Response {
    return_to(&session.redirect_url, answer, &session.state).unwrap_or_else(gone)
}
