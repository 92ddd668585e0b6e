//! `POST /auth`: a PSU is to give consent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{optional, psu_type, text};
use crate::call::Call;
use crate::data::banks::{self, BANKS};
use crate::refusal::{Code, Refusal};
use crate::state::{Consent, LONGEST_CONSENT, Session, Status};

pub(crate) fn start(call: &Call<'_>) -> Result<Value, Refusal> {
    let body = &call.body;
    let access = body.get("access").filter(|access| access.is_object());
    let access = access.ok_or_else(|| Refusal::parameters("`access` must be given, as an object"))?;
    let bank = bank(call)?;
    let kind = optional(body, "psu_type", "a text", Value::as_str)?.map(psu_type).transpose()?;
    let offered = BANKS.get(bank).map(|bank| bank.psu_types).unwrap_or_default();
    let kind = kind.or(offered.first().copied()).unwrap_or("personal");
    if !offered.contains(&kind) {
        return Err(Refusal::parameters(format!("the bank does not serve PSUs of the type {kind}")));
    }
    let redirect_url = text(body, "redirect_url")?;
    let allowed = &call.application.redirect_urls;
    if call.scenario.has_no_redirect_urls() || !allowed.iter().any(|url| url == redirect_url) {
        return Err(Refusal::new(Code::RedirectUriNotAllowed, "`redirect_url` is not among those of the application"));
    }
    let method = optional(body, "auth_method", "a text", Value::as_str)?;
    if method.is_some_and(|method| !BANKS.get(bank).is_some_and(|bank| bank.has_method(method))) {
        return Err(Refusal::parameters("`auth_method` is none of the bank's"));
    }
    let state = text(body, "state")?.to_owned();
    let credentials = optional(body, "credentials", "an object of texts", credentials)?.unwrap_or_default();
    let autosubmit = optional(body, "credentials_autosubmit", "true or false", Value::as_bool)?.unwrap_or(true);
    let flag = |key: &str| optional(access, key, "true or false", Value::as_bool);
    let (reads_balances, reads_transactions) =
        (flag("balances")?.unwrap_or(true), flag("transactions")?.unwrap_or(true));
    let wanted = optional(access, "accounts", "a list of account identifications", wanted)?.unwrap_or_default();
    let valid_until = valid_until(access, call.world.clock.now())?;
    let world = call.world;
    let mut memory = world.memory();
    let id = world.next_id(&mut memory);
    let no_token = || Refusal::uncoded(500, "the system has no random numbers for a form");
    let token = world.form_token(&mut memory).ok_or_else(no_token)?;
    let session = Session {
        id,
        application: call.application.id,
        bank,
        psu_type: kind.to_owned(),
        status: Status::Pending,
        valid_until,
        reads_balances,
        reads_transactions,
        wanted,
        redirect_url: redirect_url.to_owned(),
        state,
        credentials,
        autosubmit,
        consent: Consent { token, user: None, is_known: false, code: None },
        accounts: Vec::new(),
    };
    memory.sessions.insert(id, session);
    Ok(json!({ "url": format!("{}/consent/{id}", world.url) }))
}

fn bank(call: &Call<'_>) -> Result<usize, Refusal> {
    let aspsp = call.body.get("aspsp").filter(|aspsp| aspsp.is_object());
    let aspsp = aspsp.ok_or_else(|| Refusal::parameters("`aspsp` must be given, as an object"))?;
    let found = banks::find(text(aspsp, "country")?, text(aspsp, "name")?);
    found
        .filter(|_| !call.scenario.forgets_banks())
        .ok_or_else(|| Refusal::new(Code::WrongAspspProvided, "no bank has this name in this country"))
}

/// The end of the consent: as asked, or as late as the bank permits.
fn valid_until(access: &Value, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let moment = DateTime::parse_from_rfc3339(text(access, "valid_until")?);
    let moment = moment.map_err(|_| Refusal::parameters("`valid_until` must be a time with its zone (RFC 3339)"))?;
    let moment = moment.with_timezone(&Utc);
    if moment <= now {
        return Err(Refusal::parameters("`valid_until` is over already"));
    }
    Ok(moment.min(now + LONGEST_CONSENT))
}

fn credentials(value: &Value) -> Option<BTreeMap<String, String>> {
    let entries = value.as_object()?.iter();
    entries.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// What the accounts are known by.
fn wanted(value: &Value) -> Option<Vec<String>> {
    let name = |account: &Value| {
        let other = account.get("other").and_then(|other| other.get("identification"));
        Some(account.get("iban").or(other)?.as_str()?.to_owned())
    };
    value.as_array()?.iter().map(name).collect()
}
