//! The trace of a call contains the operation and no part of the request.

#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod support;

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use openbanking_client_runtime::object;
use support::{CANARY, OPERATION, Server, answer, call, transport};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[derive(Debug)]
struct Done {}
object!(Done {});

/// Records all traces of our own crate.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("openbanking")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = self.0.lock().unwrap();
        write!(text, "{} {}", span.metadata().level(), span.metadata().name()).unwrap();
        span.record(&mut Fields(&mut text));
        text.push('\n');
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut text = self.0.lock().unwrap();
        text.push_str("then");
        values.record(&mut Fields(&mut text));
        text.push('\n');
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        write!(text, "{}", event.metadata().level()).unwrap();
        event.record(&mut Fields(&mut text));
        text.push('\n');
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_a_span_and_each_repetition_an_event() {
    let listener = Listener::default();
    let guard = tracing::subscriber::set_default(listener.clone());
    let busy = answer(503, "retry-after: 0\r\n", CANARY);
    let server = Server::new(vec![busy, answer(200, &format!("x-a: {CANARY}\r\n"), "{}")]).await;
    call::<Done>(&transport(&server.url, |_| {}), &OPERATION).await.unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client =
        transport(&format!("http://{closed}"), |options| options.retry.first_delay = std::time::Duration::ZERO);
    call::<Done>(&client, &OPERATION).await.unwrap_err();
    drop(guard);
    let text = listener.0.lock().unwrap().clone();
    assert!(!text.contains(CANARY) && !text.contains("127.0.0.1"), "{text}");
    let span = r#"INFO call operation="rows" http.request.method="GET" url.template="/rows/{row}""#;
    let expected = [
        span,
        "DEBUG message=sent again attempt=1 status=503 delay_ms=0",
        "then attempts=2",
        "then http.response.status_code=200",
        span,
        "DEBUG message=sent again attempt=1 cause=connection refused delay_ms=0",
        "then attempts=2",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}
