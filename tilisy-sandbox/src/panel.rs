//! The control panel, which the real service has on another host: applications, and the log of requests.

mod applications;
mod login;

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::body::{bytes, read};
use crate::log::Kept;
use crate::path::Segments;
use crate::refusal::Refusal;
use crate::respond::respond;
use crate::service::Service;
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
        .route("/api/relyingparty/getOobConfirmationCode", post(send_link))
        .route("/api/relyingparty/emailLinkSignin", post(sign_in))
        .route("/api/token", post(renew))
}

async fn register(State(service): Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await;
    let signed_in = signed_in(&service, &parts.headers);
    answer(&service, body.and_then(|body| signed_in.and_then(|()| applications::register(&service.world, &body))))
}

async fn list(State(service): Shared, headers: HeaderMap) -> Response {
    let world = &service.world;
    answer(&service, signed_in(&service, &headers).map(|()| applications::list(world)))
}

async fn show(State(service): Shared, segments: Segments, headers: HeaderMap) -> Response {
    let world = &service.world;
    answer(&service, signed_in(&service, &headers).and_then(|()| applications::show(world, segments.get(2))))
}

async fn delete(State(service): Shared, segments: Segments, headers: HeaderMap) -> Response {
    let world = &service.world;
    answer(&service, signed_in(&service, &headers).and_then(|()| applications::delete(world, segments.get(2))))
}

async fn link(State(service): Shared, segments: Segments, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await;
    let signed_in = signed_in(&service, &parts.headers);
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
    let listed = signed_in(&service, &headers).map(|()| json!({ "requests": service.log.shown(is_wanted) }));
    answer(&service, listed)
}

async fn send_link(State(service): Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await;
    answer(&service, body.and_then(|body| login::send_link(&service, &body)))
}

async fn sign_in(State(service): Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read(&parts.headers, body).await;
    answer(&service, body.and_then(|body| login::sign_in(&service, &body)))
}

async fn renew(State(service): Shared, request: Request) -> Response {
    let form = bytes(request.into_body()).await;
    answer(&service, form.and_then(|form| login::renew(&service, &form)))
}

/// Checks the token of a user who is signed in to the control panel: one of a login, or that of the start.
fn signed_in(service: &Service, headers: &HeaderMap) -> Result<(), Refusal> {
    let world = &service.world;
    let is_known = |token: &str| token == world.registration_token || service.logins.accepts(token, world.clock.now());
    if bearer(headers).is_some_and(is_known) {
        return Ok(());
    }
    Err(Refusal::token("the token is neither one of a login nor the one that the sandbox printed at its start"))
}

fn answer(service: &Service, answer: Result<Value, Refusal>) -> Response {
    respond(answer, service.world.edition)
}
