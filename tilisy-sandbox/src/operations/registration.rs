//! `POST /api/applications`, which the real service has on its control panel's host.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::text;
use crate::key::PublicKey;
use crate::refusal::Refusal;
use crate::state::{Application, World};
use crate::token::bearer;

pub(crate) fn register(world: &World, headers: &HeaderMap, body: &Value) -> Result<Value, Refusal> {
    if bearer(headers) != Some(world.registration_token.as_str()) {
        return Err(Refusal::token("the token is not the one that the sandbox printed at its start"));
    }
    let key = PublicKey::from_pem(text(body, "certificate")?)
        .map_err(|why| Refusal::parameters(format!("`certificate` cannot be taken: {why}")))?;
    let environment = text(body, "environment")?;
    if !matches!(environment, "SANDBOX" | "PRODUCTION") {
        return Err(Refusal::parameters("`environment` must be SANDBOX or PRODUCTION"));
    }
    let urls = body.get("redirect_urls").and_then(Value::as_array);
    let urls = urls.and_then(|urls| urls.iter().map(|url| url.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>());
    let urls = urls.filter(|urls| !urls.is_empty() && urls.iter().all(|url| is_url(url)));
    let redirect_urls =
        urls.ok_or_else(|| Refusal::parameters("`redirect_urls` must be a list of http or https addresses"))?;
    if environment == "PRODUCTION" && redirect_urls.iter().any(|url| !url.starts_with("https://")) {
        return Err(Refusal::parameters("`redirect_urls` must begin with https:// in production"));
    }
    let name = text(body, "name")?.to_owned();
    let description = body.get("description").and_then(Value::as_str).map(str::to_owned);
    let mut memory = world.memory();
    let id = world.next_id(&mut memory);
    // Production waits for a contract, which nobody signs with a sandbox.
    let active = environment == "SANDBOX";
    let environment = environment.to_owned();
    let services = vec!["AIS".to_owned(), "PIS".to_owned()];
    let application =
        Application { id, name, description, environment, redirect_urls, key, active, services, linked: None };
    memory.applications.insert(id, application);
    Ok(json!({ "app_id": id }))
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '['))
        && !text.contains(['\n', ' '])
}
