//! All operations over real HTTP: method, path, query and body as the document has them, answered with its samples.

use serde_json::{Value, json};
use tilisy_client::chrono::{DateTime, NaiveDate};
use tilisy_client::types::{
    Access, Aspsp, AuthorizeSessionRequest, PsuType, StartAuthorizationRequest, TransactionStatus,
};
use tilisy_client::uuid::Uuid;
use tilisy_client::{Client, ErrorKind, registration};

use crate::bank::{Bank, Received, body_of};

const ID: &str = "497f6eca-6276-4993-bfeb-53cbbbba6f08";

fn id() -> Uuid {
    ID.parse().unwrap()
}

fn sample(name: &str) -> String {
    let path = xtask::workspace().unwrap().join("spec/examples/tilisy").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// A server that answers with a sample, and a client of it.
async fn serving(answer: &str) -> (Bank, Client) {
    let server = Bank::answering(200, answer).await;
    let client = Client::with_token(server.url(), "token").unwrap();
    (server, client)
}

fn check_request(request: &Received, method: &str, target: &str, body: &Value) {
    check_request_of("tilisy-client/", request, method, target, body);
}

/// Checks a request of a client whose `User-Agent` starts with this.
fn check_request_of(agent: &str, request: &Received, method: &str, target: &str, body: &Value) {
    assert_eq!((request.method(), request.target()), (method, target));
    assert_eq!(body_of(request), *body);
    assert_eq!(request.header("authorization"), Some("Bearer token"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("api-version"), None);
    assert!(request.header("user-agent").unwrap().starts_with(agent));
}

#[tokio::test]
async fn start_authorization_posts_the_whole_request() {
    let (server, client) = serving(&sample("operations/startAuthorization.200.json")).await;
    let until = DateTime::parse_from_rfc3339("2021-01-01T00:00:00Z").unwrap().to_utc();
    let body = StartAuthorizationRequest::new(
        Access::new(until),
        Aspsp::new("FI", "Nordea"),
        "http://example.com",
        "3a57e2d3-2e0c-4336-af9b-7fa94f0606a3",
    )
    .auth_method("methodName")
    .credentials([("userId".to_owned(), "MyUsername".to_owned())].into())
    .credentials_autosubmit(true)
    .psu_type(PsuType::Business);
    let answer = client.start_authorization(&body).await.unwrap();
    assert_eq!(answer.url, "https://sandbox.tilisy.com/welcome?sessionid=73100c65-c54d-46a1-87d1-aa3effde435a");
    let expected = serde_json::from_str(&sample("operations/startAuthorization.request.json")).unwrap();
    check_request(&server.request(), "POST", "/auth", &expected);
}

#[tokio::test]
async fn authorize_session_posts_the_code() {
    // The document's own sample has amounts that are null and a session id that is not a UUID.
    let answer = json!({ "accounts": [], "aspsp": { "country": "FI", "name": "Nordea" }, "psu_type": "business", "session_id": ID });
    let (server, client) = serving(&answer.to_string()).await;
    let session = client.authorize_session(&AuthorizeSessionRequest::new("string")).await.unwrap();
    assert_eq!((session.session_id, session.psu_type), (id(), PsuType::Business));
    check_request(&server.request(), "POST", "/sessions", &json!({ "code": "string" }));

    let (_server, client) = serving(&sample("operations/authorizeSession.200.json")).await;
    let error = client.authorize_session(&AuthorizeSessionRequest::new("string")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    assert_eq!(error.path(), Some("accounts[0].balances[0].balance_amount.amount"));
}

#[tokio::test]
async fn delete_session_names_the_session() {
    let (server, client) = serving(&sample("operations/deleteSession.200.json")).await;
    assert_eq!(client.delete_session(&id()).await.unwrap().message.as_deref(), Some("OK"));
    check_request(&server.request(), "DELETE", &format!("/sessions/{ID}"), &Value::Null);
}

#[tokio::test]
async fn session_tells_its_accounts() {
    let (server, client) = serving(&sample("operations/session.200.json")).await;
    assert_eq!(client.session(&id()).await.unwrap().accounts, [id()]);
    check_request(&server.request(), "GET", &format!("/sessions/{ID}"), &Value::Null);
}

#[tokio::test]
async fn account_balances_keep_their_digits() {
    let (server, client) = serving(&sample("operations/accountBalances.200.json")).await;
    let answer = client.account_balances(&id()).with_meta().await.unwrap();
    assert_eq!((answer.status(), answer.meta().request_id()), (200, Some("r-1")));
    assert_eq!(answer.value().balances[0].balance_amount.amount.to_string(), "1.23");
    check_request(&server.request(), "GET", &format!("/accounts/{ID}/balances"), &Value::Null);
}

#[tokio::test]
async fn account_transactions_send_every_filter() {
    let (server, client) = serving(&sample("operations/accountTransactions.200.json")).await;
    let day = |day| NaiveDate::from_ymd_opt(2020, 1, day).unwrap();
    let page = client
        .account_transactions(&id())
        .date_from(day(1))
        .date_to(day(31))
        .continuation_key("a+b=c&d.e/f")
        .transaction_status(TransactionStatus::Book)
        .await
        .unwrap();
    assert_eq!(page.continuation_key.as_deref(), Some("string"));
    assert_eq!(page.transactions[0].creditor_account, None);
    let query = "continuation_key=a%2Bb%3Dc%26d.e%2Ff&date_from=2020-01-01&date_to=2020-01-31&transaction_status=BOOK";
    check_request(&server.request(), "GET", &format!("/accounts/{ID}/transactions?{query}"), &Value::Null);
}

#[tokio::test]
async fn application_takes_nothing() {
    let answer =
        sample("operations/application.200.json").replace("\"kid\": \"string\"", &format!("\"kid\": \"{ID}\""));
    let (server, client) = serving(&answer).await;
    assert!(client.application().await.unwrap().active);
    check_request(&server.request(), "GET", "/application", &Value::Null);
}

#[tokio::test]
async fn aspsps_can_be_filtered_or_not() {
    let answer = json!({ "aspsps": [serde_json::from_str::<Value>(&sample("schemas/ASPSPData.json")).unwrap()] });
    let (server, client) = serving(&answer.to_string()).await;
    let banks = client.aspsps().country("FI").psu_type(PsuType::from("new kind")).await.unwrap();
    assert_eq!(banks.aspsps[0].name, "Nordea");
    check_request(&server.request(), "GET", "/aspsps?country=FI&psu_type=new+kind", &Value::Null);

    let (server, client) = serving(&answer.to_string()).await;
    client.aspsps().await.unwrap();
    check_request(&server.request(), "GET", "/aspsps", &Value::Null);
}

#[tokio::test]
async fn an_application_is_registered_with_its_certificate() {
    let server = Bank::answering(200, json!({ "app_id": ID }).to_string()).await;
    let client = registration::Client::with_token(server.url(), "token").unwrap();
    let body = registration::types::ApplicationRegistration::new(
        "certificate",
        registration::types::Environment::Sandbox,
        "My app",
        vec!["https://example.org/".to_owned()],
    );
    assert_eq!(client.register_application(&body).await.unwrap().app_id, id());
    let expected = json!({
        "name": "My app", "certificate": "certificate", "environment": "SANDBOX",
        "redirect_urls": ["https://example.org/"],
    });
    check_request_of("enablebanking-core/", &server.request(), "POST", "/applications", &expected);
}

#[tokio::test]
async fn an_error_answer_keeps_its_code() {
    let body = json!({ "code": 422, "error": "WRONG_DATE_INTERVAL", "message": "m", "detail": null });
    let server = Bank::answering(422, body.to_string()).await;
    let client = Client::with_token(server.url(), "token").unwrap();
    let error = client.account_transactions(&id()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(422)));
    let code = error.api().and_then(|answer| answer.error.as_ref()).map(|code| code.as_str());
    assert_eq!(code, Some("WRONG_DATE_INTERVAL"));
}

/// Requests can be sent from other threads.
#[test]
fn requests_can_be_spawned() {
    fn is_send<T: Send>(_: &T) {}
    let client = Client::with_token("http://127.0.0.1:9", "token").unwrap();
    let request = client.aspsps();
    is_send(&request);
    is_send(&std::future::IntoFuture::into_future(request));
}
