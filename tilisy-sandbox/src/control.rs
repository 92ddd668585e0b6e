//! The control endpoint: what a test in Rust does by calls, programs in other languages do by requests.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post, put};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::agreement;
use crate::body::{read, read_data};
use crate::clock::Clock;
use crate::consent::Unable;
use crate::operations::{optional, text};
use crate::own;
use crate::path::Segments;
use crate::quirk::Quirks;
use crate::refusal::Refusal;
use crate::respond::respond;
use crate::scenario::Scenario;
use crate::service::Service;

type Shared = State<Arc<Service>>;

/// A request to change something, which is answered with a JSON object.
type Change = fn(&Arc<Service>, &Value) -> Result<Value, Refusal>;

/// Returns the routes of the control endpoint.
pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/sandbox", get(show))
        .route("/sandbox/clock", post(change(clock)))
        .route("/sandbox/scenario", put(change(scenario)))
        .route("/sandbox/quirks", put(change(quirks)))
        .route("/sandbox/banks/{country}/{name}/quirks", put(bank_quirks))
        .route("/sandbox/data", post(data))
        .route("/sandbox/approve", post(change(approve)))
        .route("/sandbox/deny", post(change(deny)))
        .route("/sandbox/revoke", post(change(revoke)))
        .route("/sandbox/block", post(change(block)))
        .route("/sandbox/mails/{email}", get(mails))
}

async fn show(State(service): Shared) -> Response {
    answer(&service, Ok(state(&service)))
}

fn state(service: &Service) -> Value {
    let world = &service.world;
    let defaults = service.defaults();
    json!({
        "url": world.url,
        "edition": world.edition.name(),
        "now": world.clock.now().to_rfc3339(),
        "newest_day": world.today(),
        "scenario": defaults.scenario.name(),
        "quirks": defaults.quirks.own_names(),
        "all_quirks": Quirks::names(),
    })
}

/// Returns a handler that reads a body of JSON.
fn change(change: Change) -> impl Fn(Shared, Request) -> Answered + Clone + Send + Sync + 'static {
    move |State(service), request| {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = read(&parts.headers, body).await;
            answer(&service, body.and_then(|body| change(&service, &body)))
        })
    }
}

type Answered = std::pin::Pin<Box<dyn Future<Output = Response> + Send>>;

/// Moves the clock: `advance_seconds`, `stop_at`, `reset`.
fn clock(service: &Arc<Service>, body: &Value) -> Result<Value, Refusal> {
    let clock = &service.world.clock;
    let resets = optional(body, "reset", "true or false", Value::as_bool)?.unwrap_or(false);
    let stop_at = optional(body, "stop_at", "a time with its zone (RFC 3339)", |value| {
        Some(DateTime::parse_from_rfc3339(value.as_str()?).ok()?.with_timezone(&Utc))
    })?;
    let seconds = optional(body, "advance_seconds", "a whole number", Value::as_i64)?.unwrap_or(0);
    let time = TimeDelta::try_seconds(seconds);
    let start = stop_at.unwrap_or_else(|| if resets { Utc::now() } else { clock.now() });
    // Nothing is changed unless all of it can be.
    let time =
        time.filter(|time| start.checked_add_signed(*time).is_some_and(|end| Clock::shows(start) && Clock::shows(end)));
    let time = time.ok_or_else(|| Refusal::parameters("the clock shows years from 0 to 9999"))?;
    if resets {
        clock.reset();
    }
    if let Some(moment) = stop_at {
        clock.stop_at(moment);
    }
    clock.advance(time);
    // Programs in other languages sign their tokens by the time of the machine.
    service.accept_machine_time();
    Ok(state(service))
}

/// Sets the scenario of requests that name none: `name`, or null for none.
fn scenario(service: &Arc<Service>, body: &Value) -> Result<Value, Refusal> {
    let name = optional(body, "name", "a string", Value::as_str)?;
    let scenario = name.map_or(Some(Scenario::default()), Scenario::named);
    service.defaults().scenario = scenario.ok_or_else(|| Refusal::parameters("no scenario has this name"))?;
    Ok(state(service))
}

/// Sets the quirks of requests that name none: `names`.
fn quirks(service: &Arc<Service>, body: &Value) -> Result<Value, Refusal> {
    service.defaults().quirks = named(body)?;
    Ok(state(service))
}

fn named(body: &Value) -> Result<Quirks, Refusal> {
    let names = body.get("names").and_then(Value::as_array);
    let names = names.and_then(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    let names = names.ok_or_else(|| Refusal::parameters("`names` must be a list of strings, and is required"))?;
    let unknown = || Refusal::parameters("`names` has an unknown quirk").detail(json!(Quirks::names()));
    Quirks::named(names.into_iter()).ok_or_else(unknown)
}

/// Sets the quirks of a bank: `names`.
async fn bank_quirks(State(service): Shared, segments: Segments, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await;
    let set = body.and_then(|body| {
        let (country, name) = (segments.get(2), segments.get(3));
        let bank = service.world.bank(country, name);
        let bank = bank.ok_or_else(|| Refusal::uncoded(404, "no bank has this name in this country"))?;
        bank.set_quirks(named(&body)?);
        Ok(json!({ "country": country, "name": name, "quirks": bank.quirks().own_names() }))
    });
    answer(&service, set)
}

/// Adds banks, users, accounts and transactions.
async fn data(State(service): Shared, request: Request) -> Response {
    let loaded = read_data(request.into_body()).await.and_then(|text| {
        own::load(&service, &text)
            .map(|count| json!({ "transactions": count }))
            .map_err(|error| Refusal::parameters(error.to_string()))
    });
    answer(&service, loaded)
}

/// Approves a consent or a payment: `link`, and optionally `user` and `accounts` (identification hashes).
fn approve(service: &Arc<Service>, body: &Value) -> Result<Value, Refusal> {
    let world = &service.world;
    let link = text(body, "link")?;
    let user = optional(body, "user", "a string", Value::as_str)?;
    let hashes = optional(body, "accounts", "a list of strings", |value| {
        value.as_array()?.iter().map(|hash| hash.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    })?;
    let location = match user {
        None => agreement::approve(world, link).ok_or(Unable::Link),
        Some(user) => agreement::approve_as(world, link, user, hashes.as_deref()),
    };
    let refused = |unable| {
        Refusal::parameters(match unable {
            Unable::Link => "`link` leads to no open consent or payment of this sandbox",
            Unable::User => "`user` is not a user of the bank, or of another PSU type",
            Unable::Account => "`accounts` has an account that is not among the user's",
        })
    };
    location.map(|location| json!({ "location": location })).map_err(refused)
}

/// Denies a consent or a payment: `link`.
fn deny(service: &Arc<Service>, body: &Value) -> Result<Value, Refusal> {
    let (world, link) = (&service.world, text(body, "link")?);
    let location = agreement::deny(world, link);
    let refused = || Refusal::parameters("`link` leads to no open consent or payment of this sandbox");
    location.map(|location| json!({ "location": location })).ok_or_else(refused)
}

/// Revokes a session at the bank, as its PSU can: `session_id`.
fn revoke(service: &Arc<Service>, body: &Value) -> Result<Value, Refusal> {
    let id = text(body, "session_id")?.parse().ok();
    let is_revoked = id.is_some_and(|id| service.world.revoke(id));
    if is_revoked {
        Ok(json!({ "message": "OK" }))
    } else {
        Err(Refusal::parameters("no authorized session has this id"))
    }
}

/// Blocks an account, or opens it again: `identification` (an IBAN or another), `blocked`.
fn block(service: &Arc<Service>, body: &Value) -> Result<Value, Refusal> {
    let identification = text(body, "identification")?;
    let is_blocked = optional(body, "blocked", "true or false", Value::as_bool)?.unwrap_or(true);
    let account = service.world.banks().into_iter().find_map(|bank| bank.account(identification));
    let account = account.ok_or_else(|| Refusal::uncoded(404, "no account has this identification"))?;
    account.set_blocked(is_blocked);
    Ok(json!({ "blocked": is_blocked }))
}

/// Shows the mails of the control panel to an address, oldest first.
async fn mails(State(service): Shared, segments: Segments) -> Response {
    let mails = service.logins.mails(segments.get(2));
    let links: Vec<_> = mails.iter().map(|mail| json!({ "email": mail.email, "link": mail.link })).collect();
    answer(&service, Ok(json!({ "mails": links })))
}

fn answer(service: &Service, answer: Result<Value, Refusal>) -> Response {
    respond(answer, service.world.edition)
}
