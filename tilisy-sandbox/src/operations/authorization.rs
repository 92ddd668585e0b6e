//! `POST /auth`: starts a consent.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{is_language, optional, psu_id_hash, psu_type, start, text};
use crate::call::Call;
use crate::data::banks::Bank;
use crate::random::uuid;
use crate::refusal::{Code, Refusal};
use crate::state::{Consent, Session, Status};
use crate::visit::Visit;

pub(crate) fn start(call: &Call<'_>) -> Result<Value, Refusal> {
    let body = &call.body;
    let access = body.get("access").filter(|access| access.is_object());
    let access = access.ok_or_else(|| Refusal::parameters("`access` must be an object, and is required"))?;
    if !call.application.services.iter().any(|service| service == "AIS") || call.scenario.is(Code::AccessDenied) {
        return Err(Refusal::new(Code::AccessDenied, "the application has no access to account information"));
    }
    let bank = start::bank(call, body)?;
    let kind = optional(body, "psu_type", "a string", Value::as_str)?.map(psu_type).transpose()?;
    let offered = bank.profile.psu_types;
    let kind = kind.or(offered.first().copied()).unwrap_or("personal");
    if !offered.contains(&kind) {
        return Err(Refusal::parameters(format!("the bank does not serve PSUs of the type {kind}")));
    }
    let redirect_url = start::redirect_url(call, body)?;
    let credentials = start::credentials(call, &bank, body)?;
    let autosubmit = optional(body, "credentials_autosubmit", "true or false", Value::as_bool)?.unwrap_or(true);
    let state = text(body, "state")?.to_owned();
    optional(body, "language", "two small letters", |language| is_language(language).then_some(()))?;
    let psu_id = optional(body, "psu_id", "a string", Value::as_str)?;
    let flag = |key: &str| optional(access, key, "true or false", Value::as_bool);
    let (reads_balances, reads_transactions) =
        (flag("balances")?.unwrap_or(true), flag("transactions")?.unwrap_or(true));
    let wanted = optional(access, "accounts", "a list of account identifications", Value::as_array)?;
    let wanted = wanted.map(|wanted| wanted.iter().map(wanted_account).collect::<Result<_, _>>()).transpose()?;
    if call.scenario.is(Code::InvalidAccountId) {
        return Err(invalid_account_id());
    }
    let valid_until = valid_until(call, access, &bank)?;
    let world = call.world;
    let mut memory = world.memory();
    let id = world.next_id(&mut memory);
    let no_token = || Refusal::uncoded(500, "the system has no random numbers for a form");
    let token = world.form_token(&mut memory).ok_or_else(no_token)?;
    let authorization = uuid(&[world.seed, 0xa7, id.as_u64_pair().0]);
    let psu_id_hash = psu_id_hash(call, psu_id, id);
    let session = Session {
        id,
        authorization,
        application: call.application.id,
        bank,
        psu_type: kind,
        psu_id_hash: psu_id_hash.clone(),
        status: Status::Pending,
        valid_until,
        created: call.world.clock.now(),
        authorized: None,
        closed: None,
        reads_balances,
        reads_transactions,
        names_access: access.get("balances").is_some() && access.get("transactions").is_some(),
        wanted: wanted.unwrap_or_default(),
        redirect_url: redirect_url.to_owned(),
        state,
        credentials,
        autosubmit,
        visit: Visit::new(token),
        consent: Consent::default(),
        accounts: Vec::new(),
        requests: 0,
    };
    memory.sessions.insert(id, session);
    // As at the service, the link of the current edition has the id of the session too. That of the document has no other.
    let page = if call.is_current() { format!("{authorization}?sessionid={id}") } else { id.to_string() };
    Ok(json!({
        "url": format!("{}/consent/{page}", world.url),
        "authorization_id": authorization,
        "psu_id_hash": psu_id_hash,
    }))
}

/// Returns the end of the consent. The current edition refuses one that is too late, the document's shortens it.
fn valid_until(call: &Call<'_>, access: &Value, bank: &Bank) -> Result<DateTime<Utc>, Refusal> {
    let moment = DateTime::parse_from_rfc3339(text(access, "valid_until")?);
    let moment = moment.map_err(|_| Refusal::parameters("`valid_until` must be a time with its zone (RFC 3339)"))?;
    let (moment, now) = (moment.with_timezone(&Utc), call.world.clock.now());
    if moment <= now {
        return Err(Refusal::parameters("`valid_until` has passed"));
    }
    let longest = bank.profile.longest_consent;
    let limit = now.checked_add_signed(longest).unwrap_or(moment);
    if moment > limit && call.is_current() {
        let seconds = longest.num_seconds();
        return Err(Refusal::parameters(format!(
            "`valid_until` is more than {seconds} seconds from now, the maximum consent validity"
        )));
    }
    Ok(moment.min(limit))
}

/// Returns the identification of an account to which an application limits itself.
fn wanted_account(account: &Value) -> Result<String, Refusal> {
    let other = account.get("other").and_then(|other| other.get("identification"));
    let named = account.get("iban").or(other).and_then(Value::as_str);
    named.map(str::to_owned).ok_or_else(invalid_account_id)
}

fn invalid_account_id() -> Refusal {
    Refusal::new(
        Code::InvalidAccountId,
        "an account in `access.accounts` has neither an IBAN nor another identification",
    )
}
