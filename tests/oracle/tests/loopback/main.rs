//! Makes the same calls with both clients and compares the requests that arrive.
#![allow(clippy::print_stdout, reason = "the numbers of comparisons are part of the report")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[rustfmt::skip]
#[allow(warnings, clippy::all, clippy::unwrap_used, clippy::expect_used, reason = "clients as the generators print them")]
mod generated;
mod mutations;
mod server;
mod wire;

use openbanking_client_runtime::context::{ApiKey, BearerToken, Context};
use openbanking_client_runtime::retry::Retry;
use openbanking_client_runtime::transport::{self, Options, Transport};
use openbanking_oracle::case::Case;
use openbanking_oracle::difference::{Ledger, is_refused};
use openbanking_oracle::document;
use openbanking_oracle::ours::{self, Ours};
use openbanking_oracle::request::{Mismatch, Part};
use openbanking_oracle::source::Source;
use openbanking_oracle::theirs::Location;
use openbanking_oracle::values::cases;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use xtask::{oracle, workspace};

use self::server::Server;
use self::wire::{Sent, mismatches};

/// The least number of calls that are compared, so that the test cannot pass by making none.
const CALLS: usize = 400;

/// The credentials of every call.
const TOKEN: &str = "token";

#[tokio::test]
async fn the_same_calls_send_the_same_requests() {
    let server = Server::start().await;
    let mut ledger = Ledger::of_calls();
    for (source, _) in oracle::subjects(&workspace().unwrap()).unwrap() {
        compare(&source, &server, &mut ledger).await;
    }
    println!("{} calls compared", ledger.comparisons);
    let complaints = ledger.complaints();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(ledger.comparisons >= CALLS, "only {} calls were compared", ledger.comparisons);
}

async fn compare(source: &Source, server: &Server, ledger: &mut Ledger) {
    let spec: Value = serde_yaml::from_str(&source.text).unwrap();
    let typed = document::parse(&source.text).unwrap();
    let compiled = ours::generate(source, "test").unwrap_or_else(|findings| panic!("{}: {findings:?}", source.file));
    let ours = ours::operations(&compiled.api);
    for (place, operation) in document::operations(&typed) {
        let id = operation.operation_id.as_deref().expect("the lint asks for an id");
        let ours = ours.iter().find(|ours| ours.place == place).expect("our client has every operation");
        // That progenitor refuses these is compared with the descriptions.
        if is_refused(&source.name, id) {
            continue;
        }
        let header = credentials(&spec, &spec["paths"][&place.path][&place.method]);
        for case in cases(&spec, &place) {
            let outcome = our_call(source, server, ours, header.as_ref(), id, &case).await;
            let sent = server.take(outcome);
            let outcome = their_call(source, server, header.as_ref(), id, &case).await;
            let theirs = server.take(outcome);
            ledger.compare(&source.name, id, &case.name, differences(&sent, &theirs));
        }
    }
}

/// Returns how two outcomes differ. That neither side sends anything has to be listed too.
fn differences(ours: &Result<Sent, String>, theirs: &Result<Sent, String>) -> Vec<Mismatch> {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => mismatches(ours, theirs),
        (ours, theirs) => {
            vec![Mismatch { part: Part::Request, ours: format!("{ours:?}"), theirs: format!("{theirs:?}") }]
        }
    }
}

/// Returns the header in which an operation carries credentials, as the document says.
fn credentials(spec: &Value, operation: &Value) -> Option<(String, String)> {
    let security = operation.get("security").or(spec.get("security"))?.as_array()?;
    let name = security.iter().filter_map(Value::as_object).find_map(|schemes| schemes.keys().min())?;
    let scheme = &spec["components"]["securitySchemes"][name];
    match scheme["type"].as_str() {
        Some("apiKey") => Some((scheme["name"].as_str()?.to_ascii_lowercase(), TOKEN.to_owned())),
        _ => Some(("authorization".to_owned(), format!("Bearer {TOKEN}"))),
    }
}

async fn our_call(
    source: &Source,
    server: &Server,
    ours: &Ours,
    credentials: Option<&(String, String)>,
    id: &str,
    case: &Case,
) -> Result<(), String> {
    let headers = ours.context_headers.iter().filter_map(|name| {
        let given = case.values.keys().find(|(at, other)| *at == Location::Header && other.eq_ignore_ascii_case(name));
        Some((name.as_str(), case.maybe_text(Location::Header, &given?.1)?))
    });
    let headers: Vec<_> = headers.collect();
    let headers = headers.iter().map(|(name, text)| (*name, text.as_str()));
    let context = Context::new().with_context_headers(headers).map_err(|error| error.to_string())?;
    let context = match credentials {
        Some((_, value)) if value == TOKEN => context.with_authorize(ApiKey::new(TOKEN).unwrap()),
        _ => context.with_authorize(BearerToken::new(TOKEN).unwrap()),
    };
    generated::ours(&source.name, (transport(server), context), id, case).await
}

fn transport(server: &Server) -> Transport {
    let mut options = Options::default();
    options.retry = Retry::OFF;
    transport::build(&server.url, &options).unwrap()
}

async fn their_call(
    source: &Source,
    server: &Server,
    credentials: Option<&(String, String)>,
    id: &str,
    case: &Case,
) -> Result<(), String> {
    let mut headers = HeaderMap::new();
    if let Some((name, value)) = credentials {
        headers.insert(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    let client = reqwest::Client::builder().no_proxy().default_headers(headers).build().unwrap();
    generated::theirs(&source.name, (&server.url, client), id, case).await
}
