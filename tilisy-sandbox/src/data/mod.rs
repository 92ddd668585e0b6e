//! Banks, users, accounts and transactions. Generated data is a pure function of the seed, and is not kept in memory.

pub(crate) mod accounts;
pub(crate) mod balances;
pub(crate) mod banks;
pub(crate) mod builtin;
mod check;
mod history;
mod kinds;
pub(crate) mod ledger;
pub(crate) mod listing;
mod parties;
pub(crate) mod resource;
pub(crate) mod statement;
pub(crate) mod transaction_id;
pub(crate) mod transactions;
pub(crate) mod users;
