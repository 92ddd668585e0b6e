//! The bank's side of a consent: pages of plain HTML, which work without scripts.

mod page;

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, Response};
use uuid::Uuid;

use self::page::{Step, View, page};
use crate::body::bytes;
use crate::data::accounts::Account;
use crate::data::users::User;
use crate::page::{Complaint, back as return_to, guarded, location, message};
use crate::service::Service;
use crate::state::{Memory, Session, Status, World};

/// `GET /consent/{session_id}`: the step at which the PSU is.
pub(crate) async fn show(State(service): State<Arc<Service>>, Path(id): Path<String>) -> Response {
    let world = &service.world;
    let mut memory = world.memory();
    let Some(session) = pending(&memory, &id) else { return gone() };
    if world.approves {
        return approve_all(world, &mut memory, &session);
    }
    let is_given = session.autosubmit && session.consent.user.is_none() && !session.credentials.is_empty();
    if is_given {
        return login(world, &mut memory, &session, &session.credentials.clone().into_iter().collect::<Vec<_>>());
    }
    shown(world, &memory, &session, None, "")
}

/// `POST /consent/{session_id}`: what the PSU has filled in.
pub(crate) async fn submit(State(service): State<Arc<Service>>, Path(id): Path<String>, request: Request) -> Response {
    let world = &service.world;
    let Ok(body) = bytes(request.into_body()).await else {
        let page = message("That was too much", "The form is larger than it can be.");
        return guarded(StatusCode::UNPROCESSABLE_ENTITY, Html(page));
    };
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let mut memory = world.memory();
    let Some(session) = pending(&memory, &id) else { return gone() };
    let field = |name: &str| fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
    if field("token") != Some(session.consent.token.as_str()) {
        let text = "The form did not come from this page. Go back, load it again, and try once more.";
        return guarded(StatusCode::FORBIDDEN, Html(message("This form is not ours", text)));
    }
    match field("action") {
        Some("cancel") => deny(&mut memory, &session, Status::Cancelled, "Cancelled by user"),
        Some("deny") => deny(&mut memory, &session, Status::Invalid, "Denied data sharing consent"),
        Some("login") => onward(world, &session, login(world, &mut memory, &session, &fields)),
        Some("otp") => {
            onward(world, &session, check_otp(world, &mut memory, &session, field("otp").unwrap_or_default()))
        }
        Some("approve") => approve_some(world, &mut memory, &session, &fields),
        _ => shown(world, &memory, &session, Some(Complaint::Form("Choose one of the buttons.")), ""),
    }
}

/// What a PSU who agrees to everything comes back with.
pub(crate) fn agreed(world: &World, link: &str) -> Option<String> {
    let mut memory = world.memory();
    let session = pending(&memory, link.rsplit('/').next()?)?;
    location(&approve_all(world, &mut memory, &session))
}

/// Approves a consent as a user of the bank, for some accounts or for all, and returns the address that the PSU comes back
/// with.
pub(crate) fn agreed_as(world: &World, link: &str, user: &str, hashes: Option<&[String]>) -> Result<String, Unable> {
    let mut memory = world.memory();
    let session = link.rsplit('/').next().and_then(|id| pending(&memory, id)).ok_or(Unable::Link)?;
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

/// What a PSU who denies comes back with.
pub(crate) fn denied(world: &World, link: &str) -> Option<String> {
    let mut memory = world.memory();
    let session = pending(&memory, link.rsplit('/').next()?)?;
    location(&deny(&mut memory, &session, Status::Invalid, "Denied data sharing consent"))
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

fn step(session: &Session) -> Step {
    match (&session.consent.user, session.consent.is_known) {
        (None, _) => Step::Login,
        (Some(_), false) => Step::Otp,
        (Some(_), true) => Step::Accounts,
    }
}

fn shown(world: &World, memory: &Memory, session: &Session, complaint: Option<Complaint>, typed: &str) -> Response {
    let accounts = session.consent.user.as_ref().map(|user| world.accounts(session, user)).unwrap_or_default();
    let application = memory.applications.get(&session.application).map(|application| application.name.as_str());
    let application = application.unwrap_or("The application");
    let status = if complaint.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = View { session, application, step: step(session), accounts: &accounts, typed, complaint };
    guarded(status, Html(page(&view)))
}

/// Has the browser ask for the page that a form leads to. It can load that again, and come back to it, without sending
/// the form once more. What was wrong stays where it is.
fn onward(world: &World, session: &Session, page: Response) -> Response {
    if page.status() != StatusCode::OK {
        return page;
    }
    guarded(
        StatusCode::SEE_OTHER,
        [(
            header::LOCATION,
            format!("/consent/{}", if world.edition.is_current() { session.authorization } else { session.id }),
        )],
    )
}

/// Looks at the name and the password.
fn login(world: &World, memory: &mut Memory, session: &Session, fields: &[(String, String)]) -> Response {
    let field = |names: [&str; 2]| {
        let found = fields.iter().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let name = field(["username", "userId"]);
    let user = session.bank.user(name);
    let user =
        user.filter(|user| user.password == field(["password", "password"]) && user.psu_type == session.psu_type);
    let Some(user) = user else {
        // What was passed along is wrong: from here on, the PSU types it.
        let session = change(memory, session, |session| session.credentials.clear());
        let complaint = Complaint::Fields("No user of this bank has this name and this password.");
        return shown(world, memory, &session, Some(complaint), name);
    };
    // Somebody else may have logged in before, on a page that was open twice: what they confirmed is theirs.
    let session = change(memory, session, |session| {
        session.consent.user = Some(Arc::clone(&user));
        session.consent.is_known = false;
    });
    shown(world, memory, &session, None, "")
}

fn check_otp(world: &World, memory: &mut Memory, session: &Session, otp: &str) -> Response {
    if session.consent.user.as_ref().is_none_or(|user| user.otp != otp.trim()) {
        let complaint = Complaint::Fields("The one-time password is another one.");
        return shown(world, memory, session, Some(complaint), "");
    }
    let session = change(memory, session, |session| session.consent.is_known = true);
    shown(world, memory, &session, None, "")
}

fn approve_some(world: &World, memory: &mut Memory, session: &Session, fields: &[(String, String)]) -> Response {
    let Some(user) = session.consent.user.as_deref().filter(|_| session.consent.is_known) else {
        return shown(world, memory, session, Some(Complaint::Form("Log in first.")), "");
    };
    let all = world.accounts(session, user);
    let is_chosen =
        |account: &Account| fields.iter().any(|(name, value)| name == "account" && *value == account.hash());
    let chosen: Vec<_> = all.iter().filter(|account| is_chosen(account)).cloned().collect();
    if chosen.is_empty() && !all.is_empty() {
        let complaint = Complaint::Fields("Choose at least one account, or deny.");
        return shown(world, memory, session, Some(complaint), "");
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

fn deny(memory: &mut Memory, session: &Session, status: Status, why: &str) -> Response {
    let session = change(memory, session, |session| session.status = status);
    back(&session, &[("error", "access_denied"), ("error_description", why)])
}

fn change(memory: &mut Memory, session: &Session, work: impl FnOnce(&mut Session)) -> Session {
    match memory.sessions.get_mut(&session.id) {
        Some(session) => {
            work(session);
            session.clone()
        }
        None => session.clone(),
    }
}

/// Sends the PSU back to the application.
fn back(session: &Session, answer: &[(&str, &str)]) -> Response {
    return_to(&session.redirect_url, answer, &session.state).unwrap_or_else(gone)
}
