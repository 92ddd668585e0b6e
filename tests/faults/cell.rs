//! One fault happens to one operation.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use crate::answer::Answer;
use crate::bodies;
use crate::canary::{Search, found_in};
use crate::resolver::Resolver;
use crate::server::{Act, Place, Record, Request, Server};
use crate::subject::{Failure, Operation, Seen, Subject, Target, Timeouts};
use crate::table::{Counts, Fault, Load, Play, Stage};
use crate::tls::AUTHORITY;

/// How many pages are asked for before paging counts as endless.
pub(crate) const MOST_PAGES: usize = 50;

/// After this, a call hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// What a cell was seen to do.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Observed {
    pub(crate) outcome: Outcome,
    /// How often the server was asked by the call that counts.
    pub(crate) attempts: usize,
    pub(crate) elapsed: Duration,
    /// The peak memory of the process in MiB, without mapped files, if it was measured.
    pub(crate) peak: Option<u64>,
    /// The canaries that the error or the traces show.
    pub(crate) leaks: Vec<String>,
    /// How long the error's texts are together, in bytes.
    pub(crate) text: usize,
    /// How often the other host was asked, and the canaries that it got.
    pub(crate) elsewhere: usize,
    pub(crate) carried: Vec<String>,
    /// How many different tokens the server got.
    pub(crate) tokens: usize,
    /// The requests, each with the time that it came after the one before.
    pub(crate) requests: Vec<(String, Duration)>,
    /// Whether the server saw the fault.
    pub(crate) happened: bool,
    /// What the server has to say of it.
    pub(crate) notes: Vec<String>,
}

/// What a call gave back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum Outcome {
    Good { json: String, bad_rows: usize },
    Failed { class: String, status: Option<u16>, retryable: bool, attempts: Option<usize> },
    Panicked,
    Hung,
}

impl Outcome {
    /// One word for it: the error's class, or `good`.
    pub(crate) fn class(&self) -> &str {
        match self {
            Self::Good { .. } => "good",
            Self::Failed { class, .. } => class,
            Self::Panicked => "panic",
            Self::Hung => "hung",
        }
    }
}

/// What a call gave back, with the error itself.
enum Given {
    Seen(Seen),
    Failed(Failure),
    Panicked,
    Hung,
}

impl From<Result<Result<Seen, Failure>, JoinError>> for Given {
    fn from(joined: Result<Result<Seen, Failure>, JoinError>) -> Self {
        match joined {
            Ok(Ok(seen)) => Self::Seen(seen),
            Ok(Err(failure)) => Self::Failed(failure),
            Err(_) => Self::Panicked,
        }
    }
}

/// The places of a cell: the server, the other host, and what finds them.
struct Set {
    server: Server,
    elsewhere: Server,
    resolver: Resolver,
    target: Target,
    is_closed: bool,
}

impl Set {
    async fn up(fault: &Fault, operation: Operation, stage: Stage) -> Self {
        let good = Act::Fine(Answer::json(200, bodies::good(operation).to_string()));
        let elsewhere = Server::start(Place::Plain, vec![good], None).await.unwrap();
        let (place, acts, knows) = match stage {
            Stage::NoHost => (Place::Closed, vec![Act::Close], false),
            Stage::Server(place, acts) => (place, acts, true),
        };
        let is_tls = matches!(place, Place::Tls(_) | Place::OldTls(_));
        let is_closed = knows && matches!(place, Place::Closed);
        let server = Server::start(place, acts, Some(format!("http://{}", elsewhere.address))).await.unwrap();
        let resolver = if knows { Resolver::loopback() } else { Resolver::nowhere() };
        let port = server.address.port();
        let url = match fault.counts {
            Counts::LookUps if !knows => "https://api.tilisy.invalid".to_owned(),
            Counts::LookUps => format!("http://localhost:{port}"),
            _ if is_tls => format!("https://localhost:{port}"),
            _ => format!("http://127.0.0.1:{port}"),
        };
        let timeouts = if fault.load == Load::Light { Timeouts::SHORT } else { Timeouts::LONG };
        let root = (is_tls || !knows).then_some(AUTHORITY);
        let target = Target { url, root, resolver: Some(resolver.clone()), timeouts };
        Self { server, elsewhere, resolver, target, is_closed }
    }
}

/// Runs a cell.
///
/// # Errors
///
/// The reason why the fault cannot happen to the operation.
pub(crate) async fn run<S: Subject>(fault: &Fault, operation: Operation) -> Result<Observed, &'static str> {
    let set = Set::up(fault, operation, (fault.stage)(operation)?).await;
    let subject = Arc::new(S::build(&set.target));
    prepare(fault.play, &subject, operation, &set.server).await;
    let before = set.server.record().requests.len();
    let started = Instant::now();
    let given = timeout(LIMIT, play(fault.play, &subject, operation)).await.unwrap_or(Given::Hung);
    let elapsed = started.elapsed();
    let peak = if fault.load == Load::Measured { peak() } else { None };
    let traces = subject.traces();
    drop(subject);
    set.server.saw(|record| record.open == 0).await;
    let record = set.server.record();
    let texts = search::<S>(&given, &traces, &record);
    let other = set.elsewhere.record();
    let attempts = match fault.counts {
        Counts::Requests => record.requests.len() - before,
        Counts::Connections => record.connections,
        Counts::LookUps => set.resolver.asked(),
    };
    let tokens: BTreeSet<_> = record.requests.iter().map(|one| one.header("authorization")).collect();
    Ok(Observed {
        requests: requests(&record.requests[before..]),
        attempts,
        elapsed,
        peak,
        text: texts.bytes,
        leaks: texts.found().into_iter().map(str::to_owned).collect(),
        elsewhere: other.requests.len(),
        carried: carried(&other),
        tokens: tokens.len(),
        happened: happened(fault, &set, &record).await,
        notes: record.notes,
        outcome: outcome(given),
    })
}

/// What comes before the call that counts.
async fn prepare<S: Subject>(play: Play, subject: &Arc<S>, operation: Operation, server: &Server) {
    match play {
        Play::AfterAnother => {
            let first = subject.call(operation).await;
            assert!(first.is_ok(), "the call before the fault failed");
            // Until the client can know that the connection is closed, where it is.
            sleep(Duration::from_millis(50)).await;
        }
        Play::Dropped => {
            let shared = Arc::clone(subject);
            let call = tokio::spawn(async move { shared.call(operation).await.is_ok() });
            server.saw(|record| !record.requests.is_empty()).await;
            // Long enough for half a body to be there.
            sleep(Duration::from_millis(60)).await;
            call.abort();
            assert!(call.await.is_err(), "the call to be dropped was over");
            server.saw(|record| record.faults > 0).await;
        }
        Play::Once | Play::Pages | Play::Crowd(_) => {}
    }
}

async fn play<S: Subject>(play: Play, subject: &Arc<S>, operation: Operation) -> Given {
    let shared = Arc::clone(subject);
    match play {
        Play::Pages => tokio::spawn(async move { shared.pages(MOST_PAGES).await }).await.into(),
        Play::Crowd(size) => {
            let mut calls = JoinSet::new();
            for _ in 0..fitting(size) {
                let shared = Arc::clone(subject);
                calls.spawn(async move { shared.call(operation).await });
            }
            let mut worst = Given::Hung;
            while let Some(joined) = calls.join_next().await {
                match Given::from(joined) {
                    Given::Seen(seen) if matches!(worst, Given::Hung) => worst = Given::Seen(seen),
                    Given::Seen(_) => {}
                    other => worst = other,
                }
            }
            worst
        }
        _ => tokio::spawn(async move { shared.call(operation).await }).await.into(),
    }
}

/// Looks for canaries, and for the tokens that went out, in all that can be read of an error.
fn search<S: Subject>(given: &Given, traces: &str, record: &Record) -> Search {
    let tokens = record.requests.iter().filter_map(|request| request.header("authorization"));
    let tokens = tokens.map(|value| ("token", value.trim_start_matches("Bearer ").to_owned()));
    let mut search = Search::new(S::secrets().into_iter().chain(tokens.take(8)));
    let _ = std::fmt::Write::write_str(&mut search, traces);
    search.bytes = 0;
    let failures = match given {
        Given::Failed(failure) => std::slice::from_ref(failure),
        Given::Seen(seen) => &seen.bad_rows,
        Given::Panicked | Given::Hung => &[],
    };
    // It stops by itself when it has seen enough.
    let _ = failures.iter().try_for_each(|failure| failure.write(&mut search));
    search
}

fn outcome(given: Given) -> Outcome {
    match given {
        Given::Seen(Seen { json, bad_rows }) => Outcome::Good { json, bad_rows: bad_rows.len() },
        Given::Failed(Failure { class, status, retryable, attempts, .. }) => {
            Outcome::Failed { class, status, retryable, attempts }
        }
        Given::Panicked => Outcome::Panicked,
        Given::Hung => Outcome::Hung,
    }
}

fn requests(all: &[Request]) -> Vec<(String, Duration)> {
    let before = all.iter().take(1).chain(all);
    let told = |request: &Request| format!("{} {}", request.method, request.target);
    all.iter().zip(before).map(|(request, before)| (told(request), request.at - before.at)).take(MOST_PAGES).collect()
}

fn carried(other: &Record) -> Vec<String> {
    let all: Vec<u8> = other.requests.iter().flat_map(|request| request.bytes.clone()).collect();
    found_in(&all).into_iter().map(str::to_owned).collect()
}

/// Whether the fault is one that the server, or whoever stands for it, has seen.
async fn happened(fault: &Fault, set: &Set, record: &Record) -> bool {
    match (fault.play, fault.counts) {
        (Play::Crowd(size), _) => record.requests.len() >= fitting(size),
        (_, Counts::LookUps) if set.is_closed => TcpStream::connect(set.server.address).await.is_err(),
        (_, Counts::LookUps) => set.resolver.asked() > 0,
        _ => record.faults > 0,
    }
}

/// As many of `size` connections as this process may have open, both ends of each. Only Linux tells.
pub(crate) fn fitting(size: usize) -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let most = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    most.map_or(size, |most| size.min(most.saturating_sub(300) / 2))
}

/// Returns the peak memory of this process in MiB, without the pages that are mapped from files, such as the program
/// itself. Only Linux reports it.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name))?;
        value.trim().trim_end_matches("kB").trim().parse::<u64>().ok()
    };
    Some(kibibytes("VmHWM:")?.saturating_sub(kibibytes("RssFile:")?) / 1024)
}
