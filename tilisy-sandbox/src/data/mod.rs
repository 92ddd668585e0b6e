//! What the banks know: pure functions of the seed, nothing of it kept in memory.

pub(crate) mod accounts;
pub(crate) mod balances;
pub(crate) mod banks;
mod check;
pub(crate) mod listing;
pub(crate) mod oddities;
mod parties;
pub(crate) mod resource;
pub(crate) mod transactions;
pub(crate) mod users;

/// The newest day of which the banks know, unless the builder says otherwise: data does not change with the calendar.
pub(crate) const NEWEST_DAY: (i32, u32, u32) = (2026, 1, 31);
