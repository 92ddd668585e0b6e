//! A client under test, its operations and its settings.

use std::cmp::Ordering;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::checks::Expected;
use crate::clients::{self, Api};
pub(crate) use crate::clients::{Failure, Seen};
use crate::resolver::Resolver;
use crate::table::Fault;

/// An operation of one of our clients.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    api: &'static Api,
    made: &'static clients::Operation,
}

impl Operation {
    /// All operations of a client, in the order of their ids.
    pub(crate) fn all(api: &'static Api) -> impl Iterator<Item = Self> {
        api.operations.iter().map(move |made| Self { api, made })
    }

    /// The operation with this id.
    pub(crate) fn named(api: &'static Api, id: &str) -> Self {
        Self::all(api).find(|operation| operation.id() == id).expect(id)
    }

    /// The name of the client's target.
    pub(crate) fn api(self) -> &'static str {
        self.api.name
    }

    /// The `operationId`.
    pub(crate) fn id(self) -> &'static str {
        self.made.id
    }

    /// The template of its path.
    pub(crate) fn path(self) -> &'static str {
        self.made.path
    }

    pub(crate) fn is_op(self) -> bool {
        self.api() == "op"
    }

    pub(crate) fn is_post(self) -> bool {
        self.made.method == "POST"
    }

    pub(crate) fn is_delete(self) -> bool {
        self.made.method == "DELETE"
    }

    /// Returns whether the request contains something that can be used only once.
    pub(crate) fn is_single_use(self) -> bool {
        self.made.single_use
    }

    fn key(self) -> (&'static str, &'static str) {
        (self.api(), self.id())
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Operation {}

impl PartialOrd for Operation {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Operation {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.api(), self.id())
    }
}

/// The timeouts that a client is set up with: short ones, so that the whole table takes seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) idle: Duration,
    pub(crate) attempt: Duration,
    pub(crate) total: Duration,
}

impl Timeouts {
    /// For nearly all cells.
    pub(crate) const SHORT: Self = Self {
        connect: Duration::from_millis(500),
        idle: Duration::from_millis(500),
        attempt: Duration::from_millis(800),
        total: Duration::from_millis(5000),
    };

    /// For cells that keep the machine busy. 15 s is what progenitor's own constructor sets.
    pub(crate) const LONG: Self = Self {
        connect: Duration::from_secs(15),
        idle: Duration::from_secs(15),
        attempt: Duration::from_secs(15),
        total: Duration::from_secs(30),
    };
}

/// The settings of a client.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) url: String,
    /// A certificate in PEM to trust, where the URL is https.
    pub(crate) root: Option<&'static str>,
    /// The resolver of the URL's host, for faults that count look-ups or need one to fail.
    pub(crate) resolver: Option<Resolver>,
    pub(crate) timeouts: Timeouts,
}

/// A client under test.
pub(crate) trait Subject: Send + Sync + Sized + 'static {
    /// The client whose operations it has.
    const API: &'static Api;

    /// Sets a client up.
    fn build(target: &Target) -> Self;

    /// One call, with every argument that has a canary.
    fn call(&self, operation: Operation) -> impl Future<Output = Result<Seen, Failure>> + Send;

    /// All pages of the transactions, `most` at most.
    fn pages(&self, most: usize) -> impl Future<Output = Result<Seen, Failure>> + Send;

    fn operations() -> impl Iterator<Item = Operation> + Send {
        Operation::all(Self::API)
    }

    /// Returns the expected result of a cell.
    fn expected(fault: &Fault, operation: Operation) -> Expected;

    /// Secrets of the client beyond `canary::ALL`, by name.
    fn secrets() -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Returns the text of the traces so far.
    fn traces(&self) -> String {
        String::new()
    }
}
