//! Every fault of the table, on every operation. Everything here stays on this machine.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it needs by failing")]

mod answer;
mod bodies;
mod canary;
mod cell;
mod checks;
#[path = "../clients/mod.rs"]
mod clients;
mod codes;
mod expected;
mod ours;
mod progenitor;
mod report;
mod resolver;
mod runner;
mod server;
mod subject;
mod table;
mod tls;
mod traces;

use std::collections::BTreeSet;
use std::fmt::Write;

use self::cell::{MOST_PAGES, Outcome, fitting};
use self::checks::Check;
use self::clients::{APIS, Api};
use self::ours::{EnableBanking, Op, Tilisy};
use self::progenitor::Bare;
use self::runner::Row;
use self::subject::{Operation, Subject};
use self::table::{Load, Play, controls, faults};

#[test]
fn every_row_of_the_table_is_there() {
    let numbers: BTreeSet<_> = faults().map(table::Fault::number).collect();
    assert!(numbers.into_iter().eq(1..=44));
    let ids: BTreeSet<_> = faults().map(|fault| fault.id).collect();
    assert_eq!(ids.len(), faults().count());
}

/// The clients, each with the number of its cells and of those among them that do not apply.
const CELLS: [(&Api, usize, usize); 3] = [(Tilisy::API, 560, 36), (Op::API, 770, 113), (EnableBanking::API, 1050, 77)];

#[test]
fn every_client_is_in_the_table_with_all_operations() {
    for (api, cells, none) in CELLS {
        let all = faults().flat_map(|fault| Operation::all(api).map(|operation| (fault.stage)(operation)));
        let reasons = all.filter(Result::is_err).count();
        assert_eq!((faults().count() * api.operations.len(), reasons), (cells, none), "{}", api.name);
        let told = format!("| `{}-client` | {cells} | {none} |", api.name);
        assert!(include_str!("README.md").contains(&told), "`{told}` has to be in tests/faults/README.md");
    }
    // The clients of the control panel have few calls, and their transport and credentials are those of the others.
    let listed = CELLS.map(|(api, ..)| api.name);
    let is_of_panel = |name: &&str| ["registration", "control_panel"].contains(name);
    let missing = APIS.iter().map(|api| api.name).find(|name| !listed.contains(name) && !is_of_panel(name));
    assert_eq!(missing, None, "a new client needs a file in tests/faults/ours, its bodies and a line in CELLS");
}

#[test]
fn canaries_are_found_wherever_they_stand() {
    let mut search = canary::Search::new([("key", "MIIE".to_owned())]);
    for _ in 0..20_000 {
        search.write_str("nothing ").unwrap();
    }
    for character in format!("{}{}", canary::IBAN, "MIIE").chars() {
        search.write_char(character).unwrap();
    }
    search.write_str(&"ä".repeat(100_000)).unwrap();
    assert_eq!(search.found(), ["IBAN", "key"]);
}

/// Without a fault, every operation of a client is answered at once.
async fn check_controls<S: Subject>() {
    for fault in controls() {
        for operation in S::operations() {
            let observed = cell::run::<S>(fault, operation).await.unwrap();
            let place = format!("{} {operation:?}", fault.name);
            assert!(matches!(observed.outcome, Outcome::Good { bad_rows: 0, .. }), "{place}: {:?}", observed.outcome);
            assert_eq!((observed.elsewhere, observed.tokens), (0, 1), "{place}");
        }
    }
}

#[tokio::test]
async fn a_bare_client_has_its_answers_without_a_fault() {
    check_controls::<Bare>().await;
}

#[tokio::test]
async fn our_clients_have_their_answers_without_a_fault() {
    check_controls::<Tilisy>().await;
    check_controls::<Op>().await;
    check_controls::<EnableBanking>().await;
}

/// A bare client never asks twice, so that every fault has to be seen just once.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_sees_every_fault_of_a_bare_client() {
    let outcomes = runner::run::<Bare>(|fault| fault.load != Load::Measured, &[]).await;
    let wrong = |row: &&Row| {
        let attempts = match row.fault.play {
            Play::Pages => MOST_PAGES,
            Play::Crowd(size) => fitting(size),
            _ => 1,
        };
        let broken = [Check::NotSeen, Check::Outcome, Check::Time, Check::Panic];
        row.observed.attempts != attempts || row.failed.iter().any(|check| broken.contains(check))
    };
    let wrong: Vec<_> = outcomes.rows.iter().filter(wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");

    // And what it does wrong is found: that is what the checks are for.
    let fails = |id: &str, operation: &str, check: Check| {
        let mut rows = outcomes.rows.iter().filter(|row| row.fault.id == id && row.operation.id() == operation);
        assert!(rows.any(|row| row.failed.contains(&check)), "{id}: {check}");
    };
    fails("5", "accountTransactions", Check::Canary);
    fails("38b", "authorizeSession", Check::OtherHost);
    let printed = report::markdown("Bare progenitor", &outcomes);
    assert!(printed.contains("\n| 14 | JSON as text/html | answer | 1 |  |\n"), "{printed}");
    assert!(printed.contains("1 request at the other host, with PSU's address, account id, code"), "{printed}");
}

/// Every cell has the result that `expected.rs` has for it, and the traces show no secret.
#[expect(clippy::print_stdout, reason = "shown with `--nocapture`, and where the test fails")]
async fn check_client<S: Subject>(name: &str, arguments: &'static [&'static str]) {
    if runner::run_requested::<S>().await {
        return;
    }
    let bearer = ("token", "Bearer ey".to_owned());
    let secrets = [Tilisy::secrets(), Op::secrets(), EnableBanking::secrets()];
    traces::listen(secrets.into_iter().flatten().chain([bearer]));
    let outcomes = runner::run::<S>(|_| true, arguments).await;
    let (bytes, found) = traces::heard();
    assert!(bytes > 10_000 && found.is_empty(), "{found:?} in {bytes} bytes of traces");
    println!("{}", report::markdown(name, &outcomes));
    let wrong: Vec<_> = outcomes.rows.iter().filter(|row| !row.failed.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_client_keeps_its_head() {
    check_client::<Tilisy>("`tilisy-client`", &["--exact", "our_client_keeps_its_head", "--nocapture"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_client_keeps_its_head() {
    check_client::<Op>("`op-client`", &["--exact", "the_other_client_keeps_its_head", "--nocapture"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn our_enablebanking_client_keeps_its_head() {
    let arguments = &["--exact", "our_enablebanking_client_keeps_its_head", "--nocapture"];
    check_client::<EnableBanking>("`enablebanking-client`", arguments).await;
}

/// The columns for our clients in the document are what `…_keeps_its_head` holds them to.
#[test]
fn the_document_says_what_has_to_come_of_our_clients() {
    let text = include_str!("README.md");
    let (_, table) = text.split_once("<!-- the table").unwrap();
    let (table, _) = table.split_once("<!-- its end").unwrap();
    for fault in faults() {
        let (start, end) = (format!("| {} | {} |", fault.id, fault.name), format!("| {} |", report::documented(fault)));
        let found = table.lines().any(|line| line.starts_with(&start) && line.ends_with(&end));
        assert!(found, "`cargo xtask faults` writes the line `{start} … {end}` into tests/faults/README.md");
    }
    assert_eq!(table.lines().filter(|line| line.starts_with("| ")).count(), faults().count() + 2);
}

/// The process that is measured runs this test too.
#[tokio::test]
async fn the_memory_of_a_bomb_is_measured_in_a_process_of_its_own() {
    if runner::run_requested::<Bare>().await {
        return;
    }
    let arguments = &["--exact", "the_memory_of_a_bomb_is_measured_in_a_process_of_its_own", "--nocapture"];
    let fault = faults().find(|fault| fault.id == "39").unwrap();
    let row = runner::alone::<Bare>(fault, Operation::named(Bare::API, "session"), arguments).await;
    assert!(row.observed.happened, "{row:?}");
    if cfg!(target_os = "linux") {
        assert_eq!(row.failed, [Check::Memory], "{row:?}");
    }
}
