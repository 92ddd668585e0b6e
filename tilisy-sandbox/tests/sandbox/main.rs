//! The sandbox over HTTP, by requests that are written out: no client helps. Every answer is held against the spec.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it needs by failing")]

mod clock;
mod codes;
mod consent;
mod control;
mod current;
mod data;
mod foreign;
mod operations;
mod own;
mod paging;
mod payments;
mod quirks;
mod rehearsal;
mod requests;
mod sessions;
mod spec;
mod token;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tilisy_sandbox::chrono::{NaiveDate, TimeDelta, Utc};
use tilisy_sandbox::{Builder, Clock, Edition, Sandbox};

const REDIRECT: &str = "http://127.0.0.1:8080/redirect";

/// An application that talks to a sandbox.
struct Caller {
    sandbox: Sandbox,
    http: reqwest::Client,
    clock: Clock,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    body: Value,
    retry_after: Option<u64>,
}

impl Answer {
    /// The body of a success.
    fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{:?}", self.body);
        self.body
    }

    /// Status and code of a refusal.
    fn refusal(&self) -> (u16, &str) {
        assert_ne!(self.status, 200, "{:?}", self.body);
        (self.status, self.body["error"].as_str().unwrap_or_default())
    }
}

impl Caller {
    /// A caller of the document's edition, with data up to a fixed day.
    async fn new() -> Self {
        Self::with(Sandbox::builder()).await
    }

    /// The same with other settings.
    async fn with(builder: Builder) -> Self {
        Self::of(builder.edition(Edition::Document2020).newest_day(day("2026-01-31"))).await
    }

    /// A caller of the current edition, with data up to a fixed day.
    async fn current() -> Self {
        Self::of(Sandbox::builder().newest_day(day("2026-01-31"))).await
    }

    /// A caller of a sandbox as it is built.
    async fn of(builder: Builder) -> Self {
        let clock = Clock::default();
        let sandbox = builder.clock(clock.clone()).start().await.unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { sandbox, http, clock }
    }

    /// A token as the document has it, by the sandbox's clock.
    fn token(&self) -> String {
        self.signed(&self.header(), &self.claims())
    }

    fn header(&self) -> Value {
        json!({ "typ": "JWT", "alg": "RS256", "kid": self.sandbox.application_id() })
    }

    fn claims(&self) -> Value {
        let now = self.clock.now().timestamp();
        json!({ "iss": "enablebanking.com", "aud": self.sandbox.audience(), "iat": now, "exp": now + 3600 })
    }

    fn signed(&self, header: &Value, claims: &Value) -> String {
        signed(self.sandbox.private_key_pem(), header, claims)
    }

    /// Registers another application, and returns its id and its private key.
    async fn register(&self, name: &str) -> (String, String) {
        let certificate = include_str!("../../../enablebanking-core/tests/keys/certificate.pem");
        let body =
            json!({ "certificate": certificate, "environment": "SANDBOX", "name": name, "redirect_urls": [REDIRECT] });
        let request = self.request(Method::POST, "/api/applications").json(&body);
        let registered = self.send_bare(request.bearer_auth(self.sandbox.registration_token())).await.ok();
        let key = include_str!("../../../enablebanking-core/tests/keys/rsa2048.pkcs8.pem");
        (registered["app_id"].as_str().unwrap().to_owned(), key.to_owned())
    }

    /// A token of an application that was registered.
    fn token_of(&self, id: &str, pem: &str) -> String {
        signed(pem, &json!({ "typ": "JWT", "alg": "RS256", "kid": id }), &self.claims())
    }

    fn request(&self, method: Method, target: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{target}", self.sandbox.url()))
    }

    async fn get(&self, target: &str) -> Answer {
        self.send(self.request(Method::GET, target)).await
    }

    async fn post(&self, target: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, target).json(body)).await
    }

    async fn delete(&self, target: &str) -> Answer {
        self.send(self.request(Method::DELETE, target)).await
    }

    async fn send(&self, request: RequestBuilder) -> Answer {
        self.send_bare(request.bearer_auth(self.token())).await
    }

    /// Sends a request with a scenario.
    async fn scenario(&self, method: Method, target: &str, body: Option<&Value>, scenario: &str) -> Answer {
        let mut request = self.request(method, target).header("X-Sandbox-Scenario", scenario);
        if let Some(body) = body {
            request = request.json(body);
        }
        self.send(request).await
    }

    /// Sends a request as it is, and holds the answer against the spec.
    async fn send_bare(&self, request: RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let (method, path) = (request.method().as_str().to_owned(), request.url().path().to_owned());
        let response = self.http.execute(request).await.unwrap();
        let status = response.status().as_u16();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("content-type").as_deref(), Some("application/json"), "{method} {path}: {status}");
        let retry_after = header("retry-after").map(|seconds| seconds.parse().unwrap());
        let body: Value = response.json().await.unwrap();
        spec::check(self.sandbox.edition(), &method, &path, status, &body);
        Answer { status, body, retry_after }
    }

    /// The body of `POST /auth`.
    fn authorization(&self, country: &str, bank: &str) -> Value {
        json!({
            "access": { "valid_until": self.clock.now() + TimeDelta::days(30) },
            "aspsp": { "country": country, "name": bank },
            "redirect_url": REDIRECT,
            "state": "some state",
        })
    }

    /// Where the PSU has to go.
    async fn link(&self, body: &Value) -> String {
        self.post("/auth", body).await.ok()["url"].as_str().unwrap().to_owned()
    }

    /// The code of a consent to everything.
    async fn code(&self, body: &Value) -> String {
        let link = self.link(body).await;
        query(&self.sandbox.approve(&link).unwrap(), "code").unwrap()
    }

    /// An authorized session.
    async fn session(&self, body: &Value) -> Value {
        let code = self.code(body).await;
        self.post("/sessions", &json!({ "code": code })).await.ok()
    }

    /// The uid of an account at a bank where nothing is odd.
    async fn account(&self, nth: usize) -> String {
        let session = self.session(&self.authorization("NO", "Fjordbanken")).await;
        session["accounts"][nth]["uid"].as_str().unwrap().to_owned()
    }
}

/// A day such as `2026-01-31`.
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A token, signed with a PKCS#8 key.
fn signed(pem: &str, header: &Value, claims: &Value) -> String {
    signed_in(&URL_SAFE_NO_PAD, pem, header, claims)
}

/// Signs a token whose parts are written in a form of base64.
fn signed_in(base64: &GeneralPurpose, pem: &str, header: &Value, claims: &Value) -> String {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let key = RsaKeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap();
    let message = format!("{}.{}", base64.encode(header.to_string()), base64.encode(claims.to_string()));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    format!("{message}.{}", base64.encode(signature))
}

/// A parameter of an address's query.
fn query(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn a_sandbox_stops_when_it_is_dropped() {
    let Caller { sandbox, http, .. } = Caller::new().await;
    let url = format!("{}/aspsps", sandbox.url());
    assert_eq!(http.get(&url).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    drop(sandbox);
    // The task sees it at its next turn.
    for _ in 0..100 {
        if http.get(&url).send().await.is_err() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it still answers");
}

#[tokio::test]
async fn other_machines_do_not_reach_it_unless_asked() {
    let error = Sandbox::builder().address("0.0.0.0:0".parse().unwrap()).start().await.unwrap_err();
    assert!(error.to_string().contains("can be reached from other machines"), "{error}");
    let taken = Caller::new().await;
    let address = taken.sandbox.url().trim_start_matches("http://").parse().unwrap();
    let error = Sandbox::builder().address(address).start().await.unwrap_err();
    assert!(error.to_string().starts_with("cannot listen at 127.0.0.1:"), "{error}");
}

#[tokio::test]
async fn its_private_key_is_not_shown() {
    let caller = Caller::new().await;
    let shown = format!("{:?}", caller.sandbox);
    assert!(shown.contains("application_id") && !shown.contains("PRIVATE"), "{shown}");
    let fresh = Sandbox::builder().fresh_key().start().await.unwrap();
    assert_ne!(fresh.private_key_pem(), caller.sandbox.private_key_pem());
    assert!(Utc::now() - caller.sandbox.clock().now() < TimeDelta::seconds(10));
}
