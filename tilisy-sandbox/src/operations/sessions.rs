//! `POST /sessions`, `GET` and `DELETE /sessions/{session_id}`.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::text;
use crate::call::Call;
use crate::data::resource::resource;
use crate::refusal::{Code, Refusal};
use crate::state::{CODE_LIFE, Session, Status};

/// Redeems a code, once.
pub(crate) fn authorize(call: &Call<'_>) -> Result<Value, Refusal> {
    let code = text(&call.body, "code")?;
    let mut memory = call.world.memory();
    let own = memory.sessions.values_mut().filter(|session| session.application == call.application.id);
    let mut with_code = own.filter(|session| session.consent.code.as_ref().is_some_and(|(own, _)| own == code));
    let session = with_code.next().filter(|_| !call.scenario.is(Code::WrongAuthorizationCode));
    let unknown = || Refusal::new(Code::WrongAuthorizationCode, "the code was never issued to this application");
    let session = session.ok_or_else(unknown)?;
    if session.consent.is_spent || call.scenario.is(Code::AlreadyAuthorized) {
        // A code that was too late, or came without accounts, never led to a session.
        let status = session.status.wire();
        let is_authorized = session.authorized.is_some() || call.scenario.is(Code::AlreadyAuthorized);
        return Err(match (is_authorized, call.is_current()) {
            (true, _) => Refusal::new(Code::AlreadyAuthorized, "the code is spent"),
            (false, true) => Refusal::new(Code::WrongSessionStatus, format!("the session is {status}")),
            (false, false) => unknown(),
        });
    }
    // Spent, whatever comes of it.
    session.consent.is_spent = true;
    if session.consent.code.as_ref().is_some_and(|(_, issued)| *issued + CODE_LIFE <= call.now()) {
        session.status = Status::Invalid;
        return Err(Refusal::new(Code::ExpiredAuthorizationCode, "the code is too old"));
    }
    let status = call.scenario.session(session.clone()).status;
    if status != Status::Returned {
        return Err(Refusal::new(Code::WrongSessionStatus, format!("the session is {}", status.wire())));
    }
    call.check_bank(&session.bank)?;
    if let Some(linked) = &call.application.linked {
        session.accounts.retain(|(_, account)| linked.contains(account.hash()));
    }
    if session.accounts.is_empty() || call.scenario.is(Code::NoAccountsAdded) {
        session.status = Status::Invalid;
        return Err(Refusal::new(
            Code::NoAccountsAdded,
            "no accounts were added (or none that is linked to the application)",
        ));
    }
    session.status = Status::Authorized;
    session.authorized = Some(call.world.clock.now());
    let accounts = session.accounts.iter().map(|(uid, account)| {
        // An account that cannot be read has no id.
        resource(&call.statement(account), Some(*uid).filter(|_| !account.is_blocked()), call.world.edition)
    });
    Ok(json!({
        "session_id": session.id,
        "accounts": accounts.collect::<Vec<_>>(),
        "aspsp": aspsp(session),
        "psu_type": session.psu_type,
        "access": access(session),
    }))
}

/// Returns a session as it is.
pub(crate) fn show(call: &Call<'_>) -> Result<Value, Refusal> {
    let session = call.session()?;
    let status = session.status_at(call.now());
    if status == Status::Expired && !call.is_current() {
        return Err(Refusal::new(Code::ExpiredSession, "the session has expired"));
    }
    let uids: Vec<_> = session.accounts.iter().map(|(uid, _)| uid).collect();
    let data = session.accounts.iter().map(|(uid, account)| {
        json!({ "uid": uid, "identification_hash": account.hash(), "identification_hashes": account.hashes() })
    });
    let mut shown = json!({
        "status": status.wire(),
        "accounts": uids,
        "accounts_data": data.collect::<Vec<_>>(),
        "aspsp": aspsp(&session),
        "psu_type": session.psu_type,
        "psu_id_hash": session.psu_id_hash,
        "access": access(&session),
        "created": time(session.created),
    });
    let closed = session.closed.or((status == Status::Expired).then_some(session.valid_until));
    for (name, at) in [("authorized", session.authorized), ("closed", closed)] {
        if let Some(at) = at {
            shown[name] = json!(time(at));
        }
    }
    Ok(shown)
}

/// Ends a session.
pub(crate) fn delete(call: &Call<'_>) -> Result<Value, Refusal> {
    let session = call.session()?;
    match session.status_at(call.now()) {
        Status::Pending | Status::Returned => {}
        Status::Authorized => {
            call.check_bank(&session.bank)?;
            call.check_psu(&session.bank)?;
        }
        _ => call.check_readable(&session)?,
    }
    if let Some(session) = call.world.memory().sessions.get_mut(&session.id) {
        session.status = Status::Closed;
        session.closed = Some(call.world.clock.now());
        session.consent.is_spent = true;
    }
    Ok(json!({ "message": "OK" }))
}

fn aspsp(session: &Session) -> Value {
    json!({ "country": session.bank.profile.country, "name": session.bank.profile.name })
}

/// Returns the access as it was granted.
fn access(session: &Session) -> Value {
    json!({
        "balances": session.reads_balances,
        "transactions": session.reads_transactions,
        "valid_until": time(session.valid_until),
    })
}

fn time(time: chrono::DateTime<chrono::Utc>) -> String {
    // Six decimals and a `Z`, as the service writes times.
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}
