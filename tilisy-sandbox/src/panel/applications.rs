//! Applications: registered, listed, linked to accounts, and deleted.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::key::PublicKey;
use crate::operations::text;
use crate::page::can_be_location;
use crate::refusal::{Code, Refusal};
use crate::settlement::{cancel, settle};
use crate::state::{Application, World};

/// `POST /api/applications`
pub(super) fn register(world: &World, body: &Value) -> Result<Value, Refusal> {
    let key = PublicKey::from_pem(text(body, "certificate")?)
        .map_err(|why| Refusal::parameters(format!("`certificate` cannot be used: {why}")))?;
    let environment = text(body, "environment")?;
    if !matches!(environment, "SANDBOX" | "PRODUCTION") {
        return Err(Refusal::parameters("`environment` must be SANDBOX or PRODUCTION"));
    }
    let redirect_urls = redirect_urls(body)?;
    if environment == "PRODUCTION" && redirect_urls.iter().any(|url| !url.starts_with("https://")) {
        return Err(Refusal::parameters("`redirect_urls` must start with https:// in production"));
    }
    let name = text(body, "name")?.to_owned();
    let description = body.get("description").and_then(Value::as_str).map(str::to_owned);
    let mut memory = world.memory();
    let id = world.next_id(&mut memory);
    // Production needs a contract, or accounts that are linked to the application.
    let active = environment == "SANDBOX";
    let environment = environment.to_owned();
    let (services, addresses) = (vec!["AIS".to_owned(), "PIS".to_owned()], Vec::new());
    let application = Application {
        id,
        name,
        description,
        environment,
        redirect_urls,
        key,
        active,
        services,
        addresses,
        linked: None,
    };
    memory.applications.insert(id, Arc::new(application));
    Ok(json!({ "app_id": id }))
}

fn redirect_urls(body: &Value) -> Result<Vec<String>, Refusal> {
    let urls = body.get("redirect_urls").and_then(Value::as_array);
    let urls = urls.and_then(|urls| urls.iter().map(|url| url.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>());
    let urls = urls.filter(|urls| !urls.is_empty() && urls.iter().all(|url| is_url(url)));
    urls.ok_or_else(|| Refusal::parameters("`redirect_urls` must be a list of http or https addresses"))
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '['))
        && can_be_location(text)
}

/// `GET /api/applications`: a list without anything around it, as other clients read it.
pub(super) fn list(world: &World) -> Value {
    let memory = world.memory();
    memory.applications.values().map(|application| shown(application)).collect()
}

/// `GET /api/applications/{app_id}`
pub(super) fn show(world: &World, id: &str) -> Result<Value, Refusal> {
    let memory = world.memory();
    let id = id.parse::<Uuid>().ok();
    id.and_then(|id| memory.applications.get(&id)).map(|application| shown(application)).ok_or_else(unknown)
}

/// `DELETE /api/applications/{app_id}`: its sessions and payments end with it.
pub(super) fn delete(world: &World, id: &str) -> Result<Value, Refusal> {
    settle(world);
    let mut memory = world.memory();
    let id = id.parse::<Uuid>().map_err(|_| unknown())?;
    memory.applications.remove(&id).ok_or_else(unknown)?;
    memory.sessions.retain(|_, session| session.application != id);
    let payments = memory.payments.remove_all(id);
    drop(memory);
    payments.iter().for_each(cancel);
    world.webhooks.changed.send_replace(());
    Ok(json!({ "message": "OK" }))
}

/// `POST /api/applications/{app_id}/accounts`: links the accounts of a user to an application of the production
/// environment, which becomes active and can read no others. The real control panel has the user log in at the bank.
pub(super) fn link(world: &World, id: &str, body: &Value) -> Result<Value, Refusal> {
    let aspsp = body.get("aspsp").filter(|aspsp| aspsp.is_object());
    let aspsp = aspsp.ok_or_else(|| Refusal::parameters("`aspsp` must be an object, and is required"))?;
    let bank = world.bank(text(aspsp, "country")?, text(aspsp, "name")?);
    let bank = bank.ok_or_else(|| Refusal::new(Code::WrongAspspProvided, "no bank has this name in this country"))?;
    let user =
        bank.user(text(body, "user")?).ok_or_else(|| Refusal::parameters("the bank has no user with this name"))?;
    let mut memory = world.memory();
    let application = id.parse::<Uuid>().ok().and_then(|id| memory.applications.get_mut(&id)).ok_or_else(unknown)?;
    let application = Arc::make_mut(application);
    if application.environment != "PRODUCTION" {
        return Err(Refusal::parameters("accounts are linked to applications of the production environment only"));
    }
    let linked = application.linked.get_or_insert_with(BTreeSet::new);
    linked.extend(user.accounts().iter().map(|account| account.hash().to_owned()));
    application.active = true;
    Ok(shown(application))
}

fn unknown() -> Refusal {
    Refusal::uncoded(404, "no application has this id")
}

fn shown(application: &Application) -> Value {
    let mut shown = json!({
        "app_id": application.id,
        "kid": application.id,
        "name": application.name,
        "environment": application.environment,
        "redirect_urls": application.redirect_urls,
        "active": application.active,
        "services": application.services,
        "linked_accounts": application.linked,
    });
    if let Some(description) = &application.description {
        shown["description"] = json!(description);
    }
    shown
}
