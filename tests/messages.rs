//! Every message that a user of the client may read, both ways, in one reviewed snapshot.

use std::error::Error;
use std::fmt::Write;
use std::net::IpAddr;
use std::time::Duration;

use tilisy_client::consent::{Redirect, State};
use tilisy_client::types::StartAuthorizationResponse;
use tilisy_client::uuid::Uuid;
use tilisy_client::{ApiHost, Client, Credentials, GeoLocation, PsuHeaders};
use xtask::workspace;

use crate::bank::{Bank, Reply};

const ID: &str = "cf589be3-3755-465b-a8df-a90a16a31403";

/// Errors with what they are about.
#[derive(Default)]
struct Messages(String);

impl Messages {
    fn add<T>(&mut self, about: &str, outcome: Result<T, impl Error>) {
        let Err(error) = outcome else { panic!("{about} is no error") };
        let _ = writeln!(self.0, "{about}\n  {error}");
        let mut source = error.source();
        while let Some(error) = source {
            let _ = writeln!(self.0, "  because: {error}");
            source = error.source();
        }
        let _ = writeln!(self.0, "  {error:?}\n");
    }
}

fn key(name: &str) -> String {
    std::fs::read_to_string(workspace().unwrap().join("enablebanking-core/tests/keys").join(name)).unwrap()
}

#[test]
fn what_a_client_is_built_from() {
    let mut messages = Messages::default();
    for name in [
        "public.pem",
        "certificate.pem",
        "encrypted.pkcs1.pem",
        "encrypted.pkcs8.pem",
        "ec.sec1.pem",
        "ec.pkcs8.pem",
        "ed25519.pkcs8.pem",
        "openssh.pem",
        "rsa-pss.pkcs8.pem",
        "rsa1024.pkcs1.pem",
    ] {
        messages.add(name, Credentials::from_pem(ID, key(name)));
    }
    let good = key("rsa2048.pkcs8.pem");
    messages.add("a truncated key", Credentials::from_pem(ID, &good[..good.len() / 2]));
    messages.add("no PEM", Credentials::from_pem(ID, "hunter2"));
    messages.add("an application id that is no UUID", Credentials::from_pem("hunter2", &good));
    messages.add("a missing file", Credentials::from_file(ID, "/does/not/exist.pem"));
    let credentials = || Credentials::from_pem(ID, &good).unwrap();
    messages.add("no time to live", credentials().with_ttl(Duration::ZERO));
    messages.add("a long time to live", credentials().with_ttl(Duration::from_secs(86_401)));
    let custom = |url: &str| Client::builder(credentials()).host(ApiHost::custom(url, "api.tilisy.com")).build();
    messages.add("plain http", custom("http://api.tilisy.com"));
    messages.add("no URL", custom("api.tilisy.com"));
    messages.add("a password in the URL", custom("https://user:hunter2@api.tilisy.com"));
    messages.add("a proxy that is none", Client::builder(credentials()).proxy("hunter2").build());
    messages.add("a root that is none", Client::builder(credentials()).extra_root_certificate("hunter2").build());
    messages.add("a token that no header can hold", Client::with_token("https://api.tilisy.com", "a\nb"));
    insta::assert_snapshot!("building", messages.0);
}

#[test]
fn what_a_consent_goes_through() {
    let mut messages = Messages::default();
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    messages.add("a private address", PsuHeaders::new(address("10.0.0.1"), "Browser"));
    messages.add("a loopback address", PsuHeaders::new(address("::1"), "Browser"));
    messages.add("a line break in a header", PsuHeaders::new(address("192.0.2.1"), "a\r\nb"));
    messages.add("no place on earth", GeoLocation::new("91".parse().unwrap(), "0".parse().unwrap()));
    messages.add("a state that is empty", State::from_stored(""));
    let state = State::from_stored("a".repeat(32)).unwrap();
    let stated = format!("state={}", "a".repeat(32));
    for (about, query) in [
        ("no state", "code=hunter2".to_owned()),
        ("a wrong state", "code=hunter2&state=hunter2".to_owned()),
        ("no code", stated.clone()),
        ("a code twice", format!("code=hunter2&code=hunter2&{stated}")),
        ("a denial", format!("error=access_denied&error_description=hunter2&{stated}")),
        ("an unlisted denial", format!("error=hunter2&{stated}")),
        ("code and error", format!("code=hunter2&error=access_denied&{stated}")),
    ] {
        messages.add(about, Redirect::parse(&query, &state));
    }
    messages.add("a link that is none", StartAuthorizationResponse::new("javascript:hunter2").link());
    assert!(!messages.0.contains("hunter2"), "{}", messages.0);
    insta::assert_snapshot!("consent", messages.0);
}

#[tokio::test]
async fn what_a_call_goes_through() {
    let mut messages = Messages::default();
    let plain = |status, body: &str| Reply::json(status, body);
    let page = r#"{"transactions": [], "continuation_key": "a"}"#;
    for (about, answer) in [
        ("an error answer", plain(422, r#"{"error": "WRONG_DATE_INTERVAL", "message": "hunter2"}"#)),
        ("a gateway", plain(502, "<html>hunter2").header("content-type", "text/html")),
        ("a missing list", plain(200, r#"{"hunter2": []}"#)),
        ("a wrong amount", plain(200, r#"{"transactions": [{"transaction_amount": {"amount": "hunter2"}}]}"#)),
        ("an empty body", plain(200, "")),
        ("broken JSON", plain(200, "{\"hunter2")),
        ("a body cut short", plain(200, page).cut_after(8)),
        ("a status that is not described", plain(204, "")),
    ] {
        let server = Bank::scripted([answer]).await;
        let client = Client::with_token(server.url(), "hunter2").unwrap();
        messages.add(about, client.account_transactions(&Uuid::nil()).await);
    }
    let server = Bank::scripted([plain(200, r#"{"transactions": [], "continuation_key": "a"}"#)]).await;
    let client = Client::with_token(server.url(), "hunter2").unwrap();
    let pages = |client: &Client| client.account_transactions(&Uuid::nil()).continuation_key("a").stream();
    messages.add("a page that leads back", pages(&client).try_next().await);
    messages.add("too many pages", pages(&client).max_pages(0).try_next().await);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::with_token(&format!("http://{closed}"), "hunter2").unwrap();
    messages.add("nobody there", client.application().await);
    assert!(!messages.0.contains("hunter2"), "{}", messages.0);
    insta::assert_snapshot!("calls", messages.0);
}
