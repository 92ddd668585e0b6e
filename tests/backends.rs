//! This crate turns on both backends of jsonwebtoken, as two crates of one build may do without knowing of each other.

use std::panic::catch_unwind;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{EncodingKey, Header, encode};
use tilisy_client::{ApiHost, Client, Clock, Credentials};

use crate::bank::Bank;

/// Stands still at the time for which the committed token was made.
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_601_456_798)
    }
}

fn key(name: &str) -> String {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../enablebanking-core/tests/keys");
    std::fs::read_to_string(keys.join(name)).unwrap()
}

/// Where jsonwebtoken is left to choose between two backends, it panics.
fn check_that_jsonwebtoken_has_no_backend() {
    let outcome = catch_unwind(|| encode(&Header::default(), &0, &EncodingKey::from_secret(b"tests")));
    assert!(outcome.is_err(), "the trap is not set, or somebody has chosen a backend for the whole process");
}

#[tokio::test]
async fn a_client_signs_where_jsonwebtoken_cannot() {
    check_that_jsonwebtoken_has_no_backend();
    let credentials = Credentials::from_pem("cf589be3-3755-465b-a8df-a90a16a31403", key("rsa2048.pkcs8.pem"));
    let credentials = credentials.unwrap().with_clock(Arc::new(Stopped));
    let token = key("token.jwt");
    assert_eq!(credentials.token(&ApiHost::Tilisy).unwrap().expose(), token.trim());

    let server = Bank::answering(200, "{}").await;
    let client = Client::builder(credentials).host(ApiHost::custom(server.url(), "api.tilisy.com")).build().unwrap();
    client.application().await.unwrap_err();
    assert_eq!(server.request().header("authorization"), Some(&*format!("Bearer {}", token.trim())));
    check_that_jsonwebtoken_has_no_backend();
}
