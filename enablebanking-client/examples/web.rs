//! A web application with several users on axum: `cargo run -p enablebanking-client --example web`
//!
//! | Path | |
//! | --- | --- |
//! | `/` | the accounts of the user |
//! | `/connect/FI/Nordea` | starts a consent and redirects to the bank |
//! | `/callback` | the redirect address: it must be registered for the application |
//! | `/transactions` | the transactions that the background task has read |
//!
//! Set `ENABLEBANKING_APPLICATION_ID` and `ENABLEBANKING_PRIVATE_KEY_FILE` first. Optional: `WEB_ADDRESS` (default
//! `127.0.0.1:3000`), `WEB_URL`, the address that browsers see (default `http://` and the address), and
//! `ENABLEBANKING_HOST`, the URL of another server with the same API.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it got")]

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use enablebanking_client::chrono::{NaiveDate, TimeDelta, Utc};
use enablebanking_client::types::{
    Access, AccountUid, StartAuthorizationRequest, Transaction, TransactionsFetchStrategy,
};
// `State` and `Redirect` are axum's here. Those of the client are `consent::State` and `consent::Redirect`.
use enablebanking_client::{ApiHost, Client, Credentials, ErrorKind, StoredSession, consent};
use tokio::net::TcpListener;

/// The interval of the background task. Without the PSU, many banks allow four reads a day for each account.
const NIGHT: Duration = Duration::from_secs(86_400);

#[derive(Clone)]
struct App {
    client: Client,
    redirect_url: Arc<str>,
    store: Arc<Mutex<Store>>,
}

/// The data of an application, which belongs in a database.
#[derive(Default)]
struct Store {
    /// Consents that have started, by their state. A real application removes those that were not finished within an hour.
    attempts: HashMap<String, Attempt>,
    users: HashMap<String, User>,
}

struct Attempt {
    /// The user in whose browser the consent started.
    user: String,
    state: consent::State,
}

#[derive(Default)]
struct User {
    sessions: Vec<StoredSession>,
    transactions: HashMap<AccountUid, Vec<Transaction>>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name| std::env::var(name).ok();
    let mut builder = Client::builder(Credentials::from_env()?);
    if let Some(url) = variable("ENABLEBANKING_HOST") {
        builder = builder.host(ApiHost::custom(url, "api.enablebanking.com"));
    }
    let listener = TcpListener::bind(variable("WEB_ADDRESS").as_deref().unwrap_or("127.0.0.1:3000")).await?;
    let url = match variable("WEB_URL") {
        Some(url) => url,
        None => format!("http://{}", listener.local_addr()?),
    };
    println!("listening on {url}");
    let app = App { client: builder.build()?, redirect_url: format!("{url}/callback").into(), store: Arc::default() };

    tokio::spawn(read_every_night(app.clone()));
    let router = Router::new()
        .route("/", get(accounts))
        .route("/connect/{country}/{bank}", get(connect))
        .route("/callback", get(callback))
        .route("/transactions", get(transactions))
        .with_state(app);
    axum::serve(listener, router).await?;
    Ok(())
}

impl Store {
    /// Returns whether a user's cookie was issued here.
    fn has(&self, user: &str) -> bool {
        self.users.contains_key(user) || self.attempts.values().any(|attempt| attempt.user == user)
    }
}

impl App {
    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lists the accounts of the user.
async fn accounts(State(app): State<App>, headers: HeaderMap) -> String {
    let store = app.store();
    let Some(user) = user_of(&headers).and_then(|user| store.users.get(user)) else {
        return "no accounts yet: open /connect/COUNTRY/BANK\n".to_owned();
    };
    let mut page = String::new();
    for session in &user.sessions {
        page += &format!("{}, until {}\n", session.bank_name, session.valid_until.date_naive());
        for account in &session.accounts {
            let product = account.account().ok().and_then(|account| account.product);
            page += &format!("  {} {}\n", product.as_deref().unwrap_or("Account"), account.currency);
        }
    }
    page
}

/// Starts a consent, and redirects the browser to the bank.
async fn connect(
    State(app): State<App>,
    Path((country, bank)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let banks = app.client.aspsps().country(country).await?.aspsps;
    let Some(bank) = banks.iter().find(|listed| listed.name == bank) else {
        return Ok((StatusCode::NOT_FOUND, "no bank has this name\n").into_response());
    };
    let state = consent::State::generate()?;
    let access = Access::new(bank.valid_until(Utc::now(), Duration::from_secs(180 * 86_400)));
    let request = StartAuthorizationRequest::new(access, bank.to_aspsp(), &*app.redirect_url, state.as_str());
    let link = app.client.start_authorization(&request).await?.link()?;

    // A real application has a login, and issues a new cookie at each login. This one takes 256 random bits. Cookies that it
    // did not issue are replaced: someone else may have planted them.
    let user = match user_of(&headers).filter(|user| app.store().has(user)) {
        Some(user) => user.to_owned(),
        None => consent::State::generate()?.as_str().to_owned(),
    };
    // `Lax`, because the browser comes back from another site. Add `Secure` where the application is served over https.
    let cookie = format!("user={user}; Path=/; HttpOnly; SameSite=Lax");
    app.store().attempts.insert(state.as_str().to_owned(), Attempt { user, state });
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&link)).into_response())
}

/// Turns the code with which the browser comes back into a session.
async fn callback(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let attempt = {
        let mut store = app.store();
        // Anyone can send a state. It counts only in the browser in which this consent started.
        let state = consent::Redirect::unverified_state(&query).filter(|state| {
            let attempt = store.attempts.get(state);
            attempt.is_some_and(|attempt| user_of(&headers) == Some(attempt.user.as_str()))
        });
        // A state is good for one return.
        state.and_then(|state| store.attempts.remove(&state))
    };
    let Some(Attempt { user, state }) = attempt else {
        return Ok((StatusCode::FORBIDDEN, "this browser has not started this consent\n").into_response());
    };
    let code = match consent::Redirect::parse(&query, &state) {
        Ok(code) => code,
        // `denial()` has the reason, in words of the bank.
        Err(error) => return Ok((StatusCode::BAD_REQUEST, format!("{error}\n")).into_response()),
    };
    let session = StoredSession::new(&app.client.authorize_session(&code.into()).await?);
    app.store().users.entry(user.clone()).or_default().sessions.push(session.clone());

    // The whole history, which most banks return for about an hour after a consent. The browser does not wait for it.
    tokio::spawn(async move { read(&app, &user, &session, None).await });
    Ok(Redirect::to("/").into_response())
}

/// Lists the transactions that have been read for the user.
async fn transactions(State(app): State<App>, headers: HeaderMap) -> String {
    let store = app.store();
    let user = user_of(&headers).and_then(|user| store.users.get(user));
    let mut page = String::new();
    for transaction in user.iter().flat_map(|user| user.transactions.values().flatten()) {
        let amount = transaction.signed_amount().unwrap_or(transaction.transaction_amount.amount);
        let (currency, party) = (&transaction.transaction_amount.currency, transaction.counterparty());
        page += &format!("{amount} {currency} {}\n", party.unwrap_or_default());
    }
    page
}

/// Reads the accounts of all users, once a night.
async fn read_every_night(app: App) {
    loop {
        tokio::time::sleep(NIGHT).await;
        let sessions: Vec<_> = {
            let store = app.store();
            let users = store.users.iter();
            users.flat_map(|(name, user)| user.sessions.iter().map(|session| (name.clone(), session.clone()))).collect()
        };
        // Some transactions are booked late.
        let from = Utc::now().date_naive() - TimeDelta::days(10);
        for (user, session) in sessions {
            read(&app, &user, &session, Some(from)).await;
        }
    }
}

/// Reads all accounts of a session, from a day on or as far back as the bank allows.
async fn read(app: &App, user: &str, session: &StoredSession, from: Option<NaiveDate>) {
    let accounts = session.accounts.iter().filter_map(|account| account.uid);
    let mut rows = app.client.transactions_of(accounts).each(move |request| match from {
        Some(day) => request.date_from(day),
        None => request.strategy(TransactionsFetchStrategy::Longest),
    });
    let mut read: HashMap<AccountUid, Vec<Transaction>> = HashMap::new();
    while let Some((account, row)) = rows.next().await {
        match row {
            Ok(row) => read.entry(account).or_default().push(row),
            Err(error) if error.kind() == ErrorKind::BadRow => eprintln!("left out: {error}"),
            // The consent has ended, or the PSU cannot access this account any more. Show the user a link to `/connect/…`.
            Err(error) if error.needs_new_consent() => {
                eprintln!("an account at {} needs a new consent", session.bank_name)
            }
            Err(error) if error.is_rate_limited() => eprintln!("too many requests: next try tomorrow"),
            Err(error) => eprintln!("an account was not read to its end: {error}"),
        }
    }
    // A real application adds new transactions to those that it has.
    app.store().users.entry(user.to_owned()).or_default().transactions.extend(read);
}

/// Returns the user whose browser sent a request.
fn user_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|cookies| cookies.split("; ")).find_map(|cookie| cookie.strip_prefix("user="))
}

/// An error that ends a request. The browser does not see the reason.
struct Failure(Box<dyn Error + Send + Sync>);

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        // Messages of the client's errors contain no personal data.
        eprintln!("{}", self.0);
        (StatusCode::BAD_GATEWAY, "the bank cannot be reached: please try again later\n").into_response()
    }
}
