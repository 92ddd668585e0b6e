//! What holds at the sandbox and at the live service alike, in one suite for both.
//!
//! The live service is asked too where `TILISY_TEST_LIVE` is set, beside the application's id and key as
//! `Credentials::from_env` wants them. `TILISY_TEST_SESSION`, the id of a session that a PSU has authorized for that
//! application, lets the accounts be read as well; the session is left open.

use std::time::Duration;

use tilisy_client::chrono::{NaiveDate, Utc};
use tilisy_client::consent::{Redirect, State, valid_until};
use tilisy_client::types::{
    Access, Aspsp, AuthorizeSessionRequest, ErrorCode, SessionStatus, StartAuthorizationRequest,
};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, Error, ErrorKind};
use tilisy_sandbox::{Edition, FIXED_DAY, Sandbox};
use xtask::workspace;

/// A service, with what is known of it.
struct Place {
    name: &'static str,
    client: Client,
    /// A client of the same service that signs with a key which is not the application's.
    stranger: Client,
    /// An authorized session, if there is one.
    session: Option<Uuid>,
    _sandbox: Option<Sandbox>,
}

/// A key that no application has.
fn other_key() -> String {
    std::fs::read_to_string(workspace().unwrap().join("enablebanking-core/tests/keys/rsa2048.pkcs8.pem")).unwrap()
}

async fn sandbox() -> Place {
    let sandbox = Sandbox::builder().edition(Edition::Document2020).newest_day(FIXED_DAY).start().await.unwrap();
    let host = ApiHost::custom(sandbox.url(), sandbox.audience());
    let id = sandbox.application_id().to_string();
    let client = |pem: &str| {
        let credentials = Credentials::from_pem(&id, pem).unwrap();
        Client::builder(credentials).host(host.clone()).build().unwrap()
    };
    let (client, stranger) = (client(sandbox.private_key_pem()), client(&other_key()));
    let state = State::generate().unwrap();
    let redirect = client.application().await.unwrap().redirect_urls[0].clone();
    let request = authorization(Aspsp::new("NO", "Fjordbanken"), &redirect, &state);
    let link = client.start_authorization(&request).await.unwrap().link().unwrap();
    let code = Redirect::parse(&sandbox.approve(&link).unwrap(), &state).unwrap();
    let session = client.authorize_session(&code.into()).await.unwrap().session_id;
    Place { name: "the sandbox", client, stranger, session: Some(session), _sandbox: Some(sandbox) }
}

async fn live() -> Option<Place> {
    std::env::var_os("TILISY_TEST_LIVE")?;
    let host = ApiHost::EnableBanking;
    let credentials = Credentials::from_env().expect("an application's id and key beside TILISY_TEST_LIVE");
    let client = Client::builder(credentials).host(host.clone()).build().unwrap();
    let id = std::env::var("TILISY_APPLICATION_ID").unwrap();
    let credentials = Credentials::from_pem(&id, other_key()).unwrap();
    let stranger = Client::builder(credentials).host(host).build().unwrap();
    let session = std::env::var("TILISY_TEST_SESSION").ok();
    let session = session.map(|id| id.parse().expect("TILISY_TEST_SESSION is the id of a session"));
    Some(Place { name: "the live service", client, stranger, session, _sandbox: None })
}

/// Everywhere that can be reached from here.
async fn places() -> Vec<Place> {
    [Some(sandbox().await), live().await].into_iter().flatten().collect()
}

fn authorization(bank: Aspsp, redirect: &str, state: &State) -> StartAuthorizationRequest {
    let access = Access::new(valid_until(Utc::now(), Duration::from_secs(86_400), None));
    StartAuthorizationRequest::new(access, bank, redirect, state.as_str())
}

fn code_of<T>(outcome: Result<T, Error>) -> ErrorCode {
    let error = outcome.err().expect("an error");
    assert_eq!(error.kind(), ErrorKind::Api, "{error}");
    error.code().expect("an error code").clone()
}

#[tokio::test]
async fn banks_and_application_are_told() {
    for Place { name, client, .. } in &places().await {
        let application = client.application().await.unwrap();
        assert!(application.active && !application.redirect_urls.is_empty(), "{name}");
        let banks = client.aspsps().country("FI").await.unwrap().aspsps;
        assert!(!banks.is_empty() && banks.iter().all(|bank| bank.country == "FI"), "{name}");
        let all = client.aspsps().await.unwrap().aspsps;
        assert!(all.len() > banks.len(), "{name}");
    }
}

#[tokio::test]
async fn an_authorization_gives_a_link() {
    for Place { name, client, .. } in &places().await {
        let redirect = client.application().await.unwrap().redirect_urls[0].clone();
        let bank = client.aspsps().country("FI").await.unwrap().aspsps.remove(0);
        let request = authorization(Aspsp::new(bank.country, bank.name), &redirect, &State::generate().unwrap());
        let answer = client.start_authorization(&request).await.unwrap();
        assert!(answer.link().is_ok(), "{name}");
    }
}

#[tokio::test]
async fn accounts_of_a_session_are_read() {
    for Place { name, client, session, .. } in &places().await {
        let Some(session) = session else { continue };
        let shown = client.session(session).await.unwrap();
        assert_eq!(shown.status, SessionStatus::Authorized, "{name}");
        let mut all = 0;
        for account in &shown.accounts {
            let balances = client.account_balances(account).await.unwrap().balances;
            assert!(balances.iter().all(|balance| !balance.balance_amount.currency.is_empty()), "{name}");
            let mut rows = client.account_transactions(account).stream().limit(10);
            let mut read = 0;
            while rows.try_next().await.unwrap().is_some() {
                read += 1;
            }
            assert!(read <= 10, "{name}");
            all += read;
        }
        // Real accounts may be empty, those of the sandbox are not.
        assert!(all > 0 || *name != "the sandbox");
    }
}

#[tokio::test]
async fn what_is_wrong_has_its_code() {
    for Place { name, client, stranger, session, .. } in &places().await {
        let nobody = Uuid::from_bytes(*b"nobody knows it!");
        let redirect = client.application().await.unwrap().redirect_urls[0].clone();
        let bank = client.aspsps().country("FI").await.unwrap().aspsps.remove(0);
        let bank = || Aspsp::new(bank.country.clone(), bank.name.clone());
        let state = State::generate().unwrap();
        let start = |bank, redirect: &str| authorization(bank, redirect, &state);
        let unknown = start(Aspsp::new("FI", "No such bank"), &redirect);
        let elsewhere = start(bank(), "https://example.org/not-registered");
        let mut found = vec![
            code_of(stranger.application().await),
            code_of(client.start_authorization(&unknown).await),
            code_of(client.start_authorization(&elsewhere).await),
            code_of(client.authorize_session(&AuthorizeSessionRequest::new(nobody.to_string())).await),
            code_of(client.session(&nobody).await),
            code_of(client.account_balances(&nobody).await),
        ];
        let mut expected = vec![
            ErrorCode::UnauthorizedAccess,
            ErrorCode::WrongAspspProvided,
            ErrorCode::RedirectUriNotAllowed,
            ErrorCode::WrongAuthorizationCode,
            ErrorCode::SessionDoesNotExist,
            ErrorCode::AccountDoesNotExist,
        ];
        if let Some(session) = session {
            let account = client.session(session).await.unwrap().accounts[0];
            let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
            found.push(code_of(client.account_transactions(&account).date_to(day(2)).await));
            expected.push(ErrorCode::DateToWithoutDateFrom);
            found.push(code_of(client.account_transactions(&account).date_from(day(2)).date_to(day(1)).await));
            expected.push(ErrorCode::WrongDateInterval);
        }
        assert_eq!(found, expected, "{name}");
    }
}
