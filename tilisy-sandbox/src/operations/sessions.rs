//! `POST /sessions`, `GET` and `DELETE /sessions/{session_id}`.

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
    let session = with_code.next().filter(|_| !call.scenario.forgets_codes());
    let session = session.ok_or_else(|| {
        Refusal::new(Code::WrongAuthorizationCode, "the code was never issued to this application, or is spent")
    })?;
    let is_late = session.consent.code.as_ref().is_some_and(|(_, made)| *made + CODE_LIFE <= call.now());
    // Spent, whatever comes of it.
    session.consent.code = None;
    if is_late {
        session.status = Status::Invalid;
        return Err(Refusal::new(Code::ExpiredAuthorizationCode, "the code is too old"));
    }
    if call.scenario.session(session.clone()).status != Status::Returned {
        return Err(Refusal::new(Code::WrongSessionStatus, format!("the session is {}", session.status.wire())));
    }
    call.check_bank(session)?;
    if session.accounts.is_empty() || call.scenario.has_no_accounts() {
        session.status = Status::Invalid;
        return Err(Refusal::new(Code::NoAccountsAdded, "the PSU has given no account"));
    }
    session.status = Status::Authorized;
    let accounts: Vec<_> = session.accounts.iter().map(|(uid, account)| resource(&call.told(*account), *uid)).collect();
    Ok(json!({
        "session_id": session.id,
        "accounts": accounts,
        "aspsp": aspsp(session),
        "psu_type": session.psu_type,
    }))
}

/// Tells how far a session has come.
pub(crate) fn show(call: &Call<'_>) -> Result<Value, Refusal> {
    let session = call.session()?;
    if session.status == Status::Authorized && session.valid_until <= call.now() {
        return Err(Refusal::new(Code::ExpiredSession, "the session has expired"));
    }
    let uids: Vec<_> = session.accounts.iter().map(|(uid, _)| uid).collect();
    let data =
        session.accounts.iter().map(|(uid, account)| json!({ "uid": uid, "identification_hash": account.hash() }));
    Ok(json!({
        "status": session.status.wire(),
        "accounts": uids,
        "accounts_data": data.collect::<Vec<_>>(),
        "aspsp": aspsp(&session),
        "psu_type": session.psu_type,
    }))
}

/// Ends a session.
pub(crate) fn delete(call: &Call<'_>) -> Result<Value, Refusal> {
    let session = call.session()?;
    if matches!(session.status, Status::Closed | Status::Invalid) {
        return Err(Refusal::new(
            Code::WrongSessionStatus,
            format!("the session is {} already", session.status.wire()),
        ));
    }
    if session.status == Status::Authorized {
        call.check_readable(&session)?;
        call.check_bank(&session)?;
        call.check_psu(&session)?;
    }
    if let Some(session) = call.world.memory().sessions.get_mut(&session.id) {
        session.status = Status::Closed;
        session.consent.code = None;
    }
    Ok(json!({ "message": "OK" }))
}

fn aspsp(session: &Session) -> Value {
    json!({ "country": session.bank().country, "name": session.bank().name })
}
