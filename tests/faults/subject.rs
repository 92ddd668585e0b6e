//! A client under test: what it is asked to do, and what is kept of what it gives back.

use std::future::Future;
use std::time::Duration;

use crate::checks::Expected;
pub(crate) use crate::clients::{Failure, Seen};
use crate::resolver::Resolver;
use crate::table::Fault;

/// The operations of both APIs.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Operation {
    StartAuthorization,
    AuthorizeSession,
    Session,
    DeleteSession,
    AccountBalances,
    AccountTransactions,
    Application,
    Aspsps,
    OpAccounts,
    OpAccount,
    OpTransactions,
    OpTransaction,
    OpInitiate,
    OpConfirm,
    OpTransfer,
    OpFunds,
    OpSubscribe,
    OpRedeem,
    OpHoldings,
}

impl Operation {
    /// Those of the Tilisy API.
    pub(crate) const TILISY: &[Self] = &[
        Self::StartAuthorization,
        Self::AuthorizeSession,
        Self::Session,
        Self::DeleteSession,
        Self::AccountBalances,
        Self::AccountTransactions,
        Self::Application,
        Self::Aspsps,
    ];

    /// Those of the OP sandbox API.
    pub(crate) const OP: &[Self] = &[
        Self::OpAccounts,
        Self::OpAccount,
        Self::OpTransactions,
        Self::OpTransaction,
        Self::OpInitiate,
        Self::OpConfirm,
        Self::OpTransfer,
        Self::OpFunds,
        Self::OpSubscribe,
        Self::OpRedeem,
        Self::OpHoldings,
    ];

    pub(crate) fn is_op(self) -> bool {
        Self::OP.contains(&self)
    }

    /// As the spec names it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::StartAuthorization => "startAuthorization",
            Self::AuthorizeSession => "authorizeSession",
            Self::Session => "session",
            Self::DeleteSession => "deleteSession",
            Self::AccountBalances => "accountBalances",
            Self::AccountTransactions => "accountTransactions",
            Self::Application => "application",
            Self::Aspsps => "aspsps",
            Self::OpAccounts => "accounts",
            Self::OpAccount => "account",
            Self::OpTransactions => "accountTransactions of OP",
            Self::OpTransaction => "accountTransaction",
            Self::OpInitiate => "initiatePayment",
            Self::OpConfirm => "confirmPayment",
            Self::OpTransfer => "transfer",
            Self::OpFunds => "funds",
            Self::OpSubscribe => "subscribe",
            Self::OpRedeem => "redeem",
            Self::OpHoldings => "holdings",
        }
    }

    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::StartAuthorization | Self::AuthorizeSession => "POST",
            Self::OpInitiate | Self::OpConfirm | Self::OpTransfer | Self::OpSubscribe | Self::OpRedeem => "POST",
            Self::DeleteSession => "DELETE",
            _ => "GET",
        }
    }

    pub(crate) fn is_post(self) -> bool {
        self.method() == "POST"
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

/// What a client is set up for.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) url: String,
    /// A certificate in PEM to trust, where the URL is https.
    pub(crate) root: Option<&'static str>,
    /// What finds the address of the URL's host, where that is counted or has to fail.
    pub(crate) resolver: Option<Resolver>,
    pub(crate) timeouts: Timeouts,
}

/// A client under test.
pub(crate) trait Subject: Send + Sync + Sized + 'static {
    /// What it can do.
    const OPERATIONS: &'static [Operation] = Operation::TILISY;

    /// Sets a client up.
    fn build(target: &Target) -> Self;

    /// One call, with every argument that has a canary.
    fn call(&self, operation: Operation) -> impl Future<Output = Result<Seen, Failure>> + Send;

    /// All pages of the transactions, `most` at most.
    fn pages(&self, most: usize) -> impl Future<Output = Result<Seen, Failure>> + Send;

    /// What has to come of a cell.
    fn expected(fault: &Fault, operation: Operation) -> Expected;

    /// What the client holds beyond `canary::ALL` that nobody may read, by name.
    fn secrets() -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What the client has traced so far.
    fn traces(&self) -> String {
        String::new()
    }
}
