//! The command as people use it: another process, with a home folder of its own.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that fails panics")]

mod at_once;
mod bank;
mod consents;
mod contract;
mod desk;
mod doctor;
mod exports;
mod help;
mod limits;
mod login;
mod panel;
mod reading;
mod readme;
mod reasons;
mod refusals;
mod sandboxes;
mod screen;
mod secrets;
mod settings;
mod setup;
mod stored;
mod way;
mod writes;

use desk::Desk;
