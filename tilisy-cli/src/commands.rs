//! The commands, a file each.

pub(crate) mod accounts;
pub(crate) mod app;
pub(crate) mod balances;
pub(crate) mod banks;
pub(crate) mod connect;
pub(crate) mod disconnect;
pub(crate) mod doctor;
pub(crate) mod keygen;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod register;
pub(crate) mod sandbox;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod shell;
pub(crate) mod token;
pub(crate) mod transactions;
