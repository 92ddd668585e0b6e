//! Tests of private parts: the cache of a client, and the correction of the clock.
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::SystemTime;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openbanking_client_runtime::context::{Authorization, Context, Operation};

use super::*;

const ID: &str = "cf589be3-3755-465b-a8df-a90a16a31403";
const START: u64 = 1_601_456_768;

/// A clock that is set by hand, can advance each time it is read, and can break.
#[derive(Default)]
struct Hand {
    seconds: AtomicU64,
    pace: AtomicU64,
}

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        let seconds = self.seconds.fetch_add(self.pace.load(Ordering::SeqCst), Ordering::SeqCst);
        assert_ne!(seconds, 0, "the clock is broken");
        UNIX_EPOCH + Duration::from_secs(seconds)
    }
}

impl Hand {
    fn at(seconds: u64) -> Arc<Self> {
        Arc::new(Self { seconds: seconds.into(), pace: 0.into() })
    }

    fn set(&self, seconds: u64) {
        self.seconds.store(seconds, Ordering::SeqCst);
    }
}

fn credentials(clock: &Arc<Hand>) -> Credentials {
    let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&RsaKeyPair::generate(KeySize::Rsa2048).unwrap()).unwrap();
    let body = STANDARD.encode(der.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    Credentials::from_pem(ID, pem).unwrap().with_clock(Arc::<Hand>::clone(clock))
}

/// The `iat` and `exp` of the token that a request gets now. Each signature in a test has an `iat` of its own.
fn span(context: &Context) -> (u64, u64) {
    let header = authorization(context);
    let claims = URL_SAFE_NO_PAD.decode(header.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    (claims["iat"].as_u64().unwrap(), claims["exp"].as_u64().unwrap())
}

fn authorization(context: &Context) -> String {
    const OPERATION: Operation = Operation {
        id: "application",
        method: "GET",
        path: "/application",
        successes: &[(200, 200)],
        context_headers: &[],
        authorization: Some(Authorization::REQUIRED),
        request_id: None,
        single_use: false,
        gone: &[],
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let headers = runtime.block_on(context.prepared(&OPERATION)).unwrap();
    headers["authorization"].to_str().unwrap().to_owned()
}

fn context(credentials: Credentials) -> Context {
    Context::new().with_authorize(Signer::new(credentials, "api.tilisy.com").unwrap())
}

#[test]
fn a_thousand_first_calls_at_once_sign_one_token() {
    let clock = Hand::at(START);
    clock.pace.store(1, Ordering::SeqCst);
    let context = context(credentials(&clock));
    let start = Barrier::new(1000);
    let mut seen = thread::scope(|scope| {
        let call = || {
            let context = context.clone();
            start.wait();
            authorization(&context)
        };
        let threads: Vec<_> = (0..1000).map(|_| scope.spawn(call)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    // The clock moved on at each call, so a second signature would have another `iat`.
    assert_eq!(clock.seconds.load(Ordering::SeqCst), START + 1000);
    seen.dedup();
    assert_eq!(seen.len(), 1);
    assert_eq!(span(&context), (START - 30, START + 3570));
}

#[test]
fn a_token_is_renewed_ahead_of_its_expiry() {
    // Time to live; how long the first token serves; what is left of it then.
    for (time_to_live, serves) in [(86_400, 69_090), (3600, 2850), (600, 450), (300, 210), (120, 30), (81, 1)] {
        let clock = Hand::at(START);
        let context = context(credentials(&clock).with_ttl(Duration::from_secs(time_to_live)).unwrap());
        let (issued, expires) = span(&context);
        assert_eq!(expires - issued, time_to_live);
        assert!((START - 30..START).contains(&issued));

        clock.set(START + serves - 1);
        assert_eq!(span(&context).0, issued, "{time_to_live}");
        assert!(expires - (START + serves) >= 60, "{time_to_live}");
        clock.set(START + serves);
        assert!(span(&context).0 > issued, "{time_to_live}");
    }
}

#[test]
fn a_short_lived_token_is_good_when_made_and_serves_half_its_life() {
    for time_to_live in [1, 2, 3, 10, 30, 60, 80] {
        let clock = Hand::at(START);
        let context = context(credentials(&clock).with_ttl(Duration::from_secs(time_to_live)).unwrap());
        let (issued, expires) = span(&context);
        assert!(issued <= START && START < expires && expires - issued == time_to_live, "{time_to_live}");
        clock.set(START + 1 + (expires - START) / 2);
        assert!(span(&context).0 > issued, "{time_to_live}");
    }
}

#[test]
fn a_clock_that_is_set_back_gets_another_token() {
    let clock = Hand::at(START);
    let context = context(credentials(&clock));
    let (issued, _) = span(&context);
    clock.set(START - 30);
    assert_eq!(span(&context).0, issued, "no service calls it future");
    clock.set(START - 31);
    assert_eq!(span(&context), (START - 61, START - 61 + 3600));
}

#[test]
fn a_clock_that_panics_leaves_the_signer_usable() {
    let clock = Hand::at(0);
    let context = context(credentials(&clock));
    assert!(catch_unwind(AssertUnwindSafe(|| span(&context))).is_err());
    clock.set(START);
    assert_eq!(span(&context).0, START - 30);
}
