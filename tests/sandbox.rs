//! The client against the sandbox: the way of a consent, whole histories, every error code, every odd answer.
//! `live.rs` has what holds at the live service as well.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tilisy_client::chrono::Utc;
use tilisy_client::consent::{DenialCode, Redirect, RedirectError, State, valid_until};
use tilisy_client::types::{
    Access, Aspsp, AuthorizeSessionRequest, AuthorizeSessionResponse, ErrorCode, GetApplicationResponse, SessionStatus,
    StartAuthorizationRequest,
};
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, Error, ErrorClass, ErrorKind, PsuHeaders, Response};
use tilisy_sandbox::{Clock, Edition, FIXED_DAY, Reply, Sandbox};

const REDIRECT: &str = "http://127.0.0.1:8080/redirect";

fn client(sandbox: &Sandbox) -> Client {
    let id = sandbox.application_id().to_string();
    let credentials = Credentials::from_pem(&id, sandbox.private_key_pem()).unwrap();
    Client::builder(credentials).host(ApiHost::custom(sandbox.url(), sandbox.audience())).build().unwrap()
}

async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().edition(Edition::Document2020).newest_day(FIXED_DAY).start().await.unwrap();
    let client = client(&sandbox);
    (sandbox, client)
}

fn request(state: &State, country: &str, bank: &str) -> StartAuthorizationRequest {
    let access = Access::new(valid_until(Utc::now(), Duration::from_secs(86_400), None));
    StartAuthorizationRequest::new(access, Aspsp::new(country, bank), REDIRECT, state.as_str())
}

/// Where the PSU is sent to, and the state that has to come back.
async fn link(client: &Client, country: &str, bank: &str) -> (String, State) {
    let state = State::generate().unwrap();
    let answer = client.start_authorization(&request(&state, country, bank)).await.unwrap();
    (answer.link().unwrap(), state)
}

async fn session(sandbox: &Sandbox, client: &Client) -> AuthorizeSessionResponse {
    let (link, state) = link(client, "NO", "Fjordbanken").await;
    let code = Redirect::parse(&sandbox.approve(&link).unwrap(), &state).unwrap();
    client.authorize_session(&code.into()).await.unwrap()
}

fn uid(session: &AuthorizeSessionResponse, nth: usize) -> Uuid {
    session.accounts[nth].uid.unwrap()
}

#[tokio::test]
async fn a_consent_goes_from_link_to_session_to_end() {
    let (sandbox, client) = start().await;
    let session = session(&sandbox, &client).await;
    assert_eq!(session.accounts.len(), 4);
    let shown = client.session(&session.session_id).await.unwrap();
    assert_eq!(shown.status, SessionStatus::Authorized);
    assert_eq!(shown.accounts, session.accounts.iter().filter_map(|account| account.uid).collect::<Vec<_>>());
    let balances = client.account_balances(&uid(&session, 0)).await.unwrap().balances;
    assert_eq!(balances, session.accounts[0].balances);
    client.delete_session(&session.session_id).await.unwrap();
    assert_eq!(client.session(&session.session_id).await.unwrap().status, SessionStatus::Closed);
}

#[tokio::test]
async fn a_denial_is_told_as_one() {
    let (sandbox, client) = start().await;
    let (link, state) = link(&client, "NO", "Fjordbanken").await;
    match Redirect::parse(&sandbox.deny(&link).unwrap(), &state) {
        Err(RedirectError::Denied(denial)) => {
            assert_eq!(denial.code(), &DenialCode::AccessDenied);
            assert_eq!(denial.description(), Some("Denied data sharing consent"));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_whole_history_comes_once_over_an_empty_page() {
    let (sandbox, client) = start().await;
    let session = session(&sandbox, &client).await;
    let mut rows = client.account_transactions(&uid(&session, 0)).stream();
    let mut references = BTreeSet::new();
    while let Some(row) = rows.try_next().await.unwrap() {
        assert!(references.insert(row.entry_reference.unwrap()));
    }
    assert_eq!(references.len(), 1000);
    let mut none = client.account_transactions(&uid(&session, 3)).stream();
    assert!(none.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_repeated_key_ends_a_stream_with_an_error() {
    let (sandbox, client) = start().await;
    let session = session(&sandbox, &client).await;
    let mut pages = client.account_transactions(&uid(&session, 0)).pages();
    pages.try_next().await.unwrap().unwrap();
    sandbox.set_scenario(Some("REPEATED_KEY")).unwrap();
    // The rows of the second page are not those of the first.
    pages.try_next().await.unwrap().unwrap();
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RepeatedPage);
}

/// The error of a call that this scenario is about.
async fn provoked(sandbox: &Sandbox, client: &Client, session: &AuthorizeSessionResponse, name: &str) -> Error {
    let (link, state) = link(client, "NO", "Fjordbanken").await;
    let code = Redirect::parse(&sandbox.approve(&link).unwrap(), &state).unwrap();
    let code: AuthorizeSessionRequest = code.into();
    sandbox.set_scenario(Some(name)).unwrap();
    let error = match name {
        "WRONG_ASPSP_PROVIDED" | "REDIRECT_URI_NOT_ALLOWED" => {
            client.start_authorization(&request(&state, "NO", "Fjordbanken")).await.err()
        }
        "EXPIRED_AUTHORIZATION_CODE" | "WRONG_AUTHORIZATION_CODE" | "NO_ACCOUNTS_ADDED" => {
            client.authorize_session(&code).await.err()
        }
        "SESSION_DOES_NOT_EXIST" => client.session(&session.session_id).await.err(),
        _ => client.account_transactions(&uid(session, 0)).await.err(),
    };
    sandbox.set_scenario(None).unwrap();
    error.unwrap_or_else(|| panic!("{name}: no error"))
}

#[tokio::test]
async fn every_error_code_says_what_to_do() {
    let (sandbox, client) = start().await;
    let session = session(&sandbox, &client).await;
    let spec: serde_json::Value = serde_yaml::from_str(include_str!("../spec/tilisy.yaml")).unwrap();
    let values = spec["components"]["schemas"]["ErrorCode"]["oneOf"].as_array().unwrap();
    let listed: Vec<ErrorCode> = values.iter().map(|value| value["enum"][0].as_str().unwrap().into()).collect();
    assert_eq!(listed.len(), 16);
    let mut classes = Vec::new();
    for code in listed {
        let name = code.to_string();
        let error = provoked(&sandbox, &client, &session, &name).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Api, Some(&code)), "{name}");
        classes.push((name, error.class()));
    }
    let of = |class: ErrorClass| -> Vec<&str> {
        classes.iter().filter(|(_, other)| *other == class).map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(of(ErrorClass::Auth), ["UNAUTHORIZED_ACCESS"]);
    assert_eq!(of(ErrorClass::Bank), ["ASPSP_ERROR"]);
    assert!(of(ErrorClass::Consent).contains(&"EXPIRED_SESSION"), "{classes:?}");
    assert!(of(ErrorClass::Request).contains(&"WRONG_REQUEST_PARAMETERS"), "{classes:?}");
}

#[tokio::test]
async fn a_client_with_psu_headers_reads_where_they_are_wanted() {
    let (sandbox, client) = start().await;
    let (link, state) = link(&client, "SE", "Fjällkassan").await;
    let code = Redirect::parse(&sandbox.approve(&link).unwrap(), &state).unwrap();
    let session = client.authorize_session(&code.into()).await.unwrap();
    let error = client.account_balances(&uid(&session, 0)).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::PsuHeaderNotProvided));
    let headers = PsuHeaders::new("203.0.113.7".parse().unwrap(), "Mozilla/5.0").unwrap();
    client.with_psu(headers).account_balances(&uid(&session, 0)).await.unwrap();
}

#[tokio::test]
async fn too_many_unattended_fetches_say_when_to_come_back() {
    let clock = Clock::default();
    let sandbox = Sandbox::builder()
        .edition(Edition::Document2020)
        .newest_day(FIXED_DAY)
        .count_unattended(true)
        .clock(clock)
        .start()
        .await
        .unwrap();
    let client = client(&sandbox);
    let session = session(&sandbox, &client).await;
    for _ in 0..4 {
        client.account_balances(&uid(&session, 0)).await.unwrap();
    }
    let error = client.account_balances(&uid(&session, 0)).await.unwrap_err();
    assert!(error.is_rate_limited() && error.retry_after().is_some_and(|wait| wait > Duration::from_secs(86_000)));
}

/// A clock that is off by so many seconds.
struct Off(i64);

impl tilisy_client::Clock for Off {
    fn now(&self) -> SystemTime {
        let off = Duration::from_secs(self.0.unsigned_abs());
        if self.0 < 0 { SystemTime::now() - off } else { SystemTime::now() + off }
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_corrected_by_that_of_the_service() {
    let sandbox = Sandbox::builder().edition(Edition::Document2020).newest_day(FIXED_DAY).start().await.unwrap();
    for (off, attempts) in [(0, 1), (-120, 1), (120, 2), (86_400, 2), (-86_400, 2), (400 * 86_400, 2)] {
        let id = sandbox.application_id().to_string();
        let credentials = Credentials::from_pem(&id, sandbox.private_key_pem()).unwrap();
        let credentials = credentials.with_clock(Arc::new(Off(off)));
        let host = ApiHost::custom(sandbox.url(), sandbox.audience());
        let client = Client::builder(credentials).host(host).build().unwrap();
        // What can be sent once is not sent twice, even if it was refused at the door.
        let code = AuthorizeSessionRequest::new("code");
        let error = client.authorize_session(&code).await.unwrap_err();
        assert_eq!((error.is_auth(), error.attempts()), (attempts == 2, 1), "{off}");
        let sent = |outcome: Result<Response<GetApplicationResponse>, Error>| outcome.unwrap().meta().attempts();
        assert_eq!(sent(client.application().with_meta().await), attempts, "{off}");
        // It is remembered.
        assert_eq!(sent(client.application().with_meta().await), 1, "{off}");
        let error = client.authorize_session(&code).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::WrongAuthorizationCode), "{off}");
    }
}

#[tokio::test]
async fn clients_of_one_key_correct_their_clocks_each() {
    let sandbox = Sandbox::builder().edition(Edition::Document2020).newest_day(FIXED_DAY).start().await.unwrap();
    let id = sandbox.application_id().to_string();
    let credentials = Credentials::from_pem(&id, sandbox.private_key_pem()).unwrap().with_clock(Arc::new(Off(3600)));
    let host = ApiHost::custom(sandbox.url(), sandbox.audience());
    let client = || Client::builder(credentials.clone()).host(host.clone()).build().unwrap();
    let clients: Vec<_> = (0..20).map(|_| client()).collect();
    let calls: Vec<_> =
        clients.into_iter().map(|client| tokio::spawn(async move { client.application().await })).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    // And the calls of one client, all at once.
    let one = client();
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let client = one.clone();
            tokio::spawn(async move { client.application().await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_service_that_is_wrong_about_the_time_does_no_lasting_harm() {
    let (sandbox, client) = start().await;
    for date in [
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 2099 00:00:00 GMT",
        "Sat, 01 Jan 2022 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:10 GMT",
    ] {
        let refused = Reply::json(401, r#"{"error": "UNAUTHORIZED_ACCESS"}"#).header("date", date);
        sandbox.answer_next([refused.clone(), refused]).unwrap();
        client.application().await.unwrap_err();
        sandbox.answer_next([]).unwrap();
        // Not even what is never signed anew.
        let error = client.authorize_session(&AuthorizeSessionRequest::new("code")).await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::WrongAuthorizationCode), "{date}");
    }
}

#[tokio::test]
async fn a_refusal_that_is_not_about_the_clock_is_not_met_with_another_token() {
    let (sandbox, client) = start().await;
    let session = session(&sandbox, &client).await;
    let year = "date: Thu, 01 Jan 2043 00:00:00 GMT";
    let refused = |body: &str| {
        let (name, value) = year.split_once(": ").unwrap();
        Reply::json(401, body).header(name, value)
    };
    for (reply, attempts) in [
        (refused(r#"{"error": "EXPIRED_SESSION"}"#), 1),
        (Reply::json(401, r#"{"error": "UNAUTHORIZED_ACCESS"}"#), 1),
        (Reply::json(401, "{}").header("date", "Thu, 01 Jan 1970 00:00:00 GMT"), 1),
        (Reply::json(401, "{}").header("date", "tomorrow"), 1),
        (refused(r#"{"error": "UNAUTHORIZED_ACCESS"}"#), 2),
        // What was measured before was in vain, and is forgotten.
        (refused("<html>"), 2),
    ] {
        sandbox.answer_next([reply.repeated()]).unwrap();
        let error = client.account_balances(&uid(&session, 0)).await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(401), attempts));
    }
}

/// What becomes of an odd answer: nothing, or an error at a path.
const ODD: &[(&str, Result<(), &str>)] = &[
    ("EMPTY_TEXT_FOR_OBJECT", Ok(())),
    ("BRACKET_FOR_CODE", Ok(())),
    ("NULL_AMOUNT", Err("transactions[0].transaction_amount.amount")),
    ("TEXT_FOR_ADDRESS_LINES", Ok(())),
    ("NULL_LIST", Ok(())),
    ("NULL_OPTIONAL", Ok(())),
    ("CURRENCY_XXX", Ok(())),
    ("SIGNED_AMOUNT", Ok(())),
    ("NUMBER_FOR_AMOUNT", Ok(())),
    ("NEW_CODE", Ok(())),
    ("RIGHT_SPELLING", Ok(())),
    ("EMPTY_TEXT_FOR_KEY", Ok(())),
    ("NULL_REFERENCE", Ok(())),
    ("CHANGING_REFERENCE", Ok(())),
    ("POSITIONAL_REFERENCE", Ok(())),
    ("LATE_REFERENCE", Ok(())),
    ("TRANSACTION_ID", Ok(())),
    ("TWIN_PAYMENTS", Ok(())),
    ("PENDING_BOOKED", Ok(())),
    ("HOLD_AS_BOOK", Ok(())),
    ("BOTH_PARTIES", Ok(())),
    ("HOLDER_ONLY", Ok(())),
    ("ADDRESS_FOR_NAME", Ok(())),
    ("PARTY_IN_TEXT", Ok(())),
    ("NUMERIC_LINES", Ok(())),
    ("MANDATE_PREFIX", Ok(())),
    ("LINE_BREAKS", Ok(())),
    ("ONLY_CLBD", Ok(())),
    ("ONLY_ITAV", Ok(())),
    ("HTML", Err("")),
];

#[tokio::test]
async fn odd_answers_are_read_or_refused_at_a_place() {
    let (sandbox, client) = start().await;
    let session = session(&sandbox, &client).await;
    let plain = client.account_transactions(&uid(&session, 0)).await.unwrap();
    for (quirk, expected) in ODD {
        sandbox.set_quirks(&[quirk]).unwrap();
        let answer = client.account_transactions(&uid(&session, 0)).await;
        match (answer, expected) {
            (Ok(page), Ok(())) => assert_eq!(page.transactions.len(), plain.transactions.len(), "{quirk}"),
            (Err(error), Err(path)) => {
                assert_eq!(error.kind(), ErrorKind::Unexpected, "{quirk}: {error}");
                assert_eq!(error.path().unwrap_or_default().trim_start_matches('.'), *path, "{quirk}: {error}");
            }
            (answer, _) => panic!("{quirk}: {answer:?}"),
        }
    }
    // What the spelling is, and whether a code is known, makes no difference to what is read.
    sandbox.set_quirks(&["RIGHT_SPELLING", "NUMBER_FOR_AMOUNT"]).unwrap();
    assert_eq!(client.account_transactions(&uid(&session, 0)).await.unwrap().transactions, plain.transactions);
    sandbox.set_quirks(&["NULL_USER", "EMPTY_CREDENTIAL"]).unwrap();
    let banks = client.aspsps().await;
    assert!(banks.is_ok() || banks.as_ref().unwrap_err().path().is_some(), "{banks:?}");
    sandbox.set_quirks(&["TEXT_FOR_ERROR_CODE", "OBJECT_FOR_DETAIL"]).unwrap();
    sandbox.set_scenario(Some("WRONG_TRANSACTIONS_PERIOD")).unwrap();
    let error = client.account_transactions(&uid(&session, 0)).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::WrongTransactionsPeriod));
    assert!(sandbox.set_quirks(&["NONE"]).is_err() && sandbox.set_scenario(Some("NONE")).is_err());
}
