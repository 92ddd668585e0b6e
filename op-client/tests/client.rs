//! Every operation over real HTTP, at the example's bank: what goes out, what comes back, and what is said of errors.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

#[path = "../examples/accounts/bank.rs"]
mod bank;

use std::collections::BTreeSet;
use std::time::Duration;

use bank::{Bank, KEY, TOKEN};
use op_client::chrono::DateTime;
use op_client::types::{ErrorType, FundOrderRequest, PaymentConfirmation, PaymentInitiation, TransferRequest};
use op_client::{ApplicationKey, Client, ClientBuilder, Descriptor, Error, ErrorClass, ErrorKind, UserToken};
use serde_json::{Value, json};

const ACCOUNT: &str = "064418ca1d292a5112e9804af4dc66df5b90203c";

fn builder(bank: &Bank) -> ClientBuilder {
    let (key, token) = (ApplicationKey::new(KEY).unwrap(), UserToken::new(TOKEN).unwrap());
    Client::builder(key, token).host(bank.url())
}

async fn start() -> (Bank, Client) {
    let bank = Bank::start().await.unwrap();
    let client = builder(&bank).build().unwrap();
    (bank, client)
}

/// Method, target and body of the last request.
fn last(bank: &Bank) -> (String, String, Value) {
    let request = bank.requests().pop().unwrap();
    let body = if request.body.is_empty() { Value::Null } else { serde_json::from_slice(&request.body).unwrap() };
    (request.method, request.target, body)
}

fn sent(bank: &Bank, method: &str, target: &str, body: Value) {
    assert_eq!(last(bank), (method.to_owned(), target.to_owned(), body));
}

#[tokio::test]
async fn accounts_and_their_transactions_are_read() {
    let (bank, client) = start().await;
    let accounts = client.accounts().await.unwrap();
    sent(&bank, "GET", "/v1/accounts", Value::Null);
    assert_eq!(accounts.len(), 2);
    assert_eq!(accounts[0].account_id.as_deref(), Some(ACCOUNT));
    assert_eq!(accounts[0].balance.unwrap().to_string(), "2275.71");
    assert_eq!(accounts[1].balance.unwrap().to_string(), "0");

    assert_eq!(client.account(ACCOUNT).await.unwrap()[0], accounts[0]);
    sent(&bank, "GET", &format!("/v1/accounts/{ACCOUNT}"), Value::Null);

    let rows = client.account_transactions(ACCOUNT).include("enriched").await.unwrap();
    sent(&bank, "GET", &format!("/v1/accounts/{ACCOUNT}/transactions?include=enriched"), Value::Null);
    assert_eq!((rows.len(), rows[0].amount.unwrap().to_string()), (2, "-12.35".to_owned()));

    let id = rows[0].transaction_id.clone().unwrap();
    let row = client.account_transaction(ACCOUNT, &id).await.unwrap();
    sent(&bank, "GET", &format!("/v1/accounts/{ACCOUNT}/transactions/{id}"), Value::Null);
    assert_eq!(row.transaction[0].transaction_id.as_deref(), Some(&*id));
}

#[tokio::test]
async fn an_id_is_written_into_the_path_as_it_is() {
    let (bank, client) = start().await;
    client.account("a/../b?c=d").await.unwrap_err();
    sent(&bank, "GET", "/v1/accounts/a%2F..%2Fb%3Fc=d", Value::Null);
}

#[tokio::test]
async fn money_is_written_digit_for_digit() {
    let (bank, client) = start().await;
    let until = DateTime::parse_from_rfc3339("2017-11-14T22:59:34Z").unwrap().to_utc();
    let payment = PaymentInitiation::new("10.50".parse().unwrap(), "FI2350009421535899", "FI7858400761900714")
        .currency("EUR")
        .receiver_name("Receiver")
        .value_date(until);
    let initiated = client.initiate_payment(&payment).await.unwrap();
    let request = bank.requests().pop().unwrap();
    let text = String::from_utf8(request.body).unwrap();
    assert!(text.contains(r#""amount":10.50"#) && text.contains("2017-11-14T22:59:34Z"), "{text}");
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/v1/payments/initiate"));

    let confirmation = PaymentConfirmation::new(initiated.payment_id.clone());
    let confirmed = client.confirm_payment(&confirmation).await.unwrap();
    sent(&bank, "POST", "/v1/payments/confirm", json!({ "paymentId": initiated.payment_id }));
    assert_eq!(confirmed, initiated);
    // A payment is confirmed once.
    let error = client.confirm_payment(&confirmation).await.unwrap_err();
    assert_eq!((error.class(), error.code().map(String::as_str)), (ErrorClass::Bank, Some("ACC_ERR_123")));
    assert!(!error.is_retryable() && error.outcome_is_unknown());

    let transfer = TransferRequest::new("1.15".parse().unwrap(), "Käyttötili", "Kasvutuotto").message("säästöön");
    let done = client.transfer(&transfer).await.unwrap();
    assert_eq!((done.amount.to_string(), done.payer_name.as_deref()), ("1.15".to_owned(), Some("KÄYTTÖTILI")));
    assert_eq!(last(&bank).1, "/v1/payments/transfer");
}

#[tokio::test]
async fn funds_are_ordered_and_owned() {
    let (bank, client) = start().await;
    let fund = client.funds().await.unwrap().remove(0);
    assert_eq!(fund.unit_price.unwrap().to_string(), "136.0405");
    let isin = fund.isin_code.unwrap();
    let order = FundOrderRequest::new("FI7858400761900714", 10.into());
    let subscribed = client.subscribe(&isin, &order).await.unwrap().subscription;
    let body = json!({ "amount": 10, "accountNumber": "FI7858400761900714" });
    sent(&bank, "POST", "/v1/funds/FI0008800248/subscriptions", body.clone());
    assert_eq!(subscribed.order_identifier.as_deref(), Some("1234"));
    let redeemed = client.redeem(&isin, &order).await.unwrap().subscription;
    sent(&bank, "POST", "/v1/funds/FI0008800248/redemptions", body);
    assert_eq!(redeemed.redemption_identifier.as_deref(), Some("1235"));
    let holdings = client.holdings().await.unwrap();
    assert_eq!(holdings.sum_of_all_holdings.market_value.unwrap().to_string(), "1234.56");
}

#[tokio::test]
async fn every_request_has_the_four_headers() {
    let (bank, client) = start().await;
    client.accounts().await.unwrap();
    client.funds().await.unwrap();
    client.in_session("c38a-11e7-abc4").unwrap().accounts().await.unwrap();
    let named = client.with_request_id("111").unwrap();
    assert_eq!(named.accounts().with_meta().await.unwrap().meta().sent_request_id(), Some("111"));
    let requests = bank.requests();
    for request in &requests {
        assert_eq!((request.header("x-api-key"), request.header("x-authorization")), (KEY, TOKEN));
        assert!(request.header("user-agent").starts_with("op-client/") && request.header("api-version").is_empty());
    }
    let session: Vec<_> = requests.iter().map(|request| request.header("x-session-id")).collect();
    assert!(session[0].len() == 36 && session[0] == session[1] && session[0] == session[3], "{session:?}");
    assert_eq!(session[2], "c38a-11e7-abc4");
    let ids: BTreeSet<_> = requests.iter().map(|request| request.header("x-request-id")).collect();
    assert!(ids.len() == 4 && ids.contains("111") && ids.iter().filter(|id| id.len() == 36).count() == 3, "{ids:?}");
}

#[tokio::test]
async fn an_error_knows_its_request() {
    let (bank, client) = start().await;
    let error = client.account("none").await.unwrap_err();
    assert_eq!(error.sent_request_id(), Some(bank.requests()[0].header("x-request-id")));
    assert!(!format!("{error} {error:?} {error:#?}").contains(error.sent_request_id().unwrap()));
    // Where nobody answers, too.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let lost = builder(&bank).host(format!("http://{free}")).without_retries().build().unwrap();
    let error = lost.with_request_id("112").unwrap().accounts().await.unwrap_err();
    assert_eq!((error.kind(), error.sent_request_id()), (ErrorKind::NotSent, Some("112")));
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let (bank, client) = start().await;
    let token = UserToken::new("somebody").unwrap();
    let error = client.for_user(token).accounts().await.unwrap_err();
    assert_eq!((error.status(), error.class()), (Some(401), ErrorClass::Auth));
    let item = error.worst().unwrap();
    assert_eq!((item.type_.as_ref(), item.message.as_deref()), (Some(&ErrorType::Security), Some("Invalid token")));
    assert_eq!(error.to_string(), "`accounts`: the service returned an error, status 401, code `SECURITY`");

    let (key, token) = (ApplicationKey::new("none").unwrap(), UserToken::new(TOKEN).unwrap());
    let nobody = Client::builder(key, token).host(bank.url()).build().unwrap();
    let error = nobody.accounts().await.unwrap_err();
    assert_eq!(
        (error.status(), error.class(), error.message()),
        (Some(400), ErrorClass::Request, Some("Invalid ApiKey"))
    );
}

#[tokio::test]
async fn the_rate_limit_is_told() {
    let bank = Bank::limited(1).await.unwrap();
    let client = builder(&bank).without_retries().build().unwrap();
    client.accounts().await.unwrap();
    let error: Error = client.accounts().await.unwrap_err();
    // The service does not say when the next day begins.
    assert!(error.is_rate_limited() && !error.is_retryable());
    let limit = error.meta().unwrap().rate_limit().unwrap();
    assert_eq!((limit.limit, limit.remaining, limit.reset), (Some(1), Some(0), Some(86_400)));
}

#[tokio::test]
async fn a_post_is_not_sent_again_and_a_get_is() {
    let bank = Bank::limited(0).await.unwrap();
    let client = builder(&bank).build().unwrap();
    let payment = PaymentInitiation::new(1.into(), "FI2350009421535899", "FI7858400761900714");
    assert_eq!(client.initiate_payment(&payment).await.unwrap_err().attempts(), 1);
    // The day's requests are used up, and nobody says when the next day begins.
    assert_eq!(client.accounts().await.unwrap_err().attempts(), 1);
    let bank = Bank::start().await.unwrap();
    bank.fail_with(503, "ERROR", "TECHNICAL");
    let client = builder(&bank).build().unwrap();
    assert_eq!(client.initiate_payment(&payment).await.unwrap_err().attempts(), 1);
    assert_eq!(client.accounts().await.unwrap_err().attempts(), 3);
    assert_eq!(bank.requests().len(), 4);
    // One call, one id, however often it was sent.
    let ids: BTreeSet<_> =
        bank.requests()[1..].iter().map(|request| request.header("x-request-id").to_owned()).collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn the_descriptor_says_whether_time_helps() {
    let (bank, client) = start().await;
    for (status, level, kind, class, attempts) in [
        (500, "ERROR", "TECHNICAL", ErrorClass::Transient, 3),
        (503, "WARN", "TECHNICAL", ErrorClass::Transient, 3),
        (500, "FATAL", "TECHNICAL", ErrorClass::Bank, 1),
        (503, "FATAL", "TECHNICAL", ErrorClass::Bank, 1),
        (503, "FATAL", "NEW", ErrorClass::Bank, 1),
        (500, "ERROR", "BUSINESS", ErrorClass::Bank, 1),
        (503, "ERROR", "BUSINESS", ErrorClass::Transient, 3),
        (500, "WARN", "TECHNICAL", ErrorClass::Other, 1),
        (503, "ERROR", "NEW", ErrorClass::Transient, 3),
        (500, "ERROR", "NEW", ErrorClass::Other, 1),
        (400, "ERROR", "VALIDATION", ErrorClass::Request, 1),
        (401, "ERROR", "SECURITY", ErrorClass::Auth, 1),
        (429, "ERROR", "TECHNICAL", ErrorClass::RateLimit, 1),
        (429, "FATAL", "TECHNICAL", ErrorClass::Bank, 1),
    ] {
        bank.fail_with(status, level, kind);
        let error = client.accounts().await.unwrap_err();
        assert_eq!((error.class(), error.attempts()), (class, attempts), "{status} {level} {kind}");
        // A temporary fault was repeated as often as allowed already.
        assert!(!error.is_retryable());
        let payment = PaymentInitiation::new(1.into(), "FI2350009421535899", "FI7858400761900714");
        assert_eq!(client.initiate_payment(&payment).await.unwrap_err().attempts(), 1);
    }
}

#[tokio::test]
async fn an_error_under_a_good_status_is_no_answer() {
    let (bank, client) = start().await;
    let confirmation = PaymentConfirmation::new("43ee4ff0-c38a-11e7-abc4-000000000000");
    for (level, kind) in [("WARN", "TECHNICAL"), ("ERROR", "NEW"), ("FATAL", "BUSINESS"), ("NEW", "SECURITY")] {
        bank.fail_with(200, level, kind);
        let error = client.confirm_payment(&confirmation).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(200)));
        // The money may be gone: that is not for a retry to find out.
        assert!(error.outcome_is_unknown() && !error.is_retryable(), "{level} {kind}");
        let error = client.holdings().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
        assert_eq!(client.accounts().await.unwrap_err().kind(), ErrorKind::Api);
    }
}

#[tokio::test]
async fn a_part_of_a_path_leads_nowhere_else() {
    let (bank, client) = start().await;
    let order = FundOrderRequest::new("FI7858400761900714", 10.into());
    for part in ["", ".", ".."] {
        let errors = [client.account(part).await.unwrap_err(), client.account_transactions(part).await.unwrap_err()];
        assert!(errors.iter().all(|error| error.kind() == ErrorKind::NotBuilt && error.attempts() == 0));
        assert_eq!(client.subscribe(part, &order).await.unwrap_err().kind(), ErrorKind::NotBuilt);
    }
    assert!(bank.requests().is_empty());
}

#[test]
fn the_worst_error_counts() {
    let descriptor = |text: &str| serde_json::from_str::<op_client::types::ErrorDescriptor>(text).unwrap();
    let worst = |text: &str| descriptor(text).worst().and_then(|item| item.id.clone());
    assert_eq!(worst("{}"), None);
    assert_eq!(worst(r#"{"errors": []}"#), None);
    assert_eq!(worst(r#"{"errors": [{"id": "1"}, {"id": "2"}]}"#).as_deref(), Some("1"));
    let three =
        r#"{"errors": [{"id": "1", "level": "WARN"}, {"id": "2", "level": "ERROR"}, {"id": "3", "level": "ERROR"}]}"#;
    assert_eq!(worst(three).as_deref(), Some("2"));
    assert_eq!(
        worst(r#"{"errors": [{"id": "1", "level": "ERROR"}, {"id": "2", "level": "FATAL"}]}"#).as_deref(),
        Some("2")
    );
}

#[test]
fn what_no_header_can_carry_is_refused_and_not_shown() {
    for bad in ["", "hunter2 ", "hunter2\n", "hunter2\u{e4}"] {
        let errors = [ApplicationKey::new(bad).unwrap_err().to_string(), UserToken::new(bad).unwrap_err().to_string()];
        assert!(errors.iter().all(|error| !error.contains("hunter2") && error.contains("`x-a")), "{errors:?}");
    }
    let (key, token) = (ApplicationKey::new("hunter2").unwrap(), UserToken::new("hunter2").unwrap());
    let builder = Client::builder(key.clone(), token.clone()).session_id("hunter2").unwrap();
    assert_eq!(builder.clone().session_id(" ").unwrap_err().header(), "x-session-id");
    let client = builder.clone().host("http://127.0.0.1:1").build().unwrap();
    assert_eq!(client.with_request_id("").unwrap_err().header(), "x-request-id");
    let shown = format!("{key:?} {token:?} {builder:?} {client:?} {client:#?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let zero = builder.clone().read_timeout(Duration::ZERO).build().unwrap_err();
    assert_eq!(zero.to_string(), "the read timeout is zero (set a longer one)");
    assert!(builder.host("http://api.example.com").build().is_err());
}
