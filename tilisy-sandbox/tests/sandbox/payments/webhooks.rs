//! Webhooks, as an application on the same machine receives them.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tilisy_sandbox::chrono::TimeDelta;
use tilisy_sandbox::{Builder, Sandbox};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use x509_cert::Certificate;
use x509_cert::der::DecodePem as _;

use super::{path, sepa, stop};
use crate::Caller;

/// An application's address for webhooks.
struct Receiver {
    listener: TcpListener,
    origin: String,
}

/// A webhook that came.
struct Hook {
    target: String,
    token: String,
    body: Vec<u8>,
}

impl Hook {
    fn status(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        body["status"].as_str().unwrap().to_owned()
    }

    /// A part of the token.
    fn part(&self, nth: usize) -> Value {
        let part = self.token.split('.').nth(nth).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }
}

impl Receiver {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, origin }
    }

    /// Waits for the next webhook, and responds with a status.
    async fn next(&self, status: &str) -> Hook {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut read = Vec::new();
        let (head, length) = loop {
            assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0);
            let text = String::from_utf8_lossy(&read).into_owned();
            if let Some((head, _)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                break (head.to_owned(), length.parse::<usize>().unwrap());
            }
        };
        while read.len() < head.len() + 4 + length {
            assert_ne!(stream.read_buf(&mut read).await.unwrap(), 0);
        }
        stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.unwrap();
        let token = head.lines().find_map(|line| line.strip_prefix("authorization: Bearer ")).unwrap().to_owned();
        let target = head.lines().next().unwrap().to_owned();
        Hook { target, token, body: read[head.len() + 4..].to_vec() }
    }

    /// The body of `POST /payments` with a webhook here.
    fn payment(&self) -> Value {
        let mut body = sepa("1.00");
        body["webhook_url"] = json!(format!("{}/hook?from=bank", self.origin));
        body
    }
}

/// Webhooks that are sent again at once, three times.
fn builder(receiver: &Receiver) -> Builder {
    Sandbox::builder().webhook_origin(&receiver.origin).webhook_pauses([Duration::ZERO; 3])
}

async fn caller(receiver: &Receiver) -> Caller {
    let caller = Caller::of(builder(receiver)).await;
    stop(&caller);
    caller
}

#[tokio::test]
async fn every_change_of_a_status_is_reported_in_order() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    let path = caller.approved(&receiver.payment()).await;
    let hook = receiver.next("200 OK").await;
    assert_eq!(hook.target, "POST /hook?from=bank HTTP/1.1");
    assert_eq!(hook.status(), "ACTC");
    let body: Value = serde_json::from_slice(&hook.body).unwrap();
    assert!(path.ends_with(body["payment_id"].as_str().unwrap()));
    caller.wait(10);
    assert_eq!(receiver.next("204 No Content").await.status(), "ACSP");
    caller.wait(50);
    assert_eq!(receiver.next("202 Accepted").await.status(), "ACSC");
    // Of a payment that is over, no more comes: the next is of another.
    let created = caller.pay(&receiver.payment()).await;
    caller.sandbox.deny(created["url"].as_str().unwrap()).unwrap();
    let hook = receiver.next("200 OK").await;
    assert_eq!(hook.status(), "RJCT");
    assert!(String::from_utf8(hook.body).unwrap().contains(created["payment_id"].as_str().unwrap()));
}

#[tokio::test]
async fn changes_that_were_skipped_are_reported_too() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    // After a hundred days, the bank no longer gives the payment out.
    for seconds in [1_000, 100 * 24 * 3600] {
        caller.approved(&receiver.payment()).await;
        caller.wait(seconds);
        let mut seen = Vec::new();
        for _ in 0..3 {
            caller.get("/application").await.ok();
            seen.push(receiver.next("200 OK").await.status());
        }
        assert_eq!(seen, ["ACTC", "ACSP", "ACSC"]);
    }
}

#[tokio::test]
async fn a_clock_that_runs_brings_the_next_report() {
    let receiver = Receiver::new().await;
    let caller = Caller::of(builder(&receiver)).await;
    caller.approved(&receiver.payment()).await;
    assert_eq!(receiver.next("200 OK").await.status(), "ACTC");
    // The rest of the ten seconds passes by itself.
    caller.clock.advance(TimeDelta::milliseconds(9_990));
    assert_eq!(receiver.next("200 OK").await.status(), "ACSP");
}

#[tokio::test]
async fn a_payment_that_expires_is_reported() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    caller.pay(&receiver.payment()).await;
    caller.wait(30 * 60);
    assert_eq!(receiver.next("200 OK").await.status(), "RJCT");
}

#[tokio::test]
async fn a_deferred_payment_is_reported_after_its_submission() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    let mut body = receiver.payment();
    body["defer_submission"] = json!(true);
    let path = caller.approved(&body).await;
    assert_eq!(receiver.next("200 OK").await.status(), "ACTC");
    caller.wait(1_000);
    caller.post(&format!("{path}/submit"), &json!({})).await.ok();
    caller.wait(10);
    assert_eq!(receiver.next("200 OK").await.status(), "ACSP");
}

#[tokio::test]
async fn a_webhook_is_repeated_until_it_is_acknowledged() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    caller.approved(&receiver.payment()).await;
    for refusal in ["500 Internal Server Error", "301 Moved Permanently", "203 Non-Authoritative Information"] {
        assert_eq!(receiver.next(refusal).await.status(), "ACTC");
    }
    assert_eq!(receiver.next("201 Created").await.status(), "ACTC");
    caller.wait(10);
    assert_eq!(receiver.next("200 OK").await.status(), "ACSP");
}

#[tokio::test]
async fn a_webhook_is_given_up_after_its_last_repetition() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    caller.approved(&receiver.payment()).await;
    let mut first = None;
    for _ in 0..4 {
        let hook = receiver.next("500 Internal Server Error").await;
        // A repetition is the same, byte for byte.
        assert_eq!(first.get_or_insert_with(|| hook.token.clone()), &hook.token);
    }
    caller.wait(10);
    assert_eq!(receiver.next("200 OK").await.status(), "ACSP");
}

#[tokio::test]
async fn a_webhook_is_signed_by_the_key_of_the_certificate() {
    let receiver = Receiver::new().await;
    // The key of the application is another one.
    let caller = Caller::of(builder(&receiver).fresh_key()).await;
    caller.approved(&receiver.payment()).await;
    let hook = receiver.next("200 OK").await;
    let url = hook.part(0)["x5u"].as_str().unwrap().to_owned();
    assert_eq!(url, format!("{}/webhook-certificate.pem", caller.sandbox.url()));
    assert_eq!(hook.part(0), json!({ "typ": "JWT", "alg": "RS256", "x5u": url }));
    let response = caller.http.get(&url).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/x-pem-file".parse().unwrap())
    );
    let pem = response.text().await.unwrap();
    let certificate = Certificate::from_pem(pem.trim()).unwrap();
    let key = certificate.tbs_certificate.subject_public_key_info.subject_public_key;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.raw_bytes());
    let (message, signature) = hook.token.rsplit_once('.').unwrap();
    key.verify(message.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let msgi = format!("sha256-{}", STANDARD.encode(digest(&SHA256, &hook.body)));
    let id = caller.sandbox.application_id();
    assert_eq!(hook.part(1), json!({ "sub": id, "environment": "SANDBOX", "msgi": msgi }));
}

#[tokio::test]
async fn a_deleted_payment_is_not_reported() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    let first = caller.approved(&receiver.payment()).await;
    caller.wait(1_000);
    // Its first status may be on the way; the others are not sent any more.
    caller.delete(&first).await.ok();
    let created = caller.pay(&receiver.payment()).await;
    caller.wait(30 * 60);
    let mut hook = receiver.next("200 OK").await;
    if hook.status() == "ACTC" {
        hook = receiver.next("200 OK").await;
    }
    assert!(
        path(&created).ends_with(serde_json::from_slice::<Value>(&hook.body).unwrap()["payment_id"].as_str().unwrap())
    );
}

#[tokio::test]
async fn a_payment_without_an_end_is_followed_as_long_as_the_bank_gives_it_out() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    caller.sandbox.set_quirks(&["ENDLESS_PAYMENTS"]).unwrap();
    let path = caller.approved(&receiver.payment()).await;
    caller.wait(90 * 24 * 3600 - 1);
    assert_eq!([receiver.next("200 OK").await.status(), receiver.next("200 OK").await.status()], ["ACTC", "ACSP"]);
    assert_eq!(caller.delete(&path).await.code(), "PAYMENT_NOT_FINALIZED");
    caller.wait(1);
    // The task that follows it sees it at its next turn; the payment is dropped then, and can be deleted.
    for _ in 0..1_000 {
        if caller.delete(&path).await.status == 200 {
            return;
        }
    }
    panic!("it is still followed");
}

#[tokio::test]
async fn origins_that_cannot_be_reached_are_refused_at_the_start() {
    for origin in ["https://127.0.0.1:1", "http://example.com", "127.0.0.1:1", "http://10.0.0.1:80"] {
        let error = Sandbox::builder().webhook_origin(origin).start().await.unwrap_err();
        assert!(error.to_string().contains("loopback"), "{error}");
    }
}

#[tokio::test]
async fn another_origin_is_not_allowed() {
    let receiver = Receiver::new().await;
    let caller = caller(&receiver).await;
    let mut body = receiver.payment();
    for url in ["http://127.0.0.1:1/hook", "http://localhost/hook", "https://example.com/hook"] {
        body["webhook_url"] = json!(url);
        assert_eq!(caller.post("/payments", &body).await.refusal(), (422, "WEBHOOK_URI_NOT_ALLOWED"), "{url}");
    }
    body["webhook_url"] = json!("no address");
    assert_eq!(caller.post("/payments", &body).await.refusal().0, 422);
}
