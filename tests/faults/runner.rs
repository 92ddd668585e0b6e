//! Runs the whole table against a client.

use std::env;
use std::process::Command;
use std::sync::Arc;

use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;

use crate::cell::{self, Observed};
use crate::checks::{Check, failed};
use crate::subject::{Operation, Subject};
use crate::table::{Fault, Load, faults};

/// The number of light cells that run at the same time. Nearly all of their time is waiting.
const BESIDE: usize = 12;

/// Names the cell that a process of its own is to run: `39 session`.
const CELL: &str = "FAULTS_CELL";

/// What stands before the result in the output of such a process.
const MARK: &str = "observed: ";

/// Held by a run: two at the same time would be in each other's way.
static RUNNING: Mutex<()> = Mutex::const_new(());

/// A cell that was run.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) fault: &'static Fault,
    pub(crate) operation: Operation,
    pub(crate) observed: Observed,
    /// What failed.
    pub(crate) failed: Vec<Check>,
}

/// A cell that there is not, with the reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inapplicable {
    pub(crate) fault: &'static Fault,
    pub(crate) operation: Operation,
    pub(crate) reason: &'static str,
}

/// All cells, in the order of the table.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    pub(crate) rows: Vec<Row>,
    pub(crate) inapplicable: Vec<Inapplicable>,
}

/// Runs the faults that are wanted. A process that measures memory is this program with `arguments`, which have to lead
/// to [`run_requested`]: nothing where `main` calls it, or the name of a test that does, with `--exact --nocapture`.
pub(crate) async fn run<S: Subject>(wanted: impl Fn(&Fault) -> bool, arguments: &'static [&'static str]) -> Outcomes {
    let _running = RUNNING.lock().await;
    let mut outcomes = Outcomes::default();
    let permits = Arc::new(Semaphore::new(BESIDE));
    let (mut beside, mut later) = (JoinSet::new(), Vec::new());
    // By operations: faults that keep the processor busy are then not all at the same time.
    for operation in S::operations() {
        for fault in faults().filter(|fault| wanted(fault)) {
            match (fault.stage)(operation) {
                Err(reason) => outcomes.inapplicable.push(Inapplicable { fault, operation, reason }),
                Ok(_) if fault.load == Load::Light => {
                    let permits = Arc::clone(&permits);
                    beside.spawn(async move {
                        let _permit = permits.acquire().await;
                        row::<S>(fault, operation, cell::run::<S>(fault, operation).await.unwrap())
                    });
                }
                Ok(_) => later.push((fault, operation)),
            }
        }
    }
    outcomes.rows = beside.join_all().await;
    for (fault, operation) in later {
        outcomes.rows.push(alone::<S>(fault, operation, arguments).await);
    }
    let place = |fault: &Fault| faults().position(|other| other.id == fault.id);
    outcomes.rows.sort_by_key(|row| (place(row.fault), row.operation));
    outcomes
}

/// Runs a cell that has the machine to itself.
pub(crate) async fn alone<S: Subject>(
    fault: &'static Fault,
    operation: Operation,
    arguments: &'static [&'static str],
) -> Row {
    let observed = match fault.load {
        Load::Measured => apart(fault, operation, arguments).await,
        _ => cell::run::<S>(fault, operation).await.unwrap(),
    };
    row::<S>(fault, operation, observed)
}

fn row<S: Subject>(fault: &'static Fault, operation: Operation, observed: Observed) -> Row {
    let failed = failed(&observed, &S::expected(fault, operation));
    Row { fault, operation, observed, failed }
}

/// Runs a cell in a process of its own.
async fn apart(fault: &'static Fault, operation: Operation, arguments: &'static [&'static str]) -> Observed {
    let cell = format!("{} {}", fault.id, operation.id());
    let run = move || Command::new(env::current_exe().unwrap()).args(arguments).env(CELL, cell).output().unwrap();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    // The harness of the tests may have begun the line.
    let line = printed.lines().find_map(|line| line.split_once(MARK)).map(|(_, json)| json);
    match line {
        Some(json) => serde_json::from_str(json).unwrap(),
        None => panic!("{} {}: no result\n{printed}", fault.id, String::from_utf8_lossy(&output.stderr)),
    }
}

/// Runs the cell that this process is for, if it is for one, and says so.
pub(crate) async fn run_requested<S: Subject>() -> bool {
    let Ok(cell) = env::var(CELL) else { return false };
    let (id, name) = cell.split_once(' ').unwrap();
    let fault = faults().find(|fault| fault.id == id).unwrap();
    let operation = S::operations().find(|operation| operation.id() == name).unwrap();
    let observed = cell::run::<S>(fault, operation).await.unwrap();
    let json = serde_json::to_string(&observed).unwrap();
    #[expect(clippy::print_stdout, reason = "it is what the other process reads")]
    {
        println!("{MARK}{json}");
    }
    true
}
