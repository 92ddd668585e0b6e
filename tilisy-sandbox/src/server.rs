//! HTTP: which request is which operation, and that every answer is JSON.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::body::{read, read_optional};
use crate::call::Call;
use crate::consent;
use crate::control;
use crate::edition::Edition;
use crate::key::DEVELOPMENT_CERTIFICATE;
use crate::log::Kept;
use crate::names::Names;
use crate::operations::{Operation, accounts, authorization, misc, payments, sessions};
use crate::panel;
use crate::path::Segments;
use crate::pay;
use crate::payments::webhook::CERTIFICATE_PATH;
use crate::quirk::Quirks;
use crate::refusal::{Code, Refusal};
use crate::rehearsal::rehearsed;
use crate::respond::{respond, respond_oddly};
use crate::scenario::Scenario;
use crate::service::{Defaults, Service};
use crate::settlement::settle;
use crate::token::caller;
use crate::webhooks;

type Shared = Arc<Service>;

/// The pause after the system refuses a connection, for example because too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// The address of the caller.
#[derive(Clone, Copy, Debug)]
struct Peer(IpAddr);

/// Serves until the other end of the channel is dropped.
pub(crate) fn spawn(
    listener: TcpListener,
    service: Arc<Service>,
    header_limit: Duration,
    created: UnboundedReceiver<Uuid>,
    stopped: oneshot::Receiver<()>,
) {
    let router = router(Arc::clone(&service));
    tokio::spawn(async move {
        // Connections end with the sandbox: a test that has stopped it must not be answered.
        tokio::select! {
            _ = stopped => {}
            () = serve(listener, router, header_limit) => {}
            () = webhooks::run(service, created) => {}
        }
    });
}

/// Accepts connections. Those that send no complete header in time are closed, so that they do not add up.
async fn serve(listener: TcpListener, router: Router, header_limit: Duration) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(header_limit);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let inner = TowerToHyperService::new(router.clone());
                    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                        request.extensions_mut().insert(Peer(peer.ip()));
                        inner.call(request)
                    });
                    connections.spawn(http.serve_connection(TokioIo::new(stream), service));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

fn router(service: Shared) -> Router {
    Router::new()
        .route("/aspsps", get(operation(misc::aspsps)))
        .route("/application", get(operation(misc::application)))
        .route("/auth", post(operation(authorization::start)))
        .route("/sessions", post(operation(sessions::authorize)))
        .route("/sessions/{session_id}", get(operation(sessions::show)).delete(operation(sessions::delete)))
        .route("/accounts/{account_id}/balances", get(operation(accounts::balances)))
        .route("/accounts/{account_id}/transactions", get(operation(accounts::transactions)))
        .merge(current(service.world.edition))
        .merge(panel::router())
        .merge(if service.is_controlled { control::router() } else { Router::new() })
        .route("/consent/{id}", consent_page())
        .fallback(|| async { Refusal::uncoded(404, "there is nothing at this path") })
        .method_not_allowed_fallback(|| async { Refusal::uncoded(405, "this path does not take this method") })
        .layer(from_fn_with_state(Arc::clone(&service.rehearsal), rehearsed))
        .layer(from_fn_with_state(Arc::clone(&service), from_here))
        .layer(from_fn_with_state(Arc::clone(&service), dated))
        .with_state(service)
}

/// Returns the operations that only the current edition has.
fn current(edition: Edition) -> Router<Shared> {
    if !edition.is_current() {
        return Router::new();
    }
    Router::new()
        .merge(payment_routes())
        // The service has it, and its description does not. It needs no token.
        .route("/health", get(|State(service): State<Shared>| async move { healthy(&service) }))
        .route("/accounts/{account_id}/details", get(operation(accounts::details)))
        .route("/accounts/{account_id}/transactions/{transaction_id}", get(operation(accounts::transaction_details)))
}

/// Returns the operations of payments, the bank's page for them, and the certificate of webhooks.
fn payment_routes() -> Router<Shared> {
    Router::new()
        .route("/payments", post(operation(payments::create)))
        .route("/payments/{payment_id}", get(operation(payments::show)).delete(operation(payments::delete)))
        .route("/payments/{payment_id}/submit", post(operation(payments::submit)))
        .route("/payments/{payment_id}/transactions/{transaction_id}", get(operation(payments::transaction)))
        .route("/pay/{payment_id}", get(pay::show).post(pay::submit))
        .route(CERTIFICATE_PATH, get(certificate))
}

fn healthy(service: &Service) -> Response {
    respond(Ok(json!({ "status": "OK" })), service.world.edition)
}

/// Tells the time by the sandbox's own clock, as a service tells it by its own.
async fn dated(State(service): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let now = service.world.clock.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let (false, Ok(now)) = (response.headers().contains_key(header::DATE), now.parse()) {
        response.headers_mut().insert(header::DATE, now);
    }
    response
}

/// Refuses requests that a page of another site may have sent: under a name that leads here only because its owner says
/// so, or with a method that changes something.
async fn from_here(State(service): State<Shared>, request: Request, next: Next) -> Response {
    match refused(&service.world.names, &request) {
        Some(why) => Refusal::new(Code::InvalidHost, why).in_edition(service.world.edition).into_response(),
        None => next.run(request).await,
    }
}

fn refused(names: &Names, request: &Request) -> Option<&'static str> {
    let headers = request.headers();
    let mut hosts = headers.get_all(header::HOST).iter();
    let is_ours = |value: &HeaderValue| value.to_str().is_ok_and(|host| names.has(host));
    if !(hosts.next().is_some_and(is_ours) && hosts.next().is_none()) {
        return Some("the header `Host` does not name this machine");
    }
    if request.uri().authority().is_some_and(|authority| !names.has(authority.as_str())) {
        return Some("the address does not name this machine");
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return None;
    }
    let site = headers.get_all("sec-fetch-site");
    if site.iter().any(|site| !["same-origin", "same-site", "none"].iter().any(|ours| site == ours)) {
        return Some("the header `Sec-Fetch-Site` names another site");
    }
    let is_ours = |origin: &HeaderValue| match origin.to_str() {
        // A page hides its origin from this machine only if it is a page of another one, or the browser says otherwise.
        Ok("null") => site.iter().next().is_some(),
        Ok(origin) => ["http://", "https://"].iter().any(|start| {
            let start = origin.get(..start.len()).filter(|own| own.eq_ignore_ascii_case(start));
            start.and_then(|start| origin.get(start.len()..)).is_some_and(|host| names.has(host))
        }),
        Err(_) => false,
    };
    let is_foreign = headers.get_all(header::ORIGIN).iter().any(|origin| !is_ours(origin));
    is_foreign.then_some("the header `Origin` names another site")
}

fn consent_page() -> MethodRouter<Shared> {
    get(consent::show).post(consent::submit)
}

/// Returns a handler that reads the request, identifies the caller, and answers.
fn operation(answer: Operation) -> impl Fn(State<Shared>, Request) -> Answered + Clone + Send + Sync + 'static {
    move |State(service), request| {
        Box::pin(async move {
            let world = &service.world;
            let Defaults { scenario, quirks } = service.defaults().clone();
            let quirks = match Quirks::read(request.headers(), quirks) {
                Ok(quirks) => quirks,
                Err(refusal) => return respond(Err(refusal), world.edition),
            };
            let key = listed_under(request.uri().path());
            let mut kept = Kept::new(&request, service.request_id(), world.clock.now());
            let (answer, mut quirks) = match Scenario::read(request.headers(), scenario) {
                Ok(scenario) => answer_to(&service, request, scenario, quirks, answer, &mut kept).await,
                Err(refusal) => (Err(refusal), quirks),
            };
            kept.error = answer.as_ref().err().and_then(|refusal| refusal.clone().in_edition(world.edition).code());
            quirks.number(|| service.next_number());
            let mut response = respond_oddly(answer, &quirks, key, world.edition);
            kept.status = response.status().as_u16();
            if let Ok(id) = HeaderValue::from_str(&kept.id.to_string()) {
                response.headers_mut().insert("x-request-id", id);
            }
            service.log.keep(kept);
            response
        })
    }
}

type Answered = std::pin::Pin<Box<dyn Future<Output = Response> + Send>>;

/// Answers a request, and returns the quirks of the response: those of its bank are added.
async fn answer_to(
    service: &Service,
    request: Request,
    scenario: Scenario,
    quirks: Quirks,
    answer: Operation,
    kept: &mut Kept,
) -> (Result<Value, Refusal>, Quirks) {
    let world = &service.world;
    let (mut parts, body) = request.into_parts();
    if let Some(token) = scenario.spoils_token() {
        parts.headers.remove(header::AUTHORIZATION);
        parts.headers.extend(token.map(|token| (header::AUTHORIZATION, HeaderValue::from_static(token))));
    }
    let application = match caller(&parts.headers, service) {
        Ok(application) => application,
        Err(refusal) => return (Err(refusal), quirks),
    };
    kept.application = Some(application.id);
    let body = match parts.method {
        Method::POST if parts.uri.path().ends_with("/submit") => read_optional(&parts.headers, body).await,
        Method::POST => read(&parts.headers, body).await,
        _ => Ok(Value::Null),
    };
    let query = parts.uri.query().unwrap_or_default();
    let mut query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if let Some(name) = repeated(&query) {
        return (Err(Refusal::parameters(format!("the query has `{name}` more than once"))), quirks);
    }
    scenario.query(&mut query);
    let body = match body {
        Ok(body) => scenario.body(body),
        Err(refusal) => return (Err(refusal), quirks),
    };
    let Segments(path) = Segments::of(parts.uri.path());
    let quirks = RefCell::new(quirks);
    let subject = Cell::new(None);
    let call = Call { world, application, headers: &parts.headers, path, query, body, scenario, quirks, subject };
    settle(world);
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let answer = check_caller(&call, peer).and_then(|()| answer(&call));
    kept.session = call.subject.take();
    (answer, call.quirks.into_inner())
}

/// Refuses callers from addresses that the application does not allow.
fn check_caller(call: &Call<'_>, peer: Option<IpAddr>) -> Result<(), Refusal> {
    if call.scenario.is(Code::InvalidHost) {
        return Err(Refusal::new(Code::InvalidHost, "the service is not to be reached under this name"));
    }
    let allowed = &call.application.addresses;
    let is_foreign = !allowed.is_empty() && peer.is_none_or(|peer| !allowed.contains(&peer));
    if is_foreign || call.scenario.is(Code::UnauthorizedIp) {
        return Err(Refusal::new(Code::UnauthorizedIp, "the application may not call from this address"));
    }
    Ok(())
}

/// Returns the key under which lists have what the response to a path has; quirks go by it.
fn listed_under(path: &str) -> &'static str {
    let mut segments = path.split('/').skip(1);
    match (segments.next(), segments.nth(1), segments.next()) {
        (Some("accounts"), Some("transactions"), Some(_)) => "transactions[]",
        (Some("accounts"), Some("details"), None) => "accounts[]",
        _ => "",
    }
}

/// Returns the name of a parameter that a query has more than once. Names of strangers are not repeated.
fn repeated(query: &[(String, String)]) -> Option<&'static str> {
    const KNOWN: &[&str] = &[
        "continuation_key",
        "country",
        "date_from",
        "date_to",
        "payment_type",
        "psu_type",
        "service",
        "strategy",
        "transaction_status",
    ];
    KNOWN.iter().copied().find(|known| query.iter().filter(|(name, _)| name == known).count() > 1)
}

/// Sends the certificate with which webhooks are verified.
async fn certificate() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/x-pem-file")], DEVELOPMENT_CERTIFICATE)
}
