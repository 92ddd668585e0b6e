//! Checks of requests that send a PSU to a bank: `POST /auth` and `POST /payments`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{optional, text};
use crate::call::Call;
use crate::data::banks::Bank;
use crate::data::listing;
use crate::refusal::{Code, Refusal};

/// Returns the bank that `aspsp` names.
pub(super) fn bank(call: &Call<'_>, request: &Value) -> Result<Arc<Bank>, Refusal> {
    let aspsp = request.get("aspsp").filter(|aspsp| aspsp.is_object());
    let aspsp = aspsp.ok_or_else(|| Refusal::parameters("`aspsp` must be an object, and is required"))?;
    let found = call.world.bank(text(aspsp, "country")?, text(aspsp, "name")?);
    let found = found.filter(|_| !call.scenario.is(Code::WrongAspspProvided));
    found.ok_or_else(|| Refusal::new(Code::WrongAspspProvided, "no bank has this name in this country"))
}

/// Returns `redirect_url`, which must be one of the application's.
pub(super) fn redirect_url<'r>(call: &Call<'_>, request: &'r Value) -> Result<&'r str, Refusal> {
    let redirect_url = text(request, "redirect_url")?;
    let is_allowed = call.application.redirect_urls.iter().any(|url| url == redirect_url);
    if !is_allowed || call.scenario.is(Code::RedirectUriNotAllowed) {
        return Err(Refusal::new(Code::RedirectUriNotAllowed, "`redirect_url` is not among those of the application"));
    }
    Ok(redirect_url)
}

/// Checks the method and the credentials, and returns the credentials.
pub(super) fn credentials(call: &Call<'_>, bank: &Bank, request: &Value) -> Result<BTreeMap<String, String>, Refusal> {
    let method = optional(request, "auth_method", "a string", Value::as_str)?;
    if method.is_some_and(|method| !bank.has_method(method)) {
        return Err(Refusal::parameters("`auth_method` is not one of the bank's"));
    }
    let credentials = optional(request, "credentials", "an object of strings", strings)?.unwrap_or_default();
    let refused =
        || Refusal::new(Code::WrongCredentialsProvided, "the credentials do not have the form that the bank demands");
    if call.scenario.is(Code::WrongCredentialsProvided) {
        return Err(refused());
    }
    if !call.is_current() || credentials.is_empty() {
        return Ok(credentials);
    }
    let method = method.ok_or_else(|| Refusal::parameters("`credentials` need an `auth_method`"))?;
    if listing::are_listed(method, &credentials) { Ok(credentials) } else { Err(refused()) }
}

fn strings(value: &Value) -> Option<BTreeMap<String, String>> {
    let entries = value.as_object()?.iter();
    entries.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}
