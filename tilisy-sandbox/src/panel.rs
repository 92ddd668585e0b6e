//! The control panel, which the real service has on another host: applications, and the log of requests.

mod applications;

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::body::read;
use crate::log::Kept;
use crate::path::Segments;
use crate::refusal::Refusal;
use crate::respond::respond;
use crate::service::Service;
use crate::state::World;
use crate::token::bearer;

type Shared = State<Arc<Service>>;

/// Returns the routes of the control panel.
pub(crate) fn router() -> Router<Arc<Service>> {
    let one = get(show).delete(delete);
    Router::new()
        .route("/api/applications", post(register).get(list))
        .route("/api/applications/{app_id}", one)
        .route("/api/applications/{app_id}/accounts", post(link))
        .route("/api/requests", get(requests))
}

async fn register(State(service): Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await;
    let signed_in = signed_in(&service.world, &parts.headers);
    answer(&service, body.and_then(|body| signed_in.and_then(|()| applications::register(&service.world, &body))))
}

async fn list(State(service): Shared, headers: HeaderMap) -> Response {
    let world = &service.world;
    answer(&service, signed_in(world, &headers).map(|()| applications::list(world)))
}

async fn show(State(service): Shared, segments: Segments, headers: HeaderMap) -> Response {
    let world = &service.world;
    answer(&service, signed_in(world, &headers).and_then(|()| applications::show(world, segments.get(2))))
}

async fn delete(State(service): Shared, segments: Segments, headers: HeaderMap) -> Response {
    let world = &service.world;
    answer(&service, signed_in(world, &headers).and_then(|()| applications::delete(world, segments.get(2))))
}

async fn link(State(service): Shared, segments: Segments, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await;
    let signed_in = signed_in(&service.world, &parts.headers);
    answer(
        &service,
        body.and_then(|body| signed_in.and_then(|()| applications::link(&service.world, segments.get(2), &body))),
    )
}

/// `GET /api/requests`: the last requests, oldest first; with `application_id` or `session_id`, those of one.
async fn requests(State(service): Shared, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let query = query.unwrap_or_default();
    let wanted = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
    };
    let (application, session) = (wanted("application_id"), wanted("session_id"));
    let is_wanted = |kept: &Kept| {
        let is = |own: Option<Uuid>, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| own.is_some_and(|own| own.to_string() == *wanted))
        };
        is(kept.application, &application) && is(kept.session, &session)
    };
    let listed = signed_in(&service.world, &headers).map(|()| json!({ "requests": service.log.shown(is_wanted) }));
    answer(&service, listed)
}

/// Checks the token that stands for a user who is signed in to the control panel.
fn signed_in(world: &World, headers: &HeaderMap) -> Result<(), Refusal> {
    if bearer(headers) == Some(world.registration_token.as_str()) {
        return Ok(());
    }
    Err(Refusal::token("the token is not the one that the sandbox printed at its start"))
}

fn answer(service: &Service, answer: Result<Value, Refusal>) -> Response {
    respond(answer, service.world.edition)
}
